/* SPDX-License-Identifier: Apache-2.0 */
/* Policies as they are written, before evidence that is minted to break one demand. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stage.h"
#include "test/support/policy.h"

enum family { NITRO, SNP, SGX, TDX };

/* Only that of the row's family is set. */
struct stages {
    enum family family;
    struct nitro_stage nitro;
    struct snp_stage snp;
    struct intel_stage intel;
};

/* When the nonce was made, from MINTED_AT_S on; or nobody says. */
#define UNSAID (-MINTED_AT_S)

struct row {
    const char *why;
    enum family family;
    const char *yaml; /* behind the first lines */
    void (*change)(struct stages *s, int number);
    int number;
    const char *options; /* of trial_require() */
    int64_t made_s;
    const char *line;
};

static struct trial t;
static struct sim_keyring *ring;
static struct stages s;

static void stage_set(enum family family)
{
    s.family = family;
    if (family == NITRO)
        nitro_stage_set(&s.nitro, &t, ring);
    else if (family == SNP)
        snp_stage_set(&s.snp, &t, ring, ON_GENOA);
    else
        intel_stage_set(&s.intel, &t, ring, family == SGX ? SIM_SGX_V4 : SIM_TDX_V4);
}

static struct troth_span stage_mint(void)
{
    if (s.family == NITRO)
        return nitro_stage_mint(&s.nitro);
    return s.family == SNP ? snp_stage_mint(&s.snp) : intel_stage_mint(&s.intel);
}

/* Changes to the evidence. */

static void on_product(struct stages *all, int machine)
{
    snp_stage_set(&all->snp, &t, ring, (enum snp_machine)machine);
}

static void signed_later(struct stages *all, int by_s)
{
    all->nitro.doc.timestamp_ms = (uint64_t)((int64_t)all->nitro.doc.timestamp_ms +
                                             by_s * INT64_C(1000));
}

static void of_a_tpm(struct stages *all, int number)
{
    (void)number;
    sim_nitro_set_tpm(&all->nitro.doc, ring);
}

static void nonce_is_5e(struct stages *all, int number)
{
    static const uint8_t nonce[] = {0x5e};

    (void)number;
    sim_nitro_set_optional(&all->nitro.doc.nonce,
                           (struct troth_span)TROTH_ARRAY_SPAN(nonce));
    memset(all->snp.doc.report.report_data, 0x5e, 64);
}

/* The report and its certificate say one less of this part. */
static void tcb_down(struct stages *all, int part)
{
    const int at = sim_snp_product_facts(all->snp.doc.product)->tcb_byte[part];

    all->snp.doc.report.reported_tcb[at]--;
    sim_snp_match_vek(&all->snp.doc);
}

static void of_version_2(struct stages *all, int machine)
{
    on_product(all, machine);
    sim_snp_set_version(&all->snp.doc, 2);
}

static void turin_part_down(struct stages *all, int part)
{
    on_product(all, ON_TURIN);
    tcb_down(all, part);
}

static void status(struct stages *all, int number)
{
    sim_intel_set_status(&all->intel.doc, (enum sim_intel_status)number);
}

static void tcb_info_number(struct stages *all, int number)
{
    all->intel.doc.tcb_info.evaluation_number = (uint64_t)number;
}

static void qe_identity_number(struct stages *all, int number)
{
    all->intel.doc.qe_identity.evaluation_number = (uint64_t)number;
}

static void lacks_tcb_info(struct stages *all, int number)
{
    (void)number;
    all->intel.lacks_tcb_info = true;
}

static void masks_chip(struct stages *all, int number)
{
    (void)number;
    memset(all->snp.doc.report.chip_id, 0, 64);
}

/* clang-format off */
#define X16(xx) xx xx xx xx xx xx xx xx xx xx xx xx xx xx xx xx
#define X64(xx) X16(xx) X16(xx) X16(xx) X16(xx)
#define MIN(bl, tee, snp, uc) "amd: {min_tcb: {Genoa: {bootloader: " #bl ", tee: " #tee ", snp: " #snp ", microcode: " #uc "}}}\n"
#define TURIN_FMC "amd: {min_tcb: {Turin: {fmc: 1}}}\n"
#define THERE_IS MIN(10, 0, 23, 84)
/* The platform that is out of date is of 2023-08-09, 876 days before. */
#define GRACE(days) "intel: {tcb: [UpToDate], grace: " #days "d}\n"
#define ADVISORIES(list) "intel: {tcb: [UpToDate, OutOfDate], advisories: [" list "]}\n"
#define RULE(text) "rules: [{it: \"" text "\"}]\n"
#define FREE "nonce: any\n"

