/* state.h - the folder that one troth-run at a time keeps its places in. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_RUN_STATE_H
#define TROTH_SERVICE_RUN_STATE_H

#include "service/run/plan.h"

#define TROTH_RUN_STATE_PATH_MAX 4096

/*
 * troth_run_state_make - the folder itself, the agent's from now on.
 *
 *   out_path   its whole path, without links
 *   fault      step: a phrase behind "cannot"; ENOTEMPTY: it is somebody else's
 */
TROTH_MUST_USE bool troth_run_state_make(char out_path[static TROTH_RUN_STATE_PATH_MAX],
                                         struct troth_sandbox_fault *fault,
                                         const char *given, struct troth_run_user agent);

/*
 * troth_run_state_take - hold it, and make the program's folder in it, which the agent
 * may enter, too.
 *
 *   out_lock   a descriptor; who has it, or a copy, has the folder
 *   fault      EBUSY: another troth-run has it
 */
TROTH_MUST_USE bool troth_run_state_take(int *out_lock, struct troth_sandbox_fault *fault,
                                         const struct troth_run_plan *plan);

/* Remove the socket that a program before left at its upstream's place. */
void troth_run_state_clear(const struct troth_run_plan *plan);

/* Let the agent come to the program's socket, whatever mode it was made with: a program
 * that expects its own user there knows nothing of another. */
void troth_run_state_share(const struct troth_run_plan *plan);

#endif
