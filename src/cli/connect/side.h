/* side.h - this end of attested connections: who asks, and by what it judges. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_CONNECT_SIDE_H
#define TROTH_CLI_CONNECT_SIDE_H

#include "cli/connect/order.h"
#include "cli/connect/stock.h"
#include "cli/connect/target.h"
#include "troth/connection.h"

/* Zeroed, it may be ended. It stays where it began. */
struct troth_side {
    struct troth_connect_order *order;
    struct troth_target target;
    struct troth_crypto crypto;
    struct troth_tls *tls;
    struct troth_channel_tools tools;
    struct troth_anchors anchors;
    struct troth_stock stock;
    struct troth_arena arena;
    struct troth_known known;
    struct troth_cache cache;
    uint8_t *known_memory;
    struct troth_cache_entry *cache_entries;
};

/* Read all that the order names; false with a problem. Nothing is looked up, connected to
 * or fetched. */
bool troth_side_begin(struct troth_side *side, struct troth_problem *problem,
                      struct troth_connect_order *order);
void troth_side_end(struct troth_side *side);

/* The stock has changed: what is open is to be judged again. */
void troth_side_renew(struct troth_side *side);

#endif
