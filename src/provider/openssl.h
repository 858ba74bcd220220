/*
 * openssl.h - what the OpenSSL back end's files share.
 *
 * What OpenSSL has to look up is looked up once, in a library context of our own, so that
 * neither openssl.cnf nor the environment decides which algorithms answer.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_PROVIDER_OPENSSL_H
#define TROTH_PROVIDER_OPENSSL_H

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/provider.h>

#include "troth/crypto.h"

/* Read-only once created: threads share it without a lock. */
struct troth_openssl {
    OSSL_LIB_CTX *library;
    OSSL_PROVIDER *algorithms;
    EVP_MAC *hmac;
    EVP_KDF *hkdf;
    EVP_CIPHER *aead;
    EC_GROUP *curves[TROTH_KEY_P384 + 1]; /* by kind */
};

/* The members of struct troth_crypto_ops; `state` is a struct troth_openssl. */
enum troth_err troth_openssl_digest(void *state, uint8_t *out, enum troth_hash hash,
                                    struct troth_parts message);
enum troth_err troth_openssl_hmac(void *state, uint8_t *out, enum troth_hash hash,
                                  struct troth_span key, struct troth_parts message);
enum troth_err troth_openssl_hkdf(void *state, uint8_t *out, size_t out_len,
                                  enum troth_hash hash, struct troth_span secret,
                                  struct troth_span salt, struct troth_span info);
enum troth_err troth_openssl_verify(void *state, enum troth_signature_algorithm algorithm,
                                    const struct troth_public_key *key,
                                    struct troth_parts message,
                                    struct troth_span signature);
enum troth_err troth_openssl_seal(void *state, uint8_t *out,
                                  const struct troth_aead_lock *lock,
                                  struct troth_span plain);
enum troth_err troth_openssl_open(void *state, uint8_t *out,
                                  const struct troth_aead_lock *lock,
                                  struct troth_span sealed);

/* `key` and `algorithm` fit each other, and the point is of the right length. */
enum troth_err troth_openssl_verify_ecdsa(struct troth_openssl *openssl,
                                          enum troth_signature_algorithm algorithm,
                                          const struct troth_public_key *key,
                                          struct troth_parts message,
                                          struct troth_span signature);

/* To be freed; NULL when OpenSSL fails. `kind` is one of the two NIST curves. */
EC_GROUP *troth_openssl_curve(OSSL_LIB_CTX *library, enum troth_key_kind kind);

/* The parameter `name` with a text for its value. */
OSSL_PARAM troth_openssl_text(const char *name, const char *value);

/* Name of `hash` as OpenSSL spells it; NULL for an unknown one. */
const char *troth_openssl_hash_name(enum troth_hash hash);

/*
 * What a failure means: `blame`, if OpenSSL's part `library` (ERR_LIB_…, NONE for any)
 * gave a reason of its own and memory did not run out; else TROTH_ERR_CRYPTO, so that a
 * failing library does not read as a bad key or signature. Empties the error queue.
 */
enum troth_err troth_openssl_failure(int library, enum troth_err blame);

#endif
