/* worker.h - a thread for calls that may never come back. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_OS_WORKER_H
#define TROTH_OS_WORKER_H

#include <stdint.h>

#include "troth/error.h"

struct troth_worker; /* one caller at a time */

/* The first member of a larger struct that is all the call needs: whoever is left behind
 * with it uses nothing of the caller's. */
struct troth_task {
    void (*run)(struct troth_task *task);
    void (*release)(struct troth_task *task); /* after run(), or instead of it */
};

/*
 * troth_worker_create - start the thread. No signal is ever delivered to it, so that its
 * calls are not interrupted.
 *
 *   out    NULL on failure; give it to troth_worker_destroy()
 *
 * Errors   returns 0 or an errno
 */
TROTH_MUST_USE int troth_worker_create(struct troth_worker **out);

/* Takes NULL. Waits for nothing: a call under way ends its thread when it comes back. */
void troth_worker_destroy(struct troth_worker *worker);

/*
 * troth_worker_run - run a task to its end, or leave it behind at the deadline.
 *
 *   task          the caller's again on success; on failure it is gone or will be: the
 *                 worker releases it
 *   deadline_ms   an instant of troth_clock_monotonic_ms()
 *
 * Errors   returns 0 or an errno; ETIMEDOUT: it has not come back, or there was no time
 *          to begin; EBUSY: one left behind has not come back, so this one did not begin
 */
TROTH_MUST_USE int troth_worker_run(struct troth_worker *worker, struct troth_task *task,
                                    int64_t deadline_ms);

#endif
