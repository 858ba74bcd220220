/* gather.h - all the collateral that one piece of evidence needs, from wherever it is. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_COLLATERAL_GATHER_H
#define TROTH_COLLATERAL_GATHER_H

#include "collateral/piece.h"

/* Zeroed, it holds nothing and may be released. */
struct troth_gathered {
    struct troth_pieces pieces; /* one for each need, in the order they turned up */
    /* What is at hand: put there by the caller, and behind that what the pieces gave. */
    struct troth_collateral_item items[TROTH_COLLATERAL_MAX];
    size_t item_count;
};

/*
 * troth_gather - ask what is needed, look it up or fetch it, and ask again with the
 * answer.
 *
 *   out   `items` hold what is at hand already; the rest is filled, also on failure; give
 *         it to troth_gathered_release()
 *
 * Errors   those of troth_needs()
 * Effects  those of the gatherer's cache and services
 */
TROTH_MUST_USE enum troth_err troth_gather(struct troth_gathered *out,
                                           struct troth_fault *fault,
                                           const struct troth_gatherer *gatherer,
                                           struct troth_span evidence);

void troth_gathered_release(struct troth_gathered *gathered);

/*
 * troth_gather_cache - every entry of a cache, renewed where the gatherer says so.
 *
 * Errors   returns 0 or an errno
 */
TROTH_MUST_USE int troth_gather_cache(struct troth_pieces *out,
                                      const struct troth_gatherer *gatherer);

#endif
