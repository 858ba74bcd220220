/* SPDX-License-Identifier: Apache-2.0 */
#include "base/double_parts.h"
#include "base/number.h"

/* The magnitude without its fraction; TROTH_ERR_LIMIT from 2^64 on and for what is no
 * number. */
static enum troth_err whole_part(uint64_t *out, bool *is_exact, double value)
{
    struct troth_double_parts parts = troth_double_take_apart(value);
    int drop = -parts.shift;

    *out = 0;
    *is_exact = false;
    if (!troth_double_is_finite(value) || parts.shift > 64 - TROTH_DOUBLE_DIGIT_BITS)
        return TROTH_ERR_LIMIT;
    if (drop <= 0)
        *out = parts.digits << parts.shift;
    else if (drop < 64)
        *out = parts.digits >> drop;
    *is_exact = drop <= 0 || (drop < 64 ? *out << drop : 0) == parts.digits;
    return TROTH_OK;
}

bool troth_double_to_uint(uint64_t *out, double value)
{
    bool is_exact;
    enum troth_err err = whole_part(out, &is_exact, value);

    if (err || (troth_double_bits(value) & TROTH_DOUBLE_SIGN_BIT && *out > 0)) {
        *out = 0;
        return false;
    }
    return is_exact;
}

bool troth_double_to_int(int64_t *out, double value)
{
    bool is_negative = troth_double_bits(value) & TROTH_DOUBLE_SIGN_BIT, is_exact;
    uint64_t magnitude;
    enum troth_err err = whole_part(&magnitude, &is_exact, value);

    *out = 0;
    if (err || magnitude > INT64_MAX + (is_negative ? UINT64_C(1) : 0))
        return false;
    if (!is_negative)
        *out = (int64_t)magnitude;
    else if (magnitude > 0)
        *out = -(int64_t)(magnitude - 1) - 1;
    return is_exact;
}

bool troth_double_is_nan(double value)
{
    return (troth_double_bits(value) & ~TROTH_DOUBLE_SIGN_BIT) > TROTH_DOUBLE_INFINITY;
}

bool troth_double_is_finite(double value)
{
    return (troth_double_bits(value) & ~TROTH_DOUBLE_SIGN_BIT) < TROTH_DOUBLE_INFINITY;
}

/* By the bits of a magnitude: half an integer, one, and the first that has no fraction.
 */
#define HALF_BITS  UINT64_C(0x3fe0000000000000)
#define ONE_BITS   UINT64_C(0x3ff0000000000000)
#define WHOLE_BITS UINT64_C(0x4330000000000000) /* 2^52 */

/* Bits of a number of at least one which are its fraction. */
static uint64_t fraction_mask(uint64_t magnitude)
{
    return (UINT64_C(1) << ((WHOLE_BITS >> 52) - (magnitude >> 52))) - 1;
}

/* The next integer towards zero, or away from it. A carry out of the digits is the next
 * power of two. */
static double to_integer(double value, bool away)
{
    uint64_t sign = troth_double_bits(value) & TROTH_DOUBLE_SIGN_BIT;
    uint64_t magnitude = troth_double_bits(value) - sign;

    if (magnitude >= WHOLE_BITS || magnitude == 0)
        return value;
    if (magnitude < ONE_BITS)
        return troth_double_of_bits(sign | (away ? ONE_BITS : 0));

    uint64_t mask = fraction_mask(magnitude);

    return troth_double_of_bits(sign | ((magnitude + (away ? mask : 0)) & ~mask));
}

double troth_double_floor(double value)
{
    return to_integer(value, troth_double_bits(value) & TROTH_DOUBLE_SIGN_BIT);
}

double troth_double_ceil(double value)
{
    return to_integer(value, !(troth_double_bits(value) & TROTH_DOUBLE_SIGN_BIT));
}

double troth_double_trunc(double value)
{
    return to_integer(value, false);
}

double troth_double_round(double value)
{
    uint64_t magnitude = troth_double_bits(value) & ~TROTH_DOUBLE_SIGN_BIT;

    if (magnitude < ONE_BITS)
        return to_integer(value, magnitude >= HALF_BITS);
    if (magnitude >= WHOLE_BITS)
        return value;

    uint64_t mask = fraction_mask(magnitude);

    return to_integer(value, (magnitude & mask) > mask / 2);
}

/*
 * The whole square root of digits * 2^54, digit by digit as on paper; `digits` has 53 or
 * 54 bits, so the root has 54. Half of its last place it cannot be: its square would have
 * as many bits again, and the radicand's are zeros.
 */
static uint64_t square_root(uint64_t digits)
{
    uint64_t root = 0, remainder = 0;

    for (int i = 0; i < 54; i++) {
        uint64_t pair = i < 27 ? digits >> (52 - 2 * i) & 3 : 0;
        uint64_t trial = root << 2 | 1;

        remainder = remainder << 2 | pair;
        root <<= 1;
        if (remainder >= trial) {
            remainder -= trial;
            root |= 1;
        }
    }
    return root;
}

double troth_double_sqrt(double value)
{
    uint64_t bits = troth_double_bits(value);
    struct troth_double_parts parts = troth_double_take_apart(value);

    if (troth_double_is_nan(value) || bits << 1 == 0 || bits == TROTH_DOUBLE_INFINITY)
        return value;
    if (parts.is_negative)
        return troth_double_of_bits(TROTH_DOUBLE_NAN);

    int to_spare = TROTH_DOUBLE_DIGIT_BITS - troth_bit_count(parts.digits);

    to_spare += (parts.shift - to_spare) & 1;
    parts.digits = square_root(parts.digits << to_spare);
    parts.shift = (parts.shift - to_spare) / 2 - 27;
    return troth_double_nearest(parts, parts.digits % 2);
}
