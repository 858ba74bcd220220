/* SPDX-License-Identifier: Apache-2.0 */
#include "base/bignum.h"

#include "base/double_parts.h"

enum { WORD_BITS = 32, POWER_OF_5 = 13 };

/* The largest power of 5 that is a word. */
#define FIVE_TO_13 UINT32_C(1220703125)

static void push(struct troth_bignum *n, uint32_t word)
{
    if (word && n->count < TROTH_BIGNUM_WORDS)
        n->words[n->count++] = word;
}

static void trim(struct troth_bignum *n)
{
    while (n->count > 0 && n->words[n->count - 1] == 0)
        n->count--;
}

void troth_bignum_set(struct troth_bignum *n, uint64_t value)
{
    n->count = 2;
    n->words[0] = (uint32_t)value;
    n->words[1] = (uint32_t)(value >> WORD_BITS);
    trim(n);
}

bool troth_bignum_is_zero(const struct troth_bignum *n)
{
    return n->count == 0;
}

unsigned troth_bignum_bit_count(const struct troth_bignum *n)
{
    if (n->count == 0)
        return 0;
    return (unsigned)(n->count - 1) * WORD_BITS +
           (unsigned)troth_bit_count(n->words[n->count - 1]);
}

void troth_bignum_multiply(struct troth_bignum *n, uint32_t factor, uint32_t addend)
{
    uint64_t carry = addend;

    for (size_t i = 0; i < n->count; i++) {
        carry += (uint64_t)n->words[i] * factor;
        n->words[i] = (uint32_t)carry;
        carry >>= WORD_BITS;
    }
    push(n, (uint32_t)carry);
}

void troth_bignum_multiply_by_power_of_5(struct troth_bignum *n, unsigned exponent)
{
    uint32_t rest = 1;

    for (; exponent >= POWER_OF_5; exponent -= POWER_OF_5)
        troth_bignum_multiply(n, FIVE_TO_13, 0);
    for (; exponent > 0; exponent--)
        rest *= 5;
    troth_bignum_multiply(n, rest, 0);
}

void troth_bignum_shift_left(struct troth_bignum *n, unsigned bits)
{
    size_t words = bits / WORD_BITS;

    troth_bignum_multiply(n, UINT32_C(1) << bits % WORD_BITS, 0);
    if (n->count == 0 || words == 0)
        return;

    size_t room = TROTH_BIGNUM_WORDS - n->count;

    if (words > room)
        words = room;
    memmove(n->words + words, n->words, n->count * sizeof n->words[0]);
    memset(n->words, 0, words * sizeof n->words[0]);
    n->count += words;
}

uint32_t troth_bignum_divide_small(struct troth_bignum *n, uint32_t divisor)
{
    uint64_t rest = 0;

    for (size_t i = n->count; i > 0; i--) {
        rest = rest << WORD_BITS | n->words[i - 1];
        n->words[i - 1] = (uint32_t)(rest / divisor);
        rest %= divisor;
    }
    trim(n);
    return (uint32_t)rest;
}

static uint32_t word_at(const struct troth_bignum *n, size_t i)
{
    return i < n->count ? n->words[i] : 0;
}

/* Is n at least divisor * 2^(32 * at)? */
static bool is_at_least(const struct troth_bignum *n, const struct troth_bignum *divisor,
                        size_t at)
{
    if (n->count != divisor->count + at)
        return n->count > divisor->count + at;
    for (size_t i = divisor->count; i > 0; i--)
        if (n->words[i - 1 + at] != divisor->words[i - 1])
            return n->words[i - 1 + at] > divisor->words[i - 1];
    return true;
}

/* n -= divisor * factor * 2^(32 * at), which must not be more than n. */
static void subtract(struct troth_bignum *n, const struct troth_bignum *divisor,
                     uint32_t factor, size_t at)
{
    uint64_t carry = 0;

    for (size_t i = at; i < n->count; i++) {
        carry += (uint64_t)word_at(divisor, i - at) * factor;

        uint32_t taken = (uint32_t)carry;

        carry = (carry >> WORD_BITS) + (n->words[i] < taken ? 1 : 0);
        n->words[i] -= taken;
    }
    trim(n);
}

/*
 * The word `at` of the quotient; n is below divisor * 2^(32 * (at + 1)). As the divisor's
 * highest word is at least 2^31, dividing n's two highest by one more than it gives too
 * little, by three at most.
 */
static uint64_t quotient_word(struct troth_bignum *n, const struct troth_bignum *divisor,
                              size_t at)
{
    size_t top = divisor->count - 1 + at;
    uint64_t highest = (uint64_t)word_at(n, top + 1) << WORD_BITS | word_at(n, top);
    uint64_t word = highest / ((uint64_t)divisor->words[divisor->count - 1] + 1);

    subtract(n, divisor, (uint32_t)word, at);
    for (; is_at_least(n, divisor, at); word++)
        subtract(n, divisor, 1, at);
    return word;
}

uint64_t troth_bignum_divide(struct troth_bignum *n, struct troth_bignum *divisor)
{
    unsigned shift = (0 - troth_bignum_bit_count(divisor)) % WORD_BITS;

    troth_bignum_shift_left(n, shift);
    troth_bignum_shift_left(divisor, shift);

    uint64_t upper = quotient_word(n, divisor, 1);

    return upper << WORD_BITS | quotient_word(n, divisor, 0);
}
