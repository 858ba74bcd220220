/*
 * How quick are policies? Compiling and evaluating one comparison, and the twenty rules
 * of policy.json over the claims of TDX quotes, beside the verification that they follow.
 * argv: milliseconds a job and round; a file of a peer's rates (bufbuild_cel.mjs).
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "appraise/policy.h"
#include "bench/measure.h"
#include "bench/quotes.h"
#include "evidence/judgement.h"
#include "test/harness.h"
#include "troth/provider.h"

enum { CACHE_ENTRIES = 1024, ROOM = 1 << 16 };

enum job { COMPILE_ONE, ONE, COMPILE_TWENTY, TWENTY, VERIFY, VERIFY_BY_POLICY, JOBS };

static const struct troth_cel_variable names[] = {
    {"vmpl", &troth_cel_types[TROTH_CEL_INT]}};
static const struct troth_cel_env env = {.variables = names, .variable_count = 1};

/* One thread's own: nothing is shared but what is read-only. */
struct worker {
    const struct bench_quotes *set;
    const struct troth_crypto *crypto;
    const struct troth_policy *policy; /* NULL: verify without */
    struct troth_span document;        /* of the policy */
    struct troth_cel_program one;
    const struct troth_claims *claims; /* of each quote, verified */
    struct troth_cache cache;
    struct troth_arena arena;
};

static void need(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "bench: %s\n", what);
        exit(2);
    }
}

/* Zeroed memory that is never given back; there is nothing to do without it. */
static void *keep(size_t count, size_t size)
{
    void *memory = calloc(count, size);

    need(memory != NULL, "no memory");
    return memory;
}

static struct troth_arena new_arena(size_t size)
{
    return (struct troth_arena){keep(1, size), size, 0};
}

static bool compile_one(void *state, size_t i)
{
    struct worker *w = state;
    struct troth_cel_program program;

    (void)i;
    w->arena.used = 0;
    return !troth_cel_compile(&program, NULL, &env, TROTH_LITERAL("vmpl < 2"), &w->arena);
}

static bool one(void *state, size_t i)
{
    struct worker *w = state;
    const struct troth_cel_value values[] = {TROTH_CEL_INT_VALUE((int64_t)(i & 3))};
    struct troth_cel_value answer;

    w->arena.used = 0;
    return !troth_cel_evaluate(&answer, &w->one,
                               &(struct troth_cel_run){.variables = values,
                                                       .steps = TROTH_RULE_STEPS_MAX,
                                                       .arena = &w->arena}) &&
           answer.kind == TROTH_CEL_BOOL && answer.as.boolean == ((i & 3) < 2);
}

static bool compile_twenty(void *state, size_t i)
{
    struct worker *w = state;
    const struct troth_policy *policy;

    (void)i;
    w->arena.used = 0;
    return !troth_policy_from_json(&policy, NULL, w->document, w->crypto, &w->arena);
}

/* What troth_verify() does with the rules, and nothing else. */
static bool twenty(void *state, size_t i)
{
    static const enum troth_check_id plan[] = {TROTH_CHECK_COUNT};
    struct worker *w = state;
    static const struct troth_requirements nothing;
    const struct troth_verify_input input = {
        .arena = &w->arena, .requirements = &nothing, .policy = w->policy};
    struct troth_policy_outcome outcome = {0};
    struct troth_judgement judgement;
    const struct troth_policy_case c = {
        .j = &judgement,
        .claims = &w->claims[i % w->set->count],
        .policy = w->policy,
    };

    w->arena.used = 0;
    return !troth_judgement_begin(&judgement, &input, w->set->time_s, plan) &&
           !troth_policy_judge_rules(&outcome, &c) && outcome.explanation_count == 0;
}

static enum troth_err ask(struct troth_result *out, struct worker *w, size_t i,
                          struct troth_arena *arena)
{
    static const struct troth_span any[] = {{(const uint8_t *)"measurement", 11},
                                            {(const uint8_t *)"nonce", 5}};
    const struct bench_quote *row = &w->set->rows[i % w->set->count];
    const struct troth_requirements wanted = {.any = {any, w->policy ? 0 : COUNT(any)}};
    const struct troth_verify_input input = {
        .evidence = row->quote,
        .collateral = {row->prepared, row->item_count},
        .anchors = w->set->anchors,
        .crypto = w->crypto,
        .clock = {TROTH_CLOCK_GIVEN, w->set->time_s},
        .cache = &w->cache,
        .arena = arena,
        .requirements = &wanted,
        .policy = w->policy,
    };

    return troth_verify(out, NULL, &input);
}

static bool verify(void *state, size_t i)
{
    struct worker *w = state;
    struct troth_result result;

    w->arena.used = 0;
    return !ask(&result, w, i, &w->arena) && result.answer == TROTH_ACCEPTED;
}

static struct bench_job jobs[JOBS] = {
    [COMPILE_ONE] = {.name = "one comparison, compiled", .run = compile_one},
    [ONE] = {.name = "one comparison, evaluated", .run = one},
    [COMPILE_TWENTY] = {.name = "20 rules, read and compiled", .run = compile_twenty},
    [TWENTY] = {.name = "20 rules, bound and evaluated", .run = twenty},
    [VERIFY] = {.name = "TDX quote, warm", .run = verify},
    [VERIFY_BY_POLICY] = {.name = "TDX quote, warm, by 20 rules", .run = verify},
};

