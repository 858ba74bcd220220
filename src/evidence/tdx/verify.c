/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/tdx/tdx.h"

const enum troth_check_id troth_tdx_plan[] = {
    TROTH_CHECK_TRAILING,  TROTH_CHECK_RESERVED,   TROTH_DCAP_PLAN,
    TROTH_CHECK_MODULE,    TROTH_CHECK_TCB_STATUS, TROTH_CHECK_DEBUG,
    TROTH_CHECK_MIGRATION, TROTH_CHECK_ATTRIBUTES, TROTH_CHECK_COUNT,
};

enum troth_err troth_tdx_verify(struct troth_judgement *j, struct troth_fault *fault,
                                void *fields)
{
    struct troth_tdx *t = fields;
    const struct troth_dcap_tee tee = {
        .is_tdx = true,
        .tcb_svn = t->tee_tcb_svn.ptr,
        .tcb_svn2 = t->tee_tcb_svn2.ptr,
        .mr_signer_seam = t->mr_signer_seam,
        .seam_attributes = t->seam_attributes,
    };
    enum troth_err err = troth_dcap_verify(j, fault, &t->dcap, &tee);

    if (err)
        return err;
    troth_tdx_judge_report(j, t);
    troth_limits_add(&j->not_proven, TROTH_LIMIT_ACPI);
    if (!t->dcap.has_pck)
        troth_limits_add(&j->not_proven, TROTH_LIMIT_NO_HARDWARE_ID);
    return TROTH_OK;
}
