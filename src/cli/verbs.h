/* verbs.h - commands that are several: 'troth collateral get', 'troth policy check'. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_VERBS_H
#define TROTH_CLI_VERBS_H

#include "cli/commands.h"

/*
 * troth_verbs_run - find the verb that the first word names and run it.
 *
 *   command  the one they belong to
 *   verbs    their names are "collateral get"; ends with a NULL name
 *
 * Effects  returns the exit status; an unknown verb is told with the nearest there is
 */
int troth_verbs_run(const struct troth_command *command,
                    const struct troth_command *verbs, const char *const *words);

#endif
