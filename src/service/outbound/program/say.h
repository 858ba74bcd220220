/* say.h - what troth-outbound tells people, on standard error, and its --help. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_OUTBOUND_PROGRAM_SAY_H
#define TROTH_SERVICE_OUTBOUND_PROGRAM_SAY_H

#include "cli/problem.h"

/* "troth-outbound: TEXT": a line of the log. */
void troth_outbound_log(const char *text);

/* "troth-outbound: error: …" and a hint; returns the exit status, 2. */
int troth_outbound_say_problem(const struct troth_problem *problem);

void troth_outbound_say_help(void);

#endif
