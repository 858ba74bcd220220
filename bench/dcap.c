/*
 * How close to the arithmetic is verification of Intel's quotes? In one run: bare P-256
 * verifications with keys ready, as many as a quote takes; ours cold, warm and parsing
 * only. argv: milliseconds a job and round; a file of a peer's rates (dcap_qvl.mjs).
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/measure.h"
#include "bench/primitive.h"
#include "bench/quotes.h"
#include "evidence/dcap/tcb_info.h"
#include "evidence/sgx/sgx.h"
#include "evidence/tdx/tdx.h"
#include "troth/provider.h"

enum { CACHE_ENTRIES = 1024, WARM_SIGNATURES = 2 };

/* What is done with a set of quotes. */
enum work { COLD, COLD_BARE, WARM, WARM_BARE, PARSE, TCB_INFO, WORKS };

/* clang-format off */
static const struct subject {
    const char *name;
    bool is_minted, is_tdx;   /* the second of minted ones */
    enum bench_genuine which; /* of genuine ones */
} subjects[] = {
    {"TDX v4, 64 minted", true,  true,  BENCH_GENUINE},
    {"SGX v3, 64 minted", true,  false, BENCH_GENUINE},
    {"TDX v4, genuine",   false, false, BENCH_TDX_V4},
    {"TDX v5, genuine",   false, false, BENCH_TDX_V5},
    {"SGX v3, genuine",   false, false, BENCH_SGX_V3},
};
/* clang-format on */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SUBJECTS     COUNT(subjects)

static const struct bench_quotes *sets[SUBJECTS]; /* NULL: no vectors */
static struct bench_job jobs[SUBJECTS * WORKS];
static char job_names[SUBJECTS * WORKS][64];

static struct bench_job *job_of(size_t subject, enum work work)
{
    return &jobs[subject * WORKS + work];
}

/* One thread's own: nothing is shared but what is read-only. */
struct verifier {
    const struct bench_quotes *set;
    const struct troth_crypto *crypto;
    struct troth_cache *cache; /* NULL: cold */
    uint8_t *memory;
};

/* Zeroed memory that is never given back; there is nothing to do without it. */
static void *keep(size_t count, size_t size)
{
    void *memory = calloc(count, size);

    if (!memory)
        exit(2);
    return memory;
}

static bool verify(void *state, size_t i)
{
    static const struct troth_span any[] = {{(const uint8_t *)"measurement", 11},
                                            {(const uint8_t *)"nonce", 5}};
    struct verifier *v = state;
    const struct bench_quote *row = &v->set->rows[i % v->set->count];
    const struct troth_requirements wanted = {.any = {any, COUNT(any)},
                                              .allow = v->set->allow};
    struct troth_arena arena = {v->memory, TROTH_VERIFY_ARENA_SIZE, 0};
    const struct troth_verify_input input = {
        .evidence = row->quote,
        .collateral = {v->cache ? row->prepared : row->items, row->item_count},
        .anchors = v->set->anchors,
        .crypto = v->crypto,
        .clock = {TROTH_CLOCK_GIVEN, v->set->time_s},
        .cache = v->cache,
        .arena = &arena,
        .requirements = &wanted,
    };
    struct troth_result result;

    return troth_verify(&result, NULL, &input) == TROTH_OK &&
           result.answer == TROTH_ACCEPTED;
}

static bool parse(void *state, size_t i)
{
    struct verifier *v = state;
    struct troth_span quote = v->set->rows[i % v->set->count].quote;
    struct troth_tdx tdx;
    struct troth_sgx sgx;

    return (v->set->is_tdx ? troth_tdx_parse(&tdx, NULL, quote)
                           : troth_sgx_parse(&sgx, NULL, quote)) == TROTH_OK;
}

static bool parse_tcb_info(void *state, size_t i)
{
    struct verifier *v = state;
    struct troth_arena arena = {v->memory, TROTH_VERIFY_ARENA_SIZE, 0};
    struct troth_tcb_info info;

    return troth_tcb_info_parse(&info, NULL,
                                bench_quote_tcb_info(&v->set->rows[i % v->set->count]),
                                &arena) == TROTH_OK;
}

/* As many bare signatures as one verification checks. */
struct bare {
    void *state;
    size_t signatures;
};

static bool run_bare(void *state, size_t i)
{
    const struct bare *b = state;
    bool good = true;

    for (size_t k = 0; k < b->signatures; k++)
        good = bench_p256_run(b->state, i * b->signatures + k) && good;
    return good;
}

