/* policy_verbs.h - what `troth policy` can do; each verb is a command. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_POLICY_VERBS_H
#define TROTH_CLI_POLICY_VERBS_H

#include "cli/commands.h"

/* Each returns the exit status. */
int troth_policy_check(const struct troth_command *command, const char *const *words);
int troth_policy_digest_verb(const struct troth_command *command,
                             const char *const *words);
int troth_policy_explain(const struct troth_command *command, const char *const *words);
int troth_policy_test(const struct troth_command *command, const char *const *words);
int troth_policy_init(const struct troth_command *command, const char *const *words);

/* Their options; all end with a NULL name. */
extern const struct troth_option troth_policy_check_options[];
extern const struct troth_option troth_policy_digest_options[];
extern const struct troth_option troth_policy_explain_options[];
extern const struct troth_option troth_policy_test_options[];
extern const struct troth_option troth_policy_init_options[];

#endif
