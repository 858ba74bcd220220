/* clock.h - what time it is. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_OS_CLOCK_H
#define TROTH_OS_CLOCK_H

#include <stdint.h>

/* Seconds since 1970, UTC, as this machine's clock has it. */
int64_t troth_clock_now_s(void);

#endif
