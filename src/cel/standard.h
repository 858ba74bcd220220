/* standard.h - the functions that are always there, beside the operators. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CEL_STANDARD_H
#define TROTH_CEL_STANDARD_H

#include "cel/library_types.h"
#include "regex/regex.h"

/* What a timestamp is asked for: member of struct troth_cel_calendar, and what to add. */
/* clang-format off */
#define TROTH_CEL_GETTERS(X)                                                            \
    X(FULL_YEAR,    "getFullYear",     year,         0)                                 \
    X(MONTH,        "getMonth",        month,        0)                                 \
    X(DATE,         "getDate",         day_of_month, 1)                                 \
    X(DAY_OF_MONTH, "getDayOfMonth",   day_of_month, 0)                                 \
    X(DAY_OF_WEEK,  "getDayOfWeek",    day_of_week,  0)                                 \
    X(DAY_OF_YEAR,  "getDayOfYear",    day_of_year,  0)                                 \
    X(HOURS,        "getHours",        hour,         0)                                 \
    X(MINUTES,      "getMinutes",      minute,       0)                                 \
    X(SECONDS,      "getSeconds",      second,       0)                                 \
    X(MILLISECONDS, "getMilliseconds", millisecond,  0)
/* clang-format on */

enum troth_cel_getter_name {
#define X(name, ...) TROTH_CEL_GET_##name,
    TROTH_CEL_GETTERS(X)
#undef X
        TROTH_CEL_GETTER_COUNT
};

struct troth_cel_getter {
    size_t offset; /* in struct troth_cel_calendar */
    int64_t add;
};
extern const struct troth_cel_getter troth_cel_getters[TROTH_CEL_GETTER_COUNT];

/* Seconds in one of what a duration is asked for. */
enum troth_cel_unit { TROTH_CEL_UNIT_HOUR, TROTH_CEL_UNIT_MINUTE, TROTH_CEL_UNIT_SECOND };
extern const int64_t troth_cel_units_s[3];

troth_cel_function troth_cel_size;
troth_cel_function troth_cel_contains, troth_cel_starts_with, troth_cel_ends_with;
troth_cel_function troth_cel_matches;
/* Of a timestamp, in UTC or in a zone; host: a getter. */
troth_cel_function troth_cel_get_field, troth_cel_get_field_in_zone;
troth_cel_function troth_cel_get_units;        /* of a duration; host: a unit's seconds */
troth_cel_function troth_cel_get_milliseconds; /* of a duration, beyond its seconds */

/* troth_cel_matches() with a pattern that was compiled before. */
struct troth_cel_value troth_cel_matches_compiled(struct troth_cel_call *call,
                                                  const struct troth_regex *regex,
                                                  struct troth_span text);

/* Rows for the array of troth_cel_standard in library.c. */
/* clang-format off */
#define TROTH_CEL_STANDARD_ROWS                                                         \
    TROTH_CEL_SIZE_ROWS(TROTH_CEL_FUNCTION)                                             \
    TROTH_CEL_SIZE_ROWS(TROTH_CEL_METHOD)                                               \
    TROTH_CEL_TEXT_ROW(TROTH_CEL_METHOD, "contains", troth_cel_contains)                \
    TROTH_CEL_TEXT_ROW(TROTH_CEL_METHOD, "startsWith", troth_cel_starts_with)           \
    TROTH_CEL_TEXT_ROW(TROTH_CEL_METHOD, "endsWith", troth_cel_ends_with)               \
    TROTH_CEL_TEXT_ROW(TROTH_CEL_METHOD, "matches", troth_cel_matches)                  \
    TROTH_CEL_TEXT_ROW(TROTH_CEL_FUNCTION, "matches", troth_cel_matches)                \
    TROTH_CEL_GETTERS(TROTH_CEL_GETTER_ROWS)                                            \
    TROTH_CEL_UNIT_ROW(HOUR, "getHours")                                                \
    TROTH_CEL_UNIT_ROW(MINUTE, "getMinutes")                                            \
    TROTH_CEL_UNIT_ROW(SECOND, "getSeconds")                                            \
    TROTH_CEL_METHOD("getMilliseconds", troth_cel_get_milliseconds, TROTH_CEL_OF(INT),  \
                     TROTH_CEL_OF(DURATION))

#define TROTH_CEL_SIZE_ROWS(ROW)                                                        \
    ROW("size", troth_cel_size, TROTH_CEL_OF(INT), TROTH_CEL_OF(STRING))                \
    ROW("size", troth_cel_size, TROTH_CEL_OF(INT), TROTH_CEL_OF(BYTES))                 \
    ROW("size", troth_cel_size, TROTH_CEL_OF(INT), &troth_cel_type_list_a)              \
    ROW("size", troth_cel_size, TROTH_CEL_OF(INT), &troth_cel_type_map_ab)

#define TROTH_CEL_TEXT_ROW(ROW, name, call)                                             \
    ROW(name, call, TROTH_CEL_OF(BOOL), TROTH_CEL_OF(STRING), TROTH_CEL_OF(STRING))

#define TROTH_CEL_GETTER_ROWS(getter, name, ...)                                        \
    TROTH_CEL_METHOD_OF(&troth_cel_getters[TROTH_CEL_GET_##getter], name,               \
                        troth_cel_get_field, TROTH_CEL_OF(INT),                         \
                        TROTH_CEL_OF(TIMESTAMP))                                        \
    TROTH_CEL_METHOD_OF(&troth_cel_getters[TROTH_CEL_GET_##getter], name,               \
                        troth_cel_get_field_in_zone, TROTH_CEL_OF(INT),                 \
                        TROTH_CEL_OF(TIMESTAMP), TROTH_CEL_OF(STRING))

#define TROTH_CEL_UNIT_ROW(unit, name)                                                  \
    TROTH_CEL_METHOD_OF(&troth_cel_units_s[TROTH_CEL_UNIT_##unit], name,                \
                        troth_cel_get_units, TROTH_CEL_OF(INT),                         \
                        TROTH_CEL_OF(DURATION))
/* clang-format on */

#endif
