/* words.h - command lines of the programs that troth-run starts, and environments. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_RUN_WORDS_H
#define TROTH_SERVICE_RUN_WORDS_H

#include "service/run/plan.h"

/* Descriptors that helpers find open. */
#define TROTH_RUN_FD_LISTENER 3
#define TROTH_RUN_FD_READY    4
#define TROTH_RUN_FD_LOCK     5 /* kept so that the lock ends with the last of them */
#define TROTH_RUN_FD_SOCKET   6 /* the agent's, which stays while it is started again */

/* Words one after another, in memory of their own; NULL behind the last. */
struct troth_run_list {
    const char **rows; /* NULL where memory was short */
    size_t count, size;
    char *texts[8]; /* those rows that were composed */
    size_t text_count;
};

/* False, with nothing to finish, where memory is short. */
bool troth_run_words_agent(struct troth_run_list *out, const struct troth_run_plan *plan);
bool troth_run_words_outbound(struct troth_run_list *out,
                              const struct troth_run_plan *plan);

/*
 * troth_run_words_environment - the program's: what is always there, then what the run
 * file says, in place of a default of that name.
 *
 *   proxy_port   of the outbound door inside; 0: there is none
 */
bool troth_run_words_environment(struct troth_run_list *out,
                                 const struct troth_run_plan *plan, uint16_t proxy_port);

void troth_run_list_finish(struct troth_run_list *list);

#endif
