/* flag_policy.h - the policy that the flags of `troth verify` are short for. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_FLAG_POLICY_H
#define TROTH_CLI_FLAG_POLICY_H

#include "cli/order.h"
#include "troth/policy.h"

/* What such a policy is called. */
#define TROTH_FLAG_POLICY_NAME "command line"

/*
 * troth_flag_policy - --expect, --any and --allow as a document, read.
 *
 *   out    NULL where the flags make no policy: they leave the code or the nonce open,
 * they are wrong, the clock is the document's, or nothing recognises the evidence. They
 *          are then judged as they stand, and what is amiss is told in their own words.
 *
 * Shape    false, with a problem, only where memory or the library fails
 */
bool troth_flag_policy(const struct troth_policy **out, struct troth_order *order,
                       struct troth_problem *problem, const struct troth_crypto *crypto);

/* Beside --policy no flag may say what the policy has to: false, with a problem. */
bool troth_flags_fit_policy(const struct troth_order *order,
                            struct troth_problem *problem);

#endif
