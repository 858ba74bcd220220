/*
 * restarts.h - who is to be started, stopped or waited for next, and how it all ends.
 *
 * Decisions only: what happens is told to it, with the time, and it says what to do.
 * Times are milliseconds of one clock that never goes back.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_RUN_RESTARTS_H
#define TROTH_SERVICE_RUN_RESTARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "service/run/run_file.h"

#define TROTH_RUN_PAUSE_MS     100   /* before the first restart; doubles each time */
#define TROTH_RUN_PAUSE_MAX_MS 30000 /* up to this */
#define TROTH_RUN_SETTLED_MS   60000 /* who lived so long begins with the first again */
#define TROTH_RUN_START_MS     90000 /* for a helper to be ready: devices may be slow */
#define TROTH_RUN_END_MS       10000 /* for the program to end when it is told to */
#define TROTH_RUN_ECHO_MS      300   /* a signal so soon behind another is the same one */
#define TROTH_RUN_LEAVE_MS     1000  /* for the helpers, once it has */

#define TROTH_RUN_STATUS_NOT_RUN 125

/* Helpers first: the program starts when they are ready. */
enum troth_run_part {
    TROTH_RUN_AGENT,
    TROTH_RUN_OUTBOUND,
    TROTH_RUN_PROGRAM,
    TROTH_RUN_PARTS
};

enum troth_run_stage {
    TROTH_RUN_ABSENT = 0, /* not wanted */
    TROTH_RUN_DOWN,       /* to be started */
    TROTH_RUN_STARTING,   /* not ready yet */
    TROTH_RUN_UP,
    TROTH_RUN_LEAVING /* told to end */
};

struct troth_run_life {
    enum troth_run_stage stage;
    int64_t since_ms; /* of the stage */
    int64_t pause_ms; /* DOWN: to wait; else the last one; 0: none yet */
    bool was_up;      /* ever */
    bool is_late;     /* killed for not being ready in time */
};

struct troth_run_state {
    struct troth_run_life lives[TROTH_RUN_PARTS];
    enum troth_run_restart restart;
    bool is_ending;   /* somebody asked for the end */
    int64_t asked_ms; /* when that was, the first time */
    int64_t end_ms;   /* when the program is killed then */
    bool is_over;     /* the program is not started again */
    int status;       /* that all ends with, once it is over */
};

enum troth_run_act {
    TROTH_RUN_WAIT = 0, /* until something happens, or for so long */
    TROTH_RUN_START,
    TROTH_RUN_STOP, /* SIGTERM */
    TROTH_RUN_KILL, /* SIGKILL */
    TROTH_RUN_FINISH
};

struct troth_run_step {
    enum troth_run_act act;
    enum troth_run_part part;
    int64_t wait_ms; /* WAIT: -1 for ever */
};

/* How a process ended: by a status, or by a signal's number. */
struct troth_run_end {
    bool by_signal;
    int number;
};

void troth_run_begin(struct troth_run_state *out, enum troth_run_restart restart,
                     bool has_outbound);

/* The next thing to do; after each but WAIT it is asked again. */
struct troth_run_step troth_run_next(struct troth_run_state *state, int64_t now_ms);

/* What happened. A helper is started, then ready; the program is ready at once. */
void troth_run_started(struct troth_run_state *state, enum troth_run_part part,
                       int64_t now_ms);
void troth_run_ready(struct troth_run_state *state, enum troth_run_part part,
                     int64_t now_ms);
/* The pause until it is started again; -1: it is not. Also of who could not be started:
 * with the status that says so. */
int64_t troth_run_ended(struct troth_run_state *state, enum troth_run_part part,
                        struct troth_run_end end, int64_t now_ms);
/* SIGTERM or SIGINT came; the second time it is at once. False: it came twice, as from
 * timeout(1), which tells a process and then its group. */
bool troth_run_asked_to_end(struct troth_run_state *state, int number, int64_t now_ms);

/* The status of a shell: its own, or 128 and the signal. */
int troth_run_status_of(struct troth_run_end end);

#endif
