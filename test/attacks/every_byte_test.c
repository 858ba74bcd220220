/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "stage.h"

/*
 * One bit of every byte, and every shorter length: of evidence, of the certificates and
 * lists beside it. What was accepted is not, and what was refused is not accepted. There
 * are exceptions: a document's tag may be left out, and in a host's certificate table
 * nobody looks at the root, nor behind the identifier of the row that ends it.
 */

static struct trial trial;
static struct sim_keyring *ring;
static struct nitro_stage nitro;
static struct snp_stage snp;
static struct troth_cache cache;
static struct troth_cache_entry entries[64];
static struct test_random random = {1};

static void start(const char *options)
{
    troth_cache_init(&cache, entries, COUNT(entries));
    trial_reset(&trial);
    trial_require(&trial, options);
    trial.cache = &cache;
    nitro_stage_set(&nitro, &trial, ring);
}

/* Say at most a few of the places, not thousands. */
static void check_place(bool holds, const char *what, size_t at, unsigned *said)
{
    if (!holds && (*said)++ < 5)
        printf("# %s, byte 0x%zx: %s\n", what, at, trial.line);
    if (!holds)
        CHECK(holds);
}

static void flip_some(struct troth_span evidence, size_t count)
{
    struct troth_span copy = trial_keep(&trial, evidence);
    uint8_t *bytes = (uint8_t *)(uintptr_t)copy.ptr;
    unsigned said = 0;

    CHECK_TEXT(trial_judge(&trial, copy, MINTED_AT_S), "accepted");
    for (size_t at = 0; at < count; at++) {
        bytes[at] ^= (uint8_t)(1U << at % 8);
        (void)trial_judge(&trial, copy, MINTED_AT_S);
        check_place(trial.result.answer != TROTH_ACCEPTED, "flipped", at, &said);
        bytes[at] ^= (uint8_t)(1U << at % 8);
    }
    CHECK_TEXT(trial_judge(&trial, copy, MINTED_AT_S), "accepted");
}

static void flip_all(struct troth_span evidence)
{
    flip_some(evidence, evidence.len);
}

/* Lengths from `first` on; whoever reads beyond the end is caught by the sanitizer. */
static void cut_all(struct troth_span evidence, size_t stride)
{
    unsigned said = 0;

    for (size_t len = 0; len < evidence.len;
         len += len + 64 < evidence.len ? stride : 1) {
        struct sim_bytes copy = {0};

        sim_bytes_append(&copy, (struct troth_span){evidence.ptr, len});
        (void)trial_judge(&trial, sim_bytes_span(copy), MINTED_AT_S);
        check_place(trial.result.answer != TROTH_ACCEPTED, "cut", len, &said);
        sim_bytes_free(&copy);
    }
}

static void test_nitro(void)
{
    test_case("nitro: one bit of every byte");
    start(TRIAL_ANY);
    flip_all(nitro_stage_mint(&nitro));

    test_case("nitro: one bit of every byte of the head, tagged");
    start(TRIAL_ANY);
    nitro.doc.is_tagged = true;
    flip_some(nitro_stage_mint(&nitro), 32);

    test_case("nitro: every length");
    start(TRIAL_ANY);
    cut_all(nitro_stage_mint(&nitro), 1);

    test_case("nitro: tag taken off");
    start(TRIAL_ANY);
    nitro.doc.is_tagged = true;
    struct troth_span tagged = nitro_stage_mint(&nitro);

    CHECK_TEXT(trial_judge(&trial, (struct troth_span){tagged.ptr + 1, tagged.len - 1},
                           MINTED_AT_S),
               "accepted");
}

static void start_snp(enum snp_machine machine)
{
    start(TRIAL_ANY);
    snp_stage_set(&snp, &trial, ring, machine);
}

/* Where the root stands in an extended report, and what names it: its row is the table's
 * first, and its certificate the first behind the rows. Nobody looks at the root. */
static void test_extended(void)
{
    const size_t table = SIM_SNP_REPORT_SIZE, rows = 4 * 24;
    struct sim_bytes ark = sim_cert_mint(&snp.doc.certs[SIM_SNP_ARK]);
    const size_t blob = table + rows;
    unsigned said = 0;

    struct troth_span evidence = snp_stage_mint(&snp);
    struct troth_span copy = trial_keep(&trial, evidence);
    uint8_t *bytes = (uint8_t *)(uintptr_t)copy.ptr;

    CHECK_TEXT(trial_judge(&trial, copy, MINTED_AT_S), "accepted");
    for (size_t at = table; at < copy.len; at++) {
        bool of_root = at - table < 24 || (at >= blob && at - blob < ark.len);
        bool of_end = at < blob && blob - at <= 8;

        bytes[at] ^= (uint8_t)(1U << at % 8);
        (void)trial_judge(&trial, copy, MINTED_AT_S);
        check_place(trial.result.answer != TROTH_ACCEPTED || of_root || of_end, "flipped",
                    at, &said);
        bytes[at] ^= (uint8_t)(1U << at % 8);
    }
    cut_all((struct troth_span){evidence.ptr, evidence.len}, 37);
    sim_bytes_free(&ark);
}

