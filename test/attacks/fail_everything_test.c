/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stage.h"
#include "test/support/failing_crypto.h"

/*
 * Whatever fails, nothing is accepted: the n-th call of the cryptographic library, for
 * every n, and memory that ends at every size.
 */

static struct trial trial;
static struct sim_keyring *ring;
static struct nitro_stage nitro;
static struct snp_stage snp;
static struct intel_stage intel;
static struct troth_cache cache;
static struct troth_cache_entry entries[64];

static struct troth_span mint_nitro(void)
{
    nitro_stage_set(&nitro, &trial, ring);
    return nitro_stage_mint(&nitro);
}

static struct troth_span mint_snp(void)
{
    snp_stage_set(&snp, &trial, ring, ON_MILAN);
    return snp_stage_mint(&snp);
}

static struct troth_span mint_snp_table(void)
{
    snp_stage_set(&snp, &trial, ring, ON_TURIN_BY_VLEK);
    snp.is_extended = true;
    snp.lacks_issuer = snp.lacks_vek = true;
    return snp_stage_mint(&snp);
}

static struct troth_span mint_sgx(void)
{
    intel_stage_set(&intel, &trial, ring, SIM_SGX_V3);
    return intel_stage_mint(&intel);
}

/* All that a verification may come to: two standings, certificates from the collateral.
 */
static struct troth_span mint_tdx(void)
{
    intel_stage_set(&intel, &trial, ring, SIM_TDX_V5_TD15);
    sim_intel_set_certification(&intel.doc, 1);
    sim_intel_set_td_status(intel.doc.quote.td.tee_tcb_svn, SIM_OUT_OF_DATE);
    return intel_stage_mint(&intel);
}

#define BINDING "--any measurement --binding app:nonce=,user_data="

/* clang-format off */
static const struct {
    const char *why;
    struct troth_span (*mint)(void);
    const char *options;
    const char *line; /* where nothing fails */
} rows[] = {
    {"nitro", mint_nitro, TRIAL_ANY, "accepted"},
    {"nitro and a binding", mint_nitro, BINDING, "refused: nonce"},
    {"snp", mint_snp, TRIAL_ANY, "accepted"},
    {"snp and a binding", mint_snp, BINDING, "refused: nonce"},
    {"snp with the host's table", mint_snp_table, TRIAL_ANY, "accepted"},
    {"sgx", mint_sgx, TRIAL_ANY, "accepted"},
    {"sgx and a binding", mint_sgx, BINDING, "refused: nonce"},
    {"tdx", mint_tdx, TRIAL_ANY "--allow TDRelaunchAdvised", "accepted"},
    {"tdx that is out of date", mint_tdx, TRIAL_ANY, "refused: tcb_status"},
};
/* clang-format on */

static void start(size_t row)
{
    trial_reset(&trial);
    trial_require(&trial, rows[row].options);
    trial.cache = NULL;
}

static void check_nothing_left(enum troth_err wanted)
{
    static const struct troth_result nothing;
    const struct troth_result *r = &trial.result;

    CHECK_ERR(trial.err, wanted);
    CHECK_ERR(trial.fault.err, wanted);
    CHECK(trial.fault.field != NULL);
    CHECK_INT(r->answer, TROTH_REFUSED);
    CHECK(r->kind == nothing.kind && r->title == nothing.title);
    CHECK(!r->anchor && !r->simulated && !r->archival && r->clock.at_s == 0);
    CHECK(!r->verdict.checks && !r->verdict.count && !r->verdict.capacity);
    CHECK(!r->claims.rows && !r->claims.count);
    CHECK(!r->not_proven && !r->not_proven_count);
    CHECK(!r->valid_until_s && !r->valid_until_what);
}

