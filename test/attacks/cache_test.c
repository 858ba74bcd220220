/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "stage.h"

/* What a verifier remembers must never make it say yes to something it would refuse. */

static struct trial trial;
static struct sim_keyring *ring;
static struct nitro_stage nitro;
static struct snp_stage snp;
static struct troth_cache cache;
static struct troth_cache_entry entries[64];

/* A cold cache and an empty trial. */
static void start(const char *why)
{
    test_case("%s", why);
    troth_cache_init(&cache, entries, COUNT(entries));
    trial_reset(&trial);
    trial_require(&trial, TRIAL_ANY);
    trial.cache = &cache;
    nitro_stage_set(&nitro, &trial, ring);
    snp_stage_set(&snp, &trial, ring, ON_MILAN);
}

/* The relying party turns to other roots; the cache stays. */
static void again(void)
{
    trial_reset(&trial);
    trial_require(&trial, TRIAL_ANY);
}

static const char *judge_nitro(void)
{
    struct troth_span evidence = nitro_stage_mint(&nitro);

    return stage_judge(&trial, evidence, nitro.at_s);
}

static const char *judge_snp(void)
{
    struct troth_span evidence = snp_stage_mint(&snp);

    return stage_judge(&trial, evidence, snp.at_s);
}

/* Accepted, and again from memory. */
static void warm_nitro(void)
{
    CHECK_TEXT(judge_nitro(), "accepted");
    CHECK_INT(cache.hits, 0);
    again();
    CHECK_TEXT(judge_nitro(), "accepted");
    CHECK_INT(cache.hits, 4);
    again();
}

static void warm_snp(void)
{
    CHECK_TEXT(judge_snp(), "accepted");
    CHECK_INT(cache.hits, 0);
    again();
    CHECK_TEXT(judge_snp(), "accepted");
    CHECK_INT(cache.hits, 3); /* ASK, VCEK, list */
    again();
}

static void test_clock(void)
{
    start("nitro: remembered, and expired since");
    warm_nitro();
    nitro.at_s += 4 * 3600;
    CHECK_TEXT(judge_nitro(), "refused: validity");

    start("nitro: remembered, and the clock goes back");
    warm_nitro();
    nitro.at_s -= 10;
    CHECK_TEXT(judge_nitro(), "refused: validity");

    start("snp: remembered, and expired since");
    warm_snp();
    snp.at_s = snp.doc.certs[SIM_SNP_VEK].not_after_s + 1;
    CHECK_TEXT(judge_snp(), "refused: validity revocation");

    start("snp: remembered, and the clock goes back");
    warm_snp();
    snp.at_s = snp.doc.crl.this_update_s - 1;
    CHECK_TEXT(judge_snp(), "refused: revocation");

    start("snp: remembered, and the list is stale");
    warm_snp();
    snp.at_s = snp.doc.crl.next_update_s + 1;
    CHECK_TEXT(judge_snp(), "refused: revocation");
}

static void test_revocation(void)
{
    start("snp: remembered, and revoked since");
    warm_snp();
    sim_crl_revoke(&snp.doc.crl, &snp.doc.certs[SIM_SNP_ASK], MINTED_AT_S);
    CHECK_TEXT(judge_snp(), "refused: revocation");
    again();
    CHECK_TEXT(judge_snp(), "refused: revocation");

    start("snp: remembered, and the list is withheld");
    warm_snp();
    snp.lacks_list = true;
    CHECK_TEXT(judge_snp(), "undetermined: ?revocation");

    start("snp: list remembered, and forged since");
    warm_snp();
    snp.doc.crl.signing.edit_signature = (struct sim_edit){sim_flip_last_bit, NULL};
    CHECK_TEXT(judge_snp(), "refused: revocation");
}

static void test_evidence(void)
{
    start("nitro: signatures over evidence are not remembered");
    warm_nitro();
    nitro.doc.edit_signature = (struct sim_edit){sim_flip_last_bit, NULL};
    CHECK_TEXT(judge_nitro(), "refused: signature");
    again();
    CHECK_TEXT(judge_nitro(), "refused: signature");

    start("snp: signatures over evidence are not remembered");
    warm_snp();
    snp.doc.report.measurement[0] ^= 1;
    snp.doc.key = sim_keyring_key(ring, SIM_KEY_P384, "stranger");
    CHECK_TEXT(judge_snp(), "refused: signature");
}

