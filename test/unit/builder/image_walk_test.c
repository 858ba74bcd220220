/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/image_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/span.h"
#include "image/cpio.h"
#include "test/harness.h"

/* Where the ramdisk begins in the file: as odd as an image may have it. */
#define OFFSET 561

/* Longer than the walker's window, and not a multiple of 4. */
#define LONG_SIZE 150001

static uint8_t file_bytes[OFFSET + 512 * 1024];
static uint8_t long_bytes[LONG_SIZE];

/* An archive under way, at OFFSET of file_bytes. */
struct archive {
    struct troth_cpio_writer writer;
    size_t len;
};

static void put(struct archive *archive, const void *bytes, size_t len)
{
    if (len)
        memcpy(file_bytes + OFFSET + archive->len, bytes, len);
    archive->len += len;
}

static void put_member(struct archive *archive, const struct troth_entry *entry,
                       const void *data)
{
    uint8_t header[TROTH_CPIO_MEMBER_MAX];
    size_t len;

    if (troth_cpio_write_member(&archive->writer, header, &len, entry, 9))
        abort();
    put(archive, header, len);
    put(archive, data,
        entry->kind == TROTH_ENTRY_SYMLINK ? entry->target.len : (size_t)entry->size);
    put(archive, "\0\0\0", troth_cpio_padding(entry));
}

static void put_end(struct archive *archive)
{
    uint8_t end[TROTH_CPIO_MEMBER_MAX + TROTH_CPIO_ALIGNMENT];
    size_t len;

    troth_cpio_write_end(&archive->writer, end, &len);
    put(archive, end, len);
}

#define ENTRY(kind_, path_, mode_, size_, target_)                                       \
    {                                                                                    \
        .kind = TROTH_ENTRY_##kind_,                                                     \
        .path = {(const uint8_t *)(path_), sizeof(path_) - 1}, .mode = (mode_),          \
        .user = 1, .group = 2, .size = (size_), .target = {                              \
            (const uint8_t *)(target_),                                                  \
            sizeof(target_) - 1                                                          \
        }                                                                                \
    }

static const struct {
    struct troth_entry entry;
    const void *data;
} members[] = {
    {ENTRY(FOLDER, "bin", 0755, 0, ""), NULL},
    {ENTRY(FILE, "bin/empty", 0644, 0, ""), NULL},
    {ENTRY(FILE, "bin/long", 04755, LONG_SIZE, ""), long_bytes},
    {ENTRY(FILE, "bin/short", 0755, 5, ""), "hello"},
    {ENTRY(SYMLINK, "lib", 0777, 0, "usr/lib"), "usr/lib"},
};

static struct archive make_usual(void)
{
    struct archive archive = {{0}, 0};

    memset(file_bytes, 0xa5, sizeof(file_bytes));
    for (size_t i = 0; i < COUNT(members); i++)
        put_member(&archive, &members[i].entry, members[i].data);
    return archive;
}

static int file_of(size_t len)
{
    char path[] = "/tmp/troth-walk-XXXXXX";
    const int file = mkstemp(path);

    (void)unlink(path);
    if (write(file, file_bytes, len) != (ssize_t)len)
        abort();
    return file;
}

struct visits {
    size_t count, stop_at;
    int file;
};

static bool visit(void *state, const struct troth_entry *entry,
                  const struct troth_content *content)
{
    struct visits *visits = state;
    const size_t i = visits->count++;

    if (i < COUNT(members)) {
        const struct troth_entry *wanted = &members[i].entry;
        uint8_t *seen = malloc((size_t)entry->size + 1);

        CHECK_INT(entry->kind, wanted->kind);
        CHECK_SPAN(entry->path, wanted->path);
        CHECK_INT(entry->path.ptr[entry->path.len], 0);
        CHECK_INT(entry->mode, wanted->mode);
        CHECK_INT(entry->user, 1);
        CHECK_INT(entry->size, wanted->size);
        CHECK_SPAN(entry->target, wanted->target);
        CHECK_INT(content->descriptor, visits->file);
        CHECK(!content->path && !content->bytes);
        CHECK_INT(pread(visits->file, seen, (size_t)entry->size, (off_t)content->offset),
                  entry->size);
        CHECK(!entry->size || memcmp(seen, members[i].data, (size_t)entry->size) == 0);
        free(seen);
    }
    return visits->count != visits->stop_at;
}

