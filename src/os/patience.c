/* SPDX-License-Identifier: Apache-2.0 */
#include "os/patience.h"

#include <errno.h>
#include <stddef.h>
#include <time.h>

static int64_t now_ms(void *state)
{
    struct timespec now = {0, 0};

    (void)state;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void wait_for(void *state, int64_t ms, const char *why)
{
    struct timespec left = {(time_t)(ms / 1000), (long)(ms % 1000) * 1000000};

    (void)state;
    (void)why;
    if (ms <= 0)
        return;
    while (nanosleep(&left, &left) != 0 && errno == EINTR)
        continue;
}

static const struct troth_patience real = {NULL, now_ms, wait_for};

const struct troth_patience *troth_patience_real(void)
{
    return &real;
}
