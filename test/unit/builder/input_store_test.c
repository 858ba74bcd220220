/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/input_store.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "builder/surroundings.h"
#include "test/harness.h"

/* SHA-256 of "hello\n". */
#define HELLO "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"

static char folder[] = "/tmp/troth-store-XXXXXX";
static char store[64], path[256];

static int file_with(const char *text)
{
    char name[] = "/tmp/troth-store-file-XXXXXX";
    const int file = mkstemp(name);

    CHECK(file >= 0 && unlink(name) == 0);
    CHECK_INT(write(file, text, strlen(text)), strlen(text));
    return file;
}

static void check_kept(const uint8_t digest[32])
{
    struct troth_build_problem problem;
    char bytes[16] = "";
    struct stat about;
    int file;

    CHECK(troth_input_store_has(store, digest));
    CHECK(troth_input_store_open(&file, &problem, store, "hello", digest));
    CHECK_INT(read(file, bytes, sizeof bytes), 6);
    CHECK_TEXT(bytes, "hello\n");
    CHECK(write(file, bytes, 1) < 0);
    CHECK(fstat(file, &about) == 0 && (about.st_mode & 07777) == 0444);
    CHECK(close(file) == 0);
}

static void put(const uint8_t wanted[32])
{
    struct troth_build_problem problem;
    uint8_t digest[32];
    uint64_t size;
    const int file = file_with("hello\n");

    test_case("a file is kept by its digest, wherever its reader stands");
    CHECK(!troth_input_store_has(store, wanted));
    CHECK(troth_input_store_put(&problem, store, "hello", file, digest, &size));
    CHECK_SPAN(((struct troth_span){digest, 32}), ((struct troth_span){wanted, 32}));
    CHECK_INT(size, 6);
    check_kept(wanted);

    test_case("a second time, in place of the first");
    CHECK(chmod(path, 0600) == 0 && truncate(path, 3) == 0);
    CHECK(troth_input_store_put(&problem, store, "hello", file, digest, &size));
    check_kept(wanted);
    CHECK(close(file) == 0);
}

/* Once it was looked at, it stays what it was. */
static void check_others(const uint8_t digest[32])
{
    struct troth_build_problem problem;
    char bytes[16] = "";
    int file, theirs;

    test_case("what others may write is copied");
    CHECK(chmod(path, 0664) == 0);
    CHECK(troth_input_store_open(&file, &problem, store, "hello", digest));
    theirs = open(path, O_WRONLY | O_CLOEXEC);
    CHECK_INT(write(theirs, "HELLO", 5), 5);
    CHECK_INT(read(file, bytes, sizeof bytes), 6);
    CHECK_TEXT(bytes, "hello\n");
    CHECK(close(file) == 0);
    CHECK_INT(pwrite(theirs, "hello", 5, 0), 5);
    CHECK(close(theirs) == 0);

    test_case("and so is another's");
    if (geteuid() == 0) {
        CHECK(chown(path, 65534, 65534) == 0 && chmod(path, 0644) == 0);
        CHECK(troth_input_store_open(&file, &problem, store, "hello", digest));
        CHECK(truncate(path, 0) == 0);
        CHECK_INT(read(file, bytes, sizeof bytes), 6);
        CHECK(close(file) == 0);
    } else {
        test_skip("nobody but root can give a file away");
    }
}

static void check_refused(const uint8_t digest[32], const char *said, const char *hint)
{
    struct troth_build_problem problem = {.text = ""};
    int file = 0;

    CHECK(!troth_input_store_open(&file, &problem, store, "hello", digest));
    CHECK_INT(file, -1);
    CHECK_TEXT(problem.subject, "hello");
    CHECK_TEXT(problem.text, said);
    CHECK_TEXT(problem.hint, hint);
}

static void refuse(const uint8_t digest[32])
{
    char other[300];

    (void)snprintf(other, sizeof other, "%s.other", path);
    test_case("what was damaged is refused, and not counted as there");
    CHECK(chmod(path, 0600) == 0 && truncate(path, 5) == 0);
    CHECK(!troth_input_store_has(store, digest));
    check_refused(digest, "is not in the store what its digest says",
                  "troth build --fetch gets it again");

    test_case("a link is not followed");
    CHECK(rename(path, other) == 0 && symlink(other, path) == 0);
    CHECK(!troth_input_store_has(store, digest));
    check_refused(
        digest, "cannot be taken from the store: Too many levels of symbolic links", "");
    CHECK(unlink(path) == 0);

    test_case("a pipe is not waited for");
    CHECK(mkfifo(path, 0600) == 0);
    check_refused(digest, "is no file in the store of inputs", "");
    CHECK(unlink(path) == 0);

    test_case("what is missing can be fetched");
    check_refused(digest, "is not in the store of inputs",
                  "troth build --fetch gets what is locked");
    CHECK(unlink(other) == 0);
}

static void fail_to_put(void)
{
    struct troth_build_problem problem;
    uint8_t digest[32];
    uint64_t size;
    const int closed = open("/", O_RDONLY | O_DIRECTORY);

    test_case("what cannot be read leaves nothing behind");
    CHECK(!troth_input_store_put(&problem, store, "hello", closed, digest, &size));
    CHECK_TEXT(problem.text, "cannot be put into the store: Is a directory");
    CHECK_INT(size, 0);
    *strrchr(path, '/') = '\0';
    CHECK(rmdir(path) == 0);
    CHECK(close(closed) == 0);

    test_case("a store below a file");
    CHECK(!troth_input_store_put(&problem, "/dev/null/x", "hello", 0, digest, &size));
    CHECK_TEXT(problem.text, "cannot be put into the store: Not a directory");
}

static void usual(void)
{
    char out[64];

    test_case("the usual place");
    CHECK(setenv("XDG_CACHE_HOME", "/c", 1) == 0 && setenv("HOME", "/h", 1) == 0);
    CHECK(troth_input_store_default(out, sizeof out));
    CHECK_TEXT(out, "/c/troth/inputs");
    CHECK(setenv("XDG_CACHE_HOME", "c", 1) == 0);
    CHECK(troth_input_store_default(out, sizeof out));
    CHECK_TEXT(out, "/h/.cache/troth/inputs");
    CHECK(!troth_input_store_default(out, 10));
    CHECK_TEXT(out, "");
    CHECK(unsetenv("HOME") == 0 && !troth_builder_variable("HOME"));
    CHECK(setenv("HOME", "", 1) == 0 && !troth_builder_variable("HOME"));
    CHECK(!troth_input_store_default(out, sizeof out));
}

int main(void)
{
    const struct troth_span digest = test_hex(HELLO);

    CHECK(mkdtemp(folder));
    (void)snprintf(store, sizeof store, "%s/a/b", folder);
    (void)snprintf(path, sizeof path, "%s/sha256/" HELLO, store);
    put(digest.ptr);
    refuse(digest.ptr);
    put(digest.ptr);
    check_others(digest.ptr);
    CHECK(unlink(path) == 0);
    fail_to_put();
    usual();
    CHECK(rmdir(store) == 0);
    (void)snprintf(store, sizeof store, "%s/a", folder);
    CHECK(rmdir(store) == 0 && rmdir(folder) == 0);
    return test_finish();
}
