/* SPDX-License-Identifier: Apache-2.0 */
/* A policy's settings for Intel's platforms, by minted quotes of every status. */
#include <string.h>

#include "evidence/dcap/case.h"
#include "test/harness.h"
#include "test/support/minted.h"

/* When the default platform of that status was as good as known. */
#define OUT_OF_DATE_S       1691539200
#define CONFIGURATION_S     1676419200
#define GRACE               (MINTED_AT_S - OUT_OF_DATE_S)
#define GRACE_CONFIGURATION (MINTED_AT_S - CONFIGURATION_S)
#define EVALUATION          18

static struct trial t;
static struct sim_keyring *ring;
static struct sim_intel doc;

static struct troth_span some[8];

/* "a b c" to names. */
static struct troth_names names_of(const char *text)
{
    struct troth_names names = {some, 0};
    struct troth_span rest = test_text(text);

    while (rest.len > 0) {
        const uint8_t *space = memchr(rest.ptr, ' ', rest.len);
        size_t len = space ? (size_t)(space - rest.ptr) : rest.len;

        some[names.count++] = (struct troth_span){rest.ptr, len};
        len += space != NULL;
        rest = (struct troth_span){rest.ptr + len, rest.len - len};
    }
    return names;
}

static void start(enum sim_intel_kind kind, enum sim_intel_status status)
{
    trial_reset(&t);
    sim_intel_default(&doc, ring, kind, 0, MINTED_AT_S);
    sim_intel_set_status(&doc, status);
}

static const char *judge(const char *options)
{
    struct troth_span quote = minted_intel(&t, &doc);

    trial_require(&t, TRIAL_ANY);
    trial_require(&t, options);
    return trial_judge(&t, quote, MINTED_AT_S);
}

static const struct troth_check *status_row(void)
{
    return trial_find(&t, TROTH_CHECK_TCB_STATUS, NULL);
}

/* clang-format off */
#define NO "refused: tcb_status"
static const struct {
    const char *why;
    enum sim_intel_status status;
    const char *options;
    int64_t grace_s;
    const char *line;
    int64_t valid_until_s; /* 0: not by grace */
} graces[] = {
    {"up to date needs none", SIM_UP_TO_DATE, "", 1, "accepted", 0},
    {"out of date, no grace", SIM_OUT_OF_DATE, "", 0, NO, 0},
    {"just within", SIM_OUT_OF_DATE, "", GRACE, "accepted", MINTED_AT_S},
    {"just past", SIM_OUT_OF_DATE, "", GRACE - 1, NO, 0},
    {"a day more", SIM_OUT_OF_DATE, "", GRACE + 86400, "accepted", MINTED_AT_S + 86400},
    {"for ever", SIM_OUT_OF_DATE, "", INT64_MAX, "accepted", 0},
    {"less than none", SIM_OUT_OF_DATE, "", -1, NO, 0},
    {"past, and allowed by its word", SIM_OUT_OF_DATE, "--allow OutOfDate", 1, "accepted", 0},
    {"within, and allowed by its word", SIM_OUT_OF_DATE, "--allow OutOfDate", GRACE, "accepted", 0},
    {"hardening has no grace", SIM_SW_HARDENING, "", INT64_MAX, NO, 0},
    {"configuration has no grace", SIM_CONFIGURATION, "", INT64_MAX, NO, 0},
    {"revoked has no grace", SIM_REVOKED, "", INT64_MAX, NO, 0},
    {"no level has no grace", SIM_NO_LEVEL, "", INT64_MAX, NO, 0},
    {"configuration beside, not allowed", SIM_OUT_OF_DATE_CONFIGURATION, "", INT64_MAX, NO, 0},
    {"configuration beside, the other allowed", SIM_OUT_OF_DATE_CONFIGURATION, "--allow SWHardeningNeeded", INT64_MAX, NO, 0},
    {"configuration beside, allowed, just within", SIM_OUT_OF_DATE_CONFIGURATION, "--allow ConfigurationNeeded", GRACE_CONFIGURATION, "accepted", MINTED_AT_S},
    {"configuration beside, allowed, just past", SIM_OUT_OF_DATE_CONFIGURATION, "--allow ConfigurationNeeded", GRACE_CONFIGURATION - 1, NO, 0},
};
/* clang-format on */

