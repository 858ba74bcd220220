/* file_index.h - the nodes of a file tree: found by path, linked to their folders. For
 * file_tree.c alone. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BUILDER_FILE_INDEX_H
#define TROTH_BUILDER_FILE_INDEX_H

#include "builder/file_tree.h"

struct troth_file_node {
    struct troth_tree_entry entry;
    struct troth_file_node *parent, *first_child, *next, *previous;
    struct troth_file_node *same_bucket;
    size_t layer;        /* which brought it */
    size_t hidden_layer; /* which has taken away what older ones had below it */
};

struct troth_file_block;

struct troth_file_tree {
    struct troth_file_node root; /* has no path, and is never taken away */
    struct troth_file_node **buckets;
    size_t bucket_count; /* a power of two */
    size_t count;
    struct troth_file_node *unused;
    struct troth_file_block *blocks;
    size_t copied; /* bytes in blocks */
    uint64_t key[2];
    size_t layer;
    const struct troth_tree_entry **sorted;
};

TROTH_MUST_USE bool troth_file_index_init(struct troth_file_tree *tree);
void troth_file_index_release(struct troth_file_tree *tree);

/* The root for ""; NULL: it is not there. */
struct troth_file_node *troth_file_index_find(const struct troth_file_tree *tree,
                                              struct troth_span path);

/* A new node, whose entry has its path and nothing else; NULL: no room. */
struct troth_file_node *troth_file_index_add(struct troth_file_tree *tree,
                                             struct troth_file_node *parent,
                                             struct troth_span path);

/* Is the same there already: kind, mode, owner, and content or target? */
bool troth_file_node_same(const struct troth_file_node *node,
                          const struct troth_entry *entry,
                          const struct troth_content *content);

/* Everything but its path, with copies of what the tree must own; false: no room. */
TROTH_MUST_USE bool troth_file_node_fill(struct troth_file_tree *tree,
                                         struct troth_file_node *node,
                                         const struct troth_entry *entry,
                                         const struct troth_content *content);

/* Without it; it has no children. */
void troth_file_index_drop(struct troth_file_tree *tree, struct troth_file_node *node);

/* A copy that lives as long as the tree, with a zero behind it; NULL: no room. */
const uint8_t *troth_file_index_copy(struct troth_file_tree *tree, const uint8_t *bytes,
                                     size_t len);

/* Each node below `top` once, those that hold others before them; `top` itself is the
 * first to ask with, and NULL ends. */
struct troth_file_node *troth_file_index_after(const struct troth_file_node *top,
                                               const struct troth_file_node *node);

/* Each node below `top` once, its children before it, at last `top` itself; NULL ends.
 * The one before may be dropped once the next is known. */
struct troth_file_node *troth_file_index_deepest(struct troth_file_node *top);
struct troth_file_node *troth_file_index_next(const struct troth_file_node *top,
                                              const struct troth_file_node *node);

#endif
