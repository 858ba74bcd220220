/* SPDX-License-Identifier: Apache-2.0 */
/* The C library's own word for mappings that are no files, and for advice on them. */
/* NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
#define _DEFAULT_SOURCE
#include "os/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/wipe.h"

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

void troth_secret_file_release(struct troth_secret_file *file)
{
    if (file->bytes) {
        troth_wipe(file->bytes, file->room);
        (void)munmap(file->bytes, file->room);
    }
    *file = (struct troth_secret_file){NULL, 0, 0};
}
