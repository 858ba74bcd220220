/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/convert.h"

#include "base/number.h"
#include "base/span.h"
#include "base/utf8.h"
#include "cel/time.h"
#include "cel/value.h"

static struct troth_cel_value error(enum troth_cel_error code)
{
    return TROTH_CEL_ERROR_VALUE(code);
}

/* `value`, or what the reader of a text had against it. */
static struct troth_cel_value read(enum troth_err err, struct troth_cel_value value)
{
    if (err)
        return error(err == TROTH_ERR_LIMIT ? TROTH_CEL_ERROR_RANGE
                                            : TROTH_CEL_ERROR_CONVERT);
    return value;
}

struct troth_cel_value troth_cel_to_itself(struct troth_cel_call *call,
                                           const struct troth_cel_value *a)
{
    (void)call;
    return *a;
}

struct troth_cel_value troth_cel_to_type(struct troth_cel_call *call,
                                         const struct troth_cel_value *a)
{
    (void)call;
    return TROTH_CEL_TYPE_VALUE(troth_cel_type_of(a));
}

struct troth_cel_value troth_cel_to_bool(struct troth_cel_call *call,
                                         const struct troth_cel_value *a)
{
    static const char *const words[2][5] = {{"0", "f", "false", "FALSE", "False"},
                                            {"1", "t", "true", "TRUE", "True"}};

    (void)call;
    for (unsigned answer = 0; answer < 2; answer++)
        for (unsigned i = 0; i < 5; i++)
            if (troth_span_is_text(a->as.text, words[answer][i]))
                return TROTH_CEL_BOOL_VALUE(answer == 1);
    return error(TROTH_CEL_ERROR_CONVERT);
}

/* A double is cut to an integer, if it lies strictly between the ends. */
static struct troth_cel_value int_of_double(double real)
{
    int64_t whole = 0;

    if (!(real > -0x1p63 && real < 0x1p63))
        return error(TROTH_CEL_ERROR_RANGE);
    (void)troth_double_to_int(&whole, real);
    return TROTH_CEL_INT_VALUE(whole);
}

static struct troth_cel_value uint_of_double(double real)
{
    uint64_t whole = 0;

    if (!(real >= 0 && real < 0x1p64))
        return error(TROTH_CEL_ERROR_RANGE);
    (void)troth_double_to_uint(&whole, real);
    return TROTH_CEL_UINT_VALUE(whole);
}

struct troth_cel_value troth_cel_to_int(struct troth_cel_call *call,
                                        const struct troth_cel_value *a)
{
    int64_t parsed = 0;

    if (a->kind == TROTH_CEL_TIMESTAMP)
        return TROTH_CEL_INT_VALUE(a->as.integer);
    if (a->kind == TROTH_CEL_DOUBLE)
        return int_of_double(a->as.real);
    if (a->kind == TROTH_CEL_UINT)
        return a->as.number > INT64_MAX ? error(TROTH_CEL_ERROR_RANGE)
                                        : TROTH_CEL_INT_VALUE((int64_t)a->as.number);
    if (!troth_cel_spend(call, a->as.text.len / 16))
        return error(TROTH_CEL_ERROR_RANGE);

    const enum troth_err err = troth_int_parse(&parsed, a->as.text);

    return read(err, TROTH_CEL_INT_VALUE(parsed));
}

struct troth_cel_value troth_cel_to_uint(struct troth_cel_call *call,
                                         const struct troth_cel_value *a)
{
    uint64_t parsed = 0;

    if (a->kind == TROTH_CEL_DOUBLE)
        return uint_of_double(a->as.real);
    if (a->kind == TROTH_CEL_INT)
        return a->as.integer < 0 ? error(TROTH_CEL_ERROR_RANGE)
                                 : TROTH_CEL_UINT_VALUE((uint64_t)a->as.integer);
    if (!troth_cel_spend(call, a->as.text.len / 16))
        return error(TROTH_CEL_ERROR_RANGE);

    const enum troth_err err = troth_uint_parse(&parsed, a->as.text, 10);

    return read(err, TROTH_CEL_UINT_VALUE(parsed));
}

