/* SPDX-License-Identifier: Apache-2.0 */
#include "provider/openssl.h"

#include <stdbool.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/params.h>

#include "base/memory.h"

/* Keys come in as numbers: OpenSSL's decoders cost two P-256 verifications and a lock. */

enum {
    UNCOMPRESSED = 0x04,
    ED25519_KEY_SIZE = 32,
    ED25519_SIGNATURE_SIZE = 64,
    MODULUS_MAX = TROTH_RSA_MAX_BITS / 8,
    TAG_INTEGER = 0x02,
    TAG_SEQUENCE = 0x30,
    FIELD_MAX = 48,
    ECDSA_DER_MAX = 2 + 2 * (2 + 1 + FIELD_MAX) /* below 128: lengths are one byte */
};

static const size_t field_sizes[] = {[TROTH_KEY_P256] = 32, [TROTH_KEY_P384] = 48};

/* RSA padding by algorithm; no row, no RSA. */
static const char *const paddings[] = {
    [TROTH_RSA_PSS_SHA256] = OSSL_PKEY_RSA_PAD_MODE_PSS,
    [TROTH_RSA_PSS_SHA384] = OSSL_PKEY_RSA_PAD_MODE_PSS,
    [TROTH_RSA_PSS_SHA512] = OSSL_PKEY_RSA_PAD_MODE_PSS,
    [TROTH_RSA_PKCS1_SHA256] = OSSL_PKEY_RSA_PAD_MODE_PKCSV15,
    [TROTH_RSA_PKCS1_SHA384] = OSSL_PKEY_RSA_PAD_MODE_PKCSV15,
    [TROTH_RSA_PKCS1_SHA512] = OSSL_PKEY_RSA_PAD_MODE_PKCSV15,
    [TROTH_ED25519] = NULL,
};

/* Salts are as long as the hash, no longer and no shorter; PKCS#1 v1.5 has none. */
static const char *const salts[] = {
    [TROTH_RSA_PSS_SHA256] = OSSL_PKEY_RSA_PSS_SALT_LEN_DIGEST,
    [TROTH_RSA_PSS_SHA384] = OSSL_PKEY_RSA_PSS_SALT_LEN_DIGEST,
    [TROTH_RSA_PSS_SHA512] = OSSL_PKEY_RSA_PSS_SALT_LEN_DIGEST,
    [TROTH_ED25519] = NULL,
};

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

/* Setting the point checks that it is on the curve. */
static EVP_PKEY *import_point(const struct troth_openssl *openssl,
                              const struct troth_public_key *key)
{
    EVP_PKEY *made = EVP_PKEY_new();

    if (made && EVP_PKEY_copy_parameters(made, openssl->curves[key->kind]) > 0 &&
        EVP_PKEY_set1_encoded_public_key(made, key->point.ptr, key->point.len) > 0)
        return made;
    EVP_PKEY_free(made);
    return NULL;
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

/* NULL for a point off its curve, and when OpenSSL fails. */
static EVP_PKEY *import_key(const struct troth_openssl *openssl,
                            const struct troth_public_key *key)
{
    switch (key->kind) {
    case TROTH_KEY_P256:
    case TROTH_KEY_P384:
        return import_point(openssl, key);
    case TROTH_KEY_RSA:
        return import_rsa(openssl, key);
    case TROTH_KEY_ED25519:
        return EVP_PKEY_new_raw_public_key_ex(openssl->library, "ED25519", NULL,
                                              key->point.ptr, key->point.len);
    case TROTH_KEY_NONE:
        break;
    }
    return NULL;
}

/* An INTEGER in its shortest form, which is never negative. */
static size_t encode_integer(uint8_t *out, struct troth_span number)
{
    while (number.len > 1 && number.ptr[0] == 0)
        number = (struct troth_span){number.ptr + 1, number.len - 1};

    size_t pad = number.ptr[0] >> 7;

    out[0] = TAG_INTEGER;
    out[1] = (uint8_t)(pad + number.len);
    out[2] = 0;
    memcpy(out + 2 + pad, number.ptr, number.len);
    return 2 + pad + number.len;
}

/* r ‖ s to the DER that EVP wants. */
static struct troth_span encode_ecdsa(uint8_t out[ECDSA_DER_MAX], struct troth_span raw)
{
    size_t width = raw.len / 2;
    size_t len = 2;

    len += encode_integer(out + len, (struct troth_span){raw.ptr, width});
    len += encode_integer(out + len, (struct troth_span){raw.ptr + width, width});
    out[0] = TAG_SEQUENCE;
    out[1] = (uint8_t)(len - 2);
    return (struct troth_span){out, len};
}

static int verify_digest(const struct troth_openssl *openssl, EVP_PKEY *key,
                         const OSSL_PARAM *params, struct troth_span digest,
                         struct troth_span signature)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(openssl->library, key, NULL);
    int answer = -1;

    if (ctx && EVP_PKEY_verify_init_ex(ctx, params) > 0)
        answer = EVP_PKEY_verify(ctx, signature.ptr, signature.len, digest.ptr,
                                 digest.len);
    EVP_PKEY_CTX_free(ctx);
    return answer;
}

