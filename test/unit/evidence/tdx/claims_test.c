/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "appraise/appraise.h"
#include "base/arena.h"
#include "base/span.h"
#include "evidence/claim_list.h"
#include "evidence/tdx/tdx.h"
#include "test/harness.h"
#include "test/support/handmade.h"

static struct handmade made;
static uint8_t memory[32 * 1024];
static struct troth_arena arena;

static struct troth_claims list(void)
{
    struct troth_claims claims;
    struct troth_tdx tdx;

    arena = (struct troth_arena){memory, sizeof memory, 0};
    CHECK_ERR(troth_tdx_parse(&tdx, NULL, handmade_span(&made)), TROTH_OK);
    CHECK_ERR(troth_tdx_claims(&claims, &tdx, &arena), TROTH_OK);
    return claims;
}

/* The claim as `troth show` prints it. */
static const char *text_of(const struct troth_claims *claims, const char *name)
{
    static char text[256];
    const struct troth_claim *claim = troth_claims_find(claims, test_text(name));
    size_t len = 0;

    if (!claim)
        return "(no such claim)";
    CHECK_ERR(troth_value_to_text((uint8_t *)text, sizeof text - 1, &len, &claim->value),
              TROTH_OK);
    text[len] = 0;
    return text;
}

static const char *hex_of(size_t at, size_t len)
{
    static char text[256];

    text[0] = 0;
    for (size_t i = 0; i < len; i++)
        (void)snprintf(text + 2 * i, 3, "%02x", made.bytes[made.at[AT_BODY] + at + i]);
    return text;
}

/* Where [TDX-DCAP] A.3.2 puts each field, and since which type of body. */
static const struct {
    const char *name;
    size_t at, len;
    enum troth_quote_body since;
} fields[] = {
    {"tdx.tee_tcb_svn", 0x000, 16, TROTH_QUOTE_BODY_TD10},
    {"tdx.mr_seam", 0x010, 48, TROTH_QUOTE_BODY_TD10},
    {"tdx.mr_signer_seam", 0x040, 48, TROTH_QUOTE_BODY_TD10},
    {"tdx.seam_attributes", 0x070, 8, TROTH_QUOTE_BODY_TD10},
    {"tdx.td_attributes", 0x078, 8, TROTH_QUOTE_BODY_TD10},
    {"tdx.xfam", 0x080, 8, TROTH_QUOTE_BODY_TD10},
    {"tdx.mr_td", 0x088, 48, TROTH_QUOTE_BODY_TD10},
    {"tdx.mr_config_id", 0x0b8, 48, TROTH_QUOTE_BODY_TD10},
    {"tdx.mr_owner", 0x0e8, 48, TROTH_QUOTE_BODY_TD10},
    {"tdx.mr_owner_config", 0x118, 48, TROTH_QUOTE_BODY_TD10},
    {"tdx.rtmr0", 0x148, 48, TROTH_QUOTE_BODY_TD10},
    {"tdx.rtmr1", 0x178, 48, TROTH_QUOTE_BODY_TD10},
    {"tdx.rtmr2", 0x1a8, 48, TROTH_QUOTE_BODY_TD10},
    {"tdx.rtmr3", 0x1d8, 48, TROTH_QUOTE_BODY_TD10},
    {"tdx.report_data", 0x208, 64, TROTH_QUOTE_BODY_TD10},
    {"nonce", 0x208, 64, TROTH_QUOTE_BODY_TD10},
    {"tdx.tee_tcb_svn2", 0x248, 16, TROTH_QUOTE_BODY_TD15},
    {"tdx.mr_servicetd", 0x258, 48, TROTH_QUOTE_BODY_TD15},
    {"tdx.vm_id", 648, 1, TROTH_QUOTE_BODY_TD15_EX},
    {"tdx.td_id", 649, 32, TROTH_QUOTE_BODY_TD15_EX},
    {"tdx.device_info", 681, 48, TROTH_QUOTE_BODY_TD15_EX},
    {"tdx.init_servicetd_hash", 729, 48, TROTH_QUOTE_BODY_TD15_EX},
    {"tdx.init_servicetd_attributes", 777, 8, TROTH_QUOTE_BODY_TD15_EX},
    {"tdx.init_cpu_svn", 785, 16, TROTH_QUOTE_BODY_TD15_EX},
    {"tdx.init_tee_tcb_svn", 801, 16, TROTH_QUOTE_BODY_TD15_EX},
    {"tdx.init_tee_fmspc", 817, 12, TROTH_QUOTE_BODY_TD15_EX},
    {"tdx.current_servicetd_hash", 829, 48, TROTH_QUOTE_BODY_TD15_EX},
    {"tdx.current_servicetd_attributes", 877, 8, TROTH_QUOTE_BODY_TD15_EX},
};

