/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log/follow_filter.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/span.h"
#include "base/writer.h"
#include "codec/json.h"
#include "troth/cel.h"

/* Of the expression itself; and of one entry: the record, its map, what is made of it. */
#define PROGRAM_ROOM ((size_t)4 * 1024 * 1024)
#define ENTRY_ROOM   ((size_t)8 * 1024 * 1024)

/* A second or so of the slowest machine, for an entry that was made to be slow. */
#define STEPS_MAX ((uint64_t)20 * 1000 * 1000)

enum variable { INDEX, ENTRY, KIND, ID, TIME_MS, RECORD, VARIABLE_COUNT };

static const struct troth_cel_type record_type = {
    TROTH_CEL_MAP,
    NULL,
    {&troth_cel_types[TROTH_CEL_STRING], &troth_cel_types[TROTH_CEL_DYN], NULL}};

static const struct troth_cel_variable variables[VARIABLE_COUNT] = {
    [INDEX] = {"index", &troth_cel_types[TROTH_CEL_INT]},
    [ENTRY] = {"entry", &troth_cel_types[TROTH_CEL_BYTES]},
    [KIND] = {"kind", &troth_cel_types[TROTH_CEL_STRING]},
    [ID] = {"id", &troth_cel_types[TROTH_CEL_STRING]},
    [TIME_MS] = {"time_ms", &troth_cel_types[TROTH_CEL_INT]},
    [RECORD] = {"record", &record_type},
};

struct troth_follow_filter {
    struct troth_cel_env env;
    struct troth_cel_program program;
    uint8_t *memory;          /* of the program, and behind it of an entry */
    struct troth_arena arena; /* of an entry */
};

/* ---- compiling ---- */

static bool complain(struct troth_problem *problem, enum troth_err err,
                     const struct troth_cel_issue *issue)
{
    if (err != TROTH_ERR_VALUE)
        return troth_problem_memory(problem);
    (void)troth_problem_usage(problem, "--filter: %u:%u: %s", (unsigned)issue->line,
                              (unsigned)issue->column, issue->text);
    troth_problem_hint(problem, "it may name index, entry, kind, id, time_ms and record: "
                                "kind == 'release' && record.name == 'web'");
    return false;
}

bool troth_follow_filter_create(struct troth_follow_filter **out,
                                struct troth_problem *problem, const char *text)
{
    struct troth_follow_filter *filter = calloc(1, sizeof *filter);
    struct troth_cel_issue issue = {.line = 0};
    struct troth_arena arena = {NULL, PROGRAM_ROOM, 0};
    enum troth_err err = TROTH_ERR_MEMORY;

    *out = NULL;
    if (filter)
        filter->memory = arena.base = malloc(PROGRAM_ROOM + ENTRY_ROOM);
    if (arena.base) {
        filter->arena = (struct troth_arena){arena.base + PROGRAM_ROOM, ENTRY_ROOM, 0};
        filter->env = (struct troth_cel_env){
            .variables = variables,
            .variable_count = VARIABLE_COUNT,
            .libraries = troth_cel_all_libraries,
            .library_count = TROTH_CEL_LIBRARIES,
            .result = &troth_cel_types[TROTH_CEL_BOOL],
        };
        err = troth_cel_compile(&filter->program, &issue, &filter->env,
                                troth_span_of_text(text), &arena);
    }
    if (!err) {
        *out = filter;
        return true;
    }
    troth_follow_filter_destroy(filter);
    return complain(problem, err, &issue);
}

void troth_follow_filter_destroy(struct troth_follow_filter *filter)
{
    if (filter)
        free(filter->memory);
    free(filter);
}

/* ---- a record as a map ---- */

/* Room for so many entries; NULL when memory runs out. */
static struct troth_cel_map *take_map(struct troth_cel_entry **out,
                                      struct troth_arena *arena, size_t room)
{
    struct troth_cel_map *map = troth_arena_take(arena, sizeof *map);

    *out = troth_arena_take_array(arena, room + 1, sizeof **out);
    if (!map || !*out)
        return NULL;
    map->entries = *out;
    return map;
}

static struct troth_cel_value hex_of(struct troth_arena *arena, struct troth_span bytes)
{
    uint8_t *text = troth_arena_take_unset(arena, 2, bytes.len);
    struct troth_writer w = troth_writer_over(text, text ? 2 * bytes.len : 0);

    troth_write_hex(&w, bytes);
    return TROTH_CEL_STRING_VALUE(troth_writer_span(&w));
}

/* {"kind":{"name":"hex",…},…}, which was checked to be that; in the order it has. */
static bool map_inner(struct troth_cel_value *out, struct troth_json *json,
                      struct troth_arena *arena)
{
    static const char field[] = "record.measurements";
    struct troth_cel_entry *entries;
    struct troth_cel_map *map = take_map(&entries, arena, TROTH_JSON_KEYS);
    struct troth_span key;

    if (!map)
        return false;
    troth_json_enter_object(json, field);
    while (map->count < TROTH_JSON_KEYS && troth_json_member(json, &key, field))
        entries[map->count++] = (struct troth_cel_entry){
            TROTH_CEL_STRING_VALUE(key),
            TROTH_CEL_STRING_VALUE(troth_json_string(json, field))};
    troth_json_leave(json, field);
    *out = TROTH_CEL_MAP_VALUE(map);
    return true;
}

static bool map_measurements(struct troth_cel_value *out, struct troth_span text,
                             struct troth_arena *arena)
{
    static const char field[] = "record.measurements";
    struct troth_json json;
    struct troth_cel_entry *entries;
    struct troth_cel_map *map = take_map(&entries, arena, TROTH_JSON_KEYS);
    struct troth_span key;

