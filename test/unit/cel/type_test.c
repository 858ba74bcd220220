/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/type.h"

#include <string.h>

#include "test/harness.h"

#define OF(name) (&troth_cel_types[TROTH_CEL_##name])

static const struct troth_cel_type list_int = {TROTH_CEL_LIST, NULL, {OF(INT)}};
static const struct troth_cel_type list_dyn = {TROTH_CEL_LIST, NULL, {OF(DYN)}};
static const struct troth_cel_type list_list = {TROTH_CEL_LIST, NULL, {&list_int}};
static const struct troth_cel_type map_list = {
    TROTH_CEL_MAP, NULL, {OF(STRING), &list_int}};
static const struct troth_cel_type parameter = {TROTH_CEL_PARAMETER, "T", {0}};
static const struct troth_cel_type same_parameter = {TROTH_CEL_PARAMETER, "T", {0}};
static const struct troth_cel_type list_t = {TROTH_CEL_LIST, NULL, {&parameter}};
static const struct troth_cel_type list_t_again = {
    TROTH_CEL_LIST, NULL, {&same_parameter}};
static const struct troth_cel_type optional = {TROTH_CEL_OPTIONAL, NULL, {OF(BYTES)}};
static const struct troth_cel_type type_map = {TROTH_CEL_TYPE, NULL, {&map_list}};
static const struct troth_cel_type tuple = {
    TROTH_CEL_ABSTRACT, "tuple", {OF(INT), &parameter, OF(DOUBLE)}};
static const struct troth_cel_type triple = {
    TROTH_CEL_ABSTRACT, "triple", {OF(INT), &parameter, OF(DOUBLE)}};
static const struct troth_cel_type pair = {
    TROTH_CEL_ABSTRACT, "tuple", {OF(INT), &parameter}};
static const struct troth_cel_type bare = {TROTH_CEL_ABSTRACT, "token", {0}};

static const struct {
    const struct troth_cel_type *type;
    const char *text;
    bool has_parameter;
} written[] = {
    {NULL, "dyn", false},
    {OF(DYN), "dyn", false},
    {OF(NULL), "null_type", false},
    {OF(TIMESTAMP), "google.protobuf.Timestamp", false},
    {OF(LIST), "list(dyn)", false},
    {OF(MAP), "map(dyn, dyn)", false},
    {OF(OPTIONAL), "optional_type(dyn)", false},
    {OF(TYPE), "type", false},
    {&map_list, "map(string, list(int))", false},
    {&type_map, "type(map(string, list(int)))", false},
    {&optional, "optional_type(bytes)", false},
    {&list_t, "list(T)", true},
    {&tuple, "tuple(int, T, double)", true},
    {&bare, "token", false},
};

static void test_written(void)
{
    for (size_t i = 0; i < COUNT(written); i++) {
        uint8_t text[64];
        struct troth_writer w = troth_writer_over(text, sizeof text);

        test_case("%s is written", written[i].text);
        troth_cel_write_type(&w, written[i].type);
        CHECK_SPAN(troth_writer_span(&w), test_text(written[i].text));
        CHECK_INT(troth_cel_type_has_parameter(written[i].type),
                  written[i].has_parameter);
    }
}

static const struct {
    const char *why;
    const struct troth_cel_type *a, *b;
    bool same;
} pairs[] = {
    {"NULL is dyn", NULL, OF(DYN), true},
    {"list is list(dyn)", OF(LIST), &list_dyn, true},
    {"other elements", &list_int, &list_dyn, false},
    {"deeper elements", &list_list, &list_int, false},
    {"other kinds", OF(INT), OF(UINT), false},
    {"parameters by name", &list_t, &list_t_again, true},
    {"a host's own by name", &tuple, &triple, false},
    {"and by how many arguments", &tuple, &pair, false},
    {"map and map", &map_list, &map_list, true},
};

static void test_same(void)
{
    for (size_t i = 0; i < COUNT(pairs); i++) {
        test_case("same type: %s", pairs[i].why);
        CHECK_INT(troth_cel_type_is_same(pairs[i].a, pairs[i].b), pairs[i].same);
        CHECK_INT(troth_cel_type_is_same(pairs[i].b, pairs[i].a), pairs[i].same);
    }
}

static void test_named(void)
{
    test_case("types by name");
    CHECK(troth_cel_type_named(test_text("int")) == OF(INT));
    CHECK(troth_cel_type_named(test_text("net.IP")) == OF(ADDRESS));
    CHECK(troth_cel_type_named(test_text("type")) == OF(TYPE));
    CHECK(troth_cel_type_named(test_text("null_type")) == OF(NULL));

    test_case("what is no type has no name");
    static const char *const none[] = {"", "dyn", "error", "unknown", "in", "Int", "net"};
    for (size_t i = 0; i < COUNT(none); i++)
        CHECK(!troth_cel_type_named(test_text(none[i])));

    test_case("the type of a type");
    CHECK_INT(troth_cel_type_of_type(OF(INT))->kind, TROTH_CEL_TYPE);
    CHECK(troth_cel_type_of_type(OF(INT))->arguments[0] == OF(INT));
}

/* A type that shares branches is as a tree larger than the universe. */
static void test_bounds(void)
{
    enum { LEVELS = 200 };
    static struct troth_cel_type deep[LEVELS], again[LEVELS];
    static uint8_t text[65536];

    for (unsigned i = 0; i < LEVELS; i++) {
        deep[i] = again[i] = (struct troth_cel_type){TROTH_CEL_ABSTRACT, "t", {OF(INT)}};
        for (unsigned k = 0; i && k < 3; k++) {
            deep[i].arguments[k] = &deep[i - 1];
            again[i].arguments[k] = &again[i - 1];
        }
    }
    test_case("types without end are compared in bounded time");
    CHECK(troth_cel_type_is_same(&deep[LEVELS - 1], &again[LEVELS - 1]));
    CHECK(!troth_cel_type_has_parameter(&deep[LEVELS - 1]));
    test_case("and written only as far as there is room");
    struct troth_writer w = troth_writer_over(text, sizeof text);
    troth_cel_write_type(&w, &deep[LEVELS - 1]);
    CHECK(w.full);

    test_case("what is too deep is dyn");
    for (unsigned i = 1; i < LEVELS; i++)
        deep[i] = (struct troth_cel_type){TROTH_CEL_LIST, NULL, {&deep[i - 1]}};
    w = troth_writer_over(text, sizeof text);
    troth_cel_write_type(&w, &deep[LEVELS - 1]);
    CHECK(!w.full);
    CHECK_INT(w.len, TROTH_CEL_TYPE_DEPTH * 6 + 3);
    CHECK(memcmp(text + (size_t)TROTH_CEL_TYPE_DEPTH * 5, "dyn", 3) == 0);
}

int main(void)
{
    test_written();
    test_same();
    test_named();
    test_bounds();
    return test_finish();
}
