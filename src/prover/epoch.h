/* epoch.h - one role's attestation key, as long as it serves, and the evidence for it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_PROVER_EPOCH_H
#define TROTH_PROVER_EPOCH_H

#include "troth/prover.h"
#include "troth/signer.h"

/* One piece of evidence for the epoch's key. */
struct troth_piece {
    struct troth_quote quote;
    uint8_t sha256[32]; /* of the evidence */
    uint8_t nonce[TROTH_CHALLENGE_SIZE];
    struct troth_span note; /* our own copy of a checkpoint; empty: the nonce counts */
    uint64_t number;        /* pieces made before it, and 1; 0: there is none here */
};

/* Zeroed, it has not begun. */
struct troth_epoch {
    uint64_t number; /* 0: not begun; no two of a process are alike */
    struct troth_signer signer;
    uint8_t key[TROTH_PROOF_KEY_MAX]; /* SPKI, DER */
    size_t key_len;
    int64_t begun_s;      /* by the wall clock, which may be set, … */
    int64_t begun_boot_s; /* … and by the one that may not */
    uint64_t made;        /* pieces so far */
    struct troth_piece pieces[TROTH_PROVER_KEPT_MAX];
};

/* TROTH_ERR_MEMORY, TROTH_ERR_CRYPTO: then it has not begun. */
TROTH_MUST_USE enum troth_err troth_epoch_begin(struct troth_epoch *epoch,
                                                uint64_t number, int64_t now_s,
                                                int64_t boot_s);
/* Wipes the key and releases the evidence; it may begin again. */
void troth_epoch_end(struct troth_epoch *epoch);

/*
 * Is it over, or not begun? The clock that is further ahead ends it. One that was set
 * back ends it too: what the epoch says of its beginning is no longer true.
 */
bool troth_epoch_is_over(const struct troth_epoch *epoch, int64_t length_s, int64_t now_s,
                         int64_t boot_s);

/* A piece whose digest is one of these; NULL: none. */
const struct troth_piece *troth_epoch_find_held(const struct troth_epoch *epoch,
                                                struct troth_span held);
/* The piece made after this very note; NULL: none. */
const struct troth_piece *troth_epoch_find_note(const struct troth_epoch *epoch,
                                                struct troth_span note);

/* Room for one more; the oldest goes, but not the one made after `note`, which many
 * peers share. Its number is set. */
struct troth_piece *troth_epoch_make_room(struct troth_epoch *epoch,
                                          struct troth_span note);

#endif
