/*
 * merkle.h - the hashes of a tree, and proofs made from those that are at hand.
 *
 * A node is a complete subtree: `level` says how many leaves it has (2^level), `index`
 * how many like it stand before it.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TLOG_MERKLE_H
#define TROTH_TLOG_MERKLE_H

#include "troth/log.h"

#define TROTH_TREE_SIZE_MAX ((uint64_t)1 << 62)

/* SHA-256(0x01 ‖ left ‖ right). */
TROTH_MUST_USE enum troth_err troth_merkle_node(struct troth_log_hash *out,
                                                const struct troth_crypto *crypto,
                                                const struct troth_log_hash *left,
                                                const struct troth_log_hash *right);

/* SHA-256 of nothing: the root of the empty tree. */
TROTH_MUST_USE enum troth_err troth_merkle_empty(struct troth_log_hash *out,
                                                 const struct troth_crypto *crypto);

/* The root of 2^level hashes, one behind the other: the levels of a tile. */
#define TROTH_MERKLE_FOLD_LEVEL_MAX 8
TROTH_MUST_USE enum troth_err troth_merkle_fold(struct troth_log_hash *out,
                                                const struct troth_crypto *crypto,
                                                const uint8_t *hashes, unsigned level);

/* Where hashes of nodes come from: tiles, most often. */
struct troth_merkle_source {
    /* Any error ends what is being made, and is its error. */
    enum troth_err (*node)(void *state, struct troth_log_hash *out, unsigned level,
                           uint64_t index);
    void *state;
};

/* All three ask only for nodes within `size` (`newer`). TROTH_ERR_VALUE: sizes or index
 * that do not fit each other; TROTH_ERR_CRYPTO; the source's own. */
TROTH_MUST_USE enum troth_err troth_merkle_root(struct troth_log_hash *out,
                                                const struct troth_crypto *crypto,
                                                const struct troth_merkle_source *source,
                                                uint64_t size);
TROTH_MUST_USE enum troth_err
troth_merkle_inclusion(struct troth_log_path *out, const struct troth_crypto *crypto,
                       const struct troth_merkle_source *source, uint64_t index,
                       uint64_t size);
TROTH_MUST_USE enum troth_err
troth_merkle_consistency(struct troth_log_path *out, const struct troth_crypto *crypto,
                         const struct troth_merkle_source *source, uint64_t older,
                         uint64_t newer);

/* ---- subtrees [MTC] 4: leaves `start` to `end`, not counting that ---- */

struct troth_merkle_range {
    uint64_t start, end;
};

/* Is `leaf` the one at `index` of the subtree whose root this is? Errors as
 * troth_log_check_inclusion(); TROTH_ERR_VALUE: no valid subtree. */
TROTH_MUST_USE enum troth_err troth_merkle_check_subtree_inclusion(
    const struct troth_crypto *crypto, uint64_t index, const struct troth_log_hash *leaf,
    const struct troth_log_path *path, struct troth_merkle_range range,
    const struct troth_log_hash *root);

/* Is the subtree a part of `tree`? An empty one is of every tree that goes as far, if its
 * root is the hash of nothing. */
TROTH_MUST_USE enum troth_err troth_merkle_check_subtree_consistency(
    const struct troth_crypto *crypto, struct troth_merkle_range range,
    const struct troth_log_hash *root, const struct troth_log_path *path,
    const struct troth_log_tree *tree);

#endif
