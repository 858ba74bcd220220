/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/starter.h"

#include <stdio.h>
#include <string.h>

#include "base/span.h"
#include "test/harness.h"
#include "test/support/minted.h"
#include "test/support/policy.h"
#include "test/support/starter.h"

static struct trial t;
static struct sim_keyring *ring;

static void check_has(const char *policy, const char *line)
{
    if (!CHECK(strstr(policy, line) != NULL))
        printf("# no '%s' in:\n%s\n", line, policy);
}

/* ---- each kind as it comes, and with what it has to be allowed ---- */

static struct troth_span plain_nitro(void)
{
    static const uint8_t nonce[] = {1, 2, 3, 4};
    static struct sim_nitro doc;

    sim_nitro_default(&doc, ring, 0, MINTED_AT_S);
    sim_nitro_set_optional(&doc.nonce, (struct troth_span)TROTH_ARRAY_SPAN(nonce));
    return minted_nitro(&t, &doc);
}

static struct troth_span debug_nitro(void)
{
    static const uint8_t nonce[] = {1, 2, 3, 4};
    static struct sim_nitro doc;

    sim_nitro_default(&doc, ring, 0, MINTED_AT_S);
    sim_nitro_set_optional(&doc.nonce, (struct troth_span)TROTH_ARRAY_SPAN(nonce));
    sim_nitro_set_debug(&doc);
    return minted_nitro(&t, &doc);
}

static struct troth_span snp(enum sim_snp_product product, enum sim_snp_signer signer,
                             unsigned vmpl, bool is_odd)
{
    static struct sim_snp doc;

    sim_snp_default(&doc, ring, product, signer, 0, MINTED_AT_S);
    doc.report.vmpl = vmpl;
    if (is_odd) {
        sim_snp_set_debug(&doc);
        doc.report.platform_info = 0x101; /* a bit without a meaning, aliases unchecked */
    }
    return minted_snp(&t, &doc);
}

static struct troth_span milan(void)
{
    return snp(SIM_MILAN, SIM_VCEK, 0, false);
}

static struct troth_span turin(void)
{
    return snp(SIM_TURIN, SIM_VCEK, 0, false);
}

static struct troth_span hidden_genoa(void)
{
    return snp(SIM_GENOA, SIM_VLEK, 2, false);
}

static struct troth_span odd_genoa(void)
{
    return snp(SIM_GENOA, SIM_VCEK, 0, true);
}

static struct troth_span intel(enum sim_intel_kind kind, enum sim_intel_status status,
                               bool debug)
{
    static struct sim_intel doc;

    sim_intel_default(&doc, ring, kind, 0, MINTED_AT_S);
    sim_intel_set_status(&doc, status);
    if (debug)
        sim_intel_set_debug(&doc);
    return minted_intel(&t, &doc);
}

static struct troth_span plain_sgx(void)
{
    return intel(SIM_SGX_V3, SIM_UP_TO_DATE, false);
}

static struct troth_span hardened_sgx(void)
{
    return intel(SIM_SGX_V3, SIM_SW_HARDENING, false);
}

static struct troth_span plain_tdx(void)
{
    return intel(SIM_TDX_V4, SIM_UP_TO_DATE, false);
}

static struct troth_span old_debug_tdx(void)
{
    return intel(SIM_TDX_V5_TD15, SIM_OUT_OF_DATE, true);
}

static struct troth_span configured_tdx(void)
{
    return intel(SIM_TDX_V5_TD10, SIM_CONFIGURATION_SW_HARDENING, false);
}

/* clang-format off */
static const struct row {
    const char *why;
    struct troth_span (*mint)(void);
    const char *lines[4]; /* that the policy has */
    const char *lacks;    /* and one that it has not */
} rows[] = {
    {"nitro", plain_nitro, {"accept: [nitro]\n", "      pcr2: ", "  nitro: any\n", "nonce: required\n"}, "allow:"},
    {"nitro in debug mode", debug_nitro, {"allow:\n  - debug # the host can read"}, "intel:"},
    {"Milan", milan, {"    Milan:\n      bootloader: ", "  snp:\n    - "}, "fmc:"},
    {"Turin has one part more", turin, {"    Turin:\n      fmc: "}, "expect:"},
    {"a VLEK hides the machine, and VMPL 2 asked", hidden_genoa,
     {"  snp: any\n", "expect:\n  snp.vmpl: 2\n", "does not say which machine"}, "allow:"},
    {"much to allow", odd_genoa,
     {"  - debug # ", "  - alias_check # the platform did not check its memory for aliases (BadRAM)\n",
      "  - snp.platform.bit8 # "}, "expect:"},
    {"sgx", plain_sgx, {"      mr_enclave: ", "      attributes: ", "  tcb: [UpToDate]\n", "  sgx:\n    - "}, "WARNING: the platform"},
    {"sgx that needs hardening", hardened_sgx,
     {"  tcb: [UpToDate, SWHardeningNeeded]\n", "# WARNING: the platform is SWHardeningNeeded: "}, "allow:"},
    {"tdx", plain_tdx, {"      mr_config_id: ", "  min_evaluation: 18\n", "  tdx:\n    - "}, "allow:"},
    {"tdx out of date in debug mode", old_debug_tdx, {"[UpToDate, OutOfDate]", "  - debug # "}, "expect:"},
    {"tdx to be configured", configured_tdx, {"[UpToDate, ConfigurationAndSWHardeningNeeded]"}, "allow:"},
};
/* clang-format on */

