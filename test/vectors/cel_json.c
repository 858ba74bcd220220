/* SPDX-License-Identifier: Apache-2.0 */
#include "test/vectors/cel_json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/span.h"
#include "base/utf8.h"
#include "cel/time.h"
#include "cel/type.h"
#include "test/harness.h"

void *cel_json_take(struct troth_arena *arena, size_t count, size_t size)
{
    void *taken = troth_arena_take_array(arena, count, size);

    if (!taken)
        abort();
    return taken;
}

struct troth_span cel_json_text(const json_t *json)
{
    return (struct troth_span){(const uint8_t *)json_string_value(json),
                               json_string_length(json)};
}

static bool is(const char *text, const char *wanted)
{
    return strcmp(text, wanted) == 0;
}

/* clang-format off */
static const struct {
    const char *name;
    enum troth_cel_kind kind;
} words[] = {
    {"BOOL",   TROTH_CEL_BOOL},   {"INT64",  TROTH_CEL_INT},
    {"UINT64", TROTH_CEL_UINT},   {"DOUBLE", TROTH_CEL_DOUBLE},
    {"STRING", TROTH_CEL_STRING}, {"BYTES",  TROTH_CEL_BYTES},
    {"TIMESTAMP", TROTH_CEL_TIMESTAMP}, {"DURATION",  TROTH_CEL_DURATION},
    {"google.protobuf.Timestamp", TROTH_CEL_TIMESTAMP},
    {"google.protobuf.Duration",  TROTH_CEL_DURATION},
};
/* clang-format on */

static bool type_of_word(const struct troth_cel_type **out, const char **why,
                         const char *word)
{
    for (size_t i = 0; i < COUNT(words); i++)
        if (is(words[i].name, word)) {
            *out = &troth_cel_types[words[i].kind];
            return true;
        }
    *why = "a message type";
    return false;
}

/* The arguments are read where there is room for them already: `wanted` says what to
 * read, `next` is a type that is still to be filled in. No case nests deeper. */
enum { TYPES_MAX = 64 };

struct pending {
    const json_t *json;
    const struct troth_cel_type **out;
};

static struct troth_cel_type *new_type(struct troth_arena *arena,
                                       enum troth_cel_kind kind, const char *name)
{
    struct troth_cel_type *type = cel_json_take(arena, 1, sizeof *type);

    *type = (struct troth_cel_type){.kind = kind, .name = name};
    return type;
}

static size_t push(struct pending *stack, size_t count, const json_t *json,
                   const struct troth_cel_type **out)
{
    if (count == TYPES_MAX)
        abort();
    stack[count] = (struct pending){json, out};
    return count + 1;
}

static size_t abstract_type(struct pending *stack, size_t count,
                            struct troth_cel_type *type, const json_t *given)
{
    const json_t *parameters = json_object_get(given, "parameter_types");
    const char *name = json_string_value(json_object_get(given, "name"));
    const json_t *parameter;
    size_t i;

    type->kind = is(name, "optional_type") ? TROTH_CEL_OPTIONAL : TROTH_CEL_ABSTRACT;
    type->name = type->kind == TROTH_CEL_OPTIONAL ? NULL : name;
    json_array_foreach(parameters, i, parameter) if (i < COUNT(type->arguments))
        count = push(stack, count, parameter, &type->arguments[i]);
    return count;
}

static bool type_of_one(struct pending *stack, size_t *count, const char **why,
                        struct troth_arena *arena)
{
    const struct pending now = stack[--*count];
    const char *key = json_object_iter_key(json_object_iter((json_t *)now.json));
    const json_t *given = json_object_get(now.json, key);

    if (is(key, "primitive") || is(key, "well_known") || is(key, "message_type"))
        return type_of_word(now.out, why, json_string_value(given));
    if (is(key, "wrapper")) {
        *why = "a wrapper type";
        return false;
    }
    if (is(key, "dyn") || is(key, "null")) {
        *now.out = &troth_cel_types[is(key, "dyn") ? TROTH_CEL_DYN : TROTH_CEL_NULL];
        return true;
    }

    struct troth_cel_type *type = new_type(arena, TROTH_CEL_LIST, NULL);

