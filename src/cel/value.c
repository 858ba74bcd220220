/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/value.h"

#include "base/arena.h"
#include "base/memory.h"
#include "base/span.h"
#include "troth/cel.h"

const char *troth_cel_error_text(enum troth_cel_error error)
{
    static const char *const texts[] = {"no error",
#define X(name, text) text,
                                        TROTH_CEL_ERRORS(X)
#undef X
    };

    return (size_t)error < sizeof texts / sizeof texts[0] ? texts[error] : "error";
}

bool troth_cel_spend(struct troth_cel_call *call, uint64_t steps)
{
    if (steps > call->steps) {
        call->steps = 0;
        call->out_of_steps = true;
        return false;
    }
    call->steps -= steps;
    return true;
}

void *troth_cel_take(struct troth_cel_call *call, size_t count, size_t size)
{
    void *taken = troth_arena_take_unset(call->arena, count, size);

    if (!taken)
        call->out_of_memory = true;
    return taken;
}

static enum troth_cel_order order_of(bool is_less, bool is_greater)
{
    return is_less ? TROTH_CEL_LESS : is_greater ? TROTH_CEL_GREATER : TROTH_CEL_SAME;
}

static enum troth_cel_order compare_ints(int64_t a, int64_t b)
{
    return order_of(a<b, a> b);
}

static enum troth_cel_order compare_doubles(double a, double b)
{
    return a != a || b != b ? TROTH_CEL_UNORDERED : order_of(a<b, a> b);
}

static enum troth_cel_order compare_int_uint(int64_t a, uint64_t b)
{
    return a < 0 ? TROTH_CEL_LESS : order_of((uint64_t)a<b, (uint64_t)a> b);
}

static enum troth_cel_order reversed(enum troth_cel_order order)
{
    return order == TROTH_CEL_LESS      ? TROTH_CEL_GREATER
           : order == TROTH_CEL_GREATER ? TROTH_CEL_LESS
                                        : order;
}

/* INT is the lowest of the three kinds of numbers, DOUBLE the highest. With a double, the
 * other becomes the double next to it: the conformance cases want 2^63 - 1 not to be less
 * than 2^63 as a double. */
static enum troth_cel_order compare_mixed(const struct troth_cel_value *a,
                                          const struct troth_cel_value *b)
{
    if (a->kind > b->kind)
        return reversed(b->kind == TROTH_CEL_UINT
                            ? compare_doubles((double)b->as.number, a->as.real)
                        : a->kind == TROTH_CEL_UINT
                            ? compare_int_uint(b->as.integer, a->as.number)
                            : compare_doubles((double)b->as.integer, a->as.real));
    if (a->kind == TROTH_CEL_UINT)
        return compare_doubles((double)a->as.number, b->as.real);
    return b->kind == TROTH_CEL_UINT ? compare_int_uint(a->as.integer, b->as.number)
                                     : compare_doubles((double)a->as.integer, b->as.real);
}

static bool is_number(const struct troth_cel_value *value)
{
    return value->kind >= TROTH_CEL_INT && value->kind <= TROTH_CEL_DOUBLE;
}

static enum troth_cel_order compare_texts(struct troth_span a, struct troth_span b)
{
    const int order = troth_span_compare(a, b);

    return order_of(order<0, order> 0);
}

static enum troth_cel_order compare_times(const struct troth_cel_value *a,
                                          const struct troth_cel_value *b)
{
    return a->as.integer != b->as.integer ? compare_ints(a->as.integer, b->as.integer)
                                          : compare_ints(a->nanos, b->nanos);
}

enum troth_cel_order troth_cel_compare(const struct troth_cel_value *a,
                                       const struct troth_cel_value *b)
{
    if (a->kind != b->kind)
        return is_number(a) && is_number(b) ? compare_mixed(a, b)
                                            : TROTH_CEL_NOT_COMPARABLE;
    switch ((int)a->kind) {
    case TROTH_CEL_BOOL:
        return compare_ints(a->as.boolean, b->as.boolean);
    case TROTH_CEL_INT:
        return compare_ints(a->as.integer, b->as.integer);
    case TROTH_CEL_UINT:
        return order_of(a->as.number<b->as.number, a->as.number> b->as.number);
    case TROTH_CEL_DOUBLE:
        return compare_doubles(a->as.real, b->as.real);
    case TROTH_CEL_STRING:
    case TROTH_CEL_BYTES:
        return compare_texts(a->as.text, b->as.text);
    case TROTH_CEL_TIMESTAMP:
    case TROTH_CEL_DURATION:
        return compare_times(a, b);
    }
    return TROTH_CEL_NOT_COMPARABLE;
}

