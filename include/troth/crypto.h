/*
 * crypto.h - what the core asks of a cryptographic library, and nothing more.
 *
 * The core has no algorithms of its own: the caller passes one of these tables
 * (troth/provider.h makes them). Keys are raw numbers, never a library's object, so
 * that the library's decoder never meets untrusted bytes.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CRYPTO_H
#define TROTH_CRYPTO_H

#include "troth/error.h"
#include "troth/span.h"

enum troth_hash { TROTH_SHA256 = 1, TROTH_SHA384, TROTH_SHA512 };

/* Bytes in the longest digest, and in `hash`'s (0 for an unknown one). */
#define TROTH_HASH_MAX 64
size_t troth_hash_size(enum troth_hash hash);

enum troth_key_kind {
    TROTH_KEY_NONE = 0,
    TROTH_KEY_P256,
    TROTH_KEY_P384,
    TROTH_KEY_RSA,
    TROTH_KEY_ED25519
};

/* Borrows the bytes it was read from. */
struct troth_public_key {
    enum troth_key_kind kind;
    struct troth_span point; /* EC: 0x04 ‖ X ‖ Y, 65 or 97 bytes; Ed25519: 32 bytes */
    struct troth_span modulus; /* RSA: big-endian, first byte not zero */
    uint32_t exponent;         /* RSA: odd, at least 3 */
};

/* RSA-PSS is always MGF1 with the same hash and a salt as long as the hash. */
/* clang-format off */
#define TROTH_SIGNATURE_ALGORITHMS(X)                    \
    /* name             key      hash    text         */ \
    X(ECDSA_P256_SHA256, P256,    SHA256, "ECDSA P-256 with SHA-256")   \
    X(ECDSA_P384_SHA384, P384,    SHA384, "ECDSA P-384 with SHA-384")   \
    X(RSA_PSS_SHA256,    RSA,     SHA256, "RSA-PSS with SHA-256")       \
    X(RSA_PSS_SHA384,    RSA,     SHA384, "RSA-PSS with SHA-384")       \
    X(RSA_PSS_SHA512,    RSA,     SHA512, "RSA-PSS with SHA-512")       \
    X(RSA_PKCS1_SHA256,  RSA,     SHA256, "RSA PKCS#1 v1.5 with SHA-256") \
    X(RSA_PKCS1_SHA384,  RSA,     SHA384, "RSA PKCS#1 v1.5 with SHA-384") \
    X(RSA_PKCS1_SHA512,  RSA,     SHA512, "RSA PKCS#1 v1.5 with SHA-512") \
    X(ED25519,           ED25519, SHA512, "Ed25519")
/* clang-format on */

enum troth_signature_algorithm {
    TROTH_SIGNATURE_NONE = 0,
#define X(name, key, hash, text) TROTH_##name,
    TROTH_SIGNATURE_ALGORITHMS(X)
#undef X
};

/* The row of the table for `algorithm`: the key it needs, its hash, its name for people.
 */
struct troth_signature_facts {
    enum troth_key_kind key;
    enum troth_hash hash;
    const char *text;
};
struct troth_signature_facts
troth_signature_facts(enum troth_signature_algorithm algorithm);

/* RSA moduli outside these sizes are refused: TROTH_ERR_KEY. */
#define TROTH_RSA_MIN_BITS 2048
#define TROTH_RSA_MAX_BITS 4096

/* OpenSSL takes no longer info. */
#define TROTH_HKDF_INFO_MAX 32768

/* AES-256-GCM: bytes of a key, of a nonce, and by which what is sealed is longer. */
#define TROTH_AEAD_KEY_SIZE   32
#define TROTH_AEAD_NONCE_SIZE 12
#define TROTH_AEAD_TAG_SIZE   16

/* Bytes given in pieces, as if they were one run. */
struct troth_parts {
    const struct troth_span *spans;
    size_t count;
};

/* What it takes to open what was sealed. */
struct troth_aead_lock {
    const uint8_t *key;            /* TROTH_AEAD_KEY_SIZE */
    const uint8_t *nonce;          /* TROTH_AEAD_NONCE_SIZE */
    struct troth_parts associated; /* not hidden, but bound to what is */
};

/*
 * Every member may be called from several threads at once, and returns TROTH_OK,
 * or TROTH_ERR_CRYPTO when the library itself failed, or what its line says.
 */
struct troth_crypto_ops {
    const char *name;

    /* Writes troth_hash_size(hash) bytes. */
    enum troth_err (*digest)(void *state, uint8_t *out, enum troth_hash hash,
                             struct troth_parts message);
    enum troth_err (*hmac)(void *state, uint8_t *out, enum troth_hash hash,
                           struct troth_span key, struct troth_parts message);
    /*
     * RFC 5869, extract and expand. TROTH_ERR_LIMIT: more than 255 digests of output, or
     * an info longer than TROTH_HKDF_INFO_MAX.
     */
    enum troth_err (*hkdf)(void *state, uint8_t *out, size_t out_len,
                           enum troth_hash hash, struct troth_span secret,
                           struct troth_span salt, struct troth_span info);
    /*
     * ECDSA signatures are r ‖ s, each as long as the field, big-endian. Ed25519 wants
     * its message in one part. TROTH_ERR_SIGNATURE: a usable key did not make this
     * signature; TROTH_ERR_KEY: wrong kind, off the curve, or out of bounds.
     */
    enum troth_err (*verify)(void *state, enum troth_signature_algorithm algorithm,
                             const struct troth_public_key *key,
                             struct troth_parts message, struct troth_span signature);
    /*
     * AES-256-GCM, the tag behind the ciphertext: TROTH_AEAD_TAG_SIZE bytes more than
     * `plain` at `out`, which may be where `plain` is. A key may meet a nonce once only:
     * the caller sees to that.
     */
    enum troth_err (*seal)(void *state, uint8_t *out, const struct troth_aead_lock *lock,
                           struct troth_span plain);
    /*
     * The reverse; `out` may be where `sealed` is. TROTH_ERR_SIGNATURE: not sealed so,
     * or changed since; nothing of it is then left at `out`.
     */
    enum troth_err (*open)(void *state, uint8_t *out, const struct troth_aead_lock *lock,
                           struct troth_span sealed);
};

struct troth_crypto {
    const struct troth_crypto_ops *ops;
    void *state; /* the library's prefetched objects; read-only once made */
};

/* `ops->digest` over one span. */
TROTH_MUST_USE enum troth_err troth_digest(const struct troth_crypto *crypto,
                                           uint8_t *out, enum troth_hash hash,
                                           struct troth_span message);

#endif
