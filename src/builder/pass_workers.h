/* pass_workers.h - what threads do with the chunks that a producer fills. For passes.c.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BUILDER_PASS_WORKERS_H
#define TROTH_BUILDER_PASS_WORKERS_H

#include <pthread.h>

#include "builder/pass_chunk.h"

/* How far the fastest pass may be ahead of the slowest, in chunks. */
enum { TROTH_PASSES_AHEAD = 8 };

struct troth_pass_lane {
    struct troth_pass *result;
    unsigned bit;
    uint64_t done; /* chunks */
    bool is_busy;  /* a worker has it */
    struct troth_pass_state state;
};

/*
 * Chunk i lies in slot i modulo TROTH_PASSES_AHEAD. The producer owns chunk `filled`,
 * once every pass is done with what was in its slot; the workers own those before it.
 *
 * There is a lane for each pass, and a worker for each processor: a worker takes the next
 * chunk of the lane that is furthest behind. With a thread for each pass, processors
 * would wait for one another whenever there are more passes than processors.
 */
struct troth_passes {
    pthread_mutex_t lock;
    pthread_cond_t more; /* a chunk was filled, or there will be none */
    pthread_cond_t room; /* all lanes are done with those that are awaited */
    uint8_t *memory;
    struct troth_chunk chunks[TROTH_PASSES_AHEAD];
    struct troth_pass_lane lanes[TROTH_PASSES_MAX];
    pthread_t workers[TROTH_PASSES_MAX];
    size_t count, worker_count;
    uint64_t filled;
    uint64_t awaited; /* chunks that each of `lagging` lanes has yet to be done with */
    size_t lagging;
    unsigned which;
    bool is_open; /* chunk `filled` is the producer's */
    bool is_ending;
    bool in_part;
    size_t part_start; /* in the open chunk */
    int error;         /* the first one's; nothing goes on after it */
};

/* Lanes of these, and workers. Errors: an errno; those that were started are to be ended
 * all the same. */
TROTH_MUST_USE int troth_pass_workers_start(struct troth_passes *passes,
                                            struct troth_pass *results, size_t count);

/* When all is done that was filled, or at the first error. */
void troth_pass_workers_end(struct troth_passes *passes);

/* Both with the lock held: until every lane is done with all but `left` chunks, and until
 * there is a slot for the next. Both return the error that there may be. */
TROTH_MUST_USE int troth_pass_workers_await(struct troth_passes *passes, uint64_t left);
TROTH_MUST_USE int troth_pass_workers_await_room(struct troth_passes *passes);

#endif
