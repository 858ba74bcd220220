/* spawn.h - a helper as a process: what it is handed, and how it says that it is ready.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_RUN_SPAWN_H
#define TROTH_SERVICE_RUN_SPAWN_H

#include <sys/types.h>

#include "troth/error.h"

struct troth_run_spawn {
    const char *const *words; /* the first is the whole path; ends with NULL */
    /* For TROTH_RUN_FD_LISTENER, _LOCK and _SOCKET; -1: it has none. */
    int listener, lock, socket;
    int network;        /* to be in; -1: this process's own */
    size_t descriptors; /* it may have so many, if this process can allow it */
};

/*
 * troth_run_spawn - start it, with an empty environment and nothing else open.
 *
 *   out_ready   readable once it is ready: a byte; at its end without one: it ended
 *
 * Shape    its standard input is empty, its output goes where its errors go
 * Returns  the process; -1 and errno. What cannot be executed ends with 127
 */
TROTH_MUST_USE pid_t troth_run_spawn(int *out_ready, const struct troth_run_spawn *spawn);

#endif
