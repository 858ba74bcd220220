/* tdx.h - Intel TDX quotes: a trust domain, TD 1.0, 1.5 and 1.5-EX. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EVIDENCE_TDX_TDX_H
#define TROTH_EVIDENCE_TDX_TDX_H

#include "evidence/dcap/dcap.h"
#include "evidence/tdx/layout.h"

struct troth_tdx {
    struct troth_dcap dcap;
    /* Empty where the body's type has no such field. */
#define X(name, size, kind, about) struct troth_span name;
    TROTH_TD10_REPORT(X) TROTH_TD15_REPORT(X) TROTH_TD15_EX_REPORT(X)
#undef X
};

/*
 * troth_tdx_parse - split a quote and the trust domain's report in it.
 *
 *   out     filled on success, zeroed on failure; borrows `raw`
 *
 * Errors   as troth_quote_parse(); TROTH_ERR_VALUE if it is not a trust domain's
 * Effects  none: no allocation, no I/O, no clock
 */
TROTH_MUST_USE enum troth_err
troth_tdx_parse(struct troth_tdx *out, struct troth_fault *fault, struct troth_span raw);

/* Judge what the trust domain's report says of itself: no collateral is needed for it. */
void troth_tdx_judge_report(struct troth_judgement *j, const struct troth_tdx *tdx);

/* The words of the family; see evidence/format.h. */
TROTH_MUST_USE enum troth_err troth_tdx_verify(struct troth_judgement *j,
                                               struct troth_fault *fault, void *fields);
TROTH_MUST_USE enum troth_err
troth_tdx_claims(struct troth_claims *out, const void *fields, struct troth_arena *arena);

extern const char *const troth_tdx_findings[];
extern const enum troth_check_id troth_tdx_plan[];
extern const struct troth_format troth_tdx_format;

#endif