static int verify_ecdsa(const struct troth_openssl *openssl, EVP_PKEY *key,
                        struct troth_span digest, struct troth_span signature)
{
    uint8_t der[ECDSA_DER_MAX];

    return verify_digest(openssl, key, NULL, digest, encode_ecdsa(der, signature));
}

static int verify_rsa(const struct troth_openssl *openssl, EVP_PKEY *key,
                      enum troth_signature_algorithm algorithm, struct troth_span digest,
                      struct troth_span signature)
{
    const char *salt = salts[algorithm];
    const OSSL_PARAM params[] = {
        troth_openssl_text(
            OSSL_SIGNATURE_PARAM_DIGEST,
            troth_openssl_hash_name(troth_signature_facts(algorithm).hash)),
        troth_openssl_text(OSSL_SIGNATURE_PARAM_PAD_MODE, paddings[algorithm]),
        salt ? troth_openssl_text(OSSL_SIGNATURE_PARAM_PSS_SALTLEN, salt)
             : OSSL_PARAM_construct_end(),
        OSSL_PARAM_construct_end()};

    return verify_digest(openssl, key, params, digest, signature);
}

static int verify_ed25519(const struct troth_openssl *openssl, EVP_PKEY *key,
                          struct troth_span message, struct troth_span signature)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    int answer = -1;

    if (ctx &&
        EVP_DigestVerifyInit_ex(ctx, NULL, NULL, openssl->library, NULL, key, NULL) > 0)
        answer = EVP_DigestVerify(ctx, signature.ptr, signature.len, message.ptr,
                                  message.len);
    EVP_MD_CTX_free(ctx);
    return answer;
}

static size_t signature_size(const struct troth_public_key *key)
{
    switch (key->kind) {
    case TROTH_KEY_P256:
    case TROTH_KEY_P384:
        return 2 * field_sizes[key->kind];
    case TROTH_KEY_RSA:
        return key->modulus.len;
    case TROTH_KEY_ED25519:
        return ED25519_SIGNATURE_SIZE;
    case TROTH_KEY_NONE:
        break;
    }
    return 0;
}

/*
 * `answer` is EVP's: 1 yes, 0 no, less than 0 failed; but RSA says 0 for failed too, and
 * ECDSA says -1 for some forgeries (the sum at infinity). PSS and ECDSA give a reason for
 * no. PKCS#1 v1.5 and Ed25519 do not always: there a no may be OpenSSL's own failure.
 */
static enum troth_err verdict(int answer, enum troth_signature_algorithm algorithm)
{
    if (answer == 1)
        return TROTH_OK;
    if (paddings[algorithm])
        return troth_openssl_failure(salts[algorithm] ? ERR_LIB_RSA : ERR_LIB_NONE,
                                     TROTH_ERR_SIGNATURE);
    return troth_openssl_failure(answer ? ERR_LIB_EC : ERR_LIB_NONE, TROTH_ERR_SIGNATURE);
}

static enum troth_err verify_hashed(struct troth_openssl *openssl, EVP_PKEY *key,
                                    enum troth_signature_algorithm algorithm,
                                    struct troth_parts message,
                                    struct troth_span signature)
{
    uint8_t bytes[TROTH_HASH_MAX];
    struct troth_signature_facts facts = troth_signature_facts(algorithm);
    struct troth_span digest = {bytes, troth_hash_size(facts.hash)};
    enum troth_err err = troth_openssl_digest(openssl, bytes, facts.hash, message);

    if (err)
        return err;
    return verdict(facts.key == TROTH_KEY_RSA
                       ? verify_rsa(openssl, key, algorithm, digest, signature)
                       : verify_ecdsa(openssl, key, digest, signature),
                   algorithm);
}

enum troth_err troth_openssl_verify(void *state, enum troth_signature_algorithm algorithm,
                                    const struct troth_public_key *key,
                                    struct troth_parts message,
                                    struct troth_span signature)
{
    struct troth_openssl *openssl = state;
    enum troth_key_kind wanted = troth_signature_facts(algorithm).key;

    if (wanted == TROTH_KEY_NONE)
        return TROTH_ERR_ALGORITHM;
    if (key->kind != wanted || !in_bounds(key))
        return TROTH_ERR_KEY;
    if (wanted == TROTH_KEY_ED25519 && message.count != 1)
        return TROTH_ERR_UNSUPPORTED;

    EVP_PKEY *made = import_key(openssl, key);
    enum troth_err err = TROTH_ERR_SIGNATURE;

    if (!made)
        return troth_openssl_failure(ERR_LIB_EC, TROTH_ERR_KEY);
    if (signature.len == signature_size(key))
        err = wanted == TROTH_KEY_ED25519
                  ? verdict(verify_ed25519(openssl, made, message.spans[0], signature),
                            algorithm)
                  : verify_hashed(openssl, made, algorithm, message, signature);
    EVP_PKEY_free(made);
    return err;
}