static bool walk(size_t len, struct visits *visits, struct troth_build_problem *problem)
{
    const struct troth_eif_section section = {TROTH_EIF_RAMDISK, OFFSET, len};
    bool done;

    visits->file = file_of(OFFSET + len);
    done = troth_image_walk(problem, visits->file, &section, visit, visits);
    (void)close(visits->file);
    return done;
}

static void walked(void)
{
    struct archive archive = make_usual();
    struct troth_build_problem problem = {.text = ""};
    struct visits all = {0}, some = {.stop_at = 2};

    test_case("every member, in order");
    put_end(&archive);
    CHECK(walk(archive.len, &all, &problem));
    CHECK_TEXT(problem.text, "");
    CHECK_INT(all.count, COUNT(members));

    test_case("up to where the visitor has seen enough");
    CHECK(!walk(archive.len, &some, &problem));
    CHECK_INT(some.count, 2);

    test_case("nothing but an end");
    archive = (struct archive){{0}, 0};
    all = (struct visits){0};
    put_end(&archive);
    CHECK(walk(archive.len, &all, &problem));
    CHECK_INT(all.count, 0);
}

/* ---- what is refused ---- */

static void compress(struct archive *archive)
{
    memcpy(file_bytes + OFFSET, "\x1f\x8b\x08", 3);
    put_end(archive);
}

static void compress_xz(struct archive *archive)
{
    memcpy(file_bytes + OFFSET,
           "\xfd"
           "7zXZ\0",
           6);
    put_end(archive);
}

static void compress_zstd(struct archive *archive)
{
    memcpy(file_bytes + OFFSET, "\x28\xb5\x2f\xfd", 4);
    put_end(archive);
}

static void no_end(struct archive *archive)
{
    (void)archive;
}

static void empty(struct archive *archive)
{
    archive->len = 0;
}

static void cut_in_data(struct archive *archive)
{
    archive->len -= 4 + 8; /* all of the target, and its member's last bytes */
}

static void cut_in_long_data(struct archive *archive)
{
    archive->len = 100000;
}

static void other_magic(struct archive *archive)
{
    file_bytes[OFFSET + 5] = '2';
    put_end(archive);
}

static void padding(struct archive *archive)
{
    file_bytes[OFFSET + archive->len - 1] = 'x';
    put_end(archive);
}

static void behind_the_end(struct archive *archive)
{
    put_end(archive);
    put(archive, "\0\0\0x", 4);
}

static void another_archive(struct archive *archive)
{
    put_end(archive);
    put_member(archive, &members[3].entry, members[3].data);
    put_end(archive);
}

static void odd_size(struct archive *archive)
{
    put_end(archive);
    put(archive, "\0\0", 2);
}

/* ---- names that Linux would take otherwise ---- */

static void put_link(struct archive *archive, const char *path, uint32_t ino)
{
    const struct troth_entry file = {
        .kind = TROTH_ENTRY_FILE, .path = troth_span_of_text(path), .mode = 0644};
    char *header = (char *)file_bytes + OFFSET + archive->len;
    char numbers[9];

    put_member(archive, &file, "");
    (void)snprintf(numbers, sizeof(numbers), "%08x", (unsigned)ino);
    memcpy(header + 6, numbers, 8);
    memcpy(header + 6 + 4 * 8, "00000002", 8);
}

static void two_links(struct archive *archive)
{
    put_link(archive, "a", 7);
    put_link(archive, "b", 8);
    put_link(archive, "c", 7);
    put_end(archive);
}

static void twice(struct archive *archive)
{
    put_member(archive, &members[3].entry, members[3].data);
    put_end(archive);
}

