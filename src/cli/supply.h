/* supply.h - the cache and the services that a command line names, ready to be used. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_SUPPLY_H
#define TROTH_CLI_SUPPLY_H

#include "cli/cache_folder.h"
#include "cli/inputs.h"
#include "cli/progress.h"
#include "collateral/gather.h"

/* What the options say; NULL: nothing. They borrow from the command line. */
struct troth_supply_options {
    const char *pccs, *kds, *ca, *cache;
    enum troth_update update;
    int64_t timeout_s; /* of one request; 0: thirty seconds */
    bool offline;
    bool alone; /* what lies in the cache is not looked at, either */
};

/* It points into itself: it stays where it began. */
struct troth_supply {
    char folder[TROTH_CACHE_FOLDER_ROOM];
    struct troth_services services;
    struct troth_kept kept;
    struct troth_anchors anchors;
    struct troth_progress progress;
    struct troth_patience patience;
    struct troth_fetcher fetcher;
    struct troth_gatherer gatherer; /* what the rest is for */
};

/* Values of --pccs, --kds and --cache; false, with a problem, if they are no good. */
bool troth_supply_take_pccs(struct troth_supply_options *options,
                            struct troth_problem *problem, const char *value);
bool troth_supply_take_kds(struct troth_supply_options *options,
                           struct troth_problem *problem, const char *value);
bool troth_supply_take_cache(struct troth_supply_options *options,
                             struct troth_problem *problem, const char *value);

/*
 * troth_supply_begin - with options that were taken.
 *
 *   inputs   whose anchors may vouch for answers
 *
 * Effects  none yet: nothing is opened before it is needed. A cache that nobody names and
 *          the environment has no place for is none.
 */
void troth_supply_begin(struct troth_supply *supply,
                        const struct troth_supply_options *options,
                        const struct troth_inputs *inputs,
                        const struct troth_crypto *crypto);
void troth_supply_end(struct troth_supply *supply); /* a zeroed one, too */

/* "delete 'PATH', and it is fetched anew": what helps against a damaged piece; empty for
 * others. */
void troth_supply_remedy(char *out, size_t size, const struct troth_supply *supply,
                         const struct troth_piece *piece);

#endif
