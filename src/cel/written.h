/*
 * written.h - nodes that macros write, rather than users.
 *
 * A 0 for a node that could not be made goes through all of them, as the tree remembers.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CEL_WRITTEN_H
#define TROTH_CEL_WRITTEN_H

#include "cel/macro.h"

uint32_t troth_written_node(const struct troth_cel_macro_call *call,
                            enum troth_cel_node_kind kind);
uint32_t troth_written_name(const struct troth_cel_macro_call *call,
                            struct troth_span name);
uint32_t troth_written_literal(const struct troth_cel_macro_call *call,
                               struct troth_cel_value value);

/* A call of up to three arguments; those that are 0 are left out. */
uint32_t troth_written_call(const struct troth_cel_macro_call *call, const char *function,
                            uint32_t first, uint32_t second, uint32_t third);
/* The same where `first` is the receiver. */
uint32_t troth_written_member_call(const struct troth_cel_macro_call *call,
                                   const char *function, uint32_t first);

/* A LET of `name` = `value` in `body`. */
uint32_t troth_written_let(const struct troth_cel_macro_call *call,
                           struct troth_span name, uint32_t value, uint32_t body);

/* Child number `n` of the call, on its own. */
uint32_t troth_written_take(const struct troth_cel_macro_call *call, unsigned n);

/* The name that child number `n` is; false with an issue where it is none. */
bool troth_written_variable(struct troth_span *out,
                            const struct troth_cel_macro_call *call, unsigned n);

/* The node that the macro makes, in place of its call: users see that one. */
uint32_t troth_written_result(const struct troth_cel_macro_call *call, uint32_t node);

/* An issue at a node; the result is 0. */
uint32_t troth_written_refuse(const struct troth_cel_macro_call *call, uint32_t node,
                              const char *text);

#endif
