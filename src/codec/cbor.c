/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/cbor.h"

#include "base/utf8.h"
#include "codec/cbor_head.h"
#include "codec/cbor_key.h"

/* Simple values that have a meaning. [RFC8949] 3.3 */
enum { FALSE = 20, TRUE, NULL_VALUE, UNDEFINED };

/* One item, head and contents, has been read: count it. False if it was a bad key. */
static inline bool count_item(struct troth_cbor *r, const uint8_t *start,
                              const char *field)
{
    struct troth_cbor_frame *f = &r->frames[r->depth];

    if (troth_cbor_is_key_next(f)) {
        const struct troth_span key = {start, (size_t)(r->c.next - start)};
        const enum troth_err err = troth_cbor_add_key(r, key);
        if (err) {
            troth_cbor_fail_at(r, start, err, field);
            return false;
        }
    }
    f->left--;
    r->tagged = false;
    return true;
}

/* Refuse a key of which it is not plain what it equals. */
static bool refuse_as_key(struct troth_cbor *r, const uint8_t *start, const char *field)
{
    if (!troth_cbor_is_key_next(&r->frames[r->depth]))
        return false;
    troth_cbor_fail_at(r, start, TROTH_ERR_UNSUPPORTED, field);
    return true;
}

void troth_cbor_init(struct troth_cbor *r, struct troth_span input,
                     enum troth_cbor_strictness strictness)
{
    /* Not all of it: keys[] is large, and is read only where it was written. */
    r->c = troth_cursor_over(input);
    r->strictness = strictness;
    r->tagged = false;
    r->depth = 0;
    r->key_count = 0;
    r->frames[0] = (struct troth_cbor_frame){.left = 1};
}

enum troth_cbor_type troth_cbor_peek(struct troth_cbor *r)
{
    static const enum troth_cbor_type by_major[] = {
        TROTH_CBOR_UINT,  TROTH_CBOR_NEGATIVE, TROTH_CBOR_BYTES, TROTH_CBOR_TEXT,
        TROTH_CBOR_ARRAY, TROTH_CBOR_MAP,      TROTH_CBOR_TAG};

    if (r->c.fault.err || r->c.next == r->c.end || troth_cbor_at_end(r))
        return TROTH_CBOR_END;

    const uint8_t info = *r->c.next & 31;
    if (*r->c.next >> 5 != TROTH_MAJOR_OTHER)
        return by_major[*r->c.next >> 5];
    if (info == FALSE || info == TRUE)
        return TROTH_CBOR_BOOL;
    if (info == NULL_VALUE)
        return TROTH_CBOR_NULL;
    if (info == UNDEFINED)
        return TROTH_CBOR_UNDEFINED;
    if (info <= TROTH_CBOR_ONE_BYTE)
        return TROTH_CBOR_SIMPLE;
    return info <= TROTH_CBOR_EIGHT_BYTES ? TROTH_CBOR_FLOAT : TROTH_CBOR_END;
}

uint64_t troth_cbor_uint(struct troth_cbor *r, const char *field)
{
    struct troth_cbor_head h;

    if (!troth_cbor_next_head_of(r, &h, TROTH_MAJOR_UINT, field) ||
        !count_item(r, h.start, field))
        return 0;
    return h.argument;
}

int64_t troth_cbor_int(struct troth_cbor *r, const char *field)
{
    struct troth_cbor_head h;

    if (!troth_cbor_next_head(r, &h, field))
        return 0;
    if (h.major != TROTH_MAJOR_UINT && h.major != TROTH_MAJOR_NEGATIVE)
        troth_cbor_fail_at(r, h.start, TROTH_ERR_TYPE, field);
    else if (h.argument > INT64_MAX)
        troth_cbor_fail_at(r, h.start, TROTH_ERR_LIMIT, field);
    if (r->c.fault.err || !count_item(r, h.start, field))
        return 0;
    return h.major == TROTH_MAJOR_UINT ? (int64_t)h.argument : -1 - (int64_t)h.argument;
}

