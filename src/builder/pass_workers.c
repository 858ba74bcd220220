/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/pass_workers.h"

#include <signal.h>
#include <unistd.h>

/* ---- a worker: with the lock held, but for the time the work takes ---- */

static void move_on(struct troth_passes *passes, struct troth_pass_lane *lane)
{
    lane->done++;
    if (lane->done == passes->awaited && --passes->lagging == 0)
        (void)pthread_cond_signal(&passes->room);
}

static bool has_work(struct troth_passes *passes, struct troth_pass_lane *lane)
{
    if (lane->is_busy)
        return false;
    while (lane->done < passes->filled &&
           !(passes->chunks[lane->done % TROTH_PASSES_AHEAD].which & lane->bit))
        move_on(passes, lane);
    return lane->done < passes->filled;
}

static struct troth_pass_lane *find_work(struct troth_passes *passes)
{
    struct troth_pass_lane *found = NULL;

    for (size_t i = 0; i < passes->count; i++)
        if (has_work(passes, &passes->lanes[i]) &&
            (!found || passes->lanes[i].done < found->done))
            found = &passes->lanes[i];
    return found;
}

static int take_chunk(struct troth_pass_lane *lane, const struct troth_chunk *chunk)
{
    const struct troth_span bytes = {chunk->bytes, chunk->len};

    if (lane->result->kind == TROTH_PASS_PARTS)
        return troth_pass_take_pieces(&lane->state, lane->result, bytes, chunk->pieces,
                                      chunk->piece_count);
    return troth_pass_take(&lane->state, lane->result, bytes);
}

static void work(struct troth_passes *passes, struct troth_pass_lane *lane)
{
    const struct troth_chunk *chunk = &passes->chunks[lane->done % TROTH_PASSES_AHEAD];
    int failed;

    lane->is_busy = true;
    (void)pthread_mutex_unlock(&passes->lock);
    failed = take_chunk(lane, chunk);
    (void)pthread_mutex_lock(&passes->lock);
    lane->is_busy = false;
    move_on(passes, lane);
    if (!failed || passes->error)
        return;
    passes->error = failed;
    lane->result->error = failed;
    (void)pthread_cond_broadcast(&passes->more);
    (void)pthread_cond_signal(&passes->room);
}

static void *run(void *given)
{
    struct troth_passes *passes = given;

    (void)pthread_mutex_lock(&passes->lock);
    while (!passes->error) {
        struct troth_pass_lane *lane = find_work(passes);

        if (lane)
            work(passes, lane);
        else if (passes->is_ending) /* what there is left, others have */
            break;
        else
            (void)pthread_cond_wait(&passes->more, &passes->lock);
    }
    (void)pthread_mutex_unlock(&passes->lock);
    return NULL;
}

/* ---- for the producer ---- */

/* Signals are for the program's own threads: a pass is never interrupted, and a pipe that
 * nobody reads is an error and not the end. */
static int start_worker(struct troth_passes *passes)
{
    sigset_t all, before;
    int failed;

    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    failed = pthread_create(&passes->workers[passes->worker_count], NULL, run, passes);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!failed)
        passes->worker_count++;
    return failed;
}

int troth_pass_workers_start(struct troth_passes *passes, struct troth_pass *results,
                             size_t count)
{
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    int failed = 0;

    for (size_t i = 0; i < count && !failed; i++) {
        struct troth_pass_lane *lane = &passes->lanes[i];

        *lane = (struct troth_pass_lane){.result = &results[i], .bit = 1U << i};
        failed = troth_pass_start(&lane->state, lane->result);
    }
    passes->count = count;
    for (size_t i = 0; i < count && !failed && (i == 0 || (long)i < processors); i++)
        failed = start_worker(passes);
    return failed;
}

void troth_pass_workers_end(struct troth_passes *passes)
{
    (void)pthread_mutex_lock(&passes->lock);
    passes->is_ending = true;
    (void)pthread_cond_broadcast(&passes->more);
    (void)pthread_mutex_unlock(&passes->lock);
    for (size_t i = 0; i < passes->worker_count; i++)
        (void)pthread_join(passes->workers[i], NULL);
}

static size_t count_lagging(const struct troth_passes *passes, uint64_t left)
{
    size_t count = 0;

    for (size_t i = 0; i < passes->count; i++)
        count += passes->lanes[i].done + left < passes->filled;
    return count;
}

/* Only the last of them wakes the producer. */
int troth_pass_workers_await(struct troth_passes *passes, uint64_t left)
{
    passes->lagging = count_lagging(passes, left);
    if (passes->lagging > 0)
        passes->awaited = passes->filled - left;
    while (passes->lagging > 0 && !passes->error)
        (void)pthread_cond_wait(&passes->room, &passes->lock);
    passes->awaited = 0;
    return passes->error;
}

int troth_pass_workers_await_room(struct troth_passes *passes)
{
    if (count_lagging(passes, TROTH_PASSES_AHEAD - 1) == 0)
        return passes->error;
    /* To be woken for each chunk would cost more than to fill a few on end. */
    return troth_pass_workers_await(passes, TROTH_PASSES_AHEAD / 2);
}
