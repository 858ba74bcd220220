/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/standard.h"

#include "test/support/cel_rows.h"

#define SPRING                                                                           \
    TIME(1234567890, 123456789) /* 2009-02-13T23:31:30.123456789Z, a Friday              \
                                 */

static const struct cel_row rows[] = {
    {"code points", "size", {S("πέντε")}, I(5)},
    {"as a method", ".size", {S("\U0001F431")}, I(1)},
    {"bytes", "size", {Y("\xff\xff")}, I(2)},
    {"elements", "size", {L(I(1), I(2))}, I(2)},
    {"keys", ".size", {M({I(1), N})}, I(1)},
    {"of nothing", "size", {S("")}, I(0)},

    {"inside", ".contains", {S("tacocat"), S("coc")}, B(true)},
    {"not inside", ".contains", {S("tacocat"), S("cot")}, B(false)},
    {"nothing", ".contains", {S(""), S("")}, B(true)},
    {"more than there is", ".contains", {S("a"), S("aa")}, B(false)},
    {"the start", ".startsWith", {S("foobar"), S("foo")}, B(true)},
    {"not the start", ".startsWith", {S("foobar"), S("oo")}, B(false)},
    {"longer", ".startsWith", {S("fo"), S("foo")}, B(false)},
    {"the end", ".endsWith", {S("foobar"), S("bar")}, B(true)},
    {"not the end", ".endsWith", {S("foobar"), S("ba")}, B(false)},
    {"nothing", ".endsWith", {S("foobar"), S("")}, B(true)},
    {"longer", ".endsWith", {S("ar"), S("bar")}, B(false)},

    {"anywhere", ".matches", {S("hubba"), S("ubb")}, B(true)},
    {"as a function", "matches", {S("grey"), S("^gr(a|e)y$")}, B(true)},
    {"nowhere", ".matches", {S("hubba"), S("^ubb")}, B(false)},
    {"code points", ".matches", {S("mañana"), S("^.{6}$")}, B(true)},
    {"no pattern", ".matches", {S("hubba"), S("(ubb")}, E(PATTERN)},

    {"from the year 1", ".getFullYear", {SPRING}, I(2009)},
    {"from 0", ".getMonth", {SPRING}, I(1)},
    {"from 1", ".getDate", {SPRING}, I(13)},
    {"from 0", ".getDayOfMonth", {SPRING}, I(12)},
    {"from Sunday", ".getDayOfWeek", {SPRING}, I(5)},
    {"from 0", ".getDayOfYear", {SPRING}, I(43)},
    {"of the day", ".getHours", {SPRING}, I(23)},
    {"of the hour", ".getMinutes", {SPRING}, I(31)},
    {"of the minute", ".getSeconds", {SPRING}, I(30)},
    {"of the second", ".getMilliseconds", {SPRING}, I(123)},
    {"in a zone", ".getDate", {SPRING, S("+11:00")}, I(14)},
    {"west of Greenwich", ".getHours", {SPRING, S("-02:30")}, I(21)},
    {"in no zone", ".getHours", {SPRING, S("+25:00")}, E(ARGUMENT)},
    {"in a zone by name", ".getHours", {SPRING, S("Europe/Paris")}, E(ARGUMENT)},

    {"whole", ".getHours", {SPAN(10000, 0)}, I(2)},
    {"whole", ".getMinutes", {SPAN(3730, 0)}, I(62)},
    {"whole", ".getSeconds", {SPAN(3730, 999999999)}, I(3730)},
    {"beyond the second", ".getMilliseconds", {SPAN(123, 321456789)}, I(321)},
    {"towards zero", ".getMinutes", {SPAN(-119, -1)}, I(-1)},
    {"of its sign", ".getMilliseconds", {SPAN(-1, -2000000)}, I(-2)},
};

static uint8_t memory[1 << 16];

static void test_matches_is_charged(void)
{
    static const uint8_t bytes[10000] = {0};
    const struct troth_cel_value arguments[] = {
        TROTH_CEL_STRING_VALUE(((struct troth_span)TROTH_ARRAY_SPAN(bytes))),
        TROTH_CEL_STRING_VALUE(TROTH_LITERAL("(a|b)+c"))};
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_cel_call call = {.arena = &arena, .steps = 100000};
    const uint64_t steps = call.steps;

    test_case("a match costs steps, and leaves nothing in memory");
    CHECK(!troth_cel_matches(&call, arguments).as.boolean);
    CHECK(!call.out_of_steps && !call.out_of_memory);
    CHECK(steps - call.steps > sizeof bytes / 16);
    CHECK_INT(arena.used, 0);

    test_case("a pattern costs steps, whatever the text");
    const struct troth_cel_value of_nothing[] = {
        TROTH_CEL_STRING_VALUE(TROTH_LITERAL("")),
        TROTH_CEL_STRING_VALUE(TROTH_LITERAL("a{0}a{0}a{0}a{0}a{0}a{0}a{0}a{0}"))};

    call.steps = of_nothing[1].as.text.len - 1;
    (void)troth_cel_matches(&call, of_nothing);
    CHECK(call.out_of_steps);
    CHECK_INT(arena.used, 0);
}

static void test_compiled(void)
{
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_cel_call call = {.arena = &arena, .steps = UINT64_MAX};
    struct troth_regex regex;

    test_case("a pattern that was compiled before");
    CHECK_ERR(troth_regex_compile(&regex, NULL, TROTH_LITERAL("b+"), &arena), TROTH_OK);
    CHECK(troth_cel_matches_compiled(&call, &regex, TROTH_LITERAL("abba")).as.boolean);
    CHECK(!troth_cel_matches_compiled(&call, &regex, TROTH_LITERAL("aa")).as.boolean);
    CHECK(!call.out_of_steps);

    test_case("a match without memory ends the evaluation");
    arena.used = arena.size;
    (void)troth_cel_matches_compiled(&call, &regex, TROTH_LITERAL("abba"));
    CHECK(call.out_of_memory);

    test_case("a match without steps ends the evaluation");
    arena.used = arena.size / 2;
    call = (struct troth_cel_call){.arena = &arena};
    (void)troth_cel_matches_compiled(&call, &regex, TROTH_LITERAL("aaaaaaaaaaaaaaaa"));
    CHECK(call.out_of_steps);
}

static const struct cel_expression expressions[] = {
    {"size('πέντε') == 5 && 'a'.size() == 1 && [1, 'a'].size() == 2"},
    {"'tacocat'.contains('coc') && !'tacocat'.contains('cot')"},
    {"'sha384:ab'.matches('^sha384:[0-9a-f]+$') && matches('a', 'a')"},
    {"['a', 'b'].all(p, 'ab'.matches(p))"},
    {"'ab'.matches('(a')", FAILS(PATTERN)},
    {"size(1) == 1", IS_REFUSED},
    {"size(dyn(1)) == 1", FAILS(OVERLOAD)},
    {"timestamp('2009-02-13T23:31:30Z').getHours('+01:00') == 0"},
    {"timestamp('2009-02-13T23:31:30Z').getDayOfWeek() == 5"},
    {"duration('90m').getHours() == 1 && duration('90m').getMinutes() == 90"},
};

int main(void)
{
    cel_rows_check(&troth_cel_standard, rows, COUNT(rows));
    test_matches_is_charged();
    test_compiled();
    cel_expressions_check(expressions, COUNT(expressions));
    return test_finish();
}
