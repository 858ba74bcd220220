/* SPDX-License-Identifier: Apache-2.0 */
#include "base/instant.h"
#include "pki/chain.h"
#include "test/harness.h"
#include "test/support/x509_make.h"
#include "troth/provider.h"

#define DAY   ((int64_t)86400)
#define NOON  ((int64_t)1767225600) /* 2026-01-01T00:00:00Z */
#define LISTS 3

enum { LISTED = 5 }; /* the serial number asked about */

/* A list by what matters here; -1 ends. Updates in days around noon. */
struct list {
    int from, until;
    bool revokes;
    enum x509_key signer;
    enum x509_way way;
    const char *issuer; /* NULL: the one asked about */
    bool without_key_id;
};

static const struct {
    const char *why;
    struct list lists[LISTS];
    size_t count;
    bool may_not_sign, no_issuer_key_id;
    enum troth_outcome outcome;
    const char *clause;
    int until; /* days after noon; 0: never */
} cases[] = {
    {.why = "no list",
     .outcome = TROTH_NOT_MADE,
     .clause = "no revocation list from its issuer was given"},
    {.why = "another issuer's list",
     .lists = {{-1, 1, .issuer = "other"}},
     .count = 1,
     .outcome = TROTH_NOT_MADE,
     .clause = "no revocation list from its issuer was given"},
    {.why = "another issuer's broken list",
     .lists = {{-1, 1, .issuer = "other", .signer = X509_P384_OTHER}, {-1, 2}},
     .count = 2,
     .outcome = TROTH_PASSED,
     .until = 2},
    {.why = "not on it",
     .lists = {{-1, 1}},
     .count = 1,
     .outcome = TROTH_PASSED,
     .until = 1},
    {.why = "on it",
     .lists = {{-1, 1, true}},
     .count = 1,
     .outcome = TROTH_FAILED,
     .clause = "certificate is revoked",
     .until = 1},
    {.why = "first instant",
     .lists = {{0, 1}},
     .count = 1,
     .outcome = TROTH_PASSED,
     .until = 1},
    {.why = "expired",
     .lists = {{-2, -1}},
     .count = 1,
     .outcome = TROTH_FAILED,
     .clause = "revocation list has expired"},
    {.why = "expired, and on it",
     .lists = {{-2, -1, true}},
     .count = 1,
     .outcome = TROTH_FAILED,
     .clause = "certificate is revoked"},
    {.why = "from the future",
     .lists = {{1, 2}},
     .count = 1,
     .outcome = TROTH_FAILED,
     .clause = "revocation list is not yet valid"},
    {.why = "an expired one beside a fresh one",
     .lists = {{-3, -2}, {-1, 1}},
     .count = 2,
     .outcome = TROTH_PASSED,
     .until = 1},
    {.why = "the newer one revokes",
     .lists = {{-3, 3}, {-1, 1, true}},
     .count = 2,
     .outcome = TROTH_FAILED,
     .clause = "certificate is revoked",
     .until = 1},
    {.why = "the newer one revokes and comes first",
     .lists = {{-1, 1, true}, {-3, 3}},
     .count = 2,
     .outcome = TROTH_FAILED,
     .clause = "certificate is revoked",
     .until = 1},
    {.why = "the newer one no longer revokes",
     .lists = {{-3, 3, true}, {-1, 1}},
     .count = 2,
     .outcome = TROTH_PASSED,
     .until = 1},
    {.why = "of two equally new ones one revokes",
     .lists = {{-1, 1, true}, {-1, 2}},
     .count = 2,
     .outcome = TROTH_FAILED,
     .clause = "certificate is revoked",
     .until = 1},
    {.why = "of two equally new ones the other revokes",
     .lists = {{-1, 2}, {-1, 1, true}},
     .count = 2,
     .outcome = TROTH_FAILED,
     .clause = "certificate is revoked",
     .until = 1},
    {.why = "three lists",
     .lists = {{-3, 1}, {-1, 2}, {-2, 3}},
     .count = 3,
     .outcome = TROTH_PASSED,
     .until = 2},
    {.why = "named, but signed by another key",
     .lists = {{-1, 1, .signer = X509_P384_OTHER}},
     .count = 1,
     .outcome = TROTH_FAILED,
     .clause = "revocation list names another key"},
    {.why = "named, signed by another key, no identifier",
     .lists = {{-1, 1, .signer = X509_P384_OTHER, .without_key_id = true}},
     .count = 1,
     .outcome = TROTH_FAILED,
     .clause = "signature of the revocation list does not verify"},
    {.why = "no identifier",
     .lists = {{-1, 1, .without_key_id = true}},
     .count = 1,
     .outcome = TROTH_PASSED,
     .until = 1},
    {.why = "issuer has no identifier",
     .lists = {{-1, 1}},
     .count = 1,
     .no_issuer_key_id = true,
     .outcome = TROTH_PASSED,
     .until = 1},
    {.why = "a forged one beside a genuine one",
     .lists = {{-1, 1}, {-1, 1, .signer = X509_P384_OTHER, .without_key_id = true}},
     .count = 2,
     .outcome = TROTH_FAILED,
     .clause = "signature of the revocation list does not verify"},
    {.why = "another algorithm",
     .lists = {{-1, 1, .way = X509_SHA256}},
     .count = 1,
     .outcome = TROTH_FAILED,
     .clause = "revocation list is signed with another algorithm"},
    {.why = "issuer without cRLSign",
     .lists = {{-1, 1}},
     .count = 1,
     .may_not_sign = true,
     .outcome = TROTH_FAILED,
     .clause = "issuer may not sign revocation lists"},
    {.why = "issuer without cRLSign and without a list",
     .may_not_sign = true,
     .outcome = TROTH_NOT_MADE,
     .clause = "no revocation list from its issuer was given"},
};

