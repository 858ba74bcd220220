/*
 * witness.h - time that others vouch for: a log's checkpoint that witnesses cosigned.
 *
 * Evidence that carries the hash of the whole signed note was made after the witnesses
 * signed it: nobody could have known their signatures before. Only so does a verifier
 * that gave no nonce learn how old evidence is; the host's clock has no say.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_WITNESS_H
#define TROTH_WITNESS_H

#include "troth/crypto.h"

#define TROTH_WITNESSES_MAX 16

struct troth_witness {
    struct troth_span name; /* as in the note's signature line */
    uint8_t key[32];        /* Ed25519 */
};

struct troth_witnesses {
    struct troth_span origin; /* the log's name; its first line must be this */
    uint8_t log_key[32];      /* Ed25519, of the log itself */
    const struct troth_witness *rows;
    size_t count;  /* at most TROTH_WITNESSES_MAX */
    size_t needed; /* so many of them must have signed; at least 1 */
};

struct troth_checkpoint {
    struct troth_span origin;
    uint64_t size; /* of the tree */
    uint8_t root[32];
    int64_t witnessed_s; /* the note did not exist before this instant */
};

/*
 * troth_checkpoint_verify - is this note the log's, and have enough witnesses seen it?
 *
 *   out    borrows `note`
 *   fault  field "checkpoint.…"
 *
 * Shape    unknown signature lines are ignored, as the format says; a known key that
 *          signed wrongly refuses. Of the times of the witnesses that signed, the
 *          `needed`-th latest counts, so that fewer than `needed` liars cannot move it
 *          ahead.
 * Errors   the parser's own; TROTH_ERR_SIGNATURE, TROTH_ERR_MISSING (too few witnesses),
 *          TROTH_ERR_CRYPTO
 * Spec     [C2SP] signed-note, tlog-checkpoint, tlog-cosignature (cosignature/v1)
 */
TROTH_MUST_USE enum troth_err
troth_checkpoint_verify(struct troth_checkpoint *out, struct troth_fault *fault,
                        struct troth_span note, const struct troth_witnesses *witnesses,
                        const struct troth_crypto *crypto);

/* A verifier key as logs and witnesses publish it: "NAME+HASH+BASE64". `out_name`
 * borrows. TROTH_ERR_VALUE, TROTH_ERR_KEY: the hash is of another key or name. */
TROTH_MUST_USE enum troth_err troth_witness_key_parse(struct troth_span *out_name,
                                                      uint8_t out_key[static 32],
                                                      struct troth_span text,
                                                      const struct troth_crypto *crypto);

#endif
