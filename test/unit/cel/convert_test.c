/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/convert.h"

#include "test/support/cel_rows.h"
#include "troth/cel.h"

#define INFINITE (1e308 * 10)

static const struct cel_row rows[] = {
    {"1", "bool", {S("1")}, B(true)},
    {"t", "bool", {S("t")}, B(true)},
    {"True", "bool", {S("True")}, B(true)},
    {"FALSE", "bool", {S("FALSE")}, B(false)},
    {"0", "bool", {S("0")}, B(false)},
    {"other capitals", "bool", {S("tRUE")}, E(CONVERT)},
    {"a word that goes on", "bool", {S("truex")}, E(CONVERT)},
    {"itself", "bool", {B(true)}, B(true)},

    {"uint", "int", {U(42)}, I(42)},
    {"large uint", "int", {U(INT64_MAX)}, I(INT64_MAX)},
    {"too large a uint", "int", {U(0x8000000000000000)}, E(RANGE)},
    {"double is cut", "int", {D(-7.9)}, I(-7)},
    {"double, too large", "int", {D(0x1p63)}, E(RANGE)},
    {"double, the lowest is left out", "int", {D(-0x1p63)}, E(RANGE)},
    {"largest double below", "int", {D(9223372036854774784.0)}, I(9223372036854774784)},
    {"infinity", "int", {D(INFINITE)}, E(RANGE)},
    {"nan", "int", {D(INFINITE - INFINITE)}, E(RANGE)},
    {"text", "int", {S("-12")}, I(-12)},
    {"text of the lowest", "int", {S("-9223372036854775808")}, I(INT64_MIN)},
    {"text, too large", "int", {S("9223372036854775808")}, E(RANGE)},
    {"text with white space", "int", {S(" 1")}, E(CONVERT)},
    {"no text", "int", {S("")}, E(CONVERT)},
    {"timestamp", "int", {TIME(-5, 999999999)}, I(-5)},

    {"int", "uint", {I(7)}, U(7)},
    {"int below zero", "uint", {I(-1)}, E(RANGE)},
    {"double is cut", "uint", {D(3.99)}, U(3)},
    {"double below zero", "uint", {D(-0.5)}, E(RANGE)},
    {"double, too large", "uint", {D(0x1p64)}, E(RANGE)},
    {"nan", "uint", {D(INFINITE - INFINITE)}, E(RANGE)},
    {"text", "uint", {S("18446744073709551615")}, U(UINT64_MAX)},
    {"text, too large", "uint", {S("18446744073709551616")}, E(RANGE)},
    {"text below zero", "uint", {S("-1")}, E(CONVERT)},

    {"int", "double", {I(-3)}, D(-3)},
    {"uint", "double", {U(UINT64_MAX)}, D(0x1p64)},
    {"text", "double", {S("1e3")}, D(1000)},
    {"text that is none", "double", {S("1e")}, E(CONVERT)},

    {"bool", "string", {B(false)}, S("false")},
    {"int", "string", {I(INT64_MIN)}, S("-9223372036854775808")},
    {"uint", "string", {U(UINT64_MAX)}, S("18446744073709551615")},
    {"double", "string", {D(-0.0045)}, S("-0.0045")},
    {"longest double",
     "string",
     {D(-2.2250738585072014e-308)},
     S("-2.2250738585072014e-308")},
    {"bytes", "string", {Y("\xc3\xbf")}, S("\xc3\xbf")},
    {"bytes that are no text", "string", {Y("\xff")}, E(TEXT)},
    {"timestamp",
     "string",
     {TIME(253402300799, 999999999)},
     S("9999-12-31T23:59:59.999999999Z")},
    {"duration", "string", {SPAN(-3723, -500000000)}, S("-3723.5s")},

    {"text", "bytes", {S("\xc3\xbf")}, Y("\xc3\xbf")},
    {"int", "timestamp", {I(0)}, TIME(0, 0)},
    {"before the first", "timestamp", {I(-62135596801)}, E(RANGE)},
    {"after the last", "timestamp", {I(253402300800)}, E(RANGE)},
    {"text", "timestamp", {S("1970-01-01T00:00:01.5Z")}, TIME(1, 500000000)},
    {"text that is none", "timestamp", {S("1970-01-01")}, E(CONVERT)},
    {"text", "duration", {S("1m0.5s")}, SPAN(60, 500000000)},
    {"text that is none", "duration", {S("1")}, E(CONVERT)},
    {"text, too long", "duration", {S("320000000000s")}, E(RANGE)},

    {"anything", "dyn", {L(I(1))}, L(I(1))},
    {"int", "type", {I(1)}, T(INT)},
    {"list", "type", {L(I(1))}, T(LIST)},
    {"type", "type", {T(INT)}, T(TYPE)},
    {"timestamp", "type", {TIME(0, 0)}, T(TIMESTAMP)},
};

int main(void)
{
    cel_rows_check(&troth_cel_standard, rows, COUNT(rows));
    return test_finish();
}
