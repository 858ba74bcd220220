/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes through the whole of troth_verify(), with real cryptography: only evidence
 * that somebody signed is accepted.
 *
 * An input is evidence as it is, or a change to a minted piece: a first byte from 0xe0 on
 * says which, then come an offset in two bytes, a length and that many bytes, again and
 * again.
 */
#include <stdlib.h>
#include <string.h>

#include "evidence/nitro/nitro.h"
#include "evidence/snp/snp.h"
#include "test/harness.h"
#include "test/support/minted.h"

enum { SEEDS = 6, GENUINE_MAX = 32, EVIDENCE_MAX = 32 * 1024, FIRST_SEED = 0xe0 };

#define GENUINE_AT_S 1770257107 /* within every VCEK below but one */

/* clang-format off */
static const char *const genuine_files[] = {
    "nitro/anjuna_prod_doc.cose", "nitro/base_attestation.cose", "nitro/sparsity_2.cose",
    "nitro/brave_initiator_doc.cose", "nitro/brave_responder_doc.cose",
    "nitro/anjuna_prod_doc_pubkey.cose", "nitro/anjuna_attester_prod_doc.bin",
    "snp/ms_milan_report_v3.bin", "snp/ms_genoa_report_v3.bin", "snp/ms_turin_report_v5.bin",
    "azure-vtpm/trustee_az-snp-vtpm_evidence-v0_snp_report.bin",
    "azure-vtpm/trustee_az-snp-vtpm_evidence-v2_snp_report.bin",
    "azure-vtpm/trustee_az-snp-vtpm_evidence-genoa_snp_report.bin",
};
static const char *const genuine_collateral[] = {
    "snp/ms_milan_vcek.pem", "snp/ms_genoa_vcek.pem", "snp/ms_turin_vcek.pem",
    "azure-vtpm/trustee_az-snp-vtpm_evidence-v0_vcek.pem",
    "azure-vtpm/trustee_az-snp-vtpm_evidence-v2_vcek.der",
    "azure-vtpm/trustee_az-snp-vtpm_evidence-genoa_vcek.pem",
};
/* clang-format on */

static struct trial t;
static struct troth_span seeds[SEEDS], known[SEEDS + GENUINE_MAX];
static size_t known_count;
static struct troth_cache cache;
static struct troth_cache_entry entries[256];

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void mint(void)
{
    struct sim_keyring *ring = sim_keyring_create(1);
    static struct sim_nitro nitro;
    static struct sim_snp snp;

    sim_nitro_default(&nitro, ring, 0, GENUINE_AT_S);
    seeds[0] = minted_nitro(&t, &nitro);
    nitro.is_definite = true;
    seeds[1] = minted_keep(&t, sim_nitro_mint(&nitro));
    for (int product = SIM_MILAN; product <= SIM_TURIN; product++) {
        sim_snp_default(&snp, ring, (enum sim_snp_product)product, SIM_VCEK, 0,
                        GENUINE_AT_S);
        seeds[2 + product] = minted_snp(&t, &snp);
    }
    seeds[5] = minted_keep(&t, sim_snp_mint_extended(&snp));
    sim_keyring_destroy(ring);
}

static void know(struct troth_span evidence)
{
    if (evidence.len)
        known[known_count++] = evidence;
}

/* The parameters are libFuzzer's. NOLINTNEXTLINE(readability-non-const-parameter) */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    trial_begin(&t);
    trial_require(&t, TRIAL_ANY "--allow alias_check --allow provisional");
    mint();
    for (size_t i = 0; i < SEEDS; i++)
        know(seeds[i]);
    for (size_t i = 0; i < COUNT(genuine_files); i++)
        know(test_vector(genuine_files[i]));
    for (size_t i = 0; i < COUNT(genuine_collateral); i++) {
        struct troth_span file = test_vector(genuine_collateral[i]);

        require(!file.len || trial_add_collateral(&t, file) == TROTH_OK);
    }
    troth_cache_init(&cache, entries, COUNT(entries));
    t.cache = &cache;
    return 0;
}

/* What the signature in evidence covers, the signature included: for Nitro all but the
 * tag, for SNP the report. */
static struct troth_span signed_part(struct troth_span evidence)
{
    struct troth_snp snp;

    if (troth_snp_parse(&snp, NULL, evidence) == TROTH_OK)
        return snp.report;
    if (evidence.len && evidence.ptr[0] == 0xd2)
        return (struct troth_span){evidence.ptr + 1, evidence.len - 1};
    return evidence;
}

static bool is_known(struct troth_span evidence)
{
    struct troth_span part = signed_part(evidence);

    for (size_t i = 0; i < known_count; i++) {
        struct troth_span other = signed_part(known[i]);

        if (part.len == other.len && memcmp(part.ptr, other.ptr, part.len) == 0)
            return true;
    }
    return false;
}

/* The changes applied to their seed; {NULL, 0} if the input is evidence as it is. */
static struct troth_span apply(uint8_t out[static EVIDENCE_MAX], const uint8_t *data,
                               size_t size)
{
    struct troth_span seed;

    if (size == 0 || data[0] < FIRST_SEED || data[0] >= FIRST_SEED + SEEDS)
        return (struct troth_span){NULL, 0};
    seed = seeds[data[0] - FIRST_SEED];
    memcpy(out, seed.ptr, seed.len);
    for (size_t at = 1; at + 3 <= size;) {
        size_t offset = (size_t)data[at] << 8 | data[at + 1], len = data[at + 2];

        at += 3;
        if (len > size - at)
            len = size - at;
        if (offset < seed.len && len <= seed.len - offset)
            memcpy(out + offset, data + at, len);
        at += len;
    }
    return (struct troth_span){out, seed.len};
}

static void judge(struct troth_span evidence, int64_t at_s)
{
    (void)trial_judge(&t, evidence, at_s);
    if (t.err) {
        require(t.err == t.fault.err);
        require(t.err != TROTH_ERR_MEMORY && t.err != TROTH_ERR_CRYPTO);
        require(t.result.answer == TROTH_REFUSED && !t.result.verdict.checks);
    } else if (t.result.answer == TROTH_ACCEPTED) {
        require(is_known(evidence));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t room[EVIDENCE_MAX];
    struct troth_span evidence;

    if (size > EVIDENCE_MAX)
        return 0;
    evidence = apply(room, data, size);
    if (!evidence.ptr)
        evidence = (struct troth_span){data, size};
    judge(evidence, GENUINE_AT_S);
    if (!t.err && strcmp(t.result.kind, "nitro") == 0)
        judge(evidence, TRIAL_AT_DOCUMENT);
    return 0;
}
