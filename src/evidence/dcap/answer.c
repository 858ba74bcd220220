/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/dcap/answer.h"

#include "base/instant.h"
#include "base/span.h"
#include "evidence/answer_list.h"
#include "evidence/dcap/case.h"
#include "evidence/dcap/embedded.h"
#include "pki/genuine.h"
#include "pki/row.h"

/* One answer being judged. */
struct judging {
    struct troth_answer_report *out;
    const struct troth_answer_question *q;
    const struct troth_shelf *shelf;
};

static enum troth_err fail(struct judging *a, const char *why, struct troth_value seen,
                           struct troth_value wanted)
{
    troth_row_fail(&a->out->row, why, seen, wanted);
    return TROTH_OK;
}

static void end_by(struct judging *a, int64_t until_s)
{
    if (until_s < a->out->expires_s)
        a->out->expires_s = until_s;
}

static bool is_asked_for(struct judging *a, const char *name)
{
    struct troth_span asked = troth_span_of_text(a->q->need->name);

    if (name && troth_span_equal(troth_span_of_text(name), asked))
        return true;
    (void)fail(a, "not what was asked for",
               name ? troth_value_text(name) : troth_value_none(),
               troth_value_text_span(asked));
    return false;
}

static struct troth_chain chain_below(const struct judging *a,
                                      const struct troth_anchor *anchor)
{
    return (struct troth_chain){
        .anchor = anchor,
        .at_s = a->q->at_s,
        .crl_signed_with = TROTH_ECDSA_P256_SHA256,
        .crypto = a->q->crypto,
        .crls_are_identified = true,
    };
}

/* Revocation is the verdict's to judge: the list is an answer of its own. */
static enum troth_err judge_chain(bool *out_holds, struct judging *a,
                                  const struct troth_chain *chain)
{
    struct troth_chain_report report;
    enum troth_err err = troth_chain_verify(&report, chain);

    *out_holds = false;
    if (err)
        return err;
    if (report.chain.outcome != TROTH_PASSED)
        a->out->row = report.chain;
    else if (report.validity.outcome != TROTH_PASSED)
        a->out->row = report.validity;
    else
        *out_holds = true;
    for (size_t i = 0; i < chain->count; i++)
        end_by(a, chain->certs[i].not_after_s);
    return TROTH_OK;
}

static const struct troth_cert *find_named(const struct judging *a, const char *name)
{
    for (size_t i = 0; i < a->shelf->cert_count; i++)
        if (troth_cert_is_named(a->shelf->certs[i], name))
            return a->shelf->certs[i];
    return NULL;
}

static const struct troth_cert *find_issuer(const struct judging *a,
                                            struct troth_span issuer)
{
    for (size_t i = 0; i < a->shelf->cert_count; i++)
        if (troth_span_equal(a->shelf->certs[i]->subject, issuer))
            return a->shelf->certs[i];
    return NULL;
}

static const struct troth_collateral_item *find_item(const struct judging *a,
                                                     enum troth_collateral_kind kind)
{
    for (size_t i = 0; i < a->q->count; i++)
        if (a->q->items[i].kind == kind)
            return &a->q->items[i];
    return NULL;
}

static bool is_current(struct judging *a, int64_t issue_s, int64_t next_s)
{
    struct troth_value at = troth_value_instant(a->q->at_s);

    a->out->issued_s = issue_s;
    end_by(a, next_s);
    if (a->q->at_s < issue_s)
        (void)fail(a, "issued after the clock's time", troth_value_instant(issue_s), at);
    else if (a->q->at_s > next_s)
        (void)fail(a, "has expired", troth_value_instant(next_s), at);
    else
        return true;
    return false;
}

