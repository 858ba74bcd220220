/* made.h - a plan made of a command line and a run file. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_RUN_PROGRAM_MADE_H
#define TROTH_SERVICE_RUN_PROGRAM_MADE_H

#include "cli/inputs.h"
#include "cli/run_order.h"
#include "service/run/measure.h"
#include "service/run/plan.h"

/* Zeroed, it holds nothing and may be released. */
struct troth_run_made {
    struct troth_inputs inputs; /* owns all memory */
    struct troth_run_file file;
    struct troth_run_measure measure;
    struct troth_run_plan plan;
};

/* The run file, the program and what is measured of both; looks at no other file. */
bool troth_run_made_begin(struct troth_run_made *made, struct troth_problem *problem,
                          const struct troth_run_order *order,
                          const struct troth_crypto *crypto);

/*
 * troth_run_made_finish - the rest of the plan: what else was said, who the users are,
 * where everything lies.
 *
 *   records   the machine has a register for events
 *
 * Effects  makes the state folder
 */
bool troth_run_made_finish(struct troth_run_made *made, struct troth_problem *problem,
                           const struct troth_run_order *order, bool records);

void troth_run_made_release(struct troth_run_made *made);

#endif
