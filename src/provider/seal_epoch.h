/*
 * seal_epoch.h - the key of an epoch, and the same wrapped to an auditor.
 *
 * The auditor's key is X25519. Whoever made an epoch and has wiped its key cannot read
 * what was sealed in it any more: nothing but the wrapped form remains.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_PROVIDER_SEAL_EPOCH_H
#define TROTH_PROVIDER_SEAL_EPOCH_H

#include "troth/sealed.h"

/*
 * troth_seal_epoch_make - a new key, wrapped to the auditor whose public key this is.
 *
 *   out      the caller wipes it
 *   auditor  PEM, "PUBLIC KEY" with an X25519 key
 *
 * Shape    wrapped: an ephemeral X25519 public key, then the key under AES-256-GCM (nonce
 *          zero, since that key is for this one message) with HKDF-SHA256(shared secret,
 *          no salt, LP("troth/record/epoch/v1") ‖ LP(ephemeral key) ‖ LP(auditor's key))
 * Errors   TROTH_ERR_KEY, TROTH_ERR_CRYPTO
 * Effects  random bytes from OpenSSL
 * Spec     [RFC7748] 6.1, [RFC5869]
 */
TROTH_MUST_USE enum troth_err troth_seal_epoch_make(struct troth_seal_epoch *out,
                                                    const struct troth_crypto *crypto,
                                                    struct troth_span auditor);

/*
 * troth_seal_epoch_unwrap - the key again, by the auditor's private key.
 *
 *   out      secret; the caller wipes it
 *   auditor  PEM, "PRIVATE KEY" (PKCS#8, not encrypted) with an X25519 key
 *
 * Errors   TROTH_ERR_KEY; TROTH_ERR_SIGNATURE: not wrapped to this auditor, or changed
 *          since; TROTH_ERR_CRYPTO
 */
TROTH_MUST_USE enum troth_err troth_seal_epoch_unwrap(
    uint8_t out[static TROTH_SEAL_KEY_SIZE], const struct troth_crypto *crypto,
    const uint8_t wrapped[static TROTH_SEAL_WRAPPED_SIZE], struct troth_span auditor);

#endif
