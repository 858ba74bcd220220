/* SPDX-License-Identifier: Apache-2.0 */
/* The C library's own word for mappings that are no files, and for advice on them. */
/* NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
#define _DEFAULT_SOURCE
#include "os/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/wipe.h"

#define PATH_ROOM 4096

/* The library that uses the key makes copies of its own, so this is the process's. */
static int forbid_dumps(void)
{
    const struct rlimit none = {0, 0};

    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || setrlimit(RLIMIT_CORE, &none) != 0)
        return errno;
    return 0;
}

/* Locking may be beyond what the user is allowed; swap is then the system's business. */
static int map(struct troth_secret_file *out)
{
    size_t room = TROTH_SECRET_MAX + 1;
    void *bytes = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                       -1, 0);

    if (bytes == MAP_FAILED)
        return errno;
    (void)madvise(bytes, room, MADV_DONTDUMP);
    (void)mlock(bytes, room);
    *out = (struct troth_secret_file){bytes, 0, room};
    return 0;
}

static int check_owner(int from)
{
    struct stat facts;

    if (fstat(from, &facts) != 0)
        return errno;
    if (S_ISDIR(facts.st_mode))
        return EISDIR;
    return S_ISREG(facts.st_mode) && (facts.st_mode & (S_IRWXG | S_IRWXO)) ? EPERM : 0;
}

static int read_all(struct troth_secret_file *out, int from)
{
    for (;;) {
        ssize_t got = read(from, out->bytes + out->len, out->room - out->len);

        if (got == 0)
            return 0;
        if (got > 0)
            out->len += (size_t)got;
        else if (errno != EINTR)
            return errno;
        if (out->len > TROTH_SECRET_MAX)
            return EFBIG;
    }
}

int troth_secret_file_read(struct troth_secret_file *out, const char *path)
{
    int from = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    int failed = from < 0 ? errno : 0;

    *out = (struct troth_secret_file){NULL, 0, 0};
    if (!failed)
        failed = check_owner(from);
    if (!failed)
        failed = forbid_dumps();
    if (!failed)
        failed = map(out);
    if (!failed)
        failed = read_all(out, from);
    if (from >= 0)
        (void)close(from);
    if (failed)
        troth_secret_file_release(out);
    return failed;
}

int troth_secret_file_map(struct troth_secret_file *out)
{
    int failed = forbid_dumps();

    *out = (struct troth_secret_file){NULL, 0, 0};
    return failed ? failed : map(out);
}

/* What is written there is on the disk afterwards. */
static int write_all(int to, struct troth_span bytes)
{
    while (bytes.len > 0) {
        ssize_t put = write(to, bytes.ptr, bytes.len);

        if (put < 0 && errno != EINTR)
            return errno;
        if (put > 0)
            bytes = (struct troth_span){bytes.ptr + put, bytes.len - (size_t)put};
    }
    return fsync(to) != 0 ? errno : 0;
}

/* Names in the folder of `path`, pushed to the disk. */
static int sync_folder_of(const char *path)
{
    char folder[PATH_ROOM];
    const char *slash = strrchr(path, '/');
    int descriptor, failed;

    (void)snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - path) + 1 : 1,
                   slash ? path : ".");
    descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return errno;
    failed = fsync(descriptor) != 0 ? errno : 0;
    (void)close(descriptor);
    return failed;
}

/* It gets its name by link(), which takes no other file's place. */
int troth_secret_file_write(const char *path, struct troth_span secret)
{
    char beside[PATH_ROOM];
    int written = snprintf(beside, sizeof beside, "%s.new-XXXXXX", path);
    int to, failed;

    if (written < 0 || (size_t)written >= sizeof beside)
        return ENAMETOOLONG;
    to = mkstemp(beside); /* 0600, whatever the umask */
    if (to < 0)
        return errno;
    failed = write_all(to, secret);
    if (close(to) != 0 && !failed)
        failed = errno;
    if (!failed && link(beside, path) != 0)
        failed = errno;
    (void)unlink(beside);
    return failed ? failed : sync_folder_of(path);
}

void troth_secret_file_release(struct troth_secret_file *file)
{
    if (file->bytes) {
        troth_wipe(file->bytes, file->room);
        (void)munmap(file->bytes, file->room);
    }
    *file = (struct troth_secret_file){NULL, 0, 0};
}
