/* SPDX-License-Identifier: Apache-2.0 */
/* Any text as an expression that is checked: what is taken has a meaning and a type
 * everywhere, its value is of that type, is explained by what is in the source, and its
 * text is an expression for it. What is not taken has an issue inside the source. */
#include "cel/check.h"

#include <stdlib.h>

#include "base/span.h"
#include "cel/parse.h"
#include "cel/type.h"
#include "cel/value.h"

enum { ROOM = 8 << 20, STEPS = 20000, REASONS = 24, SIZE_MAX_READ = 1 << 12 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define OF(name) (&troth_cel_types[TROTH_CEL_##name])

static const struct troth_cel_type texts_type = {TROTH_CEL_LIST, NULL, {OF(STRING)}};
static const struct troth_cel_type map_type = {
    TROTH_CEL_MAP, NULL, {OF(STRING), OF(INT)}};

static const struct troth_cel_variable variables[] = {
    {"n", OF(INT)},     {"s", OF(STRING)},      {"d", OF(DYN)},     {"m", &map_type},
    {"l", &texts_type}, {"a.b", OF(TIMESTAMP)}, {"none", OF(BOOL)}, {"u", OF(BYTES)},
};
enum { VARIABLES = sizeof variables / sizeof variables[0] };

static const struct troth_cel_env env = {
    .container = "a",
    .variables = variables,
    .variable_count = VARIABLES,
    .libraries = troth_cel_all_libraries,
    .library_count = TROTH_CEL_LIBRARIES,
};

static uint8_t room[ROOM];

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void fill(struct troth_cel_value values[VARIABLES])
{
    static const struct troth_cel_value texts[] = {
        {.kind = TROTH_CEL_STRING, .as.text = {(const uint8_t *)"a", 1}},
        {.kind = TROTH_CEL_STRING, .as.text = {(const uint8_t *)"b", 1}},
    };
    static const struct troth_cel_entry entries[] = {
        {{.kind = TROTH_CEL_STRING, .as.text = {(const uint8_t *)"x", 1}},
         {.kind = TROTH_CEL_INT, .as.integer = 1}},
    };
    static const struct troth_cel_list list = {texts, 2};
    static const struct troth_cel_map map = {entries, 1};

    values[0] = TROTH_CEL_INT_VALUE(2);
    values[1] = texts[0];
    values[2] = values[4] = TROTH_CEL_LIST_VALUE(&list);
    values[3] = TROTH_CEL_MAP_VALUE(&map);
    values[5] = TROTH_CEL_TIMESTAMP_VALUE(1, 5);
    values[6] = (struct troth_cel_value){.kind = TROTH_CEL_NONE};
    values[7] = (struct troth_cel_value){.kind = TROTH_CEL_UNKNOWN};
}

static bool is_name(const struct troth_cel_node *n)
{
    return n->kind == TROTH_CEL_NODE_NAME || n->kind == TROTH_CEL_NODE_SELECT;
}

static void check_node(const struct troth_cel_tree *tree, const struct troth_cel_node *n)
{
    require(n->type && !troth_cel_type_has_parameter(n->type));
    if (n->kind == TROTH_CEL_NODE_CALL)
        require(n->overloads && n->overloads[0]);
    if (n->meaning != TROTH_CEL_MEANS_ITSELF)
        require(is_name(n));
    else
        require(n->kind != TROTH_CEL_NODE_NAME);
    if (n->meaning == TROTH_CEL_MEANS_VARIABLE)
        require(n->index < VARIABLES);
    if (n->meaning == TROTH_CEL_MEANS_LOCAL)
        require(tree->nodes[n->index].kind == TROTH_CEL_NODE_LOOP ||
                tree->nodes[n->index].kind == TROTH_CEL_NODE_LET);
    require(n->meaning != TROTH_CEL_MEANS_NOTHING);
}

static void check_tree(const struct troth_cel_tree *tree)
{
    struct troth_cel_walk walk = troth_cel_walk_over(tree, tree->root);

    while (troth_cel_walk_next(&walk)) {
        const struct troth_cel_node *n = &tree->nodes[walk.node];

        if (walk.step != TROTH_CEL_ENTER)
            continue;
        check_node(tree, n);
        if (n->meaning != TROTH_CEL_MEANS_ITSELF)
            troth_cel_walk_skip(&walk);
    }
}

/* Null may be where nothing else of the type is. */
static bool has_type(const struct troth_cel_value *value,
                     const struct troth_cel_type *type)
{
    return value->kind == TROTH_CEL_NULL || value->kind == TROTH_CEL_ERROR ||
           value->kind == TROTH_CEL_UNKNOWN || troth_cel_value_fits(value, type);
}

static void check_value(const struct troth_cel_value *value,
                        const struct troth_cel_type *type)
{
    require(has_type(value, type));
    if (value->kind == TROTH_CEL_LIST)
        for (size_t i = 0; i < value->as.list->count; i++)
            require(
                has_type(&value->as.list->items[i], troth_cel_type_argument(type, 0)));
    if (value->kind != TROTH_CEL_MAP)
        return;
    for (size_t i = 0; i < value->as.map->count; i++) {
        require(
            has_type(&value->as.map->entries[i].key, troth_cel_type_argument(type, 0)));
        require(
            has_type(&value->as.map->entries[i].value, troth_cel_type_argument(type, 1)));
    }
}

static void check_reasons(const struct troth_cel_program *program,
                          const struct troth_cel_value *trace)
{
    struct troth_cel_reason reasons[REASONS];
    size_t count = 0;

    troth_cel_explain(reasons, &count, REASONS, program, trace);
    require(count <= REASONS);
    for (size_t i = 0; i < count; i++) {
        require(reasons[i].start < reasons[i].end &&
                reasons[i].end <= program->source.len);
        require(reasons[i].value.kind != TROTH_CEL_NONE);
        require(reasons[i].depth <= (i ? reasons[i - 1].depth + 1 : 0));
    }
}

/* Its text is an expression whose value has the same text. */
static void check_text(const struct troth_cel_value *value, struct troth_arena arena)
{
    static uint8_t text[1 << 12], again[1 << 12];
    struct troth_cel_env plain = env;
    struct troth_cel_program program;
    struct troth_cel_value read;
    size_t len = 0;
    size_t again_len = 0;

    plain.variable_count = 0;
    plain.container = NULL;
    if (value->kind <= TROTH_CEL_UNKNOWN ||
        troth_cel_value_to_text(text, sizeof text, &len, value))
        return;
    require(troth_cel_compile(&program, NULL, &plain, (struct troth_span){text, len},
                              &arena) == TROTH_OK);
    const struct troth_cel_run run = {NULL, UINT64_MAX, &arena, NULL};
    require(troth_cel_evaluate(&read, &program, &run) == TROTH_OK);
    require(troth_cel_value_to_text(again, sizeof again, &again_len, &read) == TROTH_OK);
    require(troth_span_equal((struct troth_span){text, len},
                             (struct troth_span){again, again_len}));
}

static void evaluate(const struct troth_cel_program *program, struct troth_arena *arena)
{
    static struct troth_cel_value trace[TROTH_CEL_NODES_MAX + 1];
    struct troth_cel_value values[VARIABLES];
    struct troth_cel_value value;

    fill(values);
    const struct troth_cel_run run = {values, STEPS, arena, trace};
    if (troth_cel_evaluate(&value, program, &run))
        return;
    check_value(&value, program->type);
    check_reasons(program, trace);
    check_text(&value, *arena);
}

static void check_unchecked(struct troth_span source)
{
    struct troth_arena arena = TROTH_ARENA_OVER(room);
    struct troth_cel_env unchecked = env;
    struct troth_cel_program program;
    struct troth_cel_issue issue;

    unchecked.is_unchecked = true;
    require(troth_cel_compile(&program, &issue, &unchecked, source, &arena) !=
            TROTH_ERR_VALUE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct troth_span source = {data, size};
    struct troth_arena arena = TROTH_ARENA_OVER(room);
    struct troth_cel_program program;
    struct troth_cel_issue issue;

    if (size > SIZE_MAX_READ)
        return 0;

    const enum troth_err err = troth_cel_compile(&program, &issue, &env, source, &arena);

    if (err == TROTH_ERR_VALUE)
        require(issue.text[0] && issue.start <= issue.end && issue.end <= size);
    if (err)
        return 0;
    check_tree(program.tree);
    (void)troth_cel_cost(&program, size);
    evaluate(&program, &arena);
    check_unchecked(source);
    return 0;
}
