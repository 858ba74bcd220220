/* SPDX-License-Identifier: Apache-2.0 */
#include "base/word.h"

#include <stdlib.h>
#include <string.h>

#include "test/harness.h"

enum { ROUNDS = 20000 };

/* Eight bytes, many of them near what is looked for. */
static void random_word(struct test_random *random, uint8_t out[static TROTH_WORD_SIZE])
{
    static const uint8_t near[] = {0x00, 0x01, 0x1f, 0x20, 0x21, 0x22, 0x5b, 0x5c,
                                   0x7f, 0x80, 0x81, 0x9f, 0xa0, 0xa2, 0xdc, 0xff};

    for (size_t i = 0; i < TROTH_WORD_SIZE; i++)
        out[i] = near[test_random_below(random, sizeof near)];
}

static void test_load(void)
{
    static const uint8_t bytes[] = {1, 2, 3, 4, 5, 6, 7, 0xf8, 9};

    test_case("little-endian from any address");
    CHECK(troth_word_half(bytes) == 0x04030201);
    CHECK(troth_word_at(bytes) == UINT64_C(0xf807060504030201));
    CHECK(troth_word_at(bytes + 1) == UINT64_C(0x09f8070605040302));
    CHECK(TROTH_WORD_OF(0xa5) == UINT64_C(0xa5a5a5a5a5a5a5a5));
}

/* The first byte that is marked is the first that a loop finds. */
static void test_marks(void)
{
    struct test_random random = {11};

    test_case("marks beside a loop over bytes");
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint8_t bytes[TROTH_WORD_SIZE];
        size_t below = 0, equal = 0;

        random_word(&random, bytes);
        while (below < TROTH_WORD_SIZE && bytes[below] >= 0x20)
            below++;
        while (equal < TROTH_WORD_SIZE && bytes[equal] != 0x22)
            equal++;

        const uint64_t word = troth_word_at(bytes);
        const uint64_t is_below = troth_word_below(word, 0x20);
        const uint64_t is_equal = troth_word_equal(word, 0x22);

        CHECK_INT(is_below ? troth_word_first(is_below) : TROTH_WORD_SIZE, below);
        CHECK_INT(is_equal ? troth_word_first(is_equal) : TROTH_WORD_SIZE, equal);
        /* Marks of several kinds at once. */
        if (is_below | is_equal)
            CHECK_INT(troth_word_first(is_below | is_equal),
                      below < equal ? below : equal);
    }
}

static void test_same(void)
{
    test_case("the same bytes, and one that differs");
    for (size_t len = 0; len <= 40; len++) {
        uint8_t *const a = calloc(len + 1, 1), *const b = calloc(len + 1, 1);

        CHECK(troth_word_same(a + 1, b + 1, len));
        for (size_t i = 1; i <= len; i++) {
            b[i] ^= 0x80;
            CHECK(!troth_word_same(a + 1, b + 1, len));
            b[i] ^= 0x80;
        }
        free(a);
        free(b);
    }
}

int main(void)
{
    test_load();
    test_marks();
    test_same();
    return test_finish();
}
