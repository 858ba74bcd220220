/*
 * check.h - find out what every name means and every sub-expression's type.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CEL_CHECK_H
#define TROTH_CEL_CHECK_H

#include "cel/issue.h"
#include "cel/node.h"

/*
 * troth_cel_check - fill in the checker's part of every node.
 *
 *   tree   parsed; the checker writes its nodes and its arena
 *   issue  filled on TROTH_ERR_VALUE
 *
 * Shape    names are looked for in the container and its parents, the longest that is
 *          declared wins, and the locals of loops hide all; where env->is_unchecked, what
 *          cannot be resolved means NOTHING and types are dyn, but names and the
 * overloads of calls are resolved all the same Errors   TROTH_ERR_VALUE, TROTH_ERR_MEMORY
 * Spec     [CEL] langdef, Name Resolution, Gradual Type Checking
 */
TROTH_MUST_USE enum troth_err troth_cel_check(struct troth_cel_tree *tree,
                                              struct troth_cel_issue *issue,
                                              const struct troth_cel_env *env);

#endif
