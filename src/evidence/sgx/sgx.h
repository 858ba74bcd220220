/* sgx.h - Intel SGX quotes: an enclave, versions 3, 4 and 5. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EVIDENCE_SGX_SGX_H
#define TROTH_EVIDENCE_SGX_SGX_H

#include "evidence/dcap/dcap.h"

struct troth_sgx {
    struct troth_dcap dcap;
    struct troth_sgx_report body;
};

/* The words of the family; see evidence/format.h. */
TROTH_MUST_USE enum troth_err troth_sgx_verify(struct troth_judgement *j,
                                               struct troth_fault *fault, void *fields);
TROTH_MUST_USE enum troth_err
troth_sgx_claims(struct troth_claims *out, const void *fields, struct troth_arena *arena);

extern const char *const troth_sgx_findings[];
extern const enum troth_check_id troth_sgx_plan[];
extern const struct troth_format troth_sgx_format;

#endif
