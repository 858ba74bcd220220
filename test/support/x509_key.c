/* SPDX-License-Identifier: Apache-2.0 */
#include "test/support/x509_key.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <stdbool.h>
#include <stdlib.h>

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* Keys: private numbers that are easy to tell apart, and one RSA key made once. */

static struct {
    EVP_PKEY *object;
    struct troth_public_key public;
    uint8_t numbers[520];
} made[X509_KEYS];

static EVP_PKEY *make_ec(int curve, const char *name, unsigned seed)
{
    EC_GROUP *group = EC_GROUP_new_by_curve_name(curve);
    BIGNUM *secret = BN_new();
    EC_POINT *point = EC_POINT_new(group);
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    EVP_PKEY *key = NULL;
    uint8_t encoded[97];

    must(BN_set_word(secret, 0x10001 + seed) && BN_lshift(secret, secret, 200));
    must(EC_POINT_mul(group, point, secret, NULL, NULL, NULL));
    size_t len = EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, encoded,
                                    sizeof encoded, NULL);

    must(OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, name, 0));
    must(OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, encoded, len));
    must(OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, secret));
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);

    must(EVP_PKEY_fromdata_init(ctx) == 1);
    must(EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_KEYPAIR, params) == 1);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(build);
    EVP_PKEY_CTX_free(ctx);
    EC_POINT_free(point);
    BN_free(secret);
    EC_GROUP_free(group);
    return key;
}

static bool is_p256(enum x509_key key)
{
    return key >= X509_P256_A && key <= X509_P256_OTHER;
}

static EVP_PKEY *make_key(enum x509_key key)
{
    const uint8_t seed[32] = {(uint8_t)key};

    if (key == X509_RSA_A)
        return EVP_RSA_gen(2048);
    if (key == X509_ED25519_A)
        return EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, sizeof seed);
    if (is_p256(key))
        return make_ec(NID_X9_62_prime256v1, "P-256", key);
    return make_ec(NID_secp384r1, "P-384", key);
}

EVP_PKEY *x509_key(enum x509_key key)
{
    if (!made[key].object)
        made[key].object = make_key(key);
    must(made[key].object != NULL);
    return made[key].object;
}

static void fill_rsa(struct troth_public_key *public, uint8_t *numbers, EVP_PKEY *object)
{
    BIGNUM *modulus = NULL;

    must(EVP_PKEY_get_bn_param(object, OSSL_PKEY_PARAM_RSA_N, &modulus) == 1);
    public->kind = TROTH_KEY_RSA;
    public->modulus = (struct troth_span){numbers, (size_t)BN_bn2bin(modulus, numbers)};
    public->exponent = 65537;
    BN_free(modulus);
}

const struct troth_public_key *x509_public_key(enum x509_key key)
{
    struct troth_public_key *public = &made[key].public;
    EVP_PKEY *object = x509_key(key);
    size_t len = 0;

    if (key == X509_RSA_A) {
        fill_rsa(public, made[key].numbers, object);
    } else if (key == X509_ED25519_A) {
        len = 32;
        must(EVP_PKEY_get_raw_public_key(object, made[key].numbers, &len) == 1);
        *public = (struct troth_public_key){.kind = TROTH_KEY_ED25519};
        public->point = (struct troth_span){made[key].numbers, len};
    } else {
        must(EVP_PKEY_get_octet_string_param(object, OSSL_PKEY_PARAM_PUB_KEY,
                                             made[key].numbers, sizeof made[key].numbers,
                                             &len) == 1);
        public->kind = is_p256(key) ? TROTH_KEY_P256 : TROTH_KEY_P384;
        public->point = (struct troth_span){made[key].numbers, len};
    }
    return public;
}
