/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/sgx/sgx.h"

const enum troth_check_id troth_sgx_plan[] = {
    TROTH_CHECK_TRAILING,   TROTH_CHECK_RESERVED, TROTH_DCAP_PLAN,
    TROTH_CHECK_TCB_STATUS, TROTH_CHECK_DEBUG,    TROTH_CHECK_ATTRIBUTES,
    TROTH_CHECK_COUNT,
};

enum troth_err troth_sgx_verify(struct troth_judgement *j, struct troth_fault *fault,
                                void *fields)
{
    static const struct troth_dcap_tee tee = {.is_tdx = false};
    struct troth_sgx *s = fields;
    enum troth_err err = troth_dcap_verify(j, fault, &s->dcap, &tee);

    if (err)
        return err;
    troth_sgx_judge_report(j, s);
    if (!s->dcap.has_pck)
        troth_limits_add(&j->not_proven, TROTH_LIMIT_NO_HARDWARE_ID);
    return TROTH_OK;
}