static bool same_text(struct troth_cel_call *call, struct troth_span a,
                      struct troth_span b)
{
    return a.len == b.len && troth_cel_spend(call, a.len / 16) &&
           troth_span_same_bytes(a, b);
}

static bool same_type(const struct troth_cel_type *a, const struct troth_cel_type *b)
{
    return a == b ||
           (a->kind == b->kind && !a->name == !b->name &&
            (!a->name || troth_span_is_text(troth_span_of_text(a->name), b->name)));
}

static bool same_address(const struct troth_cel_address *a,
                         const struct troth_cel_address *b)
{
    const size_t len = a->is_v6 ? 16 : 4;

    return a->is_v6 == b->is_v6 && a->prefix_len == b->prefix_len &&
           troth_span_equal((struct troth_span){a->bytes, len},
                            (struct troth_span){b->bytes, len});
}

/* What two values say without a look into collections. */
enum sight { DIFFERENT, EQUAL, INSIDE };

static enum sight seen(bool is_equal)
{
    return is_equal ? EQUAL : DIFFERENT;
}

static enum sight seen_counts(size_t a, size_t b)
{
    return a != b ? DIFFERENT : a ? INSIDE : EQUAL;
}

static bool same_int(int64_t a, double b)
{
    return b >= -0x1p63 && b < 0x1p63 && (int64_t)b == a && (double)(int64_t)b == b;
}

static bool same_uint(uint64_t a, double b)
{
    return b >= 0 && b < 0x1p64 && (uint64_t)b == a && (double)(uint64_t)b == b;
}

static bool same_number_of_kinds(const struct troth_cel_value *lower,
                                 const struct troth_cel_value *higher)
{
    if (higher->kind == TROTH_CEL_UINT)
        return compare_int_uint(lower->as.integer, higher->as.number) == TROTH_CEL_SAME;
    return lower->kind == TROTH_CEL_UINT ? same_uint(lower->as.number, higher->as.real)
                                         : same_int(lower->as.integer, higher->as.real);
}

/* Whether two numbers of different kinds are one, without loss: as keys they must not
 * stand for each other if they are not. The ends of the ranges are doubles, the largest
 * integers are not. */
static bool same_number(const struct troth_cel_value *a, const struct troth_cel_value *b)
{
    if (a->kind > b->kind)
        return same_number_of_kinds(b, a);
    return same_number_of_kinds(a, b);
}

static enum sight look(struct troth_cel_call *call, const struct troth_cel_value *a,
                       const struct troth_cel_value *b)
{
    if (a->kind != b->kind)
        return seen(is_number(a) && is_number(b) && same_number(a, b));
    switch ((int)a->kind) {
    case TROTH_CEL_NULL:
        return EQUAL;
    case TROTH_CEL_STRING:
    case TROTH_CEL_BYTES:
        return seen(same_text(call, a->as.text, b->as.text));
    case TROTH_CEL_LIST:
        return seen_counts(a->as.list->count, b->as.list->count);
    case TROTH_CEL_MAP:
        return seen_counts(a->as.map->count, b->as.map->count);
    case TROTH_CEL_OPTIONAL:
        return seen_counts(a->as.optional != NULL, b->as.optional != NULL);
    case TROTH_CEL_TYPE:
        return seen(same_type(a->as.type, b->as.type));
    case TROTH_CEL_ADDRESS:
    case TROTH_CEL_NETWORK:
        return seen(same_address(a->as.address, b->as.address));
    }
    return seen(troth_cel_compare(a, b) == TROTH_CEL_SAME);
}

/* Two collections of one kind and count, and how many members are compared. */
struct pair {
    const struct troth_cel_value *a, *b;
    size_t next;
};

static size_t count_of(const struct troth_cel_value *collection)
{
    return collection->kind == TROTH_CEL_LIST  ? collection->as.list->count
           : collection->kind == TROTH_CEL_MAP ? collection->as.map->count
                                               : 1;
}

