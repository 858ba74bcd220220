/* peer.h - what OpenSSL, which shares nothing with the minting library, says of it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_UNIT_SIM_PEER_H
#define TROTH_TEST_UNIT_SIM_PEER_H

#include <openssl/x509.h>

#include "sim/crl.h"

/* Both free the minted bytes; NULL where OpenSSL cannot read them. */
X509 *peer_cert(struct sim_bytes der);
X509_CRL *peer_crl(struct sim_bytes der);

/* Is `signature` (DER, or PSS) by the certificate's key over the message? */
bool peer_verifies(X509 *cert, struct troth_span message, struct troth_span signature);

/* The same of r ‖ s by a P-256 key, with SHA-256. */
bool peer_verifies_raw(EVP_PKEY *key, struct troth_span message, struct troth_span raw);

/* The certificate of that number among those in PEM, wherever in the file they are. */
X509 *peer_pem_cert(struct troth_span file, unsigned index);

/*
 * peer_chain - X509_V_OK or the first X509_V_ERR_… of a chain.
 *
 *   certs   [0] is trusted, the last is the leaf; `count` of them, at most 8
 *   crl     by certs[0]'s key and asked about the leaf; or NULL
 */
int peer_chain(const struct sim_cert *const certs[], size_t count,
               const struct sim_crl *crl, int64_t time_s);

/*
 * DER as an outline, one line an element: tag and length, and for what must not differ
 * between a minted and a genuine object (object identifiers, booleans, short octet
 * strings and bit strings) the contents. Inexact lengths are left out: of elements that
 * hold an ECDSA signature. The caller frees it.
 */
struct sim_bytes peer_outline(struct troth_span der);

#endif
