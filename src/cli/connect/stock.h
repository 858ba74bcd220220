/* stock.h - the collateral that connections are judged by: given, cached, or fetched. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_CONNECT_STOCK_H
#define TROTH_CLI_CONNECT_STOCK_H

#include "cli/order.h"
#include "cli/supply.h"
#include "troth/needs.h"

/* It stays where it began. Zeroed, it may be ended. */
struct troth_stock {
    const struct troth_inputs *inputs; /* what was given */
    const struct troth_crypto *crypto;
    struct troth_supply supply; /* of who fetches, and of nobody else meanwhile */
    struct troth_pieces pieces; /* what was looked for so far */
    struct troth_collateral_item *items;
    uint8_t *parsed;                    /* memory of their parsed form */
    struct troth_collateral collateral; /* all there is now */
};

/* `order` and `crypto` have to stay. False: no memory. */
bool troth_stock_begin(struct troth_stock *stock, const struct troth_order *order,
                       const struct troth_crypto *crypto);
void troth_stock_end(struct troth_stock *stock);

/* Put what is needed and not at hand on a list, once each. */
void troth_stock_note(struct troth_pieces *wanted, const struct troth_needs *needs);

/* Put what is in stock and was fetched once on such a list, to have it anew. */
void troth_stock_note_all(struct troth_pieces *wanted, const struct troth_stock *stock);

/*
 * troth_stock_fetch - look for all of a list in the cache, and ask the services for what
 * is not there.
 *
 *   is_renewal   ask, too, for what will lapse within a day
 *
 * Effects  those of the services; uses nothing of the stock but its supply, so a thread
 *          may do it
 */
void troth_stock_fetch(struct troth_stock *stock, struct troth_pieces *wanted,
                       bool is_renewal);

/* Take what was found, and empty the list. True: there is something that was not there
 * before. What could not be had is told to `tell`, which may be NULL. */
bool troth_stock_take(struct troth_stock *stock, struct troth_pieces *wanted,
                      void (*tell)(const char *about, const char *state,
                                   const char *why));

/* When to look for new ones; INT64_MAX: never. */
int64_t troth_stock_due_s(const struct troth_stock *stock);

#endif
