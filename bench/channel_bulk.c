/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/channel_figures.h"
#include "bench/measure.h"

enum { RELAY, HAPROXY, STUNNEL, FRONTS };
enum { UPWARD, DOWNWARD, WAYS };
enum { PIECE = 64 * 1024 };

struct front {
    struct bench_child child;
    struct bench_line line;
    double rate[WAYS][BENCH_ROUNDS]; /* megabytes a second */
    double busy_s[WAYS];             /* processor time of the child, all rounds */
};

static uint8_t room[PIECE];

static void need(bool good, const char *name)
{
    if (!good) {
        fprintf(stderr, "bench: bulk data by way of %s stopped\n", name);
        exit(2);
    }
}

/* Until the last byte is known to have arrived. */
static double time_bytes(struct front *front, int way, size_t bytes)
{
    const struct bench_request request = {way == UPWARD ? bytes : 0,
                                          way == UPWARD ? 1 : bytes};
    double begun = bench_now();

    need(bench_line_write(&front->line, (const uint8_t *)&request, sizeof request),
         front->child.name);
    for (size_t left = (size_t)request.follows; left > 0;) {
        size_t len = left < PIECE ? left : PIECE;

        need(bench_line_write(&front->line, room, len), front->child.name);
        left -= len;
    }
    for (size_t left = (size_t)request.comes_back; left > 0;) {
        size_t got = bench_line_read(&front->line, room, left < PIECE ? left : PIECE);

        need(got > 0, front->child.name);
        left -= got;
    }
    return (double)bytes / 1e6 / (bench_now() - begun);
}

static void print_way(struct front *fronts, int way, double gigabytes)
{
    double best = 0, ratios[BENCH_ROUNDS], share;
    const struct front *better = NULL;

    for (size_t i = 0; i < FRONTS; i++) {
        struct front *front = &fronts[i];
        double rate = front->child.lacks ? 0 : bench_median(front->rate[way]);

        if (front->child.lacks)
            continue;
        printf("%-34s %12.0f %12.2f\n", front->child.name, rate,
               front->busy_s[way] / gigabytes);
        if (i != RELAY && rate > best) {
            best = rate;
            better = front;
        }
    }
    if (!better)
        return;
    for (size_t i = 0; i < BENCH_ROUNDS; i++)
        ratios[i] = fronts[RELAY].rate[way][i] / better->rate[way][i];
    share = bench_median(ratios) * 100;
    printf("  of %-31s %11.0f%%  goal 95%%%s\n", better->child.name, share,
           bench_mark(share >= 95));
}

static void open_fronts(struct front *fronts, struct bench_party *party,
                        const char *folder, uint16_t upstream)
{
    bench_child_relay(&fronts[RELAY].child, party, upstream, TROTH_LEVEL_NONE);
    bench_child_haproxy(&fronts[HAPROXY].child, folder, upstream);
    bench_child_stunnel(&fronts[STUNNEL].child, folder, upstream);
    for (size_t i = 0; i < FRONTS; i++)
        if (!fronts[i].child.lacks)
            bench_line_to(&fronts[i].line, party, &fronts[i].child, TROTH_LEVEL_NONE);
}

static void close_fronts(struct front *fronts)
{
    for (size_t i = 0; i < FRONTS; i++) {
        if (fronts[i].child.lacks)
            printf("skipped: %s, %s\n", fronts[i].child.name, fronts[i].child.lacks);
        else
            bench_line_end(&fronts[i].line);
        bench_child_end(&fronts[i].child);
    }
}

/* In turn, so that the machine's moods meet all of them. */
static void time_fronts(struct front *fronts, size_t bytes)
{
    for (size_t step = 0; step < (size_t)BENCH_ROUNDS * WAYS * FRONTS; step++) {
        struct front *front = &fronts[step % FRONTS];
        int way = (int)(step / FRONTS % WAYS);

        if (front->child.lacks)
            continue;
        front->busy_s[way] -= bench_child_time(&front->child);
        front->rate[way][step / FRONTS / WAYS] = time_bytes(front, way, bytes);
        front->busy_s[way] += bench_child_time(&front->child);
    }
}

void bench_bulk(struct bench_party *party, const char *folder, unsigned megabytes)
{
    static const char *const titles[WAYS] = {"to the program behind, one line",
                                             "from the program behind, one line"};
    static struct front fronts[FRONTS];
    struct bench_child upstream;

    bench_child_answer(&upstream, party, BENCH_TCP);
    open_fronts(fronts, party, folder, upstream.port);
    time_fronts(fronts, (size_t)megabytes * 1000000);
    for (int way = 0; way < WAYS; way++) {
        printf("\n%-34s %12s %12s\n", titles[way], "MB/s", "its CPU, s/GB");
        print_way(fronts, way, (double)megabytes * BENCH_ROUNDS / 1000);
    }
    close_fronts(fronts);
    bench_child_end(&upstream);
}
