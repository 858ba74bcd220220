/* SPDX-License-Identifier: Apache-2.0 */
#include "image/crc32.h"

#include <zlib.h>

#include "test/harness.h"

/* clang-format off */
static const struct {
    const char *why, *text;
    uint32_t crc;
} known[] = {
    {"nothing",             "",                                            0},
    {"the check value",     "123456789",                                   0xcbf43926},
    {"one byte",            "a",                                           0xe8b7be43},
    {"more than two words", "The quick brown fox jumps over the lazy dog", 0x414fa339},
};
/* clang-format on */

static void test_known(void)
{
    for (size_t i = 0; i < COUNT(known); i++) {
        test_case("known: %s", known[i].why);
        CHECK_INT(troth_crc32(0, test_text(known[i].text)), known[i].crc);
    }
}

/* Every length and every place in a word, against another implementation. */
static void test_zlib(void)
{
    struct test_random random = {1};
    uint8_t bytes[300];

    test_case("as zlib has it");
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)test_random_below(&random, 256);
    for (size_t start = 0; start < 16; start++)
        for (size_t len = 0; len <= sizeof bytes - start; len++)
            if (!CHECK_INT(troth_crc32(7, (struct troth_span){bytes + start, len}),
                           crc32(7, bytes + start, (uInt)len)))
                return;
}

static void test_pieces(void)
{
    const struct troth_span whole = test_text("a section, then another, then the rest");

    test_case("in pieces");
    for (size_t cut = 0; cut <= whole.len; cut++) {
        const struct troth_span rest = {whole.ptr + cut, whole.len - cut};
        const uint32_t first = troth_crc32(0, (struct troth_span){whole.ptr, cut});

        CHECK_INT(troth_crc32(first, rest), troth_crc32(0, whole));
    }
}

/* Every entry of every table is used. */
static void test_bytes(void)
{
    uint8_t bytes[8] = {0};

    test_case("every byte at every place of a word");
    for (size_t place = 0; place < sizeof bytes; place++) {
        for (unsigned value = 0; value < 256; value++) {
            bytes[place] = (uint8_t)value;
            CHECK_INT(troth_crc32(0, (struct troth_span){bytes, sizeof bytes}),
                      crc32(0, bytes, sizeof bytes));
        }
        bytes[place] = 0;
    }
}

int main(void)
{
    test_known();
    test_zlib();
    test_pieces();
    test_bytes();
    return test_finish();
}