/* Policies accept the family's own kind alone; those before an enclave all others. */
static const struct row rows[] = {
    /* why, family, yaml, change, number, options, made_s, line */
    {"as it should be", NITRO, FREE, NULL, 0, "", UNSAID, "accepted"},
    {"as it should be", SNP, FREE, NULL, 0, "", UNSAID, "accepted"},
    {"as it should be", TDX, FREE, NULL, 0, "", UNSAID, "accepted"},
    {"a kind that is not accepted", SGX, FREE, NULL, 0, "", UNSAID, "refused: kind ?measurement ?nonce"},
    {"an instance's document is no enclave's", NITRO, FREE, of_a_tpm, 0, "", UNSAID, "refused: kind"},

    {"no nonce", NITRO, "", NULL, 0, "", UNSAID, "refused: nonce"},
    {"no nonce", SNP, "", NULL, 0, "", UNSAID, "refused: nonce"},
    {"no nonce", TDX, "", NULL, 0, "", UNSAID, "refused: nonce"},
    {"the nonce", NITRO, "", nonce_is_5e, 0, "--nonce 5e", UNSAID, "accepted"},
    {"another nonce", NITRO, "", nonce_is_5e, 0, "--nonce 5f", UNSAID, "refused: nonce"},
    {"the nonce", SNP, "", nonce_is_5e, 0, "--nonce " X64("5e"), UNSAID, "accepted"},
    {"a nonce, where none is wanted, and another's", SNP, FREE, nonce_is_5e, 0, "--nonce 5e", UNSAID, "refused: nonce"},
    {"the policy's own value in place of a nonce", SNP, "expect: {snp.report_data: " X64("5e") "}\n", nonce_is_5e, 0, "", UNSAID, "refused: nonce"},
    {"the policy's own value in place of a nonce", NITRO, "expect: {nitro.nonce: 5e}\n", nonce_is_5e, 0, "", UNSAID, "refused: nonce"},
    {"the policy's own value, and a nonce", NITRO, "expect: {nitro.nonce: 5e}\n", nonce_is_5e, 0, "--nonce 5e", UNSAID, "accepted"},
    {"the policy's own value has no age", SNP, FREE "max_age: 5m\nexpect: {snp.report_data: " X64("5e") "}\n", nonce_is_5e, 0, "", 0, "undetermined: ?age"},
    {"any nonce of the caller's", SNP, "", NULL, 0, "--any nonce", UNSAID, "error: VALUE requirements.any"},
    {"debug allowed by the caller", SNP, FREE, NULL, 0, "--allow debug", UNSAID, "error: VALUE requirements.allow"},

    {"signed now", NITRO, FREE "max_age: 5m\n", NULL, 0, "", UNSAID, "accepted"},
    {"signed five minutes ago", NITRO, FREE "max_age: 5m\n", signed_later, -300, "", UNSAID, "accepted"},
    {"signed longer ago", NITRO, FREE "max_age: 5m\n", signed_later, -301, "", UNSAID, "refused: age"},
    {"from the future", NITRO, FREE "max_age: 5m\n", signed_later, 61, "", UNSAID, "refused: time age"},
    {"old, with a fresh nonce", NITRO, FREE "max_age: 5m\n", signed_later, -301, "", 0, "refused: age"},
    {"answers a nonce made five minutes ago", SNP, "max_age: 5m\n", nonce_is_5e, 0, "--nonce " X64("5e"), -300, "accepted"},
    {"answers a nonce made longer ago", SNP, "max_age: 5m\n", nonce_is_5e, 0, "--nonce " X64("5e"), -301, "refused: age"},
    {"answers a nonce made in the future", SNP, "max_age: 5m\n", nonce_is_5e, 0, "--nonce " X64("5e"), 1, "refused: age"},
    {"answers a nonce made nobody says when", SNP, "max_age: 5m\n", nonce_is_5e, 0, "--nonce " X64("5e"), UNSAID, "undetermined: ?age"},
    {"of no age", TDX, FREE "max_age: 5m\n", NULL, 0, "", 0, "undetermined: ?age"},

    {"no machine id", SNP, FREE "allow: {snp: [masked_chip]}\nmachines: {snp: [" X64("11") "]}\n", masks_chip, 0, "", UNSAID, "refused: machine"},
    {"another machine", SNP, FREE "machines: {snp: [" X64("11") "]}\n", NULL, 0, "", UNSAID, "refused: machine"},
    {"another machine", TDX, FREE "machines: {tdx: [" X16("11") "]}\n", NULL, 0, "", UNSAID, "refused: machine"},

    {"the firmware there is", SNP, FREE THERE_IS, NULL, 0, "", UNSAID, "accepted"},
    {"bootloader one less", SNP, FREE THERE_IS, tcb_down, SIM_TCB_BOOTLOADER, "", UNSAID, "refused: floor"},
    {"SNP one less", SNP, FREE THERE_IS, tcb_down, SIM_TCB_SNP, "", UNSAID, "refused: floor"},
    {"microcode one less", SNP, FREE THERE_IS, tcb_down, SIM_TCB_MICROCODE, "", UNSAID, "refused: floor"},
    {"one less, and no floor", SNP, FREE, tcb_down, SIM_TCB_MICROCODE, "", UNSAID, "accepted"},
    {"a product without a floor", SNP, FREE THERE_IS, on_product, ON_TURIN, "", UNSAID, "refused: floor"},
    {"a distrusted product", SNP, FREE "amd: {distrust: [Milan]}\n", on_product, ON_MILAN, "", UNSAID, "refused: product"},
    {"a distrusted product, by its provider's key", SNP, FREE "amd: {distrust: [Milan]}\n", on_product, ON_MILAN_BY_VLEK, "", UNSAID, "refused: product"},
    {"a distrusted product, which the certificate alone names", SNP, FREE "amd: {distrust: [Milan]}\n", of_version_2, ON_MILAN, "", UNSAID, "refused: product"},
    {"a product without a floor, which the certificate alone names", SNP, FREE THERE_IS, of_version_2, ON_MILAN, "", UNSAID, "refused: floor"},
    {"Turin's FMC", SNP, FREE TURIN_FMC, on_product, ON_TURIN, "", UNSAID, "accepted"},
    {"Turin's FMC one less", SNP, FREE TURIN_FMC, turin_part_down, SIM_TCB_FMC, "", UNSAID, "refused: floor"},
    {"Turin's FMC, another part one less", SNP, FREE TURIN_FMC, turin_part_down, SIM_TCB_MICROCODE, "", UNSAID, "accepted"},
    {"another product", SNP, FREE "amd: {distrust: [Milan]}\n", NULL, 0, "", UNSAID, "accepted"},

    {"out of date", TDX, FREE, status, SIM_OUT_OF_DATE, "", UNSAID, "refused: tcb_status"},
    {"out of date, just within grace", TDX, FREE GRACE(876), status, SIM_OUT_OF_DATE, "", UNSAID, "accepted, allowed"},
    {"out of date, just past grace", TDX, FREE GRACE(875), status, SIM_OUT_OF_DATE, "", UNSAID, "refused: tcb_status"},
    {"revoked, within grace", TDX, FREE GRACE(3650), status, SIM_REVOKED, "", UNSAID, "refused: tcb_status"},
    {"both advisories are listed", TDX, FREE ADVISORIES("INTEL-SA-00828, INTEL-SA-00837"), status, SIM_OUT_OF_DATE, "", UNSAID, "accepted, allowed"},
    {"one is not listed", TDX, FREE ADVISORIES("INTEL-SA-00828"), status, SIM_OUT_OF_DATE, "", UNSAID, "refused: tcb_status"},
    {"the statements there are", TDX, FREE "intel: {min_evaluation: 18}\n", NULL, 0, "", UNSAID, "accepted"},
    {"TCB info one older", TDX, FREE "intel: {min_evaluation: 18}\n", tcb_info_number, 17, "", UNSAID, "refused: floor"},
    {"QE identity one older", TDX, FREE "intel: {min_evaluation: 18}\n", qe_identity_number, 17, "", UNSAID, "refused: floor"},
    {"no TCB info", TDX, FREE "intel: {min_evaluation: 18}\n", lacks_tcb_info, 0, "", UNSAID, "undetermined: ?collateral ?module ?tcb_status ?floor"},

    {"a rule that holds", SNP, FREE RULE("snp.reported_tcb.microcode == 84"), NULL, 0, "", UNSAID, "accepted"},
    {"a rule that is false", SNP, FREE RULE("snp.reported_tcb.microcode == 84"), tcb_down, SIM_TCB_MICROCODE, "", UNSAID, "refused: rule"},
    {"a rule that divides by zero", SNP, FREE RULE("1 / snp.vmpl == 1"), NULL, 0, "", UNSAID, "refused: rule"},
    {"a rule over a claim that is not made", SNP, FREE RULE("snp.csp_id != 'x'"), NULL, 0, "", UNSAID, "refused: rule"},
    {"a rule by the clock", NITRO, FREE RULE("now - time < duration('10s')"), signed_later, -10, "", UNSAID, "refused: rule"},
    {"a rule by the clock, in time", NITRO, FREE RULE("now - time < duration('10s')"), signed_later, -9, "", UNSAID, "accepted"},
    {"a rule by Intel's words", TDX, FREE "intel: {tcb: [UpToDate, OutOfDate]}\n" RULE("kind != 'tdx' || !tcb.advisories.exists(a, a == 'INTEL-SA-00837')"), status, SIM_OUT_OF_DATE, "", UNSAID, "refused: rule"},

    {"an expectation", SNP, FREE "expect: {snp.guest_svn: 3}\n", NULL, 0, "", UNSAID, "refused: claim"},
    {"a bit of the platform", SNP, FREE "amd: {platform: {smt_en: false}}\n", NULL, 0, "", UNSAID, "refused: claim"},
};
/* clang-format on */

