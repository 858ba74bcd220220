/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/time.h"

#include <stdio.h>
#include <time.h>

#include "test/harness.h"

#define FIRST TROTH_CEL_TIMESTAMP_MIN_S
#define LAST  TROTH_CEL_TIMESTAMP_MAX_S
#define MOST  TROTH_CEL_DURATION_MAX_S
#define LEFT  TROTH_CEL_DURATION_MAX_NANOS

/* clang-format off */
#define T(seconds, nanos_) {.kind = TROTH_CEL_TIMESTAMP, .nanos = (nanos_), .as.integer = (seconds)}
#define D(seconds, nanos_) {.kind = TROTH_CEL_DURATION, .nanos = (nanos_), .as.integer = (seconds)}
#define NOTHING            {.kind = TROTH_CEL_NONE}

static const struct {
    const char *why;
    char operation;
    struct troth_cel_value a, b;
    enum troth_err err;
    struct troth_cel_value result;
} sums[] = {
    {"timestamp and duration", '+', T(100, 0), D(20, 5), TROTH_OK, T(120, 5)},
    {"duration and timestamp", '+', D(20, 5), T(100, 0), TROTH_OK, T(120, 5)},
    {"a carry", '+', T(-1, 999999999), D(0, 999999999), TROTH_OK, T(0, 999999998)},
    {"a negative duration borrows", '+', T(1, 1), D(0, -999999999), TROTH_OK, T(0, 2)},
    {"before 1970", '+', T(0, 0), D(-1, -500000000), TROTH_OK, T(-2, 500000000)},
    {"the first instant", '+', T(FIRST, 1), D(0, -1), TROTH_OK, T(FIRST, 0)},
    {"before the first", '+', T(FIRST, 0), D(0, -1), TROTH_ERR_LIMIT, NOTHING},
    {"behind the last", '+', T(LAST, 999999999), D(0, 1), TROTH_ERR_LIMIT, NOTHING},
    {"durations", '+', D(600, 0), D(50, 0), TROTH_OK, D(650, 0)},
    {"durations that carry", '+', D(1, 600000000), D(2, 600000000), TROTH_OK, D(4, 200000000)},
    {"negative ones", '+', D(-1, -600000000), D(-2, -600000000), TROTH_OK, D(-4, -200000000)},
    {"of different signs", '+', D(2, 200000000), D(-1, -300000000), TROTH_OK, D(0, 900000000)},
    {"of different signs, negative", '+', D(-2, -200000000), D(1, 300000000), TROTH_OK,
     D(0, -900000000)},
    {"seconds negative, nanoseconds not", '+', D(-3, 0), D(0, 1), TROTH_OK, D(-2, -999999999)},
    {"seconds positive, nanoseconds not", '+', D(3, 0), D(0, -1), TROTH_OK, D(2, 999999999)},
    {"nothing left", '+', D(-1, -1), D(1, 1), TROTH_OK, D(0, 0)},
    {"the longest", '+', D(MOST, 0), D(0, LEFT), TROTH_OK, D(MOST, LEFT)},
    {"longer", '+', D(MOST, LEFT), D(0, 1), TROTH_ERR_LIMIT, NOTHING},
    {"much longer", '+', D(MOST, LEFT), D(MOST, LEFT), TROTH_ERR_LIMIT, NOTHING},
    {"longer, negative", '+', D(-MOST, -LEFT), D(0, -1), TROTH_ERR_LIMIT, NOTHING},
    {"two timestamps", '+', T(1, 0), T(1, 0), TROTH_ERR_TYPE, NOTHING},
    {"a number", '+', {.kind = TROTH_CEL_INT}, D(1, 0), TROTH_ERR_TYPE, NOTHING},
    {"what was no duration", '+', D(INT64_MAX, 0), D(INT64_MAX, 0), TROTH_ERR_LIMIT, NOTHING},
    {"of two signs", '+', D(1, -1), D(0, 0), TROTH_ERR_LIMIT, NOTHING},
    {"what was no timestamp", '+', T(INT64_MIN, 0), D(0, 0), TROTH_ERR_LIMIT, NOTHING},
    {"nanoseconds of two seconds", '+', T(0, 1999999999), D(0, 0), TROTH_ERR_LIMIT, NOTHING},

    {"timestamps", '-', T(120, 5), T(100, 0), TROTH_OK, D(20, 5)},
    {"timestamps, the earlier first", '-', T(100, 0), T(120, 5), TROTH_OK, D(-20, -5)},
    {"timestamps that borrow", '-', T(2, 0), T(0, 1), TROTH_OK, D(1, 999999999)},
    {"all of 292 years", '-', T(MOST, LEFT), T(0, 0), TROTH_OK, D(MOST, LEFT)},
    {"a nanosecond more", '-', T(MOST, LEFT + 1), T(0, 0), TROTH_ERR_LIMIT, NOTHING},
    {"the last and the first", '-', T(LAST, 0), T(FIRST, 0), TROTH_ERR_LIMIT, NOTHING},
    {"a duration from a timestamp", '-', T(0, 0), D(0, 1), TROTH_OK, T(-1, 999999999)},
    {"before the first", '-', T(FIRST, 0), D(0, 1), TROTH_ERR_LIMIT, NOTHING},
    {"durations", '-', D(900, 0), D(42, 0), TROTH_OK, D(858, 0)},
    {"a duration from nothing", '-', D(0, 0), D(3, 5), TROTH_OK, D(-3, -5)},
    {"the longest from nothing", '-', D(0, 0), D(MOST, LEFT), TROTH_OK, D(-MOST, -LEFT)},
    {"too much", '-', D(-MOST, 0), D(MOST, 0), TROTH_ERR_LIMIT, NOTHING},
    {"a timestamp from a duration", '-', D(1, 0), T(1, 0), TROTH_ERR_TYPE, NOTHING},
};

