/* SPDX-License-Identifier: Apache-2.0 */
#include "os/clock.h"

#include <time.h>

int64_t troth_clock_now_s(void)
{
    return (int64_t)time(NULL);
}

int64_t troth_clock_boot_s(void)
{
    struct timespec now = {0, 0};

    (void)clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec;
}

int64_t troth_clock_monotonic_ms(void)
{
    struct timespec now = {0, 0};

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
