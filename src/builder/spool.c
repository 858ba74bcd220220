/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "builder/surroundings.h"

enum { BUFFER_SIZE = 256 * 1024, PATH_SIZE = 4096 };

struct troth_spool {
    int file;
    uint64_t written; /* to the file */
    size_t waiting;   /* in the buffer */
    uint8_t buffer[BUFFER_SIZE];
};

static bool fail(struct troth_build_problem *problem, int error)
{
    return troth_build_fail_errno(problem, "", "cannot keep what was unpacked", error);
}

/* Where the file system knows no files without a name, it has one for a moment. */
static int open_named(const char *folder)
{
    char path[PATH_SIZE];
    const int len = snprintf(path, sizeof(path), "%s/troth-XXXXXX", folder);
    int file;

    if (len < 0 || (size_t)len >= sizeof(path)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    file = mkostemp(path, O_CLOEXEC);
    if (file >= 0 && unlink(path)) {
        (void)close(file);
        return -1;
    }
    return file;
}

static int open_unnamed(void)
{
    const char *const wanted = troth_builder_variable("TMPDIR");
    const char *const folder = wanted ? wanted : "/tmp";
    const int file = open(folder, O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC,
                          S_IRUSR | S_IWUSR);

    if (file < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL))
        return open_named(folder);
    return file;
}

bool troth_spool_create(struct troth_spool **out, struct troth_build_problem *problem)
{
    struct troth_spool *const spool = malloc(sizeof(*spool));

    *out = NULL;
    if (!spool)
        return fail(problem, ENOMEM);
    spool->file = open_unnamed();
    spool->written = spool->waiting = 0;
    if (spool->file < 0) {
        const int error = errno;

        free(spool);
        return fail(problem, error);
    }
    *out = spool;
    return true;
}

void troth_spool_destroy(struct troth_spool *spool)
{
    if (!spool)
        return;
    (void)close(spool->file);
    free(spool);
}

uint64_t troth_spool_end(const struct troth_spool *spool)
{
    return spool->written + spool->waiting;
}

int troth_spool_descriptor(const struct troth_spool *spool)
{
    return spool->file;
}

bool troth_spool_flush(struct troth_spool *spool, struct troth_build_problem *problem)
{
    for (size_t done = 0; done < spool->waiting;) {
        const ssize_t wrote = write(spool->file, spool->buffer + done,
                                    spool->waiting - done);

        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return fail(problem, wrote < 0 ? errno : EIO);
        done += (size_t)wrote;
        spool->written += (size_t)wrote;
    }
    spool->waiting = 0;
    return true;
}

bool troth_spool_write(struct troth_spool *spool, struct troth_build_problem *problem,
                       struct troth_span bytes)
{
    for (size_t done = 0; done < bytes.len;) {
        const size_t room = sizeof(spool->buffer) - spool->waiting;
        const size_t part = bytes.len - done < room ? bytes.len - done : room;

        memcpy(spool->buffer + spool->waiting, bytes.ptr + done, part);
        spool->waiting += part;
        done += part;
        if (spool->waiting == sizeof(spool->buffer) && !troth_spool_flush(spool, problem))
            return false;
    }
    return true;
}
