/* SPDX-License-Identifier: Apache-2.0 */
#include "test/support/cel_rows.h"

#include <string.h>

#include "cel/value.h"
#include "troth/cel.h"

enum { MEMORY = 1 << 20, STEPS = 1 << 20 };

static size_t count_of(const struct troth_cel_value *arguments)
{
    size_t count = 0;

    while (count < TROTH_CEL_ARGUMENTS_MAX && arguments[count].kind)
        count++;
    return count;
}

static bool fits(const struct troth_cel_overload *row, const char *name,
                 const struct troth_cel_value *arguments)
{
    const bool is_member = name[0] == '.';

    if (row->is_member != is_member || strcmp(row->name, name + is_member) != 0 ||
        row->argument_count != count_of(arguments))
        return false;
    for (size_t i = 0; i < row->argument_count; i++)
        if (!troth_cel_value_fits(&arguments[i], row->arguments[i]))
            return false;
    return true;
}

struct troth_cel_value cel_rows_call(const struct troth_cel_library *library,
                                     struct troth_cel_call *call, const char *name,
                                     const struct troth_cel_value *arguments)
{
    for (size_t i = 0; i < library->overload_count; i++) {
        const struct troth_cel_overload *row = &library->overloads[i];

        if (!row->call || !fits(row, name, arguments))
            continue;
        call->host = row->host;

        const struct troth_cel_value answer = row->call(call, arguments);

        if (!call->out_of_steps && !call->out_of_memory)
            return answer;
        break;
    }
    return (struct troth_cel_value){0};
}

bool cel_rows_same(const struct troth_cel_value *a, const struct troth_cel_value *b)
{
    uint8_t memory[64];
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_cel_call call = {.arena = &arena, .steps = STEPS};

    if (a->kind != b->kind)
        return false;
    if (a->kind == TROTH_CEL_NONE)
        return true;
    if (a->kind == TROTH_CEL_ERROR)
        return a->as.error.code == b->as.error.code;
    if (a->kind == TROTH_CEL_DOUBLE)
        return memcmp(&a->as.real, &b->as.real, sizeof a->as.real) == 0 ||
               (a->as.real != a->as.real && b->as.real != b->as.real);
    return troth_cel_equal(&call, a, b);
}

/* What a value is, for whoever reads a failure. */
static void check_same(const struct troth_cel_value *seen,
                       const struct troth_cel_value *wanted)
{
    CHECK_INT(seen->kind, wanted->kind);
    if (seen->kind != wanted->kind)
        return;
    if (seen->kind == TROTH_CEL_ERROR)
        CHECK_TEXT(troth_cel_error_text(seen->as.error.code),
                   troth_cel_error_text(wanted->as.error.code));
    else if (seen->kind == TROTH_CEL_STRING || seen->kind == TROTH_CEL_BYTES)
        CHECK_SPAN(seen->as.text, wanted->as.text);
    else if (seen->kind == TROTH_CEL_INT)
        CHECK_INT(seen->as.integer, wanted->as.integer);
    else
        CHECK(cel_rows_same(seen, wanted));
}

/* With too little of either, the evaluation ends; it never gives another value. */
static void check_budgets(const struct troth_cel_library *library,
                          const struct cel_row *row)
{
    static uint8_t memory[MEMORY];
    bool ended_or_same = true;

    for (size_t few = 0; few < 24; few++) {
        struct troth_arena arena = {memory, few % 2 ? sizeof memory : few * few * 4, 0};
        struct troth_cel_call call = {.arena = &arena,
                                      .steps = few % 2 ? few / 2 : (uint64_t)STEPS};
        const struct troth_cel_value seen = cel_rows_call(library, &call, row->name,
                                                          row->arguments);

        if (!call.out_of_steps && !call.out_of_memory &&
            !cel_rows_same(&seen, &row->wanted))
            ended_or_same = false;
    }
    CHECK(ended_or_same);
}

void cel_rows_check(const struct troth_cel_library *library, const struct cel_row *rows,
                    size_t count)
{
    static uint8_t memory[MEMORY];

    for (size_t i = 0; i < count; i++) {
        struct troth_arena arena = TROTH_ARENA_OVER(memory);
        struct troth_cel_call call = {.arena = &arena, .steps = STEPS};

        test_case("%s: %s", rows[i].name, rows[i].why);

        const struct troth_cel_value seen = cel_rows_call(library, &call, rows[i].name,
                                                          rows[i].arguments);

        CHECK(!call.out_of_steps && !call.out_of_memory);
        check_same(&seen, &rows[i].wanted);
        check_budgets(library, &rows[i]);
    }
}

static void check_expression(const struct cel_expression *expression)
{
    static uint8_t memory[MEMORY];
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_cel_env env = {.libraries = troth_cel_all_libraries,
                                .library_count = TROTH_CEL_LIBRARIES};
    struct troth_cel_program program;
    struct troth_cel_issue issue = {0};
    struct troth_cel_value value;
    const enum troth_err err = troth_cel_compile(&program, &issue, &env,
                                                 test_text(expression->text), &arena);

    CHECK_ERR(err, expression->outcome == IS_REFUSED ? TROTH_ERR_VALUE : TROTH_OK);
    if (err && expression->outcome != IS_REFUSED)
        FAIL(issue.text);
    if (err)
        return;

    const struct troth_cel_run run = {.steps = STEPS, .arena = &arena};
    const struct troth_cel_value wanted = expression->outcome == IS_ERROR
                                              ? TROTH_CEL_ERROR_VALUE(expression->error)
                                              : TROTH_CEL_BOOL_VALUE(true);

    CHECK_ERR(troth_cel_evaluate(&value, &program, &run), TROTH_OK);
    check_same(&value, &wanted);
}

void cel_expressions_check(const struct cel_expression *expressions, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        test_case("%s", expressions[i].text);
        check_expression(&expressions[i]);
    }
}
