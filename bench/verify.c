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

static bool verify_under(struct verifier *v, const struct troth_anchors *anchors,
                         struct troth_span evidence, struct troth_collateral collateral)
{
    static const struct troth_span any[] = {{(const uint8_t *)"measurement", 11},
                                            {(const uint8_t *)"nonce", 5}};
    static const struct troth_requirements wanted = {.any = {any, 2}};
    struct troth_arena arena = {v->memory, TROTH_VERIFY_ARENA_SIZE, 0};
    const struct troth_verify_input input = {
        .evidence = evidence,
        .collateral = collateral,
        .anchors = anchors,
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

static bool verify(struct verifier *v, struct troth_span evidence,
                   struct troth_collateral collateral)
{
    const struct troth_anchors anchors = {v->evidence->anchors, 2};

    return verify_under(v, &anchors, evidence, collateral);
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

/* A VCEK alone, as with AMD's own keys: its issuer is pinned. */
static bool verify_snp_pinned(void *state, size_t i)
{
    struct verifier *v = state;
    const struct troth_anchors anchors = {&v->evidence->pinned_ask, 1};

    i %= BENCH_PIECES;
    return verify_under(v, &anchors, v->evidence->snp[i],
                        (struct troth_collateral){v->evidence->snp_collateral[i], 1});
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

/* The signatures that a verification cannot do without, bare, with keys ready. */
struct bare {
    size_t p384s, rsas;
    bool (*p384)(void *state, size_t i);
    void *p384_state, *rsa_state;
};

static bool run_bare(void *state, size_t i)
{
    const struct bare *b = state;
    bool good = true;

    for (size_t k = 0; k < b->p384s; k++)
        good = b->p384(b->p384_state, i * b->p384s + k) && good;
    for (size_t k = 0; k < b->rsas; k++)
        good = bench_rsa4096_run(b->rsa_state, i * b->rsas + k) && good;
    return good;
}

/* clang-format off */
enum job {
    P384_OPENSSL, P384_NETTLE, RSA4096,
    NITRO_COLD, NITRO_COLD_BARE, NITRO_COLD_PEER,
    NITRO_WARM, NITRO_WARM_BARE, NITRO_WARM_PEER, NITRO_WARM_OPENSSL,
    SNP_COLD, SNP_COLD_BARE, SNP_COLD_PEER,
    SNP_PINNED, SNP_PINNED_BARE, SNP_PINNED_PEER,
    SNP_WARM, SNP_WARM_BARE, SNP_WARM_PEER, SNP_WARM_OPENSSL,
    NITRO_PARSE, SNP_PARSE,
    JOBS
};

static struct bench_job jobs[JOBS] = {
    [P384_OPENSSL]       = {.name = "P-384 verify, OpenSSL, key ready", .run = bench_p384_openssl_run},
    [P384_NETTLE]        = {.name = "P-384 verify, nettle, key ready",  .run = bench_p384_nettle_run},
    [RSA4096]            = {.name = "RSA-4096 PSS verify, key ready",   .run = bench_rsa4096_run},
    [NITRO_COLD]         = {.name = "Nitro document, cold",             .run = verify_nitro},
    [NITRO_COLD_BARE]    = {.name = "  its 5 P-384, bare",              .run = run_bare},
    [NITRO_COLD_PEER]    = {.name = "  OpenSSL's objects",              .run = bench_peer_nitro_run},
    [NITRO_WARM]         = {.name = "Nitro document, warm",             .run = verify_nitro},
    [NITRO_WARM_BARE]    = {.name = "  its 2 P-384, bare",              .run = run_bare},
    [NITRO_WARM_PEER]    = {.name = "  OpenSSL's objects",              .run = bench_peer_nitro_run},
    [NITRO_WARM_OPENSSL] = {.name = "  ours with OpenSSL's P-384",      .run = verify_nitro},
    [SNP_COLD]           = {.name = "SNP report, cold",                 .run = verify_snp},
    [SNP_COLD_BARE]      = {.name = "  its 3 RSA and 1 P-384, bare",    .run = run_bare},
    [SNP_COLD_PEER]      = {.name = "  OpenSSL's objects",              .run = bench_peer_snp_run},
    [SNP_PINNED]         = {.name = "SNP report, cold, issuer pinned",  .run = verify_snp_pinned},
    [SNP_PINNED_BARE]    = {.name = "  its 1 RSA and 1 P-384, bare",    .run = run_bare},
    [SNP_PINNED_PEER]    = {.name = "  OpenSSL's objects",              .run = bench_peer_snp_run},
    [SNP_WARM]           = {.name = "SNP report, warm",                 .run = verify_snp},
    [SNP_WARM_BARE]      = {.name = "  its 1 P-384, bare",              .run = run_bare},
    [SNP_WARM_PEER]      = {.name = "  OpenSSL's objects",              .run = bench_peer_snp_run},
    [SNP_WARM_OPENSSL]   = {.name = "  ours with OpenSSL's P-384",      .run = verify_snp},
    [NITRO_PARSE]        = {.name = "Nitro document, parse only",       .run = parse_nitro},
    [SNP_PARSE]          = {.name = "SNP report, parse only",           .run = parse_snp},
};

/* What is reported of each: against the bare signatures, and against OpenSSL's objects. */
static const struct goal {
    enum job ours, bare, peer;
    size_t p384s, rsas;
    double overhead; /* at most */
} goals[] = {
    {NITRO_COLD, NITRO_COLD_BARE, NITRO_COLD_PEER, 5, 0, 1.15},
    {NITRO_WARM, NITRO_WARM_BARE, NITRO_WARM_PEER, 2, 0, 1.10},
    {SNP_COLD,   SNP_COLD_BARE,   SNP_COLD_PEER,   1, 3, 1.15},
    {SNP_PINNED, SNP_PINNED_BARE, SNP_PINNED_PEER, 1, 1, 1.15},
    {SNP_WARM,   SNP_WARM_BARE,   SNP_WARM_PEER,   1, 0, 1.10},
};

/* What is left of the lead when nettle's arithmetic is not in play. */
static const struct pair { enum job ours, peer; } alike[] = {
    {NITRO_WARM_OPENSSL, NITRO_WARM_PEER}, {SNP_WARM_OPENSSL, SNP_WARM_PEER},
};
/* clang-format on */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

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

static void print_goals(void)
{
    printf("\ntime over that of the bare signatures\n");
    for (size_t i = 0; i < COUNT(goals); i++) {
        double one = bench_ratio(&jobs[goals[i].bare], &jobs[goals[i].ours], 1);

        printf("%-34s %11.3fx %11.3fx  goal %.2fx%s\n", jobs[goals[i].ours].name, one,
               bench_ratio(&jobs[goals[i].bare], &jobs[goals[i].ours], 2),
               goals[i].overhead, mark(one <= goals[i].overhead));
    }
    printf("\nscaling over that of the bare signatures\n");
    for (size_t i = 0; i < COUNT(goals); i++) {
        const struct bench_job *ours = &jobs[goals[i].ours];
        const struct bench_job *bare = &jobs[goals[i].bare];
        double share = bench_ratio(ours, bare, 2) / bench_ratio(ours, bare, 1);

        printf("%-34s %11.1f%%               goal 95%%%s\n", jobs[goals[i].ours].name,
               share * 100, mark(share >= 0.95));
    }
    printf("\nrate over that of OpenSSL's objects\n");
    for (size_t i = 0; i < COUNT(goals); i++) {
        double one = bench_ratio(&jobs[goals[i].ours], &jobs[goals[i].peer], 1);

        printf("%-34s %11.2fx %11.2fx  goal 1.50x%s\n", jobs[goals[i].ours].name, one,
               bench_ratio(&jobs[goals[i].ours], &jobs[goals[i].peer], 2),
               mark(one >= 1.5));
    }
}

static void print_rest(void)
{
    printf("\nthe same, both with OpenSSL's P-384\n");
    for (size_t i = 0; i < COUNT(alike); i++)
        printf("%-34s %11.2fx %11.2fx\n", i ? "SNP report, warm" : "Nitro document, warm",
               bench_ratio(&jobs[alike[i].ours], &jobs[alike[i].peer], 1),
               bench_ratio(&jobs[alike[i].ours], &jobs[alike[i].peer], 2));
    printf("\nparsing a second\n");
    for (int i = 0; i < 2; i++) {
        const struct bench_job *job = &jobs[i ? SNP_PARSE : NITRO_PARSE];

        printf("%-34s %11.2fM               goal 1M%s\n", job->name,
               bench_rate(job, 1) / 1e6, mark(bench_rate(job, 1) >= 1e6));
    }
}

static void *bare_create(const struct goal *goal)
{
    /* Nettle verifies P-384 in the ordinary build; without it OpenSSL is the floor. */
    bool nettle = troth_provider_nettle() != NULL;
    struct bare *b = keep(1, sizeof *b);

    *b = (struct bare){
        .p384s = goal->p384s,
        .rsas = goal->rsas,
        .p384 = nettle ? bench_p384_nettle_run : bench_p384_openssl_run,
        .p384_state = nettle ? bench_p384_nettle_create() : bench_p384_openssl_create(),
        .rsa_state = goal->rsas ? bench_rsa4096_create() : NULL,
    };
    return b;
}

static void prepare(const struct bench_evidence *e, const struct troth_crypto *fastest,
                    const struct troth_crypto *openssl)
{
    for (int t = 0; t < BENCH_THREADS; t++) {
        for (size_t i = 0; i < COUNT(goals); i++)
            jobs[goals[i].bare].states[t] = bare_create(&goals[i]);
        jobs[P384_OPENSSL].states[t] = bench_p384_openssl_create();
        jobs[P384_NETTLE].states[t] = bench_p384_nettle_create();
        jobs[RSA4096].states[t] = bench_rsa4096_create();
        jobs[NITRO_COLD].states[t] = verifier_create(e, fastest, NULL);
        jobs[NITRO_WARM].states[t] = verifier_create(e, fastest, warm_nitro);
        jobs[NITRO_PARSE].states[t] = verifier_create(e, fastest, NULL);
        jobs[NITRO_COLD_PEER].states[t] = bench_peer_nitro_create(e, false);
        jobs[NITRO_WARM_PEER].states[t] = bench_peer_nitro_create(e, true);
        jobs[SNP_COLD].states[t] = verifier_create(e, fastest, NULL);
        jobs[SNP_PINNED].states[t] = verifier_create(e, fastest, NULL);
        /* The peer's issuer is trusted beforehand, too. */
        jobs[SNP_PINNED_PEER].states[t] = bench_peer_snp_create(e, true);
        jobs[SNP_WARM].states[t] = verifier_create(e, fastest, warm_snp);
        jobs[SNP_PARSE].states[t] = verifier_create(e, fastest, NULL);
        jobs[SNP_COLD_PEER].states[t] = bench_peer_snp_create(e, false);
        jobs[SNP_WARM_PEER].states[t] = bench_peer_snp_create(e, true);
        jobs[NITRO_WARM_OPENSSL].states[t] = verifier_create(e, openssl, warm_nitro);
        jobs[SNP_WARM_OPENSSL].states[t] = verifier_create(e, openssl, warm_snp);
    }
}

int main(int argc, char **argv)
{
    struct troth_crypto fastest, openssl;
    unsigned ms = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 40;

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
    print_goals();
    print_rest();
    return 0;
}
