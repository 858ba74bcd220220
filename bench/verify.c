/*
 * How close to the arithmetic is verification? In one run: bare signatures with keys
 * ready; ours cold, warm and parsing only; the same work with OpenSSL's objects.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/evidence.h"
#include "bench/measure.h"
#include "bench/peer.h"
#include "bench/primitive.h"
#include "troth/provider.h"

/* One thread's own: nothing is shared but what is read-only. */
struct verifier {
    const struct bench_evidence *evidence;
    const struct troth_crypto *crypto;
    struct troth_cache *cache;            /* NULL: cold */
    const struct troth_cache_entry *warm; /* what the cache holds before every item */
    uint8_t *memory;
};

enum { CACHE_ENTRIES = 512 };

static bool verify(struct verifier *v, struct troth_span evidence,
                   struct troth_collateral collateral)
{
    static const struct troth_span any[] = {{(const uint8_t *)"measurement", 11},
                                            {(const uint8_t *)"nonce", 5}};
    static const struct troth_requirements wanted = {.any = {any, 2}};
    const struct troth_anchors anchors = {v->evidence->anchors, 2};
    struct troth_arena arena = {v->memory, TROTH_VERIFY_ARENA_SIZE, 0};
    const struct troth_verify_input input = {
        .evidence = evidence,
        .collateral = collateral,
        .anchors = &anchors,
        .crypto = v->crypto,
        .clock = {TROTH_CLOCK_GIVEN, BENCH_TIME_S},
        .cache = v->cache,
        .arena = &arena,
        .requirements = &wanted,
    };
    struct troth_result result;

    if (v->warm)
        memcpy(v->cache->entries, v->warm, CACHE_ENTRIES * sizeof *v->warm);
    return troth_verify(&result, NULL, &input) == TROTH_OK &&
           result.answer == TROTH_ACCEPTED;
}

static bool verify_nitro(void *state, size_t i)
{
    struct verifier *v = state;

    return verify(v, v->evidence->nitro[i % BENCH_PIECES],
                  (struct troth_collateral){NULL, 0});
}

static bool verify_snp(void *state, size_t i)
{
    struct verifier *v = state;

    return verify(
        v, v->evidence->snp[i % BENCH_PIECES],
        (struct troth_collateral){v->evidence->snp_collateral[i % BENCH_PIECES], 3});
}

/* Issuers alone: every document with its last certificate's signature broken, so that
 * nothing below the issuers is remembered. */
static void warm_nitro(struct verifier *v)
{
    for (size_t i = 0; i < BENCH_PIECES; i++) {
        struct troth_span whole = v->evidence->nitro[i];
        struct troth_span leaf = v->evidence->nitro_fields[i].certificate;
        uint8_t *broken = malloc(whole.len);

        if (!broken)
            exit(2);
        memcpy(broken, whole.ptr, whole.len);
        broken[(size_t)(leaf.ptr - whole.ptr) + leaf.len - 1] ^= 1;
        if (verify(v, (struct troth_span){broken, whole.len},
                   (struct troth_collateral){NULL, 0}))
            exit(2);
        free(broken);
    }
}

static void warm_snp(struct verifier *v)
{
    for (size_t i = 0; i < BENCH_PIECES; i++)
        if (!verify_snp(v, i))
            exit(2);
}

/* Zeroed memory that is never given back; there is nothing to do without it. */
static void *keep(size_t count, size_t size)
{
    void *memory = calloc(count, size);

    if (!memory)
        exit(2);
    return memory;
}

static void *verifier_create(const struct bench_evidence *evidence,
                             const struct troth_crypto *crypto,
                             void (*warm)(struct verifier *))
{
    struct verifier *v = keep(1, sizeof *v);
    struct troth_cache_entry *warmed;

    *v = (struct verifier){evidence, crypto, NULL, NULL,
                           keep(1, TROTH_VERIFY_ARENA_SIZE)};
    if (!warm)
        return v;
    v->cache = keep(1, sizeof *v->cache);
    troth_cache_init(v->cache, keep(CACHE_ENTRIES, sizeof(struct troth_cache_entry)),
                     CACHE_ENTRIES);
    warm(v);
    warmed = keep(CACHE_ENTRIES, sizeof *warmed);
    memcpy(warmed, v->cache->entries, CACHE_ENTRIES * sizeof *warmed);
    v->warm = warmed;
    return v;
}

static bool parse_nitro(void *state, size_t i)
{
    struct verifier *v = state;
    struct troth_nitro fields;

    return troth_nitro_parse(&fields, NULL, v->evidence->nitro[i % BENCH_PIECES]) ==
           TROTH_OK;
}

