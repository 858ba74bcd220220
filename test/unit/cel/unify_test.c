/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/unify.h"

#include "cel/rewrite.h"
#include "test/harness.h"

#define OF(name) (&troth_cel_types[TROTH_CEL_##name])

enum { UNKNOWNS = 8 };

static uint8_t memory[1 << 18];
static struct troth_cel_unifier unifier;
static struct troth_arena arena;

/*
 * Types as text, so that tables can say them: one letter each: i int, s string, d dyn,
 * n null, t timestamp, a to c the unknowns 0 to 2, L list, O optional, Y type (each with
 * one argument after it), M map (with two), P a host's own with three.
 */
static const struct troth_cel_type *unknown_of(char letter)
{
    return &unifier.unknowns[letter - 'a'];
}

static enum troth_cel_kind kind_of(char letter)
{
    switch (letter) {
    case 'i':
        return TROTH_CEL_INT;
    case 's':
        return TROTH_CEL_STRING;
    case 'n':
        return TROTH_CEL_NULL;
    case 't':
        return TROTH_CEL_TIMESTAMP;
    case 'L':
        return TROTH_CEL_LIST;
    case 'O':
        return TROTH_CEL_OPTIONAL;
    case 'Y':
        return TROTH_CEL_TYPE;
    case 'M':
        return TROTH_CEL_MAP;
    case 'P':
        return TROTH_CEL_ABSTRACT;
    }
    return TROTH_CEL_DYN;
}

/* Letters are read from the end, so that arguments are there before what has them. */
static const struct troth_cel_type *type_of(const char *letters)
{
    static struct troth_cel_type room[256];
    static size_t used;
    const struct troth_cel_type *stack[32] = {NULL};
    size_t count = 0;
    size_t len = test_text(letters).len;

    while (len-- > 0) {
        struct troth_cel_type *type = &room[used++ % COUNT(room)];

        if (letters[len] >= 'a' && letters[len] <= 'c') {
            stack[count++] = unknown_of(letters[len]);
            continue;
        }
        *type = (struct troth_cel_type){.kind = kind_of(letters[len])};
        if (type->kind == TROTH_CEL_ABSTRACT)
            type->name = "own";

        const unsigned arity = type->kind == TROTH_CEL_ABSTRACT ? 3
                               : type->kind == TROTH_CEL_TYPE
                                   ? 1
                                   : troth_cel_type_arity(type);
        for (unsigned i = 0; i < arity; i++)
            type->arguments[i] = stack[--count];
        stack[count++] = type;
    }
    return stack[0];
}

static void begin(void)
{
    arena = TROTH_ARENA_OVER(memory);
    CHECK_ERR(troth_cel_unifier_begin(&unifier, &arena, UNKNOWNS), TROTH_OK);
    for (unsigned i = 0; i < 3; i++)
        (void)troth_cel_unknown(&unifier);
}

static const char *text_of(const struct troth_cel_type *type)
{
    static char text[256];
    struct troth_writer w = troth_writer_over((uint8_t *)text, sizeof text - 1);

    troth_cel_write_type(&w, troth_cel_type_resolve(&unifier, type, true));
    text[w.len] = 0;
    return text;
}

static const struct {
    const char *given, *wanted;
    bool fits;
    const char *a, *b; /* what unknowns are then */
} pairs[] = {
    {"i", "i", true, "dyn", "dyn"},
    {"i", "s", false, "dyn", "dyn"},
    {"d", "i", true, "dyn", "dyn"},
    {"i", "d", true, "dyn", "dyn"},
    {"Li", "Ld", true, "dyn", "dyn"},
    {"Li", "Ls", false, "dyn", "dyn"},
    {"Li", "Msi", false, "dyn", "dyn"},
    {"n", "t", true, "dyn", "dyn"},
    {"t", "n", true, "dyn", "dyn"},
    {"n", "Oi", true, "dyn", "dyn"},
    {"n", "i", false, "dyn", "dyn"},
    {"n", "Li", false, "dyn", "dyn"},
    {"n", "Piii", true, "dyn", "dyn"},
    {"Yi", "Ys", true, "dyn", "dyn"},
    {"i", "a", true, "int", "dyn"},
    {"a", "i", true, "int", "dyn"},
    {"La", "Li", true, "int", "dyn"},
    {"Lb", "a", true, "list(dyn)", "dyn"},
    {"Msi", "Mab", true, "string", "int"},
    {"Maa", "Msi", false, "dyn", "dyn"},
    {"Mai", "Msa", false, "dyn", "dyn"},
    {"a", "a", true, "dyn", "dyn"},
    {"Mab", "Mba", true, "dyn", "dyn"},
    {"a", "La", false, "dyn", "dyn"},
    {"Mab", "MLbLa", false, "dyn", "dyn"},
    {"Pdis", "Paaa", true, "dyn", "dyn"},  /* dyn takes what comes later */
    {"Pids", "Paaa", true, "dyn", "dyn"},  /* and what came before */
    {"Pisd", "Paaa", false, "dyn", "dyn"}, /* but int is no string */
    {"d", "La", true, "dyn", "dyn"},
    {"Pdii", "PLabb", true, "dyn", "int"}, /* what is in a dyn is dyn */
    {"PLaLiLb", "Pbbb", false, "dyn", "dyn"},
    {"PLiLdLi", "Paaa", true, "list(dyn)", "dyn"},
    {"PLdLiLi", "Paaa", true, "list(dyn)", "dyn"},
    {"Pntt", "Paaa", true, "google.protobuf.Timestamp", "dyn"},
    {"Pttn", "Paaa", true, "google.protobuf.Timestamp", "dyn"},
    {"PbbLb", "PaiLa", true, "int", "int"}, /* unknowns that stand for one another */
};

