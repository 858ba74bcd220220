/*
 * cursor.h - read untrusted bytes without ever leaving them.
 *
 * The first failure sticks: later reads return zeros and an empty span, so a
 * parser is a straight list of fields with one check, troth_cursor_finish(), at
 * the end. No value that was read may be used before that check passes.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BASE_CURSOR_H
#define TROTH_BASE_CURSOR_H

#include <stdbool.h>

#include "troth/error.h"
#include "troth/span.h"

struct troth_cursor {
    const uint8_t *next;
    const uint8_t *end;
    const uint8_t *origin;    /* start of the outermost input, for offsets */
    struct troth_fault fault; /* fault.err is TROTH_OK until the first failure */
};

struct troth_cursor troth_cursor_over(struct troth_span input);

uint8_t troth_cursor_u8(struct troth_cursor *c, const char *field);
uint16_t troth_cursor_u16le(struct troth_cursor *c, const char *field);
uint32_t troth_cursor_u32le(struct troth_cursor *c, const char *field);
uint64_t troth_cursor_u64le(struct troth_cursor *c, const char *field);

/* Big-endian, `width` bytes (1 to 8). */
uint64_t troth_cursor_uint_be(struct troth_cursor *c, size_t width, const char *field);

struct troth_span troth_cursor_bytes(struct troth_cursor *c, size_t len,
                                     const char *field);

/* How much is left; 0 after a failure. */
static inline size_t troth_cursor_left(const struct troth_cursor *c)
{
    return (size_t)(c->end - c->next);
}

/* Whatever is left. For a last field that the record's length delimits. */
struct troth_span troth_cursor_rest(struct troth_cursor *c, const char *field);

/* Enter the next `len` bytes. Leaving demands that all of them were read. */
struct troth_cursor troth_cursor_enter(struct troth_cursor *outer, size_t len,
                                       const char *field);
void troth_cursor_leave(struct troth_cursor *outer, const struct troth_cursor *inner);

/* Fail here, unless something failed before. */
void troth_cursor_fail(struct troth_cursor *c, enum troth_err err, const char *field);

/* Refuse a value that was well-formed but not allowed here. */
static inline void troth_cursor_expect(struct troth_cursor *c, bool holds,
                                       enum troth_err err, const char *field)
{
    if (!holds)
        troth_cursor_fail(c, err, field);
}

/* TROTH_OK only if nothing failed and every byte was read. */
TROTH_MUST_USE enum troth_err troth_cursor_finish(struct troth_cursor *c,
                                                  struct troth_fault *out_fault);

#endif
