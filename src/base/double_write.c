/* SPDX-License-Identifier: Apache-2.0 */
#include "base/decimal.h"
#include "base/double_parts.h"
#include "base/number.h"

enum { PRECISION_MAX = 1000 };

/* Where Number::toString begins to write exponents. */
enum { POINT_MIN = -5, POINT_MAX = 21 };

/* Writes the sign, and all of what is no number or has no end. */
static bool is_finite_after_sign(struct troth_writer *w, double value)
{
    if (troth_double_is_nan(value)) {
        troth_write_text(w, "NaN");
        return false;
    }
    if (troth_double_bits(value) & TROTH_DOUBLE_SIGN_BIT)
        troth_write_u8(w, '-');
    if (!troth_double_is_finite(value)) {
        troth_write_text(w, "Infinity");
        return false;
    }
    return true;
}

static void write_digits(struct troth_writer *w, const struct troth_decimal *decimal,
                         int from, int to)
{
    for (int i = from; i < to; i++)
        troth_write_u8(w, troth_decimal_digit(decimal, i));
}

/* With so many digits behind the point, which none are written without. */
static void write_positional(struct troth_writer *w, const struct troth_decimal *decimal,
                             int places)
{
    int point = decimal->point;

    write_digits(w, decimal, point > 0 ? 0 : -1, point > 0 ? point : 0);
    if (places > 0) {
        troth_write_u8(w, '.');
        write_digits(w, decimal, point, point + places);
    }
}

/* The same behind the first digit, and an exponent of so many digits or more. */
static void write_exponential(struct troth_writer *w, const struct troth_decimal *decimal,
                              int places, int exponent_digits)
{
    int exponent = decimal->count ? decimal->point - 1 : 0;
    unsigned magnitude = (unsigned)(exponent < 0 ? -exponent : exponent);

    write_digits(w, decimal, 0, 1);
    if (places > 0) {
        troth_write_u8(w, '.');
        write_digits(w, decimal, 1, 1 + places);
    }
    troth_write_text(w, exponent < 0 ? "e-" : "e+");
    if (exponent_digits > 1 && magnitude < 10)
        troth_write_u8(w, '0');
    troth_write_decimal(w, magnitude);
}

static int at_most(int limit, unsigned value)
{
    return value < (unsigned)limit ? (int)value : limit;
}

void troth_write_double(struct troth_writer *w, double value)
{
    struct troth_decimal decimal;

    if (!is_finite_after_sign(w, value))
        return;
    troth_decimal_shortest(&decimal, value);

    int count = (int)decimal.count, point = decimal.point;

    if (point < POINT_MIN || point > POINT_MAX)
        write_exponential(w, &decimal, count - 1, 1);
    else
        write_positional(w, &decimal, count - point);
}

void troth_write_double_fixed(struct troth_writer *w, double value, unsigned precision)
{
    int places = at_most(PRECISION_MAX, precision);
    struct troth_decimal decimal;

    if (!is_finite_after_sign(w, value))
        return;
    troth_decimal_expand(&decimal, value);
    troth_decimal_round(&decimal, decimal.point + places);
    write_positional(w, &decimal, places);
}

void troth_write_double_scientific(struct troth_writer *w, double value,
                                   unsigned precision)
{
    int places = at_most(PRECISION_MAX, precision);
    struct troth_decimal decimal;

    if (!is_finite_after_sign(w, value))
        return;
    troth_decimal_expand(&decimal, value);
    troth_decimal_round(&decimal, 1 + places);
    write_exponential(w, &decimal, places, 2);
}
