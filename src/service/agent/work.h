/*
 * work.h - the device's one thread: jobs in, answers back to the event loop.
 *
 * The device is slow and may hang; nothing but this thread ever waits for it. The queue
 * is bounded and in order, so that events are logged in the order they were made.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_AGENT_WORK_H
#define TROTH_SERVICE_AGENT_WORK_H

#include "troth/attester.h"

struct event_base;

#define TROTH_WORK_QUEUE_MAX  64
#define TROTH_WORK_RANDOM_LEN 64

enum troth_job_kind {
    TROTH_JOB_QUOTE = 0, /* over `bytes` */
    TROTH_JOB_RANDOM,
    TROTH_JOB_EXTEND, /* by the first 48 of `bytes` */
    TROTH_JOB_SEAL,   /* the same unless is_extended, then make it final */
    TROTH_JOB_KIND_COUNT
};

/* The caller's, who embeds it; the thread's from giving it until `done`. */
struct troth_job {
    enum troth_job_kind kind;
    uint8_t bytes[64];
    int64_t deadline_ms; /* an instant of troth_clock_monotonic_ms() */
    bool is_extended;    /* SEAL, and EXTEND's answer: the register has the digest */
    bool is_done;        /* it went well */
    struct troth_attester_fault fault;
    struct troth_quote quote; /* QUOTE's answer; released by who takes the job back */
    uint8_t random[TROTH_WORK_RANDOM_LEN];
    void (*done)(struct troth_job *job); /* in the event loop, once */
    struct troth_job *next;              /* work.c's own */
};

struct troth_work; /* give and close belong to the loop's thread */

/* `attester` is the thread's until close. Returns 0 or an errno. */
TROTH_MUST_USE int troth_work_open(struct troth_work **out, struct event_base *base,
                                   struct troth_attester *attester);

/* False: the queue is full, and the job stays the caller's. */
TROTH_MUST_USE bool troth_work_give(struct troth_work *work, struct troth_job *job);

/* How many wait, and for how long the one under way has been; 0: there is none. */
size_t troth_work_waiting(struct troth_work *work);
int64_t troth_work_running_ms(struct troth_work *work);

/*
 * troth_work_close - no more jobs. Those in the queue come back undone (ECANCELED).
 *
 * Returns  false: the device has not come back from a call, and the thread is still in
 *          it; the job, the attester and `work` must then stay until the process ends.
 *          Takes NULL.
 */
bool troth_work_close(struct troth_work *work);

#endif
