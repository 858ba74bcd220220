/* The values genuine quotes and collateral have. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "sim/intel_pki.h"

#define DAY            INT64_C(86400)
#define TOP_VERSION    8 /* of the parts that sim_intel_set_status() lowers */
#define MODULE_SVN     5
#define QE_SVN         5
#define PCE_SVN        13
#define OLD_PCE_SVN    11
#define EVALUATION     18
#define SGX_FLAGS      0x05 /* INIT, MODE64BIT */
#define QE_FLAGS       0x15 /* and PROVISION_KEY */
#define SGX_XFRM       0xe7 /* what AVX-512 needs */
#define TD_SEPT_VE_OFF 0x10000000
#define TD_XFAM        0x602e7 /* and PKRU, AMX */

static const struct {
    unsigned layout;
    enum sim_quote_body body;
} kinds[SIM_INTEL_KINDS] = {
    [SIM_SGX_V3] = {3, SIM_BODY_SGX},
    [SIM_SGX_V4] = {4, SIM_BODY_SGX},
    [SIM_SGX_V5] = {5, SIM_BODY_SGX},
    [SIM_TDX_V4] = {4, SIM_BODY_TD10},
    [SIM_TDX_V5_TD10] = {5, SIM_BODY_TD10},
    [SIM_TDX_V5_TD15] = {5, SIM_BODY_TD15},
    [SIM_TDX_V5_TD15_EX] = {5, SIM_BODY_TD15_EX},
};

/* clang-format off */
/* From 2025-05-14 back to 2018-01-04. */
static const struct sim_intel_standing standings[] = {
    [SIM_UP_TO_DATE] =
        {"UpToDate", 1747180800, NULL},
    [SIM_SW_HARDENING] =
        {"SWHardeningNeeded", 1747180800, "INTEL-SA-00615"},
    [SIM_CONFIGURATION] =
        {"ConfigurationNeeded", 1710288000, "INTEL-SA-00657"},
    [SIM_CONFIGURATION_SW_HARDENING] =
        {"ConfigurationAndSWHardeningNeeded", 1710288000,
         "INTEL-SA-00615,INTEL-SA-00657"},
    [SIM_OUT_OF_DATE] =
        {"OutOfDate", 1691539200, "INTEL-SA-00828,INTEL-SA-00837"},
    [SIM_OUT_OF_DATE_CONFIGURATION] =
        {"OutOfDateConfigurationNeeded", 1676419200, "INTEL-SA-00657,INTEL-SA-00828"},
    [SIM_REVOKED] =
        {"Revoked", 1515024000, "INTEL-SA-00106"},
};

static const struct sim_intel_isv_levels qe_levels = {{
    {QE_SVN,     {"UpToDate",                     1747180800, NULL}},
    {QE_SVN - 1, {"SWHardeningNeeded",            1710288000, "INTEL-SA-00615"}},
    {QE_SVN - 2, {"OutOfDate",                    1691539200, "INTEL-SA-00477"}},
    {QE_SVN - 3, {"OutOfDateConfigurationNeeded", 1676419200, "INTEL-SA-00334"}},
    {QE_SVN - 4, {"Revoked",                      1515024000, "INTEL-SA-00202"}},
}, 5};

static const struct sim_intel_isv_levels module_levels = {{
    {MODULE_SVN,     {"UpToDate",  1747180800, NULL}},
    {MODULE_SVN - 2, {"OutOfDate", 1691539200, "INTEL-SA-01036"}},
    {MODULE_SVN - 3, {"Revoked",   1515024000, "INTEL-SA-01099"}},
}, 3};

static const uint8_t vendor_id[16] = {
    0x93, 0x9a, 0x72, 0x33, 0xf7, 0x9c, 0x4c, 0xa9,
    0x94, 0x0a, 0x0d, 0xb3, 0x95, 0x7f, 0x06, 0x07,
};

