/* SPDX-License-Identifier: Apache-2.0 */
#include "test/support/cel_trial.h"

#include <stdio.h>

#include "cel/library_types.h"
#include "cel/value.h"
#include "test/harness.h"

static struct troth_cel_value twice(struct troth_cel_call *call,
                                    const struct troth_cel_value *arguments)
{
    const int64_t *times = call->host;

    return TROTH_CEL_INT_VALUE(arguments[0].as.integer * *times);
}

static struct troth_cel_value fail(struct troth_cel_call *call,
                                   const struct troth_cel_value *arguments)
{
    (void)call;
    (void)arguments;
    return TROTH_CEL_ERROR_VALUE(TROTH_CEL_ERROR_HOST);
}

static struct troth_cel_value spend(struct troth_cel_call *call,
                                    const struct troth_cel_value *arguments)
{
    return TROTH_CEL_BOOL_VALUE(troth_cel_spend(call, (uint64_t)arguments[0].as.integer));
}

static struct troth_cel_value hours(struct troth_cel_call *call,
                                    const struct troth_cel_value *arguments)
{
    (void)call;
    (void)arguments;
    return TROTH_CEL_INT_VALUE(42);
}

static const int64_t two = 2;
static const struct troth_cel_overload host_rows[] = {
    {"host.twice", false, 1, TROTH_CEL_OF(INT), {TROTH_CEL_OF(INT)}, twice, &two},
    TROTH_CEL_FUNCTION("host.fail", fail, TROTH_CEL_OF(BOOL), TROTH_CEL_OF(INT))
        TROTH_CEL_FUNCTION("host.spend", spend, TROTH_CEL_OF(BOOL), TROTH_CEL_OF(INT))
            TROTH_CEL_METHOD("getHours", hours, TROTH_CEL_OF(INT),
                             TROTH_CEL_OF(TIMESTAMP), TROTH_CEL_OF(STRING))
                TROTH_CEL_FUNCTION("host.nothing", NULL, TROTH_CEL_OF(BOOL),
                                   TROTH_CEL_OF(INT))};
static const struct troth_cel_library host = {
    .name = "host", .overloads = host_rows, .overload_count = COUNT(host_rows)};

static const struct troth_cel_type list_int = {TROTH_CEL_LIST, NULL, {TROTH_CEL_OF(INT)}};
static const struct troth_cel_type map_int = {
    TROTH_CEL_MAP, NULL, {TROTH_CEL_OF(STRING), TROTH_CEL_OF(INT)}};

static const struct troth_cel_variable variables[] = {
    {"i", TROTH_CEL_OF(INT)},    {"n", TROTH_CEL_OF(INT)},
    {"u", TROTH_CEL_OF(INT)},    {"s", TROTH_CEL_OF(STRING)},
    {"d", TROTH_CEL_OF(DYN)},    {"xs", &list_int},
    {"us", &list_int},           {"m", &map_int},
    {"p.q", TROTH_CEL_OF(BOOL)}, {"b", TROTH_CEL_OF(BYTES)},
    {"p.u", TROTH_CEL_OF(INT)},  {"p.n", TROTH_CEL_OF(INT)}};

void cel_trial_begin(struct cel_trial *trial, bool is_unchecked)
{
    static uint8_t room[1 << 22];
    static const struct troth_cel_library *libraries[TROTH_CEL_LIBRARIES + 1];
    static const struct troth_cel_entry entry = {
        {.kind = TROTH_CEL_STRING, .as.text = {(const uint8_t *)"a", 1}},
        {.kind = TROTH_CEL_INT, .as.integer = 1}};
    static const struct troth_cel_map map = {&entry, 1};
    const struct troth_cel_value unknown = {.kind = TROTH_CEL_UNKNOWN};

    for (size_t i = 0; i < TROTH_CEL_LIBRARIES; i++)
        libraries[i] = troth_cel_all_libraries[i];
    libraries[TROTH_CEL_LIBRARIES] = &host;
    *trial = (struct cel_trial){
        .arena = TROTH_ARENA_OVER(room),
        .env = {.variables = variables,
                .variable_count = COUNT(variables),
                .libraries = libraries,
                .library_count = TROTH_CEL_LIBRARIES + 1,
                .is_unchecked = is_unchecked},
        .values = {TROTH_CEL_INT_VALUE(5),
                   {.kind = TROTH_CEL_NONE},
                   unknown,
                   TROTH_CEL_STRING_VALUE(TROTH_LITERAL("text")),
                   TROTH_CEL_UINT_VALUE(7),
                   TROTH_CEL_LIST_VALUE(&trial->xs),
                   unknown,
                   TROTH_CEL_MAP_VALUE(&map),
                   TROTH_CEL_BOOL_VALUE(true),
                   TROTH_CEL_BYTES_VALUE(TROTH_LITERAL("\x01")),
                   unknown},
        .steps = 1000000,
    };
}

void cel_trial_fill(struct cel_trial *trial, size_t length)
{
    static struct troth_cel_value items[10000];

    for (size_t i = 0; i < length; i++)
        items[i] = TROTH_CEL_INT_VALUE((int64_t)i);
    trial->xs = (struct troth_cel_list){items, length};
}

enum troth_err cel_trial_compile(struct cel_trial *trial, const char *text)
{
    return troth_cel_compile(&trial->program, &trial->issue, &trial->env, test_text(text),
                             &trial->arena);
}

enum troth_err cel_trial_run(struct cel_trial *trial, struct troth_cel_value *out)
{
    const struct troth_cel_run run = {
        .variables = trial->values,
        .steps = trial->steps,
        .arena = &trial->arena,
        .trace = trial->trace,
    };

    return troth_cel_evaluate(out, &trial->program, &run);
}

uint64_t cel_trial_least_steps(struct cel_trial *trial)
{
    uint64_t too_few = 0;
    uint64_t enough = trial->steps;

    while (enough - too_few > 1) {
        const size_t used = trial->arena.used;
        struct troth_cel_value value;

        trial->steps = (too_few + enough) / 2;
        if (cel_trial_run(trial, &value))
            too_few = trial->steps;
        else
            enough = trial->steps;
        trial->arena.used = used;
    }
    return enough;
}

struct troth_cel_value cel_trial_value(struct cel_trial *trial, const char *text)
{
    struct troth_cel_value value = {.kind = TROTH_CEL_NONE};

    if (!CHECK_ERR(cel_trial_compile(trial, text), TROTH_OK))
        printf("# %s: %s\n", text, trial->issue.text);
    else
        CHECK_ERR(cel_trial_run(trial, &value), TROTH_OK);
    return value;
}
