/* SPDX-License-Identifier: Apache-2.0 */
/* Minted quotes with one thing wrong in header or body, signed anew: only that check may
 * fail. What the two families share is tested beside evidence/dcap. */
#include "evidence/sgx/sgx.h"

#include <string.h>

#include "test/harness.h"
#include "test/support/minted.h"
#include "test/support/plan.h"

static struct trial t;
static struct sim_keyring *ring;

static void leave(struct sim_intel *doc)
{
    (void)doc;
}

static void open_to_debugging(struct sim_intel *doc)
{
    sim_intel_set_debug(doc);
}

static void forget_init(struct sim_intel *doc)
{
    doc->quote.enclave.flags &= ~UINT64_C(1);
}

static void set_flag_3(struct sim_intel *doc)
{
    doc->quote.enclave.flags |= 8;
}

static void set_feature_63(struct sim_intel *doc)
{
    doc->quote.enclave.xfrm |= UINT64_C(1) << 63;
}

static void set_mpx(struct sim_intel *doc)
{
    doc->quote.enclave.xfrm |= 0x18;
}

static void set_word_8(struct sim_intel *doc)
{
    doc->quote.header.word_8 = 1;
}

static void set_reserved_20(struct sim_intel *doc)
{
    doc->quote.enclave.reserved_20[0] = 1;
}

static void set_reserved_262(struct sim_intel *doc)
{
    doc->quote.enclave.reserved_262[41] = 1;
}

static void flip_signature(struct sim_intel *doc)
{
    doc->quote.edit_signature.apply = sim_flip_last_bit;
}

static void flip_body(struct sim_bytes *quote, const void *context)
{
    (void)context;
    quote->ptr[48 + 64] ^= 1;
}

static void change_measurement_afterwards(struct sim_intel *doc)
{
    doc->quote.edit_whole.apply = flip_body;
}

/* clang-format off */
static const struct {
    const char *why;
    enum sim_intel_kind kind;
    void (*change)(struct sim_intel *doc);
    const char *options; /* besides TRIAL_ANY */
    const char *line;
} rows[] = {
    {"version 3 as minted", SIM_SGX_V3, leave, "", "accepted"},
    {"version 4", SIM_SGX_V4, leave, "", "accepted"},
    {"version 5", SIM_SGX_V5, leave, "", "accepted"},
    {"features of older processors", SIM_SGX_V3, set_mpx, "", "accepted"},

    {"debug", SIM_SGX_V3, open_to_debugging, "", "refused: debug"},
    {"debug, allowed", SIM_SGX_V3, open_to_debugging, "--allow debug", "accepted"},
    {"not initialised", SIM_SGX_V4, forget_init, "--allow sgx.attributes.bit0", "refused: attributes"},
    {"flag 3", SIM_SGX_V5, set_flag_3, "", "refused: attributes"},
    {"flag 3, allowed", SIM_SGX_V5, set_flag_3, "--allow sgx.attributes.bit3", "accepted"},
    {"feature 63", SIM_SGX_V3, set_feature_63, "", "refused: attributes"},
    {"feature 63, allowed", SIM_SGX_V3, set_feature_63, "--allow sgx.xfrm.bit63", "accepted"},
    {"word 8 is a version in version 3", SIM_SGX_V3, set_word_8, "", "accepted"},
    {"and reserved in version 4", SIM_SGX_V4, set_word_8, "", "refused: reserved"},
    {"the first reserved byte", SIM_SGX_V3, set_reserved_20, "", "refused: reserved"},
    {"the last reserved byte", SIM_SGX_V5, set_reserved_262, "", "refused: reserved"},

    {"one bit of the signature", SIM_SGX_V3, flip_signature, "", "refused: signature"},
    {"one bit of mr_enclave behind the signer's back", SIM_SGX_V4, change_measurement_afterwards, "", "refused: signature"},
};
/* clang-format on */

static void judge_rows(void)
{
    struct sim_intel doc;

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_span quote;

        test_case("%s", rows[i].why);
        trial_reset(&t);
        sim_intel_default(&doc, ring, rows[i].kind, 0, MINTED_AT_S);
        rows[i].change(&doc);
        quote = minted_intel(&t, &doc);
        trial_require(&t, TRIAL_ANY);
        trial_require(&t, rows[i].options);
        CHECK_TEXT(trial_judge(&t, quote, MINTED_AT_S), rows[i].line);
        CHECK_TEXT(t.result.kind, "sgx");
        CHECK(!trial_leaves_open(&t, "acpi"));
        CHECK(!trial_leaves_open(&t, "no_hardware_id"));
    }
}

/* The plan owes all that the families share, and what is this one's own. */
static void check_plan(void)
{
    static const enum troth_check_id owed[] = {TROTH_DCAP_PLAN, TROTH_DCAP_PLAN_REST,
                                               TROTH_CHECK_RESERVED, TROTH_CHECK_DEBUG,
                                               TROTH_CHECK_ATTRIBUTES};

    test_case("plan");
    plan_check(troth_sgx_plan, owed, COUNT(owed));
}

/* Without any collateral the report is judged all the same. */
static void judge_alone(void)
{
    struct sim_intel doc;
    struct troth_span quote;

    test_case("nothing is at hand");
    trial_reset(&t);
    sim_intel_default(&doc, ring, SIM_SGX_V3, 0, MINTED_AT_S);
    sim_intel_set_certification(&doc, TROTH_CERTIFICATION_PPID_RSA3072);
    sim_intel_set_debug(&doc);
    quote = minted_intel(&t, &doc);
    t.item_count = 0;
    trial_require(&t, TRIAL_ANY);
    (void)trial_judge(&t, quote, MINTED_AT_S);
    CHECK_INT(t.result.answer, TROTH_REFUSED);
    CHECK(trial_find(&t, TROTH_CHECK_DEBUG, "debug") != NULL);
    CHECK(trial_leaves_open(&t, "no_hardware_id"));
    CHECK_INT(trial_find(&t, TROTH_CHECK_ATTRIBUTES, NULL)->outcome, TROTH_PASSED);
    CHECK_INT(trial_find(&t, TROTH_CHECK_CHAIN, NULL)->outcome, TROTH_NOT_MADE);
}

int main(void)
{
    trial_begin(&t);
    ring = sim_keyring_create(0);
    judge_rows();
    check_plan();
    judge_alone();
    sim_keyring_destroy(ring);
    trial_end(&t);
    return test_finish();
}
