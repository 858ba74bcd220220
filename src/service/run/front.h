/*
 * front.h - the process that the world sees: it passes signals on, talks to the service
 * manager, reaps, and ends as all of it ended.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_RUN_FRONT_H
#define TROTH_SERVICE_RUN_FRONT_H

#include "service/run/keeper.h"
#include "service/run/notify.h"

/*
 * troth_run_front - start the keeper, and be its front until it ends.
 *
 *   keeping   its `front` is made here
 *
 * Returns  the exit status; -1 and errno: there is no keeper
 * Effects  one thread only: forks; signals stay blocked
 */
int troth_run_front(struct troth_run_keeping *keeping,
                    const struct troth_run_notify *notify);

#endif
