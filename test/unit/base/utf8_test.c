/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"

#include <string.h>

#include "test/harness.h"

static const struct {
    const char *why;
    const char *hex;
    bool valid;
} cases[] = {
    {"nothing", "", true},
    {"ASCII, zero included", "00 41 7f", true},
    {"two bytes, least", "c2 80", true},
    {"two bytes, greatest", "df bf", true},
    {"three bytes, least", "e0 a0 80", true},
    {"three bytes, last before the surrogates", "ed 9f bf", true},
    {"three bytes, first after the surrogates", "ee 80 80", true},
    {"four bytes, least", "f0 90 80 80", true},
    {"four bytes, greatest", "f4 8f bf bf", true},
    {"a continuation alone", "80", false},
    {"overlong slash", "c0 af", false},
    {"overlong, two bytes, greatest", "c1 bf", false},
    {"overlong, three bytes", "e0 9f bf", false},
    {"overlong, four bytes", "f0 8f bf bf", false},
    {"first surrogate", "ed a0 80", false},
    {"last surrogate", "ed bf bf", false},
    {"above U+10FFFF", "f4 90 80 80", false},
    {"lead byte f5", "f5 80 80 80", false},
    {"lead byte ff", "ff", false},
    {"cut after the lead", "41 e2", false},
    {"cut before the last byte", "e2 82", false},
    {"third byte is ASCII", "e2 82 41", false},
    {"fourth byte is a lead", "f0 9f 98 c2 80", false},
    {"good after bad", "80 41", false},
};

/* Our own words for what a code point may be. */
static bool is_scalar(uint32_t code_point)
{
    return code_point < 0xd800 || (code_point > 0xdfff && code_point < 0x110000);
}

static void test_every_code_point(void)
{
    unsigned wrong = 0;

    test_case("every code point, and a byte more or less");
    for (uint32_t code_point = 0; code_point < 0x110100; code_point++) {
        uint8_t out[5] = {0, 0, 0, 0, 0x80};
        size_t len = troth_utf8_encode(out, code_point);

        wrong += (len != 0) != is_scalar(code_point);
        wrong += !troth_utf8_is_valid((struct troth_span){out, len});
        out[len] = 0x80;
        wrong += len && troth_utf8_is_valid((struct troth_span){out, len + 1});
        wrong += len > 1 && troth_utf8_is_valid((struct troth_span){out, len - 1});
    }
    CHECK_INT(wrong, 0);
}

/* If two- and three-byte texts were accepted that are not encodings of anything, there
 * would be more of them than there are code points. */
static void test_nothing_else(void)
{
    unsigned two = 0;
    unsigned three = 0;

    test_case("there are no other texts of two and three bytes above ASCII");
    for (uint32_t bits = 0; bits < 1U << 24; bits++) {
        const uint8_t text[] = {(uint8_t)(bits >> 16), (uint8_t)(bits >> 8),
                                (uint8_t)bits};

        if (text[0] < 0x80)
            continue;
        two += text[2] == 0 && troth_utf8_is_valid((struct troth_span){text, 2});
        three += text[1] >= 0x80 && text[2] >= 0x80 &&
                 troth_utf8_is_valid((struct troth_span){text, 3});
    }
    CHECK_INT(two, 0x800 - 0x80);
    CHECK_INT(three, 0x10000 - 0x800 - 0x800);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        test_case("%s", cases[i].why);
        CHECK_INT(troth_utf8_is_valid(test_hex(cases[i].hex)), cases[i].valid);
    }
    test_every_code_point();
    test_nothing_else();
    return test_finish();
}
