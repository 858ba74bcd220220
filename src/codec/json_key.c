/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/json_key.h"

#include "codec/json_text.h"

static bool is_plain(struct troth_span key)
{
    const uint8_t *const end = key.ptr + key.len;

    return troth_json_skip_plain(key.ptr, end) == end;
}

/* Plain keys are equal where their bytes are; others have to be decoded. */
static bool is_same(struct troth_span a, struct troth_span b, bool are_plain)
{
    if (are_plain)
        return a.len == b.len && troth_word_same(a.ptr, b.ptr, a.len);
    return troth_json_text_equal(a, b);
}

/* One of 64 marks, which equal keys have in common and others seldom. */
static unsigned mark_of(struct troth_span key)
{
    const uint8_t *const p = key.ptr;
    uint64_t mix = key.len;

    if (key.len >= TROTH_WORD_SIZE)
        mix += troth_word_at(p) * 3 + troth_word_at(p + key.len - TROTH_WORD_SIZE);
    else if (key.len >= 4)
        mix += (uint64_t)troth_word_half(p) << 32 | troth_word_half(p + key.len - 4);
    else if (key.len > 0)
        mix += (uint64_t)p[0] << 8 | (uint64_t)p[key.len / 2] << 16 |
               (uint64_t)p[key.len - 1] << 24;
    /* The golden ratio's digits: they spread what differs into the highest bits. */
    return (unsigned)(mix * UINT64_C(0x9e3779b97f4a7c15) >> 58);
}

/* Has the open object a key with this mark? It has one from now on. */
static bool set_mark(struct troth_json_frame *f, unsigned mark)
{
    const uint32_t bit = UINT32_C(1) << (mark & 31);
    const bool was_set = f->seen[mark >> 5] & bit;

    f->seen[mark >> 5] |= bit;
    return was_set;
}

static bool has_key(const struct troth_json *r, struct troth_span key)
{
    const struct troth_json_frame *f = &r->frames[r->depth];

    for (unsigned i = f->keys_start; i < r->key_count; i++)
        if (is_same(r->keys[i], key, !f->has_odd_key))
            return true;
    return false;
}

/* As set_mark(), for the mark of a key that is not yet among the object's. The first gets
 * its mark when there is a second. */
static bool mark_key(struct troth_json *r, struct troth_span key)
{
    struct troth_json_frame *f = &r->frames[r->depth];

    if (r->key_count == f->keys_start + 1U)
        (void)set_mark(f, mark_of(r->keys[f->keys_start]));
    return set_mark(f, mark_of(key));
}

enum troth_err troth_json_key_add(struct troth_json *r, struct troth_span key)
{
    if (r->key_count == TROTH_JSON_KEYS)
        return TROTH_ERR_LIMIT;
    r->frames[r->depth].has_odd_key |= !is_plain(key);
    (void)mark_key(r, key);
    if (has_key(r, key))
        return TROTH_ERR_DUPLICATE;
    r->keys[r->key_count++] = key;
    return TROTH_OK;
}

bool troth_json_key_add_further(struct troth_json *r, struct troth_span key)
{
    if (r->key_count == TROTH_JSON_KEYS || r->frames[r->depth].has_odd_key)
        return false;
    if (mark_key(r, key) && has_key(r, key))
        return false;
    r->keys[r->key_count++] = key;
    return true;
}
