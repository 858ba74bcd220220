/*
 * x509_make.h - certificates and lists made while a test runs, field by field.
 *
 * OpenSSL encodes and signs, so that our reader meets another's writing. What is made
 * lives until x509_forget().
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_X509_MAKE_H
#define TROTH_TEST_X509_MAKE_H

#include "test/harness.h"
#include "test/support/x509_key.h"

/* Signing with other than the key's usual algorithm: ECDSA with the curve's own hash,
 * RSA-PSS with SHA-384, Ed25519. */
enum x509_way {
    X509_USUAL,
    X509_SHA256,
    X509_SHA512,
    X509_PKCS1_SHA256,
    X509_PKCS1_SHA384
};

struct x509_extension {
    const char *oid; /* dotted; NULL ends a list */
    bool critical;
    const char *hex; /* of the value */
};

#define X509_EXTRAS 4

/* The zero value of every optional field leaves that part out. */
struct x509_cert_recipe {
    const char *subject, *issuer; /* common names; NULL: an empty name */
    const char *organization;     /* of the subject, may be NULL */
    const char *issuer_organization;
    unsigned serial;
    int64_t not_before_s, not_after_s;
    enum x509_key key, signer;
    enum x509_way way;
    bool has_constraints, is_ca;
    bool has_path_length;
    unsigned path_length;
    unsigned key_usage;         /* TROTH_USE_…; 0: no extension */
    bool key_ids;               /* both identifiers, from key and signer */
    bool flip_authority_key_id; /* one bit of it wrong */
    bool constraints_not_critical;
    struct x509_extension extras[X509_EXTRAS];
};

struct x509_crl_recipe {
    const char *issuer;
    const char *issuer_organization;
    int64_t this_update_s, next_update_s; /* nextUpdate 0: left out */
    enum x509_key signer;
    enum x509_way way;
    unsigned revoked[4]; /* serials; 0 ends */
    bool key_id;
    bool flip_authority_key_id;
    unsigned number; /* 0: no extension */
    bool version_1;
    struct x509_extension extras[X509_EXTRAS];
    struct x509_extension entry_extra; /* of each entry */
};

struct troth_span x509_make_cert(const struct x509_cert_recipe *recipe);
struct troth_span x509_make_crl(const struct x509_crl_recipe *recipe);

/* A copy to be spoilt. */
uint8_t *x509_copy(struct troth_span bytes);

/* Everything made so far is gone; the keys stay. */
void x509_forget(void);

#endif
