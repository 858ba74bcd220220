/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "base/span.h"
#include "evidence/dcap/case.h"
#include "evidence/dcap/embedded.h"

static struct troth_value name_of(struct troth_span name)
{
    struct troth_span common = troth_name_attribute(name, TROTH_OID_COMMON_NAME);

    return common.ptr ? troth_value_text_span(common) : troth_value_bytes(name);
}

static void judge_anchor(struct troth_dcap_case *c)
{
    struct troth_check row = {.id = TROTH_CHECK_ANCHOR, .outcome = TROTH_PASSED};

    c->j->anchor = c->e.anchor;
    if (!c->e.pck || !c->e.pck_ca) {
        troth_dcap_judge_missing(c, TROTH_CHECK_ANCHOR,
                                 c->e.pck ? TROTH_DCAP_PCK_CA : TROTH_DCAP_PCK,
                                 "not at hand, so the chain has no start",
                                 c->e.pck ? TROTH_DCAP_PCK_CA : TROTH_DCAP_PCK);
        return;
    }
    if (c->e.anchor) {
        row.seen = troth_value_text(c->e.anchor->name);
    } else {
        row.outcome = TROTH_FAILED;
        row.why = "the chain starts at a root that is not pinned";
        row.seen = name_of(c->e.pck_ca->issuer);
        row.flag = "--root";
        row.flag_argument = "FILE";
    }
    troth_judge(c->j, row);
}

static struct troth_chain chain_over(const struct troth_dcap_case *c)
{
    return (struct troth_chain){
        .anchor = c->e.anchor,
        .crls = c->e.shelf.crls,
        .crl_count = c->e.shelf.crl_count,
        .crl_signed_with = TROTH_ECDSA_P256_SHA256,
        .at_s = c->j->at_s,
        .crypto = c->j->input->crypto,
        .cache = c->cache,
        .crls_are_identified = true,
    };
}

/* Which list is missing: the root's is about its authorities and the signer. */
static const char *list_about(const char *subject)
{
    return troth_span_is_text(TROTH_LITERAL(TROTH_DCAP_PCK), subject) ? "PCK CRL"
                                                                      : "root CA CRL";
}

/* `subject` stands on rows that would otherwise be about the quote's own chain. */
static void add_report(struct troth_dcap_case *c, struct troth_chain_report *report,
                       const char *subject)
{
    struct troth_check *rows[] = {&report->chain, &report->validity, &report->revocation};

    if (report->revocation.outcome == TROTH_NOT_MADE) {
        report->revocation.flag = "--collateral";
        report->revocation.flag_argument = list_about(report->revocation.subject);
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i]->outcome == TROTH_PASSED)
            rows[i]->subject = subject;
        troth_judge(c->j, *rows[i]);
    }
    troth_judge_valid_until(c->j, report->valid_until_s, report->valid_until_what);
}

static void note_lists(struct troth_dcap_case *c, struct troth_span issuer)
{
    for (size_t i = 0; i < c->e.shelf.crl_count; i++) {
        const struct troth_crl *crl = &c->e.shelf.crls[i];

        if (troth_span_equal(crl->issuer, issuer) && crl->this_update_s <= c->j->at_s)
            troth_dcap_note_dates(c->d, crl->this_update_s, INT64_MAX);
    }
}

/* A certificate given beside the quote's own has to be for the same key. */
static void judge_rival(struct troth_dcap_case *c)
{
    if (c->e.rival)
        troth_dcap_judge_field(c, TROTH_CHECK_CHAIN, TROTH_DCAP_PCK,
                               "the one in the collateral is for another key than the "
                               "quote's own",
                               troth_value_bytes(c->e.rival->key.point),
                               troth_value_bytes(c->e.pck->key.point));
}

/* Its signature is one thing, whether it says what it has to say another. */
static void judge_content(struct troth_dcap_case *c)
{
    struct troth_fault fault = {TROTH_OK, NULL, 0};

    if (!c->d->has_pck && !troth_dcap_take_pck(c->d, &fault, c->e.pck))
        troth_dcap_judge_field(c, TROTH_CHECK_CHAIN, fault.field,
                               troth_err_text(fault.err), troth_value_none(),
                               troth_value_none());
}

static enum troth_err judge_pck_chain(struct troth_dcap_case *c)
{
    bool is_platform = c->d->pck_ca &&
                       troth_cert_is_named(c->e.pck_ca, TROTH_PCK_PLATFORM_CA_NAME);
    const struct troth_cert certs[] = {*c->e.pck_ca, *c->e.pck};
    const struct troth_cert_role roles[] = {is_platform ? troth_dcap_platform_ca_role
                                                        : troth_dcap_processor_ca_role,
                                            troth_dcap_pck_role};
    struct troth_chain chain = chain_over(c);
    struct troth_chain_report report;

    chain.certs = certs;
    chain.roles = roles;
    chain.count = 2;
    enum troth_err err = troth_chain_verify(&report, &chain);

    if (err)
        return err;
    add_report(c, &report, NULL);
    note_lists(c, c->e.pck_ca->subject);
    note_lists(c, c->e.anchor->subject);
    troth_dcap_note_dates(c->d, c->e.pck_ca->not_before_s, report.valid_until_s);
    troth_dcap_note_dates(c->d, c->e.pck->not_before_s, report.valid_until_s);
    return TROTH_OK;
}

/* Below the same root: what it states is about the platforms that this root certifies. */
static enum troth_err judge_tcb_signer(struct troth_dcap_case *c)
{
    struct troth_chain chain = chain_over(c);
    struct troth_chain_report report;

    chain.certs = c->e.tcb_signer;
    chain.roles = &troth_dcap_tcb_signer_role;
    chain.count = 1;
    enum troth_err err = troth_chain_verify(&report, &chain);

    if (err)
        return err;
    c->signer_is_genuine = report.chain.outcome == TROTH_PASSED;
    add_report(c, &report, TROTH_DCAP_TCB_SIGNER);
    troth_dcap_note_dates(c->d, c->e.tcb_signer->not_before_s, report.valid_until_s);
    return TROTH_OK;
}

enum troth_err troth_dcap_judge_chains(struct troth_dcap_case *c)
{
    enum troth_err err = TROTH_OK;

    judge_anchor(c);
    if (!c->e.pck) {
        troth_dcap_judge_missing(c, TROTH_CHECK_CHAIN, TROTH_DCAP_PCK,
                                 "not at hand, so nothing says whose quote this is",
                                 TROTH_DCAP_PCK);
        return TROTH_OK;
    }
    if (c->e.anchor)
        err = judge_pck_chain(c);
    judge_content(c);
    judge_rival(c);
    if (!err && c->e.anchor && c->e.tcb_signer)
        err = judge_tcb_signer(c);
    return err;
}
