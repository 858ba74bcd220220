/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/cbor.h"

#include "base/memory.h"
#include "base/span.h"
#include "base/utf8.h"

/* The first three bits of an item. [RFC8949] 3.1 */
enum major { UINT, NEGATIVE, BYTES, TEXT, ARRAY, MAP, TAG, OTHER };

enum {
    ONE_BYTE = 24, /* additional information: the argument is in the next byte */
    TWO_BYTES,
    FOUR_BYTES,
    EIGHT_BYTES,
    UNTIL_BREAK = 31,
    BREAK = 0xff,
    FALSE = 20,
    TRUE,
    NULL_VALUE,
    UNDEFINED
};

/* The least argument that needs 1, 2, 4, 8 bytes of its own. */
static const uint64_t least[] = {24, 1U << 8, 1U << 16, (uint64_t)1 << 32};

struct head {
    const uint8_t *start;
    uint64_t argument;
    uint8_t major;
    uint8_t info;
};

static void fail_at(struct troth_cbor *r, const uint8_t *at, enum troth_err err,
                    const char *field)
{
    if (!r->c.fault.err)
        r->c.next = at;
    troth_cursor_fail(&r->c, err, field);
}

static inline bool is_key_next(const struct troth_cbor_frame *f)
{
    return f->is_map && f->left % 2 == 0;
}

/* Between items, where a break may stand and not merely where a byte 0xff is. */
static inline bool may_break(const struct troth_cbor *r, const struct troth_cbor_frame *f)
{
    return f->indefinite && !r->tagged && (!f->is_map || is_key_next(f));
}

static inline bool at_end(const struct troth_cbor *r)
{
    const struct troth_cbor_frame *f = &r->frames[r->depth];

    if (!f->indefinite)
        return f->left == 0;
    return may_break(r, f) && r->c.next != r->c.end && *r->c.next == BREAK;
}

/* What is wrong with a head whose bytes are all there, besides its length. */
static bool is_well_formed(const struct head *h)
{
    switch (h->info) {
    case ONE_BYTE:
        return h->major != OTHER || h->argument >= 32;
    case 28:
    case 29:
    case 30:
        return false;
    case UNTIL_BREAK:
        return h->major >= BYTES && h->major <= MAP;
    default:
        return true;
    }
}

/* The rest of a head whose argument is not in its first byte. */
static bool take_long_head(struct troth_cbor *r, struct head *h, const char *field)
{
    const struct troth_span rest = {h->start + 1, (size_t)(r->c.end - h->start) - 1};
    const size_t width = h->info <= EIGHT_BYTES ? (size_t)1 << (h->info - ONE_BYTE) : 0;
    enum troth_err err = TROTH_OK;

    if (width > rest.len) {
        fail_at(r, h->start, TROTH_ERR_SHORT, field);
        return false;
    }
    for (size_t i = 0; i < width; i++)
        h->argument = (i ? h->argument << 8 : 0) | rest.ptr[i];
    if (!is_well_formed(h))
        err = TROTH_ERR_VALUE;
    else if (width && h->major != OTHER && r->strictness == TROTH_CBOR_SHORTEST &&
             h->argument < least[h->info - ONE_BYTE])
        err = TROTH_ERR_ENCODING;
    if (err) {
        fail_at(r, h->start, err, field);
        return false;
    }
    r->c.next = rest.ptr + width;
    return true;
}

/* Read one head, wherever it stands; on failure false, and the reader has failed. */
static inline bool take_head(struct troth_cbor *r, struct head *h, const char *field)
{
    const uint8_t *const p = r->c.next;

    if (p == r->c.end) { /* as it is after a failure */
        troth_cursor_fail(&r->c, TROTH_ERR_SHORT, field);
        return false;
    }
    *h = (struct head){p, *p & 31, *p >> 5, *p & 31};
    if (h->info < ONE_BYTE) {
        r->c.next = p + 1;
        return true;
    }
    /* Most lengths are of this kind, and from 32 on nothing is left to check. */
    if (h->info == ONE_BYTE && r->c.end - p > 1 && p[1] >= 32) {
        h->argument = p[1];
        r->c.next = p + 2;
        return true;
    }
    return take_long_head(r, h, field);
}

/* The head of the open container's next item. */
static inline bool next_head(struct troth_cbor *r, struct head *h, const char *field)
{
    if (at_end(r))
        troth_cursor_fail(&r->c, TROTH_ERR_MISSING, field);
    return take_head(r, h, field);
}

/* As above, and of this type. */
static inline bool next_head_of(struct troth_cbor *r, struct head *h, enum major major,
                                const char *field)
{
    if (!next_head(r, h, field))
        return false;
    if (h->major == major)
        return true;
    fail_at(r, h->start, TROTH_ERR_TYPE, field);
    return false;
}

/* The head of a key that was read before; it has been checked. */
static struct head head_of_key(struct troth_span key, struct troth_span *out_contents)
{
    struct head h = {key.ptr, key.ptr[0] & 31, key.ptr[0] >> 5, key.ptr[0] & 31};
    size_t width = h.info < ONE_BYTE ? 0 : (size_t)1 << (h.info - ONE_BYTE);

