/*
 * How quick is a log? Entries put in so that they stay, beside what the disk itself does;
 * proofs beside their hashing; all of a log read. argv: seconds an append's round takes.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "bench/log/appends.h"
#include "bench/log/audit.h"
#include "bench/log/place.h"
#include "bench/log/proofs.h"
#include "bench/measure.h"
#include "test/contract/postgres_server.h"
#include "test/harness.h"
#include "troth/provider.h"

enum { SMALL = 10000, LARGE = 1000000, PROOF_MS = 40 };

/* ---- appends ---- */

enum kind { DISK, SQLITE, POSTGRES, HTTP, KINDS };

/* clang-format off */
static struct row {
    const char *name;
    enum kind kind;
    size_t in_flight;    /* of the disk: does the file grow? */
    double share, rate;  /* wanted: of the disk's own rate, or a second; 0: none is */
    double rates[BENCH_ROUNDS];
} rows[] = {
    {"overwrite 4 KiB, fdatasync", DISK,     0,    0,   0,     {0}},
    {"append 4 KiB, fdatasync",    DISK,     1,    0,   0,     {0}},
    {"SQLite, 1 in flight",        SQLITE,   1,    0.6, 0,     {0}},
    {"PostgreSQL, 1 in flight",    POSTGRES, 1,    0.6, 0,     {0}},
    {"HTTP, 1 in flight",          HTTP,     1,    0,   0,     {0}},
    {"SQLite, 64",                 SQLITE,   64,   0,   0,     {0}},
    {"PostgreSQL, 64",             POSTGRES, 64,   0,   0,     {0}},
    {"HTTP, 64",                   HTTP,     64,   0,   0,     {0}},
    {"SQLite, 1,024",              SQLITE,   1024, 0,   20000, {0}},
    {"PostgreSQL, 1,024",          POSTGRES, 1024, 0,   20000, {0}},
    {"HTTP, 1,024",                HTTP,     1024, 0,   0,     {0}},
};
/* clang-format on */

static double (*const runs[KINDS])(void *state, size_t in_flight, double seconds) = {
    [DISK] = bench_disk_run,
    [SQLITE] = bench_library_run,
    [POSTGRES] = bench_library_run,
    [HTTP] = bench_http_run,
};

static void time_appends(void *const states[KINDS], double seconds)
{
    for (size_t round = 0; round < BENCH_ROUNDS; round++)
        for (size_t i = 0; i < COUNT(rows); i++)
            if (states[rows[i].kind])
                rows[i].rates[round] = runs[rows[i].kind](states[rows[i].kind],
                                                          rows[i].in_flight, seconds);
}

/* The median over the rounds of a rate beside the disk's. */
static double share_of(const struct row *row, const struct row *disk)
{
    double shares[BENCH_ROUNDS];

    for (size_t i = 0; i < BENCH_ROUNDS; i++)
        shares[i] = row->rates[i] / disk->rates[i];
    return bench_median(shares);
}

static const char *mark(bool reached)
{
    return reached ? "" : "   MISSED";
}

static double end_of(const struct row *row, bool is_high)
{
    double end = row->rates[0];

    for (size_t i = 1; i < BENCH_ROUNDS; i++)
        if ((row->rates[i] > end) == is_high)
            end = row->rates[i];
    return end;
}

static void print_appends(void)
{
    printf("%-28s %8s %8s %8s %11s %9s\n", "durable a second", "median", "lowest",
           "highest", "/ overwrite", "/ append");
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct row *row = &rows[i];
        const double rate = bench_median(row->rates), share = share_of(row, &rows[0]);

        if (rate <= 0)
            continue;
        printf("%-28s %8.0f %8.0f %8.0f %11.2f %9.2f", row->name, rate,
               end_of(row, false), end_of(row, true), share, share_of(row, &rows[1]));
        if (row->share > 0)
            printf("   goal %.2f%s", row->share, mark(share >= row->share));
        if (row->rate > 0)
            printf("   goal %.0f%s", row->rate, mark(rate >= row->rate));
        printf("\n");
    }
}

static void appends(const char *place, double seconds)
{
    void *states[KINDS] = {NULL};
    const char *lacks = postgres_server_start();

    if (lacks)
        printf("skipped: PostgreSQL, %s\n", lacks);
    else
        states[POSTGRES] = bench_library_open(
            bench_log_make("postgres", postgres_server_conninfo()));
    states[DISK] = bench_disk_open(place);
    states[SQLITE] = bench_library_open(bench_log_make("sqlite", NULL));
    states[HTTP] = bench_http_open(bench_log_make("http", NULL));
    time_appends(states, seconds);
    bench_http_close(states[HTTP]);
    bench_library_close(states[SQLITE]);
    if (states[POSTGRES])
        bench_library_close(states[POSTGRES]);
    postgres_server_stop();
    print_appends();
}

/* ---- reading ---- */

static void print_walk(const char *name, const struct bench_walk *small,
                       const struct bench_walk *large)
{
    printf("%-34s %9.2f s %9.2f s %8.1f MiB %8.1f MiB", name, small->seconds,
           large->seconds, small->mebibytes, large->mebibytes);
}

static void reading(unsigned ms)
{
    const char *folders[] = {bench_log_make("small", NULL),
                             bench_log_make("large", NULL)};
    struct bench_walk fills[2], audits[2], colds[2];
    struct troth_crypto crypto;
    double floor;

    bench_need(!troth_provider_create(&crypto), "no cryptography");
    for (size_t i = 0; i < 2; i++) {
        bench_fill(&fills[i], folders[i], i ? LARGE : SMALL);
        bench_audit(&audits[i], folders[i], false);
        colds[i] = audits[i];
        bench_audit(&colds[i], folders[i], true);
        bench_audit(&audits[i], folders[i], false);
    }
    floor = bench_audit_floor(&crypto, LARGE);
    bench_proofs(folders[1], &audits[1].tree, &crypto, ms);
    printf("\n%-34s %11s %11s %12s %12s\n", "entries of 200 bytes", "10,000", "1,000,000",
           "memory", "memory");
    print_walk("put in, 1,024 at once, published", &fills[0], &fills[1]);
    printf("\n");
    print_walk("audited, files in memory", &audits[0], &audits[1]);
    printf("   goal 3 s%s\n", mark(audits[1].seconds < 3));
    print_walk("audited, bundles from the disk", &colds[0], &colds[1]);
    printf("\n%-34s %11s %9.2f s\n", "  the same hashing alone", "", floor);
    troth_provider_destroy(&crypto);
}

int main(int argc, char **argv)
{
    const double seconds = argc > 1 ? strtod(argv[1], NULL) : 1.2;
    const char *place = bench_place_make();

    (void)setvbuf(stdout, NULL, _IOLBF, 0);
    (void)fprintf(stderr, "timing %zu jobs, %d rounds of %.1f s, in %s\n", COUNT(rows),
                  BENCH_ROUNDS, seconds, place);
    appends(place, seconds);
    reading(PROOF_MS);
    bench_place_remove();
    return 0;
}
