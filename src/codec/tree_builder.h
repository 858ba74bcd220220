/*
 * tree_builder.h - a tree in the making, for those who read a notation.
 *
 * The first failure sticks: later calls do nothing, and troth_tree_finish() says so.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CODEC_TREE_BUILDER_H
#define TROTH_CODEC_TREE_BUILDER_H

#include "codec/tree.h"

struct troth_tree_builder {
    struct troth_arena *arena;
    struct troth_tree_issue issue;
    enum troth_err err;
    struct troth_tree_node *root;
    unsigned depth, node_count, key_count;
    /* The maps and lists that are open, and the last child of each. */
    struct {
        struct troth_tree_node *node, *last;
    } open[TROTH_TREE_DEPTH_MAX];
    struct troth_span key; /* of the value that comes next */
    struct troth_place key_place;
    bool has_key;
};

struct troth_tree_builder troth_tree_builder_over(struct troth_arena *arena);

/* Is a key what has to come next, or the map's end? */
bool troth_tree_wants_key(const struct troth_tree_builder *b);

/* The key of the next value. TROTH_ERR_DUPLICATE, TROTH_ERR_LIMIT */
void troth_tree_key(struct troth_tree_builder *b, struct troth_span key,
                    struct troth_place place);

/* The next value: kind, text and places of `value`; a map or list is open until
 * troth_tree_close(). TROTH_ERR_LIMIT, TROTH_ERR_DEPTH, TROTH_ERR_MEMORY */
void troth_tree_add(struct troth_tree_builder *b, const struct troth_tree_node *value);
void troth_tree_close(struct troth_tree_builder *b);

/* Each '%' of `text` is replaced by `word`; see base/clause.h. */
void troth_tree_fail(struct troth_tree_builder *b, enum troth_err err,
                     struct troth_place place, const char *text, struct troth_span word);

/* The root and TROTH_OK, or NULL and why not. `issue` may be NULL. */
TROTH_MUST_USE enum troth_err troth_tree_finish(const struct troth_tree_node **out,
                                                struct troth_tree_issue *issue,
                                                const struct troth_tree_builder *b);

#endif