    if (!map)
        return false;
    troth_json_init(&json, text);
    troth_json_enter_object(&json, field);
    while (map->count < TROTH_JSON_KEYS && troth_json_member(&json, &key, field)) {
        entries[map->count].key = TROTH_CEL_STRING_VALUE(key);
        if (!map_inner(&entries[map->count++].value, &json, arena))
            return false;
    }
    troth_json_leave(&json, field);
    *out = TROTH_CEL_MAP_VALUE(map);
    return troth_json_finish(&json, NULL) == TROTH_OK;
}

static bool map_value(struct troth_cel_value *out, const struct troth_record_value *value,
                      struct troth_arena *arena)
{
    switch (value->field->type) {
    case TROTH_RECORD_UINT: /* at most 2^53 - 1 */
        *out = TROTH_CEL_INT_VALUE((int64_t)value->number);
        return true;
    case TROTH_RECORD_MEASUREMENTS:
        return map_measurements(out, value->text, arena);
    case TROTH_RECORD_TEXT:
    case TROTH_RECORD_HEX:
        break;
    }
    *out = TROTH_CEL_STRING_VALUE(value->text);
    return true;
}

static bool map_marks(struct troth_cel_value *out, const struct troth_record_mark *marks,
                      size_t count, size_t size, struct troth_arena *arena)
{
    struct troth_cel_entry *entries;
    struct troth_cel_map *map = take_map(&entries, arena, count);

    if (!map)
        return false;
    for (size_t i = 0; i < count; i++)
        entries[i] = (struct troth_cel_entry){
            TROTH_CEL_STRING_VALUE(marks[i].name),
            hex_of(arena, (struct troth_span){marks[i].bytes, size})};
    map->count = count;
    *out = TROTH_CEL_MAP_VALUE(map);
    return true;
}

static bool map_record(struct troth_cel_value *out, const struct troth_record *record,
                       struct troth_arena *arena)
{
    struct troth_cel_entry *entries;
    struct troth_cel_map *map = take_map(&entries, arena, record->value_count + 2);

    if (!map)
        return false;
    for (size_t i = 0; i < record->value_count; i++) {
        const struct troth_record_value *value = &record->values[i];

        entries[i].key = TROTH_CEL_STRING_VALUE(troth_span_of_text(value->field->name));
        if (!map_value(&entries[i].value, value, arena))
            return false;
    }
    entries += record->value_count;
    entries[0].key = TROTH_CEL_STRING_VALUE(TROTH_LITERAL("commitments"));
    entries[1].key = TROTH_CEL_STRING_VALUE(TROTH_LITERAL("tags"));
    map->count = record->value_count + 2;
    *out = TROTH_CEL_MAP_VALUE(map);
    return map_marks(&entries[0].value, record->commitments, record->commitment_count, 32,
                     arena) &&
           map_marks(&entries[1].value, record->tags, record->tag_count,
                     TROTH_RECORD_TAG_SIZE, arena);
}

/* ---- asking ---- */

/* False: no memory. */
static bool bind(struct troth_cel_value *values, struct troth_arena *arena,
                 uint64_t index, struct troth_span entry)
{
    static const struct troth_cel_map nothing = {NULL, 0};
    const struct troth_span none = TROTH_LITERAL("");
    struct troth_record *record = troth_arena_take(arena, sizeof *record);
    enum troth_err err;

    values[INDEX] = TROTH_CEL_INT_VALUE((int64_t)index); /* below 2^62 */
    values[ENTRY] = TROTH_CEL_BYTES_VALUE(entry);
    values[KIND] = values[ID] = TROTH_CEL_STRING_VALUE(none);
    values[TIME_MS] = TROTH_CEL_INT_VALUE(0);
    values[RECORD] = TROTH_CEL_MAP_VALUE(&nothing);
    if (!record)
        return false;
    err = troth_record_parse(record, NULL, entry, arena);
    if (err)
        return err != TROTH_ERR_MEMORY;
    values[KIND] = TROTH_CEL_STRING_VALUE(
        troth_span_of_text(troth_record_kind_name(record->kind)));
    values[ID] = hex_of(arena, (struct troth_span)TROTH_ARRAY_SPAN(record->id));
    values[TIME_MS] = TROTH_CEL_INT_VALUE((int64_t)record->time_ms);
    return map_record(&values[RECORD], record, arena);
}

static enum troth_follow_answer unjudged(const char **out_why, const char *why)
{
    *out_why = why;
    return TROTH_FOLLOW_UNJUDGED;
}

enum troth_follow_answer troth_follow_filter_ask(struct troth_follow_filter *filter,
                                                 const char **out_why, uint64_t index,
                                                 struct troth_span entry)
{
    struct troth_cel_value values[VARIABLE_COUNT], value;
    const struct troth_cel_run run = {
        .variables = values, .steps = STEPS_MAX, .arena = &filter->arena};
    enum troth_err err;

    *out_why = NULL;
    filter->arena.used = 0;
    if (!bind(values, &filter->arena, index, entry))
        return unjudged(out_why, "its record takes more memory than one may");
    err = troth_cel_evaluate(&value, &filter->program, &run);
    if (err == TROTH_ERR_LIMIT)
        return unjudged(out_why, "the filter takes more steps than it may");
    if (err)
        return unjudged(out_why, "the filter takes more memory than it may");
    if (value.kind == TROTH_CEL_ERROR)
        return unjudged(out_why, troth_cel_error_text(value.as.error.code));
    if (value.kind != TROTH_CEL_BOOL)
        return unjudged(out_why, "the filter is neither true nor false");
    return value.as.boolean ? TROTH_FOLLOW_YES : TROTH_FOLLOW_NO;
}
