/* policy_lines.h - where in a policy's document it says what decided. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_POLICY_LINES_H
#define TROTH_CLI_POLICY_LINES_H

#include "codec/tree.h"
#include "troth/verify.h"

/* Fill in the policy_line of checks that settings decide; what the document does not
 * speak of keeps 0. */
void troth_policy_lines_add(const struct troth_result *result,
                            const struct troth_tree_node *document);

#endif