static bool parse_snp(void *state, size_t i)
{
    struct verifier *v = state;
    struct troth_snp fields;

    return troth_snp_parse(&fields, NULL, v->evidence->snp[i % BENCH_PIECES]) == TROTH_OK;
}

/* clang-format off */
enum job {
    P384_OPENSSL, P384_NETTLE, RSA4096,
    NITRO_COLD, NITRO_WARM, NITRO_PARSE, NITRO_PEER_COLD, NITRO_PEER_WARM,
    SNP_COLD, SNP_WARM, SNP_PARSE, SNP_PEER_COLD, SNP_PEER_WARM,
    NITRO_WARM_OPENSSL, SNP_WARM_OPENSSL,
    JOBS
};

static struct bench_job jobs[JOBS] = {
    [P384_OPENSSL]       = {.name = "P-384 verify, OpenSSL, key ready", .run = bench_p384_openssl_run},
    [P384_NETTLE]        = {.name = "P-384 verify, nettle, key ready",  .run = bench_p384_nettle_run},
    [RSA4096]            = {.name = "RSA-4096 PSS verify, key ready",   .run = bench_rsa4096_run},
    [NITRO_COLD]         = {.name = "Nitro document, cold",             .run = verify_nitro},
    [NITRO_WARM]         = {.name = "Nitro document, warm",             .run = verify_nitro},
    [NITRO_PARSE]        = {.name = "Nitro document, parse only",       .run = parse_nitro},
    [NITRO_PEER_COLD]    = {.name = "  OpenSSL objects, cold",          .run = bench_peer_nitro_run},
    [NITRO_PEER_WARM]    = {.name = "  OpenSSL objects, warm",          .run = bench_peer_nitro_run},
    [SNP_COLD]           = {.name = "SNP report, cold",                 .run = verify_snp},
    [SNP_WARM]           = {.name = "SNP report, warm",                 .run = verify_snp},
    [SNP_PARSE]          = {.name = "SNP report, parse only",           .run = parse_snp},
    [SNP_PEER_COLD]      = {.name = "  OpenSSL objects, cold",          .run = bench_peer_snp_run},
    [SNP_PEER_WARM]      = {.name = "  OpenSSL objects, warm",          .run = bench_peer_snp_run},
    [NITRO_WARM_OPENSSL] = {.name = "Nitro, warm, OpenSSL's P-384",     .run = verify_nitro},
    [SNP_WARM_OPENSSL]   = {.name = "SNP, warm, OpenSSL's P-384",       .run = verify_snp},
};

/* What each job cannot do without: signatures of each kind. */
static const struct need {
    enum job job;
    enum job p384; /* whose */
    double p384s, rsas, goal;
} needs[] = {
    {NITRO_COLD,         P384_NETTLE,  5, 0, 1.15},
    {NITRO_WARM,         P384_NETTLE,  2, 0, 1.10},
    {SNP_COLD,           P384_NETTLE,  1, 3, 1.15},
    {SNP_WARM,           P384_NETTLE,  1, 0, 1.10},
    {NITRO_WARM_OPENSSL, P384_OPENSSL, 2, 0, 1.10},
    {SNP_WARM_OPENSSL,   P384_OPENSSL, 1, 0, 1.10},
};

static const struct pair { enum job ours, peer; } peers[] = {
    {NITRO_COLD, NITRO_PEER_COLD}, {NITRO_WARM, NITRO_PEER_WARM},
    {SNP_COLD, SNP_PEER_COLD},     {SNP_WARM, SNP_PEER_WARM},
    {NITRO_WARM_OPENSSL, NITRO_PEER_WARM}, {SNP_WARM_OPENSSL, SNP_PEER_WARM},
};
/* clang-format on */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Nettle verifies P-384 in the ordinary build; without it OpenSSL is the floor. */
static enum job floor_of(enum job wanted)
{
    return wanted == P384_NETTLE && !troth_provider_nettle() ? P384_OPENSSL : wanted;
}

static double overhead(const struct need *need, unsigned threads)
{
    double ratios[BENCH_ROUNDS];
    const struct bench_job *p384 = &jobs[floor_of(need->p384)];

    for (unsigned i = 0; i < BENCH_ROUNDS; i++) {
        double floor = need->p384s / p384->rate[threads - 1][i] +
                       need->rsas / jobs[RSA4096].rate[threads - 1][i];

        ratios[i] = 1 / jobs[need->job].rate[threads - 1][i] / floor;
    }
    return bench_median(ratios);
}

static const char *mark(bool reached)
{
    return reached ? "" : "   MISSED";
}

