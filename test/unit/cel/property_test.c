/* SPDX-License-Identifier: Apache-2.0 */
/* What holds of every expression, on thousands by chance. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cel/node.h"
#include "test/support/cel_sentences.h"

enum {
    SENTENCES = 4000,
    PARTS = 14,
    COMPLETIONS = 6,
    REASONS = 64,

    PLENTY = 1 << 24
};

/* One expression, compiled twice; what is evaluated is in the rest of the arena. */
struct sample {
    const char *text;
    struct troth_arena arena;
    struct troth_cel_program program, unchecked;
    struct troth_cel_value *trace;
    struct troth_cel_value values[CEL_SENTENCE_VARIABLES];
};

static const struct troth_cel_env checked_env = {
    .variables = cel_sentence_variables,
    .variable_count = CEL_SENTENCE_VARIABLES,
    .libraries = troth_cel_all_libraries,
    .library_count = TROTH_CEL_LIBRARIES,
};

static bool compile(struct troth_cel_program *out, const char *text, bool is_unchecked,
                    struct troth_arena *arena)
{
    struct troth_cel_env env = checked_env;
    struct troth_cel_issue issue;

    env.is_unchecked = is_unchecked;
    if (!troth_cel_compile(out, &issue, &env, test_text(text), arena))
        return true;
    CHECK_TEXT(issue.text, text);
    return false;
}

static struct troth_cel_value evaluate(struct sample *sample,
                                       const struct troth_cel_program *program,
                                       const struct troth_cel_value *values,
                                       struct troth_cel_value *trace)
{
    const struct troth_cel_run run = {values, PLENTY, &sample->arena, trace};
    struct troth_cel_value value;
    const enum troth_err err = troth_cel_evaluate(&value, program, &run);

    if (!CHECK_ERR(err, TROTH_OK))
        CHECK_TEXT(sample->text, "");
    return value;
}

static const char *text_of(const struct troth_cel_value *value)
{
    static char rooms[2][1 << 16];
    static unsigned next;
    char *room = rooms[next++ % 2];
    size_t len;

    CHECK_ERR(troth_cel_value_to_text((uint8_t *)room, sizeof rooms[0] - 1, &len, value),
              TROTH_OK);
    room[len] = 0;
    return room;
}

/* Errors of any kind are one: which of two is met first may depend on what is known. */
static bool are_same(const struct troth_cel_value *a, const struct troth_cel_value *b)
{
    return a->kind == b->kind &&
           (a->kind == TROTH_CEL_ERROR || strcmp(text_of(a), text_of(b)) == 0);
}

static void complain(const struct sample *sample, const char *what,
                     const struct troth_cel_value *a, const struct troth_cel_value *b)
{
    char shown[256];

    (void)snprintf(shown, sizeof shown, "%s; %.100s; %.100s", what, text_of(a),
                   text_of(b));
    CHECK_TEXT(sample->text, shown);
}

/* Variables of `values` that are unknown instead. */
static void forget(struct troth_cel_value *out, const struct troth_cel_value *values,
                   unsigned forgotten)
{
    for (unsigned i = 0; i < CEL_SENTENCE_VARIABLES; i++)
        out[i] = forgotten >> i & 1 ? (struct troth_cel_value){.kind = TROTH_CEL_UNKNOWN}
                                    : values[i];
}

/* What is certain although some variables are unknown is so whatever they are. */
static void check_unknowns(struct sample *sample, struct test_random *random)
{
    const unsigned forgotten = test_random_below(random, 1U << CEL_SENTENCE_VARIABLES);
    struct troth_cel_value partly[CEL_SENTENCE_VARIABLES];

    forget(partly, sample->values, forgotten);
    const struct troth_cel_value certain = evaluate(sample, &sample->program, partly,
                                                    NULL);
    if (certain.kind == TROTH_CEL_UNKNOWN)
        return;
    for (unsigned n = 0; n < COMPLETIONS; n++) {
        struct troth_cel_value other[CEL_SENTENCE_VARIABLES];

        cel_sentence_values(other, random);
        for (unsigned i = 0; i < CEL_SENTENCE_VARIABLES; i++)
            if (!(forgotten >> i & 1))
                other[i] = sample->values[i];
        const struct troth_cel_value full = evaluate(sample, &sample->program, other,
                                                     NULL);
        if (!are_same(&certain, &full))
            complain(sample, "certain, but not so", &certain, &full);
    }
}

