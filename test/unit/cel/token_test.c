/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/token.h"

#include <stdio.h>

#include "test/harness.h"

static const char *const names[TROTH_CEL_TOKEN_KINDS] = {
    [TROTH_CEL_TOKEN_WRONG] = "wrong",
    [TROTH_CEL_TOKEN_NAME] = "name",
    [TROTH_CEL_TOKEN_RESERVED] = "reserved",
    [TROTH_CEL_TOKEN_QUOTED_NAME] = "quoted",
    [TROTH_CEL_TOKEN_INT] = "int",
    [TROTH_CEL_TOKEN_UINT] = "uint",
    [TROTH_CEL_TOKEN_DOUBLE] = "double",
    [TROTH_CEL_TOKEN_STRING] = "string",
    [TROTH_CEL_TOKEN_BYTES] = "bytes",
    [TROTH_CEL_TOKEN_TRUE] = "true",
    [TROTH_CEL_TOKEN_FALSE] = "false",
    [TROTH_CEL_TOKEN_NULL] = "null",
    [TROTH_CEL_TOKEN_IN] = "in",
#define X(name, text) [TROTH_CEL_TOKEN_##name] = text,
    TROTH_CEL_SIGNS(X)
#undef X
};

/* A token is its kind and its length, where that is not the kind's own. */
/* clang-format off */
static const struct {
    const char *why, *source, *tokens;
} rows[] = {
    {"nothing",                         "",                 ""},
    {"blanks alone",                    " \t\r\n\f",        ""},
    {"a comment at the end",            "a // b",           "name:1"},
    {"comments between",                "// a\n// b\rc//",  "name:1"},
    {"a comment needs two strokes",     "a / b",            "name:1 / name:1"},
    {"every sign",
     "&& || == != <= >= < > + - * / % ! ? : , . ( ) [ ] { }",
     "&& || == != <= >= < > + - * / % ! ? : , . ( ) [ ] { }"},
    {"signs without blanks",            "a<=-b!=!c",        "name:1 <= - name:1 != ! name:1"},
    {"the longest sign first",          "<==",              "<= wrong:1"},
    {"names",                           "a _b C9 a.b_",     "name:1 name:2 name:2 name:1 . name:2"},
    {"words with a meaning",            "true false null in", "true false null in"},
    {"a word is the whole name",        "truer ins as_",    "name:5 name:3 name:3"},
    {"case matters",                    "True IN",          "name:4 name:2"},
    {"reserved words",
     "as break const continue else for function if import let loop namespace package return "
     "var void while",
     "reserved:2 reserved:5 reserved:5 reserved:8 reserved:4 reserved:3 reserved:8 reserved:2 "
     "reserved:6 reserved:3 reserved:4 reserved:9 reserved:7 reserved:6 reserved:3 reserved:4 "
     "reserved:5"},
    {"a name in backquotes",            "`a-b/c.d e`",      "quoted:11"},
    {"it must not be empty",            "``",               "wrong:1"},
    {"it must end",                     "`ab",              "wrong:1"},
    {"nor hold others",                 "`a$`",             "wrong:1"},
    {"whole numbers",                   "0 12 007",         "int:1 int:2 int:3"},
    {"hexadecimal",                     "0x1F 0XaBc 0x1Fu", "int:4 int:5 uint:5"},
    {"no hexadecimal digit",            "0x 0xg",           "int:1 name:1 int:1 name:2"},
    {"no hexadecimal number",           "1x2 00x1",         "int:1 name:2 int:2 name:2"},
    {"without a sign",                  "1u 2U",            "uint:2 uint:2"},
    {"doubles",                         "1.5 .5 1e3 1.5E+3 2e-1 .5e1",
                                        "double:3 double:2 double:3 double:6 double:4 double:4"},
    {"a dot without a digit is a dot",  "1.a 1.",           "int:1 . name:1 int:1 ."},
    {"an e without a digit is a name",  "1e 1e+ 1.5ex",     "int:1 name:1 int:1 name:1 + double:3 name:2"},
    {"u ends whole numbers only",       "1.5u",             "double:3 name:1"},
    {"a dot and a digit",               "a.1",              "name:1 double:2"},
    {"strings",                         "'a' \"b\" ''",     "string:3 string:3 string:2"},
    {"the other quote inside",          "'\"' \"'\"",       "string:3 string:3"},
    {"an escaped quote",                "'\\'' \"\\\"\"",   "string:4 string:4"},
    {"an escaped backslash",            "'\\\\' a",         "string:4 name:1"},
    {"raw: a backslash escapes nothing", "r'\\' R\"\\\"",   "string:4 string:4"},
    {"bytes",                           "b'a' B\"a\" br'\\' bR'' Br''",
                                        "bytes:4 bytes:4 bytes:5 bytes:4 bytes:4"},
    {"rb is a name",                    "rb'a'",            "name:2 string:3"},
    {"a prefix alone is a name",        "b r br b 'a'",     "name:1 name:1 name:2 name:1 string:3"},
    {"three quotes",                    "'''a''' \"\"\"b\"\"\" r'''c''' b'''d'''",
                                        "string:7 string:7 string:8 bytes:8"},
    {"an empty string of three",        "''''''",           "string:6"},
    {"quotes and ends of lines inside", "'''a'b''c\n\r\\''''", "string:16"},
    {"a string next to one",            "''\"\"",           "string:2 string:2"},
    {"a string without its end",        "'abc",             "wrong:4"},
    {"a string over two lines",         "'ab\nc'",          "wrong:3"},
    {"the same, with a backslash",      "'ab\\\nc'",        "wrong:4"},
    {"the same, with \\r",              "'ab\rc'",          "wrong:3"},
    {"a backslash at the end",          "'ab\\",            "wrong:4"},
    {"three quotes without their end",  "'''ab''",          "wrong:7"},
    {"signs that there are not",        "a & b",            "name:1 wrong:1"},
    {"strange characters",              "$",                "wrong:1"},
    {"a whole code point is strange",   "\xe2\x80\x9cx",    "wrong:3"},
};

