/* cose.h - COSE_Sign1: split it, and rebuild what was signed (RFC 9052). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CODEC_COSE_H
#define TROTH_CODEC_COSE_H

#include "codec/cbor.h"

/* COSE algorithm numbers (RFC 9053). */
enum troth_cose_algorithm {
    TROTH_COSE_NONE = 0,
    TROTH_COSE_ES256 = -7,
    TROTH_COSE_EDDSA = -8,
    TROTH_COSE_ES384 = -35,
    TROTH_COSE_ES512 = -36
};

/* Borrows the input. */
struct troth_cose_sign1 {
    bool tagged;                     /* tag 18 stood in front */
    struct troth_span protected_raw; /* contents of the protected byte string */
    struct troth_span unprotected;   /* the map as encoded */
    struct troth_span payload;       /* contents of the payload byte string */
    struct troth_span signature;
    int64_t algorithm;        /* protected header 1; 0 when it is not there */
    unsigned protected_count; /* entries in the protected header */
    unsigned unprotected_count;
};

/*
 * troth_cose_sign1_parse - split a COSE_Sign1; judges nothing but its shape.
 *
 *   out     filled on success, zeroed on failure; borrows `raw`
 *   raw     the whole message, with or without tag 18
 *
 * Shape    [protected bstr, unprotected map, payload bstr, signature bstr]; a detached
 *          (null) payload, a tag other than 18, a "crit" header (2), an algorithm that is
 *          not a number and a protected header that is neither empty nor one map are
 *          refused; labels are integers or text
 * Errors   the reader's own; TROTH_ERR_UNSUPPORTED
 * Spec     [RFC9052] 1.5, 3, 4.2
 */
TROTH_MUST_USE enum troth_err troth_cose_sign1_parse(struct troth_cose_sign1 *out,
                                                     struct troth_fault *fault,
                                                     struct troth_span raw);

/*
 * troth_cose_sign1_signed - the bytes the signature covers, in pieces.
 *
 *   message       as parsed; its bytes are used as received, never encoded again
 *   external_aad  {NULL, 0} where the application has none
 *   scratch       room for the encoded heads; must live as long as the result
 *
 * Shape    Sig_structure = ["Signature1", protected, external_aad, payload], each of the
 *          three as its head and its contents; a protected header without entries counts
 *          as zero bytes, however it was sent
 * Spec     [RFC9052] 4.4
 */
#define TROTH_COSE_PARTS 6
struct troth_cose_heads {
    uint8_t bytes[64];
};
struct troth_cose_signed {
    struct troth_span parts[TROTH_COSE_PARTS];
    size_t count;
};
struct troth_cose_signed troth_cose_sign1_signed(const struct troth_cose_sign1 *message,
                                                 struct troth_span external_aad,
                                                 struct troth_cose_heads *scratch);

#endif
