/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/strings.h"

#include "base/number.h"
#include "base/span.h"
#include "base/utf8.h"
#include "cel/address.h"
#include "cel/time.h"
#include "cel/value.h"

/* Bytes that suffice for any value that is no text and no collection. */
enum { PLAIN_MAX = 64 };

/* Of a map: a key's text, by which the entries are sorted. */
struct key {
    struct troth_span text;
    const struct troth_cel_value *value;
};

/* A list or a map that is being written. */
struct open {
    const struct troth_cel_list *list; /* NULL: a map */
    const struct key *keys;
    size_t count, next;
};

static void add_type(struct troth_cel_text *text, const struct troth_cel_type *type)
{
    static const char *const names[TROTH_CEL_KIND_COUNT] = {
#define X(kind, name) name,
        TROTH_CEL_KINDS(X)
#undef X
    };

    troth_cel_text_add(text,
                       troth_span_of_text(type->name ? type->name : names[type->kind]));
}

/* What is written in a few characters; false for other kinds. */
static bool write_plain(struct troth_writer *w, const struct troth_cel_value *value)
{
    switch ((int)value->kind) {
    case TROTH_CEL_NULL:
        troth_write_text(w, "null");
        return true;
    case TROTH_CEL_BOOL:
        troth_write_text(w, value->as.boolean ? "true" : "false");
        return true;
    case TROTH_CEL_INT:
        troth_write_int(w, value->as.integer);
        return true;
    case TROTH_CEL_UINT:
        troth_write_decimal(w, value->as.number);
        return true;
    case TROTH_CEL_DOUBLE:
        troth_write_double(w, value->as.real);
        return true;
    case TROTH_CEL_TIMESTAMP:
        troth_cel_write_timestamp(w, value);
        return true;
    case TROTH_CEL_DURATION:
        troth_cel_write_duration(w, value);
        return true;
    case TROTH_CEL_ADDRESS:
        troth_cel_write_address(w, value->as.address);
        return true;
    case TROTH_CEL_NETWORK:
        troth_cel_write_network(w, value->as.address);
        return true;
    }
    return false;
}

/* Anything but a list or a map. */
static enum troth_cel_error add_single(struct troth_cel_text *text,
                                       const struct troth_cel_value *value)
{
    if (value->kind == TROTH_CEL_BYTES &&
        !troth_cel_spend(text->call, value->as.text.len / TROTH_CEL_BYTES_A_STEP))
        return TROTH_CEL_NO_ERROR;
    if (value->kind == TROTH_CEL_BYTES && !troth_utf8_is_valid(value->as.text))
        return TROTH_CEL_ERROR_TEXT;
    if (value->kind == TROTH_CEL_BYTES || value->kind == TROTH_CEL_STRING) {
        troth_cel_text_add(text, value->as.text);
        return TROTH_CEL_NO_ERROR;
    }
    if (value->kind == TROTH_CEL_TYPE) {
        add_type(text, value->as.type);
        return TROTH_CEL_NO_ERROR;
    }
    if (!troth_cel_text_reserve(text, PLAIN_MAX))
        return TROTH_CEL_NO_ERROR;
    return write_plain(&text->w, value) ? TROTH_CEL_NO_ERROR : TROTH_CEL_ERROR_ARGUMENT;
}

/* Make keys[root] and all below it a heap, where both its children are. */
static void sift(struct key *keys, size_t root, size_t count)
{
    while (root < count / 2) {
        size_t child = 2 * root + 1;

        if (child + 1 < count &&
            troth_span_compare(keys[child].text, keys[child + 1].text) < 0)
            child++;
        if (troth_span_compare(keys[root].text, keys[child].text) >= 0)
            return;

        const struct key lower = keys[root];

        keys[root] = keys[child];
        keys[child] = lower;
        root = child;
    }
}

/* Heap sort: no memory, and n log n whatever the order. */
static void sort(struct key *keys, size_t count)
{
    for (size_t i = count / 2; i > 0; i--)
        sift(keys, i - 1, count);
    for (size_t end = count; end > 1; end--) {
        const struct key greatest = keys[0];

        keys[0] = keys[end - 1];
        keys[end - 1] = greatest;
        sift(keys, 0, end - 1);
    }
}