static void check_reasons(const struct sample *sample)
{
    struct troth_cel_reason reasons[REASONS];
    size_t count;

    troth_cel_explain(reasons, &count, REASONS, &sample->program, sample->trace);
    CHECK(count <= REASONS);
    for (size_t i = 0; i < count; i++)
        if (!CHECK(reasons[i].start < reasons[i].end &&
                   reasons[i].end <= sample->program.source.len &&
                   (i == 0 || reasons[i].depth <= reasons[i - 1].depth + 1)))
            CHECK_TEXT(sample->text, "");
}

/* A value that is written and read again is what it was. */
static void check_text(struct sample *sample, const struct troth_cel_value *value)
{
    struct troth_cel_program written;

    if (value->kind <= TROTH_CEL_UNKNOWN)
        return;
    const char *text = text_of(value);
    if (!compile(&written, text, false, &sample->arena)) {
        CHECK_TEXT(sample->text, "");
        return;
    }
    const struct troth_cel_value read = evaluate(sample, &written, sample->values, NULL);
    if (!are_same(value, &read))
        complain(sample, "written and read", value, &read);
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static size_t size_of_one(const struct troth_cel_value *value)
{
    switch ((int)value->kind) {
    case TROTH_CEL_STRING:
    case TROTH_CEL_BYTES:
        return value->as.text.len;
    case TROTH_CEL_LIST:
        return value->as.list->count;
    case TROTH_CEL_MAP:
        return value->as.map->count;
    }
    return 0;
}

/* Of a value and what is in it: bytes and elements. */
static size_t size_of(const struct troth_cel_value *value)
{
    size_t size = size_of_one(value);

    for (size_t i = 0; value->kind == TROTH_CEL_LIST && i < value->as.list->count; i++)
        size = larger(size, size_of_one(&value->as.list->items[i]));
    for (size_t i = 0; value->kind == TROTH_CEL_MAP && i < value->as.map->count; i++)
        size = larger(size, size_of_one(&value->as.map->entries[i].key));
    return size;
}

/* The bound on steps suffices for the sizes that were met, as far as they are in the
 * trace: it has the last round of a loop. */
static void check_cost(struct sample *sample)
{
    const struct troth_cel_tree *tree = sample->program.tree;
    struct troth_cel_value value;
    size_t size = 0;

    for (uint32_t i = 1; i < tree->count; i++)
        size = larger(size, size_of(&sample->trace[i]));
    const uint64_t cost = troth_cel_cost(&sample->program, size);
    const struct troth_cel_run run = {sample->values, cost, &sample->arena, NULL};
    if (!CHECK_ERR(troth_cel_evaluate(&value, &sample->program, &run), TROTH_OK))
        CHECK_TEXT(sample->text, "");
}

static void check_one(struct sample *sample, struct test_random *random)
{
    cel_sentence_values(sample->values, random);
    const struct troth_cel_value value = evaluate(sample, &sample->program,
                                                  sample->values, NULL);
    const struct troth_cel_value traced = evaluate(sample, &sample->program,
                                                   sample->values, sample->trace);
    const struct troth_cel_value loose = evaluate(sample, &sample->unchecked,
                                                  sample->values, NULL);

    if (!are_same(&value, &traced))
        complain(sample, "traced", &value, &traced);
    if (!are_same(&value, &loose))
        complain(sample, "unchecked", &value, &loose);
    check_reasons(sample);
    check_cost(sample);
    check_text(sample, &value);
    check_unknowns(sample, random);
}

/* How many may be said. */
int main(int argc, char **argv)
{
    static uint8_t room[1 << 25];
    const char *wanted = argc > 1 ? argv[1] : "4000";
    const unsigned count = (unsigned)strtoul(wanted, NULL, 10);
    struct test_random random = {20260501};
    unsigned compiled = 0;

    test_case("%u expressions by chance", count);
    for (unsigned n = 0; n < count; n++) {
        struct sample sample = {.arena = TROTH_ARENA_OVER(room)};

        sample.text = cel_sentence(&random, 1 + n % PARTS);
        if (!compile(&sample.program, sample.text, false, &sample.arena) ||
            !compile(&sample.unchecked, sample.text, true, &sample.arena))
            continue;
        compiled++;
        sample.trace = (void *)(room + sizeof room / 2);
        sample.arena.size = sizeof room / 2;
        for (unsigned i = 0; i < 3; i++)
            check_one(&sample, &random);
    }
    CHECK_INT(compiled, count);
    return test_finish();
}
