/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/strings.h"

#include "cel/value.h"
#include "test/support/cel_rows.h"

static const struct troth_cel_address v4 = {false, {192, 0, 2, 1}, 32};
static const struct troth_cel_address v6 = {true, {0x20, 0x01, 0x0d, 0xb8}, 32};

static const struct cel_row rows[] = {
    {"null", ".format", {S("%s"), L(N)}, S("null")},
    {"bools", ".format", {S("%s %s"), L(B(true), B(false))}, S("true false")},
    {"integers", ".format", {S("%s %s"), L(I(-7), U(7))}, S("-7 7")},
    {"doubles", ".format", {S("%s %s"), L(D(3.14), D(56.8))}, S("3.14 56.8")},
    {"no numbers", ".format", {S("%s"), L(D((double)__builtin_nanf("")))}, S("NaN")},
    {"text", ".format", {S("%s"), L(S("π"))}, S("π")},
    {"bytes that are text", ".format", {S("%s"), L(Y("xyz"))}, S("xyz")},
    {"bytes that are none", ".format", {S("%s"), L(Y("\xff"))}, E(TEXT)},
    {"a type", ".format", {S("%s %s"), L(T(STRING), T(LIST))}, S("string list")},
    {"a time", ".format", {S("%s"), L(TIME(1675467080, 0))}, S("2023-02-03T23:31:20Z")},
    {"a duration", ".format", {S("%s"), L(SPAN(6347, 0))}, S("6347s")},
    {"an optional", ".format", {S("%s"), L(NOTHING)}, E(ARGUMENT)},
    {"an address",
     ".format",
     {S("%s"), L({.kind = TROTH_CEL_ADDRESS, .as.address = &v4})},
     S("192.0.2.1")},
    {"a network",
     ".format",
     {S("%s"), L({.kind = TROTH_CEL_NETWORK, .as.address = &v6})},
     S("2001:db8::/32")},

    {"a list",
     ".format",
     {S("<%s>"), L(L(S("abc"), D(3.14), N, L(I(9), I(8))))},
     S("<[abc, 3.14, null, [9, 8]]>")},
    {"empty ones",
     ".format",
     {S("%s"), L(L(EMPTY, L(EMPTY), EMPTY))},
     S("[[], [[]], []]")},
    {"what has no text, inside", ".format", {S("%s"), L(L(I(1), NOTHING))}, E(ARGUMENT)},
    {"a map, sorted",
     ".format",
     {S("%s"), L(M({S("key5"), N}, {S("key1"), Y("xyz")}, {S("key3"), D(2.5)},
                   {S("key2"), SPAN(7200, 0)}, {S("key4"), B(true)}))},
     S("{key1: xyz, key2: 7200s, key3: 2.5, key4: true, key5: null}")},
    {"keys of all kinds",
     ".format",
     {S("%s"),
      L(M({S("strKey"), S("x")}, {B(true), I(42)}, {I(6), EMPTY}, {U(10), I(1)}))},
     S("{10: 1, 6: [], strKey: x, true: 42}")},
    {"maps in maps",
     ".format",
     {S("%s"), L(M({I(1), M({I(2), L(M({I(3), N}))})}))},
     S("{1: {2: [{3: null}]}}")},
};

static void test_deep(void)
{
    static uint8_t memory[4096];
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_cel_call call = {.arena = &arena, .steps = 1000};
    struct troth_cel_list lists[TROTH_CEL_VALUE_NESTING + 1] = {{0}};
    struct troth_cel_value values[TROTH_CEL_VALUE_NESTING + 1];
    struct troth_cel_text text = troth_cel_text_begin(&call);

    for (size_t i = 0; i < COUNT(lists); i++) {
        if (i > 0)
            lists[i] = (struct troth_cel_list){&values[i - 1], 1};
        values[i] = TROTH_CEL_LIST_VALUE(&lists[i]);
    }
    test_case("lists as deep as is allowed");
    CHECK_INT(troth_cel_text_add_value(&text, &values[TROTH_CEL_VALUE_NESTING - 1]),
              TROTH_CEL_NO_ERROR);
    CHECK_INT(text.w.len, 2 * TROTH_CEL_VALUE_NESTING);

    test_case("lists that are deeper");
    CHECK_INT(troth_cel_text_add_value(&text, &values[TROTH_CEL_VALUE_NESTING]),
              TROTH_CEL_ERROR_ARGUMENT);
}

/* Every number of keys, in an order that is far from sorted. */
static void test_sorted(void)
{
    static uint8_t memory[1 << 16];
    struct troth_cel_entry entries[40];

    test_case("maps of up to 40 keys are sorted");
    for (size_t count = 0; count <= COUNT(entries); count++) {
        struct troth_arena arena = TROTH_ARENA_OVER(memory);
        struct troth_cel_call call = {.arena = &arena, .steps = 100000};
        struct troth_cel_map map = {entries, count};
        struct troth_cel_value value = TROTH_CEL_MAP_VALUE(&map);
        struct troth_cel_text text = troth_cel_text_begin(&call);

        for (size_t i = 0; i < count; i++)
            entries[i] = (struct troth_cel_entry){
                TROTH_CEL_INT_VALUE(100 + (int64_t)(i * 17 % 41)), TROTH_CEL_NULL_VALUE};
        CHECK_INT(troth_cel_text_add_value(&text, &value), TROTH_CEL_NO_ERROR);
        for (size_t i = 13; i + 2 < text.w.len; i += 11)
            CHECK(text.w.base[i] * 10 + text.w.base[i + 1] >
                  text.w.base[i - 11] * 10 + text.w.base[i - 10]);
    }
}

static const struct cel_expression expressions[] = {
    {"'%s'.format([{'b': [1, 2.5], 'a': null}]) == '{a: null, b: [1, 2.5]}'"},
    {"'%s'.format([type('')]) == 'string' && '%s'.format([type([1])]) == 'list'"},
    {"'%s'.format([ip('::1')]) == '::1'"},
    {"'%s'.format([optional.of(1)]) == ''", FAILS(ARGUMENT)},
};

int main(void)
{
    cel_rows_check(&troth_cel_strings, rows, COUNT(rows));
    test_deep();
    test_sorted();
    cel_expressions_check(expressions, COUNT(expressions));
    return test_finish();
}
