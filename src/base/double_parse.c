/* SPDX-License-Identifier: Apache-2.0 */
#include "base/bignum.h"
#include "base/double_parts.h"
#include "base/number.h"
#include "base/span.h"

/* What lies halfway between two doubles has 768 digits at most: of those behind these
 * many, only matters whether one is not zero. */
enum { DIGITS_MAX = 800, CHUNK_DIGITS = 9 };

/* Far beyond all doubles, and far from an overflow when the text's length is added. */
#define EXPONENT_MAX INT64_C(100000000000000000)

/* Magnitudes from 10^309 on are infinite, those below 10^-324 zero. */
enum { POINT_MAX = 309, POINT_MIN = -323 };

/* A number as it is read: digits * 10^exponent, and `more` if it is a little more. */
struct number {
    struct troth_bignum digits;
    size_t count; /* of `digits` */
    int64_t exponent;
    bool is_negative, more;
};

static bool next_is_digit(const struct troth_span *rest)
{
    return rest->len > 0 && rest->ptr[0] >= '0' && rest->ptr[0] <= '9';
}

static uint8_t take(struct troth_span *rest)
{
    uint8_t first = *rest->ptr++;

    rest->len--;
    return first;
}

static bool take_if(struct troth_span *rest, uint8_t lower, uint8_t upper)
{
    if (rest->len == 0 || (rest->ptr[0] != lower && rest->ptr[0] != upper))
        return false;
    take(rest);
    return true;
}

/* Digits before the point, or behind it; is there one? */
static bool take_digits(struct number *n, struct troth_span *rest, bool is_fraction)
{
    bool any = next_is_digit(rest);

    while (next_is_digit(rest)) {
        unsigned digit = take(rest) - (unsigned)'0';

        if (n->count == DIGITS_MAX) {
            n->more = n->more || digit;
            n->exponent += is_fraction ? 0 : 1;
            continue;
        }
        if (n->count > 0 || digit > 0) {
            troth_bignum_multiply(&n->digits, 10, digit);
            n->count++;
        }
        n->exponent -= is_fraction ? 1 : 0;
    }
    return any;
}

static bool take_exponent(struct number *n, struct troth_span *rest)
{
    bool is_negative = take_if(rest, '-', '-');
    int64_t exponent = 0;

    if (!is_negative)
        take_if(rest, '+', '+');
    if (!next_is_digit(rest))
        return false;
    while (next_is_digit(rest)) {
        unsigned digit = take(rest) - (unsigned)'0';

        if (exponent < EXPONENT_MAX)
            exponent = exponent * 10 + digit;
    }
    n->exponent += is_negative ? -exponent : exponent;
    return true;
}

static bool take_number(struct number *n, struct troth_span rest)
{
    bool any = take_digits(n, &rest, false);

    if (take_if(&rest, '.', '.'))
        any = take_digits(n, &rest, true) || any;
    if (any && take_if(&rest, 'e', 'E'))
        any = take_exponent(n, &rest);
    return any && rest.len == 0;
}

/* The quotient of two whole numbers, one of which is shifted until it has 64 bits or 63:
 * more than a double holds. */
static double nearest(struct number *n)
{
    struct troth_bignum below;
    int exponent = (int)n->exponent;

    troth_bignum_set(&below, 1);
    if (exponent >= 0)
        troth_bignum_multiply_by_power_of_5(&n->digits, (unsigned)exponent);
    else
        troth_bignum_multiply_by_power_of_5(&below, (unsigned)-exponent);

    int shift = 63 + (int)troth_bignum_bit_count(&below) -
                (int)troth_bignum_bit_count(&n->digits);

    if (shift >= 0)
        troth_bignum_shift_left(&n->digits, (unsigned)shift);
    else
        troth_bignum_shift_left(&below, (unsigned)-shift);

    struct troth_double_parts parts = {
        .digits = troth_bignum_divide(&n->digits, &below),
        .shift = exponent - shift,
        .is_negative = n->is_negative,
    };
    return troth_double_nearest(parts, n->more || !troth_bignum_is_zero(&n->digits));
}

static double to_double(struct number *n)
{
    uint64_t sign = n->is_negative ? TROTH_DOUBLE_SIGN_BIT : 0;
    int64_t point = (int64_t)n->count + n->exponent;

    if (n->count == 0 || point < POINT_MIN)
        return troth_double_of_bits(sign);
    if (point > POINT_MAX)
        return troth_double_of_bits(sign | TROTH_DOUBLE_INFINITY);
    return nearest(n);
}

static bool is_word(struct troth_span text, uint64_t *bits)
{
    static const struct {
        const char *word;
        uint64_t bits;
    } words[] = {{"inf", TROTH_DOUBLE_INFINITY},
                 {"infinity", TROTH_DOUBLE_INFINITY},
                 {"nan", TROTH_DOUBLE_NAN}};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (troth_span_equal_ignoring_case(text, troth_span_of_text(words[i].word))) {
            *bits = words[i].bits;
            return true;
        }
    return false;
}

enum troth_err troth_double_parse(double *out, struct troth_span text)
{
    struct number n = {.is_negative = take_if(&text, '-', '-')};
    uint64_t bits;

    *out = 0;
    if (!n.is_negative)
        take_if(&text, '+', '+');
    if (is_word(text, &bits))
        *out = troth_double_of_bits(bits | (n.is_negative ? TROTH_DOUBLE_SIGN_BIT : 0));
    else if (take_number(&n, text))
        *out = to_double(&n);
    else
        return TROTH_ERR_VALUE;
    return TROTH_OK;
}
