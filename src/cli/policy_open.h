/* policy_open.h - what a policy leaves open, said in words. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_POLICY_OPEN_H
#define TROTH_CLI_POLICY_OPEN_H

#include "policy/policy.h"

struct troth_open_point {
    char path[224];   /* "images.release-7.tdx.rtmr1" */
    const char *text; /* "any: ..." */
};

/* Hand each over, in the order in which the document has its keys. */
void troth_policy_open(const struct troth_policy *policy,
                       void (*take)(void *state, const struct troth_open_point *point),
                       void *state);

#endif