static void print_rates(void)
{
    printf("%-34s %12s %12s %8s\n", "", "1 thread/s", "2 threads/s", "scaling");
    for (size_t i = 0; i < JOBS; i++)
        printf("%-34s %12.0f %12.0f %7.2fx\n", jobs[i].name, bench_rate(&jobs[i], 1),
               bench_rate(&jobs[i], 2), bench_scaling(&jobs[i]));
}

static void print_overheads(void)
{
    printf("\ntime over that of the signatures needed\n");
    for (size_t i = 0; i < COUNT(needs); i++) {
        const struct need *n = &needs[i];
        double one = overhead(n, 1), two = overhead(n, 2);

        printf("%-34s %11.3fx %11.3fx  goal %.2fx%s\n", jobs[n->job].name, one, two,
               n->goal, mark(one <= n->goal));
    }
    printf("\nscaling over the primitive's own\n");
    for (size_t i = 0; i < COUNT(needs); i++) {
        const struct need *n = &needs[i];
        double share = bench_scaling(&jobs[n->job]) /
                       bench_scaling(&jobs[floor_of(n->p384)]);

        printf("%-34s %11.1f%%               goal 95%%%s\n", jobs[n->job].name,
               share * 100, mark(share >= 0.95));
    }
}

static void print_peers(void)
{
    printf("\nrate over that of OpenSSL's objects\n");
    for (size_t i = 0; i < COUNT(peers); i++) {
        double ratio = bench_ratio(&jobs[peers[i].ours], &jobs[peers[i].peer], 1);

        printf("%-34s %11.2fx %11.2fx  goal 1.50x%s\n", jobs[peers[i].ours].name, ratio,
               bench_ratio(&jobs[peers[i].ours], &jobs[peers[i].peer], 2),
               mark(ratio >= 1.5));
    }
    printf("\nparsing a second\n");
    for (int i = 0; i < 2; i++) {
        const struct bench_job *job = &jobs[i ? SNP_PARSE : NITRO_PARSE];

        printf("%-34s %11.2fM               goal 1M%s\n", job->name,
               bench_rate(job, 1) / 1e6, mark(bench_rate(job, 1) >= 1e6));
    }
}

static void prepare(const struct bench_evidence *e, const struct troth_crypto *fastest,
                    const struct troth_crypto *openssl)
{
    for (int t = 0; t < BENCH_THREADS; t++) {
        jobs[P384_OPENSSL].states[t] = bench_p384_openssl_create();
        jobs[P384_NETTLE].states[t] = bench_p384_nettle_create();
        jobs[RSA4096].states[t] = bench_rsa4096_create();
        jobs[NITRO_COLD].states[t] = verifier_create(e, fastest, NULL);
        jobs[NITRO_WARM].states[t] = verifier_create(e, fastest, warm_nitro);
        jobs[NITRO_PARSE].states[t] = verifier_create(e, fastest, NULL);
        jobs[NITRO_PEER_COLD].states[t] = bench_peer_nitro_create(e, false);
        jobs[NITRO_PEER_WARM].states[t] = bench_peer_nitro_create(e, true);
        jobs[SNP_COLD].states[t] = verifier_create(e, fastest, NULL);
        jobs[SNP_WARM].states[t] = verifier_create(e, fastest, warm_snp);
        jobs[SNP_PARSE].states[t] = verifier_create(e, fastest, NULL);
        jobs[SNP_PEER_COLD].states[t] = bench_peer_snp_create(e, false);
        jobs[SNP_PEER_WARM].states[t] = bench_peer_snp_create(e, true);
        jobs[NITRO_WARM_OPENSSL].states[t] = verifier_create(e, openssl, warm_nitro);
        jobs[SNP_WARM_OPENSSL].states[t] = verifier_create(e, openssl, warm_snp);
    }
}

int main(int argc, char **argv)
{
    struct troth_crypto fastest, openssl;
    unsigned ms = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 300;

    if (troth_provider_create(&fastest) || troth_provider_openssl_create(&openssl)) {
        fprintf(stderr, "bench: no cryptography\n");
        return 2;
    }
    fprintf(stderr, "minting %d documents and %d reports\n", BENCH_PIECES, BENCH_PIECES);
    prepare(bench_evidence_make(&fastest), &fastest, &openssl);
    fprintf(stderr, "timing %d jobs, %d rounds of %u ms on one and two threads\n", JOBS,
            BENCH_ROUNDS, ms);
    bench_measure(jobs, JOBS, ms);
    print_rates();
    print_overheads();
    print_peers();
    return 0;
}