static void give_grace(void)
{
    for (size_t i = 0; i < COUNT(graces); i++) {
        test_case("grace: %s", graces[i].why);
        start(SIM_SGX_V4, graces[i].status);
        t.requirements.intel.grace_s = graces[i].grace_s;
        CHECK_TEXT(judge(graces[i].options), graces[i].line);
        if (graces[i].valid_until_s) {
            CHECK_INT(t.result.valid_until_s, graces[i].valid_until_s);
            CHECK_TEXT(t.result.valid_until_what, "grace for firmware out of date");
        } else {
            CHECK(strcmp(t.result.valid_until_what, "grace for firmware out of date"));
        }
        CHECK_INT(trial_leaves_open(&t, "allowed"),
                  strcmp(graces[i].line, NO) != 0 && graces[i].status != SIM_UP_TO_DATE);
    }
    test_case("grace: a refusal says that it is over");
    start(SIM_SGX_V4, SIM_OUT_OF_DATE);
    t.requirements.intel.grace_s = 1;
    CHECK_TEXT(judge(""), NO);
    CHECK(status_row() && strstr(status_row()->why, "grace"));
}

/* clang-format off */
static const struct {
    const char *why;
    enum sim_intel_status status;
    const char *options;
    const char *listed;
    int64_t grace_s;
    const char *line;
    const char *unlisted; /* seen of the row; NULL: something else */
} advisories[] = {
    {"up to date", SIM_UP_TO_DATE, "", "", 0, "accepted", NULL},
    {"none is listed", SIM_SW_HARDENING, "--allow SWHardeningNeeded", "", 0, NO, "INTEL-SA-00615"},
    {"another is listed", SIM_SW_HARDENING, "--allow SWHardeningNeeded", "INTEL-SA-00616", 0, NO, "INTEL-SA-00615"},
    {"a longer one is listed", SIM_SW_HARDENING, "--allow SWHardeningNeeded", "INTEL-SA-006150", 0, NO, "INTEL-SA-00615"},
    {"a shorter one is listed", SIM_SW_HARDENING, "--allow SWHardeningNeeded", "INTEL-SA-0061", 0, NO, "INTEL-SA-00615"},
    {"an empty one is listed", SIM_SW_HARDENING, "--allow SWHardeningNeeded", " ", 0, NO, "INTEL-SA-00615"},
    {"it is listed", SIM_SW_HARDENING, "--allow SWHardeningNeeded", "INTEL-SA-00615", 0, "accepted", NULL},
    {"it is listed, but the status is not allowed", SIM_SW_HARDENING, "", "INTEL-SA-00615", 0, NO, NULL},
    {"it is among others", SIM_SW_HARDENING, "--allow SWHardeningNeeded", "x INTEL-SA-00615 y", 0, "accepted", NULL},
    {"the first of two", SIM_OUT_OF_DATE, "--allow OutOfDate", "INTEL-SA-00828", 0, NO, "INTEL-SA-00837"},
    {"the second of two", SIM_OUT_OF_DATE, "--allow OutOfDate", "INTEL-SA-00837", 0, NO, "INTEL-SA-00828"},
    {"neither of two", SIM_OUT_OF_DATE, "--allow OutOfDate", "INTEL-SA-00615", 0, NO, "INTEL-SA-00828,INTEL-SA-00837"},
    {"both of two", SIM_OUT_OF_DATE, "--allow OutOfDate", "INTEL-SA-00837 INTEL-SA-00828", 0, "accepted", NULL},
    {"one of two, within grace", SIM_OUT_OF_DATE, "", "INTEL-SA-00828", GRACE, NO, "INTEL-SA-00837"},
    {"both of two, within grace", SIM_OUT_OF_DATE, "", "INTEL-SA-00837 INTEL-SA-00828", GRACE, "accepted", NULL},
    {"both of two, past grace", SIM_OUT_OF_DATE, "", "INTEL-SA-00837 INTEL-SA-00828", GRACE - 1, NO, NULL},
    {"revoked stays revoked", SIM_REVOKED, "", "INTEL-SA-00106", 0, NO, NULL},
};
/* clang-format on */

