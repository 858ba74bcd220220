/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "stage.h"

/* What a verifier remembers of Intel's certificates, lists and statements: the answer
 * from memory is the answer without, and yes to nothing that would be refused. */

static struct trial trial;
static struct sim_keyring *ring;
static struct intel_stage intel;
static struct troth_cache cache;
static struct troth_cache_entry entries[64];

#define JSON_ROOM 65536

/* The relying party turns to other collateral; the cache stays. */
static void again(void)
{
    trial_reset(&trial);
    trial_require(&trial, TRIAL_ANY);
}

/* A cold cache and an empty trial. */
static void start(const char *why, enum sim_intel_kind kind)
{
    test_case("%s [%d]", why, kind);
    troth_cache_init(&cache, entries, COUNT(entries));
    again();
    trial.cache = &cache;
    intel_stage_set(&intel, &trial, ring, kind);
}

static const char *judge(void)
{
    struct troth_span quote = intel_stage_mint(&intel);

    return stage_judge(&trial, quote, intel.at_s);
}

/* Accepted, and again from memory: CA, PCK, signer, two statements, and a list for each
 * of three certificates. */
static void warm(void)
{
    CHECK_TEXT(judge(), "accepted");
    const unsigned long long hits = cache.hits;

    again();
    CHECK_TEXT(judge(), "accepted");
    CHECK_INT(cache.hits - hits, 8);
    again();
}

static void expire(int64_t at_s, const char *line)
{
    warm();
    intel.at_s = at_s;
    CHECK_TEXT(judge(), line);
    again();
    CHECK_TEXT(judge(), line);
}

static void test_clock(enum sim_intel_kind kind)
{
    start("remembered, and the statements have expired since", kind);
    expire(intel.doc.tcb_info.next_update_s + 1, "refused: validity revocation");

    start("remembered, and the clock goes back", kind);
    expire(intel.doc.tcb_info.issue_date_s - 1, "refused: validity revocation");

    start("remembered, and the root's list has expired since", kind);
    intel.doc.root_crl.next_update_s = MINTED_AT_S + 5;
    expire(MINTED_AT_S + 6, "refused: revocation");

    start("remembered, and the signer has expired since", kind);
    intel.doc.certs[SIM_INTEL_TCB_SIGNER].not_after_s = MINTED_AT_S + 5;
    expire(MINTED_AT_S + 6, "refused: validity");

    start("remembered, and the PCK has expired since", kind);
    intel.doc.certs[SIM_INTEL_PCK].not_after_s = MINTED_AT_S + 5;
    expire(MINTED_AT_S + 6, "refused: validity");
}

static void then(const char *line)
{
    CHECK_TEXT(judge(), line);
    again();
    CHECK_TEXT(judge(), line);
}

static void test_change(enum sim_intel_kind kind)
{
    const bool is_tdx = kind != SIM_SGX_V3;

    start("remembered, and the PCK revoked since", kind);
    warm();
    sim_crl_revoke(&intel.doc.pck_crl, &intel.doc.certs[SIM_INTEL_PCK], MINTED_AT_S);
    then("refused: revocation");

    start("remembered, and the signer revoked since", kind);
    warm();
    sim_crl_revoke(&intel.doc.root_crl, &intel.doc.certs[SIM_INTEL_TCB_SIGNER],
                   MINTED_AT_S);
    then("refused: revocation");

    start("remembered, and a list withheld", kind);
    warm();
    intel.lacks_pck_list = true;
    then("undetermined: ?revocation");

    start("remembered, and the TCB info forged since", kind);
    warm();
    intel.doc.tcb_info_signing.edit_signature = (struct sim_edit){sim_flip_last_bit,
                                                                  NULL};
    then(is_tdx ? "refused: collateral ?module ?tcb_status"
                : "refused: collateral ?tcb_status");

    start("remembered, and the TCB info by another key since", kind);
    warm();
    intel.doc.tcb_info_signing.key = intel.doc.certs[SIM_INTEL_PCK].key;
    then(is_tdx ? "refused: collateral ?module ?tcb_status"
                : "refused: collateral ?tcb_status");

    start("remembered, and the TCB info is a worse one since", kind);
    warm();
    intel.doc.tcb_info.levels[0].standing.status = "OutOfDate";
    then("refused: tcb_status");

    start("remembered as TCB info, given as identity", kind);
    warm();
    minted_add(&trial, TROTH_COLLATERAL_QE_IDENTITY, sim_intel_tcb_info(&intel.doc),
               sim_intel_tcb_info_signature(&intel.doc));
    CHECK_TEXT(judge(), "error: VALUE dcap.qe_identity.id");

    start("remembered, and another platform's quote", kind);
    warm();
    intel.doc.quote.qe_key = sim_keyring_key(ring, SIM_KEY_P256, "stranger");
    then("refused: quoting_enclave");

    start("remembered, and another signature of the quote", kind);
    warm();
    intel.doc.quote.edit_signature = (struct sim_edit){sim_flip_last_bit, NULL};
    then("refused: signature");
}

