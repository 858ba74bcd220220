/* SPDX-License-Identifier: Apache-2.0 */
/* What a row says of everything that may be wrong with platform, enclave and module. */
#include "evidence/dcap/dcap.h"

#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "test/harness.h"
#include "test/support/failing_crypto.h"
#include "test/support/minted.h"

static struct trial t;
static struct sim_keyring *ring;
static struct sim_intel doc;

#define QE   doc.quote.qe
#define TD   doc.quote.td
#define INFO doc.tcb_info
#define ID   doc.qe_identity

/* clang-format off */
static void nothing(void) {}
static void misc(void) { QE.misc_select = 1; }
static void misc_masked(void) { QE.misc_select = 1; ID.misc_select_mask[0] = 0xfe; }
static void flag(void) { QE.flags |= 0x80; }
static void flag_masked(void) { QE.flags ^= 4; } /* MODE64BIT, which is not looked at */
static void signer(void) { QE.mr_signer[31] ^= 1; }
static void product(void) { QE.isv_prod_id = 7; }
static void qe_debug(void) { QE.flags |= 2; ID.attributes[0] |= 2; }
static void qe_low(void) { QE.isv_svn = 0; }
static void qe_old(void) { QE.isv_svn = 3; }
static void qe_old_configuration(void) { QE.isv_svn = 2; }
static void qe_revoked(void) { QE.isv_svn = 1; }
static void data_tail(void)
{ doc.quote.edit_qe_report = (struct sim_edit){sim_flip_last_bit, NULL}; }
static void qe_signature(void)
{ doc.quote.edit_qe_signature = (struct sim_edit){sim_flip_last_bit, NULL}; }
static void signature(void)
{ doc.quote.edit_signature = (struct sim_edit){sim_flip_last_bit, NULL}; }

static void seam_signer(void) { TD.mr_signer_seam[0] = 1; }
static void seam_signer_wanted(void) { INFO.identities[1].module.mr_signer[0] = 2; }
static void seam_attribute(void) { TD.seam_attributes = 1; }
static void seam_attribute_wanted(void)
{ TD.seam_attributes = 1; INFO.identities[1].module.attributes[0] = 1; }
static void seam_attribute_masked(void)
{ TD.seam_attributes = 1; INFO.identities[1].module.attributes_mask[0] = 0xfe; }
static void module_unknown(void) { TD.tee_tcb_svn[1] = 2; }
static void module_low(void) { TD.tee_tcb_svn[0] = 1; }
static void module_old(void) { TD.tee_tcb_svn[0] = 4; }
static void module_revoked(void) { TD.tee_tcb_svn[0] = 2; }
static void module_3(void) { TD.tee_tcb_svn[1] = 3; }
static void module_0(void) { TD.tee_tcb_svn[1] = 0; memset(INFO.levels[0].tdx, 0, 2); }
static void module_0_old(void) { TD.tee_tcb_svn[1] = 0; TD.tee_tcb_svn[0] = 4; }
static void module_0_signer(void)
{ module_0(); INFO.module.mr_signer[0] = 9; INFO.identity_count = 0; }
/* Automata's #69: what the first two bytes are is the module's affair. */
static void module_beside_level(void)
{ for (int i = 0; i < 7; i++) { INFO.levels[i].tdx[0] = 99; INFO.levels[i].tdx[1] = 0; } }

static void pce_id(void) { INFO.pce_id[1] = 1; }
static void fmspc(void) { INFO.fmspc[5] ^= 1; }
static void info_future(void) { INFO.issue_date_s = MINTED_AT_S + 1; }
static void info_past(void) { INFO.next_update_s = MINTED_AT_S - 1; }
static void info_edges(void)
{ INFO.issue_date_s = MINTED_AT_S; INFO.next_update_s = MINTED_AT_S; }
static void qe_id_future(void) { ID.issue_date_s = MINTED_AT_S + 1; }
static void qe_id_past(void) { ID.next_update_s = MINTED_AT_S - 1; }
static void info_signature(void)
{ doc.tcb_info_signing.edit_signature = (struct sim_edit){sim_flip_last_bit, NULL}; }
static void qe_id_signature(void)
{ doc.qe_identity_signing.edit_signature = (struct sim_edit){sim_flip_last_bit, NULL}; }
static void info_by_pck(void)
{ doc.tcb_info_signing.key = doc.certs[SIM_INTEL_PCK].key; }
static void wrong_enclave(void) { ID.id = doc.is_tdx ? "QE" : "TD_QE"; }
static void verifier(void) { ID.id = "QVE"; }

static void low(void) { sim_intel_set_status(&doc, SIM_NO_LEVEL); }
static void hardening(void) { sim_intel_set_status(&doc, SIM_SW_HARDENING); }
static void configuration(void) { sim_intel_set_status(&doc, SIM_CONFIGURATION); }
static void old(void) { sim_intel_set_status(&doc, SIM_OUT_OF_DATE); }
static void revoked(void) { sim_intel_set_status(&doc, SIM_REVOKED); }
static void pce_old(void) { doc.pck.pce_svn = 12; }
static void configuration_qe_old(void) { configuration(); qe_old(); }
static void old_qe_configuration(void) { old(); qe_old_configuration(); }
static void td_old(void) { sim_intel_set_td_status(TD.tee_tcb_svn, SIM_OUT_OF_DATE); }
static void td_low(void) { sim_intel_set_td_status(TD.tee_tcb_svn, SIM_NO_LEVEL); }

