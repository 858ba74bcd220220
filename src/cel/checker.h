/* checker.h - what the parts of the checker share: check.c, call.c, complaint.c. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CEL_CHECKER_H
#define TROTH_CEL_CHECKER_H

#include "cel/issue.h"
#include "cel/resolve.h"
#include "cel/rewrite.h"

struct troth_cel_checker {
    struct troth_cel_tree *tree;
    const struct troth_cel_env *env;
    struct troth_cel_issue *issue;
    struct troth_cel_unifier unifier;
};

/* Issues: fill the checker's, and say TROTH_ERR_VALUE. */

/* "undeclared reference to 'x' (in container '')", and what may have been meant. */
enum troth_err troth_cel_complain_undeclared(const struct troth_cel_checker *c,
                                             uint32_t node);

/* "found no matching overload for '_+_' applied to '(int, string)'". */
enum troth_err troth_cel_complain_overload(struct troth_cel_checker *c, uint32_t node);

/* "expected type 'bool' but found 'int'". */
enum troth_err troth_cel_complain_type(struct troth_cel_checker *c, uint32_t node,
                                       const struct troth_cel_type *wanted);

/* `before`, the type of `typed` in quotes, `after`. */
enum troth_err troth_cel_complain_about(struct troth_cel_checker *c, uint32_t node,
                                        const char *before, uint32_t typed,
                                        const char *after);

/* A CALL, before its children: is its receiver only a namespace? Then it means that. */
void troth_cel_call_enter(struct troth_cel_checker *c, uint32_t node);

/* After them: its overloads and its type. TROTH_ERR_VALUE, TROTH_ERR_MEMORY */
TROTH_MUST_USE enum troth_err troth_cel_call_leave(struct troth_cel_checker *c,
                                                   uint32_t node);

#endif