/* A table that counts the signatures which others verify: each once, however often. */
static const struct troth_crypto_ops *counted;
static uint8_t seen[64][64];
static unsigned seen_count;

static enum troth_err count(void *state, enum troth_signature_algorithm algorithm,
                            const struct troth_public_key *key,
                            struct troth_parts message, struct troth_span signature)
{
    unsigned i = 0;

    if (algorithm != TROTH_ECDSA_P256_SHA256 || signature.len != sizeof seen[0])
        exit(2);
    while (i < seen_count && memcmp(seen[i], signature.ptr, sizeof seen[0]) != 0)
        i++;
    if (i == COUNT(seen))
        exit(2);
    if (i == seen_count)
        memcpy(seen[seen_count++], signature.ptr, sizeof seen[0]);
    return counted->verify(state, algorithm, key, message, signature);
}

/* How many signatures a verification rests on. Exits if it does not accept. */
static unsigned count_signatures(const struct verifier *v, size_t i)
{
    struct troth_crypto_ops counting = *v->crypto->ops;
    struct troth_crypto crypto = {&counting, v->crypto->state};
    struct verifier counter = *v;

    counted = v->crypto->ops;
    counting.verify = count;
    counter.crypto = &crypto;
    seen_count = 0;
    if (!verify(&counter, i)) {
        fprintf(stderr, "bench: a quote is not accepted\n");
        exit(2);
    }
    return seen_count;
}

static struct verifier *verifier_create(const struct bench_quotes *set,
                                        const struct troth_crypto *crypto)
{
    struct verifier *v = keep(1, sizeof *v);

    *v = (struct verifier){set, crypto, NULL, keep(1, TROTH_VERIFY_ARENA_SIZE)};
    return v;
}

/* Collateral and PCK chains are in the cache; what a quote signs itself never is. */
static struct verifier *warm_create(const struct bench_quotes *set,
                                    const struct troth_crypto *crypto)
{
    struct verifier *v = verifier_create(set, crypto);

    v->cache = keep(1, sizeof *v->cache);
    troth_cache_init(v->cache, keep(CACHE_ENTRIES, sizeof(struct troth_cache_entry)),
                     CACHE_ENTRIES);
    for (size_t i = 0; i < set->count; i++)
        (void)count_signatures(v, i);
    for (size_t i = 0; i < set->count; i++)
        if (count_signatures(v, i) != WARM_SIGNATURES) {
            fprintf(stderr, "bench: warm, and yet %u signatures\n", seen_count);
            exit(2);
        }
    return v;
}

static struct bare *bare_create(size_t count)
{
    struct bare *b = keep(1, sizeof *b);

    *b = (struct bare){bench_p256_create(), count};
    return b;
}

static void set_job(size_t subject, enum work work, bool (*run)(void *, size_t),
                    const char *what)
{
    char *name = job_names[subject * WORKS + work];

    (void)snprintf(name, sizeof job_names[0], "%s, %s", subjects[subject].name, what);
    *job_of(subject, work) = (struct bench_job){.name = name, .run = run};
}

static void set_bare_job(size_t subject, enum work work, unsigned count)
{
    char *name = job_names[subject * WORKS + work];

    (void)snprintf(name, sizeof job_names[0], "  its %u P-256, bare", count);
    *job_of(subject, work) = (struct bench_job){.name = name, .run = run_bare};
    for (int t = 0; t < BENCH_THREADS; t++)
        job_of(subject, work)->states[t] = bare_create(count);
}

static void prepare_set(size_t s, const struct bench_quotes *set,
                        const struct troth_crypto *crypto)
{
    set_job(s, COLD, verify, "cold");
    set_job(s, WARM, verify, "warm");
    set_job(s, PARSE, parse, "parse only");
    set_job(s, TCB_INFO, parse_tcb_info, "its TCB info");
    for (int t = 0; t < BENCH_THREADS; t++) {
        job_of(s, COLD)->states[t] = verifier_create(set, crypto);
        job_of(s, WARM)->states[t] = warm_create(set, crypto);
        job_of(s, PARSE)->states[t] = job_of(s, COLD)->states[t];
        job_of(s, TCB_INFO)->states[t] = job_of(s, COLD)->states[t];
    }
    set_bare_job(s, COLD_BARE, count_signatures(job_of(s, COLD)->states[0], 0));
    set_bare_job(s, WARM_BARE, WARM_SIGNATURES);
}

