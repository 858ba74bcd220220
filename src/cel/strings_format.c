/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/strings.h"

#include "base/number.h"
#include "base/span.h"
#include "cel/text.h"

enum {
    PRECISION = 6,        /* where none is written */
    PRECISION_MAX = 1000, /* of base/number.h */
    DIGITS_MAX = 330,     /* of the largest double, its sign and point and exponent */
};

/* How one argument is written: "%.3f". */
struct clause {
    uint8_t letter;
    bool has_precision;
    unsigned precision;
};

static void write_digits(struct troth_writer *w, uint64_t value, unsigned bits,
                         const char *digits)
{
    unsigned shift = 0;

    while (shift + bits < 64 && value >> (shift + bits))
        shift += bits;
    for (;; shift -= bits) {
        troth_write_u8(w, (uint8_t)digits[value >> shift & ((1U << bits) - 1)]);
        if (shift == 0)
            return;
    }
}

static const char *digits_of(const struct clause *clause)
{
    return clause->letter == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
}

/* An int or a uint with a power of two as its base: `bits` for each digit. */
static enum troth_cel_error add_number(struct troth_cel_text *text,
                                       const struct troth_cel_value *value,
                                       const struct clause *clause, unsigned bits)
{
    const bool is_negative = value->kind == TROTH_CEL_INT && value->as.integer < 0;
    uint64_t size = 0;

    if (value->kind == TROTH_CEL_UINT)
        size = value->as.number;
    else if (value->kind == TROTH_CEL_INT)
        size = is_negative ? 0 - (uint64_t)value->as.integer
                           : (uint64_t)value->as.integer;
    else
        return TROTH_CEL_ERROR_ARGUMENT;
    if (!troth_cel_text_reserve(text, 65))
        return TROTH_CEL_NO_ERROR;
    if (is_negative)
        troth_write_u8(&text->w, '-');
    write_digits(&text->w, size, bits, digits_of(clause));
    return TROTH_CEL_NO_ERROR;
}

static enum troth_cel_error add_octal(struct troth_cel_text *text,
                                      const struct troth_cel_value *value,
                                      const struct clause *clause)
{
    return add_number(text, value, clause, 3);
}

static enum troth_cel_error add_binary(struct troth_cel_text *text,
                                       const struct troth_cel_value *value,
                                       const struct clause *clause)
{
    if (value->kind != TROTH_CEL_BOOL)
        return add_number(text, value, clause, 1);
    troth_cel_text_add(text, value->as.boolean ? TROTH_LITERAL("1") : TROTH_LITERAL("0"));
    return TROTH_CEL_NO_ERROR;
}

static enum troth_cel_error add_hex(struct troth_cel_text *text,
                                    const struct troth_cel_value *value,
                                    const struct clause *clause)
{
    const char *digits = digits_of(clause);

    if (value->kind != TROTH_CEL_STRING && value->kind != TROTH_CEL_BYTES)
        return add_number(text, value, clause, 4);

    const struct troth_span bytes = value->as.text;

    if (!troth_cel_text_reserve(text, bytes.len * 2))
        return TROTH_CEL_NO_ERROR;
    for (size_t i = 0; i < bytes.len; i++) {
        troth_write_u8(&text->w, (uint8_t)digits[bytes.ptr[i] >> 4]);
        troth_write_u8(&text->w, (uint8_t)digits[bytes.ptr[i] & 15]);
    }
    return TROTH_CEL_NO_ERROR;
}

static bool is_number_without_digits(const struct troth_cel_value *value)
{
    return value->kind == TROTH_CEL_DOUBLE && !troth_double_is_finite(value->as.real);
}

static enum troth_cel_error add_decimal(struct troth_cel_text *text,
                                        const struct troth_cel_value *value,
                                        const struct clause *clause)
{
    (void)clause;
    if (value->kind != TROTH_CEL_INT && value->kind != TROTH_CEL_UINT &&
        !is_number_without_digits(value))
        return TROTH_CEL_ERROR_ARGUMENT;
    return troth_cel_text_add_value(text, value);
}

