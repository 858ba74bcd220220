/* SPDX-License-Identifier: Apache-2.0 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bench/channel_figures.h"

/* The first few make what all share: tables, pools, the heap's first growth. */
enum { FIRST = 100, GOAL_KB = 64 };

static void settle(void)
{
    static const struct timespec nap = {0, 300000000};

    (void)nanosleep(&nap, NULL);
}

static size_t growth(struct bench_party *party, const struct bench_child *child,
                     enum troth_level client_proves, unsigned connections)
{
    struct bench_line *lines = calloc(connections + FIRST, sizeof *lines);
    size_t before = 0, after;

    if (!lines)
        exit(2);
    for (unsigned i = 0; i < connections + FIRST; i++) {
        if (i == FIRST) {
            settle();
            before = bench_child_memory(child);
        }
        bench_line_to(&lines[i], party, child, client_proves);
    }
    settle();
    after = bench_child_memory(child);
    for (unsigned i = 0; i < connections + FIRST; i++)
        bench_line_end(&lines[i]);
    free(lines);
    return after > before ? (after - before) / connections : 0;
}

static void print_growth(struct bench_party *party, struct bench_child *child,
                         const char *what, enum troth_level client_proves,
                         unsigned connections)
{
    double kilobytes;

    if (child->lacks) {
        printf("skipped: %s, %s\n", child->name, child->lacks);
        return;
    }
    kilobytes = (double)growth(party, child, client_proves, connections) / 1024;
    if (child->kind == BENCH_TROTH)
        printf("%-34s %12.1f  goal %d KB%s\n", what, kilobytes, GOAL_KB,
               bench_mark(kilobytes <= GOAL_KB));
    else
        printf("%-34s %12.1f\n", what, kilobytes);
    bench_child_end(child);
}

void bench_memory(struct bench_party *party, const char *folder, unsigned connections)
{
    static const struct bench_line_terms tcp = {BENCH_TCP, 0, 0}, tls = {BENCH_TLS, 0, 0};
    struct bench_child upstream, relay, mutual, plain, haproxy, stunnel;

    /* A child that is forked later would find room that this process freed before. */
    (void)malloc_trim(0);
    bench_child_hoard(&upstream, party, &tcp);
    bench_child_relay(&relay, party, upstream.port, TROTH_LEVEL_NONE);
    bench_child_relay(&mutual, party, upstream.port, TROTH_LEVEL_EPOCH);
    bench_child_hoard(&plain, party, &tls);
    bench_child_haproxy(&haproxy, folder, upstream.port);
    bench_child_stunnel(&stunnel, folder, upstream.port);
    printf("%-34s %12s\n", "an idle connection, at the server", "KB");
    print_growth(party, &relay, "troth's relay, server proves", TROTH_LEVEL_NONE,
                 connections);
    print_growth(party, &mutual, "troth's relay, both prove", TROTH_LEVEL_EPOCH,
                 connections);
    print_growth(party, &plain, "OpenSSL alone, nothing behind it", TROTH_LEVEL_NONE,
                 connections);
    print_growth(party, &haproxy, haproxy.name, TROTH_LEVEL_NONE, connections);
    print_growth(party, &stunnel, stunnel.name, TROTH_LEVEL_NONE, connections);
    bench_child_end(&upstream);
}
