/*
 * json_plain.h - the quick way through JSON that is written as nearly all is. For json.c
 * alone.
 *
 * Each of these reads one thing, or changes nothing and says that it takes the careful
 * way: escapes, characters beyond ASCII, large numbers, and everything that is wrong. So
 * nothing is judged here that is not judged there. The position is kept in a local
 * variable, because the reads of a document wait for one another.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CODEC_JSON_PLAIN_H
#define TROTH_CODEC_JSON_PLAIN_H

#include "codec/json_key.h"
#include "codec/json_text.h"
#include "codec/json_token.h"

/* Decimal digits of which any number of this many fits in 64 bits. */
#define TROTH_JSON_PLAIN_DIGITS 19

static inline const uint8_t *troth_json_behind_space(const uint8_t *p, const uint8_t *end)
{
    while (p != end && troth_json_is_space(*p))
        p++;
    return p;
}

/* Where the next value begins; NULL: the careful way. */
static inline const uint8_t *troth_json_plain_value(const struct troth_json *r)
{
    const struct troth_json_frame *const f = &r->frames[r->depth];
    const uint8_t *const end = r->c.end;
    const uint8_t *p = troth_json_behind_space(r->c.next, end);

    if (!r->after_key) {
        if (r->depth == 0 || f->is_object)
            return NULL;
        if (f->started) {
            if (p == end || *p != ',')
                return NULL;
            p = troth_json_behind_space(p + 1, end);
        }
    }
    return p != end ? p : NULL;
}

/* The value that began there was read up to `next`. */
static inline void troth_json_plain_done(struct troth_json *r, const uint8_t *next)
{
    r->c.next = next;
    r->after_key = false;
    r->frames[r->depth].started = true;
}

/* From behind an opening quote to the closing one; NULL: the careful way. */
static inline const uint8_t *troth_json_plain_text(const uint8_t *p, const uint8_t *end)
{
    const uint8_t *const closing = troth_json_skip_plain(p, end);

    return closing != end && *closing == '"' ? closing : NULL;
}

/* A string, without its quotes. */
static inline bool troth_json_plain_string(struct troth_json *r, struct troth_span *out)
{
    const uint8_t *const p = troth_json_plain_value(r);
    const uint8_t *closing;

    if (!p || *p != '"' || !(closing = troth_json_plain_text(p + 1, r->c.end)))
        return false;
    *out = (struct troth_span){p + 1, (size_t)(closing - p) - 1};
    troth_json_plain_done(r, closing + 1);
    return true;
}

static inline bool troth_json_plain_uint(struct troth_json *r, uint64_t *out)
{
    const uint8_t *const start = troth_json_plain_value(r), *const end = r->c.end;
    const uint8_t *p = start;
    uint64_t value = 0;

    if (!start)
        return false;
    while (p != end && troth_json_is_digit(*p) && p - start < TROTH_JSON_PLAIN_DIGITS)
        value = value * 10 + (uint8_t)(*p++ - '0');
    /* What follows a whole number in an object or array; and no zero in front. */
    if (p == end || (*p != ',' && *p != '}' && *p != ']') || p == start ||
        (*start == '0' && p - start > 1))
        return false;
    *out = value;
    troth_json_plain_done(r, p);
    return true;
}

/* Enter what this bracket opens. */
static inline bool troth_json_plain_open(struct troth_json *r, uint8_t bracket)
{
    const uint8_t *const p = troth_json_plain_value(r);

    if (!p || *p != bracket || r->depth == TROTH_JSON_DEPTH)
        return false;
    troth_json_plain_done(r, p + 1);
    r->frames[++r->depth] = (struct troth_json_frame){
        .is_object = bracket == '{',
        .keys_start = (uint8_t)r->key_count,
    };
    return true;
}

/* Leave the open container, nothing being left in it. */
static inline bool troth_json_plain_close(struct troth_json *r)
{
    const struct troth_json_frame *const f = &r->frames[r->depth];
    const uint8_t *const p = troth_json_behind_space(r->c.next, r->c.end);

    if (r->depth == 0 || r->after_key || p == r->c.end ||
        *p != (f->is_object ? '}' : ']'))
        return false;
    r->c.next = p + 1;
    r->key_count = f->keys_start;
    r->depth--;
    return true;
}

/* The quote with which the next member begins; NULL: the careful way. */
static inline const uint8_t *troth_json_plain_member(const struct troth_json *r)
{
    const struct troth_json_frame *const f = &r->frames[r->depth];
    const uint8_t *const end = r->c.end;
    const uint8_t *p = troth_json_behind_space(r->c.next, end);

    if (!f->is_object || r->after_key)
        return NULL;
    if (f->started) {
        if (p == end || *p != ',')
            return NULL;
        p = troth_json_behind_space(p + 1, end);
    }
    return p != end && *p == '"' ? p : NULL;
}

/* A key, and everything up to `next`, was read; false: the careful way. */
static inline bool troth_json_plain_key_done(struct troth_json *r, struct troth_span key,
                                             const uint8_t *next)
{
    if (!troth_json_key_add_plain(r, key))
        return false;
    r->c.next = next;
    r->after_key = true;
    r->frames[r->depth].started = true;
    return true;
}

/* The key of the next member, and over the colon. */
static inline bool troth_json_plain_key(struct troth_json *r, struct troth_span *out)
{
    const uint8_t *const p = troth_json_plain_member(r), *const end = r->c.end;
    const uint8_t *closing, *colon;

    if (!p || !(closing = troth_json_plain_text(p + 1, end)))
        return false;
    colon = troth_json_behind_space(closing + 1, end);
    if (colon == end || *colon != ':')
        return false;
    *out = (struct troth_span){p + 1, (size_t)(closing - p) - 1};
    return troth_json_plain_key_done(r, *out, colon + 1);
}

#endif