static void through_a_link(struct archive *archive)
{
    static const struct troth_entry file = ENTRY(FILE, "lib/a", 0644, 0, "");

    put_member(archive, &file, NULL);
    put_end(archive);
}

static void below_a_file(struct archive *archive)
{
    static const struct troth_entry file = ENTRY(FILE, "bin/short/a", 0644, 0, "");

    put_member(archive, &file, NULL);
    put_end(archive);
}

static void before_its_folder(struct archive *archive)
{
    static const struct troth_entry file = ENTRY(FILE, "sbin/a", 0644, 0, "");
    static const struct troth_entry folder = ENTRY(FOLDER, "sbin", 0755, 0, "");

    put_member(archive, &file, NULL);
    put_member(archive, &folder, NULL);
    put_end(archive);
}

static void a_folder_for_a_link(struct archive *archive)
{
    static const struct troth_entry folder = ENTRY(FOLDER, "lib", 0755, 0, "");

    put_member(archive, &folder, NULL);
    put_end(archive);
}

static void refused(void)
{
    static const struct {
        const char *why;
        void (*spoil)(struct archive *archive);
        const char *text;
        size_t visits;
    } rows[] = {
        {"gzip", compress, "is compressed (gzip)", 0},
        {"xz", compress_xz, "is compressed (xz)", 0},
        {"zstd", compress_zstd, "is compressed (zstd)", 0},
        {"nothing", empty, "no plain newc archive", 0},
        {"no end", no_end, "no plain newc archive", 5},
        {"an end in a link", cut_in_data, "archive", 4},
        {"an end in a file", cut_in_long_data, "ends in the middle", 2},
        {"the other newc", other_magic, "cpio.magic", 0},
        {"padding that is none", padding, "between two members", 5},
        {"a byte behind the end", behind_the_end, "behind its end", 5},
        {"another archive behind it", another_archive, "behind its end", 5},
        {"a size after which nothing is seen", odd_size, "next one begin", 5},
        {"one file under two names", two_links, "'c' is a hard link", 7},
        {"a path twice", twice, "'bin/short' comes twice", 5},
        {"a folder where a link was", a_folder_for_a_link, "'lib' comes twice", 5},
        {"a path through a link", through_a_link, "'lib/a' lies below", 5},
        {"a path below a file", below_a_file, "'bin/short/a' lies below", 5},
        {"a path before its folder", before_its_folder, "'sbin/a' stands before", 5},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct archive archive = make_usual();
        struct troth_build_problem problem = {.text = ""};
        struct visits visits = {0};

        test_case("refused: %s", rows[i].why);
        rows[i].spoil(&archive);
        CHECK(!walk(archive.len, &visits, &problem));
        CHECK_TEXT(problem.subject, "the ramdisk");
        if (!CHECK(strstr(problem.text, rows[i].text)))
            CHECK_TEXT(problem.text, rows[i].text);
        CHECK_INT(visits.count, rows[i].visits);
    }
}

/* Cut anywhere, changed anywhere: an answer, and nothing read that is not there. */
static void any_end(void)
{
    struct archive archive = {{0}, 0};

    test_case("cut at every byte");
    memset(file_bytes, 0, sizeof(file_bytes));
    put_member(&archive, &members[3].entry, members[3].data);
    put_member(&archive, &members[4].entry, members[4].data);
    put_end(&archive);
    for (size_t len = 0; len < archive.len - TROTH_CPIO_ALIGNMENT; len++) {
        const struct troth_eif_section section = {TROTH_EIF_RAMDISK, OFFSET, len};
        struct visits visits = {.count = COUNT(members)};

        visits.file = file_of(OFFSET + len);
        CHECK(!troth_image_walk(NULL, visits.file, &section, visit, &visits));
        (void)close(visits.file);
    }
}

int main(void)
{
    for (size_t i = 0; i < sizeof(long_bytes); i++)
        long_bytes[i] = (uint8_t)(i * 7 + i / 251);
    walked();
    refused();
    any_end();
    return test_finish();
}