static enum troth_err judge_statement(struct judging *a,
                                      const struct troth_collateral_item *item,
                                      const char *role)
{
    const struct troth_cert *signer = find_named(a, TROTH_TCB_SIGNER_NAME);
    const struct troth_anchor *anchor = NULL;
    bool holds;

    if (!signer)
        return fail(a, "came without the TCB signing certificate", troth_value_none(),
                    troth_value_none());
    anchor = troth_dcap_anchor(a->q->anchors, signer->issuer, signer->authority_key_id);
    if (!anchor)
        return fail(a, "its signer is not below a root that is pinned",
                    troth_value_none(), troth_value_none());
    struct troth_chain chain = chain_below(a, anchor);

    chain.certs = signer;
    chain.roles = &troth_dcap_tcb_signer_role;
    chain.count = 1;
    enum troth_err err = judge_chain(&holds, a, &chain);

    if (err || !holds)
        return err;
    const struct troth_genuine_question genuine = {
        {item->bytes, item->sha256, &signer->key, anchor, role},
        TROTH_ECDSA_P256_SHA256,
        item->bytes,
        item->signature,
    };

    err = troth_genuine_raw(a->q->crypto, NULL, &genuine);
    if (err == TROTH_ERR_CRYPTO)
        return err;
    if (err)
        return fail(a, troth_genuine_why_not(err), troth_value_none(),
                    troth_value_none());
    a->out->row.outcome = TROTH_PASSED;
    return TROTH_OK;
}

static enum troth_err judge_tcb_info(struct judging *a)
{
    const struct troth_collateral_item *item = find_item(a, TROTH_COLLATERAL_TCB_INFO);
    const struct troth_tcb_info *info = item ? item->parsed : NULL;
    struct troth_need_list names = {.arena = a->q->arena};

    if (!info)
        return fail(a, "holds no TCB info", troth_value_none(), troth_value_none());
    a->out->has_evaluation_number = true;
    a->out->evaluation_number = info->evaluation_number;
    const char *name = troth_dcap_tcb_info_name(
        &names, info->is_tdx, (struct troth_span)TROTH_ARRAY_SPAN(info->fmspc));

    if (names.err)
        return names.err;
    if (!is_asked_for(a, name) || !is_current(a, info->issue_date_s, info->next_update_s))
        return TROTH_OK;
    return judge_statement(a, item, TROTH_DCAP_TCB_INFO);
}

static enum troth_err judge_qe_identity(struct judging *a)
{
    const struct troth_collateral_item *item = find_item(a, TROTH_COLLATERAL_QE_IDENTITY);
    const struct troth_qe_identity *identity = item ? item->parsed : NULL;

    if (!identity)
        return fail(a, "holds no QE identity", troth_value_none(), troth_value_none());
    a->out->has_evaluation_number = true;
    a->out->evaluation_number = identity->evaluation_number;
    if (identity->id == TROTH_QE_VERIFIER)
        return fail(a, "not what was asked for",
                    troth_value_text(troth_qe_id_text(identity->id)), troth_value_none());
    if (!is_asked_for(a, troth_dcap_qe_identity_name(identity->id == TROTH_QE_TD)) ||
        !is_current(a, identity->issue_date_s, identity->next_update_s))
        return TROTH_OK;
    return judge_statement(a, item, TROTH_DCAP_QE_IDENTITY);
}

static const struct troth_cert_role *ca_role(const struct troth_cert *ca)
{
    return troth_cert_is_named(ca, TROTH_PCK_PLATFORM_CA_NAME)
               ? &troth_dcap_platform_ca_role
               : &troth_dcap_processor_ca_role;
}

static enum troth_err judge_pck(struct judging *a)
{
    const struct troth_cert *pck = find_named(a, TROTH_PCK_NAME);
    const struct troth_cert *ca = pck ? find_issuer(a, pck->issuer) : NULL;
    const struct troth_anchor *anchor = NULL;
    struct troth_dcap read = {.has_pck = false};
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    bool holds;

