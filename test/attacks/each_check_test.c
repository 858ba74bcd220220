/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "intel_checks.h"

/*
 * Every check that a family owes, broken alone: it fails, no other does. What cannot be
 * made without it (nothing below a root that is not pinned) may be left open. A check
 * that a result lists and this table does not fails the test, so that none is forgotten.
 */

static void nitro_kind(struct nitro_stage *s)
{
    sim_nitro_set_tpm(&s->doc, s->ring);
}

static void nitro_reserved(struct nitro_stage *s)
{
    memcpy(s->doc.unprotected_header, "\xa1\x04\x41\x00", 4);
    s->doc.unprotected_len = 4;
}

static void nitro_anchor(struct nitro_stage *s)
{
    s->pins_nothing = true;
}

static void nitro_chain(struct nitro_stage *s)
{
    s->doc.certs[SIM_NITRO_ZONAL].signing.edit_signature = (struct sim_edit){
        sim_flip_last_bit, NULL};
}

static void nitro_validity(struct nitro_stage *s)
{
    s->doc.certs[SIM_NITRO_ENCLAVE].not_after_s = MINTED_AT_S - 1;
}

static void nitro_signature(struct nitro_stage *s)
{
    s->doc.edit_signature = (struct sim_edit){sim_flip_last_bit, NULL};
}

static void nitro_time(struct nitro_stage *s)
{
    s->doc.timestamp_ms += 3600 * 1000;
}

static void nitro_debug(struct nitro_stage *s)
{
    sim_nitro_set_debug(&s->doc);
}

static void snp_trailing(struct snp_stage *s)
{
    s->edit_whole = (struct sim_edit){stage_append_one, NULL};
}

static void snp_reserved(struct snp_stage *s)
{
    s->doc.report.reserved_208[77] = 1;
}

static void snp_product(struct snp_stage *s)
{
    s->doc.report.cpuid_model = 0x11;
}

static void snp_signing_key(struct snp_stage *s)
{
    const uint8_t csp[] = {SIM_DER_IA5_STRING, 1, 'x'};

    sim_extensions_set(&s->doc.certs[SIM_SNP_VEK].extensions, SIM_OID_AMD_CSP_ID, false,
                       SIM_ARRAY(csp));
}

static void snp_anchor(struct snp_stage *s)
{
    s->pins_nothing = true;
}

static void snp_chain(struct snp_stage *s)
{
    s->doc.certs[SIM_SNP_VEK].signing.edit_signature = (struct sim_edit){
        sim_flip_last_bit, NULL};
}

static void snp_validity(struct snp_stage *s)
{
    s->doc.certs[SIM_SNP_ASK].not_after_s = MINTED_AT_S - 1;
}

static void snp_revocation(struct snp_stage *s)
{
    sim_crl_revoke(&s->doc.crl, &s->doc.certs[SIM_SNP_ASK], MINTED_AT_S);
}

static void snp_signature(struct snp_stage *s)
{
    s->doc.key = sim_keyring_key(s->ring, SIM_KEY_P384, "stranger");
}

static void snp_hardware(struct snp_stage *s)
{
    s->doc.report.chip_id[20] ^= 1;
}

static void snp_tcb(struct snp_stage *s)
{
    s->doc.report.reported_tcb[7]--;
}

static void snp_provisional(struct snp_stage *s)
{
    s->doc.report.committed_tcb[7]--;
}

static void snp_debug(struct snp_stage *s)
{
    sim_snp_set_debug(&s->doc);
}

static void snp_migration(struct snp_stage *s)
{
    s->doc.report.policy |= 1 << 18;
}

static void snp_policy(struct snp_stage *s)
{
    s->doc.report.policy |= UINT64_C(1) << 63;
}

static void snp_platform(struct snp_stage *s)
{
    s->doc.report.platform_info &= ~UINT64_C(0x20);
}

static void snp_requester(struct snp_stage *s)
{
    s->doc.report.vmpl = 3;
}

/* What all families are asked, and the default does not answer. */
struct question {
    enum troth_check_id id;
    const char *options;
};

