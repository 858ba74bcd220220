/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/dcap/endorsement.h"

#include "base/memory.h"
#include "base/span.h"
#include "evidence/dcap/embedded.h"
#include "evidence/dcap/roles.h"

/*
 * What certification data of types 1 to 3 says of the platform behind its identity, which
 * is encrypted in two of them.
 * spec: [SGX-DCAP] A.4 "QE Certification Data": PPID ‖ CPUSVN ‖ PCESVN ‖ PCEID
 */
struct named_platform {
    struct troth_span ppid; /* in the clear or encrypted */
    struct troth_span cpu_svn, pce_svn, pce_id;
};

#define NAMED_PLATFORM_SIZE 20

static struct named_platform named_platform_of(const struct troth_quote *quote)
{
    struct troth_span data = quote->certification;
    size_t at = data.len - NAMED_PLATFORM_SIZE;

    if (quote->certification_type > TROTH_CERTIFICATION_PPID_RSA3072 ||
        data.len < NAMED_PLATFORM_SIZE)
        return (struct named_platform){{NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}};
    return (struct named_platform){
        troth_span_slice(data, 0, at),
        troth_span_slice(data, at, at + 16),
        troth_span_slice(data, at + 16, at + 18),
        troth_span_slice(data, at + 18, at + 20),
    };
}

/* How well a PCK certificate's own words fit. */
static int fitness(const struct troth_cert *cert, const struct named_platform *named)
{
    struct troth_dcap read = {.has_pck = false};
    uint8_t pce_svn[2];

    if (!troth_dcap_take_pck(&read, NULL, cert))
        return 0;
    pce_svn[0] = (uint8_t)read.pck.pce_svn;
    pce_svn[1] = (uint8_t)(read.pck.pce_svn >> 8);
    return 1 + 8 * troth_span_equal(read.pck.ppid, named->ppid) +
           4 * troth_span_equal(read.pck.pce_id, named->pce_id) +
           2 * troth_span_equal(read.pck.cpu_svn, named->cpu_svn) +
           troth_span_equal((struct troth_span){pce_svn, sizeof pce_svn}, named->pce_svn);
}

static const struct troth_cert *choose_pck(const struct troth_shelf *shelf,
                                           const struct troth_quote *quote)
{
    const struct named_platform named = named_platform_of(quote);
    const struct troth_cert *best = NULL;
    int best_fitness = -1;

    for (size_t i = 0; i < shelf->cert_count; i++) {
        int fits;

        if (!troth_cert_is_named(shelf->certs[i], TROTH_PCK_NAME))
            continue;
        fits = fitness(shelf->certs[i], &named);
        if (fits <= best_fitness)
            continue;
        best = shelf->certs[i];
        best_fitness = fits;
    }
    return best;
}

/* A PCK certificate among the collateral, where all that are there are for other keys. */
static const struct troth_cert *find_rival(const struct troth_shelf *shelf,
                                           const struct troth_cert *pck)
{
    const struct troth_cert *rival = NULL;

    for (size_t i = 0; i < shelf->cert_count; i++) {
        if (!troth_cert_is_named(shelf->certs[i], TROTH_PCK_NAME))
            continue;
        if (troth_span_equal(shelf->certs[i]->key.point, pck->key.point))
            return NULL;
        rival = shelf->certs[i];
    }
    return rival;
}

static bool may_have_issued(const struct troth_cert *issuer,
                            const struct troth_cert *cert)
{
    bool both_ids = issuer->subject_key_id.len > 0 && cert->authority_key_id.len > 0;

    return troth_span_equal(issuer->subject, cert->issuer) &&
           (!both_ids ||
            troth_span_equal(issuer->subject_key_id, cert->authority_key_id));
}

static const struct troth_cert *find_issuer(const struct troth_embedded *embedded,
                                            const struct troth_shelf *shelf,
                                            const struct troth_cert *cert)
{
    for (size_t i = 0; embedded && i < embedded->count; i++)
        if (may_have_issued(embedded->certs[i], cert))
            return embedded->certs[i];
    for (size_t i = 0; i < shelf->cert_count; i++)
        if (may_have_issued(shelf->certs[i], cert))
            return shelf->certs[i];
    return NULL;
}

const struct troth_anchor *troth_dcap_anchor(const struct troth_anchors *anchors,
                                             struct troth_span issuer,
                                             struct troth_span key_id)
{
    for (size_t i = 0; i < anchors->count; i++) {
        const struct troth_anchor *row = &anchors->rows[i];
        bool fits = row->role == TROTH_ANCHOR_INTEL_ROOT ||
                    row->role == TROTH_ANCHOR_CUSTOM;

        if (fits && troth_span_equal(row->subject, issuer) &&
            (!key_id.len || !row->key_id.len || troth_span_equal(row->key_id, key_id)))
            return row;
    }
    return NULL;
}

