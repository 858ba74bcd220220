/* SPDX-License-Identifier: Apache-2.0 */
#include "base/instant.h"

#include "base/cursor.h"

#define DAY_S 86400

/* 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z. */
#define FIRST_S INT64_C(-62135596800)
#define LAST_S  INT64_C(253402300799)

/* Days in 400, 100 and 4 years, when the last of them is the leap year (or is not, as
 * in three of four centuries). */
enum { DAYS_400 = 146097, DAYS_100 = 36524, DAYS_4 = 1461, DAYS_1 = 365 };

static const uint16_t days_before_month[] = {0,   31,  59,  90,  120, 151, 181,
                                             212, 243, 273, 304, 334, 365};

static bool is_leap(unsigned year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Days of `year` before `month`, which counts from 1 and may be 13. */
static unsigned days_before(unsigned year, unsigned month)
{
    return days_before_month[month - 1] + (month > 2 && is_leap(year) ? 1U : 0U);
}

static bool is_possible(struct troth_civil t)
{
    if (t.year < 1 || t.year > 9999 || t.month < 1 || t.month > 12 || t.day < 1)
        return false;
    return t.day <= days_before(t.year, t.month + 1) - days_before(t.year, t.month) &&
           t.hour < 24 && t.minute < 60 && t.second < 60;
}

enum troth_err troth_instant_from_civil(int64_t *out_s, struct troth_civil civil)
{
    *out_s = 0;
    if (!is_possible(civil))
        return TROTH_ERR_VALUE;

    unsigned past = civil.year - 1;
    unsigned days = past * DAYS_1 + past / 4 - past / 100 + past / 400 +
                    days_before(civil.year, civil.month) + civil.day - 1;
    unsigned time_of_day = (civil.hour * 60 + civil.minute) * 60 + civil.second;

    *out_s = FIRST_S + (int64_t)days * DAY_S + time_of_day;
    return TROTH_OK;
}

static unsigned at_most(unsigned limit, unsigned value)
{
    return value < limit ? value : limit;
}

/* The year in which day `*day` falls, counted from 0001-01-01; leaves the day of the
 * year. The last year of a cycle is the long one, hence at_most(3, …). */
static unsigned year_of(unsigned *day)
{
    unsigned quadricentury = *day / DAYS_400;
    unsigned left = *day % DAYS_400;
    unsigned century = at_most(3, left / DAYS_100);

    left -= century * DAYS_100;

    unsigned quadrennium = left / DAYS_4;

    left %= DAYS_4;

    unsigned year = at_most(3, left / DAYS_1);

    *day = left - year * DAYS_1;
    return quadricentury * 400 + century * 100 + quadrennium * 4 + year + 1;
}

struct troth_civil troth_instant_to_civil(int64_t instant_s)
{
    int64_t inside = instant_s < FIRST_S ? FIRST_S : instant_s;
    uint64_t since = (uint64_t)((inside > LAST_S ? LAST_S : inside) - FIRST_S);
    unsigned day = (unsigned)(since / DAY_S);
    unsigned time_of_day = (unsigned)(since % DAY_S);
    struct troth_civil t = {.year = year_of(&day), .month = 1};

    while (day >= days_before(t.year, t.month + 1))
        t.month++;
    t.day = day - days_before(t.year, t.month) + 1;
    t.hour = time_of_day / 3600;
    t.minute = time_of_day / 60 % 60;
    t.second = time_of_day % 60;
    return t;
}

/* A decimal number of exactly `width` digits. */
static unsigned digits(struct troth_cursor *c, size_t width)
{
    struct troth_span text = troth_cursor_bytes(c, width, NULL);
    unsigned value = 0;

    for (size_t i = 0; i < text.len; i++) {
        troth_cursor_expect(c, text.ptr[i] >= '0' && text.ptr[i] <= '9', TROTH_ERR_VALUE,
                            NULL);
        value = value * 10 + (text.ptr[i] - '0') % 10U;
    }
    return value;
}

static void mark(struct troth_cursor *c, uint8_t upper, uint8_t lower)
{
    uint8_t seen = troth_cursor_u8(c, NULL);

    troth_cursor_expect(c, seen == upper || seen == lower, TROTH_ERR_VALUE, NULL);
}

static bool next_is(const struct troth_cursor *c, uint8_t low, uint8_t high)
{
    return troth_cursor_left(c) && *c->next >= low && *c->next <= high;
}

static void skip_fraction(struct troth_cursor *c)
{
    if (!next_is(c, '.', '.'))
        return;
    mark(c, '.', '.');
    digits(c, 1);
    while (next_is(c, '0', '9'))
        digits(c, 1);
}

/* Seconds by which the local time before it is ahead of UTC. */
static int64_t zone(struct troth_cursor *c)
{
    if (next_is(c, 'Z', 'Z') || next_is(c, 'z', 'z')) {
        mark(c, 'Z', 'z');
        return 0;
    }

    int64_t sign = next_is(c, '-', '-') ? -1 : 1;

    mark(c, '+', '-');

    unsigned hour = digits(c, 2);

    mark(c, ':', ':');

    unsigned minute = digits(c, 2);

    troth_cursor_expect(c, hour < 24 && minute < 60, TROTH_ERR_VALUE, NULL);
    return sign * (int64_t)((hour * 60 + minute) * 60);
}

enum troth_err troth_instant_parse_rfc3339(int64_t *out_s, struct troth_span text)
{
    struct troth_cursor c = troth_cursor_over(text);
    struct troth_civil t;
    int64_t local;

    t.year = digits(&c, 4);
    mark(&c, '-', '-');
    t.month = digits(&c, 2);
    mark(&c, '-', '-');
    t.day = digits(&c, 2);
    mark(&c, 'T', 't');
    t.hour = digits(&c, 2);
    mark(&c, ':', ':');
    t.minute = digits(&c, 2);
    mark(&c, ':', ':');
    t.second = digits(&c, 2);
    skip_fraction(&c);

    int64_t ahead = zone(&c);
    bool wrong = troth_cursor_finish(&c, NULL) || troth_instant_from_civil(&local, t);

    if (wrong || local - ahead < FIRST_S || local - ahead > LAST_S) {
        *out_s = 0;
        return TROTH_ERR_VALUE;
    }
    *out_s = local - ahead;
    return TROTH_OK;
}

static void write_digits(struct troth_writer *w, unsigned value, size_t width)
{
    uint8_t text[4];

    for (size_t i = width; i > 0; i--) {
        text[i - 1] = (uint8_t)('0' + value % 10);
        value /= 10;
    }
    troth_write_bytes(w, (struct troth_span){text, width});
}

void troth_write_rfc3339(struct troth_writer *w, int64_t instant_s)
{
    const struct troth_civil t = troth_instant_to_civil(instant_s);
    const struct {
        unsigned value, width;
        char after;
    } parts[] = {{t.year, 4, '-'}, {t.month, 2, '-'},  {t.day, 2, 'T'},
                 {t.hour, 2, ':'}, {t.minute, 2, ':'}, {t.second, 2, 'Z'}};

    if (instant_s == TROTH_INSTANT_NEVER) {
        troth_write_text(w, "never");
        return;
    }
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        write_digits(w, parts[i].value, parts[i].width);
        troth_write_u8(w, (uint8_t)parts[i].after);
    }
}
