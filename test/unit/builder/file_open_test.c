/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/file_open.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test/harness.h"

static const struct {
    const char *path;
    int file, folder; /* errnos */
} cases[] = {
    {"d/e/f", 0, ENOTDIR},
    {"d/e", EINVAL, 0},
    {"d", EINVAL, 0},
    {"", EISDIR, 0},
    {"d/z", ENOENT, ENOENT},
    {"z/e", ENOENT, ENOENT},
    {"d/e/f/g", ENOTDIR, ENOTDIR},
    {"to-file", ELOOP, ENOTDIR},
    {"to-folder", ELOOP, ENOTDIR},
    {"to-folder/e/f", ENOTDIR, ENOTDIR},
    {"out/passwd", ENOTDIR, ENOTDIR},
    {"pipe", EINVAL, ENOTDIR},
    {"..", EINVAL, EINVAL},
    {"d/../d/e/f", EINVAL, EINVAL},
    {"d/./e/f", EINVAL, EINVAL},
    {"d//e/f", EINVAL, EINVAL},
    {"/etc/passwd", EINVAL, EINVAL},
};

static int error_of(int descriptor)
{
    const int error = errno;

    if (descriptor < 0)
        return error;
    CHECK(fcntl(descriptor, F_GETFD) & FD_CLOEXEC);
    (void)close(descriptor);
    return 0;
}

int main(void)
{
    char place[] = "/tmp/troth-open-XXXXXX";
    int folder;

    if (!mkdtemp(place) || chdir(place) || mkdir("d", 0700) || mkdir("d/e", 0700) ||
        symlink("d/e/f", "to-file") || symlink("d", "to-folder") ||
        symlink("/etc", "out") || mkfifo("pipe", 0600))
        return 1;
    (void)close(open("d/e/f", O_WRONLY | O_CREAT, 0600));
    folder = open(".", O_RDONLY | O_DIRECTORY);
    for (size_t i = 0; i < COUNT(cases); i++) {
        test_case("'%s'", cases[i].path);
        CHECK_INT(error_of(troth_file_open_below(folder, cases[i].path)), cases[i].file);
        CHECK_INT(error_of(troth_folder_open_below(folder, cases[i].path)),
                  cases[i].folder);
    }

    test_case("nothing stays open");
    CHECK_INT(dup(folder), folder + 1);

    (void)unlink("d/e/f");
    (void)rmdir("d/e");
    (void)rmdir("d");
    (void)unlink("to-file");
    (void)unlink("to-folder");
    (void)unlink("out");
    (void)unlink("pipe");
    (void)rmdir(place);
    return test_finish();
}
