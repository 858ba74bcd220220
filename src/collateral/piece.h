/* piece.h - one piece of collateral: what is needed, what is there, what came of asking.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_COLLATERAL_PIECE_H
#define TROTH_COLLATERAL_PIECE_H

#include "collateral/fetch.h"

/* clang-format off */
#define TROTH_PIECE_STATES(X)                                                            \
    /* state        name            meaning                                           */ \
    X(MISSING,     "missing",     "the cache has none that holds now, and nobody was asked") \
    X(GIVEN,       "given",       "it is in the evidence, or was given")                  \
    X(KEPT,        "kept",        "it is in the cache")                                   \
    X(FETCHED,     "fetched",     "a service answered it now")                            \
    X(REFUSED,     "refused",     "a service's answer is not what was asked for, or not genuine") \
    X(UNAVAILABLE, "unavailable", "no service answered it")                               \
    X(DAMAGED,     "damaged",     "what the cache has cannot be read")
/* clang-format on */

enum troth_piece_state {
#define X(state, name, meaning) TROTH_PIECE_##state,
    TROTH_PIECE_STATES(X)
#undef X
};
const char *troth_piece_state_name(enum troth_piece_state state);

struct troth_piece {
    enum troth_piece_state state;
    struct troth_need need; /* texts live in `texts`, or in `entry` */
    enum troth_update update;
    char *texts;
    struct troth_kept_entry entry;  /* of the cache, or fetched; zeroed: there is none */
    bool holds;                     /* there is an entry, and it holds at the clock */
    bool is_not_kept;               /* FETCHED, and the cache could not take it: `why` */
    char why[TROTH_FETCH_WHY_ROOM]; /* a clause, or empty */
    /* What of a list of items it gave, and their memory. */
    size_t first_item, item_count;
    void *memory;
};

/* Zeroed, it holds nothing and may be released. */
struct troth_pieces {
    struct troth_piece *rows;
    size_t count;
};

/* A new one, zeroed; those before may move. NULL: no memory. */
struct troth_piece *troth_pieces_add(struct troth_pieces *pieces);
void troth_pieces_release(struct troth_pieces *pieces);

/* The need, with texts of the piece's own. False: no memory. */
bool troth_piece_take_need(struct troth_piece *piece, const struct troth_need *need);

/* What may be done about a piece. */
struct troth_gatherer {
    const struct troth_kept *kept; /* NULL: there is no cache */
    struct troth_fetcher *fetcher; /* NULL: nobody is asked */
    enum troth_update update;
    bool asks_eagerly; /* for what is stale or optional, too, not only for what lacks */
    int64_t within_s;  /* the same for what expires so soon */
    int64_t at_s;      /* the clock */
    const struct troth_crypto *crypto;
};

/* Look into the cache: KEPT, MISSING or DAMAGED. */
void troth_piece_find(struct troth_piece *piece, const struct troth_gatherer *gatherer);

/* Ask for it, if it should be asked for. `beside` as in troth_fetch(). */
void troth_piece_renew(struct troth_piece *piece, const struct troth_gatherer *gatherer,
                       const struct troth_collateral *beside);

/* Is it there, as far as the verdict depends on it? */
bool troth_piece_suffices(const struct troth_piece *piece);

#endif