    *now.out = type;
    if (is(key, "type_param")) {
        type->kind = TROTH_CEL_PARAMETER;
        type->name = json_string_value(given);
    } else if (is(key, "abstract_type")) {
        *count = abstract_type(stack, *count, type, given);
    } else if (is(key, "map_type")) {
        type->kind = TROTH_CEL_MAP;
        *count = push(stack, *count, json_object_get(given, "key_type"),
                      &type->arguments[0]);
        *count = push(stack, *count, json_object_get(given, "value_type"),
                      &type->arguments[1]);
    } else if (is(key, "list_type")) {
        *count = push(stack, *count, json_object_get(given, "elem_type"),
                      &type->arguments[0]);
    } else {
        *why = key;
        return false;
    }
    return true;
}

bool cel_json_type(const struct troth_cel_type **out, const char **why,
                   const json_t *json, struct troth_arena *arena)
{
    struct pending stack[TYPES_MAX];
    size_t count = push(stack, 0, json, out);

    while (count)
        if (!type_of_one(stack, &count, why, arena))
            return false;
    return true;
}

static bool bytes_value(struct troth_cel_value *out, struct troth_span text,
                        struct troth_arena *arena)
{
    uint8_t *room = cel_json_take(arena, text.len + 1, 1);
    size_t len;

    if (troth_base64_parse(room, text.len + 1, &len, text, TROTH_BASE64))
        abort();
    *out = TROTH_CEL_BYTES_VALUE(((struct troth_span){room, len}));
    return true;
}

static bool object_value(struct troth_cel_value *out, const char **why,
                         const json_t *object)
{
    const char *type = json_string_value(json_object_get(object, "@type"));
    const struct troth_span text = cel_json_text(json_object_get(object, "value"));

    if (is(type, "type.googleapis.com/google.protobuf.Timestamp"))
        return troth_cel_timestamp_parse(out, text) == TROTH_OK;
    if (is(type, "type.googleapis.com/google.protobuf.Duration"))
        return troth_cel_duration_parse(out, text) == TROTH_OK;
    *why = "a message value";
    return false;
}

static bool type_value(struct troth_cel_value *out, const char **why, const char *name)
{
    const struct troth_cel_type *type = troth_cel_type_named(test_text(name));

    *why = "a message type as a value";
    *out = TROTH_CEL_TYPE_VALUE(type);
    return type != NULL;
}

static double double_of(const json_t *json)
{
    return json_is_string(json) ? strtod(json_string_value(json), NULL)
                                : json_number_value(json);
}

static bool scalar_value(struct troth_cel_value *out, const char **why, const char *key,
                         const json_t *given, struct troth_arena *arena)
{
    if (is(key, "null_value"))
        *out = TROTH_CEL_NULL_VALUE;
    else if (is(key, "bool_value"))
        *out = TROTH_CEL_BOOL_VALUE(json_is_true(given));
    else if (is(key, "int64_value"))
        *out = TROTH_CEL_INT_VALUE(strtoll(json_string_value(given), NULL, 10));
    else if (is(key, "uint64_value"))
        *out = TROTH_CEL_UINT_VALUE(strtoull(json_string_value(given), NULL, 10));
    else if (is(key, "double_value"))
        *out = TROTH_CEL_DOUBLE_VALUE(double_of(given));
    else if (is(key, "string_value"))
        *out = TROTH_CEL_STRING_VALUE(cel_json_text(given));
    else if (is(key, "bytes_value"))
        return bytes_value(out, cel_json_text(given), arena);
    else if (is(key, "type_value"))
        return type_value(out, why, json_string_value(given));
    else if (is(key, "object_value"))
        return object_value(out, why, given);
    else {
        *why = is(key, "enum_value") ? "an enum value" : key;
        return false;
    }
    return true;
}

/* Collections call this again for what is in them; the cases nest five deep. */
bool cel_json_value(struct troth_cel_value *out, const char **why, const json_t *json,
                    struct troth_arena *arena)
{
    const char *key = json_object_iter_key(json_object_iter((json_t *)json));
    const json_t *given = json_object_get(json, key);
    const json_t *item;
    size_t i;

