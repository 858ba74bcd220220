/* say.h - what troth-agent tells people, on standard error, and its --help. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_AGENT_PROGRAM_SAY_H
#define TROTH_SERVICE_AGENT_PROGRAM_SAY_H

#include "cli/problem.h"
#include "troth/attester.h"

/* "troth-agent: TEXT": a line of the log. Never holds what was asked for or answered. */
void troth_agent_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* "troth-agent: error: …" and a hint; returns the exit status, 2. */
int troth_agent_say_problem(const struct troth_problem *problem);

/* The device's words as a problem; returns false. */
bool troth_agent_problem_device(struct troth_problem *problem,
                                const struct troth_attester_fault *fault);

void troth_agent_say_help(void);

#endif