/* Intel renews this certificate now and then: the newest that is valid. */
static const struct troth_cert *choose_tcb_signer(const struct troth_shelf *shelf,
                                                  int64_t at_s)
{
    const struct troth_cert *best = NULL;
    bool best_is_valid = false;

    for (size_t i = 0; i < shelf->cert_count; i++) {
        const struct troth_cert *cert = shelf->certs[i];
        bool is_valid = cert->not_before_s <= at_s && at_s <= cert->not_after_s;

        if (!troth_cert_is_named(cert, TROTH_TCB_SIGNER_NAME))
            continue;
        if (best &&
            (best_is_valid > is_valid ||
             (best_is_valid == is_valid && best->not_before_s >= cert->not_before_s)))
            continue;
        best = cert;
        best_is_valid = is_valid;
    }
    return best;
}

/* What statements for one kind of platform are ranked by. */
struct rank {
    bool is_wanted, is_issued; /* not ahead of the clock */
    int64_t issue_date_s;
    uint64_t evaluation_number;
};

static bool is_better(const struct rank *a, const struct rank *b)
{
    if (a->is_wanted != b->is_wanted)
        return a->is_wanted;
    if (a->is_issued != b->is_issued)
        return a->is_issued;
    if (a->issue_date_s != b->issue_date_s)
        return a->issue_date_s > b->issue_date_s;
    return a->evaluation_number > b->evaluation_number;
}

static struct rank rank_tcb_info(const struct troth_collateral_item *item,
                                 const struct troth_dcap *d,
                                 const struct troth_dcap_choice *choice)
{
    const struct troth_tcb_info *info = item->parsed;

    return (struct rank){
        d->has_pck && info->is_tdx == choice->is_tdx &&
            memcmp(info->fmspc, d->pck.fmspc.ptr, sizeof info->fmspc) == 0,
        info->issue_date_s <= choice->at_s,
        info->issue_date_s,
        info->evaluation_number,
    };
}

static struct rank rank_qe_identity(const struct troth_collateral_item *item,
                                    const struct troth_dcap_choice *choice)
{
    const struct troth_qe_identity *identity = item->parsed;

    return (struct rank){
        identity->id == (choice->is_tdx ? TROTH_QE_TD : TROTH_QE_SGX),
        identity->issue_date_s <= choice->at_s,
        identity->issue_date_s,
        identity->evaluation_number,
    };
}

static void choose_statements(struct troth_dcap_endorsement *out,
                              const struct troth_dcap *d,
                              const struct troth_dcap_choice *choice)
{
    struct rank best_info = {.is_wanted = false}, best_identity = {.is_wanted = false};

    for (size_t i = 0; i < choice->collateral->count; i++) {
        const struct troth_collateral_item *item = &choice->collateral->items[i];
        struct rank rank = {.is_wanted = false};

        if (item->kind == TROTH_COLLATERAL_TCB_INFO)
            rank = rank_tcb_info(item, d, choice);
        else if (item->kind == TROTH_COLLATERAL_QE_IDENTITY)
            rank = rank_qe_identity(item, choice);
        if (!rank.is_wanted)
            continue;
        if (item->kind == TROTH_COLLATERAL_TCB_INFO && is_better(&rank, &best_info)) {
            out->tcb_info = item;
            best_info = rank;
        }
        if (item->kind == TROTH_COLLATERAL_QE_IDENTITY &&
            is_better(&rank, &best_identity)) {
            out->qe_identity = item;
            best_identity = rank;
        }
    }
}

enum troth_err troth_dcap_endorsement_find(struct troth_dcap_endorsement *out,
                                           struct troth_dcap *d,
                                           const struct troth_dcap_choice *choice,
                                           struct troth_arena *arena)
{
    enum troth_err err;

    *out = (struct troth_dcap_endorsement){0};
    err = troth_shelf_fill(&out->shelf, choice->collateral, arena);
    if (err)
        return err;
    if (d->embedded && d->embedded->pck) {
        out->pck = d->embedded->pck;
        out->rival = find_rival(&out->shelf, out->pck);
    } else {
        out->pck = choose_pck(&out->shelf, &d->quote);
        if (out->pck)
            (void)troth_dcap_take_pck(d, NULL, out->pck);
    }
    if (out->pck)
        out->pck_ca = find_issuer(d->embedded, &out->shelf, out->pck);
    if (out->pck_ca && choice->anchors)
        out->anchor = troth_dcap_anchor(choice->anchors, out->pck_ca->issuer,
                                        out->pck_ca->authority_key_id);
    out->tcb_signer = choose_tcb_signer(&out->shelf, choice->at_s);
    choose_statements(out, d, choice);
    return TROTH_OK;
}

const struct troth_tcb_info *
troth_dcap_tcb_info(const struct troth_dcap_endorsement *endorsement)
{
    return endorsement->tcb_info ? endorsement->tcb_info->parsed : NULL;
}

const struct troth_qe_identity *
troth_dcap_qe_identity(const struct troth_dcap_endorsement *endorsement)
{
    return endorsement->qe_identity ? endorsement->qe_identity->parsed : NULL;
}
