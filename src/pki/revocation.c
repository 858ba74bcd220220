/* SPDX-License-Identifier: Apache-2.0 */
#include "base/instant.h"
#include "base/span.h"
#include "pki/chain.h"
#include "pki/genuine.h"
#include "pki/row.h"

/* Is it a list that the issuer may have signed? `row` says why not. */
static void check_fitting(struct troth_check *row,
                          const struct troth_revocation *question,
                          const struct troth_crl *crl)
{
    bool both_ids = question->issuer_key_id.len > 0 && crl->authority_key_id.len > 0;

    if (question->issuer_may_not_sign_lists)
        troth_row_fail(row, "issuer may not sign revocation lists", troth_value_none(),
                       troth_value_text("cRLSign"));
    else if (crl->signed_with != question->signed_with)
        troth_row_fail(row, "revocation list is signed with another algorithm",
                       troth_row_algorithm(crl->signed_with),
                       troth_row_algorithm(question->signed_with));
    else if (both_ids &&
             !troth_span_equal(crl->authority_key_id, question->issuer_key_id))
        troth_row_fail(row, "revocation list names another key",
                       troth_value_bytes(crl->authority_key_id),
                       troth_value_bytes(question->issuer_key_id));
    else if (question->crls_are_identified && crl->authority_key_id.len == 0)
        troth_row_fail(row, "revocation list does not name its issuer's key",
                       troth_value_none(), troth_value_text("authorityKeyIdentifier"));
    else if (question->crls_are_identified && crl->number.len == 0)
        troth_row_fail(row, "revocation list has no number", troth_value_none(),
                       troth_value_text("cRLNumber"));
}

static const char *why_not_genuine(enum troth_err err)
{
    return err == TROTH_ERR_SIGNATURE ? "signature of the revocation list does not verify"
                                      : troth_genuine_why_not(err);
}

/* Is the list the issuer's own? */
static enum troth_err check_genuine(struct troth_check *row,
                                    const struct troth_revocation *question,
                                    const struct troth_crl *crl)
{
    const struct troth_genuine_question genuine = {
        {crl->raw, crl->sha256, question->issuer_key, question->anchor,
         "revocation list"},
        crl->signed_with,
        crl->tbs,
        crl->signature,
    };

    check_fitting(row, question, crl);
    if (row->outcome == TROTH_FAILED)
        return TROTH_OK;
    enum troth_err err = troth_genuine(question->crypto, question->cache, &genuine);

    if (err == TROTH_ERR_CRYPTO)
        return err;
    if (err)
        troth_row_fail(row, why_not_genuine(err), troth_value_none(), troth_value_none());
    return TROTH_OK;
}

/* Is it one for this instant? */
static bool is_fresh(struct troth_check *row, const struct troth_revocation *question,
                     const struct troth_crl *crl)
{
    struct troth_value at = troth_value_instant(question->at_s);

    if (question->at_s < crl->this_update_s)
        troth_row_fail(row, "revocation list is not yet valid",
                       troth_value_instant(crl->this_update_s), at);
    else if (question->at_s > crl->next_update_s)
        troth_row_fail(row, "revocation list has expired",
                       troth_value_instant(crl->next_update_s), at);
    else
        return true;
    return false;
}

/* What the genuine lists looked at so far amount to. */
struct standing {
    bool is_known;    /* there is one, fresh or stale, that is not ahead of the clock */
    bool is_listed;   /* on the newest of them, or on one that is equally new */
    int64_t newest_s; /* its thisUpdate */
    bool is_decided;  /* there is a fresh one */
    int64_t fresh_s;  /* thisUpdate of the newest that is fresh */
    int64_t until_s;  /* its nextUpdate, the earliest among equally new ones */
};

/* A list that has ended still tells what was revoked when it was made. */
static void weigh_listing(struct standing *standing,
                          const struct troth_revocation *question,
                          const struct troth_crl *crl)
{
    bool is_listed = troth_crl_lists(crl, question->serial);

    if (standing->is_known && crl->this_update_s == standing->newest_s) {
        standing->is_listed = standing->is_listed || is_listed;
    } else if (!standing->is_known || crl->this_update_s > standing->newest_s) {
        standing->is_known = true;
        standing->is_listed = is_listed;
        standing->newest_s = crl->this_update_s;
    }
}

static void weigh_freshness(struct standing *standing, const struct troth_crl *crl)
{
    if (standing->is_decided && crl->this_update_s == standing->fresh_s) {
        if (crl->next_update_s < standing->until_s)
            standing->until_s = crl->next_update_s;
    } else if (!standing->is_decided || crl->this_update_s > standing->fresh_s) {
        standing->is_decided = true;
        standing->fresh_s = crl->this_update_s;
        standing->until_s = crl->next_update_s;
    }
}

enum troth_err troth_revocation_check(struct troth_check *out, int64_t *out_until_s,
                                      const struct troth_revocation *question)
{
    struct standing standing = {.is_decided = false};
    struct troth_check row = {.id = TROTH_CHECK_REVOCATION,
                              .subject = question->subject,
                              .why = "no revocation list from its issuer was given"};

    *out = (struct troth_check){.outcome = TROTH_NOT_MADE};
    *out_until_s = TROTH_INSTANT_NEVER;
    for (size_t i = 0; i < question->crl_count; i++) {
        const struct troth_crl *crl = &question->crls[i];
        struct troth_check genuine = {.id = row.id, .subject = row.subject};

        if (!troth_span_equal(crl->issuer, question->issuer))
            continue;
        enum troth_err err = check_genuine(&genuine, question, crl);

        if (err)
            return err;
        if (genuine.outcome == TROTH_FAILED) {
            *out = genuine;
            return TROTH_OK;
        }
        if (is_fresh(&row, question, crl))
            weigh_freshness(&standing, crl);
        if (crl->this_update_s <= question->at_s)
            weigh_listing(&standing, question, crl);
    }
    if (standing.is_decided) {
        row = (struct troth_check){.id = row.id, .subject = row.subject};
        row.outcome = TROTH_PASSED;
        *out_until_s = standing.until_s;
    }
    if (standing.is_listed)
        troth_row_fail(&row, "certificate is revoked",
                       troth_value_bytes(question->serial), troth_value_none());
    *out = row;
    return TROTH_OK;
}
