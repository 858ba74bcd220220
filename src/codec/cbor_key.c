/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/cbor_key.h"

#include "base/span.h"
#include "codec/cbor_head.h"

/* The head of a key that was read before; it has been checked. */
static struct troth_cbor_head head_of_key(struct troth_span key,
                                          struct troth_span *out_contents)
{
    struct troth_cbor_head h = {key.ptr, key.ptr[0] & 31, key.ptr[0] >> 5,
                                key.ptr[0] & 31};
    size_t width = h.info < TROTH_CBOR_ONE_BYTE
                       ? 0
                       : (size_t)1 << (h.info - TROTH_CBOR_ONE_BYTE);

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
    const struct troth_cbor_head head_a = head_of_key(a, &contents_a);
    const struct troth_cbor_head head_b = head_of_key(b, &contents_b);

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
    while (other != end && (key.len != other->len || !troth_span_equal(key, *other)))
        other++;
    return other != end;
}

enum troth_err troth_cbor_add_key(struct troth_cbor *r, struct troth_span key)
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
