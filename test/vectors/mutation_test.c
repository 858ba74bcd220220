/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Evidence that verifies, spoilt in one place: never accepted, but for bytes that nothing
 * signs and nobody reads.
 *
 * A verified cache answers for certificates that are as they were, so most of these cost
 * one signature or none.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/harness.h"
#include "test/support/minted.h"
#include "test/vectors/manifest.h"

enum { CACHE_ENTRIES = 64 };

static struct trial t;
static struct troth_cache cache;
static struct troth_cache_entry entries[CACHE_ENTRIES];
static struct test_random random_bits = {0x9e3779b97f4a7c15};

/* What stands before the court, and until when it is to be let in. */
static struct exhibit {
    uint8_t *bytes; /* room for one more than `len` */
    uint8_t *judged;
    size_t len;
    int64_t at_s;
    unsigned accepted; /* of those that should not have been */
} exhibit;

/* Judged in memory of exactly this length, so that a read beyond it is seen; the result
 * lives until the next. */
static bool is_accepted(size_t len)
{
    free(exhibit.judged);
    exhibit.judged = malloc(len ? len : 1);
    memcpy(exhibit.judged, exhibit.bytes, len);
    (void)trial_judge(&t, (struct troth_span){exhibit.judged, len}, exhibit.at_s);
    return t.err == TROTH_OK && t.result.answer == TROTH_ACCEPTED;
}

static void must_not_pass(size_t len, const char *what, size_t at)
{
    if (!is_accepted(len))
        return;
    FAIL("accepted");
    if (exhibit.accepted++ < 8)
        printf("#   %s at %zu\n", what, at);
}

static void place(struct troth_span evidence, int64_t at_s)
{
    exhibit = (struct exhibit){.len = evidence.len, .at_s = at_s};
    exhibit.bytes = (uint8_t *)trial_keep(&t, evidence).ptr;
    uint8_t *roomy = calloc(1, evidence.len + 1);

    memcpy(roomy, evidence.ptr, evidence.len);
    exhibit.bytes = roomy;
    troth_cache_init(&cache, entries, CACHE_ENTRIES);
    t.cache = &cache;
    if (!CHECK(is_accepted(exhibit.len)))
        printf("#   %s\n", t.line);
}

static void take_away(void)
{
    CHECK(is_accepted(exhibit.len));
    free(exhibit.bytes);
    free(exhibit.judged);
    exhibit = (struct exhibit){0};
    t.cache = NULL;
}

/* One bit of each byte of a range, which one is drawn. */
static void flip(size_t from, size_t to, size_t stride)
{
    for (size_t at = from; at < to && at < exhibit.len; at += stride) {
        uint8_t bit = (uint8_t)(1 << test_random_below(&random_bits, 8));

        exhibit.bytes[at] ^= bit;
        must_not_pass(exhibit.len, "one bit flipped", at);
        exhibit.bytes[at] ^= bit;
    }
}

static void truncate_everywhere(size_t stride)
{
    for (size_t len = 0; len < exhibit.len; len += stride)
        must_not_pass(len, "cut off", len);
}

/* Every byte one more and one less: among them every length there is. */
static void add_one(size_t from, size_t to, size_t stride)
{
    for (size_t at = from; at < to && at < exhibit.len; at += stride) {
        exhibit.bytes[at]++;
        must_not_pass(exhibit.len, "one more", at);
        exhibit.bytes[at] = (uint8_t)(exhibit.bytes[at] - 2);
        must_not_pass(exhibit.len, "one less", at);
        exhibit.bytes[at]++;
    }
}

/* Four bytes of ones anywhere: a length of 4 GiB wherever a length stands. */
static void write_4_gib(size_t stride)
{
    for (size_t at = 0; at + 4 <= exhibit.len; at += stride) {
        uint8_t kept[4];

        memcpy(kept, exhibit.bytes + at, 4);
        memset(exhibit.bytes + at, 0xff, 4);
        if (memcmp(kept, exhibit.bytes + at, 4) != 0)
            must_not_pass(exhibit.len, "ff ff ff ff", at);
        memcpy(exhibit.bytes + at, kept, 4);
    }
}

