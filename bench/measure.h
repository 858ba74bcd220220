/*
 * measure.h - how often a second can this be done, on one thread and on two?
 *
 * Machines drift, so jobs are timed in turn, in many short rounds, and everything that is
 * said of two jobs is the median of their ratio round by round. Jobs that are compared
 * stand beside each other.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BENCH_MEASURE_H
#define TROTH_BENCH_MEASURE_H

#include <stdbool.h>
#include <stddef.h>

#define BENCH_ROUNDS  7
#define BENCH_THREADS 2

/*
 * One kind of work. `run` does item `i` and says whether it came out as it should; it is
 * called from `thread` only, with that thread's `state`.
 */
struct bench_job {
    const char *name;
    bool (*run)(void *state, size_t i);
    void *states[BENCH_THREADS];
    double rate[BENCH_THREADS][BENCH_ROUNDS]; /* [threads - 1][round], a second */
};

/* Time every job in every round, `ms` milliseconds each; exits if an item goes wrong. */
void bench_measure(struct bench_job *jobs, size_t count, unsigned ms);

/* The median rate. */
double bench_rate(const struct bench_job *job, unsigned threads);

/* The median over the rounds of a's rate over b's. */
double bench_ratio(const struct bench_job *a, const struct bench_job *b,
                   unsigned threads);

/* The median over the rounds of two threads' rate over one thread's. */
double bench_scaling(const struct bench_job *job);

double bench_median(double values[BENCH_ROUNDS]);

#endif
