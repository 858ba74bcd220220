/* The stage itself: quotes nobody attacked, and what the simulator can reach by itself.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "stage.h"

#include "sim/intel_bundle.h"

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
     "undetermined: ?collateral ?module ?tcb_status"},
    {"no QE identity", SIM_SGX_V3, lack, 1, ANY,
     "undetermined: ?collateral ?quoting_enclave ?tcb_status"},
    {"no TCB signer", SIM_SGX_V3, lack, 2, ANY,
     "undetermined: ?collateral ?quoting_enclave ?tcb_status"},
    {"no list of the root", SIM_TDX_V4, lack, 3, ANY, "undetermined: ?revocation"},
    {"no list of the CA", SIM_TDX_V4, lack, 4, ANY, "undetermined: ?revocation"},
};
/* clang-format on */

static void add_file(struct trial *trial, struct sim_bytes file)
{
    CHECK_ERR(trial_add_collateral(trial, sim_bytes_span(file)), TROTH_OK);
    sim_bytes_free(&file);
}

static void as_bundle(struct trial *trial, const struct sim_intel *doc)
{
    add_file(trial, sim_intel_bundle(doc));
}

static void as_files(struct trial *trial, const struct sim_intel *doc)
{
    add_file(trial, sim_intel_tcb_info_document(doc));
    add_file(trial, sim_intel_qe_identity_document(doc));
    add_file(trial, sim_intel_signer_chain(doc));
    add_file(trial, sim_crl_mint(&doc->pck_crl));
    add_file(trial, sim_crl_mint(&doc->root_crl));
}

static void as_answers(struct trial *trial, const struct sim_intel *doc)
{
    add_file(trial, sim_intel_answer(doc, SIM_ANSWER_TCB_INFO));
    add_file(trial, sim_intel_answer(doc, SIM_ANSWER_QE_IDENTITY));
    add_file(trial, sim_intel_answer(doc, SIM_ANSWER_PCK_CRL));
    add_file(trial, sim_crl_mint(&doc->root_crl));
}

static const struct {
    const char *why;
    void (*add)(struct trial *trial, const struct sim_intel *doc);
    uint16_t certification;
} forms[] = {
    {"a bundle", as_bundle, 5},
    {"a bundle that brings the PCK", as_bundle, 3},
    {"the service's files", as_files, 5},
    {"the service's answers", as_answers, 5},
};

static void collateral_forms(void)
{
    static struct sim_intel doc;
    static struct trial trial;
    struct sim_keyring *ring = sim_keyring_create(1);

    trial_begin(&trial);
    for (size_t i = 0; i < COUNT(forms); i++) {
        test_case("collateral as %s", forms[i].why);
        trial_reset(&trial);
        trial_require(&trial, TRIAL_ANY);
        sim_intel_default(&doc, ring, SIM_TDX_V5_TD15, 0, MINTED_AT_S);
        sim_intel_set_certification(&doc, forms[i].certification);
        trial_add_root(&trial,
                       minted_keep(&trial, sim_intel_mint_cert(&doc, SIM_INTEL_ROOT)));
        forms[i].add(&trial, &doc);
        struct troth_span quote = minted_keep(&trial, sim_intel_mint(&doc));

        CHECK_TEXT(stage_judge(&trial, quote, MINTED_AT_S), "accepted");
    }
    trial_end(&trial);
    sim_keyring_destroy(ring);
}

int main(void)
{
    intel_attacks_run(attacks, COUNT(attacks));
    collateral_forms();
    return test_finish();
}