/* A Nitro document is a CBOR item: there is nothing in it, or behind it, to spare. */
static void spoil_nitro(size_t stride)
{
    flip(0, exhibit.len, stride);
    add_one(0, exhibit.len, 11 * stride);
    truncate_everywhere(stride);
    write_4_gib(11 * stride);
    exhibit.bytes[exhibit.len] = 0;
    must_not_pass(exhibit.len + 1, "a zero behind", exhibit.len);
    exhibit.bytes[exhibit.len] = 1;
    must_not_pass(exhibit.len + 1, "a byte behind", exhibit.len);
}

/*
 * What is signed is [0, 0x2a0), what signs follows, and the rest must be zero. Behind it
 * a zero is a host's buffer; any other byte is refused.
 */
static void spoil_snp(size_t stride)
{
    flip(0, exhibit.len, stride);
    add_one(0, exhibit.len, 5 * stride);
    truncate_everywhere(stride);
    write_4_gib(4 * stride);
    exhibit.bytes[exhibit.len] = 0;
    CHECK(is_accepted(exhibit.len + 1));
    CHECK(trial_find(&t, TROTH_CHECK_TRAILING, NULL)->why != NULL);
    exhibit.bytes[exhibit.len] = 1;
    must_not_pass(exhibit.len + 1, "a byte behind", exhibit.len);
}

/* clang-format off */
static const struct {
    const char *file;
    const char *collateral; /* NULL: a Nitro document */
    const char *options;    /* besides TRIAL_ANY */
    size_t stride;          /* 1: every byte */
} genuine[] = {
    {"nitro/anjuna_prod_doc.cose", NULL, "", 1},
    {"nitro/sparsity_2.cose", NULL, "", 23},
    {"nitro/base_attestation.cose", NULL, "", 23},
    {"nitro/anjuna_prod_doc_pubkey.cose", NULL, "", 23},
    {"nitro/brave_initiator_doc.cose", NULL, "", 23},
    {"nitro/distributedlab_doc.cose", NULL, "--allow debug", 23},
    {"snp/ms_milan_report_v3.bin", "snp/ms_milan_vcek.pem", "", 1},
    {"snp/ms_genoa_report_v3.bin", "snp/ms_genoa_vcek.pem", "", 1},
    {"snp/ms_turin_report_v5.bin", "snp/ms_turin_vcek.pem", "", 1},
    {"snp/mssidecar_report_v2.bin", "snp/mssidecar_host_amd_cert.pem", "--allow alias_check", 5},
    {"snp/trustee_vlek_report_v3.bin", "snp/trustee_vlek.der", "--allow provisional --any snp.vmpl", 5},
    {"azure-vtpm/trustee_az-snp-vtpm_evidence-v2_snp_report.bin", "azure-vtpm/trustee_az-snp-vtpm_evidence-v2_vcek.der", "", 5},
};
/* clang-format on */

static void spoil_genuine(void)
{
    for (size_t i = 0; i < COUNT(genuine); i++) {
        test_case("%s, spoilt", genuine[i].file);
        if (!test_vectors_dir()) {
            test_skip("no vectors here");
            continue;
        }
        trial_reset(&t);
        trial_require(&t, TRIAL_ANY);
        trial_require(&t, genuine[i].options);
        if (genuine[i].collateral)
            CHECK_ERR(trial_add_collateral(&t, test_vector(genuine[i].collateral)),
                      TROTH_OK);
        place(test_vector(genuine[i].file),
              manifest_number(genuine[i].file, "verify_at_unix"));
        if (genuine[i].collateral)
            spoil_snp(genuine[i].stride);
        else
            spoil_nitro(genuine[i].stride);
        take_away();
    }
}

static void spoil_minted_nitro(struct sim_keyring *ring)
{
    static struct sim_nitro doc;

    for (unsigned tagged = 0; tagged < 2; tagged++) {
        test_case("a minted document%s, spoilt", tagged ? " with a tag" : "");
        sim_nitro_default(&doc, ring, tagged, MINTED_AT_S);
        doc.is_tagged = tagged;
        doc.is_definite = tagged;
        trial_reset(&t);
        trial_require(&t, TRIAL_ANY);
        place(minted_nitro(&t, &doc), MINTED_AT_S);
        spoil_nitro(tagged ? 11 : 3);
        take_away();
    }
}

