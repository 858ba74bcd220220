/* SPDX-License-Identifier: Apache-2.0 */
#include "base/span.h"
#include "evidence/dcap/case.h"
#include "pki/genuine.h"

/* One of the two: TCB info, QE identity. */
struct stated {
    const char *name;
    const struct troth_collateral_item *item;
    int64_t issue_date_s, next_update_s;
};

static void fail(struct troth_dcap_case *c, enum troth_check_id id,
                 const struct stated *stated, const char *why)
{
    troth_dcap_judge_field(c, id, stated->name, why, troth_value_none(),
                           troth_value_none());
}

/* Can it be judged at all? */
static bool is_at_hand(struct troth_dcap_case *c, const struct stated *stated)
{
    const char *why = NULL, *collateral = TROTH_DCAP_TCB_SIGNER;

    if (!c->e.tcb_signer)
        why = "the certificate of who signed it is not at hand";
    else if (!c->e.anchor)
        why = "without a root nothing says who signed it";
    if (why)
        troth_dcap_judge_missing(c, TROTH_CHECK_COLLATERAL, stated->name, why,
                                 c->e.tcb_signer ? NULL : collateral);
    return !why;
}

static void judge_freshness(struct troth_dcap_case *c, const struct stated *stated)
{
    int64_t at_s = c->j->at_s;
    bool is_early = at_s < stated->issue_date_s;
    struct troth_check row = {
        .id = TROTH_CHECK_VALIDITY, .outcome = TROTH_PASSED, .subject = stated->name};

    if (is_early || at_s > stated->next_update_s) {
        row.outcome = TROTH_FAILED;
        row.why = is_early ? "issued after the clock's time" : "has expired";
        row.seen = troth_value_instant(is_early ? stated->issue_date_s
                                                : stated->next_update_s);
        row.wanted = troth_value_instant(at_s);
    }
    troth_judge(c->j, row);
    troth_judge_valid_until(c->j, stated->next_update_s, stated->name);
    troth_dcap_note_dates(c->d, stated->issue_date_s, stated->next_update_s);
}

static enum troth_err judge_stated(bool *out_genuine, struct troth_dcap_case *c,
                                   const struct stated *stated)
{
    const struct troth_signature_facts wanted = troth_signature_facts(
        TROTH_ECDSA_P256_SHA256);
    enum troth_err err;

    *out_genuine = false;
    if (!is_at_hand(c, stated))
        return TROTH_OK;
    if (!c->signer_is_genuine || c->e.tcb_signer->key.kind != wanted.key) {
        fail(c, TROTH_CHECK_COLLATERAL, stated, "its signer may not sign it");
        return TROTH_OK;
    }
    const struct troth_genuine_question question = {
        {stated->item->bytes, stated->item->sha256, &c->e.tcb_signer->key, c->e.anchor,
         stated->name},
        TROTH_ECDSA_P256_SHA256,
        stated->item->bytes,
        stated->item->signature,
    };

    err = troth_genuine_raw(c->j->input->crypto, c->j->input->cache, &question);
    if (err == TROTH_ERR_CRYPTO)
        return err;
    if (err)
        fail(c, TROTH_CHECK_COLLATERAL, stated, troth_genuine_why_not(err));
    *out_genuine = !err;
    return TROTH_OK;
}

static void pass(struct troth_dcap_case *c, const char *name)
{
    troth_judge(c->j, (struct troth_check){.id = TROTH_CHECK_COLLATERAL,
                                           .outcome = TROTH_PASSED,
                                           .subject = name});
}

/* What another kind of platform's says, for the row that misses this one's. */
static struct troth_value other_fmspc(const struct troth_dcap_case *c)
{
    const struct troth_collateral *given = &c->j->input->collateral;

    for (size_t i = 0; i < given->count; i++) {
        const struct troth_tcb_info *info = given->items[i].parsed;

        if (given->items[i].kind == TROTH_COLLATERAL_TCB_INFO &&
            info->is_tdx == c->tee->is_tdx)
            return troth_value_bytes((struct troth_span)TROTH_ARRAY_SPAN(info->fmspc));
    }
    return troth_value_none();
}

static void miss_tcb_info(struct troth_dcap_case *c)
{
    struct troth_check row = {
        .id = TROTH_CHECK_COLLATERAL,
        .outcome = TROTH_NOT_MADE,
        .subject = TROTH_DCAP_TCB_INFO,
        .why = "none of this kind of platform was given",
        .flag = "--collateral",
        .flag_argument = TROTH_DCAP_TCB_INFO,
    };

    if (c->d->has_pck) {
        row.seen = other_fmspc(c);
        row.wanted = troth_value_bytes(c->d->pck.fmspc);
    } else {
        row.why = "without a PCK certificate nothing says which is meant";
        row.flag_argument = TROTH_DCAP_PCK;
    }
    troth_judge(c->j, row);
}

static enum troth_err judge_tcb_info(struct troth_dcap_case *c)
{
    const struct troth_tcb_info *info = troth_dcap_tcb_info(&c->e);
    struct troth_span pce_id;

    if (!info) {
        miss_tcb_info(c);
        return TROTH_OK;
    }
    const struct stated stated = {TROTH_DCAP_TCB_INFO, c->e.tcb_info, info->issue_date_s,
                                  info->next_update_s};
    enum troth_err err = judge_stated(&c->tcb_info_is_genuine, c, &stated);

    if (err)
        return err;
    judge_freshness(c, &stated);
    pce_id = (struct troth_span)TROTH_ARRAY_SPAN(info->pce_id);
    if (!troth_span_equal(pce_id, c->d->pck.pce_id))
        troth_dcap_judge_field(c, TROTH_CHECK_COLLATERAL, "dcap.tcb_info.pce_id",
                               "the TCB info is for another provisioning enclave than "
                               "the PCK certificate's",
                               troth_value_bytes(pce_id),
                               troth_value_bytes(c->d->pck.pce_id));
    else if (c->tcb_info_is_genuine)
        pass(c, TROTH_DCAP_TCB_INFO);
    return TROTH_OK;
}

static enum troth_err judge_qe_identity(struct troth_dcap_case *c)
{
    const struct troth_qe_identity *identity = troth_dcap_qe_identity(&c->e);

    if (!identity) {
        troth_dcap_judge_missing(c, TROTH_CHECK_COLLATERAL, TROTH_DCAP_QE_IDENTITY,
                                 "none of this kind of quoting enclave was given",
                                 TROTH_DCAP_QE_IDENTITY);
        return TROTH_OK;
    }
    const struct stated stated = {TROTH_DCAP_QE_IDENTITY, c->e.qe_identity,
                                  identity->issue_date_s, identity->next_update_s};
    enum troth_err err = judge_stated(&c->qe_identity_is_genuine, c, &stated);

    if (err)
        return err;
    judge_freshness(c, &stated);
    if (c->qe_identity_is_genuine)
        pass(c, TROTH_DCAP_QE_IDENTITY);
    return TROTH_OK;
}

enum troth_err troth_dcap_judge_statements(struct troth_dcap_case *c)
{
    enum troth_err err = judge_tcb_info(c);

    if (!err)
        err = judge_qe_identity(c);
    c->d->tcb_info = c->tcb_info_is_genuine ? troth_dcap_tcb_info(&c->e) : NULL;
    c->d->qe_identity = c->qe_identity_is_genuine ? troth_dcap_qe_identity(&c->e) : NULL;
    return err;
}
