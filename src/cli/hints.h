/* hints.h - what would change an answer. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_HINTS_H
#define TROTH_CLI_HINTS_H

#include "troth/verify.h"

/* Room for the longest hint. */
#define TROTH_HINT_ROOM 2048

/* The hint for one check of a result, or an empty text. `get` is the command that gets
 * collateral for this evidence. */
void troth_hint_write(char out[static TROTH_HINT_ROOM], const struct troth_result *result,
                      const struct troth_check *check, const char *get);

/* Every hint once, on standard error. */
void troth_hints_print(const struct troth_result *result, const char *get);

#endif
