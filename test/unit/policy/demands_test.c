/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/demands.h"

#include "base/span.h"
#include "test/harness.h"
#include "test/support/policy.h"

#define HEX16 "00112233445566778899aabbccddeeff"
#define HEX48 HEX16 HEX16 HEX16

static const char document[] = "policy: p\n"
                               "accept: [snp, tdx]\n"
                               "nonce: any\n"
                               "max_age: 2h\n"
                               "allow: [debug, migrate_ma]\n"
                               "any: [snp.vmpl]\n"
                               "expect: {debug: true, snp.host_data: " HEX16 HEX16 "}\n"
                               "intel:\n"
                               "  tcb: [SWHardeningNeeded, UpToDate]\n"
                               "  grace: 1d\n"
                               "  advisories: [INTEL-SA-00837, INTEL-SA-00615]\n"
                               "  min_evaluation: 18\n"
                               "amd:\n"
                               "  distrust: [Turin, Milan]\n"
                               "  min_tcb: {Genoa: {snp: 23}}\n"
                               "  platform: {smt_en: false}\n"
                               "images:\n"
                               "  b:\n"
                               "    snp: {measurement: " HEX48 ", guest_svn: 2}\n"
                               "  a:\n"
                               "    snp: {measurement: any}\n"
                               "    tdx:\n"
                               "      mr_td: " HEX48 "\n"
                               "      rtmr0: any\n"
                               "      rtmr1: any\n"
                               "      rtmr2: any\n"
                               "      mr_config_id: any\n"
                               "machines:\n"
                               "  snp: any\n"
                               "  tdx:\n"
                               "    - FF112233445566778899aabbccddeeff\n"
                               "    - " HEX16 "\n"
                               "tests:\n"
                               "  - name: t\n"
                               "    evidence: e\n"
                               "    time: 2026-05-01T00:00:00Z\n"
                               "    expect: refused\n"
                               "    rule: debug\n";

static bool has(struct troth_names names, const char *name)
{
    for (size_t i = 0; i < names.count; i++)
        if (troth_span_is_text(names.rows[i], name))
            return true;
    return false;
}

static void test_whole(const struct troth_policy *policy)
{
    test_case("what is of no kind");
    CHECK_SPAN(troth_policy_name(policy), TROTH_LITERAL("p"));
    CHECK_INT(policy->nonce, TROTH_NONCE_ANY);
    CHECK_INT(policy->nonce_line, 3);
    CHECK(policy->has_max_age);
    CHECK_INT(policy->max_age_s, 7200);
    CHECK_INT(policy->max_age_line, 4);
    CHECK_INT(troth_policy_rules(policy).count, 0);
    CHECK(policy->tests && policy->tests->count == 1);
    CHECK(!policy->kinds[TROTH_KIND_NITRO].accepted);
    CHECK(!policy->kinds[TROTH_KIND_SGX].accepted);
}

static void test_snp(const struct troth_policy *policy)
{
    const struct troth_kind_policy *snp = &policy->kinds[TROTH_KIND_SNP];
    const struct troth_requirements *r = &snp->requirements;

    test_case("requirements of snp");
    CHECK(snp->accepted);
    CHECK(!r->has_nonce && !r->has_binding);
    CHECK_INT(r->allow.count, 2);
    CHECK(has(r->allow, "debug") && has(r->allow, "migrate_ma"));
    CHECK_INT(r->any.count, 1);
    CHECK(has(r->any, "snp.vmpl"));
    CHECK_INT(r->expect_count, 3);
    CHECK_SPAN(r->expect[0].claim, TROTH_LITERAL("debug"));
    CHECK_SPAN(r->expect[0].value, TROTH_LITERAL("true"));
    CHECK_SPAN(r->expect[1].claim, TROTH_LITERAL("snp.host_data"));
    CHECK_SPAN(r->expect[1].value, TROTH_LITERAL(HEX16 HEX16));
    CHECK_SPAN(r->expect[2].claim, TROTH_LITERAL("snp.platform.smt_en"));
    CHECK_SPAN(r->expect[2].value, TROTH_LITERAL("false"));
    CHECK_INT(r->amd.minimum_count, 1);
    CHECK_SPAN(r->amd.minimums[0].product, TROTH_LITERAL("Genoa"));
    CHECK_INT(r->amd.minimums[0].snp, 23);
    CHECK_INT(r->amd.minimums[0].microcode, 0);
    CHECK_INT(r->amd.distrusted.count, 2);
    CHECK(has(r->amd.distrusted, "Turin") && has(r->amd.distrusted, "Milan"));
    CHECK(!r->intel.grace_s && !r->intel.has_advisories && !r->intel.min_evaluation);
    CHECK(snp->machines.any);

    test_case("images of snp");
    CHECK(!snp->any_image);
    if (!CHECK_INT(snp->image_count, 2))
        return;
    CHECK_SPAN(snp->images[0].name, TROTH_LITERAL("a"));
    CHECK_INT(snp->images[0].line, 20);
    CHECK_INT(snp->images[0].demands.count, 1);
    CHECK(snp->images[0].demands.rows[0].any);
    CHECK_SPAN(snp->images[1].name, TROTH_LITERAL("b"));
    CHECK_INT(snp->images[1].kind, TROTH_KIND_SNP);
    CHECK_INT(snp->images[1].demands.count, 2);
    CHECK_TEXT(snp->images[1].demands.rows[0].claim, "snp.guest_svn");
    CHECK_SPAN(snp->images[1].demands.rows[0].value, TROTH_LITERAL("2"));
    CHECK_TEXT(snp->images[1].demands.rows[1].claim, "snp.measurement");
    CHECK_SPAN(snp->images[1].demands.rows[1].value, test_hex(HEX48));
    CHECK_INT(snp->images[1].demands.rows[1].line, 19);
}

static void test_tdx(const struct troth_policy *policy)
{
    const struct troth_kind_policy *tdx = &policy->kinds[TROTH_KIND_TDX];
    const struct troth_requirements *r = &tdx->requirements;

    test_case("requirements of tdx");
    CHECK_INT(r->allow.count, 2);
    CHECK(has(r->allow, "debug") && has(r->allow, "SWHardeningNeeded"));
    CHECK_INT(r->any.count, 0);
    CHECK_INT(r->expect_count, 1);
    CHECK_INT(r->intel.grace_s, 86400);
    CHECK(r->intel.has_advisories);
    CHECK_INT(r->intel.advisories.count, 2);
    CHECK_INT(r->intel.min_evaluation, 18);
    CHECK_INT(r->amd.minimum_count, 0);

    test_case("images and machines of tdx");
    CHECK_INT(tdx->image_count, 1);
    CHECK_INT(tdx->images[0].demands.count, 5);
    CHECK_INT(tdx->images[0].demands.rows[1].line, 23);
    CHECK(!tdx->machines.any);
    CHECK_INT(tdx->machines.line, 30);
    if (!CHECK_INT(tdx->machines.count, 2))
        return;
    CHECK_SPAN(tdx->machines.ids[0], test_hex(HEX16));
    CHECK_INT(tdx->machines.lines[0], 32);
    CHECK_SPAN(tdx->machines.ids[1], test_hex("ff112233445566778899aabbccddeeff"));
    CHECK_INT(tdx->machines.lines[1], 31);
}

int main(void)
{
    const struct troth_policy *policy = test_policy(document);

    if (policy) {
        test_whole(policy);
        test_snp(policy);
        test_tdx(policy);
    }
    return test_finish();
}
