/* SPDX-License-Identifier: Apache-2.0 */
#include "appraise/appraise.h"

#include "base/fault.h"
#include "base/span.h"

static bool may_be_any(const struct troth_claims *claims, struct troth_span name)
{
    return troth_span_equal(name, TROTH_LITERAL("nonce")) ||
           troth_claims_find(claims, name) != NULL;
}

enum troth_err troth_requirements_check(struct troth_fault *fault,
                                        const struct troth_requirements *requirements,
                                        const struct troth_claims *claims)
{
    const struct troth_requirements *r = requirements;

    if (r->expect_count > TROTH_EXPECTATIONS_MAX)
        return troth_fault_set(fault, TROTH_ERR_LIMIT, "requirements.expect");
    for (size_t i = 0; i < r->allow.count; i++)
        if (!troth_format_has_finding(r->allow.rows[i]))
            return troth_fault_set(fault, TROTH_ERR_CLAIM, "requirements.allow");
    for (size_t i = 0; i < r->any.count; i++)
        if (!may_be_any(claims, r->any.rows[i]))
            return troth_fault_set(fault, TROTH_ERR_CLAIM, "requirements.any");
    for (size_t i = 0; i < r->expect_count; i++)
        for (size_t k = 0; k < i; k++)
            if (troth_span_equal(r->expect[i].claim, r->expect[k].claim))
                return troth_fault_set(fault, TROTH_ERR_DUPLICATE, "requirements.expect");
    return TROTH_OK;
}
