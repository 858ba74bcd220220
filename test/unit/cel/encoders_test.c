/* SPDX-License-Identifier: Apache-2.0 */
#include "test/support/cel_rows.h"

static const struct cel_row rows[] = {
    {"with padding", "base64.encode", {Y("hello")}, S("aGVsbG8=")},
    {"nothing", "base64.encode", {Y("")}, S("")},
    {"of a text", "base64.encode", {S("a")}, {.kind = TROTH_CEL_NONE}},
    {"with padding", "base64.decode", {S("aGVsbG8=")}, Y("hello")},
    {"without", "base64.decode", {S("aGVsbG8")}, Y("hello")},
    {"two characters of it", "base64.decode", {S("aA==")}, Y("h")},
    {"without two", "base64.decode", {S("aA")}, Y("h")},
    {"whole groups", "base64.decode", {S("aGVs")}, Y("hel")},
    {"nothing", "base64.decode", {S("")}, Y("")},
    {"half of the padding", "base64.decode", {S("aA=")}, E(CONVERT)},
    {"padding alone", "base64.decode", {S("=")}, E(CONVERT)},
    {"too much padding", "base64.decode", {S("aGVs====")}, E(CONVERT)},
    {"one character", "base64.decode", {S("a")}, E(CONVERT)},
    {"unused bits", "base64.decode", {S("aB")}, E(CONVERT)},
    {"another alphabet", "base64.decode", {S("-_-_")}, E(CONVERT)},
    {"white space", "base64.decode", {S("aGVs bG8=")}, E(CONVERT)},

    {"in lower case", "hex.encode", {Y("\x00\xfa")}, S("00fa")},
    {"nothing", "hex.encode", {Y("")}, S("")},
    {"either case", "hex.decode", {S("00fAB1")}, Y("\x00\xfa\xb1")},
    {"nothing", "hex.decode", {S("")}, Y("")},
    {"half a byte", "hex.decode", {S("0")}, E(CONVERT)},
    {"no digit", "hex.decode", {S("0x")}, E(CONVERT)},
};

static const struct cel_expression expressions[] = {
    {"base64.decode(base64.encode(b'\\x00\\xff')) == b'\\x00\\xff'"},
    {"hex.decode('00Ff') == b'\\x00\\xff' && hex.encode(b'\\x0a') == '0a'"},
    {"hex.decode('zz') == b''", FAILS(CONVERT)},
    {"hex.encode('a') == '61'", IS_REFUSED},
};

int main(void)
{
    cel_rows_check(&troth_cel_encoders, rows, COUNT(rows));
    cel_expressions_check(expressions, COUNT(expressions));
    return test_finish();
}