/* Every call in turn; `cache` cold each time, warm each time, or none. */
static unsigned fail_each_call(size_t row, struct troth_span evidence, bool is_warm)
{
    const struct troth_crypto real = trial.crypto;
    struct failing_crypto failing;
    unsigned calls = 1;

    for (unsigned n = 1; n <= calls; n++) {
        if (trial.cache && !is_warm)
            troth_cache_init(&cache, entries, COUNT(entries));
        trial.crypto = failing_crypto_over(&failing, &real, 0);
        CHECK_TEXT(trial_judge(&trial, evidence, MINTED_AT_S), rows[row].line);
        calls = failing.calls;
        if (trial.cache && !is_warm)
            troth_cache_init(&cache, entries, COUNT(entries));
        trial.crypto = failing_crypto_over(&failing, &real, n);
        (void)trial_judge(&trial, evidence, MINTED_AT_S);
        if (n <= calls)
            check_nothing_left(TROTH_ERR_CRYPTO);
        CHECK_INT(failing.calls, n); /* and nothing is asked after a failure */
    }
    trial.crypto = real;
    CHECK_TEXT(trial_judge(&trial, evidence, MINTED_AT_S), rows[row].line);
    return calls;
}

static void test_crypto(size_t row)
{
    test_case("%s: every call fails, no cache", rows[row].why);
    start(row);
    struct troth_span evidence = rows[row].mint();
    unsigned alone = fail_each_call(row, evidence, false);

    CHECK(alone >= 3);
    test_case("%s: every call fails, cold cache", rows[row].why);
    troth_cache_init(&cache, entries, COUNT(entries));
    trial.cache = &cache;
    unsigned cold = fail_each_call(row, evidence, false);

    CHECK(cold > alone); /* questions are hashed, too */
    test_case("%s: every call fails, warm cache", rows[row].why);
    unsigned warm = fail_each_call(row, evidence, true);

    CHECK(warm < cold);
}

/* A library that fails while a forged certificate is looked at must not have it
 * remembered. */
static void test_no_memory_of_failures(void)
{
    const struct troth_crypto real = trial.crypto;
    struct failing_crypto failing;

    test_case("nitro: what failed is not remembered");
    start(0);
    nitro_stage_set(&nitro, &trial, ring);
    nitro.doc.certs[SIM_NITRO_ZONAL].signing.edit_signature = (struct sim_edit){
        sim_flip_last_bit, NULL};
    struct troth_span evidence = nitro_stage_mint(&nitro);

    troth_cache_init(&cache, entries, COUNT(entries));
    trial.cache = &cache;
    trial.crypto = failing_crypto_over(&failing, &real, 0);
    CHECK_TEXT(trial_judge(&trial, evidence, MINTED_AT_S), "refused: chain");
    const unsigned calls = failing.calls;

    for (unsigned n = 1; n <= calls; n++) {
        trial.crypto = failing_crypto_over(&failing, &real, n);
        (void)trial_judge(&trial, evidence, MINTED_AT_S);
        CHECK(trial.result.answer != TROTH_ACCEPTED);
        trial.crypto = real;
        CHECK_TEXT(trial_judge(&trial, evidence, MINTED_AT_S), "refused: chain");
    }
    trial.crypto = real;
}

/* Memory of exactly `size` bytes, so that a byte too many is seen. */
static void judge_in(struct troth_span evidence, size_t size)
{
    const struct troth_arena roomy = trial.arena;

    trial.arena = (struct troth_arena){malloc(size ? size : 1), size, 0};
    if (!trial.arena.base)
        abort();
    (void)trial_judge(&trial, evidence, MINTED_AT_S);
    free(trial.arena.base);
    trial.arena = roomy;
}

static void test_memory(size_t row)
{
    size_t need, stride, tight = 0;

    test_case("%s: memory ends everywhere", rows[row].why);
    start(row);
    troth_cache_init(&cache, entries, COUNT(entries));
    trial.cache = &cache;
    struct troth_span evidence = rows[row].mint();

    CHECK_TEXT(trial_judge(&trial, evidence, MINTED_AT_S), rows[row].line);
    need = trial.arena.used;
    CHECK(need > 0 && need <= TROTH_VERIFY_ARENA_SIZE);
    stride = need < 60000 ? 131 : need / 300 | 1;
    /* Alignment may take a little more or less elsewhere in memory. */
    for (size_t size = 0; size + 64 < need; size += size + 600 < need ? stride : 1) {
        judge_in(evidence, size);
        check_nothing_left(TROTH_ERR_MEMORY);
        tight = size;
    }
    CHECK(tight > 0);
    judge_in(evidence, need + 64);
    CHECK_ERR(trial.err, TROTH_OK);
}

