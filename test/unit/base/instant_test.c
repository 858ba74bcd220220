/* SPDX-License-Identifier: Apache-2.0 */
#include "base/instant.h"

#include <stdlib.h>
#include <time.h>

#include "test/harness.h"

#define FIRST_S INT64_C(-62135596800) /* 0001-01-01T00:00:00Z */
#define LAST_S  INT64_C(253402300799) /* 9999-12-31T23:59:59Z */

static const struct {
    const char *why;
    struct troth_civil civil;
    enum troth_err err;
    int64_t instant_s;
} civils[] = {
    {"the epoch", {1970, 1, 1, 0, 0, 0}, TROTH_OK, 0},
    {"a second before it", {1969, 12, 31, 23, 59, 59}, TROTH_OK, -1},
    {"the first instant", {1, 1, 1, 0, 0, 0}, TROTH_OK, FIRST_S},
    {"the last instant", {9999, 12, 31, 23, 59, 59}, TROTH_OK, LAST_S},
    {"a billion", {2001, 9, 9, 1, 46, 40}, TROTH_OK, 1000000000},
    {"past 32 bits", {2038, 1, 19, 3, 14, 8}, TROTH_OK, INT64_C(2147483648)},
    {"leap day of a leap century", {2000, 2, 29, 0, 0, 0}, TROTH_OK, 951782400},
    {"leap day of a plain leap year", {2024, 2, 29, 12, 0, 0}, TROTH_OK, 1709208000},
    {"no leap day in 1900", {1900, 2, 29, 0, 0, 0}, TROTH_ERR_VALUE, 0},
    {"no leap day in 2023", {2023, 2, 29, 0, 0, 0}, TROTH_ERR_VALUE, 0},
    {"no 30 February", {2024, 2, 30, 0, 0, 0}, TROTH_ERR_VALUE, 0},
    {"no 31 April", {2024, 4, 31, 0, 0, 0}, TROTH_ERR_VALUE, 0},
    {"no 32 December", {2024, 12, 32, 0, 0, 0}, TROTH_ERR_VALUE, 0},
    {"no day 0", {2024, 1, 0, 0, 0, 0}, TROTH_ERR_VALUE, 0},
    {"no month 0", {2024, 0, 1, 0, 0, 0}, TROTH_ERR_VALUE, 0},
    {"no month 13", {2024, 13, 1, 0, 0, 0}, TROTH_ERR_VALUE, 0},
    {"no year 0", {0, 1, 1, 0, 0, 0}, TROTH_ERR_VALUE, 0},
    {"no year 10000", {10000, 1, 1, 0, 0, 0}, TROTH_ERR_VALUE, 0},
    {"no hour 24", {2024, 1, 1, 24, 0, 0}, TROTH_ERR_VALUE, 0},
    {"no minute 60", {2024, 1, 1, 0, 60, 0}, TROTH_ERR_VALUE, 0},
    {"no leap second", {2016, 12, 31, 23, 59, 60}, TROTH_ERR_VALUE, 0},
};

static const struct {
    const char *text;
    enum troth_err err;
    int64_t instant_s;
} texts[] = {
    {"2026-05-01T00:00:00Z", TROTH_OK, 1777593600},
    {"2026-05-01t00:00:00z", TROTH_OK, 1777593600},
    {"2026-05-01T00:00:00.9Z", TROTH_OK, 1777593600},
    {"2026-05-01T00:00:00.123456789012Z", TROTH_OK, 1777593600},
    {"2026-05-01T02:30:00+02:30", TROTH_OK, 1777593600},
    {"2026-04-30T16:00:00-08:00", TROTH_OK, 1777593600},
    {"2026-05-01T00:00:00-00:00", TROTH_OK, 1777593600},
    {"2026-05-01T23:59:00.5+23:59", TROTH_OK, 1777593600},
    {"1969-12-31T23:59:59.999Z", TROTH_OK, -1},
    {"0001-01-01T00:00:00Z", TROTH_OK, FIRST_S},
    {"9999-12-31T23:59:59Z", TROTH_OK, LAST_S},
    {"0001-01-01T00:00:00+00:01", TROTH_ERR_VALUE, 0},
    {"9999-12-31T23:59:59-00:01", TROTH_ERR_VALUE, 0},
    {"", TROTH_ERR_VALUE, 0},
    {"2026-05-01", TROTH_ERR_VALUE, 0},
    {"2026-05-01T00:00:00", TROTH_ERR_VALUE, 0},
    {"2026-05-01 00:00:00Z", TROTH_ERR_VALUE, 0},
    {"2026-05-01T00:00Z", TROTH_ERR_VALUE, 0},
    {"2026-05-01T00:00:00.Z", TROTH_ERR_VALUE, 0},
    {"2026-05-01T00:00:00,5Z", TROTH_ERR_VALUE, 0},
    {"2026-05-01T00:00:00ZZ", TROTH_ERR_VALUE, 0},
    {"2026-05-01T00:00:00+0000", TROTH_ERR_VALUE, 0},
    {"2026-05-01T00:00:00+24:00", TROTH_ERR_VALUE, 0},
    {"2026-05-01T00:00:00+00:60", TROTH_ERR_VALUE, 0},
    {"2026-05-01T00:00:00+00", TROTH_ERR_VALUE, 0},
    {"26-05-01T00:00:00Z", TROTH_ERR_VALUE, 0},
    {"+026-05-01T00:00:00Z", TROTH_ERR_VALUE, 0},
    {"2026-5-01T00:00:00Z", TROTH_ERR_VALUE, 0},
    {"2026-02-29T00:00:00Z", TROTH_ERR_VALUE, 0},
    {"2016-12-31T23:59:60Z", TROTH_ERR_VALUE, 0},
    {"2026-05-01T00:00:0aZ", TROTH_ERR_VALUE, 0},
    {" 2026-05-01T00:00:00Z", TROTH_ERR_VALUE, 0},
    {"2026-05-01T00:00:00Z ", TROTH_ERR_VALUE, 0},
};