/* TD 1.5: what ran at launch is old, what runs now is as the name says. */
static void relaunch(void) { td_old(); }
static void relaunch_configuration(void)
{ td_old(); sim_intel_set_td_status(TD.tee_tcb_svn2, SIM_CONFIGURATION); }
static void relaunch_was_configuration(void)
{ sim_intel_set_td_status(TD.tee_tcb_svn, SIM_OUT_OF_DATE_CONFIGURATION); }
static void relaunch_old_too(void)
{ td_old(); sim_intel_set_td_status(TD.tee_tcb_svn2, SIM_OUT_OF_DATE); }
static void relaunch_qe_old(void) { td_old(); qe_old(); }
static void relaunch_module(void) { module_old(); }
static void relaunch_module_now_old(void) { td_old(); TD.tee_tcb_svn2[0] = 4; }
static void relaunch_module_unknown(void) { td_old(); TD.tee_tcb_svn2[1] = 2; }
static void launch_new_now_old(void)
{ sim_intel_set_td_status(TD.tee_tcb_svn2, SIM_OUT_OF_DATE); }

static void type_1(void) { sim_intel_set_certification(&doc, 1); }
static void type_2(void) { sim_intel_set_certification(&doc, 2); }
static void type_3(void) { sim_intel_set_certification(&doc, 3); }
static void type_4(void) { sim_intel_set_certification(&doc, 4); }
static void type_7(void) { sim_intel_set_certification(&doc, 7); }
static void root_first(void)
{ doc.chain[0] = SIM_INTEL_ROOT; doc.chain[1] = SIM_INTEL_PLATFORM_CA; doc.chain[2] = SIM_INTEL_PCK; }
static void no_root(void) { doc.chain_count = 2; }
static void with_zero(void) { doc.chain_ends_with_zero = true; }
static void without_zero(void) { doc.chain_ends_with_zero = false; }
static void ca_alone(void)
{ doc.chain[0] = SIM_INTEL_PLATFORM_CA; doc.chain_count = 1; }
static void without_extension(void)
{ sim_extensions_remove(&doc.certs[SIM_INTEL_PCK].extensions, SIM_OID_INTEL_PCK); }

static void drop(enum sim_intel_place place, const char *oid)
{ sim_extensions_remove(&doc.certs[place].extensions, oid); }
static void pck_no_aki(void) { drop(SIM_INTEL_PCK, "2.5.29.35"); }
static void pck_no_ski(void) { drop(SIM_INTEL_PCK, "2.5.29.14"); }
static void pck_no_address(void) { drop(SIM_INTEL_PCK, "2.5.29.31"); }
static void ca_no_address(void) { drop(SIM_INTEL_PLATFORM_CA, "2.5.29.31"); }
static void pck_no_constraints(void) { drop(SIM_INTEL_PCK, "2.5.29.19"); }
static void signer_no_ski(void) { drop(SIM_INTEL_TCB_SIGNER, "2.5.29.14"); }
static void list_no_aki(void) { sim_extensions_remove(&doc.pck_crl.extensions, "2.5.29.35"); }
static void list_no_number(void) { sim_extensions_remove(&doc.root_crl.extensions, "2.5.29.20"); }

