/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/time.h"

#include "base/instant.h"
#include "base/span.h"

#define SECOND INT64_C(1000000000) /* in nanoseconds */
#define DAY_S  86400

/* After so many years the calendar repeats itself, days of the week as well. */
#define CYCLE_YEARS 400
#define CYCLE_S     (INT64_C(146097) * DAY_S)

static bool is_timestamp(const struct troth_cel_value *v)
{
    return v->as.integer >= TROTH_CEL_TIMESTAMP_MIN_S &&
           v->as.integer <= TROTH_CEL_TIMESTAMP_MAX_S && v->nanos >= 0 &&
           v->nanos < SECOND;
}

static bool is_duration(const struct troth_cel_value *v)
{
    int64_t seconds = v->as.integer;
    int32_t most = seconds == TROTH_CEL_DURATION_MAX_S ||
                           seconds == -TROTH_CEL_DURATION_MAX_S
                       ? TROTH_CEL_DURATION_MAX_NANOS
                       : (int32_t)SECOND - 1;

    return seconds >= -TROTH_CEL_DURATION_MAX_S && seconds <= TROTH_CEL_DURATION_MAX_S &&
           v->nanos >= (seconds > 0 ? 0 : -most) && v->nanos <= (seconds < 0 ? 0 : most);
}

static bool is_in_range(const struct troth_cel_value *v)
{
    return v->kind == TROTH_CEL_TIMESTAMP ? is_timestamp(v) : is_duration(v);
}

/* Nanoseconds of either sign, up to two seconds of them. */
static struct troth_cel_value normalised(enum troth_cel_kind kind, int64_t seconds,
                                         int64_t nanos)
{
    seconds += nanos / SECOND;
    nanos %= SECOND;
    if (nanos < 0 && (kind == TROTH_CEL_TIMESTAMP || seconds > 0)) {
        seconds--;
        nanos += SECOND;
    }
    if (kind == TROTH_CEL_DURATION && nanos > 0 && seconds < 0) {
        seconds++;
        nanos -= SECOND;
    }
    return (struct troth_cel_value){
        .kind = kind, .nanos = (int32_t)nanos, .as.integer = seconds};
}

/* a + b, or a - b when `sign` is -1. */
static enum troth_err combine(struct troth_cel_value *out, enum troth_cel_kind kind,
                              const struct troth_cel_value *a,
                              const struct troth_cel_value *b, int sign)
{
    if (!is_in_range(a) || !is_in_range(b))
        return TROTH_ERR_LIMIT;

    const struct troth_cel_value sum = normalised(
        kind, a->as.integer + sign * b->as.integer,
        (int64_t)a->nanos + (int64_t)sign * b->nanos);

    if (!is_in_range(&sum))
        return TROTH_ERR_LIMIT;
    *out = sum;
    return TROTH_OK;
}

/* What an operation makes of two kinds. */
struct rule {
    enum troth_cel_kind a, b, result;
};

static enum troth_err by_rule(struct troth_cel_value *out, const struct rule rules[3],
                              const struct troth_cel_value *a,
                              const struct troth_cel_value *b, int sign)
{
    const enum troth_cel_kind a_kind = a->kind, b_kind = b->kind;
    struct troth_cel_value result = {.kind = TROTH_CEL_NONE};
    enum troth_err err = TROTH_ERR_TYPE;

    for (size_t i = 0; i < 3; i++)
        if (rules[i].a == a_kind && rules[i].b == b_kind)
            err = combine(&result, rules[i].result, a, b, sign);
    *out = result;
    return err;
}

enum troth_err troth_cel_time_add(struct troth_cel_value *out,
                                  const struct troth_cel_value *a,
                                  const struct troth_cel_value *b)
{
    static const struct rule rules[3] = {
        {TROTH_CEL_TIMESTAMP, TROTH_CEL_DURATION, TROTH_CEL_TIMESTAMP},
        {TROTH_CEL_DURATION, TROTH_CEL_TIMESTAMP, TROTH_CEL_TIMESTAMP},
        {TROTH_CEL_DURATION, TROTH_CEL_DURATION, TROTH_CEL_DURATION},
    };

    return by_rule(out, rules, a, b, 1);
}

