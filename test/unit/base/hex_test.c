/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hex.h"

#include <ctype.h>

#include "base/writer.h"
#include "test/harness.h"

static const struct {
    const char *why;
    const char *text;
    size_t room;
    enum troth_err err;
    uint8_t bytes[4];
    size_t len;
} cases[] = {
    {"nothing", "", 0, TROTH_OK, {0}, 0},
    {"lower case", "09afbe", 4, TROTH_OK, {0x09, 0xaf, 0xbe}, 3},
    {"upper case", "09AFBE", 4, TROTH_OK, {0x09, 0xaf, 0xbe}, 3},
    {"room for exactly that", "01020304", 4, TROTH_OK, {1, 2, 3, 4}, 4},
    {"an odd count", "012", 4, TROTH_ERR_VALUE, {0}, 0},
    {"no room", "0102", 1, TROTH_ERR_LIMIT, {0}, 0},
    {"a space", "01 203", 4, TROTH_ERR_VALUE, {0}, 0},
    {"a prefix", "0x0102", 4, TROTH_ERR_VALUE, {0}, 0},
    {"the last character", "01020g", 4, TROTH_ERR_VALUE, {0}, 0},
};

/* Every pair of characters: hexadecimal if and only if the C library says so of both. */
static void test_all_pairs(void)
{
    test_case("exactly the 22 digits are digits");
    for (unsigned pair = 0; pair < 0x10000; pair++) {
        const uint8_t text[] = {(uint8_t)(pair >> 8), (uint8_t)pair};
        bool both = isxdigit(text[0]) && isxdigit(text[1]); /* the C locale's */
        uint8_t byte = 0xa5;
        size_t len;
        enum troth_err err = troth_hex_parse(&byte, 1, &len,
                                             (struct troth_span){text, sizeof text});

        if ((err == TROTH_OK) != both || (err && byte))
            CHECK_INT(pair, -1);
    }
    CHECK(true);
}

static void test_round_trip(void)
{
    test_case("every byte comes back from its digits");
    for (unsigned value = 0; value < 256; value++) {
        const uint8_t byte = (uint8_t)value;
        uint8_t text[2];
        uint8_t back = 0;
        size_t len = 0;
        struct troth_writer w = troth_writer_over(text, sizeof text);

        troth_write_hex(&w, (struct troth_span){&byte, 1});
        CHECK_ERR(troth_hex_parse(&back, 1, &len, troth_writer_span(&w)), TROTH_OK);
        CHECK_INT(back, value);
    }
}

int main(void)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        uint8_t out[4] = {0xa5, 0xa5, 0xa5, 0xa5};
        size_t len = 99;

        test_case("%s", cases[i].why);
        CHECK_ERR(troth_hex_parse(out, cases[i].room, &len, test_text(cases[i].text)),
                  cases[i].err);
        CHECK_INT(len, cases[i].len);
        for (size_t j = 0; j < (cases[i].err ? cases[i].room : cases[i].len); j++)
            CHECK_INT(out[j], cases[i].bytes[j]);
    }
    test_all_pairs();
    test_round_trip();
    return test_finish();
}
