/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/passes.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <zlib.h>

#include "harness.h"

#define MIB ((size_t)1024 * 1024)

/* Threads of this process, as the kernel counts them. */
static size_t count_threads(void)
{
    DIR *tasks = opendir("/proc/self/task");
    size_t count = 0;

    while (tasks && readdir(tasks))
        count++;
    if (tasks)
        (void)closedir(tasks);
    return count;
}

/* A joined thread may be listed a moment longer. */
static bool threads_come_back_to(size_t wanted)
{
    for (int i = 0; i < 1000; i++) {
        if (count_threads() == wanted)
            return true;
        (void)nanosleep(&(struct timespec){0, 1000000}, NULL);
    }
    return false;
}

static struct troth_span make_bytes(size_t len)
{
    uint8_t *bytes = malloc(len + 1);
    unsigned state = 1;

    for (size_t i = 0; i < len; i++) {
        state = state * 1103515245U + 12345;
        bytes[i] = (uint8_t)(state >> 16);
    }
    return (struct troth_span){bytes, len};
}

static void digest_of(uint8_t out[static 48], const EVP_MD *md, struct troth_span bytes)
{
    memset(out, 0, 48);
    (void)EVP_Digest(bytes.ptr, bytes.len, out, NULL, md, NULL);
}

static void check_digest(const struct troth_pass *pass, const EVP_MD *md,
                         struct troth_span bytes)
{
    uint8_t wanted[48];

    digest_of(wanted, md, bytes);
    CHECK_SPAN(((struct troth_span){pass->digest, 48}),
               ((struct troth_span){wanted, 48}));
    CHECK_INT(pass->error, 0);
}

static int unnamed_file(void)
{
    char path[] = "/tmp/troth-passes-XXXXXX";
    const int file = mkstemp(path);

    (void)unlink(path);
    return file;
}

static void check_file(int file, struct troth_span wanted)
{
    uint8_t *seen = malloc(wanted.len + 1);
    const ssize_t got = pread(file, seen, wanted.len + 1, 0);

    CHECK_INT(got, wanted.len);
    if (got == (ssize_t)wanted.len)
        CHECK(wanted.len == 0 || memcmp(seen, wanted.ptr, wanted.len) == 0);
    free(seen);
}

/* By feeding, and by filling room in steps of `step`. */
static int pass_all(struct troth_passes *passes, struct troth_span bytes, size_t step)
{
    for (size_t at = 0; at < bytes.len;) {
        uint8_t *room;
        size_t len;
        int failed = troth_passes_room(passes, &room, &len);

        if (failed)
            return failed;
        len = len < step ? len : step;
        len = len < bytes.len - at ? len : bytes.len - at;
        memcpy(room, bytes.ptr + at, len);
        failed = troth_passes_filled(passes, len);
        if (failed)
            return failed;
        at += len;
    }
    return 0;
}

static void same_as_at_once(void)
{
    static const struct {
        const char *why;
        size_t len, step; /* 0: fed */
    } rows[] = {
        {"nothing", 0, 0},
        {"one byte", 1, 0},
        {"less than a chunk, fed", 4097, 0},
        {"a chunk", MIB, 0},
        {"a chunk and one", MIB + 1, 0},
        {"a chunk less one, by odd steps", MIB - 1, 997},
        {"more than the ring, fed", 21 * MIB + 13, 0},
        {"more than the ring, by whole chunks", 21 * MIB + 13, MIB},
        {"more than the ring, by odd steps", 11 * MIB + 7, 100003},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct troth_span bytes = make_bytes(rows[i].len);
        const size_t threads = count_threads();
        struct troth_passes *passes;
        struct troth_pass results[] = {
            {.kind = TROTH_PASS_SHA256},
            {.kind = TROTH_PASS_SHA384},
            {.kind = TROTH_PASS_CRC32},
            {.kind = TROTH_PASS_WRITE, .descriptor = unnamed_file()},
        };

        test_case("same as at once: %s", rows[i].why);
        CHECK_INT(troth_passes_start(&passes, results, COUNT(results)), 0);
        if (rows[i].step)
            CHECK_INT(pass_all(passes, bytes, rows[i].step), 0);
        else
            CHECK_INT(troth_passes_feed(passes, bytes), 0);
        CHECK_INT(troth_passes_finish(passes), 0);
        check_digest(&results[0], EVP_sha256(), bytes);
        check_digest(&results[1], EVP_sha384(), bytes);
        CHECK_INT(results[2].crc, crc32_z(0, bytes.ptr, bytes.len));
        check_file(results[3].descriptor, bytes);
        CHECK(threads_come_back_to(threads));
        (void)close(results[3].descriptor);
        free((void *)bytes.ptr);
    }
}