enum troth_err troth_cel_time_subtract(struct troth_cel_value *out,
                                       const struct troth_cel_value *a,
                                       const struct troth_cel_value *b)
{
    static const struct rule rules[3] = {
        {TROTH_CEL_TIMESTAMP, TROTH_CEL_TIMESTAMP, TROTH_CEL_DURATION},
        {TROTH_CEL_TIMESTAMP, TROTH_CEL_DURATION, TROTH_CEL_TIMESTAMP},
        {TROTH_CEL_DURATION, TROTH_CEL_DURATION, TROTH_CEL_DURATION},
    };

    return by_rule(out, rules, a, b, -1);
}

/* "HH:MM" in seconds; -1 for anything else. */
static int64_t time_of_day(struct troth_span text)
{
    uint8_t digits[4];

    if (text.len != 5 || text.ptr[2] != ':')
        return -1;
    for (size_t i = 0; i < sizeof digits; i++) {
        digits[i] = (uint8_t)(text.ptr[i < 2 ? i : i + 1] - '0');
        if (digits[i] > 9)
            return -1;
    }

    const int hour = digits[0] * 10 + digits[1], minute = digits[2] * 10 + digits[3];

    return hour < 24 && minute < 60 ? (hour * 60 + minute) * INT64_C(60) : -1;
}

/* Seconds by which a zone is ahead of UTC. */
static enum troth_err parse_zone(int64_t *ahead_s, struct troth_span zone)
{
    const bool is_behind = troth_span_starts_with(zone, TROTH_LITERAL("-"));
    const bool has_sign = is_behind || troth_span_starts_with(zone, TROTH_LITERAL("+"));

    *ahead_s = 0;
    if (zone.len == 0 || troth_span_is_text(zone, "UTC") || troth_span_is_text(zone, "Z"))
        return TROTH_OK;

    const int64_t offset_s = time_of_day(troth_span_slice(zone, has_sign, zone.len));

    if (offset_s < 0)
        return TROTH_ERR_VALUE;
    *ahead_s = is_behind ? -offset_s : offset_s;
    return TROTH_OK;
}

/* Whole cycles that bring local time into the years that there is a calendar of. */
static int cycles_out(int64_t local_s)
{
    return local_s < TROTH_CEL_TIMESTAMP_MIN_S   ? 1
           : local_s > TROTH_CEL_TIMESTAMP_MAX_S ? -1
                                                 : 0;
}

enum troth_err troth_cel_calendar(struct troth_cel_calendar *out,
                                  const struct troth_cel_value *timestamp,
                                  struct troth_span zone)
{
    int64_t ahead_s, new_year_s;
    enum troth_err err = parse_zone(&ahead_s, zone);

    *out = (struct troth_cel_calendar){0};
    if (err)
        return err;
    if (timestamp->kind != TROTH_CEL_TIMESTAMP)
        return TROTH_ERR_TYPE;
    if (!is_timestamp(timestamp))
        return TROTH_ERR_LIMIT;

    const int cycles = cycles_out(timestamp->as.integer + ahead_s);
    const int64_t local_s = timestamp->as.integer + ahead_s + cycles * CYCLE_S;
    const struct troth_civil t = troth_instant_to_civil(local_s);

    err = troth_instant_from_civil(&new_year_s,
                                   (struct troth_civil){t.year, 1, 1, 0, 0, 0});
    /* The first day of all was a Monday. */
    *out = (struct troth_cel_calendar){
        .year = (int64_t)t.year - (int64_t)cycles * CYCLE_YEARS,
        .month = t.month - 1,
        .day_of_year = (local_s - new_year_s) / DAY_S,
        .day_of_month = t.day - 1,
        .day_of_week = ((local_s - TROTH_CEL_TIMESTAMP_MIN_S) / DAY_S + 1) % 7,
        .hour = t.hour,
        .minute = t.minute,
        .second = t.second,
        .millisecond = timestamp->nanos / 1000000,
    };
    return err;
}
