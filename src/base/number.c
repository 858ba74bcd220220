/* SPDX-License-Identifier: Apache-2.0 */
#include "base/number.h"

#include "base/hex.h"
#include "base/span.h"

enum troth_err troth_uint_parse(uint64_t *out, struct troth_span digits, unsigned base)
{
    uint64_t value = 0;
    bool fits = true;

    *out = 0;
    if (digits.len == 0)
        return TROTH_ERR_VALUE;
    for (size_t i = 0; i < digits.len; i++) {
        unsigned digit = troth_hex_digit(digits.ptr[i]);

        if (digit >= base)
            return TROTH_ERR_VALUE;
        fits = fits && value <= (UINT64_MAX - digit) / base;
        value = value * base + digit;
    }
    if (!fits)
        return TROTH_ERR_LIMIT;
    *out = value;
    return TROTH_OK;
}

/* How far "512M" is shifted; its digits are what is left. */
static unsigned take_unit(struct troth_span *digits)
{
    static const struct {
        char letter;
        unsigned shift;
    } units[] = {{'K', 10}, {'M', 20}, {'G', 30}, {'T', 40}};

    for (size_t i = 0; digits->len && i < sizeof units / sizeof *units; i++)
        if (digits->ptr[digits->len - 1] == (uint8_t)units[i].letter) {
            digits->len--;
            return units[i].shift;
        }
    return 0;
}

enum troth_err troth_size_parse(uint64_t *out, struct troth_span text)
{
    const unsigned shift = take_unit(&text);
    uint64_t number;
    enum troth_err err = troth_uint_parse(&number, text, 10);

    *out = 0;
    if (err)
        return err;
    if (number == 0)
        return TROTH_ERR_VALUE;
    if (number > (uint64_t)INT64_MAX >> shift)
        return TROTH_ERR_LIMIT;
    *out = number << shift;
    return TROTH_OK;
}

enum troth_err troth_int_parse(int64_t *out, struct troth_span text)
{
    bool is_negative = troth_span_starts_with(text, TROTH_LITERAL("-"));
    uint64_t limit = INT64_MAX + (is_negative ? UINT64_C(1) : 0);
    uint64_t magnitude;
    enum troth_err err = troth_uint_parse(
        &magnitude, troth_span_slice(text, is_negative, text.len), 10);

    *out = 0;
    if (err)
        return err;
    if (magnitude > limit)
        return TROTH_ERR_LIMIT;
    if (!is_negative)
        *out = (int64_t)magnitude;
    else if (magnitude > 0)
        *out = -(int64_t)(magnitude - 1) - 1;
    return TROTH_OK;
}

void troth_write_int(struct troth_writer *w, int64_t value)
{
    if (value < 0)
        troth_write_u8(w, '-');
    troth_write_decimal(w, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}