/* An upper bound of the steps of sorting. */
static uint64_t sorting_steps(size_t count)
{
    uint64_t steps = count;

    for (size_t left = count; left > 1; left /= 2)
        steps += count;
    return steps;
}

/* The text of a key that is no string; false when the evaluation ends. */
static bool write_key(struct troth_span *out, struct troth_cel_call *call,
                      const struct troth_cel_value *key)
{
    uint8_t *room = troth_cel_take(call, PLAIN_MAX, 1);
    struct troth_writer w = troth_writer_over(room, room ? PLAIN_MAX : 0);

    if (room)
        (void)write_plain(&w, key);
    *out = troth_writer_span(&w);
    return room != NULL;
}

/* The keys of a map in order; NULL when the evaluation ends. */
static const struct key *sorted_keys(struct troth_cel_call *call,
                                     const struct troth_cel_map *map)
{
    struct key *keys = NULL;

    if (troth_cel_spend(call, sorting_steps(map->count)))
        keys = troth_cel_take(call, map->count, sizeof *keys);
    for (size_t i = 0; keys && i < map->count; i++) {
        const struct troth_cel_entry *entry = &map->entries[i];

        keys[i] = (struct key){entry->key.as.text, &entry->value};
        if (entry->key.kind != TROTH_CEL_STRING &&
            !write_key(&keys[i].text, call, &entry->key))
            return NULL;
    }
    if (keys)
        sort(keys, map->count);
    return keys;
}

/* Write how a collection opens; false when the evaluation ends. */
static bool open_value(struct open *out, struct troth_cel_text *text,
                       const struct troth_cel_value *value)
{
    if (value->kind == TROTH_CEL_LIST) {
        *out = (struct open){.list = value->as.list, .count = value->as.list->count};
        troth_cel_text_add(text, TROTH_LITERAL("["));
        return true;
    }
    *out = (struct open){.keys = sorted_keys(text->call, value->as.map),
                         .count = value->as.map->count};
    troth_cel_text_add(text, TROTH_LITERAL("{"));
    return out->keys != NULL;
}

/* The next element or value, after what stands before it. */
static const struct troth_cel_value *next_member(struct troth_cel_text *text,
                                                 struct open *open)
{
    const size_t i = open->next++;

    if (i > 0)
        troth_cel_text_add(text, TROTH_LITERAL(", "));
    if (open->list)
        return &open->list->items[i];
    troth_cel_text_add(text, open->keys[i].text);
    troth_cel_text_add(text, TROTH_LITERAL(": "));
    return open->keys[i].value;
}

/* Close all that have no more members; how many stay open. */
static size_t close_done(struct troth_cel_text *text, const struct open *stack,
                         size_t depth)
{
    while (depth && stack[depth - 1].next == stack[depth - 1].count) {
        depth--;
        troth_cel_text_add(text,
                           stack[depth].list ? TROTH_LITERAL("]") : TROTH_LITERAL("}"));
    }
    return depth;
}

enum troth_cel_error troth_cel_text_add_value(struct troth_cel_text *text,
                                              const struct troth_cel_value *value)
{
    struct open stack[TROTH_CEL_VALUE_NESTING];
    size_t depth = 0;

    for (;;) {
        enum troth_cel_error error = TROTH_CEL_NO_ERROR;

        if (value->kind != TROTH_CEL_LIST && value->kind != TROTH_CEL_MAP)
            error = add_single(text, value);
        else if (depth == TROTH_CEL_VALUE_NESTING)
            error = TROTH_CEL_ERROR_ARGUMENT;
        else if (!open_value(&stack[depth++], text, value))
            return TROTH_CEL_NO_ERROR;
        depth = close_done(text, stack, depth);
        if (error || depth == 0 || !troth_cel_spend(text->call, 1))
            return error;
        value = next_member(text, &stack[depth - 1]);
    }
}
