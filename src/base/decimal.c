/* SPDX-License-Identifier: Apache-2.0 */
#include "base/decimal.h"

#include "base/bignum.h"
#include "base/double_parts.h"

enum { CHUNK_DIGITS = 9 };

#define CHUNK UINT32_C(1000000000)

/* Nine digits of the rest at a time, the last ones first and to the end. */
static size_t write_backwards(uint8_t *digits, struct troth_bignum *rest)
{
    size_t start = TROTH_DECIMAL_DIGITS;

    while (!troth_bignum_is_zero(rest) && start > 0) {
        uint32_t chunk = troth_bignum_divide_small(rest, CHUNK);

        for (size_t i = 0; i < CHUNK_DIGITS; i++) {
            digits[--start] = (uint8_t)('0' + chunk % 10);
            chunk /= 10;
        }
    }
    while (start < TROTH_DECIMAL_DIGITS && digits[start] == '0')
        start++;
    return start;
}

/* m / 2^n is m * 5^n / 10^n, so that nothing needs to be divided by. */
void troth_decimal_expand(struct troth_decimal *out, double value)
{
    struct troth_double_parts parts = troth_double_take_apart(value);
    struct troth_bignum whole;

    while (parts.shift < 0 && parts.digits % 2 == 0 && parts.digits) {
        parts.digits /= 2;
        parts.shift++;
    }
    troth_bignum_set(&whole, parts.digits);
    if (parts.shift >= 0)
        troth_bignum_shift_left(&whole, (unsigned)parts.shift);
    else
        troth_bignum_multiply_by_power_of_5(&whole, (unsigned)-parts.shift);

    size_t start = write_backwards(out->digits, &whole);

    out->count = TROTH_DECIMAL_DIGITS - start;
    out->point = 0;
    if (out->count)
        out->point = (int)out->count + (parts.shift < 0 ? parts.shift : 0);
    memmove(out->digits, out->digits + start, out->count);
}

/* Is what is cut off more than half of the last digit's place, or half and that odd? */
static bool is_rounded_up(const struct troth_decimal *decimal, size_t keep)
{
    uint8_t first = decimal->digits[keep];

    if (first != '5')
        return first > '5';
    for (size_t i = keep + 1; i < decimal->count; i++)
        if (decimal->digits[i] != '0')
            return true;
    return keep > 0 && decimal->digits[keep - 1] % 2;
}

void troth_decimal_round(struct troth_decimal *decimal, int keep)
{
    if (keep >= (int)decimal->count)
        return;

    bool up = keep >= 0 && is_rounded_up(decimal, (size_t)keep);

    decimal->count = keep > 0 ? (size_t)keep : 0;
    if (!up) {
        decimal->point = decimal->count ? decimal->point : 0;
        return;
    }
    while (decimal->count > 0 && decimal->digits[decimal->count - 1] == '9')
        decimal->count--;
    if (decimal->count > 0) {
        decimal->digits[decimal->count - 1]++;
        return;
    }
    decimal->digits[decimal->count++] = '1';
    decimal->point++;
}

uint8_t troth_decimal_digit(const struct troth_decimal *decimal, int i)
{
    return i >= 0 && i < (int)decimal->count ? decimal->digits[i] : '0';
}
