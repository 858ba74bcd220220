/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/standard.h"

#include "base/memory.h"
#include "base/span.h"
#include "cel/text.h"
#include "cel/time.h"

/* A visit of a state takes about a quarter of an instruction's time. */
enum { VISITS_A_STEP = 4 };

const struct troth_cel_getter troth_cel_getters[TROTH_CEL_GETTER_COUNT] = {
#define X(name, text, member, add) {offsetof(struct troth_cel_calendar, member), (add)},
    TROTH_CEL_GETTERS(X)
#undef X
};

const int64_t troth_cel_units_s[3] = {3600, 60, 1};

struct troth_cel_value troth_cel_size(struct troth_cel_call *call,
                                      const struct troth_cel_value *arguments)
{
    const struct troth_cel_value *of = &arguments[0];
    size_t size = 0;

    if (of->kind == TROTH_CEL_LIST)
        size = of->as.list->count;
    else if (of->kind == TROTH_CEL_MAP)
        size = of->as.map->count;
    else if (of->kind == TROTH_CEL_BYTES)
        size = of->as.text.len;
    else if (troth_cel_spend(call, of->as.text.len / TROTH_CEL_BYTES_A_STEP))
        size = troth_cel_text_count(of->as.text);
    return TROTH_CEL_INT_VALUE((int64_t)size);
}

struct troth_cel_value troth_cel_contains(struct troth_cel_call *call,
                                          const struct troth_cel_value *arguments)
{
    return TROTH_CEL_BOOL_VALUE(troth_cel_text_find(call, arguments[0].as.text,
                                                    arguments[1].as.text, 0) != SIZE_MAX);
}

struct troth_cel_value troth_cel_starts_with(struct troth_cel_call *call,
                                             const struct troth_cel_value *arguments)
{
    const struct troth_span prefix = arguments[1].as.text;

    return TROTH_CEL_BOOL_VALUE(
        troth_cel_spend(call, prefix.len / TROTH_CEL_BYTES_A_STEP) &&
        troth_span_starts_with(arguments[0].as.text, prefix));
}

struct troth_cel_value troth_cel_ends_with(struct troth_cel_call *call,
                                           const struct troth_cel_value *arguments)
{
    const struct troth_span text = arguments[0].as.text;
    const struct troth_span suffix = arguments[1].as.text;

    if (suffix.len > text.len ||
        !troth_cel_spend(call, suffix.len / TROTH_CEL_BYTES_A_STEP))
        return TROTH_CEL_BOOL_VALUE(false);
    return TROTH_CEL_BOOL_VALUE(troth_span_equal(
        troth_span_slice(text, text.len - suffix.len, text.len), suffix));
}

struct troth_cel_value troth_cel_matches_compiled(struct troth_cel_call *call,
                                                  const struct troth_regex *regex,
                                                  struct troth_span text)
{
    const uint64_t allowed = call->steps > UINT64_MAX / VISITS_A_STEP
                                 ? UINT64_MAX
                                 : call->steps * VISITS_A_STEP;
    uint64_t left = allowed;
    bool matches;
    const enum troth_err err = troth_regex_search(&matches, regex, text, &left,
                                                  call->arena);

    if (err == TROTH_ERR_MEMORY)
        call->out_of_memory = true;
    else if (err)
        call->out_of_steps = true;
    else
        (void)troth_cel_spend(call, (allowed - left) / VISITS_A_STEP);
    return TROTH_CEL_BOOL_VALUE(matches);
}

struct troth_cel_value troth_cel_matches(struct troth_cel_call *call,
                                         const struct troth_cel_value *arguments)
{
    const size_t mark = call->arena->used;
    struct troth_cel_value answer = TROTH_CEL_ERROR_VALUE(TROTH_CEL_ERROR_PATTERN);
    struct troth_regex regex;

    if (!troth_cel_spend(call, arguments[1].as.text.len))
        return answer;

    const enum troth_err err = troth_regex_compile(&regex, NULL, arguments[1].as.text,
                                                   call->arena);

    if (err == TROTH_ERR_MEMORY)
        call->out_of_memory = true;
    /* A short pattern may be a machine of many states. */
    if (!err && troth_cel_spend(call, regex.count / VISITS_A_STEP))
        answer = troth_cel_matches_compiled(call, &regex, arguments[0].as.text);
    call->arena->used = mark;
    return answer;
}

static struct troth_cel_value field_of(const struct troth_cel_getter *getter,
                                       const struct troth_cel_value *timestamp,
                                       struct troth_span zone)
{
    struct troth_cel_calendar calendar;

    if (troth_cel_calendar(&calendar, timestamp, zone))
        return TROTH_CEL_ERROR_VALUE(TROTH_CEL_ERROR_ARGUMENT);

    const uint8_t *field = (const uint8_t *)&calendar + getter->offset;
    int64_t value;

    memcpy(&value, field, sizeof value);
    return TROTH_CEL_INT_VALUE(value + getter->add);
}

struct troth_cel_value troth_cel_get_field(struct troth_cel_call *call,
                                           const struct troth_cel_value *arguments)
{
    return field_of(call->host, &arguments[0], TROTH_LITERAL("UTC"));
}

struct troth_cel_value
troth_cel_get_field_in_zone(struct troth_cel_call *call,
                            const struct troth_cel_value *arguments)
{
    return field_of(call->host, &arguments[0], arguments[1].as.text);
}

struct troth_cel_value troth_cel_get_units(struct troth_cel_call *call,
                                           const struct troth_cel_value *arguments)
{
    const int64_t *unit_s = call->host;

    return TROTH_CEL_INT_VALUE(arguments[0].as.integer / *unit_s);
}

struct troth_cel_value troth_cel_get_milliseconds(struct troth_cel_call *call,
                                                  const struct troth_cel_value *arguments)
{
    (void)call;
    return TROTH_CEL_INT_VALUE(arguments[0].nanos / 1000000);
}