static void test_pairs(void)
{
    for (size_t k = 0; k < COUNT(pairs); k++) {
        test_case("%s given for %s", pairs[k].given, pairs[k].wanted);
        begin();
        CHECK_INT(troth_cel_type_is_assignable(&unifier, type_of(pairs[k].given),
                                               type_of(pairs[k].wanted)),
                  pairs[k].fits);
        CHECK_TEXT(text_of(unknown_of('a')), pairs[k].a);
        CHECK_TEXT(text_of(unknown_of('b')), pairs[k].b);
    }
}

static const struct {
    const char *a, *b, *joined; /* NULL: nothing but dyn */
} joins[] = {
    {"i", "i", "int"},
    {"i", "s", NULL},
    {"i", "d", "dyn"},
    {"d", "i", "dyn"},
    {"La", "Li", "list(int)"},
    {"Li", "La", "list(int)"},
    {"La", "LLb", "list(list(dyn))"},
    {"Oi", "Od", "optional_type(dyn)"},
    {"Od", "Oi", "optional_type(dyn)"},
    {"Oa", "Oi", "optional_type(int)"},
    {"n", "t", "google.protobuf.Timestamp"},
    {"t", "n", "google.protobuf.Timestamp"},
    {"n", "n", "null_type"},
    {"Pisd", "Pddd", "own(dyn, dyn, dyn)"},
    {"MsLa", "MsLi", "map(string, list(int))"},
};

static void test_joins(void)
{
    for (size_t k = 0; k < COUNT(joins); k++) {
        test_case("%s beside %s", joins[k].a, joins[k].b);
        begin();

        const struct troth_cel_type *joined = troth_cel_type_join(
            &unifier, type_of(joins[k].a), type_of(joins[k].b));

        if (!joins[k].joined)
            CHECK(!joined);
        else if (CHECK(joined != NULL))
            CHECK_TEXT(text_of(joined), joins[k].joined);
    }
}

static void test_questions(void)
{
    test_case("what was found out is taken back");
    begin();
    CHECK(troth_cel_type_fits(&unifier, OF(INT), unknown_of('a')));

    const struct troth_cel_question question = troth_cel_question_begin(&unifier);
    const struct troth_cel_type *made = troth_cel_unknown(&unifier);

    CHECK(troth_cel_type_fits(&unifier, type_of("PdiLi"), type_of("PabLc")));
    CHECK_TEXT(text_of(unknown_of('a')), "dyn");
    CHECK_TEXT(text_of(unknown_of('b')), "int");
    CHECK(made == &unifier.unknowns[3]);
    troth_cel_question_undo(&unifier, question);
    CHECK_TEXT(text_of(unknown_of('a')), "int");
    CHECK_TEXT(text_of(unknown_of('b')), "dyn");
    CHECK_INT(unifier.count, 3);

    test_case("unknowns that do not fit are dyn");
    begin();
    for (unsigned i = 3; i < UNKNOWNS; i++)
        CHECK(troth_cel_unknown(&unifier)->kind == TROTH_CEL_PARAMETER);
    CHECK(troth_cel_unknown(&unifier) == OF(DYN));
}

/* Types that share branches are as trees larger than can be looked at. */
static void test_bounds(void)
{
    enum { LEVELS = 60 };
    static struct troth_cel_type given[LEVELS], wanted[LEVELS];

    test_case("types without end fit in bounded time");
    begin();
    for (unsigned i = 0; i < LEVELS; i++) {
        given[i] = wanted[i] = (struct troth_cel_type){
            .kind = TROTH_CEL_MAP, .arguments = {OF(STRING), unknown_of('a')}};
        if (i) {
            given[i].arguments[0] = given[i].arguments[1] = &given[i - 1];
            wanted[i].arguments[0] = wanted[i].arguments[1] = &wanted[i - 1];
        }
    }
    CHECK(
        troth_cel_type_is_assignable(&unifier, &given[LEVELS - 1], &wanted[LEVELS - 1]));
    CHECK(troth_cel_type_join(&unifier, &given[LEVELS - 1], &wanted[LEVELS - 1]) != NULL);
    /* Whatever the answer is, there is one. */
    (void)troth_cel_type_is_assignable(&unifier, &given[LEVELS - 1], unknown_of('a'));
    CHECK(troth_cel_type_resolve(&unifier, &given[LEVELS - 1], true) != NULL);
}

int main(void)
{
    test_pairs();
    test_joins();
    test_questions();
    test_bounds();
    return test_finish();
}
