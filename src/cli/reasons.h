/* reasons.h - why a rule of a policy does not hold, sub-expression by sub-expression. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_REASONS_H
#define TROTH_CLI_REASONS_H

#include "cli/page.h"
#include "troth/verify.h"

/*
 * One line for each reason from `column` on: the sub-expression as it is written, and its
 * value; operands stand two further in, once each. Nothing where the check is of no rule,
 * or of one that holds.
 */
void troth_reasons_print(struct troth_page *page, const struct troth_result *result,
                         const struct troth_check *check, unsigned column);

#endif
