/*
 * parse.h - source text to a tree, macros written out.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CEL_PARSE_H
#define TROTH_CEL_PARSE_H

#include "cel/issue.h"
#include "cel/node.h"

/*
 * troth_cel_parse - read one expression.
 *
 *   out     the tree; TROTH_CEL_NESTING_MAX and TROTH_CEL_DEPTH_MAX hold
 *   issue   filled on TROTH_ERR_VALUE
 *
 * Errors   TROTH_ERR_VALUE; TROTH_ERR_MEMORY
 * Spec     [CEL] langdef, Syntax
 */
TROTH_MUST_USE enum troth_err troth_cel_parse(struct troth_cel_tree *out,
                                              struct troth_cel_issue *issue,
                                              const struct troth_cel_env *env,
                                              struct troth_span source,
                                              struct troth_arena *arena);

#endif
