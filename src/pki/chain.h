/*
 * chain.h - judge a chain whose shape is known beforehand.
 *
 * There is no path building: the caller says which certificate stands where and what its
 * role demands, and the validator says whether that is so.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_PKI_CHAIN_H
#define TROTH_PKI_CHAIN_H

#include "pki/cert.h"
#include "pki/crl.h"
#include "troth/anchor.h"
#include "troth/cache.h"
#include "troth/verdict.h"

/* What one place in a chain demands of the certificate in it. */
struct troth_cert_role {
    const char *name; /* "nitro.enclave": subject of checks, part of the cache key */
    enum troth_signature_algorithm signed_with; /* by its issuer */
    enum troth_key_kind key;
    bool is_ca;
    uint16_t key_usage;        /* bits it must have; 0: it need not have the extension */
    const char *common_name;   /* exact, or NULL for any */
    const char *organization;  /* exact, or NULL for any */
    bool may_be_revoked;       /* its issuer publishes a list that covers it */
    const uint8_t *extensions; /* it must have: last arcs of 2.5.29, ending with 0; NULL:
                                  none */
};

/* The most certificates a chain may have below its anchor. */
#define TROTH_CHAIN_MAX 10

struct troth_chain {
    const struct troth_anchor *anchor;
    const struct troth_cert *certs;      /* [0] signed by the anchor, last the leaf */
    const struct troth_cert_role *roles; /* one for each */
    size_t count;                        /* 1 to TROTH_CHAIN_MAX */
    const struct troth_crl *crls; /* those that may be needed; others are ignored */
    size_t crl_count;
    enum troth_signature_algorithm crl_signed_with;
    int64_t at_s;
    const struct troth_crypto *crypto;
    struct troth_cache *cache; /* may be NULL */
    bool crls_are_identified;  /* a list without key identifier or number is refused */
};

/* Three rows for a verdict, and when they would change. */
struct troth_chain_report {
    struct troth_check chain;      /* TROTH_CHECK_CHAIN */
    struct troth_check validity;   /* TROTH_CHECK_VALIDITY, the anchor's included */
    struct troth_check revocation; /* TROTH_CHECK_REVOCATION */
    int64_t valid_until_s;         /* the earliest end of what was used */
    const char *valid_until_what;  /* role or anchor name, or "revocation list" */
};

/*
 * troth_chain_verify - names, signatures, constraints, times, revocation.
 *
 *   out      every row made, unless its subject is missing: revocation is NOT_MADE where
 * a role may_be_revoked and no list from its issuer is given, NOT_APPLICABLE where no
 * role may be
 *
 * Shape    issuer and subject names are compared as encoded; the algorithm is the role's;
 *          key identifiers must agree where both are present; an unknown critical
 *          extension fails the chain; a list must be signed by its certificate's issuer
 *          (who, where it has keyUsage, must have cRLSign) and fresh at `at_s`
 * Units    at_s is inclusive at both ends of a validity
 * Errors   TROTH_ERR_CRYPTO only: everything else is an outcome
 * Effects  reads and writes the cache
 * Spec     [RFC5280] 6.1, 6.3 for this subset
 */
TROTH_MUST_USE enum troth_err troth_chain_verify(struct troth_chain_report *out,
                                                 const struct troth_chain *chain);

/* One certificate's standing on its issuer's list; also for issuers that are anchors. */
struct troth_revocation {
    const char *subject;      /* role or anchor name, for the row */
    struct troth_span serial; /* of the certificate asked about */
    struct troth_span issuer; /* its issuer's distinguished name, DER */
    const struct troth_public_key *issuer_key;
    struct troth_span issuer_key_id;   /* empty when unknown */
    bool issuer_may_not_sign_lists;    /* it has a key usage without cRLSign */
    const struct troth_anchor *anchor; /* what the issuer rests on, for the cache key */
    const struct troth_crl *crls;
    size_t crl_count;
    enum troth_signature_algorithm signed_with;
    int64_t at_s;
    const struct troth_crypto *crypto;
    struct troth_cache *cache;
    bool crls_are_identified; /* as in struct troth_chain */
};

/*
 * troth_revocation_check - PASSED, FAILED, or NOT_MADE for want of a list.
 *
 *   out          a TROTH_CHECK_REVOCATION row
 *   out_until_s  nextUpdate of the list used; TROTH_INSTANT_NEVER where none was
 *
 * Shape    every list in this issuer's name is looked at; one that is not genuine fails
 *          the check; the newest genuine one, fresh or not, says what is revoked;
 *          where none is fresh, the check fails
 * Errors   TROTH_ERR_CRYPTO only
 */
TROTH_MUST_USE enum troth_err
troth_revocation_check(struct troth_check *out, int64_t *out_until_s,
                       const struct troth_revocation *question);

#endif