static const struct {
    const char *why;
    struct troth_cel_value timestamp;
    const char *zone;
    enum troth_err err;
    struct troth_cel_calendar fields;
} calendars[] = {
    {"a Friday", T(1234567890, 123456789), "", TROTH_OK, {2009, 1, 43, 12, 5, 23, 31, 30, 123}},
    {"the same", T(1234567890, 123456789), "UTC", TROTH_OK, {2009, 1, 43, 12, 5, 23, 31, 30, 123}},
    {"the same", T(1234567890, 0), "Z", TROTH_OK, {2009, 1, 43, 12, 5, 23, 31, 30, 0}},
    {"a Saturday elsewhere", T(1234567890, 0), "+11:00", TROTH_OK,
     {2009, 1, 44, 13, 6, 10, 31, 30, 0}},
    {"without a sign", T(1234567890, 0), "02:00", TROTH_OK, {2009, 1, 44, 13, 6, 1, 31, 30, 0}},
    {"behind", T(1234567890, 0), "-09:30", TROTH_OK, {2009, 1, 43, 12, 5, 14, 1, 30, 0}},
    {"minus nothing", T(1234567890, 0), "-00:00", TROTH_OK, {2009, 1, 43, 12, 5, 23, 31, 30, 0}},
    {"before 1970", T(-1, 999000000), "", TROTH_OK, {1969, 11, 364, 30, 3, 23, 59, 59, 999}},
    {"the end of a leap year", T(1735603200, 0), "", TROTH_OK, {2024, 11, 365, 30, 2, 0, 0, 0, 0}},
    {"the first instant", T(FIRST, 0), "", TROTH_OK, {1, 0, 0, 0, 1, 0, 0, 0, 0}},
    {"in the year before the first, which is a leap year", T(FIRST, 0), "-00:01", TROTH_OK,
     {0, 11, 365, 30, 0, 23, 59, 0, 0}},
    {"the last instant", T(LAST, 999999999), "", TROTH_OK,
     {9999, 11, 364, 30, 5, 23, 59, 59, 999}},
    {"in the year behind the last", T(LAST, 0), "+23:59", TROTH_OK,
     {10000, 0, 0, 0, 6, 23, 58, 59, 0}},
    {"a zone by name", T(0, 0), "Europe/Berlin", TROTH_ERR_VALUE, {0}},
    {"a sign alone", T(0, 0), "+", TROTH_ERR_VALUE, {0}},
    {"a single digit", T(0, 0), "+5:30", TROTH_ERR_VALUE, {0}},
    {"no colon", T(0, 0), "+0530", TROTH_ERR_VALUE, {0}},
    {"no digit", T(0, 0), "+0a:30", TROTH_ERR_VALUE, {0}},
    {"too many digits", T(0, 0), "+05:300", TROTH_ERR_VALUE, {0}},
    {"24 hours", T(0, 0), "+24:00", TROTH_ERR_VALUE, {0}},
    {"60 minutes", T(0, 0), "-00:60", TROTH_ERR_VALUE, {0}},
    {"two signs", T(0, 0), "+-5:30", TROTH_ERR_VALUE, {0}},
    {"no timestamp", D(0, 0), "", TROTH_ERR_TYPE, {0}},
    {"no such timestamp", T(LAST + 1, 0), "", TROTH_ERR_LIMIT, {0}},
};
/* clang-format on */

