/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "bench/channel_figures.h"
#include "bench/measure.h"
#include "bench/primitive.h"

/* One thread's: both ends of one connection after the other. */
struct meeting {
    struct bench_party *party;
    struct bench_line_terms terms;
    bool is_cold;
    int listener;
    uint16_t port;
};

static bool meet(void *state, size_t i)
{
    struct meeting *m = state;
    struct bench_line client, server;
    bool good;

    (void)i;
    if (m->is_cold)
        bench_party_forget(m->party);
    good = bench_line_begin(&client, m->party, TROTH_CLIENT, &m->terms,
                            bench_connect(m->port));
    good = bench_line_begin(&server, m->party, TROTH_SERVER, &m->terms,
                            bench_accept(m->listener)) &&
           good;
    while (good && !(client.is_open && server.is_open))
        good = bench_line_step(&client) && bench_line_step(&server);
    bench_line_end(&client);
    bench_line_end(&server);
    return good;
}

static bool mint(void *state, size_t i)
{
    (void)i;
    return bench_party_mint(state);
}

/* ---- one signature ---- */

struct sign_state {
    EVP_PKEY_CTX *ready;
    uint8_t digest[32];
};

static void *sign_create(void)
{
    struct sign_state *s = calloc(1, sizeof *s);
    EVP_PKEY *key = EVP_EC_gen("P-256");

    if (!s || !key)
        exit(2);
    s->ready = EVP_PKEY_CTX_new(key, NULL);
    EVP_PKEY_free(key);
    if (!s->ready || EVP_PKEY_sign_init(s->ready) <= 0)
        exit(2);
    return s;
}

static bool sign(void *state, size_t i)
{
    struct sign_state *s = state;
    uint8_t signature[80];
    size_t len = sizeof signature;

    memcpy(s->digest, &i, sizeof i);
    return EVP_PKEY_sign(s->ready, signature, &len, s->digest, sizeof s->digest) > 0;
}

/* ---- all of them ---- */

/* clang-format off */
enum job { PLAIN, SIGN, VERIFY, EPOCH, MUTUAL, COLD, STRICT, MINT, JOBS };

static struct bench_job jobs[JOBS] = {
    [PLAIN]  = {.name = "TLS 1.3, full handshake",         .run = meet},
    [SIGN]   = {.name = "P-256 sign, key ready",           .run = sign},
    [VERIFY] = {.name = "P-256 verify, key ready",         .run = bench_p256_run},
    [EPOCH]  = {.name = "epoch, evidence known",           .run = meet},
    [MUTUAL] = {.name = "epoch, both sides, known",        .run = meet},
    [COLD]   = {.name = "epoch, new evidence",             .run = meet},
    [STRICT] = {.name = "strict",                          .run = meet},
    [MINT]   = {.name = "  of which minting a document",   .run = mint},
};

static const struct { enum job job; struct bench_line_terms terms; bool is_cold; } kinds[] = {
    {PLAIN,  {BENCH_TLS,   TROTH_LEVEL_NONE,   TROTH_LEVEL_NONE},  false},
    {EPOCH,  {BENCH_TROTH, TROTH_LEVEL_EPOCH,  TROTH_LEVEL_NONE},  false},
    {MUTUAL, {BENCH_TROTH, TROTH_LEVEL_EPOCH,  TROTH_LEVEL_EPOCH}, false},
    {COLD,   {BENCH_TROTH, TROTH_LEVEL_EPOCH,  TROTH_LEVEL_NONE},  true},
    {STRICT, {BENCH_TROTH, TROTH_LEVEL_STRICT, TROTH_LEVEL_NONE},  false},
};

/* What a handshake is held against: so many signatures made and verified above plain. */
static const struct { enum job job; double pairs, goal; } floors[] = {
    {EPOCH, 1, 1.15}, {MUTUAL, 2, 1.15},
};
/* clang-format on */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void prepare(const struct bench_certificate *certificate)
{
    for (int t = 0; t < BENCH_THREADS; t++) {
        struct bench_party *party = bench_party_create(certificate);

        for (size_t i = 0; i < COUNT(kinds); i++) {
            struct meeting *m = calloc(1, sizeof *m);

            if (!m)
                exit(2);
            *m = (struct meeting){party, kinds[i].terms, kinds[i].is_cold, 0, 0};
            m->listener = bench_listen(&m->port);
            jobs[kinds[i].job].states[t] = m;
        }
        jobs[SIGN].states[t] = sign_create();
        jobs[VERIFY].states[t] = bench_p256_create();
        jobs[MINT].states[t] = party;
    }
}

/* The median over the rounds of the time over that of what it cannot do without. */
static double over_floor(enum job job, double pairs, unsigned threads)
{
    double ratios[BENCH_ROUNDS];

    for (size_t i = 0; i < BENCH_ROUNDS; i++) {
        double least = 1 / jobs[PLAIN].rate[threads - 1][i] +
                       pairs * (1 / jobs[SIGN].rate[threads - 1][i] +
                                1 / jobs[VERIFY].rate[threads - 1][i]);

        ratios[i] = 1 / jobs[job].rate[threads - 1][i] / least;
    }
    return bench_median(ratios);
}

void bench_handshakes(const struct bench_certificate *certificate, unsigned ms)
{
    prepare(certificate);
    bench_measure(jobs, JOBS, ms);
    printf("%-34s %12s %12s\n", "handshakes, both ends", "1 thread/s", "2 threads/s");
    for (size_t i = 0; i < JOBS; i++)
        printf("%-34s %12.0f %12.0f\n", jobs[i].name, bench_rate(&jobs[i], 1),
               bench_rate(&jobs[i], 2));
    printf("\ntime over that of the plain handshake and the signatures it adds\n");
    for (size_t i = 0; i < COUNT(floors); i++) {
        double one = over_floor(floors[i].job, floors[i].pairs, 1);

        printf("%-34s %11.3fx %11.3fx  goal %.2fx%s\n", jobs[floors[i].job].name, one,
               over_floor(floors[i].job, floors[i].pairs, 2), floors[i].goal,
               bench_mark(one <= floors[i].goal));
    }
}
