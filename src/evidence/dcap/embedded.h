/* embedded.h - the certificates that a quote carries, and what the first of them says. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EVIDENCE_DCAP_EMBEDDED_H
#define TROTH_EVIDENCE_DCAP_EMBEDDED_H

#include "evidence/dcap/dcap.h"
#include "pki/cert.h"

/* Genuine quotes embed three, of less than four thousand bytes together. */
#define TROTH_EMBEDDED_CERTS_MAX 8
#define TROTH_EMBEDDED_SIZE_MAX  ((size_t)32 * 1024)

/* In the order in which they stand in the quote; borrows it, the arena, and collateral
 * where the very same certificates are there, parsed and hashed. */
struct troth_embedded {
    const struct troth_cert *certs[TROTH_EMBEDDED_CERTS_MAX];
    size_t count;
    const struct troth_cert *pck; /* by its name, else the first that is no authority,
                                     else the first; NULL where there is none */
    struct troth_fault fault;     /* why they cannot be read: then there are none */
};

/* Sets d->pck, and d->pck_ca by its issuer; false, and has_pck false, if its extension
 * cannot be read: `fault` says why. */
bool troth_dcap_take_pck(struct troth_dcap *d, struct troth_fault *fault,
                         const struct troth_cert *cert);

#endif
