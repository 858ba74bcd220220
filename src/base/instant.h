/*
 * instant.h - seconds since 1970-01-01T00:00:00Z, and the ways of writing them.
 *
 * No leap seconds, proleptic Gregorian calendar, years 0001 to 9999.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BASE_INSTANT_H
#define TROTH_BASE_INSTANT_H

#include "base/writer.h"

/* A time that never comes: later than every certificate's end. */
#define TROTH_INSTANT_NEVER INT64_MAX

struct troth_civil {
    unsigned year, month, day, hour, minute, second; /* month and day count from 1 */
};

/* TROTH_ERR_VALUE if there is no such day or time of day. */
TROTH_MUST_USE enum troth_err troth_instant_from_civil(int64_t *out_s,
                                                       struct troth_civil civil);

/* Instants outside the years above give the nearest one inside. */
struct troth_civil troth_instant_to_civil(int64_t instant_s);

/* "2026-05-01T00:00:00Z", a numeric offset, or a fraction (dropped). [RFC3339] 5.6
 * TROTH_ERR_VALUE for anything else. */
TROTH_MUST_USE enum troth_err troth_instant_parse_rfc3339(int64_t *out_s,
                                                          struct troth_span text);

/* "2026-05-01T00:00:00Z"; TROTH_INSTANT_NEVER is written "never". */
void troth_write_rfc3339(struct troth_writer *w, int64_t instant_s);

#endif