/* a: all, b: the first pass, c: the second, nobody: neither. */
static void some_for_some(void)
{
    struct troth_pass results[] = {{.kind = TROTH_PASS_SHA384},
                                   {.kind = TROTH_PASS_SHA256}};
    struct troth_passes *passes;
    uint8_t so_far[48], wanted[48];
    const struct troth_span bytes = make_bytes(3 * MIB);
    const struct troth_span a = {bytes.ptr, 100}, b = {bytes.ptr + 100, MIB + 17},
                            c = {bytes.ptr + MIB, 5};
    uint8_t *joined = malloc(2 * MIB);

    test_case("some bytes for some passes, and a look between");
    CHECK_INT(troth_passes_start(&passes, results, 2), 0);
    CHECK_INT(troth_passes_peek(passes, 0, so_far), 0);
    digest_of(wanted, EVP_sha384(), (struct troth_span){NULL, 0});
    CHECK_SPAN(((struct troth_span){so_far, 48}), ((struct troth_span){wanted, 48}));
    CHECK_INT(troth_passes_feed(passes, a), 0);
    troth_passes_choose(passes, 1);
    CHECK_INT(troth_passes_feed(passes, b), 0);
    CHECK_INT(troth_passes_peek(passes, 0, so_far), 0);
    troth_passes_choose(passes, 0);
    CHECK_INT(troth_passes_feed(passes, bytes), 0);
    troth_passes_choose(passes, 1);
    troth_passes_choose(passes, 2);
    CHECK_INT(troth_passes_feed(passes, c), 0);
    CHECK_INT(troth_passes_finish(passes), 0);
    memcpy(joined, a.ptr, a.len);
    memcpy(joined + a.len, b.ptr, b.len);
    check_digest(&results[0], EVP_sha384(), (struct troth_span){joined, a.len + b.len});
    CHECK_SPAN(((struct troth_span){so_far, 48}),
               ((struct troth_span){results[0].digest, 48}));
    memcpy(joined + a.len, c.ptr, c.len);
    check_digest(&results[1], EVP_sha256(), (struct troth_span){joined, a.len + c.len});
    free(joined);
    free((void *)bytes.ptr);
}

/* Room that is open while the choice changes is for the new choice. */
static void choice_with_open_room(void)
{
    struct troth_pass results[] = {{.kind = TROTH_PASS_SHA256},
                                   {.kind = TROTH_PASS_SHA256}};
    struct troth_passes *passes;
    uint8_t *room;
    size_t len;

    test_case("a choice after room was asked for");
    CHECK_INT(troth_passes_start(&passes, results, 2), 0);
    CHECK_INT(troth_passes_room(passes, &room, &len), 0);
    CHECK_INT(len, TROTH_PASSES_CHUNK);
    troth_passes_choose(passes, 2);
    CHECK_INT(troth_passes_room(passes, &room, &len), 0);
    memcpy(room, "abc", 3);
    CHECK_INT(troth_passes_filled(passes, TROTH_PASSES_CHUNK + 1), EINVAL);
    CHECK_INT(troth_passes_filled(passes, 3), 0);
    CHECK_INT(troth_passes_finish(passes), 0);
    check_digest(&results[0], EVP_sha256(), test_text(""));
    check_digest(&results[1], EVP_sha256(), test_text("abc"));
}

