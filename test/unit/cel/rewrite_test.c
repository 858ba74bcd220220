/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/rewrite.h"

#include "test/harness.h"

#define OF(name) (&troth_cel_types[TROTH_CEL_##name])

static const struct troth_cel_type a = {TROTH_CEL_PARAMETER, "A", {NULL}};
static const struct troth_cel_type b = {TROTH_CEL_PARAMETER, "B", {NULL}};
static const struct troth_cel_type list_a = {TROTH_CEL_LIST, NULL, {&a}};
static const struct troth_cel_type map_ab = {TROTH_CEL_MAP, NULL, {&a, &b}};
static const struct troth_cel_type map_list = {TROTH_CEL_MAP, NULL, {&list_a, &b}};
static const struct troth_cel_type list_int = {TROTH_CEL_LIST, NULL, {OF(INT)}};

static uint8_t memory[1 << 18];
static struct troth_arena arena;
static struct troth_cel_unifier unifier;

static void begin(void)
{
    arena = TROTH_ARENA_OVER(memory);
    CHECK_ERR(troth_cel_unifier_begin(&unifier, &arena, 16), TROTH_OK);
}

static const char *text_of(const struct troth_cel_type *type)
{
    static char text[1024];
    struct troth_writer w = troth_writer_over((uint8_t *)text, sizeof text - 1);

    troth_cel_write_type(&w, type);
    text[w.len] = 0;
    return text;
}

static const char * final(const struct troth_cel_type *type)
{
    return text_of(troth_cel_type_resolve(&unifier, type, true));
}

static void test_instances(void)
{
    struct troth_cel_parameters parameters = {.count = 0};

    test_case("one unknown for each parameter of a row");
    begin();
    const struct troth_cel_type *list = troth_cel_type_instance(&unifier, &parameters,
                                                                &list_a);
    const struct troth_cel_type *map = troth_cel_type_instance(&unifier, &parameters,
                                                               &map_ab);
    CHECK_INT(parameters.count, 2);
    CHECK_INT(unifier.count, 2);
    CHECK(list->arguments[0] == map->arguments[0]);
    CHECK(map->arguments[0] != map->arguments[1]);

    test_case("what was found out for one is so for the others");
    CHECK(troth_cel_type_is_assignable(&unifier, &list_int, list));
    CHECK_TEXT(final(map), "map(int, dyn)");
    CHECK_TEXT(final(troth_cel_type_instance(&unifier, &parameters, &map_list)),
               "map(list(int), dyn)");

    test_case("another call has unknowns of its own");
    struct troth_cel_parameters others = {.count = 0};
    CHECK_TEXT(final(troth_cel_type_instance(&unifier, &others, &list_a)), "list(dyn)");

    test_case("without parameters, a type stays the same one");
    CHECK(troth_cel_type_instance(&unifier, &parameters, &list_int) == &list_int);
    CHECK(troth_cel_type_resolve(&unifier, &list_int, true) == &list_int);
    CHECK(troth_cel_type_instance(&unifier, &parameters, NULL) == OF(DYN));

    test_case("a variable's parameters are dyn");
    CHECK_TEXT(text_of(troth_cel_type_instance(&unifier, NULL, &map_list)),
               "map(list(dyn), dyn)");
}

static void test_resolved(void)
{
    test_case("unknowns stay until the end");
    begin();
    const struct troth_cel_type *unknown = troth_cel_unknown(&unifier);
    const struct troth_cel_type *list = troth_cel_type_new(&unifier, TROTH_CEL_LIST,
                                                           unknown, NULL);
    CHECK(troth_cel_type_resolve(&unifier, list, false)->arguments[0] == unknown);
    CHECK(troth_cel_type_resolve(&unifier, list, true)->arguments[0] == OF(DYN));
    CHECK(troth_cel_type_resolve(&unifier, unknown, true) == OF(DYN));
    CHECK(troth_cel_type_is_assignable(&unifier, OF(UINT), unknown));
    CHECK_TEXT(final(list), "list(uint)");
}

/* What is too deep or too large is dyn from there on. */
static void test_bounds(void)
{
    enum { LEVELS = 100, BRANCHES = 12 };
    static struct troth_cel_type deep[LEVELS], wide[BRANCHES];

    test_case("too deep");
    begin();
    const struct troth_cel_type *unknown = troth_cel_unknown(&unifier);
    for (unsigned i = 0; i < LEVELS; i++)
        deep[i] = (struct troth_cel_type){.kind = TROTH_CEL_LIST,
                                          .arguments = {i ? &deep[i - 1] : unknown}};

    const struct troth_cel_type *type = troth_cel_type_resolve(&unifier,
                                                               &deep[LEVELS - 1], true);
    unsigned depth = 0;
    while (type->kind == TROTH_CEL_LIST) {
        type = type->arguments[0];
        depth++;
    }
    CHECK_INT(depth, TROTH_CEL_TYPE_DEPTH);
    CHECK(type == OF(DYN));

    test_case("too large");
    for (unsigned i = 0; i < BRANCHES; i++) {
        const struct troth_cel_type *part = i ? &wide[i - 1] : unknown;

        wide[i] = (struct troth_cel_type){
            .kind = TROTH_CEL_ABSTRACT, .name = "t", .arguments = {part, part, part}};
    }
    const size_t used = arena.used;
    type = troth_cel_type_resolve(&unifier, &wide[BRANCHES - 1], true);
    CHECK(arena.used - used <=
          TROTH_CEL_TYPE_NODES * (sizeof *type + _Alignof(max_align_t)));
    CHECK(!troth_cel_type_has_parameter(type));

    test_case("no memory");
    arena.size = arena.used;
    CHECK(troth_cel_type_resolve(&unifier, &deep[3], true) == OF(DYN));
    CHECK(unifier.is_out_of_memory);
    CHECK(troth_cel_type_new(&unifier, TROTH_CEL_LIST, OF(INT), NULL) == OF(DYN));
}

int main(void)
{
    test_instances();
    test_resolved();
    test_bounds();
    return test_finish();
}
