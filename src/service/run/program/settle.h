/* settle.h - what of a plan depends on this machine: users, folders, programs. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_RUN_PROGRAM_SETTLE_H
#define TROTH_SERVICE_RUN_PROGRAM_SETTLE_H

#include "service/run/program/made.h"

/* As troth_run_made_finish(), behind what was said. */
bool troth_run_settle(struct troth_run_made *made, struct troth_problem *problem,
                      const struct troth_run_order *order, bool records);

#endif
