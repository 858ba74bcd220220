/*
 * mint.h - a proof in two halves, for who lets another thread wait for the device.
 *
 * troth_prover_prove() is begin, the device, finish. Everything here is quick and belongs
 * to the thread that has the prover; only troth_attester_quote() between them waits.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_PROVER_MINT_H
#define TROTH_PROVER_MINT_H

#include "troth/prover.h"

/* What is asked of the device; no pointers. */
struct troth_mint {
    enum troth_role role;
    enum troth_level level;
    uint8_t report_data[TROTH_BINDING_SIZE];
    uint64_t epoch; /* EPOCH: which one's key it is for */
    uint8_t nonce[TROTH_CHALLENGE_SIZE];
    uint8_t note[TROTH_PROOF_CHECKPOINT_MAX]; /* the checkpoint, if it has one */
    size_t note_len;
};

/*
 * troth_prover_begin - a proof at once, or what to ask the device for.
 *
 *   out_proof  level NONE: `out_mint` is what is missing
 *
 * Errors   as troth_prover_prove(), without the device's
 */
TROTH_MUST_USE enum troth_err
troth_prover_begin(struct troth_prover *prover, struct troth_proof *out_proof,
                   struct troth_mint *out_mint, int64_t now_s,
                   const struct troth_proof_request *request);

/*
 * troth_prover_finish - the proof, now that the device has answered.
 *
 *   quote   taken, whatever happens
 *
 * Errors   TROTH_ERR_KEY: the epoch is over since; TROTH_ERR_LIMIT: the evidence is
 *          longer than a proof may be; TROTH_ERR_MEMORY, TROTH_ERR_CRYPTO
 */
TROTH_MUST_USE enum troth_err troth_prover_finish(struct troth_prover *prover,
                                                  struct troth_proof *out_proof,
                                                  const struct troth_mint *mint,
                                                  struct troth_quote *quote);

/* Would both be the same evidence? Then one of them is enough: for a checkpoint. */
bool troth_mint_is_shared(const struct troth_mint *a, const struct troth_mint *b);

#endif
