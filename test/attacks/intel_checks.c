/* SPDX-License-Identifier: Apache-2.0 */
#include "intel_checks.h"

static void intel_reserved(struct intel_stage *s)
{
    s->doc.quote.header.word_8 = 1;
}

static void intel_anchor(struct intel_stage *s)
{
    s->pins_nothing = true;
}

static void intel_chain(struct intel_stage *s)
{
    s->doc.certs[SIM_INTEL_PCK].signing.edit_signature = (struct sim_edit){
        sim_flip_last_bit, NULL};
}

static void intel_validity(struct intel_stage *s)
{
    s->doc.certs[SIM_INTEL_PLATFORM_CA].not_after_s = MINTED_AT_S - 1;
}

static void intel_revocation(struct intel_stage *s)
{
    sim_crl_revoke(&s->doc.pck_crl, &s->doc.certs[SIM_INTEL_PCK], MINTED_AT_S);
}

static void intel_collateral(struct intel_stage *s)
{
    s->doc.tcb_info.pce_id[0] ^= 1;
}

static void intel_quoting_enclave(struct intel_stage *s)
{
    s->doc.quote.qe.mr_signer[0] ^= 1;
}

static void intel_signature(struct intel_stage *s)
{
    s->doc.quote.edit_signature = (struct sim_edit){sim_flip_last_bit, NULL};
}

static void intel_tcb_status(struct intel_stage *s)
{
    sim_intel_set_status(&s->doc, SIM_OUT_OF_DATE);
}

static void intel_debug(struct intel_stage *s)
{
    sim_intel_set_debug(&s->doc);
}

static void sgx_attributes(struct intel_stage *s)
{
    s->doc.quote.enclave.flags |= 8;
}

static void tdx_attributes(struct intel_stage *s)
{
    s->doc.quote.td.xfam |= UINT64_C(1) << 63;
}

static void tdx_module(struct intel_stage *s)
{
    s->doc.quote.td.mr_signer_seam[47] = 1;
}

static void tdx_migration(struct intel_stage *s)
{
    s->doc.quote.td.td_attributes |= 1 << 29;
}

/* clang-format off */
/* Bytes behind the declared end are reported and tolerated. */
#define BOTH                                                                             \
    {"reserved",        TROTH_CHECK_RESERVED,        intel_reserved},                    \
    {"trailing",        TROTH_CHECK_TRAILING,        NULL},                              \
    {"anchor",          TROTH_CHECK_ANCHOR,          intel_anchor},                      \
    {"chain",           TROTH_CHECK_CHAIN,           intel_chain},                       \
    {"validity",        TROTH_CHECK_VALIDITY,        intel_validity},                    \
    {"revocation",      TROTH_CHECK_REVOCATION,      intel_revocation},                  \
    {"collateral",      TROTH_CHECK_COLLATERAL,      intel_collateral},                  \
    {"quoting_enclave", TROTH_CHECK_QUOTING_ENCLAVE, intel_quoting_enclave},             \
    {"signature",       TROTH_CHECK_SIGNATURE,       intel_signature},                   \
    {"tcb_status",      TROTH_CHECK_TCB_STATUS,      intel_tcb_status},                  \
    {"debug",           TROTH_CHECK_DEBUG,           intel_debug}

const struct intel_check sgx_checks[] = {
    BOTH,
    {"attributes",      TROTH_CHECK_ATTRIBUTES,      sgx_attributes},
    {NULL,              TROTH_CHECK_COUNT,           NULL},
};

const struct intel_check tdx_checks[] = {
    BOTH,
    {"module",          TROTH_CHECK_MODULE,          tdx_module},
    {"migration",       TROTH_CHECK_MIGRATION,       tdx_migration},
    {"attributes",      TROTH_CHECK_ATTRIBUTES,      tdx_attributes},
    {NULL,              TROTH_CHECK_COUNT,           NULL},
};
/* clang-format on */