static void test_row(const struct row *row)
{
    const char *policy;

    test_case("%s: its first policy accepts it", row->why);
    trial_reset(&t);

    struct troth_span evidence = row->mint();

    CHECK_TEXT(starter_judge(&t, &policy, evidence, MINTED_AT_S), "accepted");
    for (size_t i = 0; i < COUNT(row->lines) && row->lines[i]; i++)
        check_has(policy, row->lines[i]);
    CHECK(!strstr(policy, row->lacks));
    CHECK(trial_leaves_open(&t, "code") == false);
}

/* The first hex digit behind `key`, changed. */
static const char *with_another_digit(const char *policy, const char *key)
{
    static char text[TROTH_STARTER_ROOM + 1];
    char *at;

    (void)snprintf(text, sizeof text, "%s", policy);
    at = strstr(text, key);
    if (!at) {
        FAIL("the policy has no such key");
        return text;
    }
    at += strlen(key);
    *at = *at == '0' ? '1' : '0';
    return text;
}

static void test_another(struct troth_span (*mint)(void), const char *what,
                         const char *key, const char *wanted)
{
    const char *policy, *other;
    struct troth_span evidence;

    test_case("another %s", what);
    trial_reset(&t);
    evidence = mint();
    CHECK_TEXT(starter_judge(&t, &policy, evidence, MINTED_AT_S), "accepted");
    other = with_another_digit(policy, key);
    t.policy = test_policy(other);
    CHECK_TEXT(trial_judge(&t, evidence, MINTED_AT_S), wanted);
}

static void test_names(void)
{
    static const char *const names[] = {
        "a", "a b: c", "\"", "'", "\\", "# no", "[x]", "gr\xc3\xbc\xc3\x9f", "- a", "1"};
    const char *unused;
    struct troth_span evidence;

    test_case("any name is written so that it is read");
    trial_reset(&t);
    evidence = plain_tdx();
    CHECK_TEXT(starter_judge(&t, &unused, evidence, MINTED_AT_S), "accepted");
    for (size_t i = 0; i < COUNT(names); i++) {
        static uint8_t room[TROTH_STARTER_ROOM];
        struct troth_writer w = troth_writer_over(room, sizeof room);
        const struct troth_policy *policy;
        struct troth_policy_issue issue;

        troth_starter_write(&w, troth_span_of_text(names[i]), &t.result);
        CHECK_ERR(test_policy_yaml(&policy, &issue, troth_writer_span(&w)), TROTH_OK);
        if (policy)
            CHECK_SPAN(troth_policy_name(policy), troth_span_of_text(names[i]));
    }
}

/* A policy is for evidence that answers; what cannot answer is told so. */
static void test_no_nonce(void)
{
    static struct sim_nitro doc;
    const char *policy;

    test_case("evidence without a nonce");
    trial_reset(&t);
    sim_nitro_default(&doc, ring, 0, MINTED_AT_S);
    CHECK_TEXT(starter_judge(&t, &policy, minted_nitro(&t, &doc), MINTED_AT_S),
               "refused: nonce");
    check_has(policy, "# WARNING: this evidence answers none");
    check_has(policy, "nonce: required\n");
}

static void test_short(void)
{
    uint8_t room[256];
    struct troth_writer w = troth_writer_over(room, sizeof room);

    test_case("too little room is told");
    troth_starter_write(&w, TROTH_LITERAL("p"), &t.result);
    CHECK(w.full);
}

int main(void)
{
    trial_begin(&t);
    ring = sim_keyring_create(7);
    for (size_t i = 0; i < COUNT(rows); i++)
        test_row(&rows[i]);
    test_another(plain_nitro, "pcr0", " pcr0: ", "refused: measurement");
    test_another(milan, "chip", "  snp:\n    - ", "refused: machine");
    test_another(milan, "measurement", " measurement: ", "refused: measurement");
    test_another(plain_sgx, "config_id", " config_id: ", "refused: measurement");
    test_another(plain_tdx, "rtmr2", " rtmr2: ", "refused: measurement");
    test_names();
    test_short();
    test_no_nonce();
    sim_keyring_destroy(ring);
    trial_end(&t);
    return test_finish();
}
