/*
 * double_parts.h - a double taken to pieces and put together.
 *
 * All by integers, so that the answer is the same with and without floating-point
 * hardware. Doubles are those of [IEEE754]: binary64.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BASE_DOUBLE_PARTS_H
#define TROTH_BASE_DOUBLE_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/memory.h"

enum {
    TROTH_DOUBLE_DIGIT_BITS = 53,   /* of a normal number, with the one that is implied */
    TROTH_DOUBLE_SHIFT_MIN = -1074, /* the smallest number is 2 to this */
    TROTH_DOUBLE_SHIFT_MAX = 971    /* the largest is (2^53 - 1) * 2^971 */
};

#define TROTH_DOUBLE_SIGN_BIT UINT64_C(0x8000000000000000)
#define TROTH_DOUBLE_INFINITY UINT64_C(0x7ff0000000000000) /* anything above is NaN */
#define TROTH_DOUBLE_NAN      UINT64_C(0x7ff8000000000000)

/* A finite number's magnitude is digits * 2^shift, digits below 2^53. */
struct troth_double_parts {
    uint64_t digits;
    int shift;
    bool is_negative;
};

static inline uint64_t troth_double_bits(double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline double troth_double_of_bits(uint64_t bits)
{
    double value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Of a finite number. */
struct troth_double_parts troth_double_take_apart(double value);

/* The double nearest to digits * 2^shift, ties to even; `more` says that the magnitude is
 * larger, by less than one digit, of which there are then 54 bits or more. Too large is
 * infinity, too small zero. */
double troth_double_nearest(struct troth_double_parts parts, bool more);

/* How many bits it takes to write it; 0 for 0. */
int troth_bit_count(uint64_t value);

#endif
