/* supervise.h - a program that is run, and whose fate is the caller's own. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_SUPERVISE_H
#define TROTH_SIM_SUPERVISE_H

#include <sys/types.h>

/* As env and timeout have it: what comes of it when the program was not run. */
enum {
    SIM_STATUS_NOT_RUN = 125, /* our fault */
    SIM_STATUS_NO_PROGRAM = 126,
    SIM_STATUS_NOT_FOUND = 127,
    SIM_STATUS_SIGNAL = 128 /* and the signal's number, where one ended it */
};

struct sim_child {
    pid_t process;
    int go; /* writing end of the pipe it waits at */
};

/*
 * sim_child_fork - a process that runs the program as soon as it is told to.
 *
 * Before any thread is started, and inside the namespaces it is to be in. Signals of the
 * caller wait from here on: sim_child_await() passes them on. The child dies with us.
 */
struct sim_child sim_child_fork(char **program);

/*
 * sim_child_await - let it go, and wait for its end: its exit status, or 128 and its
 * signal.
 *
 *   out_told   the last signal that came meanwhile, 0: none; may be NULL
 */
int sim_child_await(struct sim_child child, int *out_told);

#endif
