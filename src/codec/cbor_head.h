/*
 * cbor_head.h - the head that begins every item. For cbor.c and cbor_key.c alone.
 *
 * Inline, because a reader spends most of its time here.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CODEC_CBOR_HEAD_H
#define TROTH_CODEC_CBOR_HEAD_H

#include "codec/cbor.h"

/* The first three bits of an item. [RFC8949] 3.1 */
enum troth_cbor_major {
    TROTH_MAJOR_UINT,
    TROTH_MAJOR_NEGATIVE,
    TROTH_MAJOR_BYTES,
    TROTH_MAJOR_TEXT,
    TROTH_MAJOR_ARRAY,
    TROTH_MAJOR_MAP,
    TROTH_MAJOR_TAG,
    TROTH_MAJOR_OTHER
};

/* The other five, and the byte that ends an indefinite container. [RFC8949] 3 */
enum {
    TROTH_CBOR_ONE_BYTE = 24, /* the argument is in the next byte */
    TROTH_CBOR_EIGHT_BYTES = 27,
    TROTH_CBOR_UNTIL_BREAK = 31,
    TROTH_CBOR_BREAK = 0xff
};

struct troth_cbor_head {
    const uint8_t *start;
    uint64_t argument;
    uint8_t major;
    uint8_t info;
};

/* Fail at an item's first byte. */
static inline void troth_cbor_fail_at(struct troth_cbor *r, const uint8_t *at,
                                      enum troth_err err, const char *field)
{
    if (!r->c.fault.err)
        r->c.next = at;
    troth_cursor_fail(&r->c, err, field);
}

static inline bool troth_cbor_is_key_next(const struct troth_cbor_frame *f)
{
    return f->is_map && f->left % 2 == 0;
}

/* Between items, where a break may stand and not merely where a byte 0xff is. */
static inline bool troth_cbor_may_break(const struct troth_cbor *r,
                                        const struct troth_cbor_frame *f)
{
    return f->indefinite && !r->tagged && (!f->is_map || troth_cbor_is_key_next(f));
}

static inline bool troth_cbor_at_end(const struct troth_cbor *r)
{
    const struct troth_cbor_frame *f = &r->frames[r->depth];

    if (!f->indefinite)
        return f->left == 0;
    return troth_cbor_may_break(r, f) && r->c.next != r->c.end &&
           *r->c.next == TROTH_CBOR_BREAK;
}

/* The rest of troth_cbor_take_head(), for an argument that is not in the first byte. */
bool troth_cbor_take_long_head(struct troth_cbor *r, struct troth_cbor_head *h,
                               const char *field);

/* Read one head, wherever it stands; on failure false, and the reader has failed. */
static inline bool troth_cbor_take_head(struct troth_cbor *r, struct troth_cbor_head *h,
                                        const char *field)
{
    const uint8_t *const p = r->c.next;

    if (p == r->c.end) { /* as it is after a failure */
        troth_cursor_fail(&r->c, TROTH_ERR_SHORT, field);
        return false;
    }
    *h = (struct troth_cbor_head){p, *p & 31, *p >> 5, *p & 31};
    if (h->info < TROTH_CBOR_ONE_BYTE) {
        r->c.next = p + 1;
        return true;
    }
    /* Most lengths are of this kind, and from 32 on nothing is left to check. */
    if (h->info == TROTH_CBOR_ONE_BYTE && r->c.end - p > 1 && p[1] >= 32) {
        h->argument = p[1];
        r->c.next = p + 2;
        return true;
    }
    return troth_cbor_take_long_head(r, h, field);
}

/* The head of the open container's next item. */
static inline bool troth_cbor_next_head(struct troth_cbor *r, struct troth_cbor_head *h,
                                        const char *field)
{
    if (troth_cbor_at_end(r))
        troth_cursor_fail(&r->c, TROTH_ERR_MISSING, field);
    return troth_cbor_take_head(r, h, field);
}

/* As above, and of this type. */
static inline bool troth_cbor_next_head_of(struct troth_cbor *r,
                                           struct troth_cbor_head *h,
                                           enum troth_cbor_major major, const char *field)
{
    if (!troth_cbor_next_head(r, h, field))
        return false;
    if (h->major == major)
        return true;
    troth_cbor_fail_at(r, h->start, TROTH_ERR_TYPE, field);
    return false;
}

#endif
