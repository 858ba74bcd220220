/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/operators.h"

#include "base/span.h"
#include "cel/value.h"

/* The first argument of that kind, or NULL. */
static const struct troth_cel_value *first_of(enum troth_cel_kind kind,
                                              const struct troth_cel_value *arguments,
                                              unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (arguments[i].kind == kind)
            return &arguments[i];
    return NULL;
}

struct troth_cel_value troth_cel_refuse(const struct troth_cel_value *arguments,
                                        unsigned count)
{
    const struct troth_cel_value *first = first_of(TROTH_CEL_ERROR, arguments, count);

    if (!first)
        first = first_of(TROTH_CEL_UNKNOWN, arguments, count);
    return first ? *first : TROTH_CEL_ERROR_VALUE(TROTH_CEL_ERROR_OVERLOAD);
}

/* Operands of && and || that do not decide. What is unknown may still: it comes before
 * errors. */
static struct troth_cel_value undecided(const struct troth_cel_value *operands)
{
    const struct troth_cel_value *unknown = first_of(TROTH_CEL_UNKNOWN, operands, 2);

    return unknown ? *unknown : troth_cel_refuse(operands, 2);
}

/* NONE is a host's hole in a list. */
static bool is_value(const struct troth_cel_value *value)
{
    return value->kind > TROTH_CEL_UNKNOWN;
}

static bool is_bool(const struct troth_cel_value *value, bool wanted)
{
    return value->kind == TROTH_CEL_BOOL && value->as.boolean == wanted;
}

struct troth_cel_value troth_cel_and(const struct troth_cel_value *a)
{
    if (is_bool(&a[1], false))
        return a[1];
    if (is_bool(&a[0], true) && is_bool(&a[1], true))
        return a[1];
    return undecided(a);
}

struct troth_cel_value troth_cel_or(const struct troth_cel_value *a)
{
    if (is_bool(&a[1], true))
        return a[1];
    if (is_bool(&a[0], false) && is_bool(&a[1], false))
        return a[1];
    return undecided(a);
}

struct troth_cel_value troth_cel_not(struct troth_cel_call *call,
                                     const struct troth_cel_value *a)
{
    (void)call;
    return a->kind == TROTH_CEL_BOOL ? TROTH_CEL_BOOL_VALUE(!a->as.boolean)
                                     : troth_cel_refuse(a, 1);
}

struct troth_cel_value troth_cel_not_strictly_false(struct troth_cel_call *call,
                                                    const struct troth_cel_value *a)
{
    (void)call;
    return TROTH_CEL_BOOL_VALUE(!is_bool(a, false));
}

static struct troth_cel_value equality(struct troth_cel_call *call,
                                       const struct troth_cel_value *a, bool wanted)
{
    if (!is_value(&a[0]) || !is_value(&a[1]))
        return troth_cel_refuse(a, 2);
    return TROTH_CEL_BOOL_VALUE(troth_cel_equal(call, &a[0], &a[1]) == wanted);
}

struct troth_cel_value troth_cel_is_equal(struct troth_cel_call *call,
                                          const struct troth_cel_value *a)
{
    return equality(call, a, true);
}

struct troth_cel_value troth_cel_is_different(struct troth_cel_call *call,
                                              const struct troth_cel_value *a)
{
    return equality(call, a, false);
}

/* Which orders make a comparison true: one bit for each, from LESS. */
enum { LESS = 1, SAME = 2, GREATER = 4 };

static struct troth_cel_value comparison(struct troth_cel_call *call,
                                         const struct troth_cel_value *a, unsigned holds)
{
    const enum troth_cel_order order = troth_cel_compare(&a[0], &a[1]);

    if (order == TROTH_CEL_NOT_COMPARABLE)
        return troth_cel_refuse(a, 2);
    if ((a->kind == TROTH_CEL_STRING || a->kind == TROTH_CEL_BYTES) &&
        !troth_cel_spend(call, a->as.text.len / 16))
        return TROTH_CEL_ERROR_VALUE(TROTH_CEL_ERROR_RANGE);
    if (order == TROTH_CEL_UNORDERED)
        return TROTH_CEL_BOOL_VALUE(false);
    return TROTH_CEL_BOOL_VALUE((holds >> (order - TROTH_CEL_LESS) & 1) != 0);
}

struct troth_cel_value troth_cel_is_less(struct troth_cel_call *call,
                                         const struct troth_cel_value *a)
{
    return comparison(call, a, LESS);
}

struct troth_cel_value troth_cel_is_at_most(struct troth_cel_call *call,
                                            const struct troth_cel_value *a)
{
    return comparison(call, a, LESS | SAME);
}

struct troth_cel_value troth_cel_is_greater(struct troth_cel_call *call,
                                            const struct troth_cel_value *a)
{
    return comparison(call, a, GREATER);
}

struct troth_cel_value troth_cel_is_at_least(struct troth_cel_call *call,
                                             const struct troth_cel_value *a)
{
    return comparison(call, a, GREATER | SAME);
}

static bool list_has(struct troth_cel_call *call, const struct troth_cel_list *list,
                     const struct troth_cel_value *value)
{
    for (size_t i = 0; i < list->count; i++) {
        if (!troth_cel_spend(call, 1))
            return false;
        if (troth_cel_equal(call, &list->items[i], value))
            return true;
    }
    return false;
}

struct troth_cel_value troth_cel_in(struct troth_cel_call *call,
                                    const struct troth_cel_value *a)
{
    if (!is_value(&a[0]))
        return troth_cel_refuse(a, 2);
    if (a[1].kind == TROTH_CEL_LIST)
        return TROTH_CEL_BOOL_VALUE(list_has(call, a[1].as.list, &a[0]));
    if (a[1].kind == TROTH_CEL_MAP)
        return TROTH_CEL_BOOL_VALUE(troth_cel_map_find(call, a[1].as.map, &a[0]) != NULL);
    return troth_cel_refuse(a, 2);
}

const struct troth_cel_operator *troth_cel_operator_named(struct troth_span name)
{
    static const struct troth_cel_operator operators[] = {
        {"_+_", troth_cel_add, 2},
        {"_-_", troth_cel_subtract, 2},
        {"_*_", troth_cel_multiply, 2},
        {"_/_", troth_cel_divide, 2},
        {"_%_", troth_cel_modulus, 2},
        {"-_", troth_cel_negate, 1},
        {"!_", troth_cel_not, 1},
        {"_==_", troth_cel_is_equal, 2},
        {"_!=_", troth_cel_is_different, 2},
        {"_<_", troth_cel_is_less, 2},
        {"_<=_", troth_cel_is_at_most, 2},
        {"_>_", troth_cel_is_greater, 2},
        {"_>=_", troth_cel_is_at_least, 2},
        {"@in", troth_cel_in, 2},
        {"_[_]", troth_cel_index, 2},
        {"_[?_]", troth_cel_index_optional, 2},
        {"_?._", troth_cel_select_optional, 2},
        {"@not_strictly_false", troth_cel_not_strictly_false, 1},
    };

    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++)
        if (troth_span_is_text(name, operators[i].name))
            return &operators[i];
    return NULL;
}
