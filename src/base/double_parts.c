/* SPDX-License-Identifier: Apache-2.0 */
#include "base/double_parts.h"

enum { EXPONENT_AT = TROTH_DOUBLE_DIGIT_BITS - 1, EXPONENT_MASK = 0x7ff };

#define IMPLIED_BIT (UINT64_C(1) << EXPONENT_AT)

struct troth_double_parts troth_double_take_apart(double value)
{
    uint64_t bits = troth_double_bits(value);
    int exponent = (int)(bits >> EXPONENT_AT & EXPONENT_MASK);
    uint64_t fraction = bits & (IMPLIED_BIT - 1);

    return (struct troth_double_parts){
        .digits = exponent ? fraction | IMPLIED_BIT : fraction,
        .shift = TROTH_DOUBLE_SHIFT_MIN + (exponent ? exponent - 1 : 0),
        .is_negative = bits & TROTH_DOUBLE_SIGN_BIT,
    };
}

int troth_bit_count(uint64_t value)
{
    int count = 0;

    for (int step = 32; step > 0; step /= 2)
        if (value >> step) {
            value >>= step;
            count += step;
        }
    return count + (value != 0);
}

/* The upper bits, rounded to the nearest, ties to even; `drop` from 1 to 64. */
static uint64_t drop_bits(uint64_t digits, int drop, bool more)
{
    uint64_t kept = drop < 64 ? digits >> drop : 0;
    uint64_t half = UINT64_C(1) << (drop - 1);
    uint64_t lost = digits & (half | (half - 1));

    return kept + (lost > half || (lost == half && (more || kept % 2)) ? 1 : 0);
}

/* Bits of the magnitude: the exponent's field counts up as its digits run over. */
static uint64_t put_together(uint64_t digits, int shift)
{
    if (digits < IMPLIED_BIT)
        return digits;
    if (shift > TROTH_DOUBLE_SHIFT_MAX)
        return TROTH_DOUBLE_INFINITY;
    return ((uint64_t)(shift - TROTH_DOUBLE_SHIFT_MIN) << EXPONENT_AT) + digits;
}

double troth_double_nearest(struct troth_double_parts parts, bool more)
{
    uint64_t sign = parts.is_negative ? TROTH_DOUBLE_SIGN_BIT : 0;
    int to_spare = 64 - troth_bit_count(parts.digits);

    if (parts.digits == 0)
        return troth_double_of_bits(sign);

    /* The highest bit is set: what does not fit is dropped, 11 bits or, of numbers that
     * are too small for their exponent, more. */
    uint64_t digits = parts.digits << to_spare;
    int shift = parts.shift - to_spare;
    int drop = 64 - TROTH_DOUBLE_DIGIT_BITS;

    if (shift + drop < TROTH_DOUBLE_SHIFT_MIN)
        drop = TROTH_DOUBLE_SHIFT_MIN - shift;
    if (drop > 64)
        return troth_double_of_bits(sign);
    return troth_double_of_bits(
        sign | put_together(drop_bits(digits, drop, more), shift + drop));
}
