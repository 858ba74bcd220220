/* SPDX-License-Identifier: Apache-2.0 */
#include "log/public.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log/problem.h"

#define FOLDER_FLAGS (O_RDONLY | O_DIRECTORY | O_CLOEXEC)

int troth_public_root(int *out, const char *folder)
{
    *out = open(folder, FOLDER_FLAGS);
    return *out < 0 ? errno : 0;
}

int troth_public_folder(int *out, int at, const char *name, bool create)
{
    *out = openat(at, name, FOLDER_FLAGS | O_NOFOLLOW);
    if (*out < 0 && errno == ENOENT && create) {
        if (mkdirat(at, name, 0777) != 0 && errno != EEXIST)
            return errno;
        *out = openat(at, name, FOLDER_FLAGS | O_NOFOLLOW);
    }
    return *out < 0 ? errno : 0;
}

int troth_public_enter(int *out, int at, const char *path, bool create)
{
    char part[TROTH_PUBLIC_PATH_ROOM];
    int here = fcntl(at, F_DUPFD_CLOEXEC, 0);
    int failed = here < 0 ? errno : 0;

    for (const char *slash; !failed && (slash = strchr(path, '/')) != NULL;
         path = slash + 1) {
        int inner;

        (void)snprintf(part, sizeof part, "%.*s", (int)(slash - path), path);
        failed = troth_public_folder(&inner, here, part, create);
        (void)close(here);
        here = inner;
    }
    *out = failed ? -1 : here;
    return failed;
}

const char *troth_public_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

int troth_public_read(struct troth_file *out, int at, const char *name, size_t max)
{
    /* What is no file must not be waited for. */
    const int from = openat(at, name,
                            O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    struct stat about;
    int failed;

    *out = (struct troth_file){NULL, 0};
    if (from < 0)
        return errno;
    failed = fstat(from, &about) != 0  ? errno
             : !S_ISREG(about.st_mode) ? EINVAL
                                       : troth_file_read_open(out, from, max);
    (void)close(from);
    return failed;
}

int troth_public_make(int *out, int at, const char *name, struct troth_span bytes)
{
    const int to = openat(at, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                          0666);
    int failed = to < 0 ? errno : 0;

    *out = -1;
    while (!failed && bytes.len > 0) {
        const ssize_t put = write(to, bytes.ptr, bytes.len);

        if (put < 0 && errno != EINTR)
            failed = errno;
        if (put > 0)
            bytes = (struct troth_span){bytes.ptr + put, bytes.len - (size_t)put};
    }
    if (!failed) {
        *out = to;
        return 0;
    }
    if (to >= 0) {
        (void)close(to);
        (void)unlinkat(at, name, 0);
    }
    return failed;
}

void troth_public_path(char out[static TROTH_LOG_PATH_ROOM], const char *folder,
                       const char *path)
{
    (void)snprintf(out, TROTH_LOG_PATH_ROOM, "%s/public%s%s", folder, *path ? "/" : "",
                   path);
}

int troth_public_failed(struct troth_log_problem *problem, int failed, const char *doing,
                        const char *folder, const char *path)
{
    char whole[TROTH_LOG_PATH_ROOM];

    troth_public_path(whole, folder, path);
    return troth_log_problem_disk(problem, failed, doing, whole);
}
