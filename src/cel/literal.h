/*
 * literal.h - what a number or a string in an expression stands for.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CEL_LITERAL_H
#define TROTH_CEL_LITERAL_H

#include "cel/issue.h"
#include "cel/token.h"

/*
 * troth_cel_literal - the value of an INT, UINT, DOUBLE, STRING or BYTES token.
 *
 *   out          zeroed on failure; borrows the source or, where it has escapes, `arena`
 *   issue        filled on TROTH_ERR_VALUE
 *   is_negative  a '-' comes before the number: -9223372036854775808 is an int
 *
 * Errors   TROTH_ERR_VALUE, TROTH_ERR_MEMORY
 * Spec     [CEL] langdef, Numeric Values, String and Bytes Values
 */
TROTH_MUST_USE enum troth_err
troth_cel_literal(struct troth_cel_value *out, struct troth_cel_issue *issue,
                  struct troth_span source, const struct troth_cel_token *token,
                  bool is_negative, struct troth_arena *arena);

#endif
