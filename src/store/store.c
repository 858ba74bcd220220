/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/lock.h"

/* Nobody else's: what is stored says which machines its owner talks to. */
enum { FILE_MODE = 0600, FOLDER_MODE = 0700 };

int troth_store_path(char out[static TROTH_STORE_PATH_ROOM],
                     const struct troth_store *store, const char *name)
{
    size_t len = strlen(store->folder);
    int written;

    out[0] = '\0';
    if (!troth_store_name_is_valid(name) || len == 0)
        return EINVAL;
    written = snprintf(out, TROTH_STORE_PATH_ROOM, "%s%s%s", store->folder,
                       store->folder[len - 1] == '/' ? "" : "/", name);
    return written > 0 && written < TROTH_STORE_PATH_ROOM ? 0 : ENAMETOOLONG;
}

/* A file of the store's own, which no entry can be called. */
static int own_path(char out[static TROTH_STORE_PATH_ROOM],
                    const struct troth_store *store, const char *own)
{
    int written = snprintf(out, TROTH_STORE_PATH_ROOM, "%s/%s", store->folder, own);

    return written > 0 && written < TROTH_STORE_PATH_ROOM ? 0 : ENAMETOOLONG;
}

int troth_store_get(struct troth_file *out, const struct troth_store *store,
                    const char *name, size_t max)
{
    char path[TROTH_STORE_PATH_ROOM];
    struct stat about;
    int failed = troth_store_path(path, store, name);
    int from;

    *out = (struct troth_file){NULL, 0};
    if (failed)
        return failed;
    /* A pipe that somebody put there must not hold anybody up. */
    from = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK);
    if (from < 0)
        return errno;
    if (fstat(from, &about) != 0)
        failed = errno;
    else if (!S_ISREG(about.st_mode))
        failed = EISDIR;
    else
        failed = troth_file_read_open(out, from, max);
    (void)close(from);
    return failed;
}

/* Make every folder of `path` up to its last slash. */
static int make_folders(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        int failed = 0;

        *slash = '\0';
        if (mkdir(path, FOLDER_MODE) != 0 && errno != EEXIST)
            failed = errno;
        *slash = '/';
        /* One that may not be made may still be there. */
        if (failed && failed != EACCES && failed != EROFS && failed != EPERM)
            return failed;
    }
    return 0;
}

int troth_store_lock(int *out, const struct troth_store *store,
                     const struct troth_patience *patience, int64_t most_ms)
{
    char path[TROTH_STORE_PATH_ROOM];
    int failed = own_path(path, store, ".lock");

    *out = -1;
    if (!failed)
        failed = make_folders(path);
    return failed ? failed
                  : troth_lock_take(out, path, patience, most_ms,
                                    "another process holds the cache");
}

static int write_all(int to, struct troth_span bytes)
{
    while (bytes.len > 0) {
        ssize_t put = write(to, bytes.ptr, bytes.len);

        if (put < 0 && errno != EINTR)
            return errno;
        if (put > 0)
            bytes = (struct troth_span){bytes.ptr + put, bytes.len - (size_t)put};
    }
    return fsync(to) == 0 ? 0 : errno;
}

/* A new file beside its place. One that a killed process left is in the way of nobody. */
static int write_beside(int folder, const char *beside, struct troth_span bytes)
{
    int to, failed;

    (void)unlinkat(folder, beside, 0);
    to = openat(folder, beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                FILE_MODE);
    if (to < 0)
        return errno;
    failed = write_all(to, bytes);
    if (close(to) != 0 && !failed)
        failed = errno;
    return failed;
}

static int put_in(int folder, const char *leaf, struct troth_span bytes)
{
    char beside[TROTH_STORE_NAME_ROOM + 8];
    int failed;

    (void)snprintf(beside, sizeof beside, ".new-%s", leaf);
    failed = write_beside(folder, beside, bytes);
    if (!failed && renameat(folder, beside, folder, leaf) != 0)
        failed = errno;
    if (failed)
        (void)unlinkat(folder, beside, 0);
    else if (fsync(folder) != 0 && errno != EINVAL)
        failed = errno;
    return failed;
}

int troth_store_put(const struct troth_store *store, int lock, const char *name,
                    struct troth_span bytes)
{
    char path[TROTH_STORE_PATH_ROOM];
    char *leaf;
    int folder, failed = lock < 0 ? ENOLCK : troth_store_path(path, store, name);

    if (!failed)
        failed = make_folders(path);
    if (failed)
        return failed;
    leaf = strrchr(path, '/') + 1;
    leaf[-1] = '\0';
    folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return errno;
    failed = put_in(folder, leaf, bytes);
    (void)close(folder);
    return failed;
}
