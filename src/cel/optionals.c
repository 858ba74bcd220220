/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/optionals.h"

#include "cel/library_types.h"
#include "cel/macro.h"
#include "cel/value.h"

static struct troth_cel_value none(struct troth_cel_call *call,
                                   const struct troth_cel_value *arguments)
{
    (void)call, (void)arguments;
    return TROTH_CEL_OPTIONAL_VALUE(NULL);
}

static struct troth_cel_value of(struct troth_cel_call *call,
                                 const struct troth_cel_value *arguments)
{
    return troth_cel_new_optional(call, &arguments[0]);
}

/* Is it what a variable of that type is before anything is known of it? */
static bool is_zero(const struct troth_cel_value *value)
{
    switch ((int)value->kind) {
    case TROTH_CEL_NULL:
        return true;
    case TROTH_CEL_BOOL:
        return !value->as.boolean;
    case TROTH_CEL_INT:
        return value->as.integer == 0;
    case TROTH_CEL_UINT:
        return value->as.number == 0;
    case TROTH_CEL_DOUBLE:
        return value->as.real == 0;
    case TROTH_CEL_STRING:
    case TROTH_CEL_BYTES:
        return value->as.text.len == 0;
    case TROTH_CEL_TIMESTAMP:
    case TROTH_CEL_DURATION:
        return value->as.integer == 0 && value->nanos == 0;
    case TROTH_CEL_LIST:
        return value->as.list->count == 0;
    case TROTH_CEL_MAP:
        return value->as.map->count == 0;
    case TROTH_CEL_OPTIONAL:
        return !value->as.optional;
    }
    return false;
}

static struct troth_cel_value of_non_zero(struct troth_cel_call *call,
                                          const struct troth_cel_value *arguments)
{
    return is_zero(&arguments[0]) ? none(call, arguments) : of(call, arguments);
}

static struct troth_cel_value has_value(struct troth_cel_call *call,
                                        const struct troth_cel_value *arguments)
{
    (void)call;
    return TROTH_CEL_BOOL_VALUE(arguments[0].as.optional != NULL);
}

static struct troth_cel_value value(struct troth_cel_call *call,
                                    const struct troth_cel_value *arguments)
{
    (void)call;
    return arguments[0].as.optional ? *arguments[0].as.optional
                                    : TROTH_CEL_ERROR_VALUE(TROTH_CEL_ERROR_EMPTY);
}

static struct troth_cel_value or
    (struct troth_cel_call * call, const struct troth_cel_value *arguments)
{
    (void)call;
    return arguments[0].as.optional ? arguments[0] : arguments[1];
}

static struct troth_cel_value or_value(struct troth_cel_call *call,
                                       const struct troth_cel_value *arguments)
{
    (void)call;
    return arguments[0].as.optional ? *arguments[0].as.optional : arguments[1];
}

enum troth_cel_alternative troth_cel_alternative_of(const struct troth_cel_node *call)
{
    const struct troth_cel_overload *const *rows = call->overloads;

    if (call->kind != TROTH_CEL_NODE_CALL || !rows || !rows[0] || rows[1])
        return TROTH_CEL_NO_ALTERNATIVE;
    if (rows[0]->call == or_value)
        return TROTH_CEL_OR_VALUE;
    return rows[0]->call == or ? TROTH_CEL_OR : TROTH_CEL_NO_ALTERNATIVE;
}

/* One element of a list as an optional: borrowed, as lists do not change. */
static struct troth_cel_value first(struct troth_cel_call *call,
                                    const struct troth_cel_value *arguments)
{
    const struct troth_cel_list *list = arguments[0].as.list;

    (void)call;
    return TROTH_CEL_OPTIONAL_VALUE(list->count ? &list->items[0] : NULL);
}

static struct troth_cel_value last(struct troth_cel_call *call,
                                   const struct troth_cel_value *arguments)
{
    const struct troth_cel_list *list = arguments[0].as.list;

    (void)call;
    return TROTH_CEL_OPTIONAL_VALUE(list->count ? &list->items[list->count - 1] : NULL);
}

/* The values of those optionals that have one. */
static struct troth_cel_value unwrap(struct troth_cel_call *call,
                                     const struct troth_cel_value *arguments)
{
    const struct troth_cel_list *list = arguments[0].as.list;
    struct troth_cel_value *items = troth_cel_take(call, list->count, sizeof *items);
    size_t count = 0;

    for (size_t i = 0; items && i < list->count && troth_cel_spend(call, 1); i++) {
        if (list->items[i].kind != TROTH_CEL_OPTIONAL)
            return TROTH_CEL_ERROR_VALUE(TROTH_CEL_ERROR_OVERLOAD);
        if (list->items[i].as.optional)
            items[count++] = *list->items[i].as.optional;
    }
    return troth_cel_new_list(call, items, count);
}

#define A         &troth_cel_type_a
#define LIST      &troth_cel_type_list_a
#define OPTIONAL  &troth_cel_type_optional_a
#define OPTIONALS &troth_cel_type_list_optional_a

/* clang-format off */
static const struct troth_cel_overload overloads[] = {
    {"optional.none", false, 0, OPTIONAL, {NULL}, none, NULL},
    /*                 name                       call         result    arguments    */
    TROTH_CEL_FUNCTION("optional.of",             of,          OPTIONAL, A)
    TROTH_CEL_FUNCTION("optional.ofNonZeroValue", of_non_zero, OPTIONAL, A)
    TROTH_CEL_METHOD("hasValue",  has_value, TROTH_CEL_OF(BOOL), OPTIONAL)
    TROTH_CEL_METHOD("value",                     value,       A,        OPTIONAL)
    TROTH_CEL_METHOD("or",                        or,          OPTIONAL, OPTIONAL, OPTIONAL)
    TROTH_CEL_METHOD("orValue",                   or_value,    A,        OPTIONAL, A)
    TROTH_CEL_METHOD("first",                     first,       OPTIONAL, LIST)
    TROTH_CEL_METHOD("last",                      last,        OPTIONAL, LIST)
    TROTH_CEL_FUNCTION("optional.unwrap",         unwrap,      LIST,     OPTIONALS)
    TROTH_CEL_METHOD("unwrapOpt",                 unwrap,      LIST,     OPTIONALS)
};
/* clang-format on */

const struct troth_cel_library troth_cel_optionals = {
    .name = "optionals",
    .overloads = overloads,
    .overload_count = sizeof overloads / sizeof overloads[0],
    .macros = troth_cel_optional_macros,
    .macro_count = TROTH_CEL_OPTIONAL_MACROS,
};
