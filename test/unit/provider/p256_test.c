/* SPDX-License-Identifier: Apache-2.0 */
#include "provider/p256.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>
#include <stdlib.h>
#include <string.h>

#include "test/contract/signer.h"
#include "test/harness.h"
#include "troth/provider.h"

/* Whatever it refuses OpenSSL judges anew, so by the table of operations nobody could
 * tell whether it ever says yes. */

#define ZERO  "0000000000000000000000000000000000000000000000000000000000000000"
#define ONE   "0000000000000000000000000000000000000000000000000000000000000001"
#define ORDER "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"
#define ABOVE "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
#define BASE                                                                             \
    "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"                 \
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"

static struct troth_crypto crypto;

static bool verify(const struct troth_public_key *key, struct troth_span message,
                   struct troth_span signature)
{
    return troth_p256_verify(crypto.state, key, (struct troth_parts){&message, 1},
                             signature);
}

static void test_genuine(void)
{
    struct signer signer;
    uint8_t raw[SIGNATURE_MAX];

    signer_create(&signer, TROTH_KEY_P256);
    test_case("genuine signatures, whole, in pieces, and broken at every byte");
    for (uint8_t i = 0; i < 64; i++) {
        const uint8_t bytes[] = {'m', i, 'n'};
        struct troth_span message = {bytes, sizeof bytes};
        const struct troth_span pieces[] = {{bytes, 1}, {bytes + 1, 0}, {bytes + 1, 2}};
        struct troth_span signature = signer_sign(&signer, raw, TROTH_ECDSA_P256_SHA256,
                                                  (struct signer_oddity){0, NULL},
                                                  message);

        CHECK(verify(&signer.key, message, signature));
        CHECK(troth_p256_verify(crypto.state, &signer.key,
                                (struct troth_parts){pieces, COUNT(pieces)}, signature));
        raw[i] ^= 1;
        CHECK(!verify(&signer.key, message, signature));
    }
    signer_destroy(&signer);
}

/* Numbers in place of those of a genuine signature. */
static void test_numbers(void)
{
    static const struct {
        const char *why, *r, *s; /* NULL: the genuine one */
    } rows[] = {
        {"genuine", NULL, NULL},         {"r is zero", ZERO, NULL},
        {"s is zero", NULL, ZERO},       {"both are zero", ZERO, ZERO},
        {"r is the order", ORDER, NULL}, {"s is the order", NULL, ORDER},
        {"r is above", ABOVE, NULL},     {"s is above", NULL, ABOVE},
        {"r is one", ONE, NULL},         {"s is one", NULL, ONE},
    };
    const struct troth_span message = TROTH_LITERAL("m");
    struct signer signer;
    uint8_t genuine[SIGNATURE_MAX];

    signer_create(&signer, TROTH_KEY_P256);
    (void)signer_sign(&signer, genuine, TROTH_ECDSA_P256_SHA256,
                      (struct signer_oddity){0, NULL}, message);
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t raw[64];

        test_case("%s", rows[i].why);
        memcpy(raw, genuine, sizeof raw);
        if (rows[i].r)
            memcpy(raw, test_hex(rows[i].r).ptr, 32);
        if (rows[i].s)
            memcpy(raw + 32, test_hex(rows[i].s).ptr, 32);
        CHECK(verify(&signer.key, message, (struct troth_span){raw, sizeof raw}) ==
              (i == 0));
    }
    signer_destroy(&signer);
}

/* For the key G the sum is (e + r)/s·G: with r = -e nothing at all, with any other r a
 * point. */
static void test_infinity(void)
{
    const struct troth_span message = TROTH_LITERAL("m");
    struct troth_public_key key = {.kind = TROTH_KEY_P256, .point = test_hex(BASE)};
    uint8_t digest[32], raw[64] = {0};
    BIGNUM *order = NULL;

    test_case("the sum is at infinity");
    CHECK_ERR(troth_digest(&crypto, digest, TROTH_SHA256, message), TROTH_OK);

    BIGNUM *r = BN_bin2bn(digest, 32, NULL);

    if (!r || !BN_hex2bn(&order, ORDER) || !BN_sub(r, order, r))
        abort();
    CHECK(!BN_is_negative(r));
    CHECK_INT(BN_bn2binpad(r, raw, 32), 32);
    raw[63] = 1;
    CHECK(!verify(&key, message, (struct troth_span){raw, sizeof raw}));
    BN_free(r);
    BN_free(order);
}

