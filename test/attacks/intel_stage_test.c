/* The stage itself: quotes nobody attacked, and what the simulator can reach by itself.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "stage.h"

static void certify_by(struct intel_stage *s, int type)
{
    sim_intel_set_certification(&s->doc, (uint16_t)type);
}

static void lower_platform(struct intel_stage *s, int status)
{
    sim_intel_set_status(&s->doc, (enum sim_intel_status)status);
}

static void lower_td(struct intel_stage *s, int status)
{
    sim_intel_set_td_status(s->doc.quote.td.tee_tcb_svn, (enum sim_intel_status)status);
}

static void use_version(struct intel_stage *s, int version)
{
    sim_intel_set_tcb_version(&s->doc, (unsigned)version);
}

static void use_ca(struct intel_stage *s, int ca)
{
    sim_intel_set_ca(&s->doc, (enum sim_intel_place)ca);
}

static void debug(struct intel_stage *s, int number)
{
    (void)number;
    sim_intel_set_debug(&s->doc);
}

static void add_chain(struct intel_stage *s, int number)
{
    (void)number;
    s->adds_chain = true;
}

static void lack(struct intel_stage *s, int which)
{
    bool *const flags[] = {&s->lacks_tcb_info, &s->lacks_qe_identity, &s->lacks_signer,
                           &s->lacks_root_list, &s->lacks_pck_list};

    *flags[which] = true;
}

static void replace_key(struct intel_stage *s, int place)
{
    sim_intel_set_key(&s->doc, (enum sim_intel_place)place,
                      sim_keyring_key(s->ring, SIM_KEY_P256, "stranger"));
}

#define ANY TRIAL_ANY

/* clang-format off */
static const struct intel_attack attacks[] = {
    {"SGX version 3", SIM_SGX_V3, NULL, 0, ANY, "accepted"},
    {"SGX version 4", SIM_SGX_V4, NULL, 0, ANY, "accepted"},
    {"SGX version 5", SIM_SGX_V5, NULL, 0, ANY, "accepted"},
    {"TDX version 4", SIM_TDX_V4, NULL, 0, ANY, "accepted"},
    {"TD 1.0", SIM_TDX_V5_TD10, NULL, 0, ANY, "accepted"},
    {"TD 1.5", SIM_TDX_V5_TD15, NULL, 0, ANY, "accepted"},
    {"TD 1.5-EX", SIM_TDX_V5_TD15_EX, NULL, 0, ANY, "accepted"},

    {"chain beside the quote", SIM_TDX_V4, certify_by, 1, ANY, "accepted"},
    {"chain beside the quote", SIM_TDX_V4, certify_by, 2, ANY, "accepted"},
    {"chain beside the quote", SIM_SGX_V3, certify_by, 3, ANY, "accepted"},
    {"chain beside the quote", SIM_SGX_V4, certify_by, 4, ANY, "accepted"},
    {"chain beside the quote", SIM_TDX_V4, certify_by, 7, ANY, "accepted"},
    {"chain in and beside the quote", SIM_TDX_V4, add_chain, 0, ANY, "accepted"},
    {"TCB info of version 2", SIM_SGX_V3, use_version, 2, ANY, "accepted"},
    {"the other CA", SIM_SGX_V3, use_ca, SIM_INTEL_PLATFORM_CA, ANY, "accepted"},
    {"the other CA", SIM_TDX_V4, use_ca, SIM_INTEL_PROCESSOR_CA, ANY, "accepted"},
    {"another signer's key", SIM_TDX_V4, replace_key, SIM_INTEL_TCB_SIGNER, ANY,
     "accepted"},
    {"another PCK's key", SIM_TDX_V4, replace_key, SIM_INTEL_PCK, ANY, "accepted"},
    {"another CA's key", SIM_TDX_V4, replace_key, SIM_INTEL_PLATFORM_CA, ANY, "accepted"},

    {"allowed", SIM_SGX_V3, lower_platform, SIM_SW_HARDENING,
     ANY "--allow SWHardeningNeeded", "accepted, allowed"},
    {"allowed", SIM_TDX_V4, lower_platform, SIM_CONFIGURATION,
     ANY "--allow ConfigurationNeeded", "accepted, allowed"},
    {"allowed", SIM_SGX_V3, lower_platform, SIM_CONFIGURATION_SW_HARDENING,
     ANY "--allow ConfigurationAndSWHardeningNeeded", "accepted, allowed"},
    {"allowed", SIM_TDX_V4, lower_td, SIM_OUT_OF_DATE,
     ANY "--allow OutOfDate", "accepted, allowed"},
    {"allowed", SIM_TDX_V4, lower_td, SIM_OUT_OF_DATE_CONFIGURATION,
     ANY "--allow OutOfDateConfigurationNeeded", "accepted, allowed"},
    {"relaunch", SIM_TDX_V5_TD15, lower_td, SIM_OUT_OF_DATE,
     ANY "--allow TDRelaunchAdvised", "accepted, allowed"},
    {"not allowed", SIM_SGX_V3, lower_platform, SIM_OUT_OF_DATE, ANY,
     "refused: tcb_status"},
    {"never", SIM_SGX_V3, lower_platform, SIM_REVOKED, ANY, "refused: tcb_status"},
    {"never", SIM_SGX_V3, lower_platform, SIM_NO_LEVEL, ANY, "refused: tcb_status"},
    {"debug", SIM_SGX_V3, debug, 0, ANY, "refused: debug"},
    {"debug", SIM_TDX_V4, debug, 0, ANY, "refused: debug"},

    {"no TCB info", SIM_TDX_V4, lack, 0, ANY,
     "undetermined: ?collateral ?tcb_status ?module"},
    {"no QE identity", SIM_SGX_V3, lack, 1, ANY,
     "undetermined: ?collateral ?quoting_enclave ?tcb_status"},
    {"no TCB signer", SIM_SGX_V3, lack, 2, ANY,
     "undetermined: ?collateral ?quoting_enclave ?tcb_status"},
    {"no list of the root", SIM_TDX_V4, lack, 3, ANY, "undetermined: ?revocation"},
    {"no list of the CA", SIM_TDX_V4, lack, 4, ANY, "undetermined: ?revocation"},
};
/* clang-format on */

int main(void)
{
    intel_attacks_run(attacks, COUNT(attacks));
    return test_finish();
}
