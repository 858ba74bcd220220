/* problem.h - saying why something of a log could not be done. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_LOG_PROBLEM_H
#define TROTH_LOG_PROBLEM_H

#include "log/sequence.h"

/* `pattern` with each '%' replaced by the next of three words, unused ones NULL; gives
 * `failed` back, as all of these. */
int troth_log_problem_set(struct troth_log_problem *problem, int failed,
                          const char *pattern, const char *const words[static 3]);

/* A clause that needs no words. */
int troth_log_problem_say(struct troth_log_problem *problem, int failed,
                          const char *clause);

/* "cannot DOING 'PATH': what the system says of it". */
int troth_log_problem_disk(struct troth_log_problem *problem, int failed,
                           const char *doing, const char *path);

/* A number as a word. */
#define TROTH_LOG_NUMBER_ROOM 24
const char *troth_log_number(char out[static TROTH_LOG_NUMBER_ROOM], uint64_t number);

#endif
