/* gather.h - items that come while the disk is busy go into the order together. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_LOG_GATHER_H
#define TROTH_LOG_GATHER_H

#include "log/sequence.h"
#include "troth/sealed.h"

/* Bytes that may wait; whoever comes then is to come again. */
#define TROTH_LOG_WAITING_BYTES_MAX ((size_t)64 * 1024 * 1024)

struct troth_log_gather;

struct troth_log_gather_options {
    struct troth_sequence *sequence;
    /* Called after each transaction, one at a time: what went wrong, zeroed if nothing
     * did; and the index of the entry to come. */
    void (*report)(void *state, const struct troth_log_problem *problem, uint64_t next);
    void *state;
};

/* Start the thread. 0 or an errno. */
TROTH_MUST_USE int troth_log_gather_start(struct troth_log_gather **out,
                                          const struct troth_log_gather_options *options);

/* Answers what was accepted; nothing may be put in any more. Takes NULL. */
void troth_log_gather_stop(struct troth_log_gather *gather);

/* Several items, which stay one behind the other; `done` gets the index of the first.
 * Returns as troth_log_submit(). */
TROTH_MUST_USE int troth_log_gather_put(
    struct troth_log_gather *gather, const struct troth_log_item *items, size_t count,
    void (*done)(void *state, uint64_t index, const struct troth_log_problem *problem),
    void *state);

/* The same and wait. Where nobody else is writing the caller does so himself: a thread
 * to wake would only cost time. */
TROTH_MUST_USE int troth_log_gather_append(struct troth_log_gather *gather,
                                           struct troth_log_problem *problem,
                                           uint64_t *out_first,
                                           const struct troth_log_item *items,
                                           size_t count);

#endif
