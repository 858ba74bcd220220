/* sgx.h - Intel SGX quotes: an enclave, versions 3, 4 and 5. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EVIDENCE_SGX_SGX_H
#define TROTH_EVIDENCE_SGX_SGX_H

#include "evidence/dcap/dcap.h"
#include "evidence/sgx/layout.h"

struct troth_sgx {
    struct troth_dcap dcap;
    struct troth_sgx_report body;
};

/*
 * troth_sgx_parse - split a quote and the enclave's report in it.
 *
 *   out     filled on success, zeroed on failure; borrows `raw`
 *
 * Errors   as troth_quote_parse(); TROTH_ERR_VALUE if it is not an enclave's
 * Effects  none: no allocation, no I/O, no clock
 */
TROTH_MUST_USE enum troth_err
troth_sgx_parse(struct troth_sgx *out, struct troth_fault *fault, struct troth_span raw);

/* Judge what the enclave's report says of itself: no collateral is needed for it. */
void troth_sgx_judge_report(struct troth_judgement *j, const struct troth_sgx *sgx);

/* The words of the family; see evidence/format.h. */
TROTH_MUST_USE enum troth_err troth_sgx_verify(struct troth_judgement *j,
                                               struct troth_fault *fault, void *fields);
TROTH_MUST_USE enum troth_err
troth_sgx_claims(struct troth_claims *out, const void *fields, struct troth_arena *arena);

extern const char *const troth_sgx_findings[];
extern const enum troth_check_id troth_sgx_plan[];
extern const struct troth_format troth_sgx_format;

#endif
