/* SPDX-License-Identifier: Apache-2.0 */
#include "base/instant.h"
#include "base/number.h"
#include "base/span.h"
#include "cel/time.h"

enum { FRACTION_DIGITS = 9 };

#define SECOND INT64_C(1000000000) /* in nanoseconds */

/* "2026-05-01T00:00:00", and the fraction follows. */
enum { WHOLE_SECONDS_LEN = 19 };

static size_t count_digits(struct troth_span text)
{
    size_t count = 0;

    while (count < text.len && text.ptr[count] >= '0' && text.ptr[count] <= '9')
        count++;
    return count;
}

static struct troth_span after(struct troth_span text, size_t len)
{
    return troth_span_slice(text, len, text.len);
}

/* The digits behind a point, if there is one, are cut off the text. */
static struct troth_span cut_fraction(struct troth_span *text)
{
    if (!troth_span_starts_with(*text, TROTH_LITERAL(".")))
        return (struct troth_span){NULL, 0};

    struct troth_span digits = after(*text, 1);

    digits.len = count_digits(digits);
    *text = after(*text, 1 + digits.len);
    return digits;
}

/* unit * 0.digits, rounded down: each division drops what the one before it dropped. */
static int64_t fraction_of(int64_t unit, struct troth_span digits)
{
    int64_t value = 0;

    for (size_t i = digits.len; i > 0; i--)
        value = ((digits.ptr[i - 1] - '0') * unit + value) / 10;
    return value;
}

/* A point and the digits of so many nanoseconds, but for the zeros at the end. */
static void write_fraction(struct troth_writer *w, uint32_t nanos)
{
    uint8_t digits[FRACTION_DIGITS];
    size_t len = nanos ? FRACTION_DIGITS : 0;

    for (size_t i = FRACTION_DIGITS; i > 0; i--) {
        digits[i - 1] = (uint8_t)('0' + nanos % 10);
        nanos /= 10;
    }
    while (len > 0 && digits[len - 1] == '0')
        len--;
    if (len > 0)
        troth_write_u8(w, '.');
    troth_write_bytes(w, (struct troth_span){digits, len});
}

enum troth_err troth_cel_timestamp_parse(struct troth_cel_value *out,
                                         struct troth_span text)
{
    struct troth_span rest = after(text, WHOLE_SECONDS_LEN);
    const struct troth_span digits = cut_fraction(&rest);
    int64_t seconds;
    enum troth_err err = troth_instant_parse_rfc3339(&seconds, text);

    if (!err && digits.len > FRACTION_DIGITS)
        err = TROTH_ERR_VALUE;
    *out = err ? (struct troth_cel_value){.kind = TROTH_CEL_NONE}
               : TROTH_CEL_TIMESTAMP_VALUE(seconds, (int32_t)fraction_of(SECOND, digits));
    return err;
}

void troth_cel_write_timestamp(struct troth_writer *w,
                               const struct troth_cel_value *value)
{
    uint8_t whole[WHOLE_SECONDS_LEN + 1];
    struct troth_writer seconds = troth_writer_over(whole, sizeof whole);

    troth_write_rfc3339(&seconds, value->as.integer);
    troth_write_bytes(w, (struct troth_span){whole, WHOLE_SECONDS_LEN});
    write_fraction(w, (uint32_t)value->nanos);
    troth_write_u8(w, 'Z');
}

/* clang-format off */
static const struct unit {
    const char *name;
    int64_t nanos;
} units[] = {
    {"h",       3600 * SECOND},
    {"m",       60 * SECOND},
    {"s",       SECOND},
    {"ms",      1000000},
    {"us",      1000},
    {"\u00b5s", 1000},    /* the micro sign */
    {"\u03bcs", 1000},    /* the Greek letter */
    {"ns",      1},
};
/* clang-format on */

/* The unit's name, all up to the next number, is cut off the text. 0 if it is none. */
static int64_t cut_unit(struct troth_span *text)
{
    struct troth_span name = {text->ptr, 0};

    while (name.len < text->len && text->ptr[name.len] != '.' &&
           count_digits(after(*text, name.len)) == 0)
        name.len++;
    *text = after(*text, name.len);
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (troth_span_is_text(name, units[i].name))
            return units[i].nanos;
    return 0;
}

/* One number and its unit are cut off the text, and added. */
static enum troth_err add_part(int64_t *sum, struct troth_span *text)
{
    const struct troth_span whole = {text->ptr, count_digits(*text)};

    *text = after(*text, whole.len);

    const struct troth_span fraction = cut_fraction(text);
    const int64_t unit = cut_unit(text);
    uint64_t count = 0;

    if (unit == 0 || whole.len + fraction.len == 0)
        return TROTH_ERR_VALUE;
    if (whole.len > 0 && troth_uint_parse(&count, whole, 10))
        return TROTH_ERR_LIMIT;
    if (count > (uint64_t)(INT64_MAX / unit))
        return TROTH_ERR_LIMIT;

    const int64_t nanos = (int64_t)count * unit, part = fraction_of(unit, fraction);

    if (part > INT64_MAX - nanos || *sum > INT64_MAX - nanos - part)
        return TROTH_ERR_LIMIT;
    *sum += nanos + part;
    return TROTH_OK;
}

static enum troth_err parse_length(int64_t *nanos, struct troth_span text)
{
    enum troth_err err = text.len == 0 ? TROTH_ERR_VALUE : TROTH_OK;

    *nanos = 0;
    if (troth_span_is_text(text, "0"))
        return TROTH_OK;
    while (!err && text.len > 0)
        err = add_part(nanos, &text);
    return err;
}

enum troth_err troth_cel_duration_parse(struct troth_cel_value *out,
                                        struct troth_span text)
{
    const bool is_negative = troth_span_starts_with(text, TROTH_LITERAL("-"));
    const bool has_sign = is_negative || troth_span_starts_with(text, TROTH_LITERAL("+"));
    int64_t nanos;
    enum troth_err err = parse_length(&nanos, after(text, has_sign));

    *out = (struct troth_cel_value){.kind = TROTH_CEL_NONE};
    if (err)
        return err;
    if (is_negative)
        nanos = -nanos;
    *out = TROTH_CEL_DURATION_VALUE(nanos / SECOND, (int32_t)(nanos % SECOND));
    return TROTH_OK;
}

void troth_cel_write_duration(struct troth_writer *w, const struct troth_cel_value *value)
{
    const int64_t seconds = value->as.integer;
    const int32_t nanos = value->nanos;

    if (seconds == 0 && nanos < 0)
        troth_write_u8(w, '-');
    troth_write_int(w, seconds);
    write_fraction(w, (uint32_t)(nanos < 0 ? -nanos : nanos));
    troth_write_u8(w, 's');
}
