/*
 * endorsement.h - which of the certificates at hand endorse a report.
 *
 * Choosing is not judging: one certificate is chosen for each place by what it says, and
 * the checks then say whether it is right. Nothing is tried twice.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EVIDENCE_SNP_ENDORSEMENT_H
#define TROTH_EVIDENCE_SNP_ENDORSEMENT_H

#include "evidence/shelf.h"
#include "evidence/snp/snp.h"
#include "pki/chain.h"

/* Contents of the OBJECT IDENTIFIER 1.3.6.1.4.1.3704.1.x, AMD's certificate extensions.
 */
#define TROTH_SNP_OID(arcs) TROTH_LITERAL("\x2b\x06\x01\x04\x01\x9c\x78\x01" arcs)

struct troth_snp_endorsement {
    const struct troth_cert *vek; /* VCEK or VLEK; NULL if there is none */
    const struct troth_cert *ask; /* its issuer's, where that is not an anchor */
    const struct troth_anchor
        *anchor;                    /* what the chain starts from; NULL if on nothing */
    const struct troth_anchor *ark; /* who signs the revocation list; may be NULL */
    struct troth_crl *crls;
    size_t crl_count;
};

/*
 * troth_snp_endorsement_find - read the report's own table, and choose among it and the
 * collateral.
 *
 *   out     borrows the input and its arena
 *   input   its collateral is prepared
 *
 * Errors   TROTH_ERR_MEMORY, TROTH_ERR_CRYPTO, or a fault in the table
 */
TROTH_MUST_USE enum troth_err
troth_snp_endorsement_find(struct troth_snp_endorsement *out, struct troth_fault *fault,
                           const struct troth_verify_input *input,
                           const struct troth_snp *snp);

/* Choose issuer and anchor of out->vek, which is chosen. */
void troth_snp_endorsement_root(struct troth_snp_endorsement *out,
                                const struct troth_shelf *shelf,
                                const struct troth_anchors *anchors);

/* What each place demands. */
extern const struct troth_cert_role troth_snp_ask_role;
extern const struct troth_cert_role troth_snp_vcek_role;
extern const struct troth_cert_role troth_snp_vlek_role;

/* The product that a certificate names in its own extension, or NULL. */
const struct troth_snp_product *
troth_snp_certificate_product(const struct troth_cert *vek);

/* The product that the issuer's common name ends in, or NULL. */
const struct troth_snp_product *troth_snp_issuer_product(const struct troth_cert *vek);

/* The identity of the chip the certificate is for; {NULL, 0} if it names none. */
struct troth_span troth_snp_certificate_hwid(const struct troth_cert *vek, size_t size);

/* Whom a VLEK was issued to; {NULL, 0} if it names nobody. */
struct troth_span troth_snp_certificate_csp(const struct troth_cert *vek);

/* The TCB_VERSION the certificate is for, as the product lays it out; false when a part
 * is missing or not one byte. */
bool troth_snp_certificate_tcb(uint8_t out[static TROTH_SNP_TCB_SIZE],
                               const struct troth_cert *vek,
                               const struct troth_snp_product *product);

#endif
