/* SPDX-License-Identifier: Apache-2.0 */
/* Any text as an expression: compiled, and evaluated with small budgets. */
#include <stdlib.h>

#include "cel/node.h"
#include "cel/value.h"
#include "troth/cel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROOM = 1 << 22, SMALL_ROOM = 1 << 16, STEPS = 20000 };

static void require(bool holds)
{
    if (!holds)
        abort();
}

static const struct troth_cel_type ints = {
    TROTH_CEL_LIST, NULL, {&troth_cel_types[TROTH_CEL_INT]}};
static const struct troth_cel_variable variables[] = {
    {"i", &troth_cel_types[TROTH_CEL_INT]},
    {"s", &troth_cel_types[TROTH_CEL_STRING]},
    {"b", &troth_cel_types[TROTH_CEL_BYTES]},
    {"d", &troth_cel_types[TROTH_CEL_DYN]},
    {"xs", &ints},
    {"n", &troth_cel_types[TROTH_CEL_BOOL]},
    {"u", &troth_cel_types[TROTH_CEL_BOOL]},
    {"x.y", &troth_cel_types[TROTH_CEL_DOUBLE]},
    {"t", &troth_cel_types[TROTH_CEL_TIMESTAMP]},
};
static const struct troth_cel_value items[] = {{.kind = TROTH_CEL_INT, .as.integer = 1},
                                               {.kind = TROTH_CEL_INT, .as.integer = -2}};
static const struct troth_cel_list list = {items, 2};
static const struct troth_cel_value values[] = {
    {.kind = TROTH_CEL_INT, .as.integer = 5},
    {.kind = TROTH_CEL_STRING, .as.text = {(const uint8_t *)"t\xc3\xa9xt", 5}},
    {.kind = TROTH_CEL_BYTES, .as.text = {(const uint8_t *)"\x00\xff", 2}},
    {.kind = TROTH_CEL_UINT, .as.number = 7},
    {.kind = TROTH_CEL_LIST, .as.list = &list},
    {.kind = TROTH_CEL_NONE},
    {.kind = TROTH_CEL_UNKNOWN},
    {.kind = TROTH_CEL_DOUBLE, .as.real = 1.5},
    {.kind = TROTH_CEL_TIMESTAMP, .as.integer = 1700000000},
};

/* A type says what a value may be; null is a value of some types that it does not name.
 */
static void check_type(const struct troth_cel_program *program,
                       const struct troth_cel_value *value)
{
    require(value->kind <= TROTH_CEL_NULL || troth_cel_value_fits(value, program->type));
}

static void evaluate(const struct troth_cel_program *program, bool is_checked)
{
    static uint8_t room[SMALL_ROOM];
    static struct troth_cel_value trace[TROTH_CEL_NODES_MAX + 1];
    struct troth_arena arena = TROTH_ARENA_OVER(room);
    struct troth_cel_run run = {values, STEPS, &arena, NULL};
    struct troth_cel_value value;
    struct troth_cel_value again;
    const enum troth_err err = troth_cel_evaluate(&value, program, &run);

    require(!err || err == TROTH_ERR_LIMIT || err == TROTH_ERR_MEMORY);
    require(!err || value.kind == TROTH_CEL_NONE);
    require(err || value.kind != TROTH_CEL_NONE);
    if (!err && value.kind == TROTH_CEL_ERROR)
        require(value.as.error.start < value.as.error.end &&
                value.as.error.end <= program->source.len);
    if (!err && is_checked)
        check_type(program, &value);

    /* A trace changes nothing. */
    arena.used = 0;
    run.trace = trace;
    require(program->tree->count <= TROTH_CEL_NODES_MAX + 1);
    require(troth_cel_evaluate(&again, program, &run) == err);
    require(value.kind == again.kind);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t room[ROOM];
    struct troth_arena arena = TROTH_ARENA_OVER(room);
    struct troth_cel_env env = {
        .variables = variables,
        .variable_count = sizeof variables / sizeof variables[0],
        .libraries = troth_cel_all_libraries,
        .library_count = TROTH_CEL_LIBRARIES,
    };
    struct troth_cel_program program;
    struct troth_cel_issue issue;

    if (!size || size > 4096)
        return 0;
    env.is_unchecked = data[0] == '?';

    const struct troth_span source = {data + env.is_unchecked, size - env.is_unchecked};
    const enum troth_err err = troth_cel_compile(&program, &issue, &env, source, &arena);

    require(!err || err == TROTH_ERR_VALUE || err == TROTH_ERR_MEMORY);
    if (err == TROTH_ERR_VALUE)
        require(issue.text[0] && issue.line && issue.column && issue.start <= issue.end &&
                issue.end <= source.len);
    if (!err)
        evaluate(&program, !env.is_unchecked);
    return 0;
}