/* Maps that were made the same way have their keys in one order: look there first. */
static const struct troth_cel_value *find_near(struct troth_cel_call *call,
                                               const struct troth_cel_map *map, size_t i,
                                               const struct troth_cel_value *key)
{
    return look(call, &map->entries[i].key, key) == EQUAL
               ? &map->entries[i].value
               : troth_cel_map_find(call, map, key);
}

/* The next members to compare; b is NULL where it has no such key. */
static struct pair next_members(struct troth_cel_call *call, struct pair *of)
{
    const size_t i = of->next++;

    if (of->a->kind == TROTH_CEL_LIST)
        return (struct pair){&of->a->as.list->items[i], &of->b->as.list->items[i], 0};
    if (of->a->kind == TROTH_CEL_OPTIONAL)
        return (struct pair){of->a->as.optional, of->b->as.optional, 0};

    const struct troth_cel_entry *entry = &of->a->as.map->entries[i];

    return (struct pair){&entry->value, find_near(call, of->b->as.map, i, &entry->key),
                         0};
}

static bool equal_inside(struct troth_cel_call *call, struct pair outer)
{
    struct pair stack[TROTH_CEL_VALUE_NESTING];
    size_t depth = 0;

    stack[depth++] = outer;
    while (depth) {
        struct pair *top = &stack[depth - 1];

        if (top->next == count_of(top->a)) {
            depth--;
            continue;
        }
        const struct pair members = next_members(call, top);
        if (!members.b || !troth_cel_spend(call, 1))
            return false;
        const enum sight sight = look(call, members.a, members.b);
        if (sight == DIFFERENT)
            return false;
        if (sight == EQUAL)
            continue;
        if (depth == TROTH_CEL_VALUE_NESTING) {
            call->out_of_steps = true;
            return false;
        }
        stack[depth++] = members;
    }
    return true;
}

bool troth_cel_equal(struct troth_cel_call *call, const struct troth_cel_value *a,
                     const struct troth_cel_value *b)
{
    const enum sight sight = look(call, a, b);

    return sight == INSIDE ? equal_inside(call, (struct pair){a, b, 0}) : sight == EQUAL;
}

const struct troth_cel_value *troth_cel_map_find(struct troth_cel_call *call,
                                                 const struct troth_cel_map *map,
                                                 const struct troth_cel_value *key)
{
    for (size_t i = 0; i < map->count; i++) {
        const struct troth_cel_entry *entry = &map->entries[i];

        if (look(call, &entry->key, key) == EQUAL)
            return troth_cel_spend(call, i) ? &entry->value : NULL;
    }
    (void)troth_cel_spend(call, map->count);
    return NULL;
}

const struct troth_cel_type *troth_cel_type_of(const struct troth_cel_value *value)
{
    return &troth_cel_types[value->kind];
}

bool troth_cel_value_fits(const struct troth_cel_value *value,
                          const struct troth_cel_type *type)
{
    return !type || type->kind == value->kind || type->kind == TROTH_CEL_DYN ||
           type->kind == TROTH_CEL_PARAMETER;
}

struct troth_cel_value troth_cel_new_list(struct troth_cel_call *call,
                                          struct troth_cel_value *items, size_t count)
{
    struct troth_cel_list *list = troth_cel_take(call, 1, sizeof *list);

    if (!list)
        return TROTH_CEL_ERROR_VALUE(TROTH_CEL_ERROR_RANGE);
    *list = (struct troth_cel_list){items, count};
    return TROTH_CEL_LIST_VALUE(list);
}

struct troth_cel_value troth_cel_new_optional(struct troth_cel_call *call,
                                              const struct troth_cel_value *value)
{
    struct troth_cel_value *copy = troth_cel_take(call, 1, sizeof *copy);

    if (!copy)
        return TROTH_CEL_ERROR_VALUE(TROTH_CEL_ERROR_RANGE);
    *copy = *value;
    return TROTH_CEL_OPTIONAL_VALUE(copy);
}

struct troth_cel_value troth_cel_new_text(struct troth_cel_call *call,
                                          enum troth_cel_kind kind,
                                          struct troth_span from)
{
    uint8_t *copy = troth_cel_take(call, from.len, 1);

    if (!copy)
        return TROTH_CEL_ERROR_VALUE(TROTH_CEL_ERROR_RANGE);
    if (from.len)
        memcpy(copy, from.ptr, from.len);

    struct troth_cel_value value = {.kind = kind};

    value.as.text = (struct troth_span){copy, from.len};
    return value;
}
