/* sgx_report.h - an enclave's report: the body of an SGX quote, and the QE's own. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EVIDENCE_DCAP_SGX_REPORT_H
#define TROTH_EVIDENCE_DCAP_SGX_REPORT_H

#include "base/cursor.h"
#include "evidence/dcap/layout.h"

/* Borrows the quote. */
struct troth_sgx_report {
#define X(name, size, kind, about) struct troth_span name;
    TROTH_SGX_REPORT(X)
#undef X
};

/* The next TROTH_SGX_REPORT_SIZE bytes of `c`, split into fields. Judges nothing. */
void troth_sgx_report_read(struct troth_sgx_report *out, struct troth_cursor *c,
                           const char *field);

/* The first field that must be zero and is not, as "reserved_20"; or NULL. */
const char *troth_sgx_report_not_zero(const struct troth_sgx_report *report);

/* The little-endian integer in a field of up to eight bytes. */
uint64_t troth_dcap_uint(struct troth_span field);

/* The flags and the features (XFRM) of ATTRIBUTES. */
uint64_t troth_sgx_flags(const struct troth_sgx_report *report);
uint64_t troth_sgx_xfrm(const struct troth_sgx_report *report);

#define TROTH_SGX_FLAG_INIT  UINT64_C(1)
#define TROTH_SGX_FLAG_DEBUG UINT64_C(2)

#endif
