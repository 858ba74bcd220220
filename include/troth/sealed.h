/*
 * sealed.h - the private values of a record, sealed beside the log for who may read them.
 *
 * To open one is to check it against the record's commitment, so that nobody has to trust
 * a decryption.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SEALED_H
#define TROTH_SEALED_H

#include "troth/record.h"

#define TROTH_SEALED_MAX                                                                 \
    ((size_t)256 * 1024) /* bytes of all sealed values of a record                       \
                          */

/* Keys of one epoch, which end with the process that made them: its key, and the same
 * wrapped to the auditor, who alone can have it again. */
#define TROTH_SEAL_KEY_SIZE 32
#define TROTH_SEAL_WRAPPED_SIZE                                                          \
    80 /* an X25519 key, 32 bytes sealed under what it leads to */
struct troth_seal_epoch {
    uint8_t key[TROTH_SEAL_KEY_SIZE]; /* secret; the caller wipes it */
    uint8_t wrapped[TROTH_SEAL_WRAPPED_SIZE];
};

/*
 * troth_record_seal - the sealed values of a record, as one line of JSON.
 *
 *   secrets   all of one record; their commitments are the record's
 *
 * Shape    {"sealed":"troth/v1","wrapped":base64,"fields":{name:base64,…}}, names
 *          ascending; the record's key is HKDF-SHA256(epoch key, id), a field's HKDF of
 *          that and its name; AES-256-GCM, each key for one value only, the nonce from
 *          the commitment and in front; salt and value are sealed together, and origin,
 *          id and name are bound to them
 * Errors   TROTH_ERR_LIMIT, TROTH_ERR_VALUE, TROTH_ERR_CRYPTO
 */
TROTH_MUST_USE enum troth_err
troth_record_seal(uint8_t *out, size_t room, size_t *out_len,
                  const struct troth_crypto *crypto, const struct troth_seal_epoch *epoch,
                  const struct troth_record_secret *secrets, size_t count);

/* The epoch that sealed values were made in. TROTH_ERR_… of the JSON reader's. */
TROTH_MUST_USE enum troth_err
troth_record_sealed_wrapped(uint8_t out[static TROTH_SEAL_WRAPPED_SIZE],
                            struct troth_fault *fault, struct troth_span sealed,
                            struct troth_arena *arena);

/*
 * troth_record_open - one field of sealed values, checked against the record's
 * commitment.
 *
 *   out         `value` borrows the arena; the caller wipes both
 *   epoch_key   unwrapped by the auditor
 *
 * Errors   TROTH_ERR_MISSING: no such field; TROTH_ERR_SIGNATURE: sealed under another
 *          key, or for another record; TROTH_ERR_MISMATCH: not what the record commits
 * to; TROTH_ERR_MEMORY: TROTH_SEALED_MAX bytes suffice; the JSON reader's
 */
TROTH_MUST_USE enum troth_err
troth_record_open(struct troth_record_secret *out, struct troth_fault *fault,
                  const struct troth_record *record, struct troth_span origin,
                  struct troth_span name, struct troth_span sealed,
                  const uint8_t epoch_key[static TROTH_SEAL_KEY_SIZE],
                  const struct troth_crypto *crypto, struct troth_arena *arena);

#endif
