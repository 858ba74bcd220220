/* SPDX-License-Identifier: Apache-2.0 */
#include "base/writer.h"

#include "base/memory.h"
#include "base/span.h"

struct troth_writer troth_writer_over(uint8_t *base, size_t size)
{
    return (struct troth_writer){base, size, 0, false};
}

/* Room for `len` bytes, counted as written; NULL, for good, when there is none. */
static uint8_t *claim(struct troth_writer *w, size_t len)
{
    if (w->full || len > w->size - w->len) {
        w->full = true;
        return NULL;
    }
    if (len == 0)
        return NULL;

    uint8_t *room = w->base + w->len;

    w->len += len;
    return room;
}

void troth_write_u8(struct troth_writer *w, uint8_t value)
{
    uint8_t *room = claim(w, 1);

    if (room)
        *room = value;
}

void troth_write_bytes(struct troth_writer *w, struct troth_span bytes)
{
    uint8_t *room = claim(w, bytes.len);

    if (room)
        memcpy(room, bytes.ptr, bytes.len);
}

void troth_write_text(struct troth_writer *w, const char *text)
{
    troth_write_bytes(w, troth_span_of_text(text));
}

void troth_write_uint_be(struct troth_writer *w, uint64_t value, size_t width)
{
    uint8_t *room = claim(w, width);

    for (size_t i = width; room && i > 0; i--) {
        room[i - 1] = (uint8_t)value;
        value >>= 8;
    }
}

void troth_write_uint_le(struct troth_writer *w, uint64_t value, size_t width)
{
    uint8_t *room = claim(w, width);

    for (size_t i = 0; room && i < width; i++) {
        room[i] = (uint8_t)value;
        value >>= 8;
    }
}

void troth_write_hex(struct troth_writer *w, struct troth_span bytes)
{
    static const char digits[] = "0123456789abcdef";

    if (bytes.len > SIZE_MAX / 2) {
        w->full = true;
        return;
    }

    uint8_t *room = claim(w, bytes.len * 2);

    for (size_t i = 0; room && i < bytes.len; i++) {
        room[2 * i] = (uint8_t)digits[bytes.ptr[i] >> 4];
        room[2 * i + 1] = (uint8_t)digits[bytes.ptr[i] & 15];
    }
}

void troth_write_decimal(struct troth_writer *w, uint64_t value)
{
    uint8_t text[20]; /* UINT64_MAX has 20 digits */
    size_t start = sizeof text;

    do {
        text[--start] = (uint8_t)('0' + value % 10);
        value /= 10;
    } while (value);
    troth_write_bytes(w, (struct troth_span){text + start, sizeof text - start});
}

void troth_write_lp(struct troth_writer *w, struct troth_span bytes)
{
    troth_write_uint_be(w, bytes.len, 8);
    troth_write_bytes(w, bytes);
}

struct troth_span troth_writer_span(const struct troth_writer *w)
{
    return (struct troth_span){w->base, w->len};
}

enum troth_err troth_writer_finish(const struct troth_writer *w, struct troth_span *out)
{
    *out = w->full ? (struct troth_span){NULL, 0} : troth_writer_span(w);
    return w->full ? TROTH_ERR_LIMIT : TROTH_OK;
}
