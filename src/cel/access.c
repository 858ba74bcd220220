/* SPDX-License-Identifier: Apache-2.0 */
/* What operators.h has for looking into collections: a[b], a[?b], a.b, a.?b, has(a.b). */
#include "cel/operators.h"

#include "base/number.h"
#include "cel/value.h"

/* A position in a list: any number without a fraction. */
static enum troth_cel_error position(int64_t *out, const struct troth_cel_value *index)
{
    *out = -1;
    if (index->kind == TROTH_CEL_INT)
        *out = index->as.integer;
    else if (index->kind == TROTH_CEL_UINT)
        *out = index->as.number <= INT64_MAX ? (int64_t)index->as.number : -1;
    else if (index->kind != TROTH_CEL_DOUBLE)
        return TROTH_CEL_ERROR_OVERLOAD;
    else if (!troth_double_to_int(out, index->as.real))
        *out = -1;
    return TROTH_CEL_NO_ERROR;
}

static enum troth_cel_error find_in_list(const struct troth_cel_value **out,
                                         const struct troth_cel_list *list,
                                         const struct troth_cel_value *index)
{
    int64_t at;
    const enum troth_cel_error error = position(&at, index);

    if (error)
        return error;
    if (at < 0 || (uint64_t)at >= list->count)
        return TROTH_CEL_ERROR_INDEX;
    *out = &list->items[at];
    return TROTH_CEL_NO_ERROR;
}

static bool may_be_key(const struct troth_cel_value *value)
{
    return value->kind >= TROTH_CEL_BOOL && value->kind <= TROTH_CEL_STRING;
}

/* KEY and INDEX say that it is not there, other errors that the question was wrong. */
static enum troth_cel_error find(struct troth_cel_call *call,
                                 const struct troth_cel_value **out,
                                 const struct troth_cel_value *collection,
                                 const struct troth_cel_value *key)
{
    *out = NULL;
    if (collection->kind == TROTH_CEL_LIST)
        return find_in_list(out, collection->as.list, key);
    if (collection->kind != TROTH_CEL_MAP)
        return TROTH_CEL_ERROR_OVERLOAD;
    if (!may_be_key(key))
        return TROTH_CEL_ERROR_KEY_TYPE;
    *out = troth_cel_map_find(call, collection->as.map, key);
    return *out ? TROTH_CEL_NO_ERROR : TROTH_CEL_ERROR_KEY;
}

/* An optional that borrows: what is found is not copied, as values never change. */
static struct troth_cel_value found_or_none(enum troth_cel_error error,
                                            const struct troth_cel_value *found)
{
    if (error && error != TROTH_CEL_ERROR_KEY && error != TROTH_CEL_ERROR_INDEX)
        return TROTH_CEL_ERROR_VALUE(error);
    return TROTH_CEL_OPTIONAL_VALUE(found);
}

static bool is_strict(const struct troth_cel_value *a)
{
    return a[0].kind <= TROTH_CEL_UNKNOWN || a[1].kind <= TROTH_CEL_UNKNOWN;
}

/* What is in an optional, or the value itself; NULL: nothing. */
static const struct troth_cel_value *content(const struct troth_cel_value *value)
{
    return value->kind == TROTH_CEL_OPTIONAL ? value->as.optional : value;
}

struct troth_cel_value troth_cel_index_optional(struct troth_cel_call *call,
                                                const struct troth_cel_value *a)
{
    const struct troth_cel_value *collection = content(&a[0]);
    const struct troth_cel_value *found;

    if (is_strict(a))
        return troth_cel_refuse(a, 2);
    if (!collection)
        return a[0];

    const enum troth_cel_error error = find(call, &found, collection, &a[1]);

    return found_or_none(error, found);
}

struct troth_cel_value troth_cel_index(struct troth_cel_call *call,
                                       const struct troth_cel_value *a)
{
    const struct troth_cel_value *found;

    if (a[0].kind == TROTH_CEL_OPTIONAL || is_strict(a))
        return troth_cel_index_optional(call, a);

    const enum troth_cel_error error = find(call, &found, &a[0], &a[1]);

    return error ? TROTH_CEL_ERROR_VALUE(error) : *found;
}

/* Only maps have fields, and optionals of them. */
static bool has_fields(const struct troth_cel_value *value)
{
    const struct troth_cel_value *inside = content(value);

    return !inside || inside->kind == TROTH_CEL_MAP;
}

struct troth_cel_value troth_cel_select_optional(struct troth_cel_call *call,
                                                 const struct troth_cel_value *a)
{
    if (!is_strict(a) && !has_fields(a))
        return TROTH_CEL_ERROR_VALUE(TROTH_CEL_ERROR_FIELD);
    return troth_cel_index_optional(call, a);
}

struct troth_cel_value troth_cel_select(struct troth_cel_call *call,
                                        const struct troth_cel_value *a)
{
    if (!is_strict(a) && !has_fields(a))
        return TROTH_CEL_ERROR_VALUE(TROTH_CEL_ERROR_FIELD);
    return troth_cel_index(call, a);
}

struct troth_cel_value troth_cel_has(struct troth_cel_call *call,
                                     const struct troth_cel_value *a)
{
    const struct troth_cel_value answer = troth_cel_select_optional(call, a);

    return answer.kind == TROTH_CEL_OPTIONAL
               ? TROTH_CEL_BOOL_VALUE(answer.as.optional != NULL)
               : answer;
}