    if (!pck || !ca)
        return fail(
            a, pck ? "came without its issuer's certificate" : "holds no PCK certificate",
            troth_value_none(), troth_value_none());
    if (!troth_dcap_take_pck(&read, &fault, pck))
        return fail(a, troth_err_text(fault.err), troth_value_text(fault.field),
                    troth_value_none());
    anchor = troth_dcap_anchor(a->q->anchors, ca->issuer, ca->authority_key_id);
    if (!anchor)
        return fail(a, "not below a root that is pinned", troth_value_none(),
                    troth_value_none());
    const struct troth_cert certs[] = {*ca, *pck};
    const struct troth_cert_role roles[] = {*ca_role(ca), troth_dcap_pck_role};
    struct troth_chain chain = chain_below(a, anchor);

    chain.certs = certs;
    chain.roles = roles;
    chain.count = 2;
    a->out->issued_s = pck->not_before_s;
    enum troth_err err = judge_chain(&holds, a, &chain);

    if (!err && holds)
        a->out->row.outcome = TROTH_PASSED;
    return err;
}

static enum troth_err judge_list(struct judging *a, struct troth_revocation issuer)
{
    issuer.signed_with = TROTH_ECDSA_P256_SHA256;
    issuer.crls_are_identified = true;
    return troth_answer_judge_list(a->out, a->q, a->shelf, &issuer);
}

static enum troth_err judge_pck_crl(struct judging *a)
{
    const struct troth_crl *crl = a->shelf->crls;
    const struct troth_cert *ca = a->shelf->crl_count ? find_issuer(a, crl->issuer)
                                                      : NULL;
    const struct troth_anchor *anchor = NULL;
    bool holds;

    if (!ca)
        return fail(a,
                    a->shelf->crl_count ? "came without its issuer's certificate"
                                        : "holds no revocation list",
                    troth_value_none(), troth_value_none());
    if (!is_asked_for(a, troth_dcap_pck_crl_name(
                             troth_cert_is_named(ca, TROTH_PCK_PLATFORM_CA_NAME))))
        return TROTH_OK;
    anchor = troth_dcap_anchor(a->q->anchors, ca->issuer, ca->authority_key_id);
    if (!anchor)
        return fail(a, "not below a root that is pinned", troth_value_none(),
                    troth_value_none());
    struct troth_chain chain = chain_below(a, anchor);

    chain.certs = ca;
    chain.roles = ca_role(ca);
    chain.count = 1;
    enum troth_err err = judge_chain(&holds, a, &chain);

    if (err || !holds)
        return err;
    return judge_list(a, (struct troth_revocation){
                             .subject = ca_role(ca)->name,
                             .issuer = ca->subject,
                             .issuer_key = &ca->key,
                             .issuer_key_id = ca->subject_key_id,
                             .anchor = anchor,
                         });
}

static enum troth_err judge_root_crl(struct judging *a)
{
    const struct troth_crl *crl = a->shelf->crls;
    const struct troth_anchor *anchor = NULL;

    if (a->shelf->crl_count == 0)
        return fail(a, "holds no revocation list", troth_value_none(),
                    troth_value_none());
    anchor = troth_dcap_anchor(a->q->anchors, crl->issuer, crl->authority_key_id);
    if (!anchor)
        return fail(a, "not of a root that is pinned", troth_value_none(),
                    troth_value_none());
    return judge_list(a, troth_answer_list_of(anchor));
}

enum troth_err troth_dcap_answer_judge(struct troth_answer_report *out,
                                       const struct troth_answer_question *question,
                                       const struct troth_shelf *shelf)
{
    struct judging a = {out, question, shelf};

    switch (question->need->kind) {
    case TROTH_NEED_PCK:
        return judge_pck(&a);
    case TROTH_NEED_TCB_INFO:
        return judge_tcb_info(&a);
    case TROTH_NEED_QE_IDENTITY:
        return judge_qe_identity(&a);
    case TROTH_NEED_PCK_CRL:
        return judge_pck_crl(&a);
    case TROTH_NEED_ROOT_CRL:
        return judge_root_crl(&a);
    case TROTH_NEED_VCEK:
    case TROTH_NEED_AMD_CHAIN:
    case TROTH_NEED_AMD_CRL:
        break;
    }
    return fail(&a, "not a need of Intel's", troth_value_none(), troth_value_none());
}
