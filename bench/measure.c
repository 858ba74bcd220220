/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/measure.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct worker {
    const struct bench_job *job;
    void *state;
    pthread_barrier_t *start;
    double seconds; /* how long to run, then how long it ran */
    size_t done;
    bool good;
};

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void *work(void *argument)
{
    struct worker *w = argument;

    pthread_barrier_wait(w->start);

    double begun = now(), ran = 0;
    size_t step = 1, done = 0;
    bool good = true;

    /* The clock is read once in a while, so that it costs the quick jobs nothing; and
     * what is counted stands in no line of memory that another thread writes. */
    while (ran < w->seconds && good) {
        for (size_t k = 0; k < step && good; k++)
            good = w->job->run(w->state, done++);
        if (ran < w->seconds / 64)
            step *= 2;
        ran = now() - begun;
    }
    w->seconds = ran;
    w->done = done;
    w->good = good;
    return NULL;
}

static double time_once(const struct bench_job *job, unsigned threads, unsigned ms)
{
    struct worker workers[BENCH_THREADS];
    pthread_t ids[BENCH_THREADS];
    pthread_barrier_t start;
    double rate = 0;

    pthread_barrier_init(&start, NULL, threads);
    for (unsigned i = 0; i < threads; i++) {
        workers[i] = (struct worker){job, job->states[i], &start, ms * 1e-3, 0, true};
        if (pthread_create(&ids[i], NULL, work, &workers[i]) != 0)
            abort();
    }
    for (unsigned i = 0; i < threads; i++) {
        pthread_join(ids[i], NULL);
        if (!workers[i].good) {
            fprintf(stderr, "bench: '%s' went wrong\n", job->name);
            exit(2);
        }
        rate += (double)workers[i].done / workers[i].seconds;
    }
    pthread_barrier_destroy(&start);
    return rate;
}

void bench_measure(struct bench_job *jobs, size_t count, unsigned ms)
{
    for (unsigned round = 0; round < BENCH_ROUNDS; round++)
        for (unsigned threads = 1; threads <= BENCH_THREADS; threads++)
            for (size_t i = 0; i < count; i++)
                jobs[i].rate[threads - 1][round] = time_once(&jobs[i], threads, ms);
}

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;

    return (left > right) - (left < right);
}

double bench_median(double values[BENCH_ROUNDS])
{
    double sorted[BENCH_ROUNDS];

    memcpy(sorted, values, sizeof sorted);
    qsort(sorted, BENCH_ROUNDS, sizeof sorted[0], compare);
    return sorted[BENCH_ROUNDS / 2];
}

double bench_rate(const struct bench_job *job, unsigned threads)
{
    double rates[BENCH_ROUNDS];

    memcpy(rates, job->rate[threads - 1], sizeof rates);
    return bench_median(rates);
}

double bench_ratio(const struct bench_job *a, const struct bench_job *b, unsigned threads)
{
    double ratios[BENCH_ROUNDS];

    for (unsigned i = 0; i < BENCH_ROUNDS; i++)
        ratios[i] = a->rate[threads - 1][i] / b->rate[threads - 1][i];
    return bench_median(ratios);
}

double bench_scaling(const struct bench_job *job)
{
    double ratios[BENCH_ROUNDS];

    for (unsigned i = 0; i < BENCH_ROUNDS; i++)
        ratios[i] = job->rate[1][i] / job->rate[0][i];
    return bench_median(ratios);
}
