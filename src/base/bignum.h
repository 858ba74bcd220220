/*
 * bignum.h - whole numbers as long as it takes to write a double exactly.
 *
 * For double_parse.c and decimal*.c, which know how large theirs become; what is
 * above TROTH_BIGNUM_WORDS words is lost.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BASE_BIGNUM_H
#define TROTH_BASE_BIGNUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The longest is a text's 800 digits, 2658 bits; the longest divisor is 5^1123, 2608
 * bits; either is shifted until a quotient has 64 bits, and the divisor's highest bit is
 * the highest of a word.
 */
enum { TROTH_BIGNUM_WORDS = 96 };

struct troth_bignum {
    size_t count; /* of words that are in use, the last of which is not zero */
    uint32_t words[TROTH_BIGNUM_WORDS]; /* the least first */
};

void troth_bignum_set(struct troth_bignum *n, uint64_t value);
bool troth_bignum_is_zero(const struct troth_bignum *n);
/* How many bits it takes to write it; 0 for 0. */
unsigned troth_bignum_bit_count(const struct troth_bignum *n);

/* n = n * factor + addend */
void troth_bignum_multiply(struct troth_bignum *n, uint32_t factor, uint32_t addend);
void troth_bignum_multiply_by_power_of_5(struct troth_bignum *n, unsigned exponent);
void troth_bignum_shift_left(struct troth_bignum *n, unsigned bits);

/* The remainder; the quotient is left in n. */
uint32_t troth_bignum_divide_small(struct troth_bignum *n, uint32_t divisor);

/* The quotient, which must be below 2^64; the remainder is left in n. It and the divisor
 * are shifted to the left until the divisor's highest bit is the highest of a word. */
uint64_t troth_bignum_divide(struct troth_bignum *n, struct troth_bignum *divisor);

#endif
