/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/snp/answer.h"

#include "base/span.h"
#include "evidence/answer_list.h"
#include "evidence/snp/endorsement.h"
#include "pki/row.h"

/* One answer being judged. */
struct judging {
    struct troth_answer_report *out;
    const struct troth_answer_question *q;
    const struct troth_shelf *shelf;
    struct troth_need_list names;
};

static enum troth_err fail(struct judging *a, const char *why)
{
    troth_row_fail(&a->out->row, why, troth_value_none(), troth_value_none());
    return TROTH_OK;
}

/* TROTH_ERR_MEMORY where the name could not be put together. */
static enum troth_err match_name(bool *out_same, struct judging *a, const char *name)
{
    struct troth_span asked = troth_span_of_text(a->q->need->name);

    *out_same = false;
    if (!name)
        return TROTH_ERR_MEMORY;
    *out_same = troth_span_equal(troth_span_of_text(name), asked);
    if (!*out_same)
        troth_row_fail(&a->out->row, "not what was asked for", troth_value_text(name),
                       troth_value_text_span(asked));
    return TROTH_OK;
}

static struct troth_span common_name(struct troth_span name)
{
    return troth_name_attribute(name, TROTH_OID_COMMON_NAME);
}

static enum troth_err judge_chain(struct judging *a, const struct troth_anchor *anchor,
                                  const struct troth_cert *certs,
                                  const struct troth_cert_role *roles, size_t count)
{
    const struct troth_chain chain = {
        .anchor = anchor,
        .certs = certs,
        .roles = roles,
        .count = count,
        .crl_signed_with = TROTH_RSA_PSS_SHA384,
        .at_s = a->q->at_s,
        .crypto = a->q->crypto,
    };
    struct troth_chain_report report;
    enum troth_err err = troth_chain_verify(&report, &chain);

    if (err)
        return err;
    for (size_t i = 0; i < count; i++)
        if (certs[i].not_after_s < a->out->expires_s)
            a->out->expires_s = certs[i].not_after_s;
    a->out->issued_s = certs[count - 1].not_before_s;
    /* Revocation is the verdict's to judge: the list is an answer of its own. */
    if (report.chain.outcome != TROTH_PASSED)
        a->out->row = report.chain;
    else if (report.validity.outcome != TROTH_PASSED)
        a->out->row = report.validity;
    else
        a->out->row.outcome = TROTH_PASSED;
    return TROTH_OK;
}

static const struct troth_cert *find_vcek(const struct judging *a)
{
    for (size_t i = 0; i < a->shelf->cert_count; i++)
        if (troth_span_equal(common_name(a->shelf->certs[i]->subject),
                             TROTH_LITERAL("SEV-VCEK")))
            return a->shelf->certs[i];
    return NULL;
}

static enum troth_err judge_vcek(struct judging *a)
{
    struct troth_snp_endorsement e = {.vek = find_vcek(a)};
    const struct troth_snp_product *product;
    uint8_t tcb[TROTH_SNP_TCB_SIZE];
    bool same;

    if (!e.vek)
        return fail(a, "holds no VCEK");
    product = troth_snp_certificate_product(e.vek);
    if (!product || !troth_snp_certificate_tcb(tcb, e.vek, product))
        return fail(a, "does not say which product and firmware it is for");
    enum troth_err err = match_name(
        &same, a,
        troth_snp_vcek_name(&a->names, product,
                            troth_snp_certificate_hwid(e.vek, product->hwid_size),
                            (struct troth_span)TROTH_ARRAY_SPAN(tcb)));

    if (err || !same)
        return err;
    troth_snp_endorsement_root(&e, a->shelf, a->q->anchors);
    if (!e.anchor)
        return fail(a, "not below a root that is pinned");
    struct troth_cert certs[2];
    struct troth_cert_role roles[2];
    size_t count = 0;

    if (e.ask) {
        certs[count] = *e.ask;
        roles[count++] = troth_snp_ask_role;
    }
    certs[count] = *e.vek;
    roles[count++] = troth_snp_vcek_role;
    return judge_chain(a, e.anchor, certs, roles, count);
}

