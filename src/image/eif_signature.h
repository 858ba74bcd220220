/*
 * eif_signature.h - an EIF's signature section: CBOR around a certificate and a
 * COSE_Sign1 over PCR0.
 *
 * The device compares the signature with PCR0 and measures the certificate into PCR8.
 * Both byte strings of its CBOR are arrays of numbers, one a byte.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_IMAGE_EIF_SIGNATURE_H
#define TROTH_IMAGE_EIF_SIGNATURE_H

#include "image/pcr.h"
#include "troth/arena.h"

#define TROTH_EIF_SIGNATURE_ROOM ((size_t)64 * 1024) /* of an arena, for one section */

struct troth_eif_signature {
    struct troth_span certificate;     /* DER; what PCR8 measures */
    struct troth_span certificate_pem; /* as the section has it */
    struct troth_public_key key;       /* the certificate's; zeroed: of no known kind */
    enum troth_signature_algorithm algorithm;               /* ES256 or ES384 */
    struct troth_span protected_header, payload, signature; /* of the COSE_Sign1 */
    uint8_t pcr0[TROTH_PCR_SIZE]; /* what the payload says is signed */
};

/*
 * troth_eif_signature_read - a section's data, strictly: one entry, register 0.
 *
 *   out    zeroed on failure; borrows the arena
 *   fault  field "eif.signature…"; the offset counts from the start of the data, and of
 *          what lies inside of an array of numbers it is that array's
 *
 * Shape    [{"signing_certificate": [numbers], "signature": [numbers]}]; the first is one
 *          certificate (eif_certificate.h), the second a COSE_Sign1 without a tag, with
 *          nothing in its headers but the algorithm, over {"register_index": 0,
 *          "register_value": [48 numbers]}
 * Errors   the CBOR reader's, the certificate reader's, TROTH_ERR_VALUE,
 *          TROTH_ERR_UNSUPPORTED, TROTH_ERR_LIMIT, TROTH_ERR_ALGORITHM,
 *          TROTH_ERR_MISSING, TROTH_ERR_MEMORY
 */
TROTH_MUST_USE enum troth_err troth_eif_signature_read(struct troth_eif_signature *out,
                                                       struct troth_fault *fault,
                                                       struct troth_span data,
                                                       struct troth_arena *arena);

/*
 * troth_eif_signature_verify - did the certificate's key sign this PCR0? Whether the
 * certificate is anybody's is another question: no chain, no dates are looked at.
 *
 * Errors   TROTH_ERR_MISMATCH (another PCR0), TROTH_ERR_SIGNATURE, TROTH_ERR_KEY
 */
TROTH_MUST_USE enum troth_err
troth_eif_signature_verify(const struct troth_eif_signature *signature,
                           struct troth_fault *fault, const struct troth_crypto *crypto,
                           const uint8_t pcr0[static TROTH_PCR_SIZE]);

/*
 * troth_eif_signature_preimage - the Sig_structure whose signature the section takes.
 *
 *   out    borrows the arena
 */
TROTH_MUST_USE enum troth_err
troth_eif_signature_preimage(struct troth_span *out, struct troth_arena *arena,
                             enum troth_signature_algorithm algorithm,
                             const uint8_t pcr0[static TROTH_PCR_SIZE]);

/* The whole section: `signature` is r ‖ s. */
TROTH_MUST_USE enum troth_err
troth_eif_signature_write(struct troth_span *out, struct troth_arena *arena,
                          enum troth_signature_algorithm algorithm,
                          const uint8_t pcr0[static TROTH_PCR_SIZE],
                          struct troth_span certificate_pem, struct troth_span signature);

#endif
