/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/literal.h"

#include "base/span.h"
#include "test/harness.h"

static uint8_t room[1 << 12];

struct read {
    struct troth_cel_value value;
    struct troth_cel_issue issue;
    enum troth_err err;
};

static struct read read(const char *text, bool is_negative)
{
    const struct troth_span source = test_text(text);
    const struct troth_cel_token token = troth_cel_token_at(source, 0);
    struct troth_arena arena = TROTH_ARENA_OVER(room);
    struct read r = {0};

    r.err = troth_cel_literal(&r.value, &r.issue, source, &token, is_negative, &arena);
    return r;
}

/* clang-format off */
#define INT(x)    {.kind = TROTH_CEL_INT, .as.integer = (x)}
#define UINT(x)   {.kind = TROTH_CEL_UINT, .as.number = (x)}
#define DOUBLE(x) {.kind = TROTH_CEL_DOUBLE, .as.real = (x)}

static const struct {
    const char *text;
    struct troth_cel_value value;
    bool is_negative;
} numbers[] = {
    {"0",                     INT(0), false},
    {"0",                     INT(0), true},
    {"42",                    INT(42), false},
    {"42",                    INT(-42), true},
    {"007",                   INT(7), false},
    {"0x7fffFFFFffffFFFF",    INT(INT64_MAX), false},
    {"9223372036854775807",   INT(INT64_MAX), false},
    {"9223372036854775807",   INT(-INT64_MAX), true},
    {"9223372036854775808",   INT(INT64_MIN), true},
    {"0X8000000000000000",    INT(INT64_MIN), true},
    {"0u",                    UINT(0), false},
    {"18446744073709551615U", UINT(UINT64_MAX), false},
    {"0xffffffffffffffffu",   UINT(UINT64_MAX), false},
    {"1.5",                   DOUBLE(1.5), false},
    {".25",                   DOUBLE(-0.25), true},
    {"1e3",                   DOUBLE(1000), false},
    {"1e-999",                DOUBLE(0), false},
};

static const struct {
    const char *text, *wanted; /* what the literal stands for, in hexadecimal */
} texts[] = {
    {"'abc'", "616263"},
    {"''", ""},
    {"\"\"\"a'b\n\"\"\"", "6127620a"},
    {"'''''' ", ""},
    {"'''a\\''''", "6127"},
    {"'\xc3\xbc'", "c3bc"},
    {"b'\xc3\xbc'", "c3bc"},
    {"'\\a\\b\\f\\n\\r\\t\\v'", "07080c0a0d090b"},
    {"'\\\\\\?\\\"\\'\\`'", "5c3f222760"},
    {"'\\x41\\X7e\\xff'", "417ec3bf"},
    {"b'\\x41\\xff\\377\\000'", "41ffff00"},
    {"'\\000\\101\\377'", "0041c3bf"},
    {"'\\u270c\\u00FF'", "e29c8cc3bf"},
    {"'\\U0001f431\\U0010FFFF'", "f09f90b1f48fbfbf"},
    {"'\\ud83d\\ude00'", "f09f9880"},
    {"r'\\x41\\q'", "5c7834315c71"},
    {"bR\"\\u1\"", "5c7531"},
    {"R'''a\\'''", "615c"},
};