static void list_advisories(void)
{
    for (size_t i = 0; i < COUNT(advisories); i++) {
        test_case("advisories: %s", advisories[i].why);
        start(SIM_SGX_V4, advisories[i].status);
        t.requirements.intel.has_advisories = true;
        t.requirements.intel.advisories = names_of(advisories[i].listed);
        t.requirements.intel.grace_s = advisories[i].grace_s;
        CHECK_TEXT(judge(advisories[i].options), advisories[i].line);
        if (advisories[i].unlisted && CHECK(status_row() != NULL))
            CHECK_SPAN(status_row()->seen.bytes, test_text(advisories[i].unlisted));
    }
    test_case("advisories: of the quoting enclave count too");
    start(SIM_TDX_V4, SIM_UP_TO_DATE);
    doc.quote.qe.isv_svn = 4;
    t.requirements.intel.has_advisories = true;
    CHECK_TEXT(judge("--allow SWHardeningNeeded"), NO);
    CHECK(status_row() && status_row()->seen.bytes.len > 0);

    test_case("advisories: without a list none matters");
    start(SIM_SGX_V4, SIM_SW_HARDENING);
    CHECK_TEXT(judge("--allow SWHardeningNeeded"), "accepted");

    test_case("advisories: a TCB info that states none hides them");
    start(SIM_SGX_V4, SIM_SW_HARDENING);
    sim_intel_set_tcb_version(&doc, 2);
    t.requirements.intel.has_advisories = true;
    t.requirements.intel.advisories = names_of("INTEL-SA-00615");
    CHECK_TEXT(judge("--allow SWHardeningNeeded"), NO);
    test_case("advisories: even where the platform is up to date");
    start(SIM_SGX_V4, SIM_UP_TO_DATE);
    sim_intel_set_tcb_version(&doc, 2);
    t.requirements.intel.has_advisories = true;
    CHECK_TEXT(judge(""), NO);
    CHECK(status_row() && !status_row()->flag);

    test_case("advisories: of what is up to date count too");
    start(SIM_SGX_V4, SIM_UP_TO_DATE);
    doc.tcb_info.levels[0].standing.advisories = "INTEL-SA-00615";
    t.requirements.intel.has_advisories = true;
    CHECK_TEXT(judge(""), NO);
    CHECK(status_row() && !status_row()->flag);
    CHECK_SPAN(status_row()->seen.bytes, test_text("INTEL-SA-00615"));
    start(SIM_SGX_V4, SIM_UP_TO_DATE);
    doc.tcb_info.levels[0].standing.advisories = "INTEL-SA-00615";
    t.requirements.intel.has_advisories = true;
    t.requirements.intel.advisories = names_of("INTEL-SA-00615");
    CHECK_TEXT(judge(""), "accepted");
    CHECK(!trial_leaves_open(&t, "allowed"));

    test_case("advisories: and where they do not matter it is taken");
    start(SIM_SGX_V4, SIM_SW_HARDENING);
    sim_intel_set_tcb_version(&doc, 2);
    CHECK_TEXT(judge("--allow SWHardeningNeeded"), "accepted");
}

/* clang-format off */
static const struct {
    const char *why;
    int tcb_info, qe_identity; /* added to the number that is asked for */
    uint32_t floor;
    const char *line;
} floors[] = {
    {"none", -EVALUATION, -EVALUATION, 0, "accepted"},
    {"both reach it", 0, 0, EVALUATION, "accepted"},
    {"both are above it", 1, 1, EVALUATION, "accepted"},
    {"TCB info one below", -1, 0, EVALUATION, "refused: floor"},
    {"QE identity one below", 0, -1, EVALUATION, "refused: floor"},
    {"a floor of one", -EVALUATION, 0, 1, "refused: floor"},
    {"the highest floor", 0, 0, UINT32_MAX, "refused: floor"},
};
/* clang-format on */

