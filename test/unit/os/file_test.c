/* SPDX-License-Identifier: Apache-2.0 */
#include "os/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test/harness.h"

static char path[] = "/tmp/troth-file-XXXXXX";

static void write_file(size_t len)
{
    FILE *file = fopen(path, "wb");

    for (size_t i = 0; file && i < len; i++)
        (void)fputc((int)(i % 251), file);
    CHECK(file && fclose(file) == 0);
}

static const struct {
    const char *why;
    size_t len, max;
    int wanted;
} cases[] = {
    {"an empty file", 0, 10, 0},
    {"none allowed and none there", 0, 0, 0},
    {"exactly the most", 10, 10, 0},
    {"one more than the most", 11, 10, EFBIG},
    {"much more than the most", 100000, 10, EFBIG},
    {"as much as is read at first", 16384, 1 << 20, 0},
    {"one more than is read at first", 16385, 1 << 20, 0},
    {"room that has to grow often", 300000, 1 << 20, 0},
};

static void test_lengths(void)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct troth_file file = {(uint8_t *)path, 77};
        bool same = true;

        test_case("%s", cases[i].why);
        write_file(cases[i].len);
        CHECK_INT(troth_file_read(&file, path, cases[i].max), cases[i].wanted);
        CHECK_INT(file.len, cases[i].wanted ? 0 : cases[i].len);
        CHECK(!cases[i].wanted || !file.bytes);
        for (size_t k = 0; k < file.len; k++)
            same = same && file.bytes[k] == k % 251;
        CHECK(same);
        troth_file_release(&file);
        CHECK(!file.bytes && !file.len);
    }
}

static void test_failures(void)
{
    struct troth_file file;

    test_case("what is not there, and what is no file");
    CHECK_INT(troth_file_read(&file, "/nowhere/at/all", 10), ENOENT);
    CHECK(!file.bytes && !file.len);
    CHECK_INT(troth_file_read(&file, "/tmp", 10), EISDIR);
    CHECK(!file.bytes && !file.len);
    CHECK_INT(troth_file_read(&file, "/dev/zero", 1000), EFBIG);
    CHECK(!file.bytes && !file.len);
    CHECK_INT(troth_file_read(&file, "/dev/null", 10), 0);
    troth_file_release(&file);
    troth_file_release(&file); /* a second time does no harm */
}

static void test_pipe(void)
{
    struct troth_file file;
    int ends[2], kept = dup(STDIN_FILENO);

    test_case("standard input, when it is a pipe that comes in pieces");
    CHECK(pipe(ends) == 0);
    CHECK(write(ends[1], "one", 3) == 3 && write(ends[1], "two", 3) == 3);
    CHECK(close(ends[1]) == 0);
    CHECK(dup2(ends[0], STDIN_FILENO) == STDIN_FILENO);
    CHECK_INT(troth_file_read_standard(&file, 100), 0);
    CHECK_SPAN(((struct troth_span){file.bytes, file.len}), test_text("onetwo"));
    troth_file_release(&file);
    CHECK(close(ends[0]) == 0);

    test_case("standard input, when it is closed");
    (void)close(STDIN_FILENO);
    CHECK_INT(troth_file_read_standard(&file, 100), EBADF);
    CHECK(!file.bytes && !file.len);
    if (kept >= 0) {
        CHECK(dup2(kept, STDIN_FILENO) == STDIN_FILENO);
        (void)close(kept);
    }
}

static void test_left(void)
{
    char left[64];
    struct troth_file file;

    test_case("what a process of the same number left half written is no obstacle");
    (void)snprintf(left, sizeof left, "%s.new-%ld", path, (long)getpid());
    CHECK(symlink(path, left) == 0);
    CHECK_INT(troth_file_write(path, test_text("anew")), 0);
    CHECK_INT(troth_file_read(&file, path, 100), 0);
    CHECK_SPAN(((struct troth_span){file.bytes, file.len}), test_text("anew"));
    CHECK(access(left, F_OK) != 0);
    troth_file_release(&file);
}

static void test_write(void)
{
    struct troth_file file;

    test_case("written, read again, written over");
    CHECK_INT(troth_file_write(path, test_text("one and more")), 0);
    CHECK_INT(troth_file_write(path, test_text("two")), 0);
    CHECK_INT(troth_file_read(&file, path, 100), 0);
    CHECK_SPAN(((struct troth_span){file.bytes, file.len}), test_text("two"));
    troth_file_release(&file);

    test_case("written to what is no file, and to nowhere");
    CHECK_INT(troth_file_write("/dev/null", test_text("x")), 0);
    CHECK_INT(troth_file_write("/dev/full", test_text("x")), ENOSPC);
    CHECK_INT(troth_file_write("/nowhere/at/all", test_text("x")), ENOENT);
    CHECK_INT(troth_file_write("/tmp", test_text("x")), EISDIR);
}

int main(void)
{
    int made = mkstemp(path);

    if (made >= 0)
        (void)close(made);
    test_lengths();
    test_write();
    test_left();
    test_failures();
    test_pipe();
    (void)remove(path);
    return test_finish();
}
