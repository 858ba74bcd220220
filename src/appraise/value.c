/* SPDX-License-Identifier: Apache-2.0 */
#include "appraise/appraise.h"

#include "base/hex.h"
#include "base/instant.h"
#include "base/number.h"
#include "base/span.h"
#include "base/writer.h"

/* Compares digit by digit, so that no room is needed for what was decoded. */
static enum troth_err bytes_are(bool *out, struct troth_span bytes,
                                struct troth_span text)
{
    bool same = text.len == 2 * bytes.len;

    if (text.len % 2 != 0)
        return TROTH_ERR_VALUE;
    for (size_t i = 0; i < text.len; i += 2) {
        unsigned high = troth_hex_digit(text.ptr[i]);
        unsigned low = troth_hex_digit(text.ptr[i + 1]);

        if (high > 15 || low > 15)
            return TROTH_ERR_VALUE;
        if (same && bytes.ptr[i / 2] != (high << 4 | low))
            same = false;
    }
    *out = same;
    return TROTH_OK;
}

/* Decimal, or hexadecimal after 0x. */
static enum troth_err number_is(bool *out, uint64_t number, struct troth_span text)
{
    bool is_hex = troth_span_starts_with(text, TROTH_LITERAL("0x"));
    struct troth_span digits = troth_span_slice(text, is_hex ? 2 : 0, text.len);
    uint64_t value;

    if (troth_uint_parse(&value, digits, is_hex ? 16 : 10))
        return TROTH_ERR_VALUE;
    *out = value == number;
    return TROTH_OK;
}

static enum troth_err boolean_is(bool *out, bool boolean, struct troth_span text)
{
    bool is_true = troth_span_equal(text, TROTH_LITERAL("true"));

    if (!is_true && !troth_span_equal(text, TROTH_LITERAL("false")))
        return TROTH_ERR_VALUE;
    *out = boolean == is_true;
    return TROTH_OK;
}

static enum troth_err instant_is(bool *out, int64_t instant_s, struct troth_span text)
{
    int64_t wanted_s;
    enum troth_err err = troth_instant_parse_rfc3339(&wanted_s, text);

    *out = !err && wanted_s == instant_s;
    return err;
}

enum troth_err troth_value_is(bool *out, const struct troth_value *value,
                              struct troth_span text)
{
    *out = false;
    switch (value->type) {
    case TROTH_VALUE_NONE:
        return TROTH_OK;
    case TROTH_VALUE_BOOL:
        return boolean_is(out, value->boolean, text);
    case TROTH_VALUE_UINT:
        return number_is(out, value->number, text);
    case TROTH_VALUE_INSTANT:
        return instant_is(out, value->instant_s, text);
    case TROTH_VALUE_TEXT:
        *out = troth_span_equal(value->bytes, text);
        return TROTH_OK;
    case TROTH_VALUE_BYTES:
        return bytes_are(out, value->bytes, text);
    }
    return TROTH_ERR_VALUE;
}

enum troth_err troth_value_to_text(uint8_t *out, size_t size, size_t *out_len,
                                   const struct troth_value *value)
{
    struct troth_writer w = troth_writer_over(out, size);
    struct troth_span text;

    switch (value->type) {
    case TROTH_VALUE_NONE:
        troth_write_text(&w, "none");
        break;
    case TROTH_VALUE_BOOL:
        troth_write_text(&w, value->boolean ? "true" : "false");
        break;
    case TROTH_VALUE_UINT:
        troth_write_decimal(&w, value->number);
        break;
    case TROTH_VALUE_INSTANT:
        troth_write_rfc3339(&w, value->instant_s);
        break;
    case TROTH_VALUE_TEXT:
        troth_write_bytes(&w, value->bytes);
        break;
    case TROTH_VALUE_BYTES:
        troth_write_hex(&w, value->bytes);
        break;
    }

    enum troth_err err = troth_writer_finish(&w, &text);
    *out_len = err ? 0 : text.len;
    return err;
}
