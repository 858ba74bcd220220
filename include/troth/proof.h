/* proof.h - what one side of a channel is asked for, what it shows, and what that is
 * worth. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_PROOF_H
#define TROTH_PROOF_H

#include <stdbool.h>

#include "troth/binding.h"
#include "troth/channel_frame.h"

/* Borrows the channel that asks. */
struct troth_proof_request {
    enum troth_role role; /* of who is to prove */
    enum troth_level level;
    struct troth_span challenge; /* EPOCH: the nonce that new evidence has to carry */
    struct troth_span binding;   /* STRICT: the 64 bytes that evidence has to carry */
    bool takes_checkpoint;  /* EPOCH: a witnessed checkpoint may stand for the nonce */
    struct troth_span held; /* EPOCH: SHA-256 of evidence the peer holds, one by one */
};

/* Spans borrow whoever made it. */
struct troth_proof {
    enum troth_level level;
    struct troth_span evidence;   /* as the device gave it */
    struct troth_span collateral; /* what came with it: a certificate table; or empty */
    /* Of level EPOCH. */
    bool is_held; /* it is of those the peer holds: only its digest is sent */
    uint8_t evidence_sha256[32]; /* filled in for EPOCH, also where `evidence` is empty */
    struct troth_span key;       /* the attestation identity key: P-256 SPKI, DER */
    uint64_t epoch_s;            /* the epoch's first second, since 1970 */
    struct troth_span nonce;     /* the challenge it was made for, or … */
    struct troth_span checkpoint; /* … the signed note it was made after */
};

enum troth_freshness {
    TROTH_FRESH_CONNECTION = 1, /* made for this connection */
    TROTH_FRESH_NONCE,          /* made after this verifier asked for it */
    TROTH_FRESH_CHECKPOINT      /* made after witnesses signed a checkpoint */
};

/* What says whose machine it is. */
enum troth_whose {
    TROTH_WHOSE_ANYBODYS = 0, /* some machine running this image: the policy says any */
    TROTH_WHOSE_LISTED,       /* the policy names the machine */
    TROTH_WHOSE_CERTIFIED,    /* a certificate authority vouches for the name */
    TROTH_WHOSE_PINNED        /* its certificate is the one that was named */
};
const char *
troth_whose_text(enum troth_whose whose); /* "some machine running this image" */

/* What was found of a peer; no pointers, so that it can be kept. */
struct troth_standing {
    enum troth_level level;
    enum troth_freshness freshness;
    enum troth_whose whose;
    bool simulated;
    char kind[16];       /* "tdx" */
    char image[64];      /* the policy's name for it; cut if longer */
    uint8_t machine[64]; /* the claim hardware_id */
    size_t machine_len;  /* 0: evidence of this kind does not tell machines apart */
    uint8_t policy_digest[32];
    uint8_t evidence_sha256[32];
    int64_t fresh_s;       /* the evidence was made no earlier, by this side's clock */
    int64_t valid_until_s; /* when it lapses unless it is judged again */
    char valid_until_what[64];
};

#endif