static void test_tables(void)
{
    for (size_t i = 0; i < COUNT(civils); i++) {
        int64_t seen = 1;

        test_case("civil: %s", civils[i].why);
        CHECK_ERR(troth_instant_from_civil(&seen, civils[i].civil), civils[i].err);
        CHECK_INT(seen, civils[i].instant_s);
    }
    for (size_t i = 0; i < COUNT(texts); i++) {
        int64_t seen = 1;

        test_case("text: '%s'", texts[i].text);
        CHECK_ERR(troth_instant_parse_rfc3339(&seen, test_text(texts[i].text)),
                  texts[i].err);
        CHECK_INT(seen, texts[i].instant_s);
    }
}

/* One instant, held against the C library both ways, and through text and back. */
static bool agrees(int64_t instant_s)
{
    const struct troth_civil t = troth_instant_to_civil(instant_s);
    time_t theirs_s = (time_t)instant_s;
    struct tm theirs;
    int64_t back = 0;
    uint8_t text[20];
    struct troth_writer w = troth_writer_over(text, sizeof text);

    if (!gmtime_r(&theirs_s, &theirs))
        return false;
    if ((int)t.year != theirs.tm_year + 1900 || (int)t.month != theirs.tm_mon + 1 ||
        (int)t.day != theirs.tm_mday || (int)t.hour != theirs.tm_hour ||
        (int)t.minute != theirs.tm_min || (int)t.second != theirs.tm_sec)
        return false;
    if (troth_instant_from_civil(&back, t) || back != instant_s ||
        mktime(&theirs) != theirs_s)
        return false;
    troth_write_rfc3339(&w, instant_s);
    return !w.full && w.len == 20 &&
           !troth_instant_parse_rfc3339(&back, troth_writer_span(&w)) &&
           back == instant_s;
}

static void test_like_the_c_library(void)
{
    struct test_random random = {3};

    test_case("the first and last second of every month, as the C library has them");
    for (unsigned month = 1; month <= 9999 * 12U; month++) {
        const struct troth_civil t = {
            (month - 1) / 12 + 1, (month - 1) % 12 + 1, 1, 0, 0, 0};
        int64_t start = 0;

        if (troth_instant_from_civil(&start, t) || !agrees(start) ||
            (month > 1 && !agrees(start - 1)))
            CHECK_INT(month, -1);
    }
    CHECK(agrees(LAST_S));

    test_case("random instants, as the C library has them");
    for (unsigned i = 0; i < 20000; i++) {
        uint64_t since = (uint64_t)test_random_below(&random, 1U << 31) << 8 |
                         test_random_below(&random, 256);
        int64_t instant_s = FIRST_S + (int64_t)(since % (uint64_t)(LAST_S - FIRST_S + 1));

        if (!agrees(instant_s))
            CHECK_INT(instant_s, -1);
    }
    CHECK(true);
}

static void test_limits(void)
{
    struct troth_civil t = troth_instant_to_civil(INT64_MIN);
    uint8_t text[20];
    struct troth_writer w = troth_writer_over(text, sizeof text);

    test_case("instants outside the years give the nearest inside");
    CHECK(t.year == 1 && t.month == 1 && t.day == 1 && t.hour == 0 && t.second == 0);
    t = troth_instant_to_civil(FIRST_S - 1);
    CHECK(t.year == 1 && t.second == 0);
    t = troth_instant_to_civil(LAST_S + 1);
    CHECK(t.year == 9999 && t.month == 12 && t.day == 31 && t.hour == 23 &&
          t.second == 59);

    test_case("never is written as a word");
    troth_write_rfc3339(&w, TROTH_INSTANT_NEVER);
    CHECK_SPAN(troth_writer_span(&w), test_text("never"));
}

int main(void)
{
    setenv("TZ", "UTC0", 1); /* so that mktime() is the inverse of gmtime_r() */
    tzset();
    test_tables();
    test_like_the_c_library();
    test_limits();
    return test_finish();
}
