/* merge.h - what was said, by an option or by the run file but not by both. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_RUN_PROGRAM_MERGE_H
#define TROTH_SERVICE_RUN_PROGRAM_MERGE_H

#include "service/run/program/made.h"

/* The program's words. */
bool troth_run_merge_program(struct troth_run_made *made, struct troth_problem *problem,
                             const struct troth_run_order *order);

/* All else that needs no look at the machine. */
bool troth_run_merge(struct troth_run_made *made, struct troth_problem *problem,
                     const struct troth_run_order *order);

#endif
