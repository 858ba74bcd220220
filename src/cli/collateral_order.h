/* collateral_order.h - what a command line of `troth collateral` asks for. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_COLLATERAL_ORDER_H
#define TROTH_CLI_COLLATERAL_ORDER_H

#include "cli/options.h"
#include "cli/order.h"
#include "cli/supply.h"

struct troth_collateral_order {
    struct troth_inputs inputs; /* owns all memory */
    struct troth_words files, roots;
    struct troth_supply_options supply;
    const char *out; /* NULL: none was named */
    int64_t within_s;
    bool json;
};

/* Room for `words`. False, with a problem, if there is no memory. */
bool troth_collateral_order_begin(struct troth_collateral_order *order,
                                  struct troth_problem *problem,
                                  const char *const *words);
void troth_collateral_order_release(struct troth_collateral_order *order);

/* A word that is no option. */
bool troth_collateral_order_file(void *order, struct troth_problem *problem,
                                 const char *value);

/* The rows of the verbs' tables of options. */
bool troth_collateral_order_pccs(void *order, struct troth_problem *problem,
                                 const char *value);
bool troth_collateral_order_kds(void *order, struct troth_problem *problem,
                                const char *value);
bool troth_collateral_order_update(void *order, struct troth_problem *problem,
                                   const char *value);
bool troth_collateral_order_ca(void *order, struct troth_problem *problem,
                               const char *value);
bool troth_collateral_order_root(void *order, struct troth_problem *problem,
                                 const char *value);
bool troth_collateral_order_cache(void *order, struct troth_problem *problem,
                                  const char *value);
bool troth_collateral_order_timeout(void *order, struct troth_problem *problem,
                                    const char *value);
bool troth_collateral_order_within(void *order, struct troth_problem *problem,
                                   const char *value);
bool troth_collateral_order_o(void *order, struct troth_problem *problem,
                              const char *value);
bool troth_collateral_order_json(void *order, struct troth_problem *problem,
                                 const char *value);

#endif
