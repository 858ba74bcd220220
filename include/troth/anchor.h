/*
 * anchor.h - the keys that trust starts from, as facts.
 *
 * The built-in ones are a table (src/evidence/roots.c). A root inside evidence or beside
 * it is never trusted for being there. An anchor that is not built in makes every result
 * that rests on it say so.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_ANCHOR_H
#define TROTH_ANCHOR_H

#include <stdbool.h>

#include "troth/arena.h"
#include "troth/crypto.h"

/* What an anchor may vouch for. */
enum troth_anchor_role {
    TROTH_ANCHOR_NITRO_ROOT = 1,
    TROTH_ANCHOR_AMD_ARK,    /* signs ASK, ASVK and the revocation list */
    TROTH_ANCHOR_AMD_ASK,    /* signs VCEKs; built in so that a VCEK alone is enough */
    TROTH_ANCHOR_AMD_ASVK,   /* signs VLEKs */
    TROTH_ANCHOR_INTEL_ROOT, /* signs PCK CAs, the TCB signer and their revocation list */
    TROTH_ANCHOR_CUSTOM      /* from a file: any root role its certificate fits */
};

struct troth_anchor {
    const char *name; /* "AMD ARK-Milan" */
    enum troth_anchor_role role;
    const char *product;       /* "Milan"; NULL where the vendor has one root for all */
    struct troth_span subject; /* its distinguished name, DER */
    struct troth_span serial;  /* of the certificate, big-endian, for revocation lists */
    struct troth_span key_id;  /* its subject key identifier; may be empty */
    struct troth_public_key key;
    uint8_t sha256[32]; /* of the whole certificate, DER */
    int64_t not_before_s, not_after_s;
    bool built_in;
    /* What its certificate says of the chains below it; zero: it sets no limit. */
    bool has_path_length;
    unsigned path_length;
    bool may_not_sign_lists; /* it has a key usage without cRLSign */
};

struct troth_anchors {
    const struct troth_anchor *rows;
    size_t count;
};

/* The vendors' own. Static, never freed. */
struct troth_anchors troth_anchors_built_in(void);

/*
 * troth_anchor_from_certificate - make an anchor of a root certificate from a file.
 *
 *   out    filled on success, zeroed on failure; borrows `der`
 *   der    one self-signed X.509 certificate
 *
 * Shape    name "custom", role TROTH_ANCHOR_CUSTOM, no product, not built in
 * Errors   the certificate parser's; TROTH_ERR_SIGNATURE if it did not sign itself;
 *          TROTH_ERR_VALUE if it is no certificate authority; TROTH_ERR_UNSUPPORTED if
 *          it has a critical extension of unknown meaning; TROTH_ERR_CRYPTO
 * Effects  none
 */
TROTH_MUST_USE enum troth_err
troth_anchor_from_certificate(struct troth_anchor *out, struct troth_fault *fault,
                              const struct troth_crypto *crypto, struct troth_span der);

#endif
