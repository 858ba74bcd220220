/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a proof: it is believed exactly where the algorithms that RFC 9162 and the
 * draft on Merkle tree certificates write down say so; and what is made is believed. */
#include <stdbool.h>
#include <stdlib.h>

#include "base/cursor.h"
#include "tlog/merkle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* Quick, and good enough that nothing collides by chance. */
static enum troth_err digest(void *state, uint8_t *out, enum troth_hash hash,
                             struct troth_parts message)
{
    uint64_t sum = UINT64_C(0xcbf29ce484222325);

    (void)state;
    for (size_t i = 0; i < message.count; i++)
        for (size_t j = 0; j < message.spans[i].len; j++)
            sum = (sum ^ message.spans[i].ptr[j]) * UINT64_C(0x100000001b3);
    for (size_t i = 0; i < troth_hash_size(hash); i++) {
        sum = (sum ^ sum >> 29) * UINT64_C(0x9e3779b97f4a7c15);
        out[i] = (uint8_t)(sum >> 56);
    }
    return TROTH_OK;
}

static const struct troth_crypto_ops ops = {.name = "quick", .digest = digest};
static const struct troth_crypto crypto = {&ops, NULL};

static struct troth_log_hash both(const struct troth_log_hash *left,
                                  const struct troth_log_hash *right)
{
    struct troth_log_hash hash;

    require(!troth_merkle_node(&hash, &crypto, left, right));
    return hash;
}

/* ---- the algorithms as they are written down ---- */

struct subtree {
    uint64_t start, end, size;
};

static void shift(struct subtree *s)
{
    s->start >>= 1;
    s->end >>= 1;
    s->size >>= 1;
}

/* One value of the proof. */
static void step(struct subtree *s, struct troth_log_hash *fr, struct troth_log_hash *sr,
                 const struct troth_log_hash *c)
{
    if ((s->end & 1) || s->end == s->size) {
        if (s->start < s->end)
            *fr = both(c, fr);
        *sr = both(c, sr);
        while (!(s->end & 1) && s->end != 0)
            shift(s);
    } else {
        *sr = both(sr, c);
    }
    shift(s);
}

/* A proof, which is cut where it leads to a root, if it is to fit. */
struct proof {
    struct troth_log_path path;
    bool fits;
};

/* `start`, `end` and `size` are fn, sn and tn of [MTC] 4; the last two are fn and sn
 * of [RFC9162] 2.1.3.2 and 2.1.4.2. */
static bool climb(struct subtree *s, struct troth_log_hash *fr, struct troth_log_hash *sr,
                  struct proof *proof, size_t first)
{
    for (size_t i = first; i < proof->path.count; i++) {
        if (s->size != 0)
            step(s, fr, sr, &proof->path.hashes[i]);
        else if (proof->fits)
            proof->path.count = i;
        else
            return false;
    }
    return s->size == 0;
}

/* [RFC9162] 2.1.3.2, the root that it compares with; false where it fails before. */
static bool inclusion_root(struct troth_log_hash *r, uint64_t index, uint64_t tree_size,
                           struct proof *proof)
{
    struct subtree s = {index, index, tree_size - 1};
    struct troth_log_hash unused = *r;

    return index < tree_size && climb(&s, &unused, r, proof, 0);
}

/* [MTC] 4 of a subtree that is one. Both roots as they are computed. */
static bool subtree_roots(struct troth_log_hash *fr, struct troth_log_hash *sr,
                          struct subtree s, struct proof *proof)
{
    size_t first = 0;

    s.end--;
    s.size--;
    if (s.end == s.size)
        while (s.start != s.end)
            shift(&s);
    else
        while (s.start != s.end && (s.end & 1))
            shift(&s);
    if (s.start != s.end) {
        if (proof->path.count == 0)
            return false;
        *fr = proof->path.hashes[first++];
    }
    *sr = *fr;
    return climb(&s, fr, sr, proof, first);
}

static bool is_subtree(const struct subtree *s)
{
    uint64_t ceil = 1;

    if (s->start >= s->end || s->end > s->size || s->size >= TROTH_TREE_SIZE_MAX)
        return false;
    while (ceil < s->end - s->start)
        ceil <<= 1;
    return s->start % ceil == 0;
}

/* ---- the input ---- */

/* Numbers of few bits are as likely as large ones. */
static uint64_t number(struct troth_cursor *c)
{
    const unsigned bits = troth_cursor_u8(c, "bits") & 63;

    return troth_cursor_u64le(c, "number") >> bits;
}

static struct troth_log_hash hash_of(struct troth_cursor *c)
{
    struct troth_log_hash hash = {{0}};