/* clang-format off */
static const struct {
    enum troth_check_id id;
    void (*change)(struct nitro_stage *stage); /* NULL: this family never fails it */
} nitro_rows[] = {
    {TROTH_CHECK_KIND, nitro_kind},           {TROTH_CHECK_RESERVED, nitro_reserved},
    {TROTH_CHECK_ANCHOR, nitro_anchor},       {TROTH_CHECK_CHAIN, nitro_chain},
    {TROTH_CHECK_VALIDITY, nitro_validity},   {TROTH_CHECK_REVOCATION, NULL},
    {TROTH_CHECK_SIGNATURE, nitro_signature}, {TROTH_CHECK_TIME, nitro_time},
    {TROTH_CHECK_DEBUG, nitro_debug},
};
static const struct {
    enum troth_check_id id;
    void (*change)(struct snp_stage *stage);
} snp_rows[] = {
    {TROTH_CHECK_TRAILING, snp_trailing},       {TROTH_CHECK_RESERVED, snp_reserved},
    {TROTH_CHECK_PRODUCT, snp_product},         {TROTH_CHECK_SIGNING_KEY, snp_signing_key},
    {TROTH_CHECK_ANCHOR, snp_anchor},           {TROTH_CHECK_CHAIN, snp_chain},
    {TROTH_CHECK_VALIDITY, snp_validity},       {TROTH_CHECK_REVOCATION, snp_revocation},
    {TROTH_CHECK_SIGNATURE, snp_signature},     {TROTH_CHECK_HARDWARE, snp_hardware},
    {TROTH_CHECK_TCB, snp_tcb},                 {TROTH_CHECK_PROVISIONAL, snp_provisional},
    {TROTH_CHECK_DEBUG, snp_debug},             {TROTH_CHECK_MIGRATION, snp_migration},
    {TROTH_CHECK_POLICY_BITS, snp_policy},      {TROTH_CHECK_PLATFORM_BITS, snp_platform},
    {TROTH_CHECK_REQUESTER, snp_requester},
};
static const struct question questions[] = {
    {TROTH_CHECK_MEASUREMENT, "--any nonce --expect measurement=00"},
    {TROTH_CHECK_NONCE, "--any measurement --nonce 00"},
    {TROTH_CHECK_CLAIM, TRIAL_ANY "--expect kind=other"},
};
/* clang-format on */

static struct trial trial;
static struct sim_keyring *ring;
static struct nitro_stage nitro;
static struct snp_stage snp;
static struct intel_stage intel;
static bool covered[TROTH_CHECK_COUNT];

static void check_failed_alone(enum troth_check_id id)
{
    const struct troth_verdict *v = &trial.result.verdict;
    bool seen = false;

    CHECK_INT(trial.result.answer, TROTH_REFUSED);
    CHECK_ERR(trial.err, TROTH_OK);
    for (size_t i = 0; i < v->count; i++) {
        bool failed = v->checks[i].outcome == TROTH_FAILED;

        if (failed && v->checks[i].id != id)
            CHECK_TEXT(troth_check_name(v->checks[i].id), troth_check_name(id));
        if (failed)
            CHECK(v->checks[i].why != NULL);
        seen = seen || failed;
    }
    CHECK(seen);
}

static void start(const char *options)
{
    trial_reset(&trial);
    trial_require(&trial, options);
}

static void judge_nitro(const char *options, void (*change)(struct nitro_stage *))
{
    start(options);
    nitro_stage_set(&nitro, &trial, ring);
    if (change)
        change(&nitro);
    struct troth_span evidence = nitro_stage_mint(&nitro);

    (void)stage_judge(&trial, evidence, MINTED_AT_S);
}

static void judge_snp(const char *options, void (*change)(struct snp_stage *))
{
    start(options);
    snp_stage_set(&snp, &trial, ring, ON_MILAN);
    if (change)
        change(&snp);
    struct troth_span evidence = snp_stage_mint(&snp);

    (void)stage_judge(&trial, evidence, MINTED_AT_S);
}

static void judge_intel(const char *options, enum sim_intel_kind kind,
                        void (*change)(struct intel_stage *))
{
    start(options);
    intel_stage_set(&intel, &trial, ring, kind);
    if (change)
        change(&intel);
    struct troth_span evidence = intel_stage_mint(&intel);

    (void)stage_judge(&trial, evidence, MINTED_AT_S);
}