static void test_snp(void)
{
    test_case("snp: one bit of every byte, Milan by VCEK");
    start_snp(ON_MILAN);
    flip_all(snp_stage_mint(&snp));

    test_case("snp: one bit of every byte, Turin by VLEK");
    start_snp(ON_TURIN_BY_VLEK);
    flip_all(snp_stage_mint(&snp));

    test_case("snp: every length");
    start_snp(ON_MILAN);
    cut_all(snp_stage_mint(&snp), 1);

    test_case("snp: one bit of every byte of the host's table but the root's");
    start_snp(ON_MILAN);
    snp.is_extended = true;
    snp.lacks_issuer = snp.lacks_vek = true;
    test_extended();
}

static const char *const collateral_names[] = {"ASK", "VCEK", "list"};

/* The trial's item `i`, a bit of every byte changed in turn: none is accepted. */
static void flip_item(size_t i, struct troth_span evidence, size_t stride)
{
    struct troth_span copy = trial_keep(&trial, trial.items[i].bytes);
    uint8_t *bytes = (uint8_t *)(uintptr_t)copy.ptr;
    unsigned said = 0;

    trial.items[i].bytes = copy;
    for (size_t at = test_random_below(&random, (unsigned)stride); at < copy.len;
         at += stride) {
        bytes[at] ^= (uint8_t)(1U << at % 8);
        (void)trial_judge(&trial, evidence, MINTED_AT_S);
        check_place(trial.result.answer != TROTH_ACCEPTED, collateral_names[i], at,
                    &said);
        bytes[at] ^= (uint8_t)(1U << at % 8);
    }
    for (size_t len = 0; len < copy.len; len += 7) {
        trial.items[i].bytes.len = len;
        (void)trial_judge(&trial, evidence, MINTED_AT_S);
        check_place(trial.result.answer != TROTH_ACCEPTED, collateral_names[i], len,
                    &said);
    }
    trial.items[i].bytes.len = copy.len;
}

static void expired_vek(void)
{
    snp.doc.certs[SIM_SNP_VEK].not_after_s = MINTED_AT_S - 1;
}

static void revoked_ask(void)
{
    sim_crl_revoke(&snp.doc.crl, &snp.doc.certs[SIM_SNP_ASK], MINTED_AT_S - 1);
}

static void other_chip(void)
{
    snp.doc.report.chip_id[0] ^= 1;
}

static void other_firmware(void)
{
    snp.doc.report.reported_tcb[7]--;
}

static void debugged(void)
{
    sim_snp_set_debug(&snp.doc);
}

static void false_root(void)
{
    sim_snp_set_key(&snp.doc, SIM_SNP_ARK,
                    sim_keyring_key(ring, SIM_KEY_RSA4096, "stranger"));
}

static void false_chip(void)
{
    snp.doc.key = sim_keyring_key(ring, SIM_KEY_P384, "stranger");
}

/* Where nothing is accepted to begin with, some of the bytes will do. */
/* clang-format off */
static const struct {
    const char *why;
    void (*change)(void);
    const char *line;
} refusals[] = {
    {"accepted", NULL, "accepted"},
    {"expired", expired_vek, "refused: validity"},
    {"revoked", revoked_ask, "refused: revocation"},
    {"another chip", other_chip, "refused: hardware"},
    {"other firmware", other_firmware, "refused: tcb"},
    {"debug", debugged, "refused: debug"},
    {"another root", false_root, "refused: anchor ?chain ?validity ?revocation ?signature"},
    {"another signer", false_chip, "refused: signature"},
};
/* clang-format on */

static void test_collateral(void)
{
    for (size_t r = 0; r < COUNT(refusals); r++) {
        test_case("collateral of what is %s, one bit of its bytes", refusals[r].why);
        start_snp(ON_MILAN);
        if (refusals[r].change)
            refusals[r].change();
        struct troth_span evidence = snp_stage_mint(&snp);

        CHECK_TEXT(trial_judge(&trial, evidence, MINTED_AT_S), refusals[r].line);
        CHECK_INT(trial.item_count, COUNT(collateral_names));
        for (size_t i = 0; i < trial.item_count; i++)
            flip_item(i, evidence, r ? 5 : 1);
        CHECK_TEXT(trial_judge(&trial, evidence, MINTED_AT_S), refusals[r].line);
    }
}

/* Debug mode, spoilt anywhere, is still no reason to accept. */
static void test_refused_nitro(void)
{
    unsigned said = 0;

    test_case("nitro: a debug document, one bit of every fifth byte");
    start(TRIAL_ANY);
    sim_nitro_set_debug(&nitro.doc);
    struct troth_span copy = trial_keep(&trial, nitro_stage_mint(&nitro));
    uint8_t *bytes = (uint8_t *)(uintptr_t)copy.ptr;

    CHECK_TEXT(trial_judge(&trial, copy, MINTED_AT_S), "refused: debug");
    for (size_t at = 0; at < copy.len; at += 5) {
        bytes[at] ^= (uint8_t)(1U << at % 8);
        (void)trial_judge(&trial, copy, MINTED_AT_S);
        check_place(trial.result.answer != TROTH_ACCEPTED, "debug", at, &said);
        bytes[at] ^= (uint8_t)(1U << at % 8);
    }
}

int main(void)
{
    ring = sim_keyring_create(1);
    trial_begin(&trial);
    test_nitro();
    test_refused_nitro();
    test_snp();
    test_collateral();
    trial_end(&trial);
    sim_keyring_destroy(ring);
    return test_finish();
}