/* How `count` parts of `len` bytes, with `between` bytes in between, are taken. */
static void check_parts(size_t count, size_t len, size_t between)
{
    struct troth_pass results[] = {{.kind = TROTH_PASS_PARTS},
                                   {.kind = TROTH_PASS_CRC32}};
    const struct troth_span bytes = make_bytes(count * (len + between) + 1);
    uint8_t(*seen)[32] = calloc(count, sizeof *seen);
    uint32_t crc = 0;
    struct troth_passes *passes;

    CHECK_INT(troth_passes_start(&passes, results, COUNT(results)), 0);
    for (size_t i = 0; i < count; i++) {
        const uint8_t *part = bytes.ptr + i * (len + between);

        CHECK_INT(troth_passes_begin_part(passes), 0);
        CHECK_INT(pass_all(passes, (struct troth_span){part, len}, 300007), 0);
        CHECK_INT(troth_passes_end_part(passes, seen[i]), 0);
        CHECK_INT(troth_passes_feed(passes, (struct troth_span){part + len, between}), 0);
    }
    CHECK_INT(troth_passes_finish(passes), 0);
    for (size_t i = 0; i < count; i++) {
        const uint8_t *part = bytes.ptr + i * (len + between);
        uint8_t wanted[48];

        digest_of(wanted, EVP_sha256(), (struct troth_span){part, len});
        if (!CHECK(memcmp(seen[i], wanted, 32) == 0))
            break;
    }
    crc = (uint32_t)crc32_z(0, bytes.ptr, count * (len + between));
    CHECK_INT(results[1].crc, crc);
    CHECK_INT(results[0].digest[0], 0);
    free(seen);
    free((void *)bytes.ptr);
}

static void parts(void)
{
    static const struct {
        const char *why;
        size_t count, len, between;
    } rows[] = {
        {"none", 0, 0, 0},
        {"one of nothing", 1, 0, 0},
        {"more of nothing than a chunk takes", 1000, 0, 0},
        {"small ones, more than a chunk takes", 5000, 13, 3},
        {"of a chunk, one behind the other", 3, MIB, 0},
        {"of a chunk and one", 3, MIB + 1, 110},
        {"that end where chunks do", 7, MIB / 2, MIB / 2},
        {"larger than the ring", 2, 17 * MIB + 5, 1},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("parts: %s", rows[i].why);
        check_parts(rows[i].count, rows[i].len, rows[i].between);
    }
}

/* A look and a choice in the middle of a part change nothing of it. */
static void part_in_pieces(void)
{
    struct troth_pass results[] = {{.kind = TROTH_PASS_PARTS},
                                   {.kind = TROTH_PASS_SHA384}};
    struct troth_passes *passes;
    uint8_t so_far[48], seen[32], wanted[48];

    test_case("a part with a look and a choice in it");
    CHECK_INT(troth_passes_start(&passes, results, 2), 0);
    CHECK_INT(troth_passes_end_part(passes, seen), EINVAL);
    CHECK_INT(troth_passes_begin_part(passes), 0);
    CHECK_INT(troth_passes_begin_part(passes), EINVAL);
    CHECK_INT(troth_passes_feed(passes, test_text("one")), 0);
    CHECK_INT(troth_passes_peek(passes, 1, so_far), 0);
    CHECK_INT(troth_passes_peek(passes, 0, so_far), EINVAL);
    troth_passes_choose(passes, 1);
    CHECK_INT(troth_passes_feed(passes, test_text("two")), 0);
    troth_passes_choose(passes, 3);
    CHECK_INT(troth_passes_end_part(passes, seen), 0);
    CHECK_INT(troth_passes_feed(passes, test_text("three")), 0);
    CHECK_INT(troth_passes_finish(passes), 0);
    digest_of(wanted, EVP_sha256(), test_text("onetwo"));
    CHECK_SPAN(((struct troth_span){seen, 32}), ((struct troth_span){wanted, 32}));
    check_digest(&results[1], EVP_sha384(), test_text("onethree"));

    test_case("a part that nobody ends");
    CHECK_INT(troth_passes_start(&passes, results, 2), 0);
    CHECK_INT(troth_passes_begin_part(passes), 0);
    CHECK_INT(troth_passes_feed(passes, test_text("one")), 0);
    CHECK_INT(troth_passes_finish(passes), 0);
    CHECK_INT(results[0].error, 0);
}

