/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/cbor_writer.h"

#include "base/span.h"
#include "codec/cbor_head.h"

/* [RFC8949] 3.3 */
enum { SIMPLE_FALSE = 0xf4, SIMPLE_TRUE = 0xf5, SIMPLE_NULL = 0xf6 };

static void write_head(struct troth_writer *w, enum troth_cbor_major major,
                       uint64_t argument)
{
    const uint8_t first = (uint8_t)(major << 5);
    size_t width = 1;
    uint8_t info = TROTH_CBOR_ONE_BYTE;

    if (argument < TROTH_CBOR_ONE_BYTE) {
        troth_write_u8(w, first | (uint8_t)argument);
        return;
    }
    while (width < 8 && argument >> (8 * width) != 0) {
        width *= 2;
        info++;
    }
    troth_write_u8(w, first | info);
    troth_write_uint_be(w, argument, width);
}

void troth_cbor_write_uint(struct troth_writer *w, uint64_t value)
{
    write_head(w, TROTH_MAJOR_UINT, value);
}

void troth_cbor_write_bytes(struct troth_writer *w, struct troth_span value)
{
    write_head(w, TROTH_MAJOR_BYTES, value.len);
    troth_write_bytes(w, value);
}

void troth_cbor_write_text(struct troth_writer *w, const char *value)
{
    write_head(w, TROTH_MAJOR_TEXT, troth_span_of_text(value).len);
    troth_write_text(w, value);
}

void troth_cbor_write_bool(struct troth_writer *w, bool value)
{
    troth_write_u8(w, value ? SIMPLE_TRUE : SIMPLE_FALSE);
}

void troth_cbor_write_null(struct troth_writer *w)
{
    troth_write_u8(w, SIMPLE_NULL);
}

void troth_cbor_begin_array(struct troth_writer *w, uint64_t count)
{
    write_head(w, TROTH_MAJOR_ARRAY, count);
}

void troth_cbor_begin_map(struct troth_writer *w, uint64_t count)
{
    write_head(w, TROTH_MAJOR_MAP, count);
}
