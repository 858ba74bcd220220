/* starter.h - a first policy out of evidence, and the evidence before that policy. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_SUPPORT_STARTER_H
#define TROTH_TEST_SUPPORT_STARTER_H

#include "test/support/trial.h"

/*
 * starter_judge - what `troth policy init` and then `troth verify --policy` make of it.
 *
 *   t           with roots and collateral; its requirements and policy are replaced
 *   out_policy  the text, until the next call
 *
 * Returns the line of the second verification, which answers the evidence's own nonce;
 * that of the first where it is not accepted.
 */
const char *starter_judge(struct trial *t, const char **out_policy,
                          struct troth_span evidence, int64_t at_s);

#endif
