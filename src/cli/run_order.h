/* run_order.h - what a command line of `troth run` asks for. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_RUN_ORDER_H
#define TROTH_CLI_RUN_ORDER_H

#include "cli/options.h"

#define TROTH_RUN_STATE           "/run/troth"
#define TROTH_RUN_ORDER_PATHS_MAX 16

/* Texts borrow from the command line; NULL: not given. */
struct troth_run_order {
    const char *listen, *upstream, *run_file, *state;
    const char *policy, *ask, *certificate, *key;
    const char *roots[TROTH_RUN_ORDER_PATHS_MAX], *collateral[TROTH_RUN_ORDER_PATHS_MAX];
    size_t root_count, collateral_count;
    bool image_holds_run_file, measure, json;
    const char *const *program; /* the words behind "--", ending with NULL */
    size_t taken;               /* of those, by the reading */
};

/* Ends with a NULL name; `troth run` and troth-run have the same. */
extern const struct troth_option troth_run_options[];

/* A command line that works, and what --help says below the options. */
extern const char troth_run_example[];
extern const char troth_run_notes[];

/* False with a problem; `out_help`: that was asked for, and nothing else counts. */
bool troth_run_order_parse(struct troth_run_order *out, struct troth_problem *problem,
                           bool *out_help, const char *const *words);

#endif
