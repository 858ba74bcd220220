/*
 * keeper.h - the first process of a process namespace: it starts the helpers and the
 * program, and starts them again.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_RUN_KEEPER_H
#define TROTH_SERVICE_RUN_KEEPER_H

#include "os/local_socket.h"
#include "service/run/plan.h"

/* One byte each: what the keeper says to the front, and the front's question. */
#define TROTH_RUN_SAYS_READY    'r'
#define TROTH_RUN_SAYS_STARTING 's'
#define TROTH_RUN_SAYS_ENDING   'e'
#define TROTH_RUN_SAYS_ALIVE    'a'
#define TROTH_RUN_ASKS_ALIVE    '?'

/* What was opened before, and goes to whom. */
struct troth_run_doors {
    int listener;                     /* the outer address; the agent's */
    int network;                      /* the program's */
    int outbound_listener;            /* inside of it; -1: nothing is outbound */
    uint16_t proxy_port;              /* where that is; 0 */
    int lock;                         /* of the state folder */
    struct troth_local_socket socket; /* the agent's */
};

struct troth_run_keeping {
    const struct troth_run_plan *plan;
    struct troth_run_doors doors;
    int front; /* a socket: its end is ours */
    /* A line of the log; nothing in it was said by the program. */
    void (*say)(const char *format, ...) __attribute__((format(printf, 1, 2)));
};

/*
 * troth_run_keep - until the program is over for good.
 *
 * Shape    in a process of its own with all signals of troth_run_signals() blocked
 * Returns  the exit status of it all
 */
int troth_run_keep(const struct troth_run_keeping *keeping);

#endif
