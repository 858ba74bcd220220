/* SPDX-License-Identifier: Apache-2.0 */
/* Policies made by hand, before minted evidence. */
#include "appraise/policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/variables.h"
#include "test/harness.h"
#include "test/support/minted.h"

#define NONCE "--nonce 00010203"
#define X48(xx)                                                                          \
    xx xx xx xx xx xx xx xx xx xx xx xx xx xx xx xx xx xx xx xx xx xx xx xx xx xx xx xx  \
        xx xx xx xx xx xx xx xx xx xx xx xx xx xx xx xx xx xx xx xx

static struct trial t;
static struct sim_keyring *ring;
static struct troth_policy policy;
static struct troth_kind_policy *const nitro = &policy.kinds[TROTH_KIND_NITRO];
static struct troth_kind_policy *const snp = &policy.kinds[TROTH_KIND_SNP];

/* PCRs 1a…, 2b…, 3c…, nonce 00010203. */
static struct troth_span nitro_signed(int64_t at_s)
{
    static const uint8_t nonce[] = {0, 1, 2, 3};
    static struct sim_nitro doc;

    sim_nitro_default(&doc, ring, 0, MINTED_AT_S);
    doc.timestamp_ms = (uint64_t)at_s * 1000 + 999;
    memset(doc.pcrs[0].value, 0x1a, 48);
    memset(doc.pcrs[1].value, 0x2b, 48);
    memset(doc.pcrs[2].value, 0x3c, 48);
    sim_nitro_set_optional(&doc.nonce, (struct troth_span)TROTH_ARRAY_SPAN(nonce));
    return minted_nitro(&t, &doc);
}

static struct troth_span nitro_document(void)
{
    return nitro_signed(MINTED_AT_S);
}

/* Its report data is 64 times 5e. */
static struct troth_span snp_report(enum sim_snp_signer signer)
{
    static struct sim_snp doc;

    sim_snp_default(&doc, ring, SIM_GENOA, signer, 0, MINTED_AT_S);
    memset(doc.report.report_data, 0x5e, 64);
    memset(doc.report.measurement, 0x1a, 48);
    memset(doc.report.host_data, 0x77, 32);
    return minted_snp(&t, &doc);
}

static struct troth_span snp_nonce(void)
{
    static uint8_t nonce[64];

    memset(nonce, 0x5e, sizeof nonce);
    return (struct troth_span)TROTH_ARRAY_SPAN(nonce);
}

/* One that takes any code of any machine, and a nonce. */
static void start(void)
{
    trial_reset(&t);
    policy = (struct troth_policy){.name = test_text("test")};
    for (int kind = 0; kind < TROTH_KIND_COUNT; kind++)
        policy.kinds[kind] = (struct troth_kind_policy){
            .accepted = true, .any_image = true, .machines = {.any = true}};
    t.policy = &policy;
}

static const char *judge(struct troth_span evidence)
{
    return trial_judge(&t, evidence, MINTED_AT_S);
}

static void ask_too_much(void)
{
    static const struct {
        const char *options, *line;
    } rows[] = {
        {NONCE, "accepted"},
        {NONCE " --any measurement", "error: VALUE requirements.any"},
        {NONCE " --allow debug", "error: VALUE requirements.allow"},
        {NONCE " --expect debug=false", "error: VALUE requirements.expect"},
    };
    const struct troth_amd_minimum minimum = {0};
    const struct troth_span name = test_text("Milan");

    for (size_t i = 0; i < COUNT(rows); i++) {
        start();
        test_case("beside a policy: %s", rows[i].options);
        trial_require(&t, rows[i].options);
        CHECK_TEXT(judge(nitro_document()), rows[i].line);
    }
    for (int what = 0; what < 6; what++) {
        start();
        test_case("beside a policy: settings, %d", what);
        trial_require(&t, NONCE);
        t.requirements.intel = (struct troth_intel_settings){
            .grace_s = what == 0,
            .has_advisories = what == 1,
            .advisories = {&name, what == 2},
            .min_evaluation = what == 3};
        t.requirements.amd = (struct troth_amd_settings){
            &minimum, what == 4, {&name, what == 5}};
        CHECK_TEXT(judge(nitro_document()), what < 4 ? "error: VALUE requirements.intel"
                                                     : "error: VALUE requirements.amd");
    }
    test_case("a policy is not judged at the evidence's own time");
    start();
    trial_require(&t, NONCE);
    CHECK_TEXT(trial_judge(&t, nitro_document(), TRIAL_AT_DOCUMENT),
               "error: CLOCK policy");
}

