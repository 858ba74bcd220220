/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "pki/chain.h"
#include "test/differential/x509_exhibit.h"

static void complain(struct ours *ours, const char *what, const struct troth_fault *fault)
{
    snprintf(ours->why, sizeof ours->why, "%s: %s %s", what, troth_err_name(fault->err),
             fault->field ? fault->field : "-");
}

static const struct troth_cert_role roles[] = {
    {"first", TROTH_ECDSA_P256_SHA256, TROTH_KEY_P256, true, 0, NULL, NULL, true},
    {"second", TROTH_ECDSA_P256_SHA256, TROTH_KEY_P256, true, 0, NULL, NULL, true},
    {"leaf", TROTH_ECDSA_P256_SHA256, TROTH_KEY_P256, false, 0, NULL, NULL, true},
};

struct parsed {
    struct troth_anchor anchor;
    struct troth_cert certs[3];
    struct troth_crl crls[LISTS];
};

static bool parse_all(struct ours *ours, struct parsed *parsed, const struct exhibit *e,
                      const struct troth_crypto *crypto)
{
    struct troth_fault fault;

    if (troth_anchor_from_certificate(&parsed->anchor, &fault, crypto, e->certs[ROOT])) {
        complain(ours, "cert", &fault);
        return false;
    }
    for (size_t i = 0; i < 3; i++)
        if (troth_cert_parse(&parsed->certs[i], &fault, e->certs[i + 1])) {
            complain(ours, "cert", &fault);
            return false;
        }
    for (size_t i = 0; e->with_lists && i < LISTS; i++)
        if (troth_crl_parse(&parsed->crls[i], &fault, e->crls[i])) {
            complain(ours, "crl", &fault);
            return false;
        }
    return true;
}

/* A chain is verified for the key at its end, and a key is looked at when it is used. */
static void use_leaf_key(struct ours *ours, const struct troth_crypto *crypto,
                         const struct troth_public_key *key)
{
    const struct troth_span signature = TROTH_LITERAL("\x30\x06\x02\x01\x01\x02\x01\x01");

    if (troth_signed_by(crypto, key, TROTH_ECDSA_P256_SHA256, TROTH_LITERAL("tbs"),
                        signature) != TROTH_ERR_KEY)
        return;
    ours->accepted = false;
    snprintf(ours->why, sizeof ours->why, "leaf's key is not usable");
}

struct ours ask_us(const struct exhibit *e, const struct troth_crypto *crypto,
                   struct troth_cache *cache)
{
    struct ours ours = {false, ""};
    struct parsed parsed;
    struct troth_chain_report report;
    struct troth_cert_role these[3];

    if (!parse_all(&ours, &parsed, e, crypto))
        return ours;
    memcpy(these, roles, sizeof these);
    for (size_t i = 0; i < 3; i++)
        these[i].may_be_revoked = e->with_lists;
    const struct troth_chain chain = {
        .anchor = &parsed.anchor,
        .certs = parsed.certs,
        .roles = these,
        .count = 3,
        .crls = parsed.crls,
        .crl_count = e->with_lists ? LISTS : 0,
        .crl_signed_with = TROTH_ECDSA_P256_SHA256,
        .at_s = CLOCK,
        .crypto = crypto,
        .cache = cache,
    };

    CHECK_ERR(troth_chain_verify(&report, &chain), TROTH_OK);
    const struct troth_check *rows[] = {&report.chain, &report.validity,
                                        &report.revocation};

    ours.accepted = true;
    for (size_t i = 0; i < COUNT(rows); i++) {
        bool fine = rows[i]->outcome == TROTH_PASSED ||
                    (i == 2 && rows[i]->outcome == TROTH_NOT_APPLICABLE);

        if (!fine && ours.accepted)
            snprintf(ours.why, sizeof ours.why, "%s", rows[i]->why);
        ours.accepted = ours.accepted && fine;
    }
    if (ours.accepted)
        use_leaf_key(&ours, crypto, &parsed.certs[2].key);
    return ours;
}