static const struct {
    const char *text, *wrong;
    uint32_t start, end;
} refused[] = {
    {"9223372036854775808", "the number does not fit an int, which has 64 bits", 0, 19},
    {"0x10000000000000000", "the number does not fit an int, which has 64 bits", 0, 19},
    {"99999999999999999999", "the number does not fit an int, which has 64 bits", 0, 20},
    {"18446744073709551616u", "the number does not fit a uint, which has 64 bits", 0, 21},
    {"1e309", "the number does not fit a double", 0, 5},
    {"'a\\q'",
     "unknown escape \\q; a backslash is written \\\\, or stands in a raw string: r'...'", 2, 4},
    {"'\\\xc3\xbc'",
     "unknown escape \\\xc3\xbc; a backslash is written \\\\, or stands in a raw string: r'...'", 1, 4},
    {"'\\x4'", "'\\x' is followed by two hexadecimal digits", 1, 3},
    {"'\\xg0'", "'\\x' is followed by two hexadecimal digits", 1, 3},
    {"'\\u123'", "'\\u' is followed by four hexadecimal digits", 1, 3},
    {"'\\U0001f43'", "'\\U' is followed by eight hexadecimal digits", 1, 3},
    {"'\\08'", "an octal escape has three digits, 000 to 377", 1, 2},
    {"'\\400'",
     "unknown escape \\4; a backslash is written \\\\, or stands in a raw string: r'...'", 1, 3},
    {"'\\ud83d'", "there is no such code point", 1, 7},
    {"'\\ud83d\\u0041'", "there is no such code point", 1, 7},
    {"'\\ud83d\\x41'", "there is no such code point", 1, 7},
    {"'\\ude00'", "there is no such code point", 1, 7},
    {"'\\U00110000'", "there is no such code point", 1, 11},
    {"'\\U0000d83d\\U0000de00'", "there is no such code point", 1, 11},
    {"b'\\u0041'", "'\\u' and '\\U' are for strings; bytes are written '\\x'", 2, 8},
    {"b'\\U00000041'", "'\\u' and '\\U' are for strings; bytes are written '\\x'", 2, 12},
};
/* clang-format on */

static bool is_same(const struct troth_cel_value *a, const struct troth_cel_value *b)
{
    if (a->kind != b->kind)
        return false;
    if (a->kind == TROTH_CEL_DOUBLE)
        return a->as.real == b->as.real;
    return a->as.number == b->as.number;
}

int main(void)
{
    for (size_t i = 0; i < COUNT(numbers); i++) {
        const struct read r = read(numbers[i].text, numbers[i].is_negative);

        test_case("%s%s", numbers[i].is_negative ? "-" : "", numbers[i].text);
        CHECK_ERR(r.err, TROTH_OK);
        CHECK(is_same(&r.value, &numbers[i].value));
    }
    for (size_t i = 0; i < COUNT(texts); i++) {
        const struct read r = read(texts[i].text, false);

        test_case("a string that stands for '%s'", texts[i].wanted);
        CHECK_ERR(r.err, TROTH_OK);
        CHECK_INT(r.value.kind,
                  (texts[i].text[0] | 32) == 'b' ? TROTH_CEL_BYTES : TROTH_CEL_STRING);
        CHECK_SPAN(r.value.as.text, test_hex(texts[i].wanted));
    }
    for (size_t i = 0; i < COUNT(refused); i++) {
        const struct read r = read(refused[i].text, false);

        test_case("%s is refused", refused[i].text);
        CHECK_ERR(r.err, TROTH_ERR_VALUE);
        CHECK_TEXT(r.issue.text, refused[i].wrong);
        CHECK_INT(r.issue.start, refused[i].start);
        CHECK_INT(r.issue.end, refused[i].end);
        CHECK_INT(r.value.kind, TROTH_CEL_NONE);
    }

    test_case("a string is borrowed where it has no escapes, and else needs memory");
    const struct troth_span source = test_text("'\\t' 'a'");
    const struct troth_cel_token escaped = troth_cel_token_at(source, 0);
    const struct troth_cel_token plain = troth_cel_token_at(source, escaped.end);
    struct troth_arena arena = {room, 1, 0};
    struct troth_cel_value value;
    CHECK_ERR(troth_cel_literal(&value, NULL, source, &escaped, false, &arena),
              TROTH_ERR_MEMORY);
    CHECK_ERR(troth_cel_literal(&value, NULL, source, &plain, false, &arena), TROTH_OK);
    CHECK(value.as.text.ptr == source.ptr + plain.start + 1);
    return test_finish();
}
