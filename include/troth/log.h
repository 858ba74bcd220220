/*
 * log.h - what a transparency log proves: that an entry is in it, and that it only grew.
 *
 * The log is an RFC 6962 Merkle tree over entries; who knows its root can be shown both
 * with a few hashes and without the log. What no proof shows: that the log shows
 * everybody the same root. That is what witnesses are for (troth/witness.h).
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_LOG_H
#define TROTH_LOG_H

#include "troth/crypto.h"
#include "troth/witness.h"

#define TROTH_LOG_HASH_SIZE 32
#define TROTH_LOG_ENTRY_MAX 65535 /* bytes: [C2SP-TILES] writes their number in two */
#define TROTH_LOG_PATH_MAX  63    /* hashes of a proof */

struct troth_log_hash {
    uint8_t bytes[TROTH_LOG_HASH_SIZE];
};

struct troth_log_path {
    struct troth_log_hash hashes[TROTH_LOG_PATH_MAX]; /* nearest the leaf first */
    size_t count;
};

/* SHA-256(0x00 ‖ entry); TROTH_ERR_LIMIT, TROTH_ERR_CRYPTO. */
TROTH_MUST_USE enum troth_err troth_log_leaf(struct troth_log_hash *out,
                                             const struct troth_crypto *crypto,
                                             struct troth_span entry);

/* A tree as far as others know it. */
struct troth_log_tree {
    uint64_t size; /* entries, below 2^62 */
    struct troth_log_hash root;
};

/*
 * troth_log_check_inclusion - is this the leaf at `index` of the tree?
 *
 * Errors   TROTH_ERR_VALUE: no such index in a tree of that size, or the size is beyond
 *          reason; TROTH_ERR_LIMIT: another number of hashes than there must be;
 *          TROTH_ERR_MISMATCH: they lead to another root; TROTH_ERR_CRYPTO
 * Spec     [RFC6962] 2.1.1, [RFC9162] 2.1.3.2
 */
TROTH_MUST_USE enum troth_err troth_log_check_inclusion(
    const struct troth_crypto *crypto, uint64_t index, const struct troth_log_hash *leaf,
    const struct troth_log_path *path, const struct troth_log_tree *tree);

/*
 * troth_log_check_consistency - is the older tree the beginning of the newer one?
 *
 * Shape    of an empty tree, and between equal ones, the path is empty
 * Errors   as troth_log_check_inclusion(); TROTH_ERR_VALUE: the older one is larger, or
 *          an empty tree's root is not the hash of nothing
 * Spec     [RFC6962] 2.1.2, [RFC9162] 2.1.4.2
 */
TROTH_MUST_USE enum troth_err troth_log_check_consistency(
    const struct troth_crypto *crypto, const struct troth_log_tree *older,
    const struct troth_log_path *path, const struct troth_log_tree *newer);

/* ---- bundles: all that it takes to check an entry offline ---- */

#define TROTH_LOG_PROOF_MAX                                                              \
    (TROTH_NOTE_MAX + (size_t)92 * 1024) /* bytes; the rest is for the entry */

struct troth_log_proof {
    struct troth_span extra; /* base64; here the entry itself. Nobody signed that */
    uint64_t index;
    struct troth_log_path path;
    struct troth_span checkpoint; /* a signed note */
};

/*
 * troth_log_proof_parse - split a bundle; judges nothing.
 *
 *   out     borrows `text`
 *   fault   field "proof.…"
 *
 * Errors   TROTH_ERR_LIMIT, TROTH_ERR_TEXT, TROTH_ERR_VALUE, TROTH_ERR_ENCODING,
 *          TROTH_ERR_SHORT, TROTH_ERR_VERSION
 * Spec     [C2SP-PROOF]
 */
TROTH_MUST_USE enum troth_err troth_log_proof_parse(struct troth_log_proof *out,
                                                    struct troth_fault *fault,
                                                    struct troth_span text);

/*
 * troth_log_proof_entry - the entry that a bundle of ours carries as its extra data. It
 * counts for nothing until the bundle has been verified for it.
 *
 *   out     `room` bytes, TROTH_LOG_ENTRY_MAX always suffice
 *
 * Errors   TROTH_ERR_MISSING: it carries none; TROTH_ERR_ENCODING, TROTH_ERR_LIMIT
 */
TROTH_MUST_USE enum troth_err troth_log_proof_entry(uint8_t *out, size_t room,
                                                    size_t *out_len,
                                                    const struct troth_log_proof *proof);

/*
 * troth_log_proof_verify - is `entry` in the log that these keys speak for?
 *
 *   out         the checkpoint; borrows the bundle
 *   fault       field "proof.…", "checkpoint.…", "witnesses.…"
 *   witnesses   `needed` may be 0 here: then nobody but the log vouches, and
 *               out->witnessed_s is 0
 *
 * Errors   troth_checkpoint_verify()'s, troth_log_check_inclusion()'s
 */
TROTH_MUST_USE enum troth_err
troth_log_proof_verify(struct troth_checkpoint *out, struct troth_fault *fault,
                       const struct troth_log_proof *proof, struct troth_span entry,
                       const struct troth_witnesses *witnesses,
                       const struct troth_crypto *crypto);

#endif
