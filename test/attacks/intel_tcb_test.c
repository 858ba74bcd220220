/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "stage.h"

/* How good the firmware is: levels of platform, quoting enclave and module, what comes of
 * them together, and what may be allowed. */

static void tcb_info_of_version(struct intel_stage *stage, int number)
{
    sim_intel_set_tcb_version(&stage->doc, (unsigned)number);
}

static void platform(struct intel_stage *s, int status)
{
    sim_intel_set_status(&s->doc, (enum sim_intel_status)status);
}

/* The trust domain's part of the platform, at launch and, where it is said, now. */
static void td_at_launch(struct intel_stage *s, int status)
{
    sim_intel_set_td_status(s->doc.quote.td.tee_tcb_svn, (enum sim_intel_status)status);
}

static void td_now(struct intel_stage *s, int status)
{
    sim_intel_set_td_status(s->doc.quote.td.tee_tcb_svn2, (enum sim_intel_status)status);
}

static void td_always(struct intel_stage *s, int status)
{
    td_at_launch(s, status);
    td_now(s, status);
}

/* Old at launch, and of this status now. */
static void td_was_old(struct intel_stage *s, int now)
{
    td_at_launch(s, SIM_OUT_OF_DATE);
    td_now(s, now);
}

static void td_was_old_and_unconfigured(struct intel_stage *s, int now)
{
    td_at_launch(s, SIM_OUT_OF_DATE_CONFIGURATION);
    td_now(s, now);
}

static void td_was_revoked(struct intel_stage *s, int now)
{
    td_at_launch(s, SIM_REVOKED);
    td_now(s, now);
}

static void td_was_nothing(struct intel_stage *s, int now)
{
    td_at_launch(s, SIM_NO_LEVEL);
    td_now(s, now);
}

static void enclave(struct intel_stage *s, int isv_svn)
{
    s->doc.quote.qe.isv_svn = (uint64_t)isv_svn;
}

/* The module's own security version; its levels are 5, 3 (OutOfDate) and 2 (Revoked). */
static void module_at_launch(struct intel_stage *s, int isv_svn)
{
    s->doc.quote.td.tee_tcb_svn[0] = (uint8_t)isv_svn;
}

static void module_now(struct intel_stage *s, int isv_svn)
{
    s->doc.quote.td.tee_tcb_svn2[0] = (uint8_t)isv_svn;
}

static void module_always(struct intel_stage *s, int isv_svn)
{
    module_at_launch(s, isv_svn);
    module_now(s, isv_svn);
}

static void module_was_old(struct intel_stage *s, int now)
{
    module_at_launch(s, 3);
    module_now(s, now);
}

/* Platform and quoting enclave together. */
enum {
    QE_UP_TO_DATE = 5,
    QE_SW_HARDENING = 4,
    QE_OUT_OF_DATE = 3,
    QE_OUT_OF_DATE_CONF = 2,
    QE_REVOKED = 1
};

static void unconfigured_and_enclave(struct intel_stage *s, int isv_svn)
{
    platform(s, SIM_CONFIGURATION);
    enclave(s, isv_svn);
}

static void hardening_and_enclave(struct intel_stage *s, int isv_svn)
{
    platform(s, SIM_SW_HARDENING);
    enclave(s, isv_svn);
}

static void revoked_and_enclave(struct intel_stage *s, int isv_svn)
{
    platform(s, SIM_REVOKED);
    enclave(s, isv_svn);
}

static void platform_and_module(struct intel_stage *s, int status)
{
    platform(s, status);
    module_always(s, 5);
}

static void unconfigured_and_module(struct intel_stage *s, int isv_svn)
{
    platform(s, SIM_CONFIGURATION);
    module_always(s, isv_svn);
}

/* Versions by which the only level there is is missed, by one. */

static void one_level(struct intel_stage *s)
{
    s->doc.tcb_info.level_count = 1;
}

static void platform_part(struct intel_stage *s, int part)
{
    struct sim_intel_level *level = &s->doc.tcb_info.levels[0];

    one_level(s);
    if (level->sgx[part] == 255)
        s->doc.pck.components[part]--;
    else
        level->sgx[part] = (uint8_t)(s->doc.pck.components[part] + 1);
}