static void spoil_minted_snp(struct sim_keyring *ring)
{
    static struct sim_snp doc;

    for (int product = SIM_MILAN; product <= SIM_TURIN; product++) {
        test_case("a minted %s report, spoilt",
                  sim_snp_product_facts((enum sim_snp_product)product)->name);
        sim_snp_default(&doc, ring, (enum sim_snp_product)product,
                        product == SIM_GENOA ? SIM_VLEK : SIM_VCEK, 0, MINTED_AT_S);
        trial_reset(&t);
        trial_require(&t, TRIAL_ANY);
        place(minted_snp(&t, &doc), MINTED_AT_S);
        spoil_snp(product == SIM_MILAN ? 3 : 7);
        take_away();
    }
}

/* The certificates beside a report: a bit of any of them is a bit too many. */
static void spoil_collateral(struct sim_keyring *ring)
{
    static const char *const names[] = {"ASK", "VCEK", "list"};
    static struct sim_snp doc;

    sim_snp_default(&doc, ring, SIM_MILAN, SIM_VCEK, 0, MINTED_AT_S);
    for (size_t i = 0; i < COUNT(names); i++) {
        test_case("the %s of a minted report, spoilt", names[i]);
        trial_reset(&t);
        trial_require(&t, TRIAL_ANY);
        place(minted_snp(&t, &doc), MINTED_AT_S);
        uint8_t *der = (uint8_t *)t.items[i].bytes.ptr;

        for (size_t at = 0; at < t.items[i].bytes.len; at += 3) {
            uint8_t bit = (uint8_t)(1 << test_random_below(&random_bits, 8));

            der[at] ^= bit;
            must_not_pass(exhibit.len, names[i], at);
            der[at] ^= bit;
        }
        take_away();
    }
}

enum { JSON_ROOM = 256 * 1024 };

static uint8_t wanted[JSON_ROOM], seen[JSON_ROOM];

static size_t write_result(uint8_t out[static JSON_ROOM])
{
    size_t len = 0;

    CHECK_ERR(troth_result_to_json(out, JSON_ROOM, &len, &t.result), TROTH_OK);
    return len;
}

/*
 * The table of an extended report is not signed. Where a spoilt one still lets the report
 * in, nothing may rest on what was spoilt: the result is the same to a byte. The ARK's
 * copy in the table, for one, is never used.
 */
static void spoil_extended(struct sim_keyring *ring)
{
    static struct sim_snp doc;
    size_t wanted_len;

    test_case("an extended report, its table spoilt");
    sim_snp_default(&doc, ring, SIM_MILAN, SIM_VCEK, 0, MINTED_AT_S);
    trial_reset(&t);
    trial_require(&t, TRIAL_ANY);
    trial_add_root(&t, minted_keep(&t, sim_cert_mint(&doc.certs[SIM_SNP_ARK])));
    CHECK_ERR(trial_add_collateral(&t, minted_keep(&t, sim_crl_mint(&doc.crl))),
              TROTH_OK);
    place(minted_keep(&t, sim_snp_mint_extended(&doc)), MINTED_AT_S);
    wanted_len = write_result(wanted);
    for (size_t at = 1184; at + 4 <= exhibit.len; at++) {
        uint8_t kept[4];

        memcpy(kept, exhibit.bytes + at, 4);
        if (at % 4 == 0)
            memset(exhibit.bytes + at, 0xff, 4);
        else
            exhibit.bytes[at] ^= 1;
        if (is_accepted(exhibit.len))
            CHECK(write_result(seen) == wanted_len &&
                  memcmp(seen, wanted, wanted_len) == 0);
        memcpy(exhibit.bytes + at, kept, 4);
    }
    take_away();
}

int main(void)
{
    struct sim_keyring *ring = sim_keyring_create(1);

    trial_begin(&t);
    spoil_genuine();
    spoil_minted_nitro(ring);
    spoil_minted_snp(ring);
    spoil_collateral(ring);
    spoil_extended(ring);
    trial_end(&t);
    sim_keyring_destroy(ring);
    return test_finish();
}
