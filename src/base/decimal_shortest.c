/* SPDX-License-Identifier: Apache-2.0 */
#include "base/bignum.h"
#include "base/decimal.h"
#include "base/double_parts.h"

/*
 * The number, and what lies halfway to its neighbours, are scaled to whole numbers of
 * eighteen or nineteen digits, exact but for a fraction. As seventeen digits always do, a
 * multiple of ten lies between the two; the roundest multiple that does is looked for.
 */

enum { SCALED_DIGITS = 18 };

/* A whole number, or one between it and the next. */
struct scaled {
    uint64_t whole;
    bool more;
};

/* What reads back as the number: multiples of anything from `lowest` to `highest`. */
struct range {
    uint64_t lowest, highest;
    struct scaled number;
};

/* The power of ten of 2^exponent's first digit: 78913 / 2^18 is log10(2), near enough for
 * the exponent of every double. 1100 keeps what is shifted from being negative. */
static int decimal_exponent(int exponent)
{
    const int above_zero = 1100;

    return ((exponent * 78913 + (above_zero << 18)) >> 18) - above_zero;
}

/* digits * 2^shift * 10^power, for a result below 2^63. */
static struct scaled scale(uint64_t digits, int shift, int power)
{
    struct troth_bignum above, below;

    troth_bignum_set(&above, digits);
    troth_bignum_set(&below, 1);
    if (power >= 0)
        troth_bignum_multiply_by_power_of_5(&above, (unsigned)power);
    else
        troth_bignum_multiply_by_power_of_5(&below, (unsigned)-power);
    if (shift + power >= 0)
        troth_bignum_shift_left(&above, (unsigned)(shift + power));
    else
        troth_bignum_shift_left(&below, (unsigned)-(shift + power));

    uint64_t whole = troth_bignum_divide(&above, &below);

    return (struct scaled){whole, !troth_bignum_is_zero(&above)};
}

/* Numbers halfway are read as the even one of the two. Below a power of two, doubles are
 * half as far apart as above it. */
static struct range find_range(struct troth_double_parts parts, int power)
{
    bool is_power = parts.digits == UINT64_C(1) << (TROTH_DOUBLE_DIGIT_BITS - 1) &&
                    parts.shift > TROTH_DOUBLE_SHIFT_MIN;
    bool is_even = parts.digits % 2 == 0;
    uint64_t quarters = parts.digits * 4;
    int shift = parts.shift - 2;
    struct scaled low = scale(quarters - (is_power ? 1 : 2), shift, power);
    struct scaled high = scale(quarters + 2, shift, power);

    return (struct range){
        .lowest = low.whole + (low.more || !is_even ? 1 : 0),
        .highest = high.whole - (high.more || is_even ? 0 : 1),
        .number = scale(quarters, shift, power),
    };
}

/* The largest power of ten that has a multiple in the range. */
static uint64_t roundest(const struct range *range, int *zeros)
{
    uint64_t unit = 10;

    for (*zeros = 1; range->highest / (unit * 10) * (unit * 10) >= range->lowest;
         ++*zeros)
        unit *= 10;
    return unit;
}

/* Of the multiples in the range, the one that the number is nearest to. As `unit` is
 * even, more than half of it is half of it and `more`. Only what is below the number may
 * be nearer and yet out of the range, which reaches farther up than down. */
static uint64_t nearest_multiple(const struct range *range, uint64_t unit)
{
    uint64_t multiple = range->number.whole / unit;
    uint64_t rest = range->number.whole % unit;

    if (rest > unit / 2 || (rest == unit / 2 && (range->number.more || multiple % 2)))
        return multiple + 1;
    return multiple * unit < range->lowest ? multiple + 1 : multiple;
}

static void set_digits(struct troth_decimal *out, uint64_t digits, int power)
{
    uint8_t text[20];
    size_t start = sizeof text;

    for (; digits; digits /= 10)
        text[--start] = (uint8_t)('0' + digits % 10);
    out->count = sizeof text - start;
    out->point = (int)out->count + power;
    memcpy(out->digits, text + start, out->count);
}

/* A number below 2^53 that is whole: doubles are one apart there or less, so that no
 * other whole number reads back as it. */
static bool is_small_integer(struct troth_double_parts *parts)
{
    int drop = -parts->shift;

    if (drop < 0 || drop >= TROTH_DOUBLE_DIGIT_BITS ||
        parts->digits >> drop << drop != parts->digits)
        return false;
    parts->digits >>= drop;
    return true;
}

void troth_decimal_shortest(struct troth_decimal *out, double value)
{
    struct troth_double_parts parts = troth_double_take_apart(value);
    int power = 0;

    if (parts.digits == 0 || is_small_integer(&parts)) {
        for (; parts.digits && parts.digits % 10 == 0; power++)
            parts.digits /= 10;
        set_digits(out, parts.digits, power);
        out->point = parts.digits ? out->point : 0;
        return;
    }
    power = SCALED_DIGITS - 1 -
            decimal_exponent(troth_bit_count(parts.digits) - 1 + parts.shift);

    struct range range = find_range(parts, power);
    int zeros;
    uint64_t unit = roundest(&range, &zeros);

    set_digits(out, nearest_multiple(&range, unit), zeros - power);
}