/* What has a rate of the peer's, and what is wanted of ours. */
static const struct goal {
    enum job job;
    double rate; /* 0: none is wanted */
} goals[] = {{COMPILE_ONE, 0}, {ONE, 5e6}, {COMPILE_TWENTY, 0}, {TWENTY, 150e3}};

static const struct troth_policy *read_policy(struct troth_span document,
                                              const struct troth_crypto *crypto)
{
    struct troth_arena arena = new_arena(TROTH_POLICY_ARENA_SIZE);
    const struct troth_policy *policy;
    struct troth_policy_issue issue = {0};

    if (troth_policy_from_json(&policy, &issue, document, crypto, &arena))
        fprintf(stderr, "bench: %s: %s\n", issue.path, issue.text);
    need(policy != NULL, "policy.json cannot be used");
    return policy;
}

static struct worker *worker_create(const struct worker *model)
{
    struct worker *w = keep(1, sizeof *w);
    struct troth_arena kept = new_arena(ROOM);

    *w = *model;
    w->arena = new_arena(TROTH_POLICY_ARENA_SIZE);
    need(!troth_cel_compile(&w->one, NULL, &env, TROTH_LITERAL("vmpl < 2"), &kept),
         "one comparison does not compile");
    troth_cache_init(&w->cache, keep(CACHE_ENTRIES, sizeof(struct troth_cache_entry)),
                     CACHE_ENTRIES);
    return w;
}

/* Verify every quote: what can be in the cache is, then. */
static const struct troth_claims *verify_all(struct worker *w)
{
    struct troth_claims *claims = keep(w->set->count, sizeof *claims);

    for (size_t i = 0; i < w->set->count; i++) {
        struct troth_arena arena = new_arena(TROTH_VERIFY_ARENA_SIZE);
        struct troth_result result;

        need(!ask(&result, w, i, &arena) && result.answer == TROTH_ACCEPTED,
             "a quote is not accepted");
        claims[i] = result.claims;
    }
    return claims;
}

static void prepare(const struct troth_crypto *crypto)
{
    const struct troth_span document = test_file(TROTH_SOURCE_DIR "/bench/policy.json");
    const struct worker bare = {.set = bench_quotes_mint(crypto, true), .crypto = crypto};
    struct worker model = bare;

    model.document = document;
    model.policy = read_policy(document, crypto);
    model.claims = verify_all(worker_create(&bare));
    for (int t = 0; t < BENCH_THREADS; t++) {
        struct worker *plain = worker_create(&bare);
        struct worker *ruled = worker_create(&model);

        (void)verify_all(plain);
        (void)verify_all(ruled);
        for (int j = 0; j < JOBS; j++)
            jobs[j].states[t] = j == VERIFY ? plain : ruled;
    }
}

static const char *mark(bool reached)
{
    return reached ? "met" : "MISSED";
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
    const double share = bench_ratio(&jobs[VERIFY], &jobs[TWENTY], 1) * 100;

    printf("\ngoals, one thread\n");
    for (size_t i = 0; i < COUNT(goals); i++) {
        const struct bench_job *job = &jobs[goals[i].job];

        if (goals[i].rate > 0)
            printf("%-34s %12.0f/s   goal %.0f/s   %s\n", job->name, bench_rate(job, 1),
                   goals[i].rate, mark(bench_rate(job, 1) >= goals[i].rate));
    }
    printf("%-34s %11.2f %%    goal 5 %%   %s\n", "20 rules, of the verification", share,
           mark(share <= 5));
    printf("%-34s %11.2f %%\n", "with the policy beside without",
           (bench_ratio(&jobs[VERIFY], &jobs[VERIFY_BY_POLICY], 1) - 1) * 100);
}

/* Lines of "name\trate", names as ours. */
static void print_peer(const char *path)
{
    FILE *file = path ? fopen(path, "r") : NULL;
    char line[256];

    if (!file)
        return;
    printf("\nrate over that of @bufbuild/cel, the same expressions and values\n");
    while (fgets(line, sizeof line, file)) {
        char *rate = strchr(line, '\t');

        if (!rate)
            continue;
        *rate++ = '\0';

        const double theirs = strtod(rate, NULL);

        for (size_t i = 0; i < COUNT(goals); i++)
            if (strcmp(line, jobs[goals[i].job].name) == 0 && theirs > 0)
                printf("%-34s %12.0f/s   ours %.0fx\n", line, theirs,
                       bench_rate(&jobs[goals[i].job], 1) / theirs);
    }
    (void)fclose(file);
}

int main(int argc, char **argv)
{
    struct troth_crypto crypto;
    unsigned ms = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 100;

    need(!troth_provider_create(&crypto), "no cryptography");
    prepare(&crypto);
    fprintf(stderr, "timing %d jobs, %d rounds of %u ms on one and two threads\n", JOBS,
            BENCH_ROUNDS, ms);
    bench_measure(jobs, JOBS, ms);
    print_rates();
    print_goals();
    print_peer(argc > 2 ? argv[2] : NULL);
    return 0;
}