static const char *judge(const char *yaml, int64_t made_s)
{
    struct troth_span evidence = stage_mint();

    t.policy = test_policy(yaml);
    t.nonce_made_s = MINTED_AT_S + made_s;
    return CHECK(t.policy != NULL) ? stage_judge(&t, evidence, MINTED_AT_S) : "";
}

static void break_one_demand(void)
{
    static const char *const accepted[] = {"nitro", "snp", "nitro, snp, tdx", "tdx"};

    for (size_t i = 0; i < COUNT(rows); i++) {
        char yaml[4096];

        test_case("%s [%d]", rows[i].why, rows[i].family);
        trial_reset(&t);
        trial_require(&t, rows[i].options);
        stage_set(rows[i].family);
        if (rows[i].change)
            rows[i].change(&s, rows[i].number);
        (void)snprintf(yaml, sizeof yaml, "policy: p\naccept: [%s]\nimages: any\n%s",
                       accepted[rows[i].family], rows[i].yaml);
        CHECK_TEXT(judge(yaml, rows[i].made_s), rows[i].line);
    }
}

/* The value of a claim of the last result, as a policy spells it. */
static const char *value_of(const char *claim, char text[static 512])
{
    const struct troth_claim *found = troth_claims_find(&t.result.claims,
                                                        test_text(claim));
    size_t len = 0;

    CHECK(found && !troth_value_to_text((uint8_t *)text, 511, &len, &found->value));
    text[len] = 0;
    return text;
}

