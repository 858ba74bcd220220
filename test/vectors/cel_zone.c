/* SPDX-License-Identifier: Apache-2.0 */
#include "test/vectors/cel_zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cel/library_types.h"
#include "cel/time.h"
#include "test/harness.h"

/* clang-format off */
#define FIELDS(X)                                                                       \
    /* function        of a struct tm       of our calendar */                          \
    X(getFullYear,     tm_year + 1900,      year)                                       \
    X(getMonth,        tm_mon,              month)                                      \
    X(getDate,         tm_mday,             day_of_month + 1)                           \
    X(getDayOfMonth,   tm_mday - 1,         day_of_month)                               \
    X(getDayOfWeek,    tm_wday,             day_of_week)                                \
    X(getDayOfYear,    tm_yday,             day_of_year)                                \
    X(getHours,        tm_hour,             hour)                                       \
    X(getMinutes,      tm_min,              minute)                                     \
    X(getSeconds,      tm_sec,              second)
/* clang-format on */

static bool is_name(const char *zone)
{
    return strspn(zone, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") > 0 && strchr(zone, '/');
}

/* The time of day there; false where the zone is none that the system lists. */
static bool local_time(struct tm *out, const struct troth_cel_value *arguments)
{
    const time_t at = (time_t)arguments[0].as.integer;
    char zone[64];
    char path[128];

    snprintf(zone, sizeof zone, "%.*s", (int)arguments[1].as.text.len,
             (const char *)arguments[1].as.text.ptr);
    snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", zone);
    FILE *file = is_name(zone) && !strstr(zone, "..") ? fopen(path, "rb") : NULL;
    if (!file)
        return false;
    fclose(file);
    setenv("TZ", zone, 1);
    tzset();
    return localtime_r(&at, out) != NULL;
}

bool cel_zones_are_there(void)
{
    const struct troth_cel_value arguments[] = {
        TROTH_CEL_TIMESTAMP_VALUE(0, 0),
        TROTH_CEL_STRING_VALUE(TROTH_LITERAL("Asia/Kathmandu"))};
    struct tm tm;

    return local_time(&tm, arguments);
}

#define X(name, theirs, ours)                                                            \
    static struct troth_cel_value name(struct troth_cel_call *call,                      \
                                       const struct troth_cel_value *arguments)          \
    {                                                                                    \
        struct troth_cel_calendar calendar;                                              \
        struct tm tm;                                                                    \
                                                                                         \
        (void)call;                                                                      \
        if (local_time(&tm, arguments))                                                  \
            return TROTH_CEL_INT_VALUE(tm.theirs);                                       \
        if (troth_cel_calendar(&calendar, &arguments[0], arguments[1].as.text))          \
            return TROTH_CEL_ERROR_VALUE(TROTH_CEL_ERROR_ARGUMENT);                      \
        return TROTH_CEL_INT_VALUE(calendar.ours);                                       \
    }
FIELDS(X)
#undef X

static const struct troth_cel_overload rows[] = {
#define X(name, theirs, ours)                                                            \
    TROTH_CEL_METHOD(#name, name, TROTH_CEL_OF(INT), TROTH_CEL_OF(TIMESTAMP),            \
                     TROTH_CEL_OF(STRING))
    FIELDS(X)
#undef X
};

const struct troth_cel_library cel_zones = {
    .name = "zones", .overloads = rows, .overload_count = COUNT(rows)};