static void set_floors(void)
{
    for (size_t i = 0; i < COUNT(floors); i++) {
        for (int tdx = 0; tdx < 2; tdx++) {
            test_case("evaluation, %s: %s", tdx ? "tdx" : "sgx", floors[i].why);
            start(tdx ? SIM_TDX_V4 : SIM_SGX_V3, SIM_UP_TO_DATE);
            doc.tcb_info.evaluation_number = (uint64_t)(EVALUATION + floors[i].tcb_info);
            doc.qe_identity.evaluation_number = (uint64_t)(EVALUATION +
                                                           floors[i].qe_identity);
            t.requirements.intel.min_evaluation = floors[i].floor;
            CHECK_TEXT(judge(""), floors[i].line);
        }
    }
    test_case("evaluation: the row says which, what was seen and what was wanted");
    start(SIM_TDX_V4, SIM_UP_TO_DATE);
    doc.qe_identity.evaluation_number = 17;
    t.requirements.intel.min_evaluation = 18;
    CHECK_TEXT(judge(""), "refused: floor");
    const struct troth_check *row = trial_find(&t, TROTH_CHECK_FLOOR,
                                               "dcap.qe_identity.evaluation_number");

    if (CHECK(row != NULL)) {
        CHECK_INT(row->seen.number, 17);
        CHECK_INT(row->wanted.number, 18);
    }
    row = trial_find(&t, TROTH_CHECK_FLOOR, "dcap.tcb_info.evaluation_number");
    CHECK(row && row->outcome == TROTH_PASSED);
}

static void lack_statements(void)
{
    static const enum troth_collateral_kind kinds[] = {TROTH_COLLATERAL_TCB_INFO,
                                                       TROTH_COLLATERAL_QE_IDENTITY};

    for (size_t i = 0; i < COUNT(kinds); i++) {
        size_t kept = 0;

        test_case("evaluation: not made without the %s", i ? "QE identity" : "TCB info");
        start(SIM_SGX_V4, SIM_UP_TO_DATE);
        t.requirements.intel.min_evaluation = 1;
        struct troth_span quote = minted_intel(&t, &doc);

        for (size_t k = 0; k < t.item_count; k++)
            if (t.items[k].kind != kinds[i])
                t.items[kept++] = t.items[k];
        t.item_count = kept;
        trial_require(&t, TRIAL_ANY);
        (void)trial_judge(&t, quote, MINTED_AT_S);
        CHECK_INT(t.result.answer, TROTH_UNDETERMINED);
        const struct troth_check *row = trial_find(
            &t, TROTH_CHECK_FLOOR,
            i ? "dcap.qe_identity.evaluation_number" : "dcap.tcb_info.evaluation_number");

        CHECK(row && row->outcome == TROTH_NOT_MADE);
        CHECK_TEXT(row ? row->flag : NULL, "--collateral");
    }
    test_case("evaluation: not by a TCB info that nobody in the role for it signed");
    start(SIM_SGX_V4, SIM_UP_TO_DATE);
    doc.tcb_info_signing.edit_signature = (struct sim_edit){sim_flip_last_bit, NULL};
    t.requirements.intel.min_evaluation = 1;
    (void)judge("");
    const struct troth_check *row = trial_find(&t, TROTH_CHECK_FLOOR,
                                               "dcap.tcb_info.evaluation_number");

    CHECK(row && row->outcome == TROTH_NOT_MADE);
}

int main(void)
{
    ring = sim_keyring_create(1);
    trial_begin(&t);
    give_grace();
    list_advisories();
    set_floors();
    lack_statements();
    trial_end(&t);
    sim_keyring_destroy(ring);
    return test_finish();
}
