/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/log.h"

#include "base/span.h"
#include "tlog/merkle.h"

enum troth_err troth_log_leaf(struct troth_log_hash *out,
                              const struct troth_crypto *crypto, struct troth_span entry)
{
    const struct troth_span parts[] = {{(const uint8_t[]){0x00}, 1}, entry};
    enum troth_err err = TROTH_ERR_LIMIT;

    if (entry.len <= TROTH_LOG_ENTRY_MAX)
        err = crypto->ops->digest(crypto->state, out->bytes, TROTH_SHA256,
                                  (struct troth_parts){parts, 2});
    if (err)
        *out = (struct troth_log_hash){0};
    return err;
}

enum troth_err troth_log_check_inclusion(const struct troth_crypto *crypto,
                                         uint64_t index,
                                         const struct troth_log_hash *leaf,
                                         const struct troth_log_path *path,
                                         const struct troth_log_tree *tree)
{
    const struct troth_merkle_range all = {0, tree->size};

    return troth_merkle_check_subtree_inclusion(crypto, index, leaf, path, all,
                                                &tree->root);
}

static enum troth_err check_root(const struct troth_log_hash *seen,
                                 const struct troth_log_hash *wanted, enum troth_err err)
{
    return troth_span_equal((struct troth_span)TROTH_ARRAY_SPAN(seen->bytes),
                            (struct troth_span)TROTH_ARRAY_SPAN(wanted->bytes))
               ? TROTH_OK
               : err;
}

static enum troth_err check_empty(const struct troth_crypto *crypto,
                                  const struct troth_log_tree *tree)
{
    struct troth_log_hash empty;
    const enum troth_err err = troth_merkle_empty(&empty, crypto);

    return err ? err : check_root(&empty, &tree->root, TROTH_ERR_VALUE);
}

enum troth_err troth_log_check_consistency(const struct troth_crypto *crypto,
                                           const struct troth_log_tree *older,
                                           const struct troth_log_path *path,
                                           const struct troth_log_tree *newer)
{
    const struct troth_merkle_range beginning = {0, older->size};
    enum troth_err err = TROTH_OK;

    if (older->size > newer->size || newer->size >= TROTH_TREE_SIZE_MAX)
        return TROTH_ERR_VALUE;
    if (older->size == 0)
        err = check_empty(crypto, older);
    if (!err && newer->size == 0)
        err = check_empty(crypto, newer);
    if (err)
        return err;
    if (older->size > 0 && older->size < newer->size)
        return troth_merkle_check_subtree_consistency(crypto, beginning, &older->root,
                                                      path, newer);
    if (path->count != 0)
        return TROTH_ERR_LIMIT;
    return older->size == 0 ? TROTH_OK
                            : check_root(&older->root, &newer->root, TROTH_ERR_MISMATCH);
}