/* What the head of a string promises. */
static bool take_contents(struct troth_cbor *r, const struct troth_cbor_head *h,
                          struct troth_span *out, const char *field)
{
    const struct troth_span contents = {r->c.next, (size_t)h->argument};
    enum troth_err err = TROTH_OK;

    if (h->argument > (uint64_t)(r->c.end - r->c.next))
        err = TROTH_ERR_SHORT;
    else if (h->major == TROTH_MAJOR_TEXT && !troth_utf8_is_valid(contents))
        err = TROTH_ERR_TEXT;
    if (err) {
        troth_cbor_fail_at(r, h->start, err, field);
        return false;
    }
    r->c.next += contents.len;
    *out = contents;
    return true;
}

static struct troth_span string_of(struct troth_cbor *r, enum troth_cbor_major major,
                                   const char *field)
{
    const struct troth_span none = {NULL, 0};
    struct troth_span contents;
    struct troth_cbor_head h;

    if (!troth_cbor_next_head_of(r, &h, major, field))
        return none;
    if (h.info == TROTH_CBOR_UNTIL_BREAK) {
        troth_cbor_fail_at(r, h.start, TROTH_ERR_UNSUPPORTED, field);
        return none;
    }
    if (!take_contents(r, &h, &contents, field) || !count_item(r, h.start, field))
        return none;
    return contents;
}

struct troth_span troth_cbor_bytes(struct troth_cbor *r, const char *field)
{
    return string_of(r, TROTH_MAJOR_BYTES, field);
}

struct troth_span troth_cbor_text(struct troth_cbor *r, const char *field)
{
    return string_of(r, TROTH_MAJOR_TEXT, field);
}

/* One of the simple values from `first` to `last`, all of one byte. */
static uint8_t simple_of(struct troth_cbor *r, uint8_t first, uint8_t last,
                         const char *field)
{
    struct troth_cbor_head h;

    if (!troth_cbor_next_head_of(r, &h, TROTH_MAJOR_OTHER, field))
        return 0;
    if (h.info < first || h.info > last)
        troth_cbor_fail_at(r, h.start, TROTH_ERR_TYPE, field);
    if (r->c.fault.err || !count_item(r, h.start, field))
        return 0;
    return h.info;
}

bool troth_cbor_bool(struct troth_cbor *r, const char *field)
{
    return simple_of(r, FALSE, TRUE, field) == TRUE;
}

void troth_cbor_null(struct troth_cbor *r, const char *field)
{
    simple_of(r, NULL_VALUE, NULL_VALUE, field);
}

uint64_t troth_cbor_tag(struct troth_cbor *r, const char *field)
{
    struct troth_cbor_head h;

    if (!troth_cbor_next_head_of(r, &h, TROTH_MAJOR_TAG, field) ||
        refuse_as_key(r, h.start, field))
        return 0;
    r->tagged = true;
    return h.argument;
}

static void enter(struct troth_cbor *r, enum troth_cbor_major major, const char *field)
{
    struct troth_cbor_head h;

    if (!troth_cbor_next_head_of(r, &h, major, field) || refuse_as_key(r, h.start, field))
        return;

    const bool indefinite = h.info == TROTH_CBOR_UNTIL_BREAK;
    const size_t items_each = major == TROTH_MAJOR_MAP ? 2 : 1;
    enum troth_err err = TROTH_OK;
    if (r->depth == TROTH_CBOR_DEPTH)
        err = TROTH_ERR_DEPTH;
    /* Every item takes a byte at least: a count beyond that is known to be false. */
    else if (!indefinite && h.argument > (size_t)(r->c.end - r->c.next) / items_each)
        err = TROTH_ERR_SHORT;
    if (err) {
        troth_cbor_fail_at(r, h.start, err, field);
        return;
    }
    count_item(r, h.start, field);
    r->frames[++r->depth] = (struct troth_cbor_frame){
        .left = indefinite ? UINT64_MAX - 1 : h.argument * items_each,
        .indefinite = indefinite,
        .is_map = major == TROTH_MAJOR_MAP,
        .keys_start = (uint8_t)r->key_count,
    };
}

void troth_cbor_enter_array(struct troth_cbor *r, const char *field)
{
    enter(r, TROTH_MAJOR_ARRAY, field);
}