static enum troth_cel_error add_real(struct troth_cel_text *text,
                                     const struct troth_cel_value *value,
                                     const struct clause *clause)
{
    const unsigned precision = clause->has_precision ? clause->precision : PRECISION;
    double real = 0;

    if (is_number_without_digits(value))
        return troth_cel_text_add_value(text, value);
    if (value->kind == TROTH_CEL_DOUBLE)
        real = value->as.real;
    else if (value->kind == TROTH_CEL_INT)
        real = (double)value->as.integer;
    else if (value->kind == TROTH_CEL_UINT)
        real = (double)value->as.number;
    else
        return TROTH_CEL_ERROR_ARGUMENT;
    if (!troth_cel_text_reserve(text, DIGITS_MAX + precision))
        return TROTH_CEL_NO_ERROR;
    if (clause->letter == 'e')
        troth_write_double_scientific(&text->w, real, precision);
    else
        troth_write_double_fixed(&text->w, real, precision);
    return TROTH_CEL_NO_ERROR;
}

static enum troth_cel_error add_any(struct troth_cel_text *text,
                                    const struct troth_cel_value *value,
                                    const struct clause *clause)
{
    (void)clause;
    return troth_cel_text_add_value(text, value);
}

static const struct row {
    uint8_t letter;
    bool takes_precision;
    enum troth_cel_error (*add)(struct troth_cel_text *text,
                                const struct troth_cel_value *value,
                                const struct clause *clause);
} rows[] = {
    {'s', false, add_any},   {'d', false, add_decimal}, {'b', false, add_binary},
    {'o', false, add_octal}, {'x', false, add_hex},     {'X', false, add_hex},
    {'f', true, add_real},   {'e', true, add_real},
};

static const struct row *find_row(const struct clause *clause)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].letter == clause->letter &&
            (rows[i].takes_precision || !clause->has_precision))
            return &rows[i];
    return NULL;
}

/* What follows a '%'; how many bytes it has, zero if it is no clause. */
static size_t parse_clause(struct clause *out, struct troth_span text)
{
    size_t i = 0;

    *out = (struct clause){0};
    if (i < text.len && text.ptr[i] == '.') {
        const size_t first = ++i;

        out->has_precision = true;
        for (; i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9'; i++) {
            out->precision = out->precision * 10 + (text.ptr[i] - (unsigned)'0');
            if (out->precision > PRECISION_MAX)
                return 0;
        }
        if (i == first)
            return 0;
    }
    if (i == text.len)
        return 0;
    out->letter = text.ptr[i];
    return i + 1;
}

/* What stands before the next '%'. */
static struct troth_span plain_part(struct troth_span text)
{
    size_t len = 0;

    while (len < text.len && text.ptr[len] != '%')
        len++;
    return troth_span_slice(text, 0, len);
}

/* Write one clause, `text` beginning after its '%', and go past it. */
static enum troth_cel_error add_clause(struct troth_cel_text *made,
                                       struct troth_span *text,
                                       const struct troth_cel_list *values, size_t *next)
{
    struct clause clause;
    const size_t len = parse_clause(&clause, *text);
    const struct row *row = find_row(&clause);

    *text = troth_span_slice(*text, len, text->len);
    if (len == 1 && clause.letter == '%') {
        troth_cel_text_add(made, TROTH_LITERAL("%"));
        return TROTH_CEL_NO_ERROR;
    }
    if (len == 0 || !row)
        return TROTH_CEL_ERROR_ARGUMENT;
    if (*next == values->count)
        return TROTH_CEL_ERROR_INDEX;
    return row->add(made, &values->items[(*next)++], &clause);
}

struct troth_cel_value troth_cel_format(struct troth_cel_call *call,
                                        const struct troth_cel_value *arguments)
{
    struct troth_span text = arguments[0].as.text;
    struct troth_cel_text made = troth_cel_text_begin(call);
    size_t next = 0;

    while (text.len && troth_cel_spend(call, 1)) {
        const struct troth_span plain = plain_part(text);

        troth_cel_text_add(&made, plain);
        if (plain.len == text.len)
            break;
        text = troth_span_slice(text, plain.len + 1, text.len);

        const enum troth_cel_error error = add_clause(&made, &text, arguments[1].as.list,
                                                      &next);

        if (error)
            return TROTH_CEL_ERROR_VALUE(error);
    }
    return troth_cel_text_finish(&made, TROTH_CEL_STRING);
}