static void pce(struct intel_stage *s, int number)
{
    one_level(s);
    s->doc.tcb_info.levels[0].pce_svn = (uint16_t)(s->doc.pck.pce_svn + number);
}

static void td_part(struct intel_stage *s, int part)
{
    one_level(s);
    s->doc.tcb_info.levels[0].tdx[part] = (uint8_t)(s->doc.quote.td.tee_tcb_svn[part] +
                                                    1);
}

/* A module of version 0 has no identity: the first two are compared after all. */
static void td_part_without_version(struct intel_stage *s, int part)
{
    s->doc.quote.td.tee_tcb_svn[1] = 0;
    if (part < SIM_TCB_COMPONENTS)
        td_part(s, part);
}

/* The platform's own words count, not what the enclave or the quote repeats of them. */
static void cpu_svn_claimed(struct intel_stage *s, int number)
{
    (void)number;
    platform(s, SIM_OUT_OF_DATE);
    memset(s->doc.quote.enclave.cpu_svn, 0xff, sizeof s->doc.quote.enclave.cpu_svn);
    memset(s->doc.quote.qe.cpu_svn, 0xff, sizeof s->doc.quote.qe.cpu_svn);
    memset(s->doc.pck.cpu_svn, 0xff, sizeof s->doc.pck.cpu_svn);
    s->doc.quote.header.word_10 = 0xffff;
}

/* A level is reached in every part or not at all. */
static void one_part_higher(struct intel_stage *s, int part)
{
    platform(s, SIM_OUT_OF_DATE);
    s->doc.pck.components[part] = 255;
}

static void levels_reversed(struct intel_stage *s, int status)
{
    struct sim_intel_tcb *info = &s->doc.tcb_info;

    for (size_t i = 0, k = info->level_count - 1; i < k; i++, k--) {
        const struct sim_intel_level level = info->levels[i];

        info->levels[i] = info->levels[k];
        info->levels[k] = level;
    }
    platform(s, status);
}

/* clang-format off */
#define SGX(why, change, number, line) {why, SIM_SGX_V3, change, number, TRIAL_ANY, line}
#define TDX(why, change, number, line) {why, SIM_TDX_V4, change, number, TRIAL_ANY, line}
#define TD15(why, change, number, line) {why, SIM_TDX_V5_TD15, change, number, TRIAL_ANY, line}
#define BOTH(why, change, number, line) SGX(why, change, number, line), TDX(why, change, number, line)
#define NO "refused: tcb_status"
/* Refused, and accepted where it is allowed by Intel's own word; the word of another
 * status allows nothing. */
#define FINDING(kind, change, number, status, other)                                    \
    {status, kind, change, number, TRIAL_ANY, NO},                                      \
    {status " allowed", kind, change, number, TRIAL_ANY "--allow " status, "accepted, allowed"}, \
    {status ", " other " allowed", kind, change, number, TRIAL_ANY "--allow " other, NO}
#define ALL "--allow SWHardeningNeeded --allow ConfigurationNeeded --allow " \
    "ConfigurationAndSWHardeningNeeded --allow OutOfDate --allow " \
    "OutOfDateConfigurationNeeded --allow TDRelaunchAdvised --allow " \
    "TDRelaunchAdvisedConfigurationNeeded"
#define NEVER(why, kind, change, number, line) {why, kind, change, number, TRIAL_ANY ALL, line}
/* With all statuses allowed, what the result says of it. */
#define SAYS(why, kind, change, number, claim) \
    {why, kind, change, number, TRIAL_ANY ALL " --expect " claim, "accepted, allowed"}