/* Genuine ones come last, so without them the jobs end sooner. */
static size_t prepare(const struct troth_crypto *crypto)
{
    for (size_t s = 0; s < SUBJECTS; s++) {
        sets[s] = subjects[s].is_minted ? bench_quotes_mint(crypto, subjects[s].is_tdx)
                                        : bench_quotes_genuine(crypto, subjects[s].which);
        if (!sets[s]) {
            printf("skipped: genuine quotes, no vectors\n");
            return s;
        }
        prepare_set(s, sets[s], crypto);
    }
    return SUBJECTS;
}

static const char *mark(bool reached)
{
    return reached ? "" : "   MISSED";
}

static void print_rates(size_t count)
{
    printf("%-34s %12s %12s %8s\n", "", "1 thread/s", "2 threads/s", "scaling");
    for (size_t i = 0; i < count * WORKS; i++)
        printf("%-34s %12.0f %12.0f %7.2fx\n", jobs[i].name, bench_rate(&jobs[i], 1),
               bench_rate(&jobs[i], 2), bench_scaling(&jobs[i]));
}

/* What is reported of each against the bare signatures. */
static const struct goal {
    enum work ours, bare;
    double overhead; /* at most */
} goals[] = {{COLD, COLD_BARE, 1.15}, {WARM, WARM_BARE, 1.10}};

static void print_goal(const struct goal *goal, size_t subject)
{
    const struct bench_job *ours = job_of(subject, goal->ours);
    const struct bench_job *bare = job_of(subject, goal->bare);
    double one = bench_ratio(bare, ours, 1);
    double share = bench_ratio(ours, bare, 2) / bench_ratio(ours, bare, 1);

    printf("%-34s %7.3fx %7.3fx  goal %.2fx%-10s %6.1f%%  goal 95%%%s\n", ours->name, one,
           bench_ratio(bare, ours, 2), goal->overhead, mark(one <= goal->overhead),
           share * 100, mark(share >= 0.95));
}

static void print_goals(size_t count)
{
    printf("\ntime over that of the bare signatures; scaling over theirs\n");
    for (size_t s = 0; s < count; s++)
        for (size_t i = 0; i < COUNT(goals); i++)
            print_goal(&goals[i], s);
}

/* Bytes are those of all TCB infos in turn. */
static void print_parsing(size_t count)
{
    printf("\nTCB info parsed\n");
    for (size_t s = 0; s < count; s++) {
        double bytes = 0;

        for (size_t i = 0; i < sets[s]->count; i++)
            bytes += (double)bench_quote_tcb_info(&sets[s]->rows[i]).len;
        bytes /= (double)sets[s]->count;

        double rate = bytes * bench_rate(job_of(s, TCB_INFO), 1) / 1e6;

        printf("%-34s %7.0f MB/s  %6.0f bytes  goal 400 MB/s%s\n",
               job_of(s, TCB_INFO)->name, rate, bytes, mark(rate >= 400));
    }
}

/* Lines of "name\trate", names as ours. */
static void print_peer(const char *path, size_t count)
{
    FILE *file = path ? fopen(path, "r") : NULL;
    char line[256];

    if (!file)
        return;
    printf("\nrate over that of @phala/dcap-qvl, same quote and collateral\n");
    while (fgets(line, sizeof line, file)) {
        char *rate = strchr(line, '\t');

        if (!rate)
            continue;
        *rate++ = '\0';

        double theirs = strtod(rate, NULL);

        for (size_t s = 0; s < count; s++)
            if (strcmp(line, subjects[s].name) == 0 && theirs > 0)
                printf("%-34s %10.1f/s   cold %.0fx, warm %.0fx\n", line, theirs,
                       bench_rate(job_of(s, COLD), 1) / theirs,
                       bench_rate(job_of(s, WARM), 1) / theirs);
    }
    (void)fclose(file);
}

int main(int argc, char **argv)
{
    struct troth_crypto crypto;
    unsigned ms = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 40;

    if (troth_provider_create(&crypto)) {
        fprintf(stderr, "bench: no cryptography\n");
        return 2;
    }

    size_t count = prepare(&crypto);

    fprintf(stderr, "timing %zu jobs, %d rounds of %u ms on one and two threads\n",
            count * WORKS, BENCH_ROUNDS, ms);
    bench_measure(jobs, count * WORKS, ms);
    print_rates(count);
    print_goals(count);
    print_parsing(count);
    print_peer(argc > 2 ? argv[2] : NULL, count);
    return 0;
}
