/*
 * fold.h - work out beforehand what has only constants as operands.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CEL_FOLD_H
#define TROTH_CEL_FOLD_H

#include "cel/machine.h"

/*
 * May a call be evaluated when the expression is compiled? Not if any of its overloads is
 * a host's: that may know more than its arguments.
 */
bool troth_cel_may_fold(const struct troth_cel_overload *const *overloads);

/*
 * troth_cel_fold - the value of one instruction whose operands are all constant.
 *
 *   operands  in->number instructions that push constants
 *   steps     in: how many may be spent on all that is left to fold; out: how many then
 *
 * The value in the arena; NULL where it is an error, costs much or does not fit.
 */
#define TROTH_CEL_FOLD_STEPS 100000
const struct troth_cel_value *troth_cel_fold(const struct troth_cel_instruction *in,
                                             const struct troth_cel_instruction *operands,
                                             const struct troth_cel_tree *tree,
                                             uint64_t *steps);

#endif
