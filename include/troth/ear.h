/*
 * ear.h - attestation results that others can rely on: EAR as a signed JWT.
 *
 * docs/ear.md has the table behind the trustworthiness vector. Times are arguments; keys
 * stay with the cryptographic library (troth/signer.h).
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EAR_H
#define TROTH_EAR_H

#include "troth/signer.h"
#include "troth/verify.h"

/* Room for any token: header, payload and signature. */
#define TROTH_EAR_SIZE ((size_t)64 * 1024)

/* The spelling of names; who reads them knows by "eat_profile". */
enum troth_ear_profile {
    TROTH_EAR_DRAFT = 0, /* draft-ietf-rats-ear-04: "ear_status" */
    TROTH_EAR_VERAISON   /* what was read before: "ear.status" */
};

struct troth_ear_options {
    enum troth_ear_profile profile;
    int64_t issued_at_s;
    /* The token ends then or when the evidence does, whichever is first; 0: with the
     * evidence, and no later than a day. */
    int64_t expires_s;
    struct troth_span raw_evidence; /* its SHA-256 goes into the token; empty: no */
    const struct troth_crypto *crypto;
};

/*
 * troth_ear_write - the result of a verification as a JWT in compact form.
 *
 *   out    `size` bytes at most; TROTH_EAR_SIZE always suffice
 *
 * Errors   TROTH_ERR_LIMIT: does not fit, or the nonce is not of 6 to 66 bytes, which is
 *          what EAT can carry; TROTH_ERR_CLOCK: an archival result, which says nothing of
 *          now; TROTH_ERR_ALGORITHM, TROTH_ERR_CRYPTO
 * Spec     [EAR] draft-ietf-rats-ear, [AR4SI], [RFC7515], [RFC7519], [RFC7518] 3.4,
 *          [RFC8037]
 */
TROTH_MUST_USE enum troth_err troth_ear_write(uint8_t *out, size_t size, size_t *out_len,
                                              const struct troth_result *result,
                                              const struct troth_ear_options *options,
                                              const struct troth_signer *signer);

/* AR4SI's four tiers, for the whole and for each claim of the vector. */
enum troth_ear_tier {
    TROTH_EAR_NONE = 0,
    TROTH_EAR_AFFIRMING = 2,
    TROTH_EAR_WARNING = 32,
    TROTH_EAR_CONTRAINDICATED = 96
};

/* A token that was verified. Spans borrow the arena. */
struct troth_ear {
    enum troth_ear_tier status;
    struct troth_span kind;      /* the submodule: "tdx" */
    struct troth_span policy_id; /* "sha-256:…", or empty */
    struct troth_span nonce;     /* raw bytes; empty: none */
    int64_t issued_at_s, expires_s;
    struct troth_span verifier;
    struct troth_span payload; /* the JSON */
};

struct troth_ear_input {
    struct troth_span token;            /* white space around it is ignored */
    const struct troth_public_key *key; /* whose word it has to be */
    int64_t at_s;                       /* the clock, seconds since 1970 */
    const struct troth_crypto *crypto;
    struct troth_arena *arena; /* four times the token's length suffice */
};

/*
 * troth_ear_verify - is this a result that the key signed, and is it good at that time?
 *
 *   out    filled where the signature is good, also on TROTH_ERR_CLOCK
 *   fault  field "ear.…"
 *
 * Shape    alg must be the key's own (ES256 or EdDSA), typ "JWT" or absent, no crit; the
 *          status in the token must be what its own vector says
 * Errors   TROTH_ERR_SIGNATURE, TROTH_ERR_ALGORITHM, TROTH_ERR_KEY, TROTH_ERR_CLOCK: not
 *          yet issued (60 s of grace), or past its end; the parsers' own;
 * TROTH_ERR_MEMORY, TROTH_ERR_CRYPTO
 */
TROTH_MUST_USE enum troth_err troth_ear_verify(struct troth_ear *out,
                                               struct troth_fault *fault,
                                               const struct troth_ear_input *input);

#endif
