/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/strings.h"

#include "test/support/cel_rows.h"

#define NAN_VALUE D((double)__builtin_nanf(""))
#define INFINITE  D((double)__builtin_inff())

static const struct cel_row rows[] = {
    {"nothing", ".format", {S("no substitution"), EMPTY}, S("no substitution")},
    {"per cent", ".format", {S("%%%s%%"), L(S("text"))}, S("%text%")},
    {"in order", ".format", {S("%d %s %d"), L(I(1), S("A"), I(2))}, S("1 A 2")},
    {"more than is used", ".format", {S("%d"), L(I(1), I(2))}, S("1")},
    {"less than is used", ".format", {S("%d %d"), L(I(1))}, E(INDEX)},
    {"no such letter", ".format", {S("%a"), L(I(1))}, E(ARGUMENT)},
    {"another letter", ".format", {S("%E"), L(D(1))}, E(ARGUMENT)},
    {"no letter", ".format", {S("a%"), L(I(1))}, E(ARGUMENT)},
    {"no precision", ".format", {S("%.f"), L(D(1))}, E(ARGUMENT)},
    {"too much precision", ".format", {S("%.1001f"), L(D(1))}, E(ARGUMENT)},
    {"precision of a text", ".format", {S("%.2s"), L(S("abc"))}, E(ARGUMENT)},
    {"precision of a per cent", ".format", {S("%.2%"), EMPTY}, E(ARGUMENT)},
    {"ends in a precision", ".format", {S("%.2"), L(D(1))}, E(ARGUMENT)},

    {"rounded", ".format", {S("%.3f"), L(D(1.2345))}, S("1.234")},
    {"six digits", ".format", {S("%f"), L(D(2.71828))}, S("2.718280")},
    {"half to even", ".format", {S("%.0f %.0f"), L(D(1.5), D(2.5))}, S("2 2")},
    {"of an int", ".format", {S("%f %.1f"), L(I(-2), U(3))}, S("-2.000000 3.0")},
    {"the largest",
     ".format",
     {S("%.0f"), L(D(0x1p1023))},
     S("89884656743115795386465259539451236680898848947115328636715040578866337902750481"
       "56635423866120376801056005693993569667882939488440720831124642371531973706218888"
       "39467124327426381511098006230470597265414760425028844190753411712314407369565552"
       "70413618581675255342293149119973622969239858152417678164812112068608")},
    {"scientific", ".format", {S("%.6e"), L(D(1052.032911275))}, S("1.052033e+03")},
    {"scientific of an int", ".format", {S("%e"), L(U(3))}, S("3.000000e+00")},
    {"no number",
     ".format",
     {S("%f %e %d"), L(NAN_VALUE, INFINITE, INFINITE)},
     S("NaN Infinity Infinity")},
    {"of a text", ".format", {S("%f"), L(S("1"))}, E(ARGUMENT)},
    {"of null", ".format", {S("%e"), L(N)}, E(ARGUMENT)},

    {"decimals",
     ".format",
     {S("%d %d"), L(I(INT64_MIN), U(UINT64_MAX))},
     S("-9223372036854775808 18446744073709551615")},
    {"of a fraction", ".format", {S("%d"), L(D(1.5))}, E(ARGUMENT)},
    {"of a duration", ".format", {S("%d"), L(SPAN(1, 0))}, E(ARGUMENT)},
    {"binary", ".format", {S("%b %b %b"), L(I(5), U(64), I(-5))}, S("101 1000000 -101")},
    {"all bits",
     ".format",
     {S("%b"), L(I(INT64_MIN))},
     S("-1000000000000000000000000000000000000000000000000000000000000000")},
    {"of a bool", ".format", {S("%b%b"), L(B(true), B(false))}, S("10")},
    {"of no number", ".format", {S("%b"), L(S("abc"))}, E(ARGUMENT)},
    {"octal",
     ".format",
     {S("%o %o %o"), L(I(11), U(UINT64_MAX), I(0))},
     S("13 1777777777777777777777 0")},
    {"octal of a bool", ".format", {S("%o"), L(B(true))}, E(ARGUMENT)},
    {"hexadecimal", ".format", {S("%x %X %x"), L(I(30), U(26), I(-255))}, S("1e 1A -ff")},
    {"of texts",
     ".format",
     {S("%x %X"), L(S("Hello"), Y("\x00\xff"))},
     S("48656c6c6f 00FF")},
    {"of a double", ".format", {S("%x"), L(D(0.5))}, E(ARGUMENT)},
};

static const struct cel_expression expressions[] = {
    {"'%s has %d, %.1f'.format(['x', 2, 0.25]) == 'x has 2, 0.2'"},
    {"'%x'.format([b'\\xff']) == 'ff'"},
    {"'%d'.format('x') == 'x'", IS_REFUSED},
    {"'%d'.format([]) == ''", FAILS(INDEX)},
};

int main(void)
{
    cel_rows_check(&troth_cel_strings, rows, COUNT(rows));
    cel_expressions_check(expressions, COUNT(expressions));
    return test_finish();
}
