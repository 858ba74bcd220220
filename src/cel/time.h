/*
 * time.h - timestamps and durations: their text, their arithmetic, their calendar fields.
 *
 * All work on values of kind TIMESTAMP and DURATION; what is out of range is
 * TROTH_ERR_LIMIT, text that is no such thing TROTH_ERR_VALUE.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CEL_TIME_H
#define TROTH_CEL_TIME_H

#include "base/writer.h"
#include "troth/cel_value.h"

/* 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999999Z. */
#define TROTH_CEL_TIMESTAMP_MIN_S    INT64_C(-62135596800)
#define TROTH_CEL_TIMESTAMP_MAX_S    INT64_C(253402300799)
/* 2^63 - 1 nanoseconds, some 292 years, either way: "limited to a single int64 value"
 * ([CEL] Overflow), and so is what lies between two timestamps. */
#define TROTH_CEL_DURATION_MAX_S     INT64_C(9223372036)
#define TROTH_CEL_DURATION_MAX_NANOS 854775807

/* RFC 3339 with up to nine digits of a second. */
TROTH_MUST_USE enum troth_err troth_cel_timestamp_parse(struct troth_cel_value *out,
                                                        struct troth_span text);
/* "2026-05-01T00:00:00.5Z": UTC, no zeros at the end of a fraction. */
void troth_cel_write_timestamp(struct troth_writer *w,
                               const struct troth_cel_value *value);

/* "-1h2m3.5s", "1.5h", "0", units h m s ms us µs ns, as Go reads them. Less than a
 * nanosecond is dropped. */
TROTH_MUST_USE enum troth_err troth_cel_duration_parse(struct troth_cel_value *out,
                                                       struct troth_span text);
/* Seconds alone: "3723.5s". */
void troth_cel_write_duration(struct troth_writer *w,
                              const struct troth_cel_value *value);

/* timestamp ± duration, duration + timestamp, timestamp - timestamp, duration ± duration;
 * TROTH_ERR_TYPE for anything else. */
TROTH_MUST_USE enum troth_err troth_cel_time_add(struct troth_cel_value *out,
                                                 const struct troth_cel_value *a,
                                                 const struct troth_cel_value *b);
TROTH_MUST_USE enum troth_err troth_cel_time_subtract(struct troth_cel_value *out,
                                                      const struct troth_cel_value *a,
                                                      const struct troth_cel_value *b);

/* What getFullYear() and its like give. Far ahead of or behind UTC, there is a year 0
 * and a year 10000. */
struct troth_cel_calendar {
    int64_t year;
    int64_t month, day_of_year, day_of_month, day_of_week; /* from 0; Sunday is 0 */
    int64_t hour, minute, second, millisecond;
};

/*
 * The fields of a timestamp in a zone of fixed offset: "UTC", "Z", "", "+05:30",
 * "-08:00", "02:00". TROTH_ERR_VALUE for a zone by name: the host's business.
 */
TROTH_MUST_USE enum troth_err troth_cel_calendar(struct troth_cel_calendar *out,
                                                 const struct troth_cel_value *timestamp,
                                                 struct troth_span zone);

#endif