/* Is there a row or a question for every check of the last result? */
static void check_complete(const enum troth_check_id *ids, size_t count)
{
    const struct troth_verdict *v = &trial.result.verdict;

    CHECK_INT(trial.result.answer, TROTH_ACCEPTED);
    CHECK(v->count > 0);
    for (size_t i = 0; i < v->count; i++) {
        bool found = false;

        for (size_t k = 0; k < count; k++)
            found = found || ids[k] == v->checks[i].id;
        for (size_t k = 0; k < COUNT(questions); k++)
            found = found || questions[k].id == v->checks[i].id;
        if (!found)
            CHECK_TEXT(troth_check_name(v->checks[i].id), "a check that has a row");
    }
}

static void test_nitro(void)
{
    enum troth_check_id ids[COUNT(nitro_rows)];

    for (size_t i = 0; i < COUNT(nitro_rows); i++) {
        ids[i] = nitro_rows[i].id;
        if (!nitro_rows[i].change)
            continue;
        test_case("nitro: %s", troth_check_name(ids[i]));
        judge_nitro(TRIAL_ANY, nitro_rows[i].change);
        check_failed_alone(ids[i]);
    }
    for (size_t i = 0; i < COUNT(questions); i++) {
        test_case("nitro: %s", troth_check_name(questions[i].id));
        judge_nitro(questions[i].options, NULL);
        check_failed_alone(questions[i].id);
    }
    test_case("nitro: no check without a row");
    judge_nitro(TRIAL_ANY, NULL);
    check_complete(ids, COUNT(ids));
}

static void test_snp(void)
{
    enum troth_check_id ids[COUNT(snp_rows)];

    for (size_t i = 0; i < COUNT(snp_rows); i++) {
        ids[i] = snp_rows[i].id;
        test_case("snp: %s", troth_check_name(ids[i]));
        judge_snp(TRIAL_ANY, snp_rows[i].change);
        check_failed_alone(ids[i]);
    }
    for (size_t i = 0; i < COUNT(questions); i++) {
        test_case("snp: %s", troth_check_name(questions[i].id));
        judge_snp(questions[i].options, NULL);
        check_failed_alone(questions[i].id);
    }
    test_case("snp: no check without a row");
    judge_snp(TRIAL_ANY, NULL);
    check_complete(ids, COUNT(ids));
}

static void test_intel(const char *name, enum sim_intel_kind kind,
                       const struct intel_check *row)
{
    enum troth_check_id ids[TROTH_CHECK_COUNT];
    size_t count = 0;

    for (; row->name; row++) {
        ids[count++] = row->id;
        test_case("%s: %s", name, row->name);
        if (!row->change)
            continue;
        CHECK_TEXT(troth_check_name(row->id), row->name);
        judge_intel(TRIAL_ANY, kind, row->change);
        check_failed_alone(row->id);
        covered[row->id] = true;
    }
    for (size_t i = 0; i < COUNT(questions); i++) {
        test_case("%s: %s", name, troth_check_name(questions[i].id));
        judge_intel(questions[i].options, kind, NULL);
        check_failed_alone(questions[i].id);
    }
    test_case("%s: no check without a row", name);
    judge_intel(TRIAL_ANY, kind, NULL);
    check_complete(ids, count);
}

int main(void)
{
    ring = sim_keyring_create(1);
    trial_begin(&trial);
    test_nitro();
    test_snp();
    test_intel("sgx", SIM_SGX_V4, sgx_checks);
    test_intel("tdx", SIM_TDX_V4, tdx_checks);
    test_intel("tdx 1.5", SIM_TDX_V5_TD15, tdx_checks);

    for (size_t i = 0; i < COUNT(nitro_rows); i++)
        covered[nitro_rows[i].id] = nitro_rows[i].change != NULL;
    for (size_t i = 0; i < COUNT(snp_rows); i++)
        covered[snp_rows[i].id] = true;
    for (size_t i = 0; i < COUNT(questions); i++)
        covered[questions[i].id] = true;
    /* What only a log owes: event_log_test.c; and only a policy: policy_test.c. */
    covered[TROTH_CHECK_EVENT_LOG] = true;
    for (int id = TROTH_CHECK_FLOOR; id <= TROTH_CHECK_RULE; id++)
        covered[id] = true;
    test_case("every check there is fails somewhere");
    for (int id = 0; id < TROTH_CHECK_COUNT; id++)
        if (!covered[id])
            CHECK_TEXT(troth_check_name((enum troth_check_id)id), "a check that fails");
    trial_end(&trial);
    sim_keyring_destroy(ring);
    return test_finish();
}