static const struct intel_attack rows[] = {
    /* why, change, number, line */
    FINDING(SIM_SGX_V3, platform, SIM_SW_HARDENING, "SWHardeningNeeded", "ConfigurationNeeded"),
    FINDING(SIM_SGX_V3, platform, SIM_CONFIGURATION, "ConfigurationNeeded", "SWHardeningNeeded"),
    FINDING(SIM_SGX_V3, platform, SIM_CONFIGURATION_SW_HARDENING, "ConfigurationAndSWHardeningNeeded", "ConfigurationNeeded"),
    FINDING(SIM_SGX_V3, platform, SIM_OUT_OF_DATE, "OutOfDate", "OutOfDateConfigurationNeeded"),
    FINDING(SIM_SGX_V3, platform, SIM_OUT_OF_DATE_CONFIGURATION, "OutOfDateConfigurationNeeded", "OutOfDate"),
    FINDING(SIM_TDX_V4, platform, SIM_OUT_OF_DATE, "OutOfDate", "TDRelaunchAdvised"),
    FINDING(SIM_TDX_V4, td_at_launch, SIM_SW_HARDENING, "SWHardeningNeeded", "OutOfDate"),
    FINDING(SIM_TDX_V4, td_at_launch, SIM_OUT_OF_DATE, "OutOfDate", "SWHardeningNeeded"),
    NEVER("Revoked, all allowed", SIM_SGX_V3, platform, SIM_REVOKED, NO),
    NEVER("Revoked, all allowed", SIM_TDX_V4, platform, SIM_REVOKED, NO),
    NEVER("Revoked, all allowed", SIM_TDX_V4, td_at_launch, SIM_REVOKED, NO),
    NEVER("no level, all allowed", SIM_SGX_V3, platform, SIM_NO_LEVEL, NO),
    NEVER("no level, all allowed", SIM_TDX_V4, td_at_launch, SIM_NO_LEVEL, NO),
    {"Revoked is no finding", SIM_SGX_V3, platform, SIM_REVOKED, TRIAL_ANY "--allow Revoked", "error: CLAIM requirements.allow"},
    {"UpToDate is no finding", SIM_SGX_V3, NULL, 0, TRIAL_ANY "--allow UpToDate", "error: CLAIM requirements.allow"},
    {"the check is no finding", SIM_SGX_V3, platform, SIM_OUT_OF_DATE, TRIAL_ANY "--allow tcb_status", "error: CLAIM requirements.allow"},

    /* Platform and quoting enclave. */
    FINDING(SIM_SGX_V3, enclave, QE_SW_HARDENING, "SWHardeningNeeded", "OutOfDate"),
    FINDING(SIM_SGX_V3, enclave, QE_OUT_OF_DATE, "OutOfDate", "SWHardeningNeeded"),
    FINDING(SIM_SGX_V3, unconfigured_and_enclave, QE_OUT_OF_DATE, "OutOfDateConfigurationNeeded", "OutOfDate"),
    FINDING(SIM_TDX_V4, unconfigured_and_enclave, QE_OUT_OF_DATE, "OutOfDateConfigurationNeeded", "ConfigurationNeeded"),
    FINDING(SIM_SGX_V3, unconfigured_and_enclave, QE_SW_HARDENING, "ConfigurationAndSWHardeningNeeded", "SWHardeningNeeded"),
    FINDING(SIM_SGX_V3, hardening_and_enclave, QE_OUT_OF_DATE, "OutOfDate", "SWHardeningNeeded"),
    FINDING(SIM_SGX_V3, hardening_and_enclave, QE_OUT_OF_DATE_CONF, "OutOfDateConfigurationNeeded", "OutOfDate"),
    NEVER("enclave revoked, all allowed", SIM_SGX_V3, enclave, QE_REVOKED, NO),
    NEVER("enclave revoked, all allowed", SIM_TDX_V4, unconfigured_and_enclave, QE_REVOKED, NO),
    NEVER("platform revoked, enclave not", SIM_SGX_V3, revoked_and_enclave, QE_UP_TO_DATE, NO),

    /* Platform and module: neither speaks for the other. */
    FINDING(SIM_TDX_V4, platform_and_module, SIM_OUT_OF_DATE, "OutOfDate", "SWHardeningNeeded"),
    FINDING(SIM_TDX_V5_TD15, platform_and_module, SIM_OUT_OF_DATE, "OutOfDate", "TDRelaunchAdvised"),
    FINDING(SIM_TDX_V4, module_always, 4, "OutOfDate", "SWHardeningNeeded"),
    FINDING(SIM_TDX_V4, module_always, 3, "OutOfDate", "TDRelaunchAdvised"),
    FINDING(SIM_TDX_V4, unconfigured_and_module, 3, "OutOfDateConfigurationNeeded", "OutOfDate"),
    NEVER("module revoked, all allowed", SIM_TDX_V4, module_always, 2, NO),
    NEVER("module revoked, all allowed", SIM_TDX_V5_TD15, module_always, 2, NO),
    NEVER("module below every level, all allowed", SIM_TDX_V4, module_always, 1, "refused: module tcb_status"),
    NEVER("platform revoked, module not", SIM_TDX_V4, platform_and_module, SIM_REVOKED, NO),
    TDX("module above every level", module_always, 6, "accepted"),

    /* At launch and now. */
    FINDING(SIM_TDX_V5_TD15, td_was_old, SIM_UP_TO_DATE, "TDRelaunchAdvised", "OutOfDate"),
    FINDING(SIM_TDX_V5_TD15_EX, td_was_old, SIM_UP_TO_DATE, "TDRelaunchAdvised", "OutOfDate"),
    FINDING(SIM_TDX_V5_TD15, td_was_old, SIM_SW_HARDENING, "TDRelaunchAdvised", "SWHardeningNeeded"),
    FINDING(SIM_TDX_V5_TD15, td_was_old, SIM_CONFIGURATION, "TDRelaunchAdvisedConfigurationNeeded", "TDRelaunchAdvised"),
    FINDING(SIM_TDX_V5_TD15, td_was_old_and_unconfigured, SIM_UP_TO_DATE, "TDRelaunchAdvisedConfigurationNeeded", "TDRelaunchAdvised"),
    FINDING(SIM_TDX_V5_TD15, td_was_old, SIM_OUT_OF_DATE, "OutOfDate", "TDRelaunchAdvised"),
    FINDING(SIM_TDX_V5_TD15, td_was_old, SIM_REVOKED, "OutOfDate", "TDRelaunchAdvised"),
    FINDING(SIM_TDX_V5_TD15, td_was_old, SIM_NO_LEVEL, "OutOfDate", "TDRelaunchAdvised"),
    FINDING(SIM_TDX_V5_TD15, module_was_old, 5, "TDRelaunchAdvised", "OutOfDate"),
    FINDING(SIM_TDX_V5_TD15, module_was_old, 4, "OutOfDate", "TDRelaunchAdvised"),
    NEVER("Revoked at launch, up to date now", SIM_TDX_V5_TD15, td_was_revoked, SIM_UP_TO_DATE, NO),
    NEVER("no level at launch, up to date now", SIM_TDX_V5_TD15, td_was_nothing, SIM_UP_TO_DATE, NO),
    /* As Intel has it: launch speaks, and what there is now is a claim. */
    TD15("up to date at launch, out of date now", td_now, SIM_OUT_OF_DATE, "accepted"),
    TD15("up to date at launch, revoked now", td_now, SIM_REVOKED, "accepted"),
    {"revoked now, and asked about", SIM_TDX_V5_TD15, td_now, SIM_REVOKED, TRIAL_ANY "--expect dcap.current.status=UpToDate", "refused: claim"},
    {"up to date now, and asked about", SIM_TDX_V5_TD15, td_now, SIM_UP_TO_DATE, TRIAL_ANY "--expect dcap.current.status=UpToDate", "accepted"},
    TD15("up to date at launch and now", td_always, SIM_UP_TO_DATE, "accepted"),

    /* The earliest date and all advisories of what contributes. */
    SAYS("date of the platform alone", SIM_SGX_V3, platform, SIM_OUT_OF_DATE, "tcb.date=2023-08-09T00:00:00Z"),
    SAYS("date of the enclave, the earlier one", SIM_SGX_V3, hardening_and_enclave, QE_OUT_OF_DATE_CONF, "tcb.date=2023-02-15T00:00:00Z"),
    SAYS("date of the platform, the earlier one", SIM_SGX_V3, platform_and_module, SIM_OUT_OF_DATE_CONFIGURATION, "tcb.date=2023-02-15T00:00:00Z"),
    SAYS("date of the module, the earlier one", SIM_TDX_V4, unconfigured_and_module, 3, "tcb.date=2023-08-09T00:00:00Z"),
    SAYS("advisories of platform and enclave", SIM_SGX_V3, unconfigured_and_enclave, QE_OUT_OF_DATE, "tcb.advisories=INTEL-SA-00657,INTEL-SA-00477"),
    SAYS("advisories of platform and module", SIM_TDX_V4, unconfigured_and_module, 3, "tcb.advisories=INTEL-SA-00657,INTEL-SA-01036"),
    SAYS("an advisory of two parts, once", SIM_SGX_V3, hardening_and_enclave, QE_SW_HARDENING, "tcb.advisories=INTEL-SA-00615"),
    {"advisories where there are none", SIM_SGX_V3, NULL, 0, TRIAL_ANY "--expect tcb.advisories=", "accepted"},
    {"advisories where nobody says", SIM_SGX_V3, tcb_info_of_version, 2, TRIAL_ANY "--expect tcb.advisories=", "refused: claim"},
    {"the platform's, where nobody says", SIM_SGX_V3, tcb_info_of_version, 2, TRIAL_ANY "--expect dcap.platform.advisories=", "refused: claim"},
    {"the enclave's, where its identity says", SIM_SGX_V3, tcb_info_of_version, 2, TRIAL_ANY "--expect dcap.qe.advisories=", "accepted"},
    SAYS("the platform's own status", SIM_SGX_V3, unconfigured_and_enclave, QE_OUT_OF_DATE, "dcap.platform.status=ConfigurationNeeded"),
    SAYS("the enclave's own status", SIM_SGX_V3, unconfigured_and_enclave, QE_OUT_OF_DATE, "dcap.qe.status=OutOfDate"),
    {"another date wanted", SIM_SGX_V3, platform, SIM_OUT_OF_DATE, TRIAL_ANY ALL " --expect tcb.date=2025-05-14T00:00:00Z", "refused: claim"},
    {"no advisories wanted", SIM_SGX_V3, platform, SIM_OUT_OF_DATE, TRIAL_ANY ALL " --expect tcb.advisories=", "refused: claim"},
    {"status that is allowed, and asked about", SIM_SGX_V3, platform, SIM_OUT_OF_DATE, TRIAL_ANY ALL " --expect tcb.status=UpToDate", "refused: claim"},

    SGX("PCESVN just reached", pce, 0, "accepted"),
    BOTH("PCESVN missed", pce, 1, NO),
    SGX("what others say of the platform", cpu_svn_claimed, 0, NO),
    SGX("one part far above", one_part_higher, 0, NO),
    SGX("another part far above", one_part_higher, 1, NO),
    BOTH("levels from the lowest up", levels_reversed, SIM_UP_TO_DATE, "accepted"),
    BOTH("levels from the lowest up", levels_reversed, SIM_OUT_OF_DATE, NO),

};
/* clang-format on */

/* Each of the parts alone, one below the only level. */
static void test_parts(void)
{
    static struct intel_attack parts[4 * SIM_TCB_COMPONENTS];
    size_t count = 0;

    for (int i = 0; i < SIM_TCB_COMPONENTS; i++) {
        parts[count++] = (struct intel_attack)SGX("part of the platform", platform_part,
                                                  i, NO);
        parts[count++] = (struct intel_attack)TDX("part of the platform", platform_part,
                                                  i, NO);
        parts[count++] = (struct intel_attack)TDX("part of the trust domain's platform",
                                                  td_part, i, i < 2 ? "accepted" : NO);
        parts[count++] = (struct intel_attack)TDX("part, and a module without a version",
                                                  td_part_without_version, i, NO);
    }
    intel_attacks_run(parts, count);
}

int main(void)
{
    intel_attacks_run(rows, COUNT(rows));
    test_parts();
    return test_finish();
}
