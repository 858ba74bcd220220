/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/channel_figures.h"
#include "bench/measure.h"

enum { MESSAGE = 64, KINDS = 3 };

struct course {
    struct bench_child child;
    struct bench_line line;
    double p50[BENCH_ROUNDS], p99[BENCH_ROUNDS];
};

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;

    return (left > right) - (left < right);
}

static void ask(struct bench_line *line)
{
    uint8_t message[MESSAGE] = {0};
    const struct bench_request request = {MESSAGE - sizeof request, MESSAGE};

    memcpy(message, &request, sizeof request);
    if (!bench_line_write(line, message, sizeof message) ||
        !bench_line_read_all(line, message, sizeof message)) {
        fprintf(stderr, "bench: a request was not answered\n");
        exit(2);
    }
}

static void time_round(struct course *course, size_t round, double *times, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        double begun = bench_now();

        ask(&course->line);
        times[i] = bench_now() - begun;
    }
    qsort(times, count, sizeof *times, compare);
    course->p50[round] = times[count / 2] * 1e6;
    course->p99[round] = times[count - 1 - count / 100] * 1e6;
}

static double median_difference(const double *a, const double *b)
{
    double differences[BENCH_ROUNDS];

    for (size_t i = 0; i < BENCH_ROUNDS; i++)
        differences[i] = a[i] - b[i];
    return bench_median(differences);
}

void bench_latency(struct bench_party *party, unsigned requests)
{
    static struct course courses[KINDS];
    const struct course *tcp = &courses[BENCH_TCP], *tls = &courses[BENCH_TLS];
    double *times = calloc(requests, sizeof *times), added;

    if (!times)
        exit(2);
    for (size_t k = 0; k < KINDS; k++) {
        bench_child_answer(&courses[k].child, party, (enum bench_line_kind)k);
        bench_line_to(&courses[k].line, party, &courses[k].child, TROTH_LEVEL_NONE);
    }
    for (size_t round = 0; round < BENCH_ROUNDS; round++)
        for (size_t k = 0; k < KINDS; k++)
            time_round(&courses[k], round, times, requests);
    printf("\n%-34s %12s %12s %12s %12s\n", "64 bytes and back, µs", "p50", "p99",
           "p50 - TLS", "p50 - TCP");
    for (size_t k = 0; k < KINDS; k++) {
        struct course *course = &courses[k];

        printf("%-34s %12.1f %12.1f %12.1f %12.1f\n", course->child.name,
               bench_median(course->p50), bench_median(course->p99),
               median_difference(course->p50, tls->p50),
               median_difference(course->p50, tcp->p50));
        bench_line_end(&course->line);
        bench_child_end(&course->child);
    }
    added = median_difference(courses[BENCH_TROTH].p50, tls->p50);
    printf("%-34s %12.1f  goal 50 µs%s\n", "added to TLS, p50", added,
           bench_mark(added <= 50));
    free(times);
}
