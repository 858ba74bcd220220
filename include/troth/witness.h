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

#include "troth/arena.h"
#include "troth/channel_frame.h"
#include "troth/crypto.h"

#define TROTH_WITNESSES_MAX 16

/* Bytes of a signed note: of one that shows a time, beside evidence in a frame; and of
 * any that a log shows, with room for 16 cosignatures of ML-DSA-44. */
#define TROTH_CHECKPOINT_MAX TROTH_PROOF_CHECKPOINT_MAX
#define TROTH_NOTE_MAX       ((size_t)64 * 1024)

struct troth_witness {
    struct troth_span name; /* as in the note's signature line */
    uint8_t key[32];        /* Ed25519 */
};

struct troth_witnesses {
    struct troth_span origin;   /* the log's name; its first line must be this */
    struct troth_span log_name; /* of the log's key; empty: the origin, as is usual */
    uint8_t log_key[32];        /* Ed25519, of the log itself */
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
 *   fault  field "checkpoint.…" or "witnesses.…"
 *
 * Shape    unknown signature lines are ignored, as the format says; a known key that
 *          signed wrongly refuses. Of the times of the witnesses that signed, the
 *          `needed`-th latest counts, so that fewer than `needed` liars cannot move it
 *          ahead; of several times of one witness, its latest.
 * Errors   TROTH_ERR_VALUE, TROTH_ERR_ENCODING, TROTH_ERR_TEXT, TROTH_ERR_LIMIT (of the
 *          note, or of `witnesses`); TROTH_ERR_DUPLICATE: one key for two witnesses,
 *          or the log's own for one; TROTH_ERR_SIGNATURE, TROTH_ERR_KEY,
 *          TROTH_ERR_CRYPTO; TROTH_ERR_MISSING: the log did not sign, or too few
 *          witnesses
 * Spec     [C2SP-NOTE], [C2SP-CHECKPOINT], [C2SP-COSIGNATURE] (Ed25519, cosignature/v1)
 */
TROTH_MUST_USE enum troth_err
troth_checkpoint_verify(struct troth_checkpoint *out, struct troth_fault *fault,
                        struct troth_span note, const struct troth_witnesses *witnesses,
                        const struct troth_crypto *crypto);

/*
 * troth_witness_key_parse - a verifier key as logs and witnesses publish it:
 * "NAME+HASH+BASE64", of type 0x01 (notes) or 0x04 (cosignatures).
 *
 *   out_name   borrows `text`
 *
 * Errors   TROTH_ERR_VALUE, TROTH_ERR_ENCODING; TROTH_ERR_ALGORITHM: another type;
 *          TROTH_ERR_KEY: the hash is of another key or name; TROTH_ERR_CRYPTO
 * Spec     [C2SP-NOTE] "Verifier keys"
 */
TROTH_MUST_USE enum troth_err troth_witness_key_parse(struct troth_span *out_name,
                                                      uint8_t out_key[static 32],
                                                      struct troth_span text,
                                                      const struct troth_crypto *crypto);

/*
 * troth_witnesses_from_json - whom to believe, as an operator writes it down:
 * {"origin":"…","log":"KEY","witnesses":["KEY",…],"needed":2} (docs/witnesses.md).
 *
 *   out    borrows `text` and the arena; 2 KiB and the length of `text` suffice
 *   fault  field "witnesses.…"
 *
 * Shape    keys are verifier keys; without "origin" it is the name of the log's key
 * Errors   the JSON reader's; troth_witness_key_parse()'s; TROTH_ERR_MISSING;
 *          TROTH_ERR_UNSUPPORTED: an unknown member; TROTH_ERR_DUPLICATE: one key for
 *          two witnesses, or the log's own for one; TROTH_ERR_LIMIT; TROTH_ERR_VALUE:
 *          `needed` is 0, or more than there are; TROTH_ERR_MEMORY
 */
TROTH_MUST_USE enum troth_err troth_witnesses_from_json(struct troth_witnesses *out,
                                                        struct troth_fault *fault,
                                                        struct troth_span text,
                                                        const struct troth_crypto *crypto,
                                                        struct troth_arena *arena);

#endif