/* Families' identity tables, by the short names that images use. */
static const struct {
    enum family family;
    const char *kind, *rows[6];
} identities[] = {
    {NITRO, "nitro", {"pcr0", "pcr1", "pcr2"}},
    {SNP, "snp", {"measurement"}},
    {SGX, "sgx", {"mr_enclave", "attributes", "config_id"}},
    {TDX, "tdx", {"mr_td", "rtmr0", "rtmr1", "rtmr2", "mr_config_id"}},
};

/* The line of the first of them, as the next function writes it. */
#define FIRST_LINE 7
#define NONE       SIZE_MAX

/* "exactly this image"; in the value of one row one hex digit is another. */
static void write_image(char yaml[static 4096], size_t family, size_t row, size_t digit)
{
    const char *kind = identities[family].kind;
    int len = snprintf(yaml, 4096,
                       "policy: p\naccept: [%s]\nnonce: any\nimages:\n  release-7:\n"
                       "    %s:\n",
                       kind, kind);

    for (size_t i = 0; identities[family].rows[i]; i++) {
        char claim[64], value[512];

        (void)snprintf(claim, sizeof claim, "%s.%s", kind, identities[family].rows[i]);
        (void)value_of(claim, value);
        if (i == row)
            value[digit] = value[digit] == '0' ? '1' : '0';
        len += snprintf(yaml + len, 4096 - (size_t)len, "      %s: %s\n",
                        identities[family].rows[i], value);
    }
}