static const struct {
    const char *why;
    enum sim_intel_kind kind;
    void (*apply)(void);
    const char *line; /* after "--any measurement --any nonce" */
    enum troth_check_id id;
    const char *subject, *seen, *wanted; /* of the row; NULL: not looked at */
} rows[] = {
    {"as minted, SGX 3", SIM_SGX_V3, nothing, "accepted", TROTH_CHECK_TCB_STATUS, "UpToDate", "UpToDate", "UpToDate"},
    {"as minted, SGX 4", SIM_SGX_V4, nothing, "accepted", TROTH_CHECK_TCB_STATUS, "UpToDate", NULL, NULL},
    {"as minted, SGX 5", SIM_SGX_V5, nothing, "accepted", TROTH_CHECK_COLLATERAL, "TCB info", NULL, NULL},
    {"as minted, TDX 4", SIM_TDX_V4, nothing, "accepted", TROTH_CHECK_COLLATERAL, "QE identity", NULL, NULL},
    {"as minted, TD 1.0", SIM_TDX_V5_TD10, nothing, "accepted", TROTH_CHECK_VALIDITY, "TCB info", NULL, NULL},
    {"as minted, TD 1.5", SIM_TDX_V5_TD15, nothing, "accepted", TROTH_CHECK_VALIDITY, "QE identity", NULL, NULL},
    {"as minted, TD 1.5-EX", SIM_TDX_V5_TD15_EX, nothing, "accepted", TROTH_CHECK_CHAIN, "TCB signing certificate", NULL, NULL},

    {"MISCSELECT", SIM_SGX_V3, misc, "refused: quoting_enclave", TROTH_CHECK_QUOTING_ENCLAVE, "dcap.qe.misc_select", "01000000", "00000000"},
    {"MISCSELECT behind the mask", SIM_SGX_V3, misc_masked, "accepted", TROTH_CHECK_QUOTING_ENCLAVE, NULL, NULL, NULL},
    {"an attribute", SIM_TDX_V4, flag, "refused: quoting_enclave", TROTH_CHECK_QUOTING_ENCLAVE, "dcap.qe.attributes", "91000000000000000000000000000000", "11000000000000000000000000000000"},
    {"an attribute behind the mask", SIM_TDX_V4, flag_masked, "accepted", TROTH_CHECK_QUOTING_ENCLAVE, NULL, NULL, NULL},
    {"another signer", SIM_SGX_V3, signer, "refused: quoting_enclave", TROTH_CHECK_QUOTING_ENCLAVE, "dcap.qe.mr_signer",
     "8c4f5775d796503e96137f77c68a829a0056ac8ded70140b081b094490c57bfe", "8c4f5775d796503e96137f77c68a829a0056ac8ded70140b081b094490c57bff"},
    {"another enclave", SIM_SGX_V3, product, "refused: quoting_enclave", TROTH_CHECK_QUOTING_ENCLAVE, "dcap.qe.isv_prod_id", "7", "1"},
    {"an enclave that can be debugged, and the identity's too", SIM_SGX_V3, qe_debug, "refused: quoting_enclave", TROTH_CHECK_QUOTING_ENCLAVE, "dcap.qe.attributes", NULL, NULL},
    {"an enclave below all levels", SIM_SGX_V3, qe_low, "refused: quoting_enclave tcb_status", TROTH_CHECK_QUOTING_ENCLAVE, "dcap.qe.isv_svn", "0", "1"},
    {"a report that binds more than the key", SIM_SGX_V4, data_tail, "refused: quoting_enclave", TROTH_CHECK_QUOTING_ENCLAVE, "dcap.qe.report_data", NULL, NULL},
    {"a report that another key signed", SIM_SGX_V4, qe_signature, "refused: quoting_enclave", TROTH_CHECK_QUOTING_ENCLAVE, "dcap.qe.report", NULL, NULL},
    {"a quote that another key signed", SIM_SGX_V4, signature, "refused: signature", TROTH_CHECK_SIGNATURE, NULL, NULL, NULL},

    {"another signer's module", SIM_TDX_V4, seam_signer, "refused: module", TROTH_CHECK_MODULE, "tdx.mr_signer_seam", NULL,
     "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"},
    {"a signer of the identity, not of tdxModule", SIM_TDX_V4, seam_signer_wanted, "refused: module", TROTH_CHECK_MODULE, "tdx.mr_signer_seam", NULL, NULL},
    {"a module's attribute", SIM_TDX_V5_TD15, seam_attribute, "refused: module", TROTH_CHECK_MODULE, "tdx.seam_attributes", "0100000000000000", "0000000000000000"},
    {"one that the identity has as well", SIM_TDX_V4, seam_attribute_wanted, "refused: module", TROTH_CHECK_MODULE, "tdx.seam_attributes", NULL, NULL},
    {"one behind the mask", SIM_TDX_V4, seam_attribute_masked, "refused: module", TROTH_CHECK_MODULE, "tdx.seam_attributes", NULL, NULL},
    {"a module of a version not listed", SIM_TDX_V4, module_unknown, "refused: module tcb_status", TROTH_CHECK_MODULE, "tdx.module_version", "2", NULL},
    {"a module below all levels", SIM_TDX_V4, module_low, "refused: module tcb_status", TROTH_CHECK_MODULE, "tdx.tee_tcb_svn", "1", "2"},
    {"a module of another version that is listed", SIM_TDX_V4, module_3, "accepted", TROTH_CHECK_MODULE, NULL, NULL, NULL},
    {"a module of version 0", SIM_TDX_V4, module_0, "accepted", TROTH_CHECK_MODULE, NULL, NULL, NULL},
    {"a module of version 0, its security version below every level's", SIM_TDX_V4, module_0_old, "refused: tcb_status", TROTH_CHECK_TCB_STATUS, "tcb.status", NULL, NULL},
    {"a module of version 0 and tdxModule's signer", SIM_TDX_V4, module_0_signer, "refused: module", TROTH_CHECK_MODULE, "tdx.mr_signer_seam", NULL, NULL},
    {"levels whose first two TDX components are above the module's", SIM_TDX_V4, module_beside_level, "accepted", TROTH_CHECK_TCB_STATUS, "UpToDate", NULL, NULL},

    {"another PCEID", SIM_SGX_V3, pce_id, "refused: collateral", TROTH_CHECK_COLLATERAL, "dcap.tcb_info.pce_id", "0001", "0000"},
    {"another FMSPC", SIM_SGX_V3, fmspc, "undetermined: ?collateral ?tcb_status", TROTH_CHECK_COLLATERAL, "TCB info", "00606a000001", "00606a000000"},
    {"TCB info ahead of the clock", SIM_SGX_V3, info_future, "refused: validity", TROTH_CHECK_VALIDITY, "TCB info", "2026-01-01T00:00:01Z", "2026-01-01T00:00:00Z"},
    {"TCB info that has ended", SIM_TDX_V4, info_past, "refused: validity", TROTH_CHECK_VALIDITY, "TCB info", "2025-12-31T23:59:59Z", "2026-01-01T00:00:00Z"},
    {"TCB info of this very second", SIM_TDX_V4, info_edges, "accepted", TROTH_CHECK_VALIDITY, "TCB info", NULL, NULL},
    {"QE identity ahead of the clock", SIM_TDX_V4, qe_id_future, "refused: validity", TROTH_CHECK_VALIDITY, "QE identity", NULL, NULL},
    {"QE identity that has ended", SIM_SGX_V3, qe_id_past, "refused: validity", TROTH_CHECK_VALIDITY, "QE identity", NULL, NULL},
    {"TCB info badly signed", SIM_SGX_V3, info_signature, "refused: collateral ?tcb_status", TROTH_CHECK_COLLATERAL, "TCB info", NULL, NULL},
    {"TCB info signed by the platform's key", SIM_TDX_V4, info_by_pck, "refused: collateral ?module ?tcb_status", TROTH_CHECK_COLLATERAL, "TCB info", NULL, NULL},
    {"QE identity badly signed", SIM_TDX_V4, qe_id_signature, "refused: collateral ?quoting_enclave ?tcb_status", TROTH_CHECK_COLLATERAL, "QE identity", NULL, NULL},
    {"the other TEE's QE identity", SIM_TDX_V4, wrong_enclave, "undetermined: ?collateral ?quoting_enclave ?tcb_status", TROTH_CHECK_COLLATERAL, "QE identity", NULL, NULL},
    {"the same of SGX", SIM_SGX_V3, wrong_enclave, "undetermined: ?collateral ?quoting_enclave ?tcb_status", TROTH_CHECK_COLLATERAL, "QE identity", NULL, NULL},
    {"the verifying enclave's identity", SIM_SGX_V3, verifier, "undetermined: ?collateral ?quoting_enclave ?tcb_status", TROTH_CHECK_COLLATERAL, "QE identity", NULL, NULL},

    {"below every level", SIM_SGX_V3, low, "refused: tcb_status", TROTH_CHECK_TCB_STATUS, "tcb.status", NULL, NULL},
    {"a TD below every level", SIM_TDX_V4, td_low, "refused: tcb_status", TROTH_CHECK_TCB_STATUS, "tcb.status", NULL, NULL},
    {"hardening", SIM_SGX_V3, hardening, "refused: tcb_status", TROTH_CHECK_TCB_STATUS, "SWHardeningNeeded", "SWHardeningNeeded", "UpToDate"},
    {"out of date", SIM_TDX_V4, old, "refused: tcb_status", TROTH_CHECK_TCB_STATUS, "OutOfDate", "OutOfDate", "UpToDate"},
    {"an old PCE", SIM_SGX_V3, pce_old, "refused: tcb_status", TROTH_CHECK_TCB_STATUS, "OutOfDate", NULL, NULL},
    {"revoked", SIM_SGX_V3, revoked, "refused: tcb_status", TROTH_CHECK_TCB_STATUS, "Revoked", "Revoked", "UpToDate"},
    {"the enclave out of date", SIM_SGX_V3, qe_old, "refused: tcb_status", TROTH_CHECK_TCB_STATUS, "OutOfDate", NULL, NULL},
    {"the enclave revoked", SIM_TDX_V4, qe_revoked, "refused: tcb_status", TROTH_CHECK_TCB_STATUS, "Revoked", NULL, NULL},
    {"the module out of date, the platform not", SIM_TDX_V4, module_old, "refused: tcb_status", TROTH_CHECK_TCB_STATUS, "OutOfDate", NULL, NULL},
    {"the platform out of date, the module not", SIM_TDX_V4, td_old, "refused: tcb_status", TROTH_CHECK_TCB_STATUS, "OutOfDate", NULL, NULL},
    {"the module revoked", SIM_TDX_V4, module_revoked, "refused: tcb_status", TROTH_CHECK_TCB_STATUS, "Revoked", NULL, NULL},
    {"configuration, and the enclave out of date", SIM_SGX_V3, configuration_qe_old, "refused: tcb_status", TROTH_CHECK_TCB_STATUS, "OutOfDateConfigurationNeeded", NULL, NULL},
    {"out of date, and the enclave needs configuration", SIM_SGX_V3, old_qe_configuration, "refused: tcb_status", TROTH_CHECK_TCB_STATUS, "OutOfDateConfigurationNeeded", NULL, NULL},

    {"updated since launch", SIM_TDX_V5_TD15, relaunch, "refused: tcb_status", TROTH_CHECK_TCB_STATUS, "TDRelaunchAdvised", NULL, "UpToDate"},
    {"the same of 1.5-EX", SIM_TDX_V5_TD15_EX, relaunch, "refused: tcb_status", TROTH_CHECK_TCB_STATUS, "TDRelaunchAdvised", NULL, NULL},
    {"updated, and to be configured", SIM_TDX_V5_TD15, relaunch_configuration, "refused: tcb_status", TROTH_CHECK_TCB_STATUS, "TDRelaunchAdvisedConfigurationNeeded", NULL, NULL},
    {"updated, was to be configured", SIM_TDX_V5_TD15, relaunch_was_configuration, "refused: tcb_status", TROTH_CHECK_TCB_STATUS, "TDRelaunchAdvisedConfigurationNeeded", NULL, NULL},
    {"not updated", SIM_TDX_V5_TD15, relaunch_old_too, "refused: tcb_status", TROTH_CHECK_TCB_STATUS, "OutOfDate", NULL, NULL},
    {"updated all but the enclave", SIM_TDX_V5_TD15, relaunch_qe_old, "refused: tcb_status", TROTH_CHECK_TCB_STATUS, "OutOfDate", NULL, NULL},
    {"the module updated", SIM_TDX_V5_TD15, relaunch_module, "refused: tcb_status", TROTH_CHECK_TCB_STATUS, "TDRelaunchAdvised", NULL, NULL},
    {"updated all but the module", SIM_TDX_V5_TD15, relaunch_module_now_old, "refused: tcb_status", TROTH_CHECK_TCB_STATUS, "OutOfDate", NULL, NULL},
    {"updated to a module not listed", SIM_TDX_V5_TD15, relaunch_module_unknown, "refused: tcb_status", TROTH_CHECK_TCB_STATUS, "OutOfDate", NULL, NULL},
    {"up to date at launch is what counts", SIM_TDX_V5_TD15, launch_new_now_old, "accepted", TROTH_CHECK_TCB_STATUS, "UpToDate", NULL, NULL},

    {"a PCK beside the quote, type 1", SIM_SGX_V3, type_1, "accepted", TROTH_CHECK_CHAIN, NULL, NULL, NULL},
    {"type 2", SIM_SGX_V4, type_2, "accepted", TROTH_CHECK_CHAIN, NULL, NULL, NULL},
    {"type 3", SIM_TDX_V4, type_3, "accepted", TROTH_CHECK_CHAIN, NULL, NULL, NULL},
    {"type 4", SIM_TDX_V5_TD15, type_4, "accepted", TROTH_CHECK_CHAIN, NULL, NULL, NULL},
    {"type 7", SIM_SGX_V5, type_7, "accepted", TROTH_CHECK_CHAIN, NULL, NULL, NULL},
    {"the root first", SIM_TDX_V4, root_first, "accepted", TROTH_CHECK_ANCHOR, NULL, NULL, NULL},
    {"without the root", SIM_TDX_V4, no_root, "accepted", TROTH_CHECK_ANCHOR, NULL, NULL, NULL},
    {"a zero behind the text", SIM_TDX_V4, with_zero, "accepted", TROTH_CHECK_ANCHOR, NULL, NULL, NULL},
    {"none behind it", SIM_SGX_V3, without_zero, "accepted", TROTH_CHECK_ANCHOR, NULL, NULL, NULL},
    {"only the CA's certificate", SIM_TDX_V4, ca_alone, "refused: ?anchor chain ?revocation ?collateral quoting_enclave ?module ?tcb_status", TROTH_CHECK_ANCHOR, NULL, NULL, NULL},
    {"a PCK that names no platform", SIM_SGX_V3, without_extension, "refused: chain ?collateral ?tcb_status", TROTH_CHECK_CHAIN, "dcap.pck.extension", NULL, NULL},

    {"a PCK without its issuer's key identifier", SIM_SGX_V3, pck_no_aki, "refused: chain", TROTH_CHECK_CHAIN, "PCK certificate", NULL, "authorityKeyIdentifier"},
    {"without its own", SIM_SGX_V3, pck_no_ski, "refused: chain", TROTH_CHECK_CHAIN, "PCK certificate", NULL, "subjectKeyIdentifier"},
    {"without its list's address", SIM_SGX_V3, pck_no_address, "refused: chain", TROTH_CHECK_CHAIN, "PCK certificate", NULL, "cRLDistributionPoints"},
    {"without basic constraints", SIM_SGX_V3, pck_no_constraints, "refused: chain", TROTH_CHECK_CHAIN, "PCK certificate", NULL, "basicConstraints"},
    {"a CA without its list's address", SIM_TDX_V4, ca_no_address, "refused: chain", TROTH_CHECK_CHAIN, "PCK CA certificate", NULL, "cRLDistributionPoints"},
    {"a TCB signer without its key identifier", SIM_TDX_V4, signer_no_ski, "refused: chain collateral ?quoting_enclave ?module ?tcb_status", TROTH_CHECK_CHAIN, "TCB signing certificate", NULL, "subjectKeyIdentifier"},
    {"a list without its issuer's key", SIM_TDX_V4, list_no_aki, "refused: revocation", TROTH_CHECK_REVOCATION, "PCK certificate", NULL, "authorityKeyIdentifier"},
    {"a list without number", SIM_TDX_V4, list_no_number, "refused: revocation", TROTH_CHECK_REVOCATION, "TCB signing certificate", NULL, "cRLNumber"},
};
/* clang-format on */

