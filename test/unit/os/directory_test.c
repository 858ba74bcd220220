/* SPDX-License-Identifier: Apache-2.0 */
#include "os/directory.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test/harness.h"

static char folder[] = "/tmp/troth-directory-XXXXXX";

static const char *in_folder(const char *name)
{
    static char path[256];

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void make_file(const char *name)
{
    FILE *file = fopen(in_folder(name), "wb");

    CHECK(file && fclose(file) == 0);
}

static void test_order(const char *path)
{
    static const char *const wanted[] = {"B", "a", "link", "z.pem", "\xc3\xa9"};
    struct troth_directory list;

    CHECK_INT(troth_directory_list(&list, path, 5), 0);
    CHECK_INT(list.count, COUNT(wanted));
    for (size_t i = 0; i < list.count && i < COUNT(wanted); i++)
        CHECK_TEXT(list.paths[i], in_folder(wanted[i]));
    troth_directory_release(&list);
    CHECK(!list.paths && !list.count);
}

static void test_limits(void)
{
    struct troth_directory list;

    test_case("more files than are wanted");
    CHECK_INT(troth_directory_list(&list, folder, 4), EFBIG);
    CHECK(!list.paths && !list.count);
    test_case("a file");
    CHECK_INT(troth_directory_list(&list, in_folder("a"), 5), ENOTDIR);
    CHECK(!list.paths && !list.count);
    test_case("nothing of that name");
    CHECK_INT(troth_directory_list(&list, in_folder("nothing"), 5), ENOENT);
    CHECK(!list.paths && !list.count);
    test_case("an empty folder");
    CHECK_INT(troth_directory_list(&list, in_folder("inner"), 5), 0);
    CHECK_INT(list.count, 0);
    troth_directory_release(&list);
    test_case("a link that leads nowhere is no file to pass over");
    CHECK(symlink("nowhere", in_folder("broken")) == 0);
    CHECK_INT(troth_directory_list(&list, folder, 9), ENOENT);
    CHECK(!list.paths && !list.count);
}

int main(void)
{
    static const char *const made[] = {"z.pem", "a", "B", "\xc3\xa9", ".hidden"};
    char slashed[64];

    if (!mkdtemp(folder))
        return 1;
    test_case("regular files by the bytes of their names; not folders, not hidden ones");
    for (size_t i = 0; i < COUNT(made); i++)
        make_file(made[i]);
    CHECK(mkdir(in_folder("inner"), 0700) == 0);
    CHECK(symlink("a", in_folder("link")) == 0);
    test_order(folder);
    test_case("a slash at the end of the name is not doubled");
    (void)snprintf(slashed, sizeof slashed, "%s/", folder);
    test_order(slashed);
    test_limits();

    (void)remove(in_folder("broken"));
    (void)remove(in_folder("link"));
    (void)remove(in_folder("inner"));
    for (size_t i = 0; i < COUNT(made); i++)
        (void)remove(in_folder(made[i]));
    (void)remove(folder);
    return test_finish();
}
