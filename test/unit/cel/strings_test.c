/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/strings.h"

#include "test/support/cel_rows.h"

static const struct cel_row rows[] = {
    {"a code point", ".charAt", {S("©αT"), I(1)}, S("α")},
    {"the end has none", ".charAt", {S("taco"), I(4)}, S("")},
    {"beyond the end", ".charAt", {S("taco"), I(5)}, E(INDEX)},
    {"before the start", ".charAt", {S("taco"), I(-1)}, E(INDEX)},

    {"counts code points", ".indexOf", {S("ta©o©αT"), S("©α")}, I(4)},
    {"not there", ".indexOf", {S("tacocat"), S("none")}, I(-1)},
    {"nothing is at once", ".indexOf", {S("tacocat"), S("")}, I(0)},
    {"from there on", ".indexOf", {S("ta©o©αT"), S("©"), I(3)}, I(4)},
    {"after the last", ".indexOf", {S("ta©o©αT"), S("©α"), I(5)}, I(-1)},
    {"from beyond the end", ".indexOf", {S("tacocat"), S("a"), I(30)}, E(INDEX)},
    {"longer than the text", ".indexOf", {S("a"), S("aa")}, I(-1)},

    {"the last", ".lastIndexOf", {S("ta©o©αT"), S("©")}, I(4)},
    {"nothing is at the end", ".lastIndexOf", {S("tacocat"), S("")}, I(7)},
    {"at or before", ".lastIndexOf", {S("bananananana"), S("nana"), I(7)}, I(6)},
    {"just there", ".lastIndexOf", {S("ta©o©αT"), S("©α"), I(4)}, I(4)},
    {"nothing is there", ".lastIndexOf", {S("tacocat"), S(""), I(3)}, I(3)},
    {"of an empty text", ".lastIndexOf", {S(""), S("@@")}, I(-1)},
    {"to before the start", ".lastIndexOf", {S("tacocat"), S("a"), I(-1)}, E(INDEX)},

    {"A to Z alone", ".lowerAscii", {S("[TacoCÆt@Z")}, S("[tacocÆt@z")},
    {"a to z alone", ".upperAscii", {S("{tacoCαt`z")}, S("{TACOCαT`Z")},

    {"to the end", ".substring", {S("ta©o©αT"), I(4)}, S("©αT")},
    {"from the end", ".substring", {S("taco"), I(4)}, S("")},
    {"a part", ".substring", {S("ta©o©αT"), I(2), I(6)}, S("©o©α")},
    {"of no length", ".substring", {S("taco"), I(4), I(4)}, S("")},
    {"backwards", ".substring", {S("tacocat"), I(4), I(3)}, E(INDEX)},
    {"starts beyond", ".substring", {S("tacocat"), I(40)}, E(INDEX)},
    {"ends beyond", ".substring", {S("tacocat"), I(1), I(50)}, E(INDEX)},
    {"a negative start", ".substring", {S("tacocat"), I(-1)}, E(INDEX)},

    {"ASCII", ".trim", {S(" \f\n\r\t\vte xt  ")}, S("te xt")},
    {"of two bytes", ".trim", {S("\u00a0text\u00a0")}, S("text")},
    {"NEXT LINE", ".trim", {S("\xc2\x85text\xc2\x85")}, S("text")},
    {"a range", ".trim", {S("text\u2000\u2009\u200a")}, S("text")},
    {"others", ".trim", {S("\u1680text\u2028\u2029\u202f\u205f\u3000")}, S("text")},
    {"what is no space",
     ".trim",
     {S("\u180etext\u200b\u2060")},
     S("\u180etext\u200b\u2060")},
    {"all of it", ".trim", {S(" \u3000 ")}, S("")},
    {"a letter of the same first and last bytes", ".trim", {S("\u2100")}, S("\u2100")},
    {"a letter of the same last byte", ".trim", {S("\u0105")}, S("\u0105")},

    {"code points", ".reverse", {S("Ta©oCαt")}, S("tαCo©aT")},
    {"four bytes", ".reverse", {S("a\U0001F431b")}, S("b\U0001F431a")},
    {"nothing", ".reverse", {S("")}, S("")},

    {"letters of escapes",
     "strings.quote",
     {S("\a\b\f\n\r\t\v")},
     S("\"\\a\\b\\f\\n\\r\\t\\v\"")},
    {"quotes and slashes", "strings.quote", {S("\"\\'")}, S("\"\\\"\\\\'\"")},
    {"the rest as it is", "strings.quote", {S("завтра\x01")}, S("\"завтра\x01\"")},
};

static const struct cel_expression expressions[] = {
    {"'tacocat'.charAt(3) == 'o' && 'x'.charAt(1) == ''"},
    {"'a,b'.split(',').join('-') == 'a-b'"},
    {"'AbC'.lowerAscii().upperAscii().reverse() == 'CBA'"},
    {"' a '.trim().replace('a', 'b') == 'b'"},
    {"'abc'.substring(1) + 'abc'.substring(0, 1) == 'bca'"},
    {"strings.quote('a\"b') == r'\"a\\\"b\"'"},
    {"'abc'.indexOf('c') == 2 && 'abca'.lastIndexOf('a', 1) == 0"},
    {"'abc'.substring(2, 1) == ''", FAILS(INDEX)},
    {"1.charAt(2) == ''", IS_REFUSED},
};

int main(void)
{
    cel_rows_check(&troth_cel_strings, rows, COUNT(rows));
    cel_expressions_check(expressions, COUNT(expressions));
    return test_finish();
}
