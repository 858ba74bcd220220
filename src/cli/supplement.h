/* supplement.h - the collateral that `troth verify` was not given: cached, or fetched. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_SUPPLEMENT_H
#define TROTH_CLI_SUPPLEMENT_H

#include "cli/order.h"
#include "cli/supply.h"

/* Room for the longest command that a hint shows whole. */
#define TROTH_COMMAND_ROOM 1024

/* Zeroed, it holds nothing and may be ended. It stays where it began. */
struct troth_supplement {
    struct troth_supply supply;
    struct troth_gathered gathered;
};

/*
 * troth_supplement_begin - put behind the collateral of an order what else its evidence
 * needs and the cache has, or a service answers.
 *
 * Shape    services are asked only for what the verdict depends on, once each and for ten
 *          seconds at most; nobody is asked with --offline, or where the clock is not
 *          this machine's: what services answer is of today
 * Effects  the order's items borrow from the supplement. Failing is no failure: what is
 *          missing is a check that is not made.
 */
void troth_supplement_begin(struct troth_supplement *supplement,
                            struct troth_order *order, const struct troth_crypto *crypto);
void troth_supplement_end(struct troth_supplement *supplement);

/* What could not be had, and why, on standard error. */
void troth_supplement_tell(const struct troth_supplement *supplement);

/* "troth collateral get …": the command that gets what is missing, as a shell reads it.
 */
void troth_supplement_command(char out[static TROTH_COMMAND_ROOM],
                              const struct troth_order *order, const char *file);

#endif
