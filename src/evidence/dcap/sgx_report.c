/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/dcap/sgx_report.h"

#include "base/span.h"

#define X(name, size, kind, about) +(size)
_Static_assert((0 TROTH_SGX_REPORT(X)) == TROTH_SGX_REPORT_SIZE, "rows must tile");
#undef X

void troth_sgx_report_read(struct troth_sgx_report *out, struct troth_cursor *c,
                           const char *field)
{
#define X(name, size, kind, about) out->name = troth_cursor_bytes(c, size, field);
    TROTH_SGX_REPORT(X)
#undef X
}

const char *troth_sgx_report_not_zero(const struct troth_sgx_report *report)
{
/* clang-format off */
#define MUST_BE_ZERO_ZERO  true
#define MUST_BE_ZERO_UINT  false
#define MUST_BE_ZERO_BYTES false
#define X(name, size, kind, about)                                  \
    if (MUST_BE_ZERO_##kind && !troth_span_is_zero(report->name))   \
        return #name;
    TROTH_SGX_REPORT(X)
#undef X
    /* clang-format on */
    return NULL;
}

uint64_t troth_dcap_uint(struct troth_span field)
{
    uint64_t value = 0;

    for (size_t i = field.len; i > 0; i--)
        value = value << 8 | field.ptr[i - 1];
    return value;
}

uint64_t troth_sgx_flags(const struct troth_sgx_report *report)
{
    return troth_dcap_uint(troth_span_slice(report->attributes, 0, 8));
}

uint64_t troth_sgx_xfrm(const struct troth_sgx_report *report)
{
    return troth_dcap_uint(troth_span_slice(report->attributes, 8, 16));
}