/* The keys Intel signs its quoting enclaves with; of these only the hashes are public. */
static const uint8_t qe_signer[32] = {
    0x8c, 0x4f, 0x57, 0x75, 0xd7, 0x96, 0x50, 0x3e,
    0x96, 0x13, 0x7f, 0x77, 0xc6, 0x8a, 0x82, 0x9a,
    0x00, 0x56, 0xac, 0x8d, 0xed, 0x70, 0x14, 0x0b,
    0x08, 0x1b, 0x09, 0x44, 0x90, 0xc5, 0x7b, 0xff,
};
static const uint8_t td_qe_signer[32] = {
    0xdc, 0x9e, 0x2a, 0x7c, 0x6f, 0x94, 0x8f, 0x17,
    0x47, 0x4e, 0x34, 0xa7, 0xfc, 0x43, 0xed, 0x03,
    0x0f, 0x7c, 0x15, 0x63, 0xf1, 0xba, 0xbd, 0xdf,
    0x63, 0x40, 0xc8, 0x2e, 0x0e, 0x54, 0xa8, 0xc5,
};

/* Versions of the processor's parts; the first two are the level's. */
static const uint8_t sgx_parts[SIM_TCB_COMPONENTS] = {0, 0, 3, 3, 255, 255, 1};
static const uint8_t tdx_parts[SIM_TCB_COMPONENTS] = {0, 0, 2, 2, 4, 1, 0, 3};
/* clang-format on */

static uint8_t version_of(enum sim_intel_status status)
{
    return (uint8_t)(TOP_VERSION - status);
}

void sim_intel_set_status(struct sim_intel *doc, enum sim_intel_status status)
{
    uint8_t *const svns[] = {doc->pck.components, doc->pck.cpu_svn,
                             doc->quote.enclave.cpu_svn, doc->quote.qe.cpu_svn};

    for (size_t i = 0; i < sizeof svns / sizeof svns[0]; i++) {
        svns[i][0] = version_of(status);
        svns[i][1] = version_of(status);
    }
}

void sim_intel_set_td_status(uint8_t tee_tcb_svn[static 16], enum sim_intel_status status)
{
    tee_tcb_svn[2] = version_of(status);
}

static void set_pck(struct sim_intel *doc, const struct sim_keyring *ring,
                    const char *label, unsigned number)
{
    const uint8_t *parts = doc->is_tdx ? tdx_parts : sgx_parts;
    const unsigned group = number / SIM_INTEL_PER_FMSPC;
    const uint8_t fmspc[6] = {doc->is_tdx ? 0x90 : 0x00, doc->is_tdx ? 0xc0 : 0x60,
                              doc->is_tdx ? 0x6f : 0x6a, (uint8_t)(group >> 16),
                              (uint8_t)(group >> 8),     (uint8_t)group};
    const struct sim_label instance = sim_label_of("intel/instance", number);

    sim_keyring_fill(ring, label, doc->pck.ppid, sizeof doc->pck.ppid);
    memcpy(doc->pck.ppid, "TROTH", 5);
    sim_keyring_fill(ring, instance.text, doc->pck.platform_instance_id,
                     sizeof doc->pck.platform_instance_id);
    memcpy(doc->pck.components, parts, SIM_TCB_COMPONENTS);
    memcpy(doc->pck.cpu_svn, parts, SIM_TCB_COMPONENTS);
    memcpy(doc->quote.enclave.cpu_svn, parts, SIM_TCB_COMPONENTS);
    memcpy(doc->quote.qe.cpu_svn, parts, SIM_TCB_COMPONENTS);
    doc->pck.pce_svn = PCE_SVN;
    doc->pck.dynamic_platform = true;
    doc->pck.cached_keys = true;
    doc->pck.smt = true;
    sim_intel_set_fmspc(doc, fmspc);
    sim_intel_set_status(doc, SIM_UP_TO_DATE);
}

static void set_level(struct sim_intel_level *level, const uint8_t *parts,
                      enum sim_intel_status status)
{
    memcpy(level->sgx, parts, sizeof level->sgx);
    level->sgx[0] = level->sgx[1] = version_of(status);
    level->tdx[0] = MODULE_SVN;
    sim_intel_set_td_status(level->tdx, status);
    level->pce_svn = status < SIM_OUT_OF_DATE ? PCE_SVN : OLD_PCE_SVN;
    level->standing = standings[status];
}

