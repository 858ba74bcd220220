/* SPDX-License-Identifier: Apache-2.0 */
#include "tlog/merkle.h"

#include "base/span.h"

static bool is_same(const struct troth_log_hash *a, const struct troth_log_hash *b)
{
    return troth_span_equal((struct troth_span)TROTH_ARRAY_SPAN(a->bytes),
                            (struct troth_span)TROTH_ARRAY_SPAN(b->bytes));
}

/* A node on the way from a leaf to the root; all three are of the node's level. */
struct climb {
    uint64_t first; /* of a subtree that ends with the node */
    uint64_t node;
    uint64_t last; /* of the tree */
    struct troth_log_hash subtree, tree;
};

/* Is a hash of the path to the left of the node, to its right, or is none needed? */
static enum troth_err step(struct climb *c, const struct troth_crypto *crypto,
                           const struct troth_log_hash *beside)
{
    enum troth_err err = TROTH_OK;

    if (!(c->node & 1))
        return troth_merkle_node(&c->tree, crypto, &c->tree, beside);
    if (c->first < c->node)
        err = troth_merkle_node(&c->subtree, crypto, beside, &c->subtree);
    return err ? err : troth_merkle_node(&c->tree, crypto, beside, &c->tree);
}

/* Any count may be said: no more hashes are read than a tree has levels. */
static enum troth_err climb(struct climb *c, const struct troth_crypto *crypto,
                            const struct troth_log_hash *hashes, size_t count)
{
    size_t used = 0;
    enum troth_err err = TROTH_OK;

    for (; !err && c->last > 0; c->first >>= 1, c->node >>= 1, c->last >>= 1) {
        if (!(c->node & 1) && c->node == c->last)
            continue; /* nothing beside it: it is its parent, too */
        if (used == count)
            return TROTH_ERR_LIMIT;
        err = step(c, crypto, &hashes[used++]);
    }
    return err || used == count ? err : TROTH_ERR_LIMIT;
}

/* The start is a multiple of the width, rounded up to a power of two. */
static bool is_subtree(struct troth_merkle_range range)
{
    uint64_t below = range.end - range.start - 1;

    if (range.start >= range.end || range.end >= TROTH_TREE_SIZE_MAX)
        return false;
    for (unsigned shift = 1; shift < 64; shift *= 2)
        below |= below >> shift;
    return (range.start & below) == 0;
}

enum troth_err troth_merkle_check_subtree_inclusion(const struct troth_crypto *crypto,
                                                    uint64_t index,
                                                    const struct troth_log_hash *leaf,
                                                    const struct troth_log_path *path,
                                                    struct troth_merkle_range range,
                                                    const struct troth_log_hash *root)
{
    if (!is_subtree(range) || index < range.start || index >= range.end)
        return TROTH_ERR_VALUE;

    const uint64_t node = index - range.start;
    struct climb c = {
        .first = node, .node = node, .last = range.end - range.start - 1, .tree = *leaf};
    const enum troth_err err = climb(&c, crypto, path->hashes, path->count);

    if (err)
        return err;
    return is_same(&c.tree, root) ? TROTH_OK : TROTH_ERR_MISMATCH;
}

/* Every tree begins with it, whatever its root. */
static enum troth_err check_empty(const struct troth_crypto *crypto,
                                  const struct troth_log_hash *root,
                                  const struct troth_log_path *path)
{
    struct troth_log_hash empty;
    const enum troth_err err = troth_merkle_empty(&empty, crypto);

    if (err)
        return err;
    if (!is_same(&empty, root))
        return TROTH_ERR_VALUE;
    return path->count == 0 ? TROTH_OK : TROTH_ERR_LIMIT;
}

/* Up to the largest complete subtree that ends where the range ends; or, where the tree
 * ends there too, up to the range's own root, as that is a node of the tree. */
static void rise(struct climb *c)
{
    const bool ends_with_tree = c->node == c->last;

    while (c->first < c->node && (ends_with_tree || (c->node & 1))) {
        c->first >>= 1;
        c->node >>= 1;
        c->last >>= 1;
    }
}

enum troth_err troth_merkle_check_subtree_consistency(const struct troth_crypto *crypto,
                                                      struct troth_merkle_range range,
                                                      const struct troth_log_hash *root,
                                                      const struct troth_log_path *path,
                                                      const struct troth_log_tree *tree)
{
    const struct troth_log_hash *hashes = path->hashes;
    size_t count = path->count;

    if (range.end > tree->size || tree->size >= TROTH_TREE_SIZE_MAX)
        return TROTH_ERR_VALUE;
    if (range.start == range.end)
        return check_empty(crypto, root, path);
    if (!is_subtree(range))
        return TROTH_ERR_VALUE;

    struct climb c = {
        .first = range.start, .node = range.end - 1, .last = tree->size - 1};
    const struct troth_log_hash *from = root;

    rise(&c);
    if (c.first < c.node) {
        if (count-- == 0)
            return TROTH_ERR_LIMIT;
        from = hashes++;
    }
    c.subtree = c.tree = *from;

    const enum troth_err err = climb(&c, crypto, hashes, count);

    if (err)
        return err;
    return is_same(&c.subtree, root) && is_same(&c.tree, &tree->root)
               ? TROTH_OK
               : TROTH_ERR_MISMATCH;
}