    if (is(key, "list_value")) {
        const json_t *items = json_object_get(given, "values");
        struct troth_cel_list *list = cel_json_take(arena, 1, sizeof *list);
        struct troth_cel_value *values = cel_json_take(arena, json_array_size(items),
                                                       sizeof *values);
        *list = (struct troth_cel_list){values, json_array_size(items)};
        *out = TROTH_CEL_LIST_VALUE(list);
        json_array_foreach(items, i, item) if (!cel_json_value(&values[i], why, item,
                                                               arena)) return false;
        return true;
    }
    if (is(key, "map_value")) {
        const json_t *items = json_object_get(given, "entries");
        struct troth_cel_map *map = cel_json_take(arena, 1, sizeof *map);
        struct troth_cel_entry *entries = cel_json_take(arena, json_array_size(items),
                                                        sizeof *entries);
        *map = (struct troth_cel_map){entries, json_array_size(items)};
        *out = TROTH_CEL_MAP_VALUE(map);
        json_array_foreach(
            items, i, item) if (!cel_json_value(&entries[i].key, why,
                                                json_object_get(item, "key"), arena) ||
                                !cel_json_value(&entries[i].value, why,
                                                json_object_get(item, "value"),
                                                arena)) return false;
        return true;
    }
    return scalar_value(out, why, key, given, arena);
}

/* Hexadecimal digits of an escape, or 0. */
static size_t digits_of(uint8_t letter)
{
    return letter == 'u' ? 4 : letter == 'U' ? 8 : 0;
}

void cel_json_unescape(struct troth_cel_value *value, struct troth_arena *arena)
{
    const struct troth_span text = value->as.text;
    uint8_t *room = cel_json_take(arena, text.len, 1);
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        const bool is_escape = text.ptr[i] == '\\' && i + 1 < text.len;
        const size_t digits = is_escape ? digits_of(text.ptr[i + 1]) : 0;
        if (digits && i + 1 + digits < text.len) {
            char hex[9] = {0};
            memcpy(hex, text.ptr + i + 2, digits);
            len += troth_utf8_encode(room + len, (uint32_t)strtoul(hex, NULL, 16));
            i += 1 + digits;
        } else if (!is_escape || text.ptr[i + 1] != '?') {
            room[len++] = text.ptr[i];
        }
    }
    value->as.text = (struct troth_span){room, len};
}

static bool same_scalar(const struct troth_cel_value *a, const struct troth_cel_value *b)
{
    switch ((int)a->kind) {
    case TROTH_CEL_NULL:
        return true;
    case TROTH_CEL_BOOL:
        return a->as.boolean == b->as.boolean;
    case TROTH_CEL_DOUBLE:
        return (isnan(a->as.real) && isnan(b->as.real)) ||
               memcmp(&a->as.real, &b->as.real, sizeof a->as.real) == 0;
    case TROTH_CEL_STRING:
    case TROTH_CEL_BYTES:
        return troth_span_equal(a->as.text, b->as.text);
    case TROTH_CEL_TYPE:
        return troth_cel_type_is_same(a->as.type, b->as.type);
    case TROTH_CEL_INT:
    case TROTH_CEL_UINT:
    case TROTH_CEL_TIMESTAMP:
    case TROTH_CEL_DURATION:
        return a->as.number == b->as.number && a->nanos == b->nanos;
    }
    return false;
}

static bool same_map(const struct troth_cel_map *a, const struct troth_cel_map *b)
{
    size_t found = 0;

    for (size_t i = 0; i < a->count; i++)
        for (size_t n = 0; n < b->count; n++)
            found += cel_json_same(&a->entries[i].key, &b->entries[n].key) &&
                     cel_json_same(&a->entries[i].value, &b->entries[n].value);
    return found == a->count && a->count == b->count;
}

bool cel_json_same(const struct troth_cel_value *a, const struct troth_cel_value *b)
{
    if (a->kind != b->kind)
        return false;
    if (a->kind == TROTH_CEL_MAP)
        return same_map(a->as.map, b->as.map);
    if (a->kind != TROTH_CEL_LIST)
        return same_scalar(a, b);
    if (a->as.list->count != b->as.list->count)
        return false;
    for (size_t i = 0; i < a->as.list->count; i++)
        if (!cel_json_same(&a->as.list->items[i], &b->as.list->items[i]))
            return false;
    return true;
}
