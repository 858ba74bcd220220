/*
 * variables.h - claims as CEL variables.
 *
 * Each word of the vocabulary is a variable of its own name. Numbers are int (a value
 * above 2^63 - 1 has no value here); instants are timestamps; lists of texts are
 * list(string). A claim that the evidence does not make, or that its family does not
 * have, has no value: a rule that uses it fails, unless "||", "&&", "?:" or has() saw to
 * it.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_POLICY_VARIABLES_H
#define TROTH_POLICY_VARIABLES_H

#include "troth/policy.h"

/* Beside the vocabulary: "now", the clock of the verification (timestamp). */
#define TROTH_POLICY_VARIABLES 1

/* What rules may name and call: the vocabulary and all libraries. TROTH_ERR_MEMORY */
TROTH_MUST_USE enum troth_err troth_policy_env(struct troth_cel_env *out,
                                               struct troth_arena *arena);

/*
 * troth_policy_bind - values for the variables that `program` uses; all others NONE.
 *
 *   out     one for each variable of the environment; in the arena
 *
 * Errors   TROTH_ERR_MEMORY
 */
TROTH_MUST_USE enum troth_err troth_policy_bind(struct troth_cel_value **out,
                                                const struct troth_rules *rules,
                                                const struct troth_claims *claims,
                                                int64_t now_s, struct troth_arena *arena);

/*
 * For a check before there is evidence: "kind" is that kind, what its family can say is
 * UNKNOWN, what it cannot is NONE.
 */
TROTH_MUST_USE enum troth_err troth_policy_bind_unknown(struct troth_cel_value **out,
                                                        enum troth_kind kind,
                                                        struct troth_arena *arena);

#endif