static void add_module(struct sim_intel_tcb *info, const char *id)
{
    struct sim_intel_module_identity *identity = &info->identities[info->identity_count];

    identity->id = id;
    identity->module = info->module;
    identity->levels = module_levels;
    info->identity_count++;
}

static void set_tcb_info(struct sim_intel *doc, int64_t time_s)
{
    struct sim_intel_tcb *info = &doc->tcb_info;

    info->version = 3;
    info->id = doc->is_tdx ? "TDX" : "SGX";
    info->issue_date_s = time_s - 10 * DAY;
    info->next_update_s = time_s + 20 * DAY;
    info->evaluation_number = EVALUATION;
    for (int status = SIM_UP_TO_DATE; status < SIM_NO_LEVEL; status++)
        set_level(&info->levels[info->level_count++], doc->is_tdx ? tdx_parts : sgx_parts,
                  (enum sim_intel_status)status);
    doc->tcb_info_signing.key = doc->certs[SIM_INTEL_TCB_SIGNER].key;
    if (!doc->is_tdx)
        return;
    info->has_module = true;
    memset(info->module.attributes_mask, 0xff, sizeof info->module.attributes_mask);
    add_module(info, "TDX_03");
    add_module(info, "TDX_01");
}

static void set_qe_identity(struct sim_intel *doc, int64_t time_s)
{
    static const uint8_t attributes_mask[16] = {0xfb, 0xff, 0xff, 0xff,
                                                0xff, 0xff, 0xff, 0xff};
    struct sim_intel_qe *identity = &doc->qe_identity;

    identity->id = doc->is_tdx ? "TD_QE" : "QE";
    identity->version = 2;
    identity->issue_date_s = time_s - 10 * DAY;
    identity->next_update_s = time_s + 20 * DAY;
    identity->evaluation_number = EVALUATION;
    memset(identity->misc_select_mask, 0xff, sizeof identity->misc_select_mask);
    identity->attributes[0] = 0x11; /* MODE64BIT is not looked at */
    memcpy(identity->attributes_mask, attributes_mask, sizeof attributes_mask);
    memcpy(identity->mr_signer, doc->is_tdx ? td_qe_signer : qe_signer, 32);
    identity->isv_prod_id = doc->is_tdx ? 2 : 1;
    identity->levels = qe_levels;
    doc->qe_identity_signing.key = doc->certs[SIM_INTEL_TCB_SIGNER].key;
}

static void set_qe(struct sim_intel *doc, struct sim_keyring *ring, unsigned number)
{
    const struct sim_label key = sim_label_of(
        doc->is_tdx ? "intel/td-attestation" : "intel/sgx-attestation", number);
    struct sim_intel_quote *quote = &doc->quote;

    quote->key = sim_keyring_key(ring, SIM_KEY_P256, key.text);
    quote->qe_key = doc->certs[SIM_INTEL_PCK].key;
    quote->qe.flags = QE_FLAGS;
    quote->qe.xfrm = SGX_XFRM;
    sim_keyring_fill(ring, doc->is_tdx ? "intel/td-qe" : "intel/qe", quote->qe.mr_enclave,
                     sizeof quote->qe.mr_enclave);
    memcpy(quote->qe.mr_signer, doc->qe_identity.mr_signer, sizeof quote->qe.mr_signer);
    quote->qe.isv_prod_id = doc->qe_identity.isv_prod_id;
    quote->qe.isv_svn = QE_SVN;
    quote->auth_data_len = 32; /* 0, 1, 2, … as all of Intel's quoting enclaves write */
    for (uint8_t i = 0; i < 32; i++)
        quote->auth_data[i] = i;
    quote->qe_certification_type = 6;
    quote->certification_type = 5;
}

