/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/file_open.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_SIZE = 256 };

/* One step down. What is closed is our own. */
static int step(int folder, int owned, const char *name, int flags)
{
    const int next = openat(folder, name, flags | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY);
    const int error = errno;

    if (owned)
        (void)close(folder);
    errno = error;
    return next;
}

/* The kernel can walk by itself and follow no link (openat2), but not every kernel; one
 * way that works everywhere is tested everywhere. */
static int walk(int folder, const char *path, int flags)
{
    int here = folder, owned = 0;

    while (here >= 0 && *path) {
        char name[NAME_SIZE];
        const size_t len = strcspn(path, "/");
        const int is_last = path[len] == '\0';

        if (len == 0 || len >= sizeof(name) ||
            (path[0] == '.' && len <= 2 && (len == 1 || path[1] == '.'))) {
            if (owned)
                (void)close(here);
            errno = EINVAL;
            return -1;
        }
        memcpy(name, path, len);
        name[len] = '\0';
        here = step(here, owned, name, is_last ? flags : O_PATH | O_DIRECTORY);
        owned = 1;
        path += len + !is_last;
    }
    return here;
}

int troth_file_open_below(int folder, const char *path)
{
    /* A pipe must not keep us waiting. */
    const int file = *path ? walk(folder, path, O_RDONLY | O_NONBLOCK) : -1;
    struct stat status;

    if (!*path)
        errno = EISDIR;
    if (file < 0)
        return -1;
    if (fstat(file, &status) == 0 && S_ISREG(status.st_mode))
        return file;
    (void)close(file);
    errno = EINVAL;
    return -1;
}

int troth_folder_open_below(int folder, const char *path)
{
    if (!*path)
        return openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return walk(folder, path, O_RDONLY | O_DIRECTORY);
}