    for (size_t i = 0; i < width; i++)
        h.argument = (i ? h.argument << 8 : 0) | key.ptr[1 + i];
    *out_contents = troth_span_slice(key, 1 + width, key.len);
    return h;
}

/* An order in which different encodings of the same key are equal. */
static int compare_decoded(struct troth_span a, struct troth_span b)
{
    struct troth_span contents_a;
    struct troth_span contents_b;
    const struct head head_a = head_of_key(a, &contents_a);
    const struct head head_b = head_of_key(b, &contents_b);

    if (head_a.major != head_b.major)
        return head_a.major < head_b.major ? -1 : 1;
    if (head_a.argument != head_b.argument)
        return head_a.argument < head_b.argument ? -1 : 1;
    return troth_span_compare(contents_a, contents_b);
}

/* Does `key` sort after every key of the open map? Then it is none of them. */
static inline bool is_greatest(const struct troth_cbor *r, struct troth_span key)
{
    const struct troth_cbor_frame *f = &r->frames[r->depth];

    if (r->key_count == f->keys_start)
        return true;
    const struct troth_span other = r->keys[f->greatest];
    if (r->strictness != TROTH_CBOR_SHORTEST)
        return compare_decoded(key, other) > 0;
    if (key.ptr[0] != other.ptr[0])
        return key.ptr[0] > other.ptr[0];
    return troth_span_compare(key, other) > 0;
}

static bool is_present(const struct troth_cbor *r, struct troth_span key)
{
    const struct troth_span *other = &r->keys[r->frames[r->depth].keys_start];
    const struct troth_span *const end = &r->keys[r->key_count];

    if (r->strictness != TROTH_CBOR_SHORTEST) {
        while (other != end && compare_decoded(key, *other) != 0)
            other++;
        return other != end;
    }
    while (other != end &&
           (key.len != other->len || memcmp(key.ptr, other->ptr, key.len) != 0))
        other++;
    return other != end;
}

/* Is `key` none of the open map's keys? If so, remember it. */
static enum troth_err add_key(struct troth_cbor *r, struct troth_span key)
{
    if (r->key_count == TROTH_CBOR_KEYS)
        return TROTH_ERR_LIMIT;
    if (is_greatest(r, key))
        r->frames[r->depth].greatest = (uint8_t)r->key_count;
    else if (is_present(r, key))
        return TROTH_ERR_DUPLICATE;
    r->keys[r->key_count++] = key;
    return TROTH_OK;
}