static void accept_kinds(void)
{
    const struct troth_check *row;

    test_case("a kind that is not accepted: nothing else is said of it");
    start();
    trial_require(&t, NONCE);
    nitro->accepted = false;
    CHECK_TEXT(judge(nitro_document()), "refused: kind ?measurement ?nonce");
    row = trial_find(&t, TROTH_CHECK_KIND, "nitro");
    if (CHECK(row != NULL)) {
        CHECK_SPAN(row->seen.bytes, test_text("nitro"));
        CHECK_SPAN(row->wanted.bytes, test_text("snp,sgx,tdx"));
    }
    CHECK(!trial_find(&t, TROTH_CHECK_MACHINE, NULL));

    test_case("a kind that has no check of its own passes it");
    start();
    t.requirements.has_nonce = true;
    t.requirements.nonce = snp_nonce();
    CHECK_TEXT(judge(snp_report(SIM_VCEK)), "accepted");
    CHECK_INT(t.result.verdict.checks[0].id, TROTH_CHECK_KIND);
    CHECK_INT(t.result.verdict.checks[0].outcome, TROTH_PASSED);

    test_case("what is said of one kind is not said of another");
    start();
    trial_require(&t, NONCE);
    snp->accepted = false;
    snp->any_image = false;
    CHECK_TEXT(judge(nitro_document()), "accepted");
    CHECK(t.result.policy == &policy);
    CHECK(t.result.has_nonce);
    CHECK_SPAN(t.result.nonce, test_hex("00010203"));
}

/* Three registers, by the first byte of each; 0: any. */
static struct troth_image image(const char *name, struct troth_demand rows[static 3],
                                const uint8_t bytes[static 3])
{
    static const char *const claims[] = {"nitro.pcr0", "nitro.pcr1", "nitro.pcr2"};

    for (uint32_t i = 0; i < 3; i++) {
        uint8_t value[48];

        memset(value, bytes[i], sizeof value);
        rows[i] = (struct troth_demand){
            .claim = claims[i],
            .any = bytes[i] == 0,
            .value = trial_keep(&t, (struct troth_span)TROTH_ARRAY_SPAN(value)),
            .line = 10 + i};
    }
    return (struct troth_image){test_text(name), TROTH_KIND_NITRO, {rows, 3}, 9};
}

