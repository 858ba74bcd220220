/* decimal.h - a double's magnitude in decimal digits, all of them or as few as will do.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BASE_DECIMAL_H
#define TROTH_BASE_DECIMAL_H

#include <stddef.h>
#include <stdint.h>

/* (2^53 - 1) * 2^-1074 has 767 digits, and none has more; a multiple of nine. */
enum { TROTH_DECIMAL_DIGITS = 774 };

/* 0.d₁d₂d₃… * 10^point; no first digit is zero, and none at all is zero. */
struct troth_decimal {
    size_t count;
    int point;
    uint8_t digits[TROTH_DECIMAL_DIGITS]; /* '0' to '9' */
};

/* Exactly the number, which must be finite. */
void troth_decimal_expand(struct troth_decimal *out, double value);

/* The fewest digits which read back as the number, which must be finite; of those the
 * ones nearest to it. */
void troth_decimal_shortest(struct troth_decimal *out, double value);

/* Keep so many digits, which may be less than none, rounding to nearest, ties to even. */
void troth_decimal_round(struct troth_decimal *decimal, int keep);

/* The digit behind so many others; '0' before the first and after the last. */
uint8_t troth_decimal_digit(const struct troth_decimal *decimal, int i);

#endif