/* One item, head and contents, has been read: count it. False if it was a bad key. */
static inline bool count_item(struct troth_cbor *r, const uint8_t *start,
                              const char *field)
{
    struct troth_cbor_frame *f = &r->frames[r->depth];

    if (is_key_next(f)) {
        const struct troth_span key = {start, (size_t)(r->c.next - start)};
        const enum troth_err err = add_key(r, key);
        if (err) {
            fail_at(r, start, err, field);
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
    if (!is_key_next(&r->frames[r->depth]))
        return false;
    fail_at(r, start, TROTH_ERR_UNSUPPORTED, field);
    return true;
}

void troth_cbor_init(struct troth_cbor *r, struct troth_span input,
                     enum troth_cbor_strictness strictness)
{
    /* Not all of it: keys[] is large, and nothing is read there that was not put there.
     */
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

    if (r->c.fault.err || r->c.next == r->c.end || at_end(r))
        return TROTH_CBOR_END;

    const uint8_t info = *r->c.next & 31;
    if (*r->c.next >> 5 != OTHER)
        return by_major[*r->c.next >> 5];
    if (info == FALSE || info == TRUE)
        return TROTH_CBOR_BOOL;
    if (info == NULL_VALUE)
        return TROTH_CBOR_NULL;
    if (info == UNDEFINED)
        return TROTH_CBOR_UNDEFINED;
    if (info <= ONE_BYTE)
        return TROTH_CBOR_SIMPLE;
    return info <= EIGHT_BYTES ? TROTH_CBOR_FLOAT : TROTH_CBOR_END;
}

uint64_t troth_cbor_uint(struct troth_cbor *r, const char *field)
{
    struct head h;

    if (!next_head_of(r, &h, UINT, field) || !count_item(r, h.start, field))
        return 0;
    return h.argument;
}

int64_t troth_cbor_int(struct troth_cbor *r, const char *field)
{
    struct head h;

    if (!next_head(r, &h, field))
        return 0;
    if (h.major != UINT && h.major != NEGATIVE)
        fail_at(r, h.start, TROTH_ERR_TYPE, field);
    else if (h.argument > INT64_MAX)
        fail_at(r, h.start, TROTH_ERR_LIMIT, field);
    if (r->c.fault.err || !count_item(r, h.start, field))
        return 0;
    return h.major == UINT ? (int64_t)h.argument : -1 - (int64_t)h.argument;
}

/* What the head of a string promises. */
static bool take_contents(struct troth_cbor *r, const struct head *h,
                          struct troth_span *out, const char *field)
{
    const struct troth_span contents = {r->c.next, (size_t)h->argument};
    enum troth_err err = TROTH_OK;

    if (h->argument > (uint64_t)(r->c.end - r->c.next))
        err = TROTH_ERR_SHORT;
    else if (h->major == TEXT && !troth_utf8_is_valid(contents))
        err = TROTH_ERR_TEXT;
    if (err) {
        fail_at(r, h->start, err, field);
        return false;
    }
    r->c.next += contents.len;
    *out = contents;
    return true;
}

static struct troth_span string_of(struct troth_cbor *r, enum major major,
                                   const char *field)
{
    const struct troth_span none = {NULL, 0};
    struct troth_span contents;
    struct head h;

    if (!next_head_of(r, &h, major, field))
        return none;
    if (h.info == UNTIL_BREAK) {
        fail_at(r, h.start, TROTH_ERR_UNSUPPORTED, field);
        return none;
    }
    if (!take_contents(r, &h, &contents, field) || !count_item(r, h.start, field))
        return none;
    return contents;
}

struct troth_span troth_cbor_bytes(struct troth_cbor *r, const char *field)
{
    return string_of(r, BYTES, field);
}

struct troth_span troth_cbor_text(struct troth_cbor *r, const char *field)
{
    return string_of(r, TEXT, field);
}

/* One of the simple values from `first` to `last`, all of one byte. */
static uint8_t simple_of(struct troth_cbor *r, uint8_t first, uint8_t last,
                         const char *field)
{
    struct head h;

    if (!next_head_of(r, &h, OTHER, field))
        return 0;
    if (h.info < first || h.info > last)
        fail_at(r, h.start, TROTH_ERR_TYPE, field);
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
    struct head h;

    if (!next_head_of(r, &h, TAG, field) || refuse_as_key(r, h.start, field))
        return 0;
    r->tagged = true;
    return h.argument;
}

static void enter(struct troth_cbor *r, enum major major, const char *field)
{
    struct head h;

    if (!next_head_of(r, &h, major, field) || refuse_as_key(r, h.start, field))
        return;

    const bool indefinite = h.info == UNTIL_BREAK;
    const size_t items_each = major == MAP ? 2 : 1;
    enum troth_err err = TROTH_OK;
    if (r->depth == TROTH_CBOR_DEPTH)
        err = TROTH_ERR_DEPTH;
    /* Every item takes a byte at least: a count beyond that is known to be false. */
    else if (!indefinite && h.argument > (size_t)(r->c.end - r->c.next) / items_each)
        err = TROTH_ERR_SHORT;
    if (err) {
        fail_at(r, h.start, err, field);
        return;
    }
    count_item(r, h.start, field);
    r->frames[++r->depth] = (struct troth_cbor_frame){
        .left = indefinite ? UINT64_MAX - 1 : h.argument * items_each,
        .indefinite = indefinite,
        .is_map = major == MAP,
        .keys_start = (uint8_t)r->key_count,
    };
}

void troth_cbor_enter_array(struct troth_cbor *r, const char *field)
{
    enter(r, ARRAY, field);
}

void troth_cbor_enter_map(struct troth_cbor *r, const char *field)
{
    enter(r, MAP, field);
}

bool troth_cbor_more(struct troth_cbor *r)
{
    return !r->c.fault.err && !at_end(r);
}

void troth_cbor_leave(struct troth_cbor *r, const char *field)
{
    const struct troth_cbor_frame *f = &r->frames[r->depth];

    if (r->c.fault.err)
        return;
    if (!at_end(r)) {
        const bool is_over = r->c.next == r->c.end;
        const bool is_break = !is_over && *r->c.next == BREAK;
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

/* The chunks of a string whose head said UNTIL_BREAK: strings of its own type, and text
 * is valid chunk by chunk. [RFC8949] 3.2.3 */
static void skip_chunks(struct troth_cbor *r, uint8_t major, const char *field)
{
    struct troth_span contents;
    struct head h;

    while (r->c.next == r->c.end || *r->c.next != BREAK) {
        if (!take_head(r, &h, field))
            return;
        if (h.major != major || h.info == UNTIL_BREAK) {
            fail_at(r, h.start, TROTH_ERR_VALUE, field);
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
    struct head h;

    if (!next_head(r, &h, field))
        return;

    const bool in_chunks = h.info == UNTIL_BREAK;
    const bool is_float = h.major == OTHER && h.info > ONE_BYTE;
    if ((in_chunks || is_float) && refuse_as_key(r, h.start, field))
        return;
    if (in_chunks)
        skip_chunks(r, h.major, field);
    else if (h.major == BYTES || h.major == TEXT)
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

void troth_cbor_expect(struct troth_cbor *r, bool holds, enum troth_err err,
                       const char *field)
{
    troth_cursor_expect(&r->c, holds, err, field);
}

enum troth_err troth_cbor_finish(struct troth_cbor *r, struct troth_fault *out_fault)
{
    if (r->depth || r->frames[0].left)
        troth_cursor_fail(
            &r->c, r->c.next == r->c.end ? TROTH_ERR_SHORT : TROTH_ERR_TRAILING, NULL);
    return troth_cursor_finish(&r->c, out_fault);
}
