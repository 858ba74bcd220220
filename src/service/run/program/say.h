/* say.h - what troth-run tells people, on standard error, its --help and --measure. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_RUN_PROGRAM_SAY_H
#define TROTH_SERVICE_RUN_PROGRAM_SAY_H

#include "cli/problem.h"
#include "service/run/measure.h"

/* "troth-run: TEXT": a line of the log. Never holds what the program or its clients say.
 */
void troth_run_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* "troth-run: error: …" and a hint; returns the exit status: 2 for what was asked
 * wrongly, else 125. */
int troth_run_say_problem(const struct troth_problem *problem);

void troth_run_say_help(void);

/* On standard output; returns the exit status. */
int troth_run_say_measure(const struct troth_run_measure *measure, bool json);

#endif