/* One row fails, and it is that of the changed line. */
static void check_pointed_at(size_t family, size_t row)
{
    const struct troth_verdict *verdict = &t.result.verdict;
    char claim[64];

    (void)snprintf(claim, sizeof claim, "%s.%s", identities[family].kind,
                   identities[family].rows[row]);
    for (size_t i = 0; i < verdict->count; i++) {
        const struct troth_check *check = &verdict->checks[i];

        if (check->outcome != TROTH_FAILED)
            continue;
        CHECK_TEXT(check->subject, claim);
        CHECK_INT(check->policy_line, FIRST_LINE + row);
        CHECK(check->seen.type == TROTH_VALUE_BYTES &&
              check->wanted.type == TROTH_VALUE_BYTES);
    }
    CHECK_INT(t.result.image.len, 0);
}

static void change_each_digit(size_t family, size_t row, struct troth_span evidence)
{
    char yaml[4096], claim[64], value[512];

    (void)snprintf(claim, sizeof claim, "%s.%s", identities[family].kind,
                   identities[family].rows[row]);
    const size_t digits = strlen(value_of(claim, value));

    /* The first, the last, and some between. */
    for (size_t digit = 0; digit < digits; digit += digit + 7 < digits ? 7 : 1) {
        write_image(yaml, family, row, digit);
        t.policy = test_policy(yaml);
        CHECK_TEXT(trial_judge(&t, evidence, MINTED_AT_S), "refused: measurement");
        check_pointed_at(family, row);
    }
}

/* A policy of exactly this image accepts it, and no other that differs by a digit. */
static void name_the_image(void)
{
    char yaml[4096];

    for (size_t family = 0; family < COUNT(identities); family++) {
        trial_reset(&t);
        stage_set(identities[family].family);
        struct troth_span evidence = stage_mint();

        (void)trial_judge(&t, evidence, MINTED_AT_S);
        write_image(yaml, family, NONE, 0);
        test_case("%s: exactly this image", identities[family].kind);
        t.policy = test_policy(yaml);
        CHECK_TEXT(trial_judge(&t, evidence, MINTED_AT_S), "accepted");
        CHECK_SPAN(t.result.image, test_text("release-7"));
        CHECK(!trial_leaves_open(&t, "code"));
        for (size_t row = 0; identities[family].rows[row]; row++) {
            test_case("%s: one digit of %s is another", identities[family].kind,
                      identities[family].rows[row]);
            change_each_digit(family, row, evidence);
        }
    }
}

/* A row that any value will do for has not passed, though the image is recognised. */
static void leave_open(void)
{
    for (size_t i = 0; i < COUNT(identities); i++) {
        char yaml[512];
        int len = snprintf(yaml, sizeof yaml,
                           "policy: p\naccept: [%s]\nnonce: any\nimages: {r: {%s: {",
                           identities[i].kind, identities[i].kind);

        for (size_t row = 0; identities[i].rows[row]; row++)
            len += snprintf(yaml + len, sizeof yaml - (size_t)len, "%s: any, ",
                            identities[i].rows[row]);
        (void)snprintf(yaml + len, sizeof yaml - (size_t)len, "}}}\n");
        test_case("%s: nothing of the image is named", identities[i].kind);
        trial_reset(&t);
        stage_set(identities[i].family);
        CHECK_TEXT(judge(yaml, UNSAID), "accepted");
        CHECK(trial_leaves_open(&t, "code"));
        for (size_t row = 0; row < t.result.verdict.count; row++)
            CHECK(t.result.verdict.checks[row].id != TROTH_CHECK_MEASUREMENT ||
                  t.result.verdict.checks[row].outcome == TROTH_NOT_APPLICABLE);
    }
}