static int closed_descriptor(void)
{
    const int file = unnamed_file();

    (void)close(file);
    return file;
}

static int full_device(void)
{
    return open("/dev/full", O_WRONLY);
}

static int full_pipe(void)
{
    int ends[2];

    (void)!pipe(ends);
    (void)fcntl(ends[1], F_SETFL, O_NONBLOCK);
    return ends[1]; /* the other end stays open */
}

static int pipe_without_reader(void)
{
    int ends[2];

    (void)!pipe(ends);
    (void)close(ends[0]);
    return ends[1];
}

static void write_errors(void)
{
    static const struct {
        const char *why;
        int (*open)(void);
        int error;
    } rows[] = {
        {"a closed descriptor", closed_descriptor, EBADF},
        {"a full device", full_device, ENOSPC},
        {"a pipe that is full", full_pipe, EAGAIN},
        {"a pipe that nobody reads", pipe_without_reader, EPIPE},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct troth_span bytes = make_bytes(32 * MIB);
        const size_t threads = count_threads();
        struct troth_passes *passes;
        struct troth_pass results[] = {
            {.kind = TROTH_PASS_SHA256},
            {.kind = TROTH_PASS_WRITE, .descriptor = rows[i].open()},
            {.kind = TROTH_PASS_CRC32}};
        uint8_t so_far[48];

        test_case("writing to %s", rows[i].why);
        CHECK_INT(troth_passes_start(&passes, results, COUNT(results)), 0);
        CHECK_INT(troth_passes_feed(passes, bytes), rows[i].error);
        CHECK_INT(troth_passes_peek(passes, 0, so_far), rows[i].error);
        CHECK_INT(troth_passes_feed(passes, bytes), rows[i].error);
        CHECK_INT(troth_passes_finish(passes), rows[i].error);
        CHECK_INT(results[1].error, rows[i].error);
        CHECK_INT(results[0].error, ECANCELED);
        CHECK_INT(results[2].error, ECANCELED);
        CHECK_INT(results[2].crc, 0);
        CHECK_INT(results[0].digest[0], 0);
        CHECK(threads_come_back_to(threads));
        (void)close(results[1].descriptor);
        free((void *)bytes.ptr);
    }
}

/* The error comes with the last chunk, when nobody feeds any more. */
static void late_error(void)
{
    struct troth_pass results[] = {
        {.kind = TROTH_PASS_WRITE, .descriptor = full_device()},
        {.kind = TROTH_PASS_SHA384}};
    struct troth_passes *passes;

    test_case("an error that only the end sees");
    CHECK_INT(troth_passes_start(&passes, results, 2), 0);
    CHECK_INT(troth_passes_feed(passes, test_text("a few bytes")), 0);
    CHECK_INT(troth_passes_finish(passes), ENOSPC);
    CHECK_INT(results[0].error, ENOSPC);
    CHECK_INT(results[1].error, ECANCELED);
    (void)close(results[0].descriptor);
}

static void misuse(void)
{
    struct troth_pass results[TROTH_PASSES_MAX + 1] = {{.kind = TROTH_PASS_CRC32}};
    struct troth_passes *passes;
    uint8_t so_far[48];

    test_case("too many passes, and a look at what has no digest");
    CHECK_INT(troth_passes_start(&passes, results, TROTH_PASSES_MAX + 1), EINVAL);
    CHECK(passes == NULL);
    CHECK_INT(troth_passes_start(&passes, results, 1), 0);
    CHECK_INT(troth_passes_peek(passes, 0, so_far), EINVAL);
    CHECK_INT(troth_passes_peek(passes, 1, so_far), EINVAL);
    CHECK_INT(troth_passes_filled(passes, 1), EINVAL);
    CHECK_INT(troth_passes_finish(passes), 0);
}

int main(void)
{
    same_as_at_once();
    some_for_some();
    choice_with_open_room();
    parts();
    part_in_pieces();
    write_errors();
    late_error();
    misuse();
    return test_finish();
}