static const struct {
    const char *source, *wrong;
} wrongs[] = {
    {"& b",   "there is no '&': 'and' is written '&&'"},
    {"| b",   "there is no '|': 'or' is written '||'"},
    {"= b",   "there is no '=': values are compared with '=='"},
    {";",     "there is no ';': an expression ends where its text ends"},
    {"# b",   "there is no '#': a comment begins with '//'"},
    {"`a$`",  "a field's name in backquotes has letters, digits and \"_.-/ \" only"},
    {"@",     "this character can only stand in a string"},
    {"'a",    "the string has no closing quote"},
};
/* clang-format on */

static void check_row(const char *source, const char *wanted)
{
    const struct troth_span text = test_text(source);
    struct troth_cel_token token = {0};
    char seen[512] = "";
    size_t len = 0;

    while (len < sizeof seen - 32) {
        token = troth_cel_token_at(text, token.end);
        if (token.kind == TROTH_CEL_TOKEN_END)
            break;
        len += (size_t)snprintf(seen + len, sizeof seen - len, "%s%s", len ? " " : "",
                                names[token.kind]);
        if (token.kind < TROTH_CEL_TOKEN_TRUE)
            len += (size_t)snprintf(seen + len, sizeof seen - len, ":%u",
                                    token.end - token.start);
        CHECK((token.kind == TROTH_CEL_TOKEN_WRONG) == (token.wrong != NULL));
        if (token.kind == TROTH_CEL_TOKEN_WRONG)
            break;
    }
    CHECK_TEXT(seen, wanted);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("%s", rows[i].why);
        check_row(rows[i].source, rows[i].tokens);
    }
    for (size_t i = 0; i < COUNT(wrongs); i++) {
        const struct troth_cel_token token = troth_cel_token_at(
            test_text(wrongs[i].source), 0);

        test_case("why %s is wrong", wrongs[i].source);
        CHECK_INT(token.kind, TROTH_CEL_TOKEN_WRONG);
        CHECK_TEXT(token.wrong, wrongs[i].wrong);
    }

    test_case("the text of a token");
    const struct troth_span source = test_text("  ab +");
    const struct troth_cel_token token = troth_cel_token_at(source, 0);
    CHECK_SPAN(troth_cel_token_text(source, &token), test_text("ab"));
    return test_finish();
}