void troth_cbor_enter_map(struct troth_cbor *r, const char *field)
{
    enter(r, TROTH_MAJOR_MAP, field);
}

bool troth_cbor_more(struct troth_cbor *r)
{
    return !r->c.fault.err && !troth_cbor_at_end(r);
}

void troth_cbor_leave(struct troth_cbor *r, const char *field)
{
    const struct troth_cbor_frame *f = &r->frames[r->depth];

    if (r->c.fault.err)
        return;
    if (!troth_cbor_at_end(r)) {
        const bool is_over = r->c.next == r->c.end;
        const bool is_break = !is_over && *r->c.next == TROTH_CBOR_BREAK;
        troth_cursor_fail(&r->c,
                          is_over    ? TROTH_ERR_SHORT
                          : is_break ? TROTH_ERR_VALUE
                                     : TROTH_ERR_TRAILING,
                          field);
        return;
    }
    if (r->depth == 0)
        return;
    if (f->indefinite)
        r->c.next++;
    r->key_count = f->keys_start;
    r->depth--;
}

/* The chunks of a string whose head said TROTH_CBOR_UNTIL_BREAK: strings of its own type,
 * and text is valid chunk by chunk. [RFC8949] 3.2.3 */
static void skip_chunks(struct troth_cbor *r, uint8_t major, const char *field)
{
    struct troth_span contents;
    struct troth_cbor_head h;

    while (r->c.next == r->c.end || *r->c.next != TROTH_CBOR_BREAK) {
        if (!troth_cbor_take_head(r, &h, field))
            return;
        if (h.major != major || h.info == TROTH_CBOR_UNTIL_BREAK) {
            troth_cbor_fail_at(r, h.start, TROTH_ERR_VALUE, field);
            return;
        }
        if (!take_contents(r, &h, &contents, field))
            return;
    }
    r->c.next++;
}

/* An item that is neither a container nor a tag. */
static void skip_leaf(struct troth_cbor *r, const char *field)
{
    struct troth_span contents;
    struct troth_cbor_head h;

    if (!troth_cbor_next_head(r, &h, field))
        return;

    const bool in_chunks = h.info == TROTH_CBOR_UNTIL_BREAK;
    const bool is_float = h.major == TROTH_MAJOR_OTHER && h.info > TROTH_CBOR_ONE_BYTE;
    if ((in_chunks || is_float) && refuse_as_key(r, h.start, field))
        return;
    if (in_chunks)
        skip_chunks(r, h.major, field);
    else if (h.major == TROTH_MAJOR_BYTES || h.major == TROTH_MAJOR_TEXT)
        take_contents(r, &h, &contents, field);
    if (!r->c.fault.err)
        count_item(r, h.start, field);
}

struct troth_span troth_cbor_skip(struct troth_cbor *r, const char *field)
{
    const uint8_t *const start = r->c.next;
    const unsigned depth = r->depth;

    do {
        if (r->depth > depth && !troth_cbor_more(r)) {
            troth_cbor_leave(r, field);
            continue;
        }
        const enum troth_cbor_type type = troth_cbor_peek(r);
        if (type == TROTH_CBOR_ARRAY)
            troth_cbor_enter_array(r, field);
        else if (type == TROTH_CBOR_MAP)
            troth_cbor_enter_map(r, field);
        else if (type == TROTH_CBOR_TAG)
            troth_cbor_tag(r, field);
        else
            skip_leaf(r, field);
    } while (!r->c.fault.err && (r->depth > depth || r->tagged));

    if (r->c.fault.err)
        return (struct troth_span){NULL, 0};
    return (struct troth_span){start, (size_t)(r->c.next - start)};
}

enum troth_err troth_cbor_finish(struct troth_cbor *r, struct troth_fault *out_fault)
{
    if (r->depth || r->frames[0].left)
        troth_cursor_fail(
            &r->c, r->c.next == r->c.end ? TROTH_ERR_SHORT : TROTH_ERR_TRAILING, NULL);
    return troth_cursor_finish(&r->c, out_fault);
}