static void test_refusals(void)
{
    start("nitro: a signature that does not verify is not remembered");
    nitro.doc.certs[SIM_NITRO_ZONAL].signing.edit_signature = (struct sim_edit){
        sim_flip_last_bit, NULL};
    CHECK_TEXT(judge_nitro(), "refused: chain");
    again();
    CHECK_TEXT(judge_nitro(), "refused: chain");

    start("nitro: remembered as an issuer, presented as an enclave");
    warm_nitro();
    nitro.doc.certificate = SIM_NITRO_INSTANCE;
    nitro.doc.key = nitro.doc.certs[SIM_NITRO_INSTANCE].key;
    nitro.doc.cabundle_count = 3;
    CHECK_TEXT(judge_nitro(), "refused: chain");

    start("nitro: every certificate remembered, in another order");
    warm_nitro();
    nitro.doc.cabundle[1] = SIM_NITRO_ZONAL;
    nitro.doc.cabundle[2] = SIM_NITRO_REGIONAL;
    CHECK_TEXT(judge_nitro(), "refused: chain");

    start("nitro: remembered under an issuer, behind another of the same name");
    struct sim_cert *regional = &nitro.doc.certs[SIM_NITRO_REGIONAL];

    (void)sim_extensions_remove(&regional->extensions, SIM_OID_SUBJECT_KEY_ID);
    const struct sim_cert first = *regional;

    warm_nitro();
    sim_cert_set_key(regional, sim_keyring_key(ring, SIM_KEY_P384, "stranger"));
    CHECK_TEXT(judge_nitro(), "refused: chain");
    again();
    nitro_stage_set(&nitro, &trial, ring);
    nitro.doc.certs[SIM_NITRO_REGIONAL] = first;
    CHECK_TEXT(judge_nitro(), "accepted");

    start("snp: every certificate remembered, another chip's report");
    warm_snp();
    snp.doc.report.chip_id[0] ^= 1;
    CHECK_TEXT(judge_snp(), "refused: hardware");
}

/* Somebody has this verifier accept what rests on his own root, and then, to those who
 * trust only the vendors, presents the same. */
static void test_poison(void)
{
    const size_t built_in = troth_anchors_built_in().count;

    start("nitro: accepted under a root of one's own, then under AWS's");
    warm_nitro();
    nitro.pins_nothing = true;
    CHECK_TEXT(judge_nitro(), "refused: anchor ?chain ?validity ?revocation ?signature");
    CHECK(!trial.result.simulated);

    start("nitro: the same certificates behind the root that is pinned");
    sim_nitro_set_key(&nitro.doc, SIM_NITRO_ROOT,
                      sim_keyring_key(ring, SIM_KEY_P384, "stranger"));
    const struct sim_cert pinned = nitro.root;

    (void)sim_extensions_remove(&nitro.doc.certs[SIM_NITRO_REGIONAL].extensions,
                                SIM_OID_AUTHORITY_KEY_ID);
    nitro.root = nitro.doc.certs[SIM_NITRO_ROOT];
    warm_nitro();
    nitro.root = nitro.doc.certs[SIM_NITRO_ROOT] = pinned;
    CHECK_TEXT(judge_nitro(), "refused: chain");

    start("snp: accepted under a root of one's own, then under AMD's");
    warm_snp();
    snp.pins_nothing = true;
    CHECK_TEXT(judge_snp(), "refused: anchor ?chain ?validity ?revocation ?signature");
    CHECK(!trial.result.simulated);

    /* Nothing in it names a key, so that AMD's root of the same name is taken. */
    start("snp: the same certificates, which fit AMD's root by name");
    (void)sim_extensions_remove(&snp.doc.certs[SIM_SNP_ASK].extensions,
                                SIM_OID_AUTHORITY_KEY_ID);
    (void)sim_extensions_remove(&snp.doc.crl.extensions, SIM_OID_AUTHORITY_KEY_ID);
    struct troth_span evidence = snp_stage_mint(&snp);

    trial.anchors = (struct troth_anchors){trial.roots + built_in, 1};
    CHECK_TEXT(stage_judge(&trial, evidence, MINTED_AT_S), "accepted");
    CHECK_TEXT(stage_judge(&trial, evidence, MINTED_AT_S), "accepted");
    CHECK(cache.hits > 0);
    trial.anchors = troth_anchors_built_in();
    CHECK_TEXT(stage_judge(&trial, evidence, MINTED_AT_S), "refused: chain revocation");
    CHECK(trial.result.anchor && trial.result.anchor->built_in);
    trial.anchors = (struct troth_anchors){trial.roots, built_in};

    start("snp: another root of the same name and key identifier");
    warm_snp();
    again();
    sim_cert_set_key(&snp.ark, sim_keyring_key(ring, SIM_KEY_RSA4096, "stranger"));
    sim_cert_set_issuer(&snp.ark, &snp.ark);
    sim_extensions_set_subject_key(&snp.ark.extensions, snp.doc.certs[SIM_SNP_ARK].key);
    CHECK_TEXT(judge_snp(), "refused: chain revocation");
}

static void test_size(void)
{
    static const size_t sizes[] = {0, 1, 3, 4, 5};

    for (size_t i = 0; i < COUNT(sizes); i++) {
        start("nitro: too small a cache");
        troth_cache_init(&cache, entries, sizes[i]);
        for (int times = 0; times < 3; times++) {
            CHECK_TEXT(judge_nitro(), "accepted");
            again();
        }
        nitro.doc.certs[SIM_NITRO_ENCLAVE].signing.edit_signature = (struct sim_edit){
            sim_flip_last_bit, NULL};
        CHECK_TEXT(judge_nitro(), "refused: chain");
    }

    start("nitro: so many enclaves that each drives another out");
    for (unsigned number = 0; number < 80; number++) {
        sim_nitro_default(&nitro.doc, ring, number % 20, MINTED_AT_S);
        CHECK_TEXT(judge_nitro(), "accepted");
        again();
    }
    CHECK(cache.hits > 80 && cache.misses >= 42);
}

int main(void)
{
    ring = sim_keyring_create(1);
    trial_begin(&trial);
    test_clock();
    test_revocation();
    test_evidence();
    test_refusals();
    test_poison();
    test_size();
    trial_end(&trial);
    sim_keyring_destroy(ring);
    return test_finish();
}
