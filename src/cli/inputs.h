/* inputs.h - files named on a command line, as what they hold. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_INPUTS_H
#define TROTH_CLI_INPUTS_H

#include "cli/problem.h"
#include "troth/verify.h"

/* No file may be longer; evidence and certificates are a hundred times smaller. */
#define TROTH_INPUT_MAX ((size_t)1024 * 1024)

/* Zeroed, it holds nothing and may be released. What it lends lives until then. */
struct troth_inputs {
    struct troth_span evidence;
    struct troth_collateral_item items[TROTH_COLLATERAL_MAX];
    size_t item_count;
    struct troth_anchor *anchors; /* the built-in ones and those read; NULL until then */
    size_t anchor_count;
    bool standard_is_read;
    void **blocks; /* memory that the above borrows from */
    size_t block_count;
};

/* FILE of the command line, "-" for standard input, its armour removed (cli/armour.h).
 * What a family recognises as it is has none. */
bool troth_inputs_read_evidence(struct troth_inputs *inputs,
                                struct troth_problem *problem, const char *path);

/* --collateral PATH: a file, or every file in a folder. */
bool troth_inputs_read_collateral(struct troth_inputs *inputs,
                                  struct troth_problem *problem, const char *path);

/* --root FILE: certificates to trust beside the built-in ones. */
bool troth_inputs_read_root(struct troth_inputs *inputs, struct troth_problem *problem,
                            const struct troth_crypto *crypto, const char *path);

/* Any other file, "-" for standard input, as it is; `max` bytes at most. */
bool troth_inputs_read(struct troth_inputs *inputs, struct troth_problem *problem,
                       struct troth_span *out, const char *path, size_t max);

/* Memory that goes with the inputs; NULL, with a problem, when there is none. */
void *troth_inputs_allocate(struct troth_inputs *inputs, struct troth_problem *problem,
                            size_t size);

/* What messages call a path: "standard input" for "-". */
const char *troth_inputs_name(const char *path);

void troth_inputs_release(struct troth_inputs *inputs);

#endif
