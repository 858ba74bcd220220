/* tls_authority.h - a certificate authority for TLS, and certificates for names. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_TLS_AUTHORITY_H
#define TROTH_TEST_TLS_AUTHORITY_H

#include <openssl/x509.h>

#include "troth/span.h"

struct tls_authority {
    EVP_PKEY *key;
    X509 *certificate;
    char path[64]; /* of its certificate, PEM: a file until the authority ends */
};

struct tls_certificate {
    uint8_t chain_pem[2048], key_pem[512];
    struct troth_span chain, key; /* the same, as TLS's options take them */
    uint8_t sha256[32];           /* of the leaf, DER */
};

void tls_authority_begin(struct tls_authority *authority);
void tls_authority_end(struct tls_authority *authority);

/* For this name of a host, at any time; with a new key. */
void tls_authority_issue(const struct tls_authority *authority,
                         struct tls_certificate *out, const char *name);

#endif
