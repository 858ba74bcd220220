/*
 * code.h - a checked tree as instructions for the evaluator.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CEL_CODE_H
#define TROTH_CEL_CODE_H

#include "cel/node.h"

struct troth_cel_code; /* src/cel/machine.h */

/*
 * Steps that nodes cost beside those of their children and functions. What has only
 * literals below it may be worked out beforehand and cost one.
 */
#define TROTH_CEL_STEPS_OF_NODE  3 /* at most: "?:" */
#define TROTH_CEL_STEPS_OF_LOOP  5 /* once: range, accumulator, the end, the value */
#define TROTH_CEL_STEPS_OF_ROUND 4 /* each time round: next, condition, step, jump */
#define TROTH_CEL_STEPS_OF_CODE  1 /* of the whole: the end */

/*
 * troth_cel_code_make - instructions in the tree's arena.
 *
 *   tree   checked; its nodes stay where they are from now on
 *
 * Errors   TROTH_ERR_MEMORY
 */
TROTH_MUST_USE enum troth_err troth_cel_code_make(const struct troth_cel_code **out,
                                                  const struct troth_cel_tree *tree,
                                                  const struct troth_cel_env *env);

#endif