/* Of exactly this machine, and then of another that runs the same. */
static void name_the_machine(void)
{
    static const enum family families[] = {SNP, SGX, TDX};
    static const char *const kinds[] = {"snp", "sgx", "tdx"};

    for (size_t i = 0; i < COUNT(families); i++) {
        char yaml[1024], id[512];

        trial_reset(&t);
        stage_set(families[i]);
        struct troth_span evidence = stage_mint();

        (void)trial_judge(&t, evidence, MINTED_AT_S);
        (void)snprintf(yaml, sizeof yaml,
                       "policy: p\naccept: [%s]\nimages: any\nnonce: any\nmachines:\n"
                       "  %s:\n    - %s\n",
                       kinds[i], kinds[i], value_of("hardware_id", id));
        test_case("%s: exactly this machine", kinds[i]);
        t.policy = test_policy(yaml);
        CHECK_TEXT(trial_judge(&t, evidence, MINTED_AT_S), "accepted");
        CHECK(!trial_leaves_open(&t, "machine"));
        CHECK_INT(trial_find(&t, TROTH_CHECK_MACHINE, NULL)->policy_line, 7);

        test_case("%s: another machine", kinds[i]);
        stage_set(families[i]);
        if (families[i] == SNP)
            sim_snp_default(&s.snp.doc, ring, SIM_GENOA, SIM_VCEK, 1, MINTED_AT_S);
        else
            sim_intel_default(&s.intel.doc, ring,
                              families[i] == SGX ? SIM_SGX_V4 : SIM_TDX_V4, 1,
                              MINTED_AT_S);
        CHECK_TEXT(judge(yaml, 0), "refused: machine");
    }
}

/* A TCB info that names no advisories is no word that there are none. */
static void read_old_tcb_info(void)
{
    static const struct {
        const char *why, *yaml, *line;
        unsigned version;
    } old[] = {
        {"no advisories, by a rule", RULE("size(tcb.advisories) == 0"), "accepted", 3},
        {"no advisories, by a rule", RULE("size(tcb.advisories) == 0"), "refused: rule",
         2},
        {"all listed, by a rule", RULE("tcb.advisories.all(a, a == 'x')"),
         "refused: rule", 2},
        {"none, by the policy", "intel: {advisories: none}\n", "accepted", 3},
        {"none, by the policy", "intel: {advisories: none}\n", "refused: tcb_status", 2},
        {"any, by the policy", "intel: {advisories: any}\n", "accepted", 2},
    };

    for (size_t i = 0; i < COUNT(old); i++) {
        char yaml[512];

        test_case("%s, of TCB info %u", old[i].why, old[i].version);
        trial_reset(&t);
        stage_set(SGX);
        sim_intel_set_tcb_version(&s.intel.doc, old[i].version);
        (void)snprintf(yaml, sizeof yaml,
                       "policy: p\naccept: [sgx]\nimages: any\nnonce: any\n%s",
                       old[i].yaml);
        CHECK_TEXT(judge(yaml, UNSAID), old[i].line);
    }
}

/* What every policy says the same of all evidence makes none of it fresh. */
static void expect_a_constant(void)
{
    test_case("a value that the policy expects is no freshness");
    trial_reset(&t);
    stage_set(SNP);
    nonce_is_5e(&s, 0);
    CHECK_TEXT(judge("policy: p\naccept: [snp]\nimages: any\nnonce: any\n"
                     "expect: {snp.report_data: " X64("5e") "}\n",
                     UNSAID),
               "accepted");
    CHECK(trial_leaves_open(&t, "freshness"));
}

/* No policy can ask for what services never offer. */
static void judge_at_its_own_time(void)
{
    test_case("the document's own time");
    trial_reset(&t);
    stage_set(NITRO);
    struct troth_span document = stage_mint();

    t.policy = test_policy("policy: p\naccept: [nitro]\nimages: any\nnonce: any\n");
    CHECK_TEXT(trial_judge(&t, document, TRIAL_AT_DOCUMENT), "error: CLOCK policy");
}

int main(void)
{
    ring = sim_keyring_create(1);
    trial_begin(&t);
    break_one_demand();
    name_the_image();
    leave_open();
    name_the_machine();
    read_old_tcb_info();
    expect_a_constant();
    judge_at_its_own_time();
    trial_end(&t);
    sim_keyring_destroy(ring);
    return test_finish();
}