static void show_fields(unsigned version, enum troth_quote_body body)
{
    char version_text[4];
    struct troth_claims claims;

    handmade_quote(&made, version, body);
    claims = list();
    for (size_t i = 0; i < COUNT(fields); i++) {
        test_case("%s in body %d of version %u", fields[i].name, body, version);
        CHECK_TEXT(text_of(&claims, fields[i].name),
                   body >= fields[i].since ? hex_of(fields[i].at, fields[i].len)
                                           : "none");
    }
    test_case("the rest in body %d of version %u", body, version);
    (void)snprintf(version_text, sizeof version_text, "%u", version);
    CHECK_TEXT(text_of(&claims, "tdx.quote_version"), version_text);
    CHECK_TEXT(text_of(&claims, "kind"), "tdx");
    CHECK_TEXT(text_of(&claims, "debug"), "false");
    CHECK_TEXT(claims.rows[0].name, "kind");
    made.bytes[made.at[AT_BODY] + 1] = 3;
    claims = list();
    CHECK_TEXT(text_of(&claims, "tdx.module_version"), "3");
}

static void check_names(void)
{
    struct troth_claims claims;

    test_case("names are told once, each with a sentence");
    handmade_quote(&made, 5, TROTH_QUOTE_BODY_TD15_EX);
    claims = list();
    for (size_t i = 0; i < claims.count; i++) {
        CHECK(strlen(claims.rows[i].about) > 5);
        for (size_t k = 0; k < i; k++)
            CHECK(strcmp(claims.rows[i].name, claims.rows[k].name) != 0);
    }
}

/* Every bit with a name, alone; any of the first eight lets the host look inside. */
static void show_bits(void)
{
    static const struct {
        unsigned bit;
        const char *name;
    } bits[] = {
        {0, "tdx.td_attributes.debug"},       {4, "tdx.td_attributes.hgs_plus_prof"},
        {5, "tdx.td_attributes.perf_prof"},   {6, "tdx.td_attributes.pmt_prof"},
        {27, "tdx.td_attributes.lass"},       {28, "tdx.td_attributes.sept_ve_disable"},
        {29, "tdx.td_attributes.migratable"}, {30, "tdx.td_attributes.pks"},
        {31, "tdx.td_attributes.kl"},         {62, "tdx.td_attributes.tpa"},
        {63, "tdx.td_attributes.perfmon"},
    };

    for (unsigned bit = 0; bit < 64; bit++) {
        struct troth_claims claims;

        test_case("attribute %u", bit);
        handmade_quote(&made, 4, TROTH_QUOTE_BODY_TD10);
        handmade_put(&made, made.at[AT_BODY] + 0x78, 8, UINT64_C(1) << bit);
        claims = list();
        for (size_t i = 0; i < COUNT(bits); i++)
            CHECK_TEXT(text_of(&claims, bits[i].name),
                       bits[i].bit == bit ? "true" : "false");
        CHECK_TEXT(text_of(&claims, "debug"), bit < 8 ? "true" : "false");
    }
}

static void starve(void)
{
    struct troth_claims claims;
    struct troth_tdx tdx;
    size_t needed;

    test_case("too little memory");
    handmade_quote(&made, 5, TROTH_QUOTE_BODY_TD15_EX);
    (void)list();
    needed = arena.used;
    CHECK_ERR(troth_tdx_parse(&tdx, NULL, handmade_span(&made)), TROTH_OK);
    for (size_t size = 0; size < needed; size += 64) {
        arena = (struct troth_arena){memory, size, 0};
        CHECK_ERR(troth_tdx_claims(&claims, &tdx, &arena), TROTH_ERR_MEMORY);
        CHECK(!claims.rows && claims.count == 0);
    }
}

int main(void)
{
    show_fields(4, TROTH_QUOTE_BODY_TD10);
    show_fields(5, TROTH_QUOTE_BODY_TD10);
    show_fields(5, TROTH_QUOTE_BODY_TD15);
    show_fields(5, TROTH_QUOTE_BODY_TD15_EX);
    check_names();
    show_bits();
    starve();
    return test_finish();
}
