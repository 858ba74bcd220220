/* SPDX-License-Identifier: Apache-2.0 */
/* Minted quotes with one thing wrong in header or body, signed anew: only that check may
 * fail. What the two families share is tested beside evidence/dcap. */
#include "evidence/tdx/tdx.h"

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

static void open_to_profiling(struct sim_intel *doc)
{
    doc->quote.td.td_attributes |= 0x20;
}

static void let_pages_be_taken(struct sim_intel *doc)
{
    doc->quote.td.td_attributes &= ~UINT64_C(0x10000000);
}

static void let_it_migrate(struct sim_intel *doc)
{
    doc->quote.td.td_attributes |= 0x20000000;
}

static void set_attribute_40(struct sim_intel *doc)
{
    doc->quote.td.td_attributes |= UINT64_C(1) << 40;
}

static void set_feature_19(struct sim_intel *doc)
{
    doc->quote.td.xfam |= 0x80000;
}

static void turn_sse_off(struct sim_intel *doc)
{
    doc->quote.td.xfam &= ~UINT64_C(2);
}

static void bind_service(struct sim_intel *doc)
{
    doc->quote.td.mr_servicetd[47] = 1;
}

static void bind_first_service(struct sim_intel *doc)
{
    doc->quote.td.init_servicetd_hash[0] = 1;
}

static void set_word_8(struct sim_intel *doc)
{
    doc->quote.header.word_8 = 1;
}

static void set_word_10(struct sim_intel *doc)
{
    doc->quote.header.word_10 = 0x8000;
}

static void change_runtime_register(struct sim_intel *doc)
{
    doc->quote.td.rtmr3[0] ^= 1;
}

static void flip_signature(struct sim_intel *doc)
{
    doc->quote.edit_signature.apply = sim_flip_last_bit;
}

static void flip_body(struct sim_bytes *quote, const void *context)
{
    (void)context;
    quote->ptr[48 + 0x88] ^= 1;
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
    {"version 4 as minted", SIM_TDX_V4, leave, "", "accepted"},
    {"version 5, TD 1.0", SIM_TDX_V5_TD10, leave, "", "accepted"},
    {"version 5, TD 1.5", SIM_TDX_V5_TD15, leave, "", "accepted"},
    {"version 5, TD 1.5-EX", SIM_TDX_V5_TD15_EX, leave, "", "accepted"},
    {"another value of what is measured while it runs", SIM_TDX_V4, change_runtime_register, "", "accepted"},

    {"debug", SIM_TDX_V4, open_to_debugging, "", "refused: debug"},
    {"debug, allowed", SIM_TDX_V4, open_to_debugging, "--allow debug", "accepted"},
    {"profiling", SIM_TDX_V5_TD15, open_to_profiling, "", "refused: debug"},
    {"profiling, allowed", SIM_TDX_V5_TD15, open_to_profiling, "--allow tdx.td_attributes.bit5", "accepted"},
    {"pages may be taken away", SIM_TDX_V4, let_pages_be_taken, "", "refused: attributes"},
    {"pages may be taken away, allowed", SIM_TDX_V4, let_pages_be_taken, "--allow tdx.td_attributes.bit28", "accepted"},
    {"it may migrate", SIM_TDX_V4, let_it_migrate, "", "refused: migration"},
    {"it may migrate, allowed", SIM_TDX_V4, let_it_migrate, "--allow tdx.td_attributes.bit29", "accepted"},
    {"attribute 40", SIM_TDX_V4, set_attribute_40, "", "refused: attributes"},
    {"attribute 40, allowed", SIM_TDX_V4, set_attribute_40, "--allow tdx.td_attributes.bit40", "accepted"},
    {"feature 19", SIM_TDX_V4, set_feature_19, "", "refused: attributes"},
    {"SSE is off, and nothing allows that", SIM_TDX_V4, turn_sse_off, "--allow tdx.xfam.bit1", "refused: attributes"},
    {"a service trust domain", SIM_TDX_V5_TD15, bind_service, "", "refused: migration"},
    {"a service trust domain, allowed", SIM_TDX_V5_TD15, bind_service, "--allow service_td", "accepted"},
    {"TD 1.0 has no such field", SIM_TDX_V5_TD10, bind_service, "", "accepted"},
    {"a service trust domain at first", SIM_TDX_V5_TD15_EX, bind_first_service, "", "refused: migration"},
    {"reserved word at 8", SIM_TDX_V4, set_word_8, "", "refused: reserved"},
    {"reserved word at 10", SIM_TDX_V5_TD15, set_word_10, "", "refused: reserved"},

    {"one bit of the signature", SIM_TDX_V4, flip_signature, "", "refused: signature"},
    {"one bit of mr_td behind the signer's back", SIM_TDX_V4, change_measurement_afterwards, "", "refused: signature"},
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
        CHECK_TEXT(t.result.kind, "tdx");
        CHECK(trial_leaves_open(&t, "acpi"));
        CHECK(!trial_leaves_open(&t, "no_hardware_id"));
        CHECK(!trial_leaves_open(&t, "kernel"));
    }
}

/* The plan owes all that the families share, and what is this one's own. */
static void check_plan(void)
{
    static const enum troth_check_id owed[] = {
        TROTH_DCAP_PLAN,        TROTH_DCAP_PLAN_REST, TROTH_CHECK_RESERVED,
        TROTH_CHECK_MODULE,     TROTH_CHECK_DEBUG,    TROTH_CHECK_MIGRATION,
        TROTH_CHECK_ATTRIBUTES,
    };

    test_case("plan");
    plan_check(troth_tdx_plan, owed, COUNT(owed));
}

/* Without any collateral the report is judged all the same. */
static void judge_alone(void)
{
    struct sim_intel doc;
    struct troth_span quote;

    test_case("nothing is at hand");
    trial_reset(&t);
    sim_intel_default(&doc, ring, SIM_TDX_V4, 0, MINTED_AT_S);
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
