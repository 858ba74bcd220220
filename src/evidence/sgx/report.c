/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/sgx/sgx.h"

#include "base/span.h"
#include "base/value.h"
#include "evidence/bits.h"
#include "evidence/dcap/reserved.h"

/* clang-format off */
static const char *const flag_names[64] = {TROTH_BIT_NAMES("sgx.attributes.bit")};
static const char *const xfrm_names[64] = {TROTH_BIT_NAMES("sgx.xfrm.bit")};

const char *const troth_sgx_findings[] = {
    "debug", TROTH_DCAP_FINDINGS, TROTH_BIT_NAMES("sgx.attributes.bit"),
    TROTH_BIT_NAMES("sgx.xfrm.bit"), NULL,
};

#define X(number, name, about) | UINT64_C(1) << (number)
static const struct troth_bit_rules flag_rules = {
    .names = flag_names, .fixed = TROTH_SGX_FLAG_INIT, .clear = ~(0 TROTH_SGX_FLAGS(X)),
};
#undef X
static const struct troth_bit_rules xfrm_rules = {
    .names = xfrm_names, .fixed = TROTH_XFEATURES_FIXED,
    .clear = ~(TROTH_XFEATURES_KNOWN | TROTH_SGX_XFRM_MPX),
};
/* clang-format on */

static struct troth_reserved first_reserved(const struct troth_sgx *s)
{
    struct troth_reserved header = troth_quote_reserved(&s->dcap.quote);

    if (header.field)
        return header;
/* clang-format off */
#define MUST_BE_ZERO_ZERO  true
#define MUST_BE_ZERO_UINT  false
#define MUST_BE_ZERO_BYTES false
#define X(name, size, kind, about)                                         \
    if (MUST_BE_ZERO_##kind && !troth_span_is_zero(s->body.name))          \
        return (struct troth_reserved){"sgx." #name, s->body.name};
    TROTH_SGX_REPORT(X)
#undef X
    /* clang-format on */
    return header;
}

static void judge_debug(struct troth_judgement *j, uint64_t flags)
{
    if (!(flags & TROTH_SGX_FLAG_DEBUG)) {
        troth_judge_passed(j, TROTH_CHECK_DEBUG);
        return;
    }
    troth_judge_finding(
        j, &(struct troth_finding){
               .id = TROTH_CHECK_DEBUG,
               .name = "debug",
               .why = "the host may debug the enclave (sgx.attributes bit 1)",
               .seen = troth_value_bool(true),
               .wanted = troth_value_bool(false),
           });
}

static void judge_attributes(struct troth_judgement *j, const struct troth_sgx *s)
{
    bool flags_good = troth_judge_bits(j, TROTH_CHECK_ATTRIBUTES,
                                       troth_sgx_flags(&s->body), &flag_rules);
    bool xfrm_good = troth_judge_bits(j, TROTH_CHECK_ATTRIBUTES, troth_sgx_xfrm(&s->body),
                                      &xfrm_rules);

    if (flags_good && xfrm_good)
        troth_judge_passed(j, TROTH_CHECK_ATTRIBUTES);
}

void troth_sgx_judge_report(struct troth_judgement *j, const struct troth_sgx *sgx)
{
    troth_judge_reserved(j, first_reserved(sgx));
    judge_debug(j, troth_sgx_flags(&sgx->body));
    judge_attributes(j, sgx);
}
