/* SPDX-License-Identifier: Apache-2.0 */
/* The steps of machine.h that make lists and maps: literals, and what macros collect. */
#include "base/memory.h"
#include "cel/machine.h"
#include "cel/operators.h"
#include "cel/value.h"

/*
 * An accumulator with room to grow: the list or map comes first, so that values of it
 * point at the whole. `nanos` of such a value says so. Nothing but the loop that made
 * it can see one before it is done growing.
 */
enum { GROWING = 1, FIRST_ROOM = 8 };

struct growing_list {
    struct troth_cel_list list;
    struct troth_cel_value *items;
    size_t room;
};

struct growing_map {
    struct troth_cel_map map;
    struct troth_cel_entry *entries;
    size_t room;
};

static struct troth_cel_value ended(void)
{
    return TROTH_CEL_ERROR_VALUE(TROTH_CEL_ERROR_RANGE);
}

/* At least twice the room, so that all copying together is linear. */
static void *more_room(struct troth_cel_call *call, const void *from, size_t count,
                       size_t *room, size_t size)
{
    const size_t wanted = count < FIRST_ROOM / 2 ? FIRST_ROOM : count * 2;
    void *larger = troth_cel_spend(call, count) ? troth_cel_take(call, wanted, size)
                                                : NULL;

    if (!larger)
        return NULL;
    if (count)
        memcpy(larger, from, count * size);
    *room = wanted;
    return larger;
}

static struct growing_list *growing_list(struct troth_cel_call *call,
                                         struct troth_cel_value *value)
{
    struct growing_list *list;

    if (value->nanos == GROWING)
        return (struct growing_list *)value->as.list;
    list = troth_cel_take(call, 1, sizeof *list);
    if (!list)
        return NULL;
    *list = (struct growing_list){.list = *value->as.list};
    value->as.list = &list->list;
    value->nanos = GROWING;
    return list;
}

static struct troth_cel_value append(struct troth_cel_call *call,
                                     const struct troth_cel_value *a)
{
    struct troth_cel_value grown = a[0];

    if (a[0].kind != TROTH_CEL_LIST || a[1].kind <= TROTH_CEL_UNKNOWN)
        return troth_cel_refuse(a, 2);

    struct growing_list *list = growing_list(call, &grown);

    if (!list)
        return ended();
    if (list->list.count >= list->room) {
        void *larger = more_room(call, list->list.items, list->list.count, &list->room,
                                 sizeof list->items[0]);
        if (!larger)
            return ended();
        list->items = larger;
        list->list.items = larger;
    }
    list->items[list->list.count++] = a[1];
    return grown;
}

const struct troth_cel_instruction *
troth_cel_step_append(struct troth_cel_machine *m, const struct troth_cel_instruction *in)
{
    troth_cel_answer(m, m->top - 2, append(&m->call, m->top - 2), in);
    return troth_cel_after(m, in);
}

static struct growing_map *growing_map(struct troth_cel_call *call,
                                       struct troth_cel_value *value)
{
    struct growing_map *map;

    if (value->nanos == GROWING)
        return (struct growing_map *)value->as.map;
    map = troth_cel_take(call, 1, sizeof *map);
    if (!map)
        return NULL;
    *map = (struct growing_map){.map = *value->as.map};
    value->as.map = &map->map;
    value->nanos = GROWING;
    return map;
}

static bool may_be_key(const struct troth_cel_value *value)
{
    return value->kind == TROTH_CEL_BOOL || value->kind == TROTH_CEL_INT ||
           value->kind == TROTH_CEL_UINT || value->kind == TROTH_CEL_STRING;
}

/* `known_new`: nobody needs to look whether the key is there. */
static struct troth_cel_value insert(struct troth_cel_call *call,
                                     struct troth_cel_value into,
                                     const struct troth_cel_entry *entry, bool known_new)
{
    struct growing_map *map = growing_map(call, &into);

    if (!map)
        return ended();
    if (!may_be_key(&entry->key))
        return TROTH_CEL_ERROR_VALUE(TROTH_CEL_ERROR_KEY_TYPE);
    if (!known_new && troth_cel_map_find(call, &map->map, &entry->key))
        return TROTH_CEL_ERROR_VALUE(TROTH_CEL_ERROR_KEY_TWICE);
    if (map->map.count >= map->room) {
        void *larger = more_room(call, map->map.entries, map->map.count, &map->room,
                                 sizeof map->entries[0]);
        if (!larger)
            return ended();
        map->entries = larger;
        map->map.entries = larger;
    }
    map->entries[map->map.count++] = *entry;
    return into;
}

static const struct troth_cel_instruction *
insert_one(struct troth_cel_machine *m, const struct troth_cel_instruction *in,
           bool known_new)
{
    struct troth_cel_value *a = m->top - 3;
    const struct troth_cel_entry entry = {a[1], a[2]};

    if (a[0].kind != TROTH_CEL_MAP || a[1].kind <= TROTH_CEL_UNKNOWN ||
        a[2].kind <= TROTH_CEL_UNKNOWN)
        troth_cel_answer(m, a, troth_cel_refuse(a, 3), in);
    else
        troth_cel_answer(m, a, insert(&m->call, a[0], &entry, known_new), in);
    return troth_cel_after(m, in);
}

