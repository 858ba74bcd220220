/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "appraise/appraise.h"
#include "base/instant.h"
#include "evidence/claim_list.h"
#include "test/harness.h"
#include "troth/verify.h"

static struct troth_value bytes(const char *hex)
{
    return troth_value_bytes(test_hex(hex));
}

static void compare_numbers(void)
{
    /* clang-format off */
    static const struct {
        const char *why;
        uint64_t number;
        const char *text;
        enum troth_err err;
        bool same;
    } rows[] = {
        {"decimal", 10, "10", TROTH_OK, true},
        {"another", 10, "11", TROTH_OK, false},
        {"zero", 0, "0", TROTH_OK, true},
        {"leading zeros are decimal, not octal", 10, "0010", TROTH_OK, true},
        {"hex", 255, "0xff", TROTH_OK, true},
        {"hex in capitals", 255, "0xFF", TROTH_OK, true},
        {"hex without its mark", 255, "ff", TROTH_ERR_VALUE, false},
        {"a capital mark", 255, "0XFF", TROTH_ERR_VALUE, false},
        {"the mark alone", 0, "0x", TROTH_ERR_VALUE, false},
        {"nothing", 0, "", TROTH_ERR_VALUE, false},
        {"the largest", UINT64_MAX, "18446744073709551615", TROTH_OK, true},
        {"the largest in hex", UINT64_MAX, "0xffffffffffffffff", TROTH_OK, true},
        {"one more", 0, "18446744073709551616", TROTH_ERR_VALUE, false},
        {"one more in hex", 0, "0x10000000000000000", TROTH_ERR_VALUE, false},
        {"ten times as much", 0, "184467440737095516150", TROTH_ERR_VALUE, false},
        {"a sign", 1, "+1", TROTH_ERR_VALUE, false},
        {"a negative number", 1, "-1", TROTH_ERR_VALUE, false},
        {"a space", 1, " 1", TROTH_ERR_VALUE, false},
        {"a space behind", 1, "1 ", TROTH_ERR_VALUE, false},
        {"a fraction", 1, "1.0", TROTH_ERR_VALUE, false},
        {"an exponent", 10, "1e1", TROTH_ERR_VALUE, false},
        {"NaN", 0, "NaN", TROTH_ERR_VALUE, false},
        {"nan", 0, "nan", TROTH_ERR_VALUE, false},
        {"inf", 0, "inf", TROTH_ERR_VALUE, false},
    };
    /* clang-format on */

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_value value = troth_value_uint(rows[i].number);
        bool same = true;

        test_case("number, %s: %s", rows[i].why, rows[i].text);
        CHECK_ERR(troth_value_is(&same, &value, test_text(rows[i].text)), rows[i].err);
        CHECK(same == rows[i].same);
    }
}

static void compare_bytes(void)
{
    static const struct {
        const char *why;
        const char *hex;
        const char *text;
        enum troth_err err;
        bool same;
    } rows[] = {
        {"the same", "00ff10", "00ff10", TROTH_OK, true},
        {"either case", "00ff1a", "00Ff1A", TROTH_OK, true},
        {"first byte", "00ff10", "01ff10", TROTH_OK, false},
        {"last half", "00ff10", "00ff11", TROTH_OK, false},
        {"shorter", "00ff10", "00ff", TROTH_OK, false},
        {"longer", "00ff", "00ff00", TROTH_OK, false},
        {"empty for empty", "", "", TROTH_OK, true},
        {"empty for some", "00", "", TROTH_OK, false},
        {"some for empty", "", "00", TROTH_OK, false},
        {"half a byte", "00", "0", TROTH_ERR_VALUE, false},
        {"no digit", "00", "0g", TROTH_ERR_VALUE, false},
        {"no digit behind a difference", "00", "11gg", TROTH_ERR_VALUE, false},
        {"a space", "0000", "00 00", TROTH_ERR_VALUE, false},
        {"a mark", "00", "0x00", TROTH_ERR_VALUE, false},
        {"a colon", "0000", "00:000", TROTH_ERR_VALUE, false},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_value value = bytes(rows[i].hex);
        bool same = true;

        test_case("bytes, %s", rows[i].why);
        CHECK_ERR(troth_value_is(&same, &value, test_text(rows[i].text)), rows[i].err);
        CHECK(same == rows[i].same);
    }
}