static void set_header(struct sim_intel *doc, const struct sim_keyring *ring,
                       const char *label)
{
    struct sim_quote_header *header = &doc->quote.header;

    header->version = doc->quote.layout;
    header->attestation_key_type = 2; /* ECDSA with P-256 */
    header->tee_type = doc->is_tdx ? 0x81 : 0;
    header->word_8 = doc->quote.layout == 3 ? QE_SVN : 0;
    header->word_10 = doc->quote.layout == 3 ? PCE_SVN : 0;
    memcpy(header->qe_vendor_id, vendor_id, sizeof vendor_id);
    sim_keyring_fill(ring, label, header->user_data, 16); /* which quoting enclave */
}

static void set_enclave(struct sim_sgx_report *enclave, const struct sim_keyring *ring)
{
    enclave->flags = SGX_FLAGS;
    enclave->xfrm = SGX_XFRM;
    sim_keyring_fill(ring, "sgx/mr_enclave", enclave->mr_enclave, 32);
    sim_keyring_fill(ring, "sgx/mr_signer", enclave->mr_signer, 32);
    enclave->isv_prod_id = 1;
    enclave->isv_svn = 2;
}

static void set_td(struct sim_td_report *td, const struct sim_keyring *ring)
{
    td->tee_tcb_svn[0] = MODULE_SVN;
    td->tee_tcb_svn[1] = 1; /* TDX_01 */
    sim_intel_set_td_status(td->tee_tcb_svn, SIM_UP_TO_DATE);
    memcpy(td->tee_tcb_svn2, td->tee_tcb_svn, sizeof td->tee_tcb_svn2);
    memcpy(td->init_tee_tcb_svn, td->tee_tcb_svn, sizeof td->init_tee_tcb_svn);
    td->td_attributes = TD_SEPT_VE_OFF;
    td->xfam = TD_XFAM;
    sim_keyring_fill(ring, "tdx/mr_seam", td->mr_seam, sizeof td->mr_seam);
    sim_keyring_fill(ring, "tdx/mr_td", td->mr_td, sizeof td->mr_td);
    sim_keyring_fill(ring, "tdx/rtmr0", td->rtmr0, sizeof td->rtmr0);
    sim_keyring_fill(ring, "tdx/rtmr1", td->rtmr1, sizeof td->rtmr1);
    sim_keyring_fill(ring, "tdx/rtmr2", td->rtmr2, sizeof td->rtmr2);
    sim_keyring_fill(ring, "tdx/td_id", td->td_id, sizeof td->td_id);
}

void sim_intel_default(struct sim_intel *out, struct sim_keyring *ring,
                       enum sim_intel_kind kind, unsigned number, int64_t time_s)
{
    struct sim_label label;

    memset(out, 0, sizeof *out);
    out->is_tdx = kinds[kind].body != SIM_BODY_SGX;
    label = sim_label_of(out->is_tdx ? "intel/tdx" : "intel/sgx", number);
    out->ca = SIM_INTEL_PLATFORM_CA;
    out->quote.layout = kinds[kind].layout;
    out->quote.body = kinds[kind].body;
    out->quote.body_type = (uint16_t)kinds[kind].body;
    sim_intel_pki_default(out, ring, label.text, time_s);
    set_pck(out, ring, label.text, number);
    set_tcb_info(out, time_s);
    set_qe_identity(out, time_s);
    set_qe(out, ring, number);
    set_header(out, ring, label.text);
    set_enclave(&out->quote.enclave, ring);
    set_td(&out->quote.td, ring);
    sim_keyring_fill(ring, "intel/encrypted", out->encrypted_ppid,
                     sizeof out->encrypted_ppid);
    out->chain[0] = SIM_INTEL_PCK;
    out->chain[1] = out->ca;
    out->chain[2] = SIM_INTEL_ROOT;
    out->chain_count = 3;
    out->chain_ends_with_zero = true;
    sim_intel_set_ca(out,
                     kind == SIM_SGX_V3 ? SIM_INTEL_PROCESSOR_CA : SIM_INTEL_PLATFORM_CA);
}
