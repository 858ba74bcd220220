/* SPDX-License-Identifier: Apache-2.0 */
#include "attester/tsm_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test/harness.h"

/* Files of a plain folder; the rest of the protocol is in tsm_test.c. */

static const struct troth_tsm_file file = {"file", "read it"};

static void put(const struct troth_tsm_folder *folder, const void *bytes, size_t len)
{
    const int to = openat(folder->directory, file.name, O_WRONLY | O_CREAT | O_TRUNC,
                          0600);

    CHECK(to >= 0 && write(to, bytes, len) == (ssize_t)len);
    (void)close(to);
}

static void check_fault(const struct troth_tsm_folder *folder,
                        const struct troth_attester_fault *fault, int error)
{
    char path[128];

    (void)snprintf(path, sizeof path, "%s/file", folder->path);
    CHECK_INT(fault->error, error);
    CHECK_TEXT(fault->step, "read it");
    CHECK_TEXT(fault->path, path);
}

static void test_number(const struct troth_tsm_folder *folder)
{
    static const struct {
        const char *why, *content;
        int error;
        uint64_t number;
    } rows[] = {
        {"as the kernel writes it", "12\n", 0, 12},
        {"without an end of line", "12", 0, 12},
        {"zero", "0\n", 0, 0},
        {"the largest", "18446744073709551615\n", 0, UINT64_MAX},
        {"larger than the largest", "18446744073709551616\n", EBADMSG, 0},
        {"nothing", "", EBADMSG, 0},
        {"an empty line", "\n", EBADMSG, 0},
        {"two lines", "1\n2\n", EBADMSG, 0},
        {"negative", "-1\n", EBADMSG, 0},
        {"no number", "many\n", EBADMSG, 0},
        {"a line without end",
         "0000000000000000000000000000000000000000000000000000000000000001", EFBIG, 0},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_attester_fault fault = {0};
        uint64_t number = 0;

        test_case("number: %s", rows[i].why);
        put(folder, rows[i].content, strlen(rows[i].content));
        CHECK_INT(troth_tsm_read_number(folder, &number, &fault, &file),
                  rows[i].error == 0);
        CHECK_INT(number, rows[i].number);
        if (rows[i].error)
            check_fault(folder, &fault, rows[i].error);
    }
}

static void test_blob(const struct troth_tsm_folder *folder)
{
    static const uint8_t bytes[TROTH_TSM_BLOB_MAX + 10];
    static const struct {
        const char *why;
        size_t len;
        int error;
    } rows[] = {
        {"nothing", 0, 0},
        {"a report", 1184, 0},
        {"the longest", TROTH_TSM_BLOB_MAX, 0},
        {"longer than the longest", TROTH_TSM_BLOB_MAX + 1, EFBIG},
        {"much longer", TROTH_TSM_BLOB_MAX + 10, EFBIG},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_attester_fault fault = {0};
        struct troth_span blob;
        void *owned;

        test_case("blob: %s", rows[i].why);
        put(folder, bytes, rows[i].len);
        CHECK_INT(troth_tsm_read_blob(folder, &blob, &owned, &fault, &file),
                  rows[i].error == 0);
        const struct troth_span wanted = {bytes, rows[i].error ? 0 : rows[i].len};

        CHECK_SPAN(blob, wanted);
        if (rows[i].error)
            check_fault(folder, &fault, rows[i].error);
        free(owned);
    }
}

static void test_write(const struct troth_tsm_folder *folder)
{
    struct troth_attester_fault fault = {0};
    const struct troth_span content = TROTH_LITERAL("what is written");
    struct troth_span seen;
    void *owned = NULL;

    test_case("write: what was written is read");
    put(folder, "", 0);
    CHECK(troth_tsm_write(folder, &fault, &file, content));
    CHECK(troth_tsm_read_blob(folder, &seen, &owned, &fault, &file));
    CHECK_SPAN(seen, content);
    free(owned);

    test_case("write: a device that is full");
    const struct troth_tsm_folder devices = {open("/dev", O_RDONLY | O_DIRECTORY),
                                             "/dev"};
    const struct troth_tsm_file full = {"full", "write it"};

    CHECK(!troth_tsm_write(&devices, &fault, &full, content));
    CHECK_INT(fault.error, ENOSPC);
    CHECK_TEXT(fault.path, "/dev/full");
    (void)close(devices.directory);
}

static void test_missing(const struct troth_tsm_folder *folder)
{
    struct troth_attester_fault fault = {0};
    struct troth_tsm_text text;
    struct troth_span blob;
    void *owned;

    test_case("nothing is there");
    (void)unlinkat(folder->directory, file.name, 0);
    CHECK(!troth_tsm_read_text(folder, &text, &fault, &file));
    check_fault(folder, &fault, ENOENT);
    CHECK(!troth_tsm_read_blob(folder, &blob, &owned, &fault, &file));
    check_fault(folder, &fault, ENOENT);
    CHECK(blob.len == 0 && owned == NULL);
    CHECK(!troth_tsm_write(folder, &fault, &file, TROTH_LITERAL("x")));
    check_fault(folder, &fault, ENOENT);
}

int main(void)
{
    struct troth_tsm_folder folder = {-1, "/tmp/troth-tsm-XXXXXX"};

    if (!mkdtemp(folder.path))
        return 1;
    folder.directory = open(folder.path, O_RDONLY | O_DIRECTORY);
    test_number(&folder);
    test_blob(&folder);
    test_write(&folder);
    test_missing(&folder);
    (void)close(folder.directory);
    (void)rmdir(folder.path);
    return test_finish();
}
