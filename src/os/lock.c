/* SPDX-License-Identifier: Apache-2.0 */
#include "os/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

enum { STEP_MS = 50 };

static int hold(int descriptor, const struct troth_patience *patience, int64_t most_ms,
                const char *why)
{
    for (int64_t waited = 0;; waited += STEP_MS) {
        if (flock(descriptor, LOCK_EX | LOCK_NB) == 0)
            return 0;
        if (errno != EWOULDBLOCK && errno != EINTR)
            return errno;
        if (waited >= most_ms)
            return EBUSY;
        patience->wait(patience->state, STEP_MS, why);
    }
}

int troth_lock_take(int *out, const char *path, const struct troth_patience *patience,
                    int64_t most_ms, const char *why)
{
    int descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY,
                          0600);
    int failed;

    *out = -1;
    if (descriptor < 0)
        return errno;
    failed = hold(descriptor, patience, most_ms, why);
    if (failed)
        (void)close(descriptor);
    else
        *out = descriptor;
    return failed;
}

void troth_lock_release(int descriptor)
{
    if (descriptor >= 0)
        (void)close(descriptor);
}
