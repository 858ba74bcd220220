/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/strings.h"

#include "test/support/cel_rows.h"

static const struct cel_row rows[] = {
    {"one after the other", ".join", {L(S("x"), S("y"))}, S("xy")},
    {"with something between", ".join", {L(S("x"), S("y"), S("")), S("-")}, S("x-y-")},
    {"nothing", ".join", {EMPTY, S("-")}, S("")},
    {"only texts", ".join", {L(S("x"), I(1))}, E(OVERLOAD)},

    {"at every place", ".split", {S("o©o©o"), S("©")}, L(S("o"), S("o"), S("o"))},
    {"nothing before and after", ".split", {S(",a,"), S(",")}, L(S(""), S("a"), S(""))},
    {"nothing to find", ".split", {S("abc"), S(",")}, L(S("abc"))},
    {"nothing at all", ".split", {S(""), S(",")}, L(S(""))},
    {"into characters", ".split", {S("aπ☺"), S("")}, L(S("a"), S("π"), S("☺"))},
    {"nothing has no characters", ".split", {S(""), S("")}, EMPTY},
    {"at most none", ".split", {S("a b c"), S(" "), I(0)}, EMPTY},
    {"at most one", ".split", {S("a b c"), S(" "), I(1)}, L(S("a b c"))},
    {"at most two", ".split", {S("a b c"), S(" "), I(2)}, L(S("a"), S("b c"))},
    {"at most two characters", ".split", {S("αβγ"), S(""), I(2)}, L(S("α"), S("βγ"))},
    {"any number", ".split", {S("a b c"), S(" "), I(-1)}, L(S("a"), S("b"), S("c"))},
    {"more than there are",
     ".split",
     {S("a b"), S(" "), I(INT64_MAX)},
     L(S("a"), S("b"))},

    {"every one", ".replace", {S("{0} and {0}"), S("{0}"), S("2")}, S("2 and 2")},
    {"none is there", ".replace", {S("12 days"), S("{0}"), S("2")}, S("12 days")},
    {"longer by it", ".replace", {S("1 ©αT taco"), S("αT"), S("o©α")}, S("1 ©o©α taco")},
    {"not what was put there", ".replace", {S("aa"), S("a"), S("aa")}, S("aaaa")},
    {"by nothing", ".replace", {S("a-b-"), S("-"), S("")}, S("ab")},
    {"the first", ".replace", {S("a a a"), S("a"), S("b"), I(1)}, S("b a a")},
    {"none", ".replace", {S("a a"), S("a"), S("b"), I(0)}, S("a a")},
    {"any number", ".replace", {S("a a"), S("a"), S("b"), I(-1)}, S("b b")},
    {"around characters", ".replace", {S("aπ"), S(""), S("-")}, S("-a-π-")},
    {"before some characters", ".replace", {S("aπb"), S(""), S("-"), I(2)}, S("-a-πb")},
    {"nothing by something", ".replace", {S(""), S(""), S("-")}, S("-")},
};

static const struct cel_expression expressions[] = {
    {"[1, 2].join() == '12'", IS_REFUSED},
    {"[dyn(1), dyn(2)].join() == '12'", FAILS(OVERLOAD)},
    {"dyn(['x', 'y']).join('') == 'xy'"},
    {"'a b c'.split(' ', 2).map(x, x.size()) == [1, 3]"},
    {"'aaa'.replace('a', 'b', 2) == 'bba'"},
};

int main(void)
{
    cel_rows_check(&troth_cel_strings, rows, COUNT(rows));
    cel_expressions_check(expressions, COUNT(expressions));
    return test_finish();
}