static void test_no_memory(void)
{
    test_case("no memory at all");
    start(0);
    struct troth_span evidence = mint_nitro();
    const struct troth_arena roomy = trial.arena;

    trial.arena = (struct troth_arena){NULL, TROTH_VERIFY_ARENA_SIZE, 0};
    (void)trial_judge(&trial, evidence, MINTED_AT_S);
    check_nothing_left(TROTH_ERR_MEMORY);
    trial.arena = roomy;
}

/* As many expectations as there may be, none of which holds. */
static void require_most(const char *family)
{
    static char options[8192];
    size_t len = (size_t)snprintf(options, sizeof options, "%s", TRIAL_ANY);

    for (int i = 0; i < TROTH_EXPECTATIONS_MAX; i++)
        len += (size_t)snprintf(options + len, sizeof options - len,
                                "%s--expect %s.no_such_claim_%d=00", i ? " " : "", family,
                                i);
    trial_require(&trial, options);
}

/* The largest result there is: every bit a finding, every collateral item there may be,
 * every expectation there may be. */
static void test_largest(void)
{
    struct troth_span vek;

    test_case("snp: the most there can be fits into TROTH_VERIFY_ARENA_SIZE");
    trial_reset(&trial);
    require_most("snp");
    snp_stage_set(&snp, &trial, ring, ON_MILAN);
    snp.doc.report.policy = UINT64_MAX - (1 << 17);
    snp.doc.report.platform_info = UINT64_MAX - (1 << 5);
    struct troth_span evidence = snp_stage_mint(&snp);

    vek = trial.items[1].bytes;
    while (trial.item_count < TROTH_COLLATERAL_MAX)
        trial.items[trial.item_count++] = (struct troth_collateral_item){
            TROTH_COLLATERAL_CERTIFICATE, vek};
    CHECK_TEXT(trial_judge(&trial, evidence, MINTED_AT_S),
               "refused: debug migration policy_bits platform_bits claim");
    CHECK(trial.arena.used < TROTH_VERIFY_ARENA_SIZE);
}

/* The same of a quote: no two bits of its words as they should be. */
static void test_largest_quote(void)
{
    test_case("tdx: the most there can be fits into TROTH_VERIFY_ARENA_SIZE");
    trial_reset(&trial);
    require_most("tdx");
    intel_stage_set(&intel, &trial, ring, SIM_TDX_V5_TD15_EX);
    intel.doc.quote.td.td_attributes = ~(UINT64_C(1) << 28);
    intel.doc.quote.td.xfam = UINT64_MAX;
    for (size_t i = intel.doc.tcb_info.level_count; i < 96; i++) {
        intel.doc.tcb_info.levels[i] = intel.doc.tcb_info.levels[0];
        intel.doc.tcb_info.levels[i].sgx[15] = (uint8_t)i;
    }
    intel.doc.tcb_info.level_count = 96;
    struct troth_span evidence = intel_stage_mint(&intel);
    const struct troth_collateral_item info = trial.items[trial.item_count - 2];

    CHECK_INT(info.kind, TROTH_COLLATERAL_TCB_INFO);
    while (trial.item_count < TROTH_COLLATERAL_MAX)
        trial.items[trial.item_count++] = info;
    CHECK_TEXT(trial_judge(&trial, evidence, MINTED_AT_S),
               "refused: debug migration attributes claim");
    CHECK(trial.arena.used < TROTH_VERIFY_ARENA_SIZE);
}

int main(void)
{
    ring = sim_keyring_create(1);
    trial_begin(&trial);
    for (size_t row = 0; row < COUNT(rows); row++) {
        test_crypto(row);
        test_memory(row);
    }
    test_no_memory_of_failures();
    test_no_memory();
    test_largest();
    test_largest_quote();
    trial_end(&trial);
    sim_keyring_destroy(ring);
    return test_finish();
}
