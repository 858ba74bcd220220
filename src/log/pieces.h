/* pieces.h - tiles and bundles of a place, the latest of which are kept. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_LOG_PIECES_H
#define TROTH_LOG_PIECES_H

#include "log/reader.h"

/* Two paths up the largest tree, and some to come back to: 256 KiB. */
#define TROTH_LOG_PIECES_TILES 32

/* Zeroed but for `place`, nothing is kept. */
struct troth_log_pieces {
    struct troth_log_place place;
    struct troth_log_kept_tile {
        struct troth_tile tile; /* width 0: nothing is kept here */
        uint64_t used;          /* when, by the count below; 0: nothing is kept here */
        uint8_t bytes[TROTH_TILE_SIZE];
    } tiles[TROTH_LOG_PIECES_TILES];
    uint64_t uses;
    struct troth_tile bundle_of; /* width 0: no bundle is kept */
    struct troth_file bundle;
};

/* Of exactly the length that such a tile has, or EBADMSG; its hashes are anybody's. Valid
 * until the next call. */
TROTH_MUST_USE int troth_log_pieces_tile(struct troth_span *out,
                                         struct troth_log_pieces *pieces,
                                         struct troth_log_problem *problem,
                                         const struct troth_tile *tile);

/* With exactly as many entries as the tile is wide, or EBADMSG. */
TROTH_MUST_USE int troth_log_pieces_bundle(struct troth_span *out,
                                           struct troth_log_pieces *pieces,
                                           struct troth_log_problem *problem,
                                           const struct troth_tile *tile);

/* What did not lead to a signed root must not be asked of memory again. */
void troth_log_pieces_forget(struct troth_log_pieces *pieces);
void troth_log_pieces_forget_bundle(struct troth_log_pieces *pieces);

#endif
