/*
 * tile.h - the pieces that a log is served in: 256 hashes of one level, or the entries
 * beneath a tile of level 0. [C2SP-TILES]
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TLOG_TILE_H
#define TROTH_TLOG_TILE_H

#include <stdbool.h>

#include "tlog/merkle.h"

#define TROTH_TILE_WIDTH  256
#define TROTH_TILE_SIZE   ((size_t)TROTH_TILE_WIDTH * TROTH_LOG_HASH_SIZE)
#define TROTH_TILE_LEVELS 8 /* of a tree below TROTH_TREE_SIZE_MAX */

/* The largest bundle of entries: each with its length in front. */
#define TROTH_TILE_ENTRIES_MAX ((size_t)TROTH_TILE_WIDTH * (2 + TROTH_LOG_ENTRY_MAX))

struct troth_tile {
    bool has_entries; /* a bundle of entries; its level is 0 */
    unsigned level;   /* hashes of nodes of level 8 * this */
    uint64_t index;
    unsigned width; /* 1 to 256; less than that: a partial one */
};

/* "tile/0/x001/x234/067.p/5", with a zero behind it. */
#define TROTH_TILE_PATH_ROOM 64
void troth_tile_path(char out[static TROTH_TILE_PATH_ROOM],
                     const struct troth_tile *tile);

/* The same read back, and only what troth_tile_path() writes: TROTH_ERR_VALUE,
 * TROTH_ERR_ENCODING. Levels up to 63 are read, those above TROTH_TILE_LEVELS are for
 * the caller to miss. */
TROTH_MUST_USE enum troth_err troth_tile_parse(struct troth_tile *out,
                                               struct troth_span path);

/* How wide tile `index` of `level` is in a tree of that size: 0 where there is none. */
unsigned troth_tile_width(unsigned level, uint64_t index, uint64_t size);

/* Which tile has, or makes by hashing, a node of a tree of that size. */
struct troth_tile troth_tile_of_node(unsigned level, uint64_t index, uint64_t size);

/*
 * troth_tile_node - the hash of a node from the tile that troth_tile_of_node() names.
 *
 * Errors   TROTH_ERR_VALUE: the node is not in it; TROTH_ERR_SHORT, TROTH_ERR_TRAILING:
 *          the tile's length is not that of its width; TROTH_ERR_CRYPTO
 */
TROTH_MUST_USE enum troth_err troth_tile_node(struct troth_log_hash *out,
                                              const struct troth_crypto *crypto,
                                              const struct troth_tile *tile,
                                              struct troth_span bytes, unsigned level,
                                              uint64_t index);

/*
 * troth_tile_next_entry - the next entry of a bundle.
 *
 *   out    borrows the bundle
 *   rest   moved behind it
 *
 * Errors   TROTH_ERR_SHORT
 */
TROTH_MUST_USE enum troth_err troth_tile_next_entry(struct troth_span *out,
                                                    struct troth_span *rest);

#endif
