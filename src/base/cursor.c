/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cursor.h"

struct troth_cursor troth_cursor_over(struct troth_span input)
{
    static const uint8_t nothing[1];
    const uint8_t *start = input.ptr ? input.ptr : nothing;

    return (struct troth_cursor){start, start + input.len, start, {TROTH_OK, NULL, 0}};
}

void troth_cursor_fail(struct troth_cursor *c, enum troth_err err, const char *field)
{
    if (c->fault.err)
        return;
    c->fault = (struct troth_fault){err, field, (size_t)(c->next - c->origin)};
    c->next = c->end;
}

/*
 * The hot path of every parser: after a failure nothing is left, so one comparison
 * serves for both. NULL when there are fewer than `len` bytes.
 */
static inline const uint8_t *take(struct troth_cursor *c, size_t len, const char *field)
{
    const uint8_t *taken = c->next;

    if (len > (size_t)(c->end - taken)) {
        troth_cursor_fail(c, TROTH_ERR_SHORT, field);
        return NULL;
    }
    c->next = taken + len;
    return taken;
}

uint8_t troth_cursor_u8(struct troth_cursor *c, const char *field)
{
    const uint8_t *p = take(c, 1, field);

    return p ? *p : 0;
}

/* Written out, because compilers make one load of it. */
static uint32_t u32le(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

uint16_t troth_cursor_u16le(struct troth_cursor *c, const char *field)
{
    const uint8_t *p = take(c, 2, field);

    return (uint16_t)(p ? p[0] | p[1] << 8 : 0);
}

uint32_t troth_cursor_u32le(struct troth_cursor *c, const char *field)
{
    const uint8_t *p = take(c, 4, field);

    return p ? u32le(p) : 0;
}

uint64_t troth_cursor_u64le(struct troth_cursor *c, const char *field)
{
    const uint8_t *p = take(c, 8, field);

    return p ? u32le(p) | (uint64_t)u32le(p + 4) << 32 : 0;
}

uint64_t troth_cursor_uint_be(struct troth_cursor *c, size_t width, const char *field)
{
    const uint8_t *p = take(c, width, field);
    uint64_t value = 0;

    for (size_t i = 0; p && i < width; i++)
        value = value << 8 | p[i];
    return value;
}

struct troth_span troth_cursor_bytes(struct troth_cursor *c, size_t len,
                                     const char *field)
{
    const uint8_t *p = take(c, len, field);

    return (struct troth_span){p, p ? len : 0};
}

struct troth_span troth_cursor_rest(struct troth_cursor *c, const char *field)
{
    return troth_cursor_bytes(c, troth_cursor_left(c), field);
}

struct troth_cursor troth_cursor_enter(struct troth_cursor *outer, size_t len,
                                       const char *field)
{
    struct troth_cursor inner = *outer;

    inner.end = inner.next + troth_cursor_bytes(outer, len, field).len;
    inner.fault = outer->fault;
    return inner;
}

void troth_cursor_leave(struct troth_cursor *outer, const struct troth_cursor *inner)
{
    if ((inner->next == inner->end && !inner->fault.err) || outer->fault.err)
        return;

    struct troth_cursor done = *inner;

    troth_cursor_fail(&done, TROTH_ERR_TRAILING, NULL);
    outer->fault = done.fault;
    outer->next = outer->end;
}

enum troth_err troth_cursor_finish(struct troth_cursor *c, struct troth_fault *out_fault)
{
    if (c->next != c->end)
        troth_cursor_fail(c, TROTH_ERR_TRAILING, NULL);
    if (out_fault)
        *out_fault = c->fault;
    return c->fault.err;
}