static bool is_same_calendar(const struct troth_cel_calendar *a,
                             const struct troth_cel_calendar *b)
{
    return a->year == b->year && a->month == b->month &&
           a->day_of_year == b->day_of_year && a->day_of_month == b->day_of_month &&
           a->day_of_week == b->day_of_week && a->hour == b->hour &&
           a->minute == b->minute && a->second == b->second &&
           a->millisecond == b->millisecond;
}

static void test_sums(void)
{
    for (size_t i = 0; i < COUNT(sums); i++) {
        struct troth_cel_value seen = TROTH_CEL_INT_VALUE(7);
        enum troth_err err = sums[i].operation == '+'
                                 ? troth_cel_time_add(&seen, &sums[i].a, &sums[i].b)
                                 : troth_cel_time_subtract(&seen, &sums[i].a, &sums[i].b);

        test_case("%c: %s", sums[i].operation, sums[i].why);
        CHECK_ERR(err, sums[i].err);
        CHECK_INT(seen.kind, sums[i].result.kind);
        CHECK_INT(seen.as.integer, sums[i].result.as.integer);
        CHECK_INT(seen.nanos, sums[i].result.nanos);
    }

    struct troth_cel_value value = D(5, 0);

    test_case("the result may be what it was made of");
    CHECK_ERR(troth_cel_time_add(&value, &value, &value), TROTH_OK);
    CHECK_INT(value.as.integer, 10);
}

static void test_calendars(void)
{
    for (size_t i = 0; i < COUNT(calendars); i++) {
        struct troth_cel_calendar seen = {.year = 7};

        test_case("calendar: %s: '%s'", calendars[i].why, calendars[i].zone);
        CHECK_ERR(troth_cel_calendar(&seen, &calendars[i].timestamp,
                                     test_text(calendars[i].zone)),
                  calendars[i].err);
        CHECK(is_same_calendar(&seen, &calendars[i].fields));
    }
}

static bool agrees(int64_t seconds, int zone_min)
{
    const struct troth_cel_value timestamp = T(seconds, 0);
    const time_t local = (time_t)(seconds + zone_min * 60);
    struct troth_cel_calendar seen;
    struct tm theirs;
    char zone[16];

    snprintf(zone, sizeof zone, "%c%02d:%02d", zone_min < 0 ? '-' : '+',
             (zone_min < 0 ? -zone_min : zone_min) / 60,
             (zone_min < 0 ? -zone_min : zone_min) % 60);
    if (troth_cel_calendar(&seen, &timestamp, test_text(zone)) ||
        !gmtime_r(&local, &theirs))
        return false;

    const struct troth_cel_calendar wanted = {
        theirs.tm_year + 1900, theirs.tm_mon,  theirs.tm_yday,
        theirs.tm_mday - 1,    theirs.tm_wday, theirs.tm_hour,
        theirs.tm_min,         theirs.tm_sec,  0};

    return is_same_calendar(&seen, &wanted);
}

static void test_like_the_c_library(void)
{
    struct test_random random = {11};

    test_case("random instants in random zones, as the C library has them");
    for (int i = 0; i < 50000; i++) {
        const int64_t since = (int64_t)test_random_below(&random, 1U << 31) << 7 |
                              test_random_below(&random, 128);
        const int zone_min = (int)test_random_below(&random, 2879) - 1439;
        const int64_t seconds = FIRST + since % (LAST - FIRST + 1);

        if (!agrees(seconds, zone_min))
            CHECK_INT(seconds, -1);
    }
    test_case("the first and the last days, in every zone");
    for (int zone_min = -1439; zone_min <= 1439; zone_min++)
        if (!agrees(FIRST, zone_min) || !agrees(LAST, zone_min))
            CHECK_INT(zone_min, 10000);
    CHECK(true);
}

int main(void)
{
    test_sums();
    test_calendars();
    test_like_the_c_library();
    return test_finish();
}
