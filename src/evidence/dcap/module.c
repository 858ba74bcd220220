/* SPDX-License-Identifier: Apache-2.0 */
#include "base/span.h"
#include "evidence/dcap/case.h"

#define ID TROTH_CHECK_MODULE

/* TEE_TCB_SVN begins with the module's security version and its version. */
enum { SECURITY_VERSION = 0, VERSION = 1 };

static bool judge_signer(struct troth_dcap_case *c, const struct troth_tdx_module *module)
{
    struct troth_span wanted = TROTH_ARRAY_SPAN(module->mr_signer);

    if (troth_span_equal(c->tee->mr_signer_seam, wanted))
        return true;
    troth_dcap_judge_field(
        c, ID, "tdx.mr_signer_seam", "another signer's module than the TCB info says",
        troth_value_bytes(c->tee->mr_signer_seam), troth_value_bytes(wanted));
    return false;
}

/* No attribute has a meaning that a verifier may wave through: all are zero. */
static bool judge_attributes(struct troth_dcap_case *c,
                             const struct troth_tdx_module *module)
{
    struct troth_span seen = c->tee->seam_attributes;
    struct troth_span masked = troth_dcap_masked(c, seen.ptr, module->attributes_mask,
                                                 sizeof module->attributes_mask);
    struct troth_span wanted = TROTH_ARRAY_SPAN(module->attributes);

    if (troth_span_is_zero(seen) && troth_span_equal(masked, wanted))
        return true;
    troth_dcap_judge_field(c, ID, "tdx.seam_attributes",
                           "not the attributes of a production module",
                           troth_value_bytes(seen), troth_value_bytes(wanted));
    return false;
}

static bool judge_level(struct troth_dcap_case *c,
                        const struct troth_tdx_module_identity *identity)
{
    unsigned isv_svn = c->tee->tcb_svn[SECURITY_VERSION];

    c->d->module = troth_isv_match(identity->levels, identity->level_count, isv_svn);
    if (c->d->module.status != TROTH_TCB_NONE)
        return true;
    troth_dcap_judge_field(
        c, ID, "tdx.tee_tcb_svn", "below every level that Intel lists of this module",
        troth_value_uint(isv_svn),
        identity->level_count > 0
            ? troth_value_uint(identity->levels[identity->level_count - 1].isv_svn)
            : troth_value_none());
    return false;
}

enum troth_err troth_dcap_judge_module(struct troth_dcap_case *c)
{
    const struct troth_tcb_info *info = c->d->tcb_info;
    uint8_t version = c->tee->tcb_svn[VERSION];
    const struct troth_tdx_module_identity *identity = NULL;
    const struct troth_tdx_module *module;

    if (!info) {
        troth_dcap_judge_missing(c, ID, NULL,
                                 "no genuine TCB info says which module is the vendor's "
                                 "own",
                                 TROTH_DCAP_TCB_INFO);
        return TROTH_OK;
    }
    if (version > 0)
        identity = troth_tcb_info_module(info, version);
    module = version > 0 ? NULL : &info->module;
    if (identity)
        module = &identity->module;
    if (!module || (version == 0 && !info->has_module)) {
        troth_dcap_judge_field(c, ID, "tdx.module_version",
                               "the TCB info lists no module of this version",
                               troth_value_uint(version), troth_value_none());
        return TROTH_OK;
    }
    bool holds = judge_signer(c, module);

    holds &= judge_attributes(c, module);
    if (identity)
        holds &= judge_level(c, identity);
    if (holds)
        troth_judge_passed(c->j, ID);
    return TROTH_OK;
}