static void compare_the_rest(void)
{
    /* clang-format off */
    const struct {
        const char *why;
        struct troth_value value;
        const char *text;
        enum troth_err err;
        bool same;
    } rows[] = {
        {"true", troth_value_bool(true), "true", TROTH_OK, true},
        {"false", troth_value_bool(false), "false", TROTH_OK, true},
        {"false for true", troth_value_bool(true), "false", TROTH_OK, false},
        {"true for false", troth_value_bool(false), "true", TROTH_OK, false},
        {"a capital", troth_value_bool(true), "True", TROTH_ERR_VALUE, false},
        {"one", troth_value_bool(true), "1", TROTH_ERR_VALUE, false},
        {"nothing for true", troth_value_bool(true), "", TROTH_ERR_VALUE, false},
        {"instant", troth_value_instant(0), "1970-01-01T00:00:00Z", TROTH_OK, true},
        {"another second", troth_value_instant(0), "1970-01-01T00:00:01Z", TROTH_OK, false},
        {"a zone", troth_value_instant(0), "1970-01-01T02:00:00+02:00", TROTH_OK, true},
        {"seconds are no instant", troth_value_instant(0), "0", TROTH_ERR_VALUE, false},
        {"no such day", troth_value_instant(0), "1970-02-30T00:00:00Z", TROTH_ERR_VALUE, false},
        {"text", troth_value_text("Milan"), "Milan", TROTH_OK, true},
        {"text in capitals", troth_value_text("Milan"), "MILAN", TROTH_OK, false},
        {"a prefix of text", troth_value_text("Milan"), "Mil", TROTH_OK, false},
        {"more than the text", troth_value_text("Milan"), "Milan ", TROTH_OK, false},
        {"empty text", troth_value_text(""), "", TROTH_OK, true},
        {"none is nothing", troth_value_none(), "", TROTH_OK, false},
        {"none is not its own name", troth_value_none(), "none", TROTH_OK, false},
        {"no such type", {.type = (enum troth_value_type)99}, "", TROTH_ERR_VALUE, false},
    };
    /* clang-format on */

    for (size_t i = 0; i < COUNT(rows); i++) {
        bool same = true;

        test_case("%s", rows[i].why);
        CHECK_ERR(troth_value_is(&same, &rows[i].value, test_text(rows[i].text)),
                  rows[i].err);
        CHECK(same == rows[i].same);
    }
}

/* As it is written so it is read; and where it does not fit, nothing is said to be there.
 */
static void write_values(void)
{
    const struct {
        const char *why;
        struct troth_value value;
        const char *text;
    } rows[] = {
        {"none", troth_value_none(), "none"},
        {"true", troth_value_bool(true), "true"},
        {"false", troth_value_bool(false), "false"},
        {"zero", troth_value_uint(0), "0"},
        {"the largest", troth_value_uint(UINT64_MAX), "18446744073709551615"},
        {"instant", troth_value_instant(1767225600), "2026-01-01T00:00:00Z"},
        {"an early one", troth_value_instant(-1), "1969-12-31T23:59:59Z"},
        {"never", troth_value_instant(TROTH_INSTANT_NEVER), "never"},
        {"text", troth_value_text("a \"b\""), "a \"b\""},
        {"bytes", bytes("00ffA0"), "00ffa0"},
        {"no bytes", bytes(""), ""},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t out[64];
        size_t len = 99, whole = strlen(rows[i].text);
        bool same = false, is_said = rows[i].value.type != TROTH_VALUE_NONE &&
                                     rows[i].value.instant_s != TROTH_INSTANT_NEVER;

        test_case("written: %s", rows[i].why);
        CHECK_ERR(troth_value_to_text(out, sizeof out, &len, &rows[i].value), TROTH_OK);
        CHECK_SPAN(((struct troth_span){out, len}), test_text(rows[i].text));
        if (is_said) {
            CHECK_ERR(
                troth_value_is(&same, &rows[i].value, (struct troth_span){out, len}),
                TROTH_OK);
            CHECK(same);
        }
        CHECK_ERR(troth_value_to_text(out, whole, &len, &rows[i].value), TROTH_OK);
        for (size_t size = 0; size < whole; size++) {
            len = 99;
            CHECK_ERR(troth_value_to_text(out, size, &len, &rows[i].value),
                      TROTH_ERR_LIMIT);
            CHECK_INT(len, 0);
        }
    }
}

int main(void)
{
    compare_numbers();
    compare_bytes();
    compare_the_rest();
    write_values();
    return test_finish();
}
