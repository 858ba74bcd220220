/* SPDX-License-Identifier: Apache-2.0 */
#include "provider/openssl.h"

#include <stdbool.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/params.h>

/*
 * Every algorithm's bounds; RSA and Ed25519 by EVP. Keys come in as numbers: OpenSSL's
 * decoders cost two P-256 verifications and a lock.
 */

enum {
    UNCOMPRESSED = 0x04,
    ED25519_KEY_SIZE = 32,
    ED25519_SIGNATURE_SIZE = 64,
    MODULUS_MAX = TROTH_RSA_MAX_BITS / 8
};

static const size_t field_sizes[] = {[TROTH_KEY_P256] = 32, [TROTH_KEY_P384] = 48};

static bool rsa_in_bounds(const struct troth_public_key *key)
{
    struct troth_span n = key->modulus;

    if (n.len == 0 || n.len > MODULUS_MAX || n.ptr[0] == 0 || n.ptr[n.len - 1] % 2 == 0)
        return false;

    size_t bits = n.len * 8;

    for (unsigned top = n.ptr[0]; top < 0x80; top <<= 1)
        bits--;
    return bits >= TROTH_RSA_MIN_BITS && key->exponent >= 3 && key->exponent % 2 == 1;
}

static bool in_bounds(const struct troth_public_key *key)
{
    switch (key->kind) {
    case TROTH_KEY_P256:
    case TROTH_KEY_P384:
        return key->point.len == 1 + 2 * field_sizes[key->kind] &&
               key->point.ptr[0] == UNCOMPRESSED;
    case TROTH_KEY_RSA:
        return rsa_in_bounds(key);
    case TROTH_KEY_ED25519:
        return key->point.len == ED25519_KEY_SIZE;
    case TROTH_KEY_NONE:
        break;
    }
    return false;
}

static bool is_pss(enum troth_signature_algorithm algorithm)
{
    return algorithm == TROTH_RSA_PSS_SHA256 || algorithm == TROTH_RSA_PSS_SHA384 ||
           algorithm == TROTH_RSA_PSS_SHA512;
}

static EVP_PKEY *import_rsa(const struct troth_openssl *openssl,
                            const struct troth_public_key *key)
{
    uint8_t native[MODULUS_MAX];
    uint32_t exponent = key->exponent;
    BIGNUM *modulus = BN_bin2bn(key->modulus.ptr, (int)key->modulus.len, NULL);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(openssl->library, "RSA", NULL);
    EVP_PKEY *made = NULL;

    if (ctx && modulus && BN_bn2nativepad(modulus, native, (int)key->modulus.len) > 0) {
        OSSL_PARAM params[] = {
            OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_N, native, key->modulus.len),
            OSSL_PARAM_construct_uint32(OSSL_PKEY_PARAM_RSA_E, &exponent),
            OSSL_PARAM_construct_end()};

        if (EVP_PKEY_fromdata_init(ctx) <= 0 ||
            EVP_PKEY_fromdata(ctx, &made, EVP_PKEY_PUBLIC_KEY, params) <= 0)
            made = NULL;
    }
    EVP_PKEY_CTX_free(ctx);
    BN_free(modulus);
    return made;
}

static bool verify_rsa_digest(const struct troth_openssl *openssl, EVP_PKEY *key,
                              enum troth_signature_algorithm algorithm,
                              struct troth_span digest, struct troth_span signature)
{
    /* Salts are as long as the hash, no longer and no shorter; PKCS#1 v1.5 has none. */
    const OSSL_PARAM salt = troth_openssl_text(OSSL_SIGNATURE_PARAM_PSS_SALTLEN,
                                               OSSL_PKEY_RSA_PSS_SALT_LEN_DIGEST);
    const OSSL_PARAM params[] = {
        troth_openssl_text(
            OSSL_SIGNATURE_PARAM_DIGEST,
            troth_openssl_hash_name(troth_signature_facts(algorithm).hash)),
        troth_openssl_text(OSSL_SIGNATURE_PARAM_PAD_MODE,
                           is_pss(algorithm) ? OSSL_PKEY_RSA_PAD_MODE_PSS
                                             : OSSL_PKEY_RSA_PAD_MODE_PKCSV15),
        is_pss(algorithm) ? salt : OSSL_PARAM_construct_end(),
        OSSL_PARAM_construct_end()};
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(openssl->library, key, NULL);
    bool good = ctx && EVP_PKEY_verify_init_ex(ctx, params) > 0 &&
                EVP_PKEY_verify(ctx, signature.ptr, signature.len, digest.ptr,
                                digest.len) == 1;