const struct troth_cel_instruction *
troth_cel_step_insert(struct troth_cel_machine *m, const struct troth_cel_instruction *in)
{
    return insert_one(m, in, false);
}

const struct troth_cel_instruction *
troth_cel_step_insert_new(struct troth_cel_machine *m,
                          const struct troth_cel_instruction *in)
{
    return insert_one(m, in, true);
}

const struct troth_cel_instruction *
troth_cel_step_insert_all(struct troth_cel_machine *m,
                          const struct troth_cel_instruction *in)
{
    struct troth_cel_value *a = m->top - 2;
    struct troth_cel_value into = a[0];

    if (a[0].kind != TROTH_CEL_MAP || a[1].kind != TROTH_CEL_MAP)
        into = troth_cel_refuse(a, 2);
    for (size_t i = 0; into.kind == TROTH_CEL_MAP && i < a[1].as.map->count; i++)
        into = troth_cel_spend(&m->call, 1)
                   ? insert(&m->call, into, &a[1].as.map->entries[i], false)
                   : ended();
    troth_cel_answer(m, a, into, in);
    return troth_cel_after(m, in);
}

static bool are_values(const struct troth_cel_value *values, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (values[i].kind <= TROTH_CEL_UNKNOWN)
            return false;
    return true;
}

/* An element of a literal: false where it is an optional without a value. An optional
 * element that is no optional at all is an error, which `*out` then is. */
static bool is_there(struct troth_cel_value *out, const struct troth_cel_node *node,
                     const struct troth_cel_value *value)
{
    *out = *value;
    if (!node->is_optional)
        return true;
    if (value->kind != TROTH_CEL_OPTIONAL) {
        *out = TROTH_CEL_ERROR_VALUE(TROTH_CEL_ERROR_OVERLOAD);
        return true;
    }
    if (value->as.optional)
        *out = *value->as.optional;
    return value->as.optional != NULL;
}

static struct troth_cel_value make_list(struct troth_cel_machine *m,
                                        const struct troth_cel_instruction *in,
                                        const struct troth_cel_value *values)
{
    uint32_t element = m->nodes[in->node].first_child;
    struct troth_cel_value *items;
    size_t count = 0;

    if (!are_values(values, in->number))
        return troth_cel_refuse(values, in->number);
    items = troth_cel_take(&m->call, in->number, sizeof *items);
    for (uint32_t i = 0; items && i < in->number; i++) {
        if (is_there(&items[count], &m->nodes[element], &values[i]) &&
            items[count++].kind == TROTH_CEL_ERROR)
            return items[count - 1];
        element = m->nodes[element].next;
    }
    return items ? troth_cel_new_list(&m->call, items, count) : ended();
}

const struct troth_cel_instruction *
troth_cel_step_list(struct troth_cel_machine *m, const struct troth_cel_instruction *in)
{
    struct troth_cel_value *values = m->top - in->number;

    troth_cel_answer(m, values, make_list(m, in, values), in);
    return troth_cel_after(m, in);
}

/* One that is as large as it will get. */
static struct troth_cel_value new_map(struct troth_cel_call *call, size_t count)
{
    struct growing_map *map = troth_cel_take(call, 1, sizeof *map);
    struct troth_cel_entry *entries = troth_cel_take(call, count, sizeof *entries);
    struct troth_cel_value value = TROTH_CEL_MAP_VALUE(NULL);

    if (!map || !entries)
        return ended();
    *map = (struct growing_map){{entries, 0}, entries, count};
    value.as.map = &map->map;
    value.nanos = GROWING;
    return value;
}

static struct troth_cel_value make_map(struct troth_cel_machine *m,
                                       const struct troth_cel_instruction *in,
                                       const struct troth_cel_value *values)
{
    uint32_t key = m->nodes[in->node].first_child;
    struct troth_cel_value map;

    if (!are_values(values, in->number))
        return troth_cel_refuse(values, in->number);
    map = new_map(&m->call, in->number / 2);
    for (uint32_t i = 0; map.kind == TROTH_CEL_MAP && i < in->number; i += 2) {
        struct troth_cel_entry entry = {values[i], values[i + 1]};
        const bool is_wanted = is_there(&entry.value, &m->nodes[key], &values[i + 1]);
        if (is_wanted && entry.value.kind == TROTH_CEL_ERROR)
            return entry.value;
        if (is_wanted)
            map = insert(&m->call, map, &entry, false);
        if (m->call.out_of_steps)
            return ended();
        key = m->nodes[m->nodes[key].next].next;
    }
    map.nanos = 0;
    return map;
}

const struct troth_cel_instruction *
troth_cel_step_map(struct troth_cel_machine *m, const struct troth_cel_instruction *in)
{
    struct troth_cel_value *values = m->top - in->number;

    troth_cel_answer(m, values, make_map(m, in, values), in);
    return troth_cel_after(m, in);
}
