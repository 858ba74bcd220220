/*
 * code.h - a checked tree as instructions for the evaluator.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CEL_CODE_H
#define TROTH_CEL_CODE_H

#include "cel/node.h"

struct troth_cel_code; /* run.c and code.c agree on it */

/*
 * troth_cel_code_make - instructions in the tree's arena.
 *
 * Errors   TROTH_ERR_MEMORY
 */
TROTH_MUST_USE enum troth_err troth_cel_code_make(const struct troth_cel_code **out,
                                                  const struct troth_cel_tree *tree,
                                                  const struct troth_cel_env *env);

#endif
