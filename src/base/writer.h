/*
 * writer.h - write bytes and text into a caller's buffer, and never past its end.
 *
 * Running out sticks, as in cursor.h: write everything, then ask once.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BASE_WRITER_H
#define TROTH_BASE_WRITER_H

#include <stdbool.h>

#include "troth/error.h"
#include "troth/span.h"

struct troth_writer {
    uint8_t *base;
    size_t size;
    size_t len; /* bytes written so far, never more than size */
    bool full;  /* something did not fit */
};

struct troth_writer troth_writer_over(uint8_t *base, size_t size);

void troth_write_u8(struct troth_writer *w, uint8_t value);
void troth_write_bytes(struct troth_writer *w, struct troth_span bytes);
void troth_write_text(struct troth_writer *w, const char *text);
/* `width` bytes, 1 to 8. */
void troth_write_uint_be(struct troth_writer *w, uint64_t value, size_t width);
void troth_write_uint_le(struct troth_writer *w, uint64_t value, size_t width);
/* Lower case. */
void troth_write_hex(struct troth_writer *w, struct troth_span bytes);
void troth_write_decimal(struct troth_writer *w, uint64_t value);
/* A length prefix of eight bytes, big-endian, then the bytes: troth/binding.h's LP(). */
void troth_write_lp(struct troth_writer *w, struct troth_span bytes);

struct troth_span troth_writer_span(const struct troth_writer *w);

/* TROTH_OK, or TROTH_ERR_LIMIT if something did not fit. */
TROTH_MUST_USE enum troth_err troth_writer_finish(const struct troth_writer *w,
                                                  struct troth_span *out);

#endif