    EVP_PKEY_CTX_free(ctx);
    return good;
}

/*
 * EVP says 0 for no, and of RSA for its own failure, too. PSS gives a reason for no;
 * PKCS#1 v1.5 and Ed25519 do not always: there a no may be OpenSSL's failure.
 */
static enum troth_err verify_rsa(struct troth_openssl *openssl,
                                 enum troth_signature_algorithm algorithm,
                                 const struct troth_public_key *key,
                                 struct troth_parts message, struct troth_span signature)
{
    uint8_t bytes[TROTH_HASH_MAX];
    enum troth_hash hash = troth_signature_facts(algorithm).hash;
    struct troth_span digest = {bytes, troth_hash_size(hash)};

    if (signature.len != key->modulus.len)
        return TROTH_ERR_SIGNATURE;

    enum troth_err err = troth_openssl_digest(openssl, bytes, hash, message);
    EVP_PKEY *made = err ? NULL : import_rsa(openssl, key);

    if (!made)
        return troth_openssl_failure(ERR_LIB_NONE, TROTH_ERR_CRYPTO);
    if (!verify_rsa_digest(openssl, made, algorithm, digest, signature))
        err = troth_openssl_failure(is_pss(algorithm) ? ERR_LIB_RSA : ERR_LIB_NONE,
                                    TROTH_ERR_SIGNATURE);
    EVP_PKEY_free(made);
    return err;
}

static enum troth_err verify_ed25519(struct troth_openssl *openssl,
                                     const struct troth_public_key *key,
                                     struct troth_parts message,
                                     struct troth_span signature)
{
    if (message.count != 1)
        return TROTH_ERR_UNSUPPORTED;
    if (signature.len != ED25519_SIGNATURE_SIZE)
        return TROTH_ERR_SIGNATURE;

    EVP_PKEY *made = EVP_PKEY_new_raw_public_key_ex(openssl->library, "ED25519", NULL,
                                                    key->point.ptr, key->point.len);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    int answer = -1;

    if (made && ctx &&
        EVP_DigestVerifyInit_ex(ctx, NULL, NULL, openssl->library, NULL, made, NULL) > 0)
        answer = EVP_DigestVerify(ctx, signature.ptr, signature.len, message.spans[0].ptr,
                                  message.spans[0].len);
    EVP_MD_CTX_free(ctx);
    EVP_PKEY_free(made);
    if (answer == 1)
        return TROTH_OK;
    return troth_openssl_failure(ERR_LIB_NONE,
                                 answer ? TROTH_ERR_CRYPTO : TROTH_ERR_SIGNATURE);
}

enum troth_err troth_openssl_verify(void *state, enum troth_signature_algorithm algorithm,
                                    const struct troth_public_key *key,
                                    struct troth_parts message,
                                    struct troth_span signature)
{
    enum troth_key_kind wanted = troth_signature_facts(algorithm).key;

    if (wanted == TROTH_KEY_NONE)
        return TROTH_ERR_ALGORITHM;
    if (key->kind != wanted || !in_bounds(key))
        return TROTH_ERR_KEY;
    switch (wanted) {
    case TROTH_KEY_P256:
    case TROTH_KEY_P384:
        return troth_openssl_verify_ecdsa(state, algorithm, key, message, signature);
    case TROTH_KEY_RSA:
        return verify_rsa(state, algorithm, key, message, signature);
    case TROTH_KEY_ED25519:
        return verify_ed25519(state, key, message, signature);
    case TROTH_KEY_NONE:
        break;
    }
    return TROTH_ERR_ALGORITHM;
}
