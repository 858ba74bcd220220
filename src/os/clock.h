/* clock.h - what time it is, and how much of it has passed. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_OS_CLOCK_H
#define TROTH_OS_CLOCK_H

#include <stdint.h>

/* Seconds since 1970, UTC, as this machine's clock has it. */
int64_t troth_clock_now_s(void);

/* Milliseconds since some instant of this boot: never set, never backwards. */
int64_t troth_clock_monotonic_ms(void);

/* Seconds since this machine started, sleep included: nobody sets this one. */
int64_t troth_clock_boot_s(void);

#endif