/* clang-format off */
static void name_images(void)
{
    static const struct {
        const char *why;
        uint8_t bytes[2][3]; /* of two images */
        const char *line;
        const char *image;
        size_t failing;    /* rows */
        uint32_t line_seen; /* of the first of them, or of the image */
        bool is_open;
        const char *last; /* subject of the last row */
    } rows[] = {
        {"the first", {{0x1a, 0x2b, 0x3c}, {1, 1, 1}}, "accepted", "one", 0, 9, false, "one"},
        {"the second", {{1, 1, 1}, {0x1a, 0x2b, 0x3c}}, "accepted", "two", 0, 9, false, "two"},
        {"both: the first", {{0x1a, 0x2b, 0x3c}, {0x1a, 0x2b, 0x3c}}, "accepted", "one", 0, 9, false, "one"},
        {"parts of each are none", {{0x1a, 0x2b, 1}, {1, 1, 0x3c}}, "refused: measurement", "", 1, 12, false, "nitro.pcr2"},
        {"the nearest is the second", {{0x1a, 1, 1}, {0x1a, 0x2b, 1}}, "refused: measurement", "", 1, 12, false, "nitro.pcr2"},
        {"as near: the first", {{0x1a, 0x2b, 1}, {1, 0x2b, 0x3c}}, "refused: measurement", "", 1, 12, false, "nitro.pcr2"},
        {"nothing is right", {{1, 1, 1}, {1, 1, 1}}, "refused: measurement", "", 3, 10, false, "nitro.pcr2"},
        {"any of one register", {{0x1a, 0x2b, 0}, {1, 1, 1}}, "accepted", "one", 0, 9, true, "nitro.pcr2"},
        {"any of one, the rest wrong", {{0x1a, 1, 0}, {1, 1, 1}}, "refused: measurement", "", 1, 11, false, "nitro.pcr1"},
        {"any of all", {{0, 0, 0}, {1, 1, 1}}, "accepted", "one", 0, 10, true, "nitro.pcr2"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_demand demands[2][3];
        size_t failing = 0;

        test_case("images: %s", rows[i].why);
        start();
        trial_require(&t, NONCE);
        const struct troth_image images[] = {image("one", demands[0], rows[i].bytes[0]),
                                             image("two", demands[1], rows[i].bytes[1])};

        nitro->any_image = false;
        nitro->images = images;
        nitro->image_count = 2;
        CHECK_TEXT(judge(nitro_document()), rows[i].line);
        CHECK_SPAN(t.result.image, test_text(rows[i].image));
        CHECK_INT(trial_leaves_open(&t, "code"), rows[i].is_open);
        const struct troth_check *row = troth_verdict_find(&t.result.verdict,
                                                           TROTH_CHECK_MEASUREMENT);

        CHECK_INT(row->policy_line, rows[i].line_seen);
        for (; row->id == TROTH_CHECK_MEASUREMENT; row++)
            failing += row->outcome == TROTH_FAILED;
        CHECK_INT(failing, rows[i].failing);
        CHECK_TEXT(row[-1].subject, rows[i].last);
        if (rows[i].failing)
            CHECK_INT(row[-1].wanted.type, TROTH_VALUE_BYTES);
    }
}

static void name_no_image(void)
{
    static const struct troth_image empty = {{NULL, 0}, TROTH_KIND_NITRO, {NULL, 0}, 3};

    test_case("images: none is named, and any is not said");
    start();
    trial_require(&t, NONCE);
    nitro->any_image = false;
    CHECK_TEXT(judge(nitro_document()), "refused: measurement");

    test_case("images: one that demands nothing is none");
    start();
    trial_require(&t, NONCE);
    nitro->any_image = false;
    nitro->images = &empty;
    nitro->image_count = 1;
    CHECK_TEXT(judge(nitro_document()), "refused: measurement");

    test_case("images: any, and the result says so");
    start();
    trial_require(&t, NONCE);
    CHECK_TEXT(judge(nitro_document()), "accepted");
    CHECK(trial_leaves_open(&t, "code"));
    CHECK_INT(t.result.image.len, 0);
}

/* Demands of other claims than the identity's, of every type. */
static void demand_claims(void)
{
    static const struct {
        const char *claim, *value, *line;
    } rows[] = {
        {"snp.vmpl", "0", "accepted"},
        {"snp.vmpl", "1", "refused: measurement"},
        {"snp.vmpl", "no number", "refused: measurement"},
        {"snp.policy.smt", "true", "accepted"},
        {"snp.policy.smt", "false", "refused: measurement"},
        {"snp.product", "Genoa", "accepted"},
        {"snp.product", "Milan", "refused: measurement"},
        {"snp.csp_id", "", "refused: measurement"}, /* not said */
        {"snp.reported_tcb.fmc", "0", "refused: measurement"},
        {"nitro.pcr0", "", "refused: measurement"}, /* no such claim */
        {"measurement", X48("1a"), "accepted"},
        {"measurement", X48("1b"), "refused: measurement"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t measured[48];

        memset(measured, 0x1a, sizeof measured);
        const struct troth_demand demands[] = {
            {"snp.measurement", false, TROTH_ARRAY_SPAN(measured), 5},
            {rows[i].claim, false, test_text(rows[i].value), 6},
        };
        const struct troth_image one = {test_text("one"), TROTH_KIND_SNP,
                                        {demands, COUNT(demands)}, 4};

        test_case("an image demands %s: %s", rows[i].claim, rows[i].value);
        start();
        t.requirements.has_nonce = true;
        t.requirements.nonce = snp_nonce();
        snp->any_image = false;
        snp->images = &one;
        snp->image_count = 1;
        CHECK_TEXT(judge(snp_report(SIM_VCEK)), rows[i].line);
        const struct troth_check *row = troth_verdict_find(&t.result.verdict,
                                                           TROTH_CHECK_MEASUREMENT);

        CHECK_INT(row->policy_line, row->outcome == TROTH_PASSED ? 4 : 6);
    }
}

static void ask_for_nonce(void)
{
    static const struct {
        const char *why, *options;
        enum troth_nonce_rule rule;
        const char *line;
    } rows[] = {
        {"required, given", NONCE, TROTH_NONCE_REQUIRED, "accepted"},
        {"required, another given", "--nonce 01", TROTH_NONCE_REQUIRED, "refused: nonce"},
        {"required, none given", "", TROTH_NONCE_REQUIRED, "refused: nonce"},
        {"required, a binding given", "--binding app:nonce=aa,user_data=bb", TROTH_NONCE_REQUIRED, "refused: nonce"},
        {"any, none given", "", TROTH_NONCE_ANY, "accepted"},
        {"any, another given", "--nonce 01", TROTH_NONCE_ANY, "refused: nonce"},
        {"any, given", NONCE, TROTH_NONCE_ANY, "accepted"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("nonce: %s", rows[i].why);
        start();
        policy.nonce = rows[i].rule;
        policy.nonce_line = 7;
        trial_require(&t, rows[i].options);
        CHECK_TEXT(judge(nitro_document()), rows[i].line);
        CHECK_INT(trial_leaves_open(&t, "freshness"), !*rows[i].options);
        const struct troth_check *row = troth_verdict_find(&t.result.verdict,
                                                           TROTH_CHECK_NONCE);

        CHECK_INT(row->policy_line, *rows[i].options ? 0 : 7);
    }
}

static void list_machines(void)
{
    uint8_t other[64] = {1}, id[64];
    struct troth_span ids[2] = {TROTH_ARRAY_SPAN(other), TROTH_ARRAY_SPAN(id)};
    static const uint32_t lines[] = {21, 22};
    static const struct {
        const char *why;
        bool any;
        size_t count;
        enum sim_snp_signer signer;
        const char *line;
        uint32_t policy_line;
        bool is_open;
    } rows[] = {
        {"any", true, 0, SIM_VCEK, "accepted", 20, true},
        {"listed", false, 2, SIM_VCEK, "accepted", 22, false},
        {"not listed", false, 1, SIM_VCEK, "refused: machine", 20, true},
        {"none is listed", false, 0, SIM_VCEK, "refused: machine", 20, true},
        {"the evidence does not say", false, 2, SIM_VLEK, "refused: machine", 20, true},
    };

    start();
    (void)snp_report(SIM_VCEK);
    (void)judge(snp_report(SIM_VCEK));
    const struct troth_claim *claim = troth_claims_find(&t.result.claims,
                                                        test_text("hardware_id"));

    if (!CHECK(claim && claim->value.bytes.len == sizeof id))
        return;
    memcpy(id, claim->value.bytes.ptr, sizeof id);
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("machines: %s", rows[i].why);
        start();
        t.requirements.has_nonce = true;
        t.requirements.nonce = snp_nonce();
        snp->machines = (struct troth_machines){rows[i].any, ids, lines, rows[i].count,
                                                20};
        CHECK_TEXT(judge(snp_report(rows[i].signer)), rows[i].line);
        const struct troth_check *row = trial_find(&t, TROTH_CHECK_MACHINE, NULL);

        CHECK_INT(row ? row->policy_line : 0, rows[i].policy_line);
        CHECK_INT(trial_leaves_open(&t, "machine"), rows[i].is_open);
    }
}

static void limit_age(void)
{
    static const struct {
        const char *why;
        bool is_snp, has_nonce;
        int64_t made_s, max_age_s; /* from MINTED_AT_S on */
        const char *line;
    } rows[] = {
        {"signed now", false, true, 0, 0, "accepted"},
        {"signed a second too long ago", false, true, -301, 300, "refused: age"},
        {"signed just in time", false, true, -300, 300, "accepted"},
        {"signed a minute ahead", false, true, 60, 300, "accepted"},
        {"signed further ahead", false, true, 61, 300, "refused: time age"},
        {"signed, and no nonce is asked for", false, false, 0, 300, "accepted"},
        {"the nonce made now", true, true, 0, 0, "accepted"},
        {"the nonce made just in time", true, true, -300, 300, "accepted"},
        {"the nonce made a second too long ago", true, true, -301, 300, "refused: age"},
        {"the nonce made in the future", true, true, 1, 300, "refused: age"},
        {"nobody says when", true, true, -MINTED_AT_S, 300, "undetermined: ?age"},
        {"made, but no nonce is asked for", true, false, 0, 300, "undetermined: ?age"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_span evidence;

        test_case("age: %s", rows[i].why);
        start();
        policy.nonce = TROTH_NONCE_ANY;
        policy.has_max_age = true;
        policy.max_age_s = rows[i].max_age_s;
        policy.max_age_line = 8;
        /* Where a time is signed, that of the nonce does not count. */
        t.nonce_made_s = MINTED_AT_S + (rows[i].is_snp ? rows[i].made_s : -9999);
        t.requirements.has_nonce = rows[i].has_nonce;
        t.requirements.nonce = rows[i].is_snp ? snp_nonce() : test_hex("00010203");
        evidence = rows[i].is_snp ? snp_report(SIM_VCEK)
                                  : nitro_signed(MINTED_AT_S + rows[i].made_s);
        CHECK_TEXT(judge(evidence), rows[i].line);
        const struct troth_check *row = trial_find(&t, TROTH_CHECK_AGE, NULL);

        CHECK_INT(row ? row->policy_line : 0, 8);
        if (t.result.answer == TROTH_ACCEPTED) {
            CHECK_INT(t.result.valid_until_s,
                      MINTED_AT_S + rows[i].made_s + rows[i].max_age_s);
            CHECK_TEXT(t.result.valid_until_what, "age that the policy allows");
        }
        if (t.result.answer == TROTH_UNDETERMINED && CHECK(row != NULL))
            CHECK_TEXT(row->flag, rows[i].has_nonce ? "--nonce-made" : "--nonce");
    }
    test_case("age: clocks at the ends of time");
    start();
    trial_require(&t, NONCE);
    policy.has_max_age = true;
    policy.max_age_s = INT64_MAX;
    (void)trial_judge(&t, nitro_document(), INT64_MAX);
    const struct troth_check *row = trial_find(&t, TROTH_CHECK_AGE, NULL);

    CHECK(row && row->outcome == TROTH_PASSED);
    (void)trial_judge(&t, nitro_document(), INT64_MIN + 1);
    row = trial_find(&t, TROTH_CHECK_AGE, NULL);
    CHECK(row && row->outcome == TROTH_FAILED);
}

/* Expectations of a policy are those of the command line. */
static void expect_claims(void)
{
    static const struct troth_expectation smt = {{(const uint8_t *)"snp.policy.smt", 14},
                                                 {(const uint8_t *)"false", 5}};

    test_case("an expectation of the policy's");
    start();
    t.requirements.has_nonce = true;
    t.requirements.nonce = snp_nonce();
    snp->requirements.expect = &smt;
    snp->requirements.expect_count = 1;
    CHECK_TEXT(judge(snp_report(SIM_VCEK)), "refused: claim");
}

int main(void)
{
    ring = sim_keyring_create(1);
    trial_begin(&t);
    ask_too_much();
    accept_kinds();
    name_images();
    name_no_image();
    demand_claims();
    ask_for_nonce();
    list_machines();
    limit_age();
    expect_claims();
    trial_end(&t);
    sim_keyring_destroy(ring);
    return test_finish();
}