static struct troth_span begin(enum sim_intel_kind kind, void (*apply)(void))
{
    trial_reset(&t);
    trial_require(&t, TRIAL_ANY);
    sim_intel_default(&doc, ring, kind, 0, MINTED_AT_S);
    apply();
    return minted_intel(&t, &doc);
}

static void check_value(const struct troth_value *value, const char *wanted)
{
    char text[256];
    size_t len = 0;

    CHECK_ERR(troth_value_to_text((uint8_t *)text, sizeof text - 1, &len, value),
              TROTH_OK);
    text[len] = '\0';
    CHECK_TEXT(text, wanted);
}

static void judge_rows(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_span quote = begin(rows[i].kind, rows[i].apply);
        const struct troth_check *row;

        test_case("%s", rows[i].why);
        CHECK_TEXT(trial_judge(&t, quote, MINTED_AT_S), rows[i].line);
        row = trial_find(&t, rows[i].id, rows[i].subject);
        if (!CHECK(row != NULL))
            continue;
        if (rows[i].seen)
            check_value(&row->seen, rows[i].seen);
        if (rows[i].wanted)
            check_value(&row->wanted, rows[i].wanted);
    }
}

/* By Intel's own word, and never what is revoked or unknown. */
static void allow_statuses(void)
{
    static const struct {
        void (*apply)(void);
        enum sim_intel_kind kind;
        const char *allow, *line;
    } cases[] = {
        {hardening, SIM_SGX_V3, "--allow SWHardeningNeeded", "accepted"},
        {hardening, SIM_SGX_V3, "--allow OutOfDate", "refused: tcb_status"},
        {old, SIM_TDX_V4, "--allow OutOfDate", "accepted"},
        {relaunch, SIM_TDX_V5_TD15, "--allow TDRelaunchAdvised", "accepted"},
        {relaunch, SIM_TDX_V5_TD15, "--allow OutOfDate", "refused: tcb_status"},
        {low, SIM_SGX_V3, "--allow OutOfDate", "refused: tcb_status"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct troth_span quote = begin(cases[i].kind, cases[i].apply);

        test_case("%s, %zu", cases[i].allow, i);
        trial_require(&t, cases[i].allow);
        CHECK_TEXT(trial_judge(&t, quote, MINTED_AT_S), cases[i].line);
        CHECK_INT(trial_leaves_open(&t, "allowed"),
                  strcmp(cases[i].line, "accepted") == 0);
    }
    test_case("what is revoked cannot be allowed");
    struct troth_span quote = begin(SIM_SGX_V3, revoked);

    trial_require(&t, "--allow Revoked");
    CHECK_TEXT(trial_judge(&t, quote, MINTED_AT_S), "error: CLAIM requirements.allow");
}

static const char *claim(const char *name)
{
    static char text[512];
    const struct troth_claim *found = troth_claims_find(&t.result.claims,
                                                        test_text(name));
    size_t len = 0;

    if (!CHECK(found != NULL))
        return "";
    CHECK_ERR(troth_value_to_text((uint8_t *)text, sizeof text - 1, &len, &found->value),
              TROTH_OK);
    text[len] = '\0';
    return text;
}

/* Dates are the earliest part's, advisories the union, each once. */
static void combine_parts(void)
{
    struct troth_span quote = begin(SIM_TDX_V4, configuration_qe_old);

    TD.tee_tcb_svn[0] = 4;
    quote = minted_keep(&t, sim_intel_mint(&doc));
    test_case("dates and advisories of platform, enclave and module");
    CHECK_TEXT(trial_judge(&t, quote, MINTED_AT_S), "refused: tcb_status");
    CHECK_TEXT(claim("tcb.status"), "OutOfDateConfigurationNeeded");
    CHECK_TEXT(claim("tcb.date"), "2023-08-09T00:00:00Z");
    CHECK_TEXT(claim("tcb.advisories"), "INTEL-SA-00657,INTEL-SA-00477,INTEL-SA-01036");
    CHECK_TEXT(claim("dcap.platform.status"), "ConfigurationNeeded");
    CHECK_TEXT(claim("dcap.platform.date"), "2024-03-13T00:00:00Z");
    CHECK_TEXT(claim("dcap.platform.advisories"), "INTEL-SA-00657");
    CHECK_TEXT(claim("dcap.qe.advisories"), "INTEL-SA-00477");
    CHECK_TEXT(claim("dcap.module.advisories"), "INTEL-SA-01036");
    CHECK_TEXT(claim("dcap.tcb_info.evaluation_number"), "18");
    CHECK_TEXT(claim("dcap.collateral.earliest_expiry"), "2026-01-21T00:00:00Z");

    test_case("an advisory of two parts is there once");
    quote = begin(SIM_TDX_V4, hardening);
    QE.isv_svn = 4; /* the same advisory */
    quote = minted_keep(&t, sim_intel_mint(&doc));
    CHECK_TEXT(trial_judge(&t, quote, MINTED_AT_S), "refused: tcb_status");
    CHECK_TEXT(claim("tcb.advisories"), "INTEL-SA-00615");

    test_case("what nobody genuine stated is not told");
    quote = begin(SIM_SGX_V3, info_signature);
    CHECK_TEXT(trial_judge(&t, quote, MINTED_AT_S), "refused: collateral ?tcb_status");
    CHECK_TEXT(claim("tcb.status"), "none");
    CHECK_TEXT(claim("dcap.tcb_info.evaluation_number"), "none");
}

/* Each piece of collateral left out in turn. */
static void leave_out(void)
{
    static const struct {
        const char *why, *line, *hint;
        enum troth_check_id id;
        enum troth_collateral_kind kind;
        size_t nth;
    } cases[] = {
        {"TCB signer", "undetermined: ?collateral ?quoting_enclave ?tcb_status",
         "TCB signing certificate", TROTH_CHECK_COLLATERAL, TROTH_COLLATERAL_CERTIFICATE,
         0},
        {"root CRL", "undetermined: ?revocation", "root CA CRL", TROTH_CHECK_REVOCATION,
         TROTH_COLLATERAL_CRL, 0},
        {"PCK CRL", "undetermined: ?revocation", "PCK CRL", TROTH_CHECK_REVOCATION,
         TROTH_COLLATERAL_CRL, 1},
        {"TCB info", "undetermined: ?collateral ?tcb_status", "TCB info",
         TROTH_CHECK_COLLATERAL, TROTH_COLLATERAL_TCB_INFO, 0},
        {"QE identity", "undetermined: ?collateral ?quoting_enclave ?tcb_status",
         "QE identity", TROTH_CHECK_COLLATERAL, TROTH_COLLATERAL_QE_IDENTITY, 0},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct troth_span quote = begin(SIM_SGX_V3, nothing);
        const struct troth_check *row = NULL;
        size_t nth = 0, at = 0;

        test_case("without %s", cases[i].why);
        while (t.items[at].kind != cases[i].kind || nth++ < cases[i].nth)
            at++;
        t.item_count--;
        memmove(&t.items[at], &t.items[at + 1], (t.item_count - at) * sizeof t.items[0]);
        CHECK_TEXT(trial_judge(&t, quote, MINTED_AT_S), cases[i].line);
        for (size_t k = 0; k < t.result.verdict.count; k++)
            if (t.result.verdict.checks[k].id == cases[i].id &&
                t.result.verdict.checks[k].outcome == TROTH_NOT_MADE)
                row = &t.result.verdict.checks[k];
        if (!CHECK(row != NULL))
            continue;
        CHECK_TEXT(row->flag, "--collateral");
        CHECK_TEXT(row->flag_argument, cases[i].hint);
    }
}

/* Of several statements the newest that is in force; whatever the order. */
static void choose_statement(void)
{
    for (int newer_first = 0; newer_first < 2; newer_first++) {
        struct troth_span quote = begin(SIM_SGX_V3, nothing);

        test_case("the newer TCB info counts, %d", newer_first);
        if (newer_first)
            t.item_count = 3; /* all but the statements */
        INFO.issue_date_s += 60;
        INFO.levels[0].standing.status = "OutOfDate";
        minted_add_tcb_info(&t, &doc);
        if (newer_first) {
            INFO.issue_date_s -= 60;
            INFO.levels[0].standing.status = "UpToDate";
            minted_add_tcb_info(&t, &doc);
            minted_add_qe_identity(&t, &doc);
        }
        CHECK_TEXT(trial_judge(&t, quote, MINTED_AT_S), "refused: tcb_status");

        test_case("one of the future does not, where there is one in force, %d",
                  newer_first);
        CHECK_TEXT(trial_judge(&t, quote, MINTED_AT_S - 10 * 86400 + 30), "accepted");
    }
    test_case("of two as new, the one of the higher evaluation number");
    struct troth_span quote = begin(SIM_TDX_V4, nothing);

    ID.evaluation_number = 19;
    ID.levels.rows[0].standing.status = "Revoked";
    minted_add_qe_identity(&t, &doc);
    CHECK_TEXT(trial_judge(&t, quote, MINTED_AT_S), "refused: tcb_status");
    CHECK_TEXT(claim("dcap.qe_identity.evaluation_number"), "19");
}

static void judge_beside(void)
{
    struct troth_span quote = begin(SIM_SGX_V3, nothing);

    test_case("the same PCK certificate beside the quote");
    minted_add(&t, TROTH_COLLATERAL_CERTIFICATE, sim_intel_mint_cert(&doc, SIM_INTEL_PCK),
               (struct sim_bytes){0});
    CHECK_TEXT(trial_judge(&t, quote, MINTED_AT_S), "accepted");

    test_case("another platform's beside it");
    t.item_count--;
    struct sim_intel other;

    sim_intel_default(&other, ring, SIM_SGX_V3, 1, MINTED_AT_S);
    minted_add(&t, TROTH_COLLATERAL_CERTIFICATE,
               sim_intel_mint_cert(&other, SIM_INTEL_PCK), (struct sim_bytes){0});
    CHECK_TEXT(trial_judge(&t, quote, MINTED_AT_S), "refused: chain");
    CHECK(trial_find(&t, TROTH_CHECK_CHAIN, "PCK certificate") != NULL);

    test_case("another platform's for a quote that embeds none");
    quote = begin(SIM_TDX_V4, type_3);
    sim_intel_default(&other, ring, SIM_TDX_V4, 1, MINTED_AT_S);
    for (size_t i = 0; i < t.item_count; i++)
        if (t.items[i].kind == TROTH_COLLATERAL_CERTIFICATE &&
            troth_span_equal(t.items[i].bytes,
                             minted_keep(&t, sim_intel_mint_cert(&doc, SIM_INTEL_PCK))))
            t.items[i].bytes = minted_keep(&t,
                                           sim_intel_mint_cert(&other, SIM_INTEL_PCK));
    CHECK_TEXT(trial_judge(&t, quote, MINTED_AT_S), "refused: quoting_enclave");
}

static void judge_trailing(void)
{
    static const struct {
        const char *why;
        uint8_t last;
        bool is_open;
    } cases[] = {{"zeros behind a quote", 0, false}, {"a byte behind it", 7, true}};

    for (size_t i = 0; i < COUNT(cases); i++) {
        static uint8_t padded[16 * 1024];
        struct troth_span quote = begin(SIM_TDX_V4, nothing);
        const struct troth_check *row;

        test_case("%s", cases[i].why);
        memcpy(padded, quote.ptr, quote.len);
        memset(padded + quote.len, 0, 9);
        padded[quote.len + 9] = cases[i].last;
        CHECK_TEXT(
            trial_judge(&t, (struct troth_span){padded, quote.len + 10}, MINTED_AT_S),
            "accepted");
        row = trial_find(&t, TROTH_CHECK_TRAILING, NULL);
        if (CHECK(row && row->why))
            check_value(&row->seen, "10");
        CHECK_INT(trial_leaves_open(&t, "unsigned_bytes"), cases[i].is_open);
    }
}

/* A root of one's own cannot state things of platforms that Intel's certifies. */
static void mix_roots(void)
{
    static struct sim_intel stranger;
    struct sim_keyring *other = sim_keyring_create(77);
    struct troth_span quote = begin(SIM_SGX_V3, nothing);

    test_case("statements below another trusted root");
    sim_intel_default(&stranger, other, SIM_SGX_V3, 0, MINTED_AT_S);
    trial_add_root(&t, minted_keep(&t, sim_intel_mint_cert(&stranger, SIM_INTEL_ROOT)));
    CHECK(t.items[0].kind == TROTH_COLLATERAL_CERTIFICATE);
    t.items[0].bytes = minted_keep(&t,
                                   sim_intel_mint_cert(&stranger, SIM_INTEL_TCB_SIGNER));
    for (size_t i = 0; i < t.item_count; i++) {
        if (t.items[i].kind == TROTH_COLLATERAL_TCB_INFO)
            t.items[i].signature = minted_keep(&t,
                                               sim_intel_tcb_info_signature(&stranger));
        if (t.items[i].kind == TROTH_COLLATERAL_QE_IDENTITY)
            t.items[i].signature = minted_keep(
                &t, sim_intel_qe_identity_signature(&stranger));
    }
    trial_judge(&t, quote, MINTED_AT_S);
    CHECK(strncmp(t.line, "refused: chain ", 15) == 0);
    CHECK(trial_find(&t, TROTH_CHECK_CHAIN, "TCB signing certificate") != NULL);
    sim_keyring_destroy(other);
}

/* What was verified once is remembered, and what must not be is not: the second time two
 * signatures remain. */
static void count_calls(void)
{
    const struct troth_crypto real = t.crypto;
    struct troth_cache_entry entries[64];
    struct troth_cache cache;
    struct failing_crypto counting;
    struct troth_span quote = begin(SIM_TDX_V4, nothing);
    struct troth_arena prepared = {malloc(TROTH_PREPARE_ARENA_SIZE),
                                   TROTH_PREPARE_ARENA_SIZE, 0};
    uint64_t misses;

    test_case("a warm verification");
    troth_cache_init(&cache, entries, COUNT(entries));
    t.cache = &cache;
    CHECK_ERR(
        troth_collateral_prepare(t.items, t.item_count, NULL, NULL, &t.crypto, &prepared),
        TROTH_OK);
    t.crypto = failing_crypto_over(&counting, &real, 0);
    CHECK_TEXT(trial_judge(&t, quote, MINTED_AT_S), "accepted");
    misses = cache.misses;
    CHECK(misses >= 7); /* two CAs' and the signer's certificates, lists, statements */
    CHECK_TEXT(trial_judge(&t, quote, MINTED_AT_S), "accepted");
    CHECK_INT(cache.misses, misses);

    test_case("each call fails once");
    t.cache = NULL;
    counting.calls = 0;
    CHECK_TEXT(trial_judge(&t, quote, MINTED_AT_S), "accepted");
    for (unsigned n = 1, calls = counting.calls; n <= calls; n++) {
        t.crypto = failing_crypto_over(&counting, &real, n);
        CHECK_TEXT(trial_judge(&t, quote, MINTED_AT_S), "error: CRYPTO evidence");
    }
    t.crypto = real;
    free(prepared.base);
}

static const struct troth_crypto_ops *counted;
static unsigned verifications;

static enum troth_err count_verify(void *state, enum troth_signature_algorithm algorithm,
                                   const struct troth_public_key *key,
                                   struct troth_parts message,
                                   struct troth_span signature)
{
    verifications++;
    return counted->verify(state, algorithm, key, message, signature);
}

/* PCK, its CA, TCB signer, two lists, two statements, enclave and quote: the root's list
 * is about two chains. */
static void verify_each_signature_once(void)
{
    const struct troth_crypto real = t.crypto;
    struct troth_span quote = begin(SIM_TDX_V4, nothing);
    struct troth_crypto_ops ops = *real.ops;

    test_case("without a cache nine signatures are verified, each call anew");
    counted = real.ops;
    ops.verify = count_verify;
    t.crypto.ops = &ops;
    for (unsigned i = 1; i <= 2; i++) {
        CHECK_TEXT(trial_judge(&t, quote, MINTED_AT_S), "accepted");
        CHECK_INT(verifications, 9 * i);
    }
    t.crypto = real;
}

int main(void)
{
    trial_begin(&t);
    ring = sim_keyring_create(1);
    judge_rows();
    allow_statuses();
    combine_parts();
    leave_out();
    choose_statement();
    judge_beside();
    judge_trailing();
    mix_roots();
    count_calls();
    verify_each_signature_once();
    sim_keyring_destroy(ring);
    trial_end(&t);
    return test_finish();
}
