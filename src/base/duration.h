/* duration.h - lengths of time as people write them: 90, 30s, 15m, 12h, 7d. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BASE_DURATION_H
#define TROTH_BASE_DURATION_H

#include <stdbool.h>

#include "troth/span.h"

/* Ten years; nothing is asked about a longer time. */
#define TROTH_DURATION_MAX_S ((int64_t)10 * 366 * 86400)

/* A whole number of seconds, or of what the letter behind it says; false for anything
 * else, and beyond TROTH_DURATION_MAX_S. */
bool troth_duration_parse(int64_t *out_s, struct troth_span text);

#endif
