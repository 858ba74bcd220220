/* verbs.h - commands that are several: 'troth collateral get', 'troth policy check'. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_VERBS_H
#define TROTH_CLI_VERBS_H

#include "cli/commands.h"

/* The verbs of each command that has some: their names are "collateral get", and they end
 * with a NULL name. */
extern const struct troth_command troth_collateral_verbs[];
extern const struct troth_command troth_image_verbs[];
extern const struct troth_command troth_log_verbs[];
extern const struct troth_command troth_policy_verbs[];
extern const struct troth_command troth_result_verbs[];

/* Those of one command; NULL: it has none. */
const struct troth_command *troth_verbs_of(const struct troth_command *command);

/* "get" of "collateral get", and of "verify" that itself. */
const char *troth_verb_word(const struct troth_command *verb);

/* Of a command with verbs, find the one that the first word names and run it. Returns the
 * exit status; an unknown verb is told with the nearest there is. */
int troth_verbs_run(const struct troth_command *command, const char *const *words);

#endif
