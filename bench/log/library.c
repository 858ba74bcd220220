/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>
#include <stdlib.h>

#include "bench/log/appends.h"
#include "bench/log/place.h"

struct library {
    struct bench_log log;
    uint64_t number; /* of the next entry */
    pthread_mutex_t lock;
    pthread_cond_t answered;
    size_t idle, wanted; /* of those in flight: not waiting; as many to be woken for */
    size_t done;
    bool has_failed;
};

void *bench_library_open(const char *folder)
{
    struct library *l = bench_keep(sizeof *l);

    (void)pthread_mutex_init(&l->lock, NULL);
    (void)pthread_cond_init(&l->answered, NULL);
    bench_log_open(&l->log, folder, false);
    return l;
}

void bench_library_close(void *state)
{
    struct library *l = state;

    bench_log_close(&l->log);
    (void)pthread_cond_destroy(&l->answered);
    (void)pthread_mutex_destroy(&l->lock);
    free(l);
}

static double append_one_by_one(struct library *l, double seconds)
{
    const double begun = bench_now();
    double ran = 0;
    size_t done = 0;

    while (ran < seconds) {
        struct troth_log_problem problem = {0};
        struct bench_entry entry;
        const struct troth_log_item item = {TROTH_ARRAY_SPAN(entry.bytes), {NULL, 0}};
        uint64_t index;

        bench_entry_fill(&entry, l->number++);
        bench_need(!troth_log_append(l->log.writer, &problem, &index, &item, 1),
                   problem.text);
        done++;
        ran = bench_now() - begun;
    }
    return (double)done / ran;
}

static void on_done(void *state, uint64_t index, const struct troth_log_problem *problem)
{
    struct library *l = state;

    (void)index;
    (void)pthread_mutex_lock(&l->lock);
    l->has_failed = l->has_failed || problem->failed;
    l->done++;
    if (++l->idle == l->wanted)
        (void)pthread_cond_signal(&l->answered);
    (void)pthread_mutex_unlock(&l->lock);
}

/* Wait until at least so many are idle, and take all. */
static size_t take(struct library *l, size_t least)
{
    size_t taken;

    (void)pthread_mutex_lock(&l->lock);
    l->wanted = least;
    while (l->idle < least)
        (void)pthread_cond_wait(&l->answered, &l->lock);
    taken = l->idle;
    l->idle = 0;
    (void)pthread_mutex_unlock(&l->lock);
    return taken;
}

static void submit(struct library *l, size_t count)
{
    struct bench_entry entry;
    const struct troth_log_item item = {TROTH_ARRAY_SPAN(entry.bytes), {NULL, 0}};

    for (size_t i = 0; i < count; i++) {
        bench_entry_fill(&entry, l->number++);
        bench_need(!troth_log_submit(l->log.writer, &item, on_done, l), "not taken");
    }
}

static double append_many(struct library *l, size_t in_flight, double seconds)
{
    const double begun = bench_now();

    l->idle = in_flight;
    l->done = 0;
    while (bench_now() - begun < seconds)
        submit(l, take(l, 1));
    (void)take(l, in_flight);
    bench_need(!l->has_failed, "an entry was not kept");
    return (double)l->done / (bench_now() - begun);
}

double bench_library_run(void *state, size_t in_flight, double seconds)
{
    struct library *l = state;
    const double rate = in_flight == 1 ? append_one_by_one(l, seconds)
                                       : append_many(l, in_flight, seconds);

    /* What it left to be published is not the next one's to bear. */
    bench_log_publish(&l->log);
    return rate;
}
