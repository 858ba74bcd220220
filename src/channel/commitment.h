/*
 * commitment.h - what a proof commits to: this connection and no other.
 *
 * The one preimage of both levels (troth/binding.h, domain "strict") and that of a key's
 * evidence (domain "aik"), each also as the text that troth_verify() takes.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CHANNEL_COMMITMENT_H
#define TROTH_CHANNEL_COMMITMENT_H

#include "base/writer.h"
#include "troth/proof.h"

/* SHA-256( previous ‖ LP(role, one byte) ‖ LP(frame) ); before the first frame, zeros. */
TROTH_MUST_USE enum troth_err troth_transcript_add(uint8_t transcript[static 32],
                                                   const struct troth_crypto *crypto,
                                                   enum troth_role sender,
                                                   struct troth_span frame);

/* What both sides of one connection see alike, at the moment a proof is made. */
struct troth_commitment {
    enum troth_role role; /* of who proves */
    enum troth_level level;
    uint8_t frames[32];                   /* the transcript before the PROOF */
    struct troth_span client_certificate; /* SHA-256 of the leaf, or empty */
    struct troth_span server_certificate;
    uint8_t exporter[TROTH_EXPORTER_SIZE]; /* under the verifier's challenge */
    struct troth_span evidence;            /* EPOCH: its SHA-256; STRICT: empty */
};
TROTH_MUST_USE enum troth_err
troth_commitment_compute(uint8_t out[static TROTH_BINDING_SIZE],
                         const struct troth_crypto *crypto,
                         const struct troth_commitment *commitment);
/* "strict:role=server,level=strict,…", as requirements take it. */
#define TROTH_COMMITMENT_TEXT_MAX 1024
void troth_commitment_write(struct troth_writer *w,
                            const struct troth_commitment *commitment);

/* The binding of a key's evidence: `proof` with its key, epoch and nonce or checkpoint.
 */
TROTH_MUST_USE enum troth_err
troth_key_commitment_compute(uint8_t out[static TROTH_BINDING_SIZE],
                             const struct troth_crypto *crypto, enum troth_role role,
                             const struct troth_proof *proof);
TROTH_MUST_USE enum troth_err
troth_key_commitment_write(struct troth_writer *w, const struct troth_crypto *crypto,
                           enum troth_role role, const struct troth_proof *proof);

#endif
