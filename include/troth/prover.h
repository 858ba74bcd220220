/*
 * prover.h - proofs for the channel: attestation identity keys, their epochs, and
 * evidence.
 *
 * One key a role, made here, never written or given away; it signs nothing but channel
 * bindings. A new one at every start and after every epoch.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_PROVER_H
#define TROTH_PROVER_H

#include "troth/attester.h"
#include "troth/proof.h"

struct troth_prover; /* one thread at a time */

struct troth_prover_options {
    struct troth_attester *attester; /* stays the caller's */
    const struct troth_crypto *crypto;
    int64_t epoch_s;    /* how long a key serves; 0: TROTH_PROVER_EPOCH_S */
    int64_t timeout_ms; /* for the device; 0: TROTH_PROVER_TIMEOUT_MS */
};
#define TROTH_PROVER_EPOCH_S    1800
#define TROTH_PROVER_TIMEOUT_MS 120000
#define TROTH_PROVER_KEPT_MAX                                                            \
    64 /* pieces of evidence of one epoch and role; then the                             \
          oldest makes room */

TROTH_MUST_USE enum troth_err
troth_prover_create(struct troth_prover **out,
                    const struct troth_prover_options *options);
void troth_prover_destroy(struct troth_prover *prover); /* takes NULL; wipes the keys */

/* A witnessed checkpoint (troth/witness.h) to make epoch evidence after, for peers that
 * take one; the note is copied, and serves for as long as a key does. Set newer ones in
 * time: without one, each peer's challenge takes the device. TROTH_ERR_LIMIT. */
TROTH_MUST_USE enum troth_err troth_prover_set_checkpoint(struct troth_prover *prover,
                                                          struct troth_span note);

/*
 * Does answering take the device? If not, troth_prover_prove() comes back at once, and no
 * quota need be asked.
 */
bool troth_prover_needs_device(const struct troth_prover *prover, int64_t now_s,
                               const struct troth_proof_request *request);

/*
 * troth_prover_prove - what a channel asks for, and no other role or level.
 *
 *   out    borrows the prover until its next call of this function
 *   now_s  this machine's clock: decides when an epoch begins and ends, and is what the
 *          proof says of it; no verifier relies on it alone
 *
 * Errors   TROTH_ERR_VALUE: no such request; TROTH_ERR_CRYPTO; TROTH_ERR_UNSUPPORTED: the
 *          device failed, and `fault` says how
 */
TROTH_MUST_USE enum troth_err
troth_prover_prove(struct troth_prover *prover, struct troth_proof *out,
                   struct troth_attester_fault *fault, int64_t now_s,
                   const struct troth_proof_request *request);

/*
 * troth_prover_sign - this role's key over one channel binding.
 *
 *   out      64 bytes, r ‖ s
 *   binding  TROTH_BINDING_SIZE bytes, from TROTH_ACTION_NEED_SIGNATURE
 *   key      of the proof that was sent: TROTH_ERR_KEY if its epoch is over since
 */
TROTH_MUST_USE enum troth_err
troth_prover_sign(struct troth_prover *prover, uint8_t out[static 64],
                  enum troth_role role, struct troth_span key, struct troth_span binding);

#endif
