/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/dispatch.h"

#include "base/arena.h"
#include "cel/operators.h"
#include "cel/type.h"
#include "cel/value.h"

static bool takes_same(const struct troth_cel_overload *a,
                       const struct troth_cel_overload *b)
{
    for (unsigned i = 0; i < a->argument_count; i++)
        if (!troth_cel_type_is_same(a->arguments[i], b->arguments[i]))
            return false;
    return a->argument_count == b->argument_count;
}

static bool is_shadowed(const struct troth_cel_overload *const *overload)
{
    for (size_t i = 1; overload[i]; i++)
        if (takes_same(overload[0], overload[i]))
            return true;
    return false;
}

const struct troth_cel_overload *const *
troth_cel_unshadowed(const struct troth_cel_overload *const *overloads,
                     struct troth_arena *arena)
{
    const struct troth_cel_overload **kept;
    size_t count = 0;
    size_t shadowed = 0;

    for (; overloads[count]; count++)
        shadowed += is_shadowed(&overloads[count]);
    if (!shadowed)
        return overloads;
    kept = troth_arena_take_array(arena, count - shadowed + 1,
                                  sizeof(struct troth_cel_overload *));
    for (size_t i = 0, next = 0; kept && i < count; i++)
        if (!is_shadowed(&overloads[i]))
            kept[next++] = overloads[i];
    return kept;
}

/* Kinds alone: what the checker could not know is found out here. */
static bool takes(const struct troth_cel_overload *overload,
                  const struct troth_cel_value *arguments)
{
    for (unsigned i = 0; i < overload->argument_count; i++)
        if (!troth_cel_value_fits(&arguments[i], overload->arguments[i]))
            return false;
    return true;
}

static bool are_values(const struct troth_cel_value *arguments, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (arguments[i].kind <= TROTH_CEL_UNKNOWN)
            return false;
    return true;
}

struct troth_cel_value
troth_cel_dispatch(struct troth_cel_call *call,
                   const struct troth_cel_overload *const *overloads,
                   const struct troth_cel_value *arguments, uint32_t count)
{
    if (!overloads || !*overloads)
        return TROTH_CEL_ERROR_VALUE(TROTH_CEL_ERROR_FUNCTION);
    if (!are_values(arguments, count))
        return troth_cel_refuse(arguments, count);
    while (*overloads && !takes(*overloads, arguments))
        overloads++;
    if (!*overloads)
        return TROTH_CEL_ERROR_VALUE(TROTH_CEL_ERROR_OVERLOAD);
    if (!(*overloads)->call)
        return TROTH_CEL_ERROR_VALUE(TROTH_CEL_ERROR_FUNCTION);
    call->host = (*overloads)->host;
    return (*overloads)->call(call, arguments);
}
