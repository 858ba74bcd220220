/* SPDX-License-Identifier: Apache-2.0 */
#include "test/contract/signer.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define MUST(holds)                                                                      \
    do {                                                                                 \
        if (!(holds))                                                                    \
            abort();                                                                     \
    } while (0)

static EVP_PKEY *generate(enum troth_key_kind kind)
{
    switch (kind) {
    case TROTH_KEY_P256:
        return EVP_EC_gen("P-256");
    case TROTH_KEY_P384:
        return EVP_EC_gen("P-384");
    case TROTH_KEY_RSA:
        return EVP_RSA_gen(2048);
    case TROTH_KEY_ED25519:
        return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    case TROTH_KEY_NONE:
        break;
    }
    return NULL;
}

void signer_create(struct signer *out, enum troth_key_kind kind)
{
    size_t len = 0;
    BIGNUM *modulus = NULL;

    memset(out, 0, sizeof *out);
    out->key.kind = kind;
    out->pair = generate(kind);
    MUST(out->pair);
    if (kind == TROTH_KEY_RSA) {
        MUST(EVP_PKEY_get_bn_param(out->pair, OSSL_PKEY_PARAM_RSA_N, &modulus));
        len = (size_t)BN_bn2bin(modulus, out->bytes);
        BN_free(modulus);
        out->key.modulus = (struct troth_span){out->bytes, len};
        out->key.exponent = 65537;
        return;
    }
    if (kind == TROTH_KEY_ED25519) {
        len = sizeof out->bytes;
        MUST(EVP_PKEY_get_raw_public_key(out->pair, out->bytes, &len));
    } else {
        MUST(EVP_PKEY_get_octet_string_param(out->pair,
                                             OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY,
                                             out->bytes, sizeof out->bytes, &len));
    }
    out->key.point = (struct troth_span){out->bytes, len};
}

void signer_destroy(struct signer *signer)
{
    EVP_PKEY_free(signer->pair);
    memset(signer, 0, sizeof *signer);
}

static bool is_pss(enum troth_signature_algorithm algorithm)
{
    return algorithm == TROTH_RSA_PSS_SHA256 || algorithm == TROTH_RSA_PSS_SHA384 ||
           algorithm == TROTH_RSA_PSS_SHA512;
}

static size_t der_to_raw(uint8_t *out, size_t width, const uint8_t *der, size_t der_len)
{
    ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &der, (long)der_len);

    MUST(pair);
    MUST(BN_bn2binpad(ECDSA_SIG_get0_r(pair), out, (int)width) > 0);
    MUST(BN_bn2binpad(ECDSA_SIG_get0_s(pair), out + width, (int)width) > 0);
    ECDSA_SIG_free(pair);
    return 2 * width;
}

struct troth_span signer_sign(const struct signer *signer, uint8_t *out,
                              enum troth_signature_algorithm algorithm,
                              struct signer_oddity oddity, struct troth_span message)
{
    static const char *const hashes[] = {
        [TROTH_SHA256] = "SHA256", [TROTH_SHA384] = "SHA384", [TROTH_SHA512] = "SHA512"};
    struct troth_signature_facts facts = troth_signature_facts(algorithm);
    const char *hash = facts.key == TROTH_KEY_ED25519 ? NULL : hashes[facts.hash];
    uint8_t made[SIGNATURE_MAX];
    size_t len = sizeof made;
    EVP_PKEY_CTX *options = NULL;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();

    MUST(ctx);
    MUST(EVP_DigestSignInit_ex(ctx, &options, hash, NULL, NULL, signer->pair, NULL) > 0);
    if (is_pss(algorithm)) {
        MUST(EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) > 0);
        MUST(EVP_PKEY_CTX_set_rsa_pss_saltlen(options, oddity.salt_len
                                                           ? oddity.salt_len
                                                           : RSA_PSS_SALTLEN_DIGEST) > 0);
        if (oddity.mask_hash)
            MUST(EVP_PKEY_CTX_set_rsa_mgf1_md_name(options, oddity.mask_hash, NULL) > 0);
    }
    MUST(EVP_DigestSign(ctx, made, &len, message.ptr, message.len) > 0);
    EVP_MD_CTX_free(ctx);
    if (facts.key == TROTH_KEY_P256 || facts.key == TROTH_KEY_P384)
        len = der_to_raw(out, facts.key == TROTH_KEY_P256 ? 32 : 48, made, len);
    else
        memcpy(out, made, len);
    return (struct troth_span){out, len};
}
