/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "base/span.h"
#include "evidence/dcap/case.h"

#define ID TROTH_CHECK_QUOTING_ENCLAVE

/* Did the platform's key sign what the quoting enclave reports of itself? Never from the
 * cache. */
static enum troth_err judge_signature(bool *out_holds, struct troth_dcap_case *c)
{
    const struct troth_crypto *crypto = c->j->input->crypto;
    const struct troth_quote *quote = &c->d->quote;
    enum troth_err err = troth_signed_by_raw(crypto, &c->e.pck->key,
                                             TROTH_ECDSA_P256_SHA256, quote->qe_report,
                                             quote->qe_signature);

    *out_holds = !err;
    if (err == TROTH_ERR_CRYPTO)
        return err;
    if (err)
        troth_dcap_judge_field(c, ID, "dcap.qe.report",
                               "the platform's PCK did not sign the enclave's report",
                               troth_value_none(), troth_value_none());
    return TROTH_OK;
}

/* The report's data is SHA-256 of the attestation key and of what else was certified with
 * it, then zeros. */
static enum troth_err judge_key_binding(bool *out_holds, struct troth_dcap_case *c)
{
    const struct troth_crypto *crypto = c->j->input->crypto;
    const struct troth_quote *quote = &c->d->quote;
    const struct troth_span parts[] = {quote->attestation_key, quote->qe_auth_data};
    uint8_t *wanted = troth_arena_take(c->j->input->arena, 64);

    if (!wanted)
        return TROTH_ERR_MEMORY;
    if (crypto->ops->digest(crypto->state, wanted, TROTH_SHA256,
                            (struct troth_parts){parts, 2}))
        return TROTH_ERR_CRYPTO;
    *out_holds = troth_span_equal(quote->qe.report_data, (struct troth_span){wanted, 64});
    if (!*out_holds)
        troth_dcap_judge_field(c, ID, "dcap.qe.report_data",
                               "the enclave did not certify the key that signed",
                               troth_value_bytes(quote->qe.report_data),
                               troth_value_bytes((struct troth_span){wanted, 64}));
    return TROTH_OK;
}

static bool judge_debug(struct troth_dcap_case *c)
{
    if (!(troth_sgx_flags(&c->d->quote.qe) & TROTH_SGX_FLAG_DEBUG))
        return true;
    troth_dcap_judge_field(
        c, ID, "dcap.qe.attributes", "the quoting enclave can be debugged",
        troth_value_bytes(c->d->quote.qe.attributes), troth_value_none());
    return false;
}

/* A field of the report under a mask of the identity's. */
static bool judge_masked(struct troth_dcap_case *c, const char *field,
                         struct troth_span seen, const uint8_t *wanted,
                         const uint8_t *mask)
{
    struct troth_span a = troth_dcap_masked(c, seen.ptr, mask, seen.len);
    struct troth_span b = troth_dcap_masked(c, wanted, mask, seen.len);

    if (a.ptr && b.ptr && troth_span_equal(a, b))
        return true;
    troth_dcap_judge_field(c, ID, field, "not what the QE identity says, where it counts",
                           a.ptr ? troth_value_bytes(a) : troth_value_none(),
                           b.ptr ? troth_value_bytes(b) : troth_value_none());
    return false;
}

static bool judge_identity(struct troth_dcap_case *c)
{
    const struct troth_qe_identity *identity = c->d->qe_identity;
    const struct troth_sgx_report *qe = &c->d->quote.qe;
    struct troth_span signer = TROTH_ARRAY_SPAN(identity->mr_signer);
    uint64_t product = troth_dcap_uint(qe->isv_prod_id);
    bool holds = judge_masked(c, "dcap.qe.misc_select", qe->misc_select,
                              identity->misc_select, identity->misc_select_mask);

    holds &= judge_masked(c, "dcap.qe.attributes", qe->attributes, identity->attributes,
                          identity->attributes_mask);
    if (!troth_span_equal(qe->mr_signer, signer)) {
        troth_dcap_judge_field(c, ID, "dcap.qe.mr_signer",
                               "another signer's enclave than the QE identity says",
                               troth_value_bytes(qe->mr_signer),
                               troth_value_bytes(signer));
        holds = false;
    }
    if (product != identity->isv_prod_id) {
        troth_dcap_judge_field(
            c, ID, "dcap.qe.isv_prod_id", "another enclave than the QE identity says",
            troth_value_uint(product), troth_value_uint(identity->isv_prod_id));
        holds = false;
    }
    return holds;
}

/* Which of Intel's levels it has reached; the status is another check's. */
static bool judge_level(struct troth_dcap_case *c)
{
    const struct troth_qe_identity *identity = c->d->qe_identity;
    uint64_t isv_svn = troth_dcap_uint(c->d->quote.qe.isv_svn);

    c->d->qe = troth_isv_match(identity->levels, identity->level_count,
                               (unsigned)isv_svn);
    if (c->d->qe.status != TROTH_TCB_NONE)
        return true;
    troth_dcap_judge_field(
        c, ID, "dcap.qe.isv_svn", "below every level that the QE identity lists",
        troth_value_uint(isv_svn),
        identity->level_count > 0
            ? troth_value_uint(identity->levels[identity->level_count - 1].isv_svn)
            : troth_value_none());
    return false;
}

enum troth_err troth_dcap_judge_enclave(struct troth_dcap_case *c)
{
    bool is_signed = true, is_bound = false;
    enum troth_err err = TROTH_OK;

    if (c->e.pck)
        err = judge_signature(&is_signed, c);
    if (!err)
        err = judge_key_binding(&is_bound, c);
    if (err)
        return err;
    bool holds = judge_debug(c) && is_signed && is_bound;

    if (c->d->qe_identity) {
        holds &= judge_identity(c);
        holds &= judge_level(c);
    }
    if (!holds)
        return TROTH_OK;
    if (!c->e.pck || !c->d->qe_identity)
        troth_dcap_judge_missing(c, ID, NULL,
                                 c->e.pck ? "no genuine QE identity says which enclave "
                                            "is the vendor's own"
                                          : "without a PCK certificate nothing says "
                                            "which platform vouches for the enclave",
                                 c->e.pck ? TROTH_DCAP_QE_IDENTITY : TROTH_DCAP_PCK);
    else
        troth_judge_passed(c->j, ID);
    return TROTH_OK;
}
