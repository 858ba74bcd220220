/*
 * tree.h - a document of maps, lists and texts, whichever notation it came in.
 *
 * Every scalar is text: what it means is for the reader's schema to say. So YAML's and
 * JSON's own ideas of types never decide anything.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CODEC_TREE_H
#define TROTH_CODEC_TREE_H

#include <stdbool.h>

#include "troth/arena.h"
#include "troth/error.h"
#include "troth/span.h"

#define TROTH_TREE_SOURCE_MAX ((size_t)256 * 1024) /* bytes of a document */
#define TROTH_TREE_NODES_MAX  16384
#define TROTH_TREE_DEPTH_MAX  16
#define TROTH_TREE_KEYS_MAX   128 /* of all maps open at once, as in codec/json.h */

enum troth_tree_kind { TROTH_TREE_TEXT = 1, TROTH_TREE_LIST, TROTH_TREE_MAP };

/* A place in the document, from 1; columns count bytes. */
struct troth_place {
    uint32_t line, column;
};

struct troth_tree_node {
    enum troth_tree_kind kind;
    struct troth_span key; /* in a map; unique there */
    struct troth_place key_place;
    struct troth_span text;   /* TEXT: UTF-8, without quotes and escapes */
    bool is_quoted;           /* TEXT: written as a string: JSON's "…", YAML's quotes */
    struct troth_place place; /* where the value starts */
    /* TEXT: where its first byte stands; column 0: escapes or folded lines were undone,
     * and nobody knows. is_block: each of its lines is one of the document's, from that
     * column on; else it is one line. */
    struct troth_place text_place;
    bool is_block;
    bool is_folded; /* TEXT: lines of the document were joined to one */
    /* Siblings and children in the document's order; NULL: none. */
    const struct troth_tree_node *next, *first_child;
    size_t count; /* of children */
};

/* The child of that key, or NULL; also NULL where `map` is NULL or no MAP. */
const struct troth_tree_node *troth_tree_find(const struct troth_tree_node *map,
                                              const char *key);

/* Room for the way from the root to any node, both among it. */
#define TROTH_TREE_WAY (TROTH_TREE_DEPTH_MAX + 1)

/*
 * To the next node in the document's order. `way` leads from the root to one node, which
 * way[*depth] is, and then to the next; false behind the last.
 */
bool troth_tree_next(const struct troth_tree_node *way[static TROTH_TREE_WAY],
                     unsigned *depth);

/* Why a document could not be read. */
struct troth_tree_issue {
    struct troth_place place;
    char text[192]; /* one clause, without a full stop */
};

/*
 * troth_tree_from_json - JSON as a tree: numbers and true, false keep their spelling;
 * null is refused.
 *
 *   out     borrows `text` and the arena; NULL on failure
 *   issue   filled on every failure but TROTH_ERR_MEMORY; may be NULL
 *
 * Errors   the JSON reader's (troth/error.h); TROTH_ERR_TYPE for null; TROTH_ERR_LIMIT,
 *          TROTH_ERR_DEPTH, TROTH_ERR_MEMORY
 * Spec     [RFC8259]
 */
TROTH_MUST_USE enum troth_err troth_tree_from_json(const struct troth_tree_node **out,
                                                   struct troth_tree_issue *issue,
                                                   struct troth_span text,
                                                   struct troth_arena *arena);

#endif