static struct troth_crl make(const struct list *list)
{
    const struct x509_crl_recipe recipe = {
        .issuer = list->issuer ? list->issuer : "issuer",
        .this_update_s = NOON + list->from * DAY,
        .next_update_s = NOON + list->until * DAY,
        .signer = list->signer,
        .way = list->way,
        .revoked = {99, list->revokes ? LISTED : 0},
        .key_id = !list->without_key_id,
    };
    struct troth_crl crl;

    CHECK_ERR(troth_crl_parse(&crl, NULL, x509_make_crl(&recipe)), TROTH_OK);
    return crl;
}

static struct troth_anchor make_anchor(const struct troth_crypto *crypto)
{
    const struct x509_cert_recipe recipe = {
        .subject = "issuer",
        .issuer = "issuer",
        .not_after_s = NOON,
        .key = X509_P384_A,
        .signer = X509_P384_A,
        .has_constraints = true,
        .is_ca = true,
        .key_ids = true,
    };
    struct troth_anchor anchor;

    CHECK_ERR(
        troth_anchor_from_certificate(&anchor, NULL, crypto, x509_make_cert(&recipe)),
        TROTH_OK);
    return anchor;
}

int main(void)
{
    struct troth_cache_entry entries[16];
    struct troth_cache cache;
    struct troth_crypto crypto;

    if (troth_provider_create(&crypto))
        return 1;
    troth_cache_init(&cache, entries, COUNT(entries));
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct troth_crl crls[LISTS];
        struct troth_check row;
        int64_t until_s = 1;

        test_case("%s", cases[i].why);
        x509_forget();
        const struct troth_anchor anchor = make_anchor(&crypto);

        for (size_t j = 0; j < cases[i].count; j++)
            crls[j] = make(&cases[i].lists[j]);
        struct troth_revocation question = {
            .subject = "test.leaf",
            .serial = TROTH_LITERAL("\x05"),
            .issuer = anchor.subject,
            .issuer_key = &anchor.key,
            .issuer_key_id = anchor.key_id,
            .issuer_may_not_sign_lists = cases[i].may_not_sign,
            .anchor = &anchor,
            .crls = crls,
            .crl_count = cases[i].count,
            .signed_with = TROTH_ECDSA_P384_SHA384,
            .at_s = NOON,
            .crypto = &crypto,
            .cache = i % 2 ? &cache : NULL,
        };

        if (cases[i].no_issuer_key_id)
            question.issuer_key_id = (struct troth_span){NULL, 0};
        /* The second time the cache answers, and answers the same. */
        for (unsigned times = 0; times < 2; times++) {
            CHECK_ERR(troth_revocation_check(&row, &until_s, &question), TROTH_OK);
            CHECK_INT(row.id, TROTH_CHECK_REVOCATION);
            CHECK_INT(row.outcome, cases[i].outcome);
            CHECK_TEXT(row.subject, "test.leaf");
            CHECK_TEXT(row.why, cases[i].clause);
            CHECK_INT(until_s,
                      cases[i].until ? NOON + cases[i].until * DAY : TROTH_INSTANT_NEVER);
        }
    }
    troth_provider_destroy(&crypto);
    return test_finish();
}