/*
 * The key for which (x(G), 1) signs this digest: Q = (1 - e)/x(G)·G. Then s = 1 + the
 * order is as good a number modulo the order, and not in range.
 */
static void key_of_small_s(uint8_t point[65], uint8_t x[32], const uint8_t digest[32])
{
    EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    const BIGNUM *order = EC_GROUP_get0_order(group);
    BN_CTX *ctx = BN_CTX_new();
    BIGNUM *e = BN_bin2bn(digest, 32, NULL);
    BIGNUM *r = BN_bin2bn(test_hex(BASE).ptr + 1, 32, NULL);
    BIGNUM *d = BN_new();
    EC_POINT *key = EC_POINT_new(group);

    if (!BN_bn2binpad(r, x, 32) || !BN_mod_sub(e, BN_value_one(), e, order, ctx) ||
        !BN_mod_inverse(r, r, order, ctx) || !BN_mod_mul(d, e, r, order, ctx) ||
        !EC_POINT_mul(group, key, d, NULL, NULL, ctx) ||
        EC_POINT_point2oct(group, key, POINT_CONVERSION_UNCOMPRESSED, point, 65, ctx) !=
            65)
        abort();
    EC_POINT_free(key);
    BN_free(d);
    BN_free(r);
    BN_free(e);
    BN_CTX_free(ctx);
    EC_GROUP_free(group);
}

static void test_range(void)
{
    const struct troth_span message = TROTH_LITERAL("m");
    uint8_t digest[32], point[65], raw[64] = {0};
    struct troth_public_key key = {.kind = TROTH_KEY_P256, .point = {point, 65}};

    test_case("s is one; and is one more than the order");
    CHECK_ERR(troth_digest(&crypto, digest, TROTH_SHA256, message), TROTH_OK);
    key_of_small_s(point, raw, digest);
    raw[63] = 1;
    CHECK(verify(&key, message, (struct troth_span){raw, sizeof raw}));
    memcpy(raw + 32, test_hex(ORDER).ptr, 32);
    raw[63]++;
    CHECK(!verify(&key, message, (struct troth_span){raw, sizeof raw}));
}

static void test_keys(void)
{
    const struct troth_span message = TROTH_LITERAL("m");
    struct signer signer;
    uint8_t raw[SIGNATURE_MAX], point[65];

    signer_create(&signer, TROTH_KEY_P256);

    struct troth_span signature = signer_sign(&signer, raw, TROTH_ECDSA_P256_SHA256,
                                              (struct signer_oddity){0, NULL}, message);
    struct troth_public_key key = {.kind = TROTH_KEY_P256, .point = {point, 65}};

    memcpy(point, signer.key.point.ptr, sizeof point);
    test_case("keys that are none");
    CHECK(verify(&key, message, signature));
    point[64] ^= 1; /* off the curve */
    CHECK(!verify(&key, message, signature));
    point[64] ^= 1;
    point[0] = 0x06 + (point[64] & 1); /* hybrid: all of it is right */
    CHECK(!verify(&key, message, signature));
    point[0] = 0x00; /* infinity, with more behind it */
    CHECK(!verify(&key, message, signature));
    point[0] = 0x04;
    key.point.len = 64;
    CHECK(!verify(&key, message, signature));
    key.point.len = 65;
    key.kind = TROTH_KEY_P384;
    CHECK(!verify(&key, message, signature));
    key.kind = TROTH_KEY_P256;
    signature.len = 63;
    CHECK(!verify(&key, message, signature));
    signer_destroy(&signer);
}

int main(void)
{
    if (!troth_provider_nettle()) {
        test_case("P-256 by OpenSSL's points");
        test_skip("built without nettle");
        return test_finish();
    }
    if (troth_provider_create(&crypto))
        abort();
    test_genuine();
    test_numbers();
    test_infinity();
    test_range();
    test_keys();
    troth_provider_destroy(&crypto);
    return test_finish();
}