/* The root of this name; of several, the one whose key identifier `key_id` is. */
static const struct troth_anchor *
find_root(const struct judging *a, struct troth_span issuer, struct troth_span key_id)
{
    for (size_t i = 0; i < a->q->anchors->count; i++) {
        const struct troth_anchor *row = &a->q->anchors->rows[i];
        bool fits = row->role == TROTH_ANCHOR_AMD_ARK || row->role == TROTH_ANCHOR_CUSTOM;

        if (fits && troth_span_equal(row->subject, issuer) &&
            (!key_id.len || !row->key_id.len || troth_span_equal(row->key_id, key_id)))
            return row;
    }
    return NULL;
}

/* ASK or ASVK: what is no root and signs VCEKs or VLEKs. */
static const struct troth_cert *find_intermediate(const struct judging *a)
{
    for (size_t i = 0; i < a->shelf->cert_count; i++)
        if (troth_span_starts_with(common_name(a->shelf->certs[i]->subject),
                                   TROTH_LITERAL("SEV-")))
            return a->shelf->certs[i];
    return NULL;
}

static enum troth_err judge_amd_chain(struct judging *a)
{
    const struct troth_cert *ask = find_intermediate(a);
    const struct troth_snp_product *product;
    const struct troth_anchor *root;
    struct troth_span name;
    bool is_vlek, same;

    if (!ask)
        return fail(a, "holds no certificate of an ASK or ASVK");
    name = common_name(ask->subject);
    is_vlek = troth_span_starts_with(name, TROTH_LITERAL("SEV-VLEK-"));
    product = troth_snp_product_behind(name, is_vlek ? TROTH_LITERAL("SEV-VLEK-")
                                                     : TROTH_LITERAL("SEV-"));
    if (!product)
        return fail(a, "is for no product that this build knows");
    enum troth_err err = match_name(&same, a,
                                    troth_snp_chain_name(&a->names, is_vlek, product));

    if (err || !same)
        return err;
    root = find_root(a, ask->issuer, ask->authority_key_id);
    if (!root)
        return fail(a, "not below a root that is pinned");
    return judge_chain(a, root, ask, &troth_snp_ask_role, 1);
}

static enum troth_err judge_list(struct judging *a, const struct troth_anchor *root)
{
    struct troth_revocation issuer = troth_answer_list_of(root);

    issuer.signed_with = TROTH_RSA_PSS_SHA384;
    return troth_answer_judge_list(a->out, a->q, a->shelf, &issuer);
}

/* One root has one list for both kinds of key; it is asked for by either's name. */
static enum troth_err judge_amd_crl(struct judging *a)
{
    const struct troth_crl *crl = a->shelf->crls;
    struct troth_span asked = troth_span_of_text(a->q->need->name);
    bool is_vlek = troth_span_starts_with(asked, TROTH_LITERAL("amd/vlek/"));
    const struct troth_snp_product *product;
    const struct troth_anchor *root;
    bool same;

    if (a->shelf->crl_count == 0)
        return fail(a, "holds no revocation list");
    product = troth_snp_product_behind(common_name(crl->issuer), TROTH_LITERAL("ARK-"));
    if (!product)
        return fail(a, "is of no product that this build knows");
    enum troth_err err = match_name(&same, a,
                                    troth_snp_crl_name(&a->names, is_vlek, product));

    if (err || !same)
        return err;
    root = find_root(a, crl->issuer, crl->authority_key_id);
    return root ? judge_list(a, root) : fail(a, "not of a root that is pinned");
}

enum troth_err troth_snp_answer_judge(struct troth_answer_report *out,
                                      const struct troth_answer_question *question,
                                      const struct troth_shelf *shelf)
{
    struct judging a = {out, question, shelf, {.arena = question->arena}};

    switch (question->need->kind) {
    case TROTH_NEED_VCEK:
        return judge_vcek(&a);
    case TROTH_NEED_AMD_CHAIN:
        return judge_amd_chain(&a);
    case TROTH_NEED_AMD_CRL:
        return judge_amd_crl(&a);
    case TROTH_NEED_PCK:
    case TROTH_NEED_TCB_INFO:
    case TROTH_NEED_QE_IDENTITY:
    case TROTH_NEED_PCK_CRL:
    case TROTH_NEED_ROOT_CRL:
        break;
    }
    return fail(&a, "not a need of AMD's");
}