    hash.bytes[0] = troth_cursor_u8(c, "hash");
    return hash;
}

static void check_inclusion(struct troth_cursor *c, struct proof proof)
{
    const struct troth_log_hash entry = hash_of(c);
    const uint64_t index = number(c);
    struct troth_log_tree tree = {number(c), entry};
    const bool led = tree.size < TROTH_TREE_SIZE_MAX &&
                     inclusion_root(&tree.root, index, tree.size, &proof);
    const enum troth_err err = troth_log_check_inclusion(&crypto, index, &entry,
                                                         &proof.path, &tree);

    require(led == !err);
    require(err != TROTH_ERR_MISMATCH);
    tree.root.bytes[31] ^= 1;
    require(troth_log_check_inclusion(&crypto, index, &entry, &proof.path, &tree) ==
            (err ? err : TROTH_ERR_MISMATCH));
}

static void check_subtree(struct troth_cursor *c, struct proof proof)
{
    const uint64_t start = number(c), end = number(c);
    const struct subtree s = {start, end, number(c)};
    const struct troth_merkle_range range = {s.start, s.end};
    struct troth_log_hash root = hash_of(c), fr = root;
    struct troth_log_tree tree = {.size = s.size};
    const bool led = is_subtree(&s) && subtree_roots(&fr, &tree.root, s, &proof);

    /* What the proof leads to: hardly any other root would be believed. */
    root = fr;
    require(led == !troth_merkle_check_subtree_consistency(&crypto, range, &root,
                                                           &proof.path, &tree));
    if (led && s.start == 0 && s.end < s.size) {
        const struct troth_log_tree older = {s.end, root};

        require(!troth_log_check_consistency(&crypto, &older, &proof.path, &tree));
    }
    if (!led)
        return;
    root.bytes[0] ^= 1;
    require(troth_merkle_check_subtree_consistency(&crypto, range, &root, &proof.path,
                                                   &tree) == TROTH_ERR_MISMATCH);
    root.bytes[0] ^= 1;
    tree.root.bytes[0] ^= 1;
    require(troth_merkle_check_subtree_consistency(&crypto, range, &root, &proof.path,
                                                   &tree) == TROTH_ERR_MISMATCH);
}

/* ---- what is made: of a tree all whose leaves are one ---- */

static const struct troth_log_hash leaf = {{1}};

static enum troth_err node(void *state, struct troth_log_hash *out, unsigned level,
                           uint64_t index)
{
    static struct troth_log_hash alike[62];
    static unsigned known;
    const uint64_t size = *(const uint64_t *)state;

    require(level < 62 && index < size >> level);
    for (; known <= level; known++)
        alike[known] = known == 0 ? leaf : both(&alike[known - 1], &alike[known - 1]);
    *out = alike[level];
    return TROTH_OK;
}

static void check_made(struct troth_cursor *c)
{
    uint64_t size = number(c);
    const uint64_t from = number(c);
    const bool fits = size < TROTH_TREE_SIZE_MAX;
    const struct troth_merkle_source source = {node, &size};
    struct troth_log_tree older = {from, {{0}}}, newer = {size, {{0}}};
    struct troth_log_path path;

    require(troth_merkle_root(&newer.root, &crypto, &source, size) ==
            (fits ? TROTH_OK : TROTH_ERR_VALUE));
    require(troth_merkle_inclusion(&path, &crypto, &source, from, size) ==
            (fits && from < size ? TROTH_OK : TROTH_ERR_VALUE));
    if (fits && from < size)
        require(!troth_log_check_inclusion(&crypto, from, &leaf, &path, &newer));
    require(troth_merkle_consistency(&path, &crypto, &source, from, size) ==
            (fits && from <= size ? TROTH_OK : TROTH_ERR_VALUE));
    if (!fits || from > size)
        return;
    require(!troth_merkle_root(&older.root, &crypto, &source, from));
    require(!troth_log_check_consistency(&crypto, &older, &path, &newer));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct troth_cursor c = troth_cursor_over((struct troth_span){data, size});
    const unsigned count = troth_cursor_u8(&c, "count");
    struct proof proof = {.fits = count > TROTH_LOG_PATH_MAX};

    proof.path.count = proof.fits ? TROTH_LOG_PATH_MAX : count;
    for (size_t i = 0; i < proof.path.count; i++)
        proof.path.hashes[i].bytes[0] = (uint8_t)(i * 7 + 3);
    check_inclusion(&c, proof);
    check_subtree(&c, proof);
    check_made(&c);
    return 0;
}
