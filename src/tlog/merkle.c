/* SPDX-License-Identifier: Apache-2.0 */
#include "tlog/merkle.h"

#include <stdbool.h>

#include "base/memory.h"

/* One run of bytes rather than three: a library's update costs more than this copy. */
enum troth_err troth_merkle_node(struct troth_log_hash *out,
                                 const struct troth_crypto *crypto,
                                 const struct troth_log_hash *left,
                                 const struct troth_log_hash *right)
{
    uint8_t bytes[1 + 2 * TROTH_LOG_HASH_SIZE];

    bytes[0] = 0x01;
    memcpy(bytes + 1, left->bytes, TROTH_LOG_HASH_SIZE);
    memcpy(bytes + 1 + TROTH_LOG_HASH_SIZE, right->bytes, TROTH_LOG_HASH_SIZE);

    const enum troth_err err = troth_digest(crypto, out->bytes, TROTH_SHA256,
                                            (struct troth_span)TROTH_ARRAY_SPAN(bytes));

    if (err)
        *out = (struct troth_log_hash){0};
    return err;
}

enum troth_err troth_merkle_empty(struct troth_log_hash *out,
                                  const struct troth_crypto *crypto)
{
    const enum troth_err err = troth_digest(crypto, out->bytes, TROTH_SHA256,
                                            TROTH_LITERAL(""));

    if (err)
        *out = (struct troth_log_hash){0};
    return err;
}

/* A counter in binary: where it carries, two nodes become one. */
enum troth_err troth_merkle_fold(struct troth_log_hash *out,
                                 const struct troth_crypto *crypto, const uint8_t *hashes,
                                 unsigned level)
{
    struct troth_log_hash pending[TROTH_MERKLE_FOLD_LEVEL_MAX + 1], node;
    enum troth_err err = TROTH_OK;

    for (unsigned i = 0; !err && i < 1U << level; i++) {
        unsigned up = 0;

        memcpy(node.bytes, hashes + (size_t)i * TROTH_LOG_HASH_SIZE, sizeof node.bytes);
        for (; !err && (i >> up & 1); up++)
            err = troth_merkle_node(&node, crypto, &pending[up], &node);
        pending[up] = node;
    }
    *out = err ? (struct troth_log_hash){0} : node;
    return err;
}

struct tree {
    const struct troth_crypto *crypto;
    const struct troth_merkle_source *source;
    uint64_t size;
};

/*
 * The root of the last leaves, as many as the low `bits` bits of the size say: not none.
 * Each bit that is set is a complete subtree, the smaller the further to the right.
 */
static enum troth_err root_of_rest(struct troth_log_hash *out, const struct tree *tree,
                                   unsigned bits)
{
    struct troth_log_hash left;
    bool has_right = false;
    enum troth_err err = TROTH_OK;

    for (unsigned level = 0; !err && level < bits; level++) {
        const uint64_t count = tree->size >> level;

        if (!(count & 1))
            continue;
        err = tree->source->node(tree->source->state, &left, level, count - 1);
        if (!err && has_right)
            err = troth_merkle_node(out, tree->crypto, &left, out);
        else
            *out = left;
        has_right = true;
    }
    if (err)
        *out = (struct troth_log_hash){0};
    return err;
}

/* What stands beside the node on its right, of which the tree may end within. */
static enum troth_err right_of(struct troth_log_hash *out, const struct tree *tree,
                               unsigned level, uint64_t index)
{
    if (index + 1 < tree->size >> level)
        return tree->source->node(tree->source->state, out, level, index + 1);
    return root_of_rest(out, tree, level);
}

/* From a node up to the root: what is hashed with it. `out` may hold hashes already. */
static enum troth_err add_path(struct troth_log_path *out, const struct tree *tree,
                               unsigned level, uint64_t index)
{
    const struct troth_merkle_source *source = tree->source;
    uint64_t last = (tree->size - 1) >> level;
    enum troth_err err = TROTH_OK;

    for (; !err && last > 0; level++, index >>= 1, last >>= 1) {
        struct troth_log_hash *next = &out->hashes[out->count];

        if (index & 1)
            err = source->node(source->state, next, level, index - 1);
        else if (index < last)
            err = right_of(next, tree, level, index);
        else
            continue; /* nothing beside it: it is its parent, too */
        out->count++;
    }
    if (err)
        *out = (struct troth_log_path){.count = 0};
    return err;
}

enum troth_err troth_merkle_root(struct troth_log_hash *out,
                                 const struct troth_crypto *crypto,
                                 const struct troth_merkle_source *source, uint64_t size)
{
    const struct tree tree = {crypto, source, size};

    *out = (struct troth_log_hash){0};
    if (size >= TROTH_TREE_SIZE_MAX)
        return TROTH_ERR_VALUE;
    if (size == 0)
        return troth_merkle_empty(out, crypto);
    return root_of_rest(out, &tree, TROTH_LOG_PATH_MAX);
}

enum troth_err troth_merkle_inclusion(struct troth_log_path *out,
                                      const struct troth_crypto *crypto,
                                      const struct troth_merkle_source *source,
                                      uint64_t index, uint64_t size)
{
    const struct tree tree = {crypto, source, size};

    *out = (struct troth_log_path){.count = 0};
    if (index >= size || size >= TROTH_TREE_SIZE_MAX)
        return TROTH_ERR_VALUE;
    return add_path(out, &tree, 0, index);
}

enum troth_err troth_merkle_consistency(struct troth_log_path *out,
                                        const struct troth_crypto *crypto,
                                        const struct troth_merkle_source *source,
                                        uint64_t older, uint64_t newer)
{
    const struct tree tree = {crypto, source, newer};
    unsigned level = 0;
    enum troth_err err = TROTH_OK;

    *out = (struct troth_log_path){.count = 0};
    if (older > newer || newer >= TROTH_TREE_SIZE_MAX)
        return TROTH_ERR_VALUE;
    if (older == 0 || older == newer)
        return TROTH_OK;

    /* The older tree's last complete subtree; if that is all of it, its root is known. */
    while ((older >> level & 1) == 0)
        level++;

    const uint64_t index = (older >> level) - 1;

    if (index > 0) {
        err = source->node(source->state, &out->hashes[0], level, index);
        out->count = 1;
    }
    if (err)
        *out = (struct troth_log_path){.count = 0};
    return err ? err : add_path(out, &tree, level, index);
}