struct troth_cel_value troth_cel_to_double(struct troth_cel_call *call,
                                           const struct troth_cel_value *a)
{
    double parsed = 0;

    if (a->kind == TROTH_CEL_INT)
        return TROTH_CEL_DOUBLE_VALUE((double)a->as.integer);
    if (a->kind == TROTH_CEL_UINT)
        return TROTH_CEL_DOUBLE_VALUE((double)a->as.number);
    if (!troth_cel_spend(call, a->as.text.len / 16))
        return error(TROTH_CEL_ERROR_RANGE);

    const enum troth_err err = troth_double_parse(&parsed, a->as.text);

    return read(err, TROTH_CEL_DOUBLE_VALUE(parsed));
}

static struct troth_cel_value text_of_bytes(struct troth_cel_call *call,
                                            struct troth_span bytes)
{
    if (!troth_cel_spend(call, bytes.len / 16) || !troth_utf8_is_valid(bytes))
        return error(TROTH_CEL_ERROR_TEXT);
    return TROTH_CEL_STRING_VALUE(bytes);
}

static void write_value(struct troth_writer *w, const struct troth_cel_value *value)
{
    switch ((int)value->kind) {
    case TROTH_CEL_BOOL:
        troth_write_text(w, value->as.boolean ? "true" : "false");
        break;
    case TROTH_CEL_INT:
        troth_write_int(w, value->as.integer);
        break;
    case TROTH_CEL_UINT:
        troth_write_decimal(w, value->as.number);
        break;
    case TROTH_CEL_DOUBLE:
        troth_write_double(w, value->as.real);
        break;
    case TROTH_CEL_TIMESTAMP:
        troth_cel_write_timestamp(w, value);
        break;
    case TROTH_CEL_DURATION:
        troth_cel_write_duration(w, value);
        break;
    }
}

struct troth_cel_value troth_cel_to_string(struct troth_cel_call *call,
                                           const struct troth_cel_value *a)
{
    /* No number and no time is longer: a timestamp with nine digits has 30. */
    uint8_t room[48];
    struct troth_writer w = troth_writer_over(room, sizeof room);

    if (a->kind == TROTH_CEL_BYTES)
        return text_of_bytes(call, a->as.text);
    write_value(&w, a);
    return troth_cel_new_text(call, TROTH_CEL_STRING, troth_writer_span(&w));
}

struct troth_cel_value troth_cel_to_bytes(struct troth_cel_call *call,
                                          const struct troth_cel_value *a)
{
    (void)call;
    return TROTH_CEL_BYTES_VALUE(a->as.text);
}

struct troth_cel_value troth_cel_to_timestamp(struct troth_cel_call *call,
                                              const struct troth_cel_value *a)
{
    struct troth_cel_value parsed;

    if (a->kind == TROTH_CEL_INT)
        return a->as.integer < TROTH_CEL_TIMESTAMP_MIN_S ||
                       a->as.integer > TROTH_CEL_TIMESTAMP_MAX_S
                   ? error(TROTH_CEL_ERROR_RANGE)
                   : TROTH_CEL_TIMESTAMP_VALUE(a->as.integer, 0);
    if (!troth_cel_spend(call, a->as.text.len / 16))
        return error(TROTH_CEL_ERROR_RANGE);

    const enum troth_err err = troth_cel_timestamp_parse(&parsed, a->as.text);

    return read(err, parsed);
}

struct troth_cel_value troth_cel_to_duration(struct troth_cel_call *call,
                                             const struct troth_cel_value *a)
{
    struct troth_cel_value parsed;

    if (!troth_cel_spend(call, a->as.text.len / 16))
        return error(TROTH_CEL_ERROR_RANGE);

    const enum troth_err err = troth_cel_duration_parse(&parsed, a->as.text);

    return read(err, parsed);
}
