/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/json_value.h"

#include "base/instant.h"

/* Larger integers do not survive in readers that hold numbers as doubles. */
#define EXACT_MAX ((UINT64_C(1) << 53) - 1)

void troth_json_write_instant(struct troth_json_writer *w, int64_t instant_s)
{
    uint8_t text[32];
    struct troth_writer t = troth_writer_over(text, sizeof text);

    if (instant_s == TROTH_INSTANT_NEVER) {
        troth_json_write_null(w);
        return;
    }
    troth_write_rfc3339(&t, instant_s);
    troth_json_write_string(w, troth_writer_span(&t));
}

static void write_uint(struct troth_json_writer *w, uint64_t number)
{
    uint8_t text[24];
    struct troth_writer t = troth_writer_over(text, sizeof text);

    if (number <= EXACT_MAX) {
        troth_json_write_uint(w, number);
        return;
    }
    troth_write_decimal(&t, number);
    troth_json_write_string(w, troth_writer_span(&t));
}

void troth_json_write_value(struct troth_json_writer *w, const struct troth_value *value)
{
    switch (value->type) {
    case TROTH_VALUE_NONE:
        troth_json_write_null(w);
        break;
    case TROTH_VALUE_BOOL:
        troth_json_write_bool(w, value->boolean);
        break;
    case TROTH_VALUE_UINT:
        write_uint(w, value->number);
        break;
    case TROTH_VALUE_INSTANT:
        troth_json_write_instant(w, value->instant_s);
        break;
    case TROTH_VALUE_TEXT:
        troth_json_write_string(w, value->bytes);
        break;
    case TROTH_VALUE_BYTES:
        troth_json_write_hex(w, value->bytes);
        break;
    }
}
