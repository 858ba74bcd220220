/* crl.h - an X.509 v2 certificate revocation list: complete, direct, from one issuer. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_PKI_CRL_H
#define TROTH_PKI_CRL_H

#include "pki/cert.h"

/* Borrows the DER it was read from. */
struct troth_crl {
    struct troth_span raw, tbs;
    const uint8_t *sha256;    /* of raw, 32 bytes; NULL where nobody has computed it */
    struct troth_span issuer; /* distinguished name, DER, header included */
    int64_t this_update_s, next_update_s;
    enum troth_signature_algorithm signed_with;
    struct troth_span signature;
    struct troth_span authority_key_id; /* empty when absent */
    struct troth_span number;           /* cRLNumber, big-endian; empty when absent */
    struct troth_span entries;          /* contents of revokedCertificates, checked */
};

/*
 * troth_crl_parse - split a list; judges nothing but its encoding.
 *
 *   out    filled on success, zeroed on failure; borrows `der`
 *
 * Shape    version 2 with nextUpdate; a critical extension of the list or of an entry
 *          (delta, indirect, partitioned lists) is refused
 * Errors   the DER reader's; TROTH_ERR_UNSUPPORTED, TROTH_ERR_MISSING (nextUpdate),
 *          TROTH_ERR_VERSION, TROTH_ERR_ALGORITHM, TROTH_ERR_DUPLICATE
 * Spec     [RFC5280] 5
 */
TROTH_MUST_USE enum troth_err
troth_crl_parse(struct troth_crl *out, struct troth_fault *fault, struct troth_span der);

/* Is this serial number (big-endian, no leading zero) on the list? */
bool troth_crl_lists(const struct troth_crl *crl, struct troth_span serial);

#endif
