/* public_key.h - the one encoding of a P-256 key that an attestation key comes in. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_PKI_PUBLIC_KEY_H
#define TROTH_PKI_PUBLIC_KEY_H

#include "base/writer.h"
#include "troth/crypto.h"

#define TROTH_SPKI_P256_SIZE 91

/*
 * troth_spki_p256_parse - a SubjectPublicKeyInfo, DER, of an uncompressed P-256 point.
 *
 *   out   zeroed on failure; borrows `der`
 *
 * Shape    exactly TROTH_SPKI_P256_SIZE bytes: there is one encoding
 * Errors   TROTH_ERR_KEY. Whether the point is on the curve is the provider's to say.
 * Spec     [RFC5480] 2
 */
TROTH_MUST_USE enum troth_err troth_spki_p256_parse(struct troth_public_key *out,
                                                    struct troth_span der);

/* From 0x04 ‖ X ‖ Y, 65 bytes; anything else does not fit. */
void troth_spki_p256_write(struct troth_writer *w, struct troth_span point);

#endif
