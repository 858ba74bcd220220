/* log_loop.h - the event loop of a verb that serves until it is told to end. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_LOG_LOOP_H
#define TROTH_CLI_LOG_LOOP_H

#include "cli/problem.h"

struct event_base;
struct event;

enum { TROTH_LOG_LOOP_SIGNALS = 2 };

/* Zeroed, it may be closed. */
struct troth_log_loop {
    struct event_base *base;
    struct event *signals[TROTH_LOG_LOOP_SIGNALS];
};

/*
 * troth_log_loop_open - nothing that the environment could change; SIGTERM and SIGINT end
 * its dispatch. Who is gone, and a file that may not grow, are errors of one call from
 * now on and no signals. False, with a problem.
 */
bool troth_log_loop_open(struct troth_log_loop *out, struct troth_problem *problem);
void troth_log_loop_close(struct troth_log_loop *loop);

#endif