static void test_refusals(enum sim_intel_kind kind)
{
    start("a statement that is not the signer's is not remembered", kind);
    intel.doc.qe_identity_signing.key = intel.doc.certs[SIM_INTEL_ROOT].key;
    then("refused: collateral ?quoting_enclave ?tcb_status");
    again();
    intel.doc.qe_identity_signing.key = intel.doc.certs[SIM_INTEL_TCB_SIGNER].key;
    CHECK_TEXT(judge(), "accepted");

    start("remembered as the signer, presented as the PCK's authority", kind);
    warm();
    sim_cert_set_issuer(&intel.doc.certs[SIM_INTEL_PCK],
                        &intel.doc.certs[SIM_INTEL_TCB_SIGNER]);
    intel.doc.chain[1] = SIM_INTEL_TCB_SIGNER;
    then("refused: chain ?revocation");
}

/* Somebody has this verifier accept what rests on his own root, and then presents the
 * same to those who trust only the vendors, or another root of this name. */
static void test_poison(enum sim_intel_kind kind)
{
    const char *no_root = kind == SIM_SGX_V3
                              ? "refused: anchor ?chain ?revocation ?collateral "
                                "?quoting_enclave ?tcb_status"
                              : "refused: anchor ?chain ?revocation ?collateral "
                                "?quoting_enclave ?module ?tcb_status";

    start("accepted under a root of one's own, then under Intel's", kind);
    warm();
    intel.pins_nothing = true;
    then(no_root);
    CHECK(!trial.result.simulated);

    start("another root of the same name and key identifier", kind);
    warm();
    sim_cert_set_key(&intel.root, sim_keyring_key(ring, SIM_KEY_P256, "stranger"));
    sim_cert_set_issuer(&intel.root, &intel.root);
    sim_extensions_set_subject_key(&intel.root.extensions,
                                   intel.doc.certs[SIM_INTEL_ROOT].key);
    sim_extensions_set_authority_key(&intel.root.extensions,
                                     intel.doc.certs[SIM_INTEL_ROOT].key);
    then(kind == SIM_SGX_V3
             ? "refused: chain revocation collateral ?quoting_enclave ?tcb_status"
             : "refused: chain revocation collateral ?quoting_enclave ?module "
               "?tcb_status");
}

/* The same answer, in every character, without a cache, from a cold one and a warm one.
 */
static void test_same(enum sim_intel_kind kind)
{
    static uint8_t texts[3][JSON_ROOM];
    size_t lens[3];

    for (int change = 0; change < 4; change++) {
        start("the same with and without", kind);
        if (change == 1)
            sim_intel_set_status(&intel.doc, SIM_CONFIGURATION);
        if (change == 2)
            intel.lacks_qe_identity = true;
        if (change == 3)
            intel.doc.root_crl.next_update_s = MINTED_AT_S - 1;
        struct troth_span quote = intel_stage_mint(&intel);

        for (int i = 0; i < 3; i++) {
            trial.cache = i ? &cache : NULL;
            (void)trial_judge(&trial, quote, MINTED_AT_S);
            CHECK_ERR(troth_result_to_json(texts[i], JSON_ROOM, &lens[i], &trial.result),
                      TROTH_OK);
            CHECK_SPAN(((struct troth_span){texts[i], lens[i]}),
                       ((struct troth_span){texts[0], lens[0]}));
        }
        CHECK(cache.hits > 0);
    }
}

static void test_size(enum sim_intel_kind kind)
{
    for (size_t size = 0; size < 9; size += 1 + size / 2) {
        start("too small a cache", kind);
        troth_cache_init(&cache, entries, size);
        for (int times = 0; times < 3; times++) {
            CHECK_TEXT(judge(), "accepted");
            again();
        }
        intel.doc.certs[SIM_INTEL_PCK].signing.edit_signature = (struct sim_edit){
            sim_flip_last_bit, NULL};
        CHECK_TEXT(judge(), "refused: chain");
    }
}

int main(void)
{
    static const enum sim_intel_kind kinds[] = {SIM_SGX_V3, SIM_TDX_V5_TD15};

    ring = sim_keyring_create(1);
    trial_begin(&trial);
    for (size_t i = 0; i < COUNT(kinds); i++) {
        test_clock(kinds[i]);
        test_change(kinds[i]);
        test_refusals(kinds[i]);
        test_poison(kinds[i]);
        test_same(kinds[i]);
        test_size(kinds[i]);
    }
    trial_end(&trial);
    sim_keyring_destroy(ring);
    return test_finish();
}
