/*
 * edge.h - the right edge of a growing tree: all that it takes to go on, whatever its
 * size.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TLOG_EDGE_H
#define TROTH_TLOG_EDGE_H

#include "tlog/tile.h"

/* The last tile of each level, as far as it has come. Zeroed: of an empty tree. */
struct troth_edge {
    uint64_t size;
    struct {
        unsigned width; /* below 256 */
        struct troth_log_hash hashes[TROTH_TILE_WIDTH];
    } levels[TROTH_TILE_LEVELS];
};

/* Told of each tile that has become full. What it returns ends the call. */
struct troth_edge_sink {
    enum troth_err (*full)(void *state, const struct troth_tile *tile,
                           struct troth_span bytes);
    void *state;
};

/*
 * troth_edge_push - one leaf more.
 *
 * Errors   TROTH_ERR_LIMIT: TROTH_TREE_SIZE_MAX; TROTH_ERR_CRYPTO; the sink's own. After
 *          an error the edge is of no use.
 */
TROTH_MUST_USE enum troth_err troth_edge_push(struct troth_edge *edge,
                                              const struct troth_crypto *crypto,
                                              const struct troth_log_hash *leaf,
                                              const struct troth_edge_sink *sink);

/* The root of the tree as it is; of an empty one the hash of nothing. */
TROTH_MUST_USE enum troth_err troth_edge_root(struct troth_log_hash *out,
                                              const struct troth_crypto *crypto,
                                              const struct troth_edge *edge);

/* The partial tile of a level, and its bytes; false if that is empty. */
bool troth_edge_partial(struct troth_tile *out, struct troth_span *bytes,
                        const struct troth_edge *edge, unsigned level);

/*
 * troth_edge_restore - the edge of a tree of `size`, from its last tiles.
 *
 *   source   TROTH_ERR_… of a tile that is not to be had
 *
 * Shape    judges nothing: compare troth_edge_root() with what was signed
 * Errors   TROTH_ERR_LIMIT: TROTH_TREE_SIZE_MAX; the source's own
 */
struct troth_tile_source {
    /* `bytes` has TROTH_TILE_SIZE; as many as the tile is wide are written. */
    enum troth_err (*read)(void *state, uint8_t *bytes, const struct troth_tile *tile);
    void *state;
};
TROTH_MUST_USE enum troth_err troth_edge_restore(struct troth_edge *out,
                                                 const struct troth_tile_source *source,
                                                 uint64_t size);

#endif
