/* SPDX-License-Identifier: Apache-2.0 */
#include "base/bignum.h"

#include <string.h>

#include "test/harness.h"

static uint64_t random_bits(struct test_random *random)
{
    uint64_t bits = 0;

    for (int i = 0; i < 4; i++)
        bits = bits << 16 | test_random_below(random, 1U << 16);
    return bits >> test_random_below(random, 64);
}

static bool is_same(const struct troth_bignum *a, const struct troth_bignum *b)
{
    return a->count == b->count &&
           memcmp(a->words, b->words, a->count * sizeof a->words[0]) == 0;
}

/* Is (divisor * quotient + remainder) / divisor what it was made of? The divisor has many
 * words, and fills the highest, so that it need not be shifted. */
static bool divides(struct test_random *random)
{
    struct troth_bignum n, divisor, remainder;
    uint32_t quotient = (uint32_t)random_bits(random);
    unsigned zeros = test_random_below(random, 32);
    uint32_t rest = (uint32_t)random_bits(random) & ((UINT32_C(1) << zeros) - 1);

    troth_bignum_set(&divisor, random_bits(random) | 1);
    for (unsigned i = test_random_below(random, 80); i > 0; i--)
        troth_bignum_multiply(&divisor, (uint32_t)random_bits(random) | 1U, 1);
    divisor.words[divisor.count - 1] |= UINT32_C(1) << 31;
    n = divisor;
    troth_bignum_multiply(&n, quotient, 0);
    troth_bignum_shift_left(&n, zeros);
    if (n.count > 0)
        n.words[0] |= rest;
    troth_bignum_set(&remainder, n.count > 0 ? rest : 0);
    return troth_bignum_divide(&n, &divisor) == (uint64_t)quotient << zeros &&
           is_same(&n, &remainder);
}

static void test_arithmetic(void)
{
    struct troth_bignum n;

    test_case("5^40 * 2^3 = 72759576141834259033203125000");
    troth_bignum_set(&n, 1);
    troth_bignum_multiply_by_power_of_5(&n, 40);
    CHECK_INT(troth_bignum_bit_count(&n), 93);
    troth_bignum_shift_left(&n, 3);
    CHECK_INT(troth_bignum_divide_small(&n, 1000000000), 203125000);
    CHECK_INT(troth_bignum_divide_small(&n, 1000000000), 834259033);
    CHECK_INT(troth_bignum_divide_small(&n, 1000000000), 759576141);
    CHECK_INT(troth_bignum_divide_small(&n, 1000000000), 72);
    CHECK(troth_bignum_is_zero(&n));

    test_case("(2^32 - 1) * (2^32 - 1) + (2^32 - 1)");
    troth_bignum_set(&n, UINT32_MAX);
    troth_bignum_multiply(&n, UINT32_MAX, UINT32_MAX);
    CHECK(n.count == 2 && n.words[0] == 0 && n.words[1] == UINT32_MAX);

    test_case("zero");
    troth_bignum_set(&n, 0);
    CHECK(troth_bignum_is_zero(&n) && troth_bignum_bit_count(&n) == 0);
    troth_bignum_shift_left(&n, 100);
    troth_bignum_multiply(&n, 7, 0);
    CHECK(troth_bignum_is_zero(&n));
    troth_bignum_multiply(&n, 7, 3);
    CHECK(n.count == 1 && n.words[0] == 3);

    test_case("shifts by whole words and by nothing");
    troth_bignum_shift_left(&n, 64);
    CHECK(n.count == 3 && n.words[0] == 0 && n.words[1] == 0 && n.words[2] == 3);
    troth_bignum_shift_left(&n, 0);
    CHECK_INT(troth_bignum_bit_count(&n), 66);

    test_case("what does not fit is lost, and nothing is written behind the words");
    troth_bignum_set(&n, UINT64_MAX);
    troth_bignum_shift_left(&n, 32 * TROTH_BIGNUM_WORDS + 5);
    CHECK_INT(n.count, TROTH_BIGNUM_WORDS);
    troth_bignum_multiply_by_power_of_5(&n, 1000);
    CHECK(n.count <= TROTH_BIGNUM_WORDS);
}

/* clang-format off */
static const struct {
    const char *why;
    uint64_t n, divisor, quotient, remainder;
} quotients[] = {
    {"less than the divisor",      6,          7,                  0,          6},
    {"the divisor",                7,          7,                  1,          0},
    {"by one",                     UINT64_MAX, 1,                  UINT64_MAX, 0},
    {"by a word's largest",        UINT64_MAX, UINT32_MAX,         UINT64_C(0x100000001), 0},
    {"by a word's highest bit",    UINT64_MAX, UINT64_C(1) << 31,  UINT64_C(0x1ffffffff), 0x7fffffff},
    {"by more than a word",        UINT64_MAX, UINT64_C(1) << 32,  UINT32_MAX, UINT32_MAX},
    {"by 64 bits",                 UINT64_MAX, UINT64_C(1) << 63,  1,          UINT64_MAX >> 1},
    {"the largest by the largest", UINT64_MAX, UINT64_MAX,         1,          0},
    {"zero",                       0,          9,                  0,          0},
};
/* clang-format on */

static void test_quotients(void)
{
    for (size_t i = 0; i < COUNT(quotients); i++) {
        struct troth_bignum n, divisor, remainder;

        test_case("quotient: %s", quotients[i].why);
        troth_bignum_set(&n, quotients[i].n);
        troth_bignum_set(&divisor, quotients[i].divisor);
        troth_bignum_set(&remainder, quotients[i].remainder);
        troth_bignum_shift_left(&remainder, (0 - troth_bignum_bit_count(&divisor)) % 32);
        CHECK(troth_bignum_divide(&n, &divisor) == quotients[i].quotient);
        CHECK(is_same(&n, &remainder));
    }
}

int main(void)
{
    struct test_random random = {7};

    test_arithmetic();
    test_quotients();
    test_case("quotients by long divisors");
    for (int i = 0; i < 20000; i++)
        if (!divides(&random))
            CHECK_INT(i, -1);
    CHECK(true);
    return test_finish();
}
