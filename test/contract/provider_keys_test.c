/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "test/contract/signer.h"
#include "test/contract/tables.h"
#include "test/harness.h"

/* Keys and signatures at and past their bounds, over every table. */

/* A modulus of `bits` bits with `last` for its last byte; TROTH_ERR_SIGNATURE means that
 * the key was taken. */
static const struct {
    const char *why;
    size_t len;
    uint8_t first;
    uint8_t last;
    uint32_t exponent;
    enum troth_err err;
} moduli[] = {
    {"2048 bits", 256, 0x80, 1, 65537, TROTH_ERR_SIGNATURE},
    {"2047 bits", 256, 0x7f, 1, 65537, TROTH_ERR_KEY},
    {"2049 bits", 257, 0x01, 1, 65537, TROTH_ERR_SIGNATURE},
    {"4096 bits", 512, 0xff, 1, 65537, TROTH_ERR_SIGNATURE},
    {"4097 bits", 513, 0x01, 1, 65537, TROTH_ERR_KEY},
    {"1024 bits", 128, 0x80, 1, 65537, TROTH_ERR_KEY},
    {"no modulus", 0, 0, 0, 65537, TROTH_ERR_KEY},
    {"leading zero", 257, 0x00, 1, 65537, TROTH_ERR_KEY},
    {"even modulus", 256, 0x80, 2, 65537, TROTH_ERR_KEY},
    {"exponent 0", 256, 0x80, 1, 0, TROTH_ERR_KEY},
    {"exponent 1", 256, 0x80, 1, 1, TROTH_ERR_KEY},
    {"exponent 2", 256, 0x80, 1, 2, TROTH_ERR_KEY},
    {"exponent 3", 256, 0x80, 1, 3, TROTH_ERR_SIGNATURE},
    {"even exponent", 256, 0x80, 1, 65536, TROTH_ERR_KEY},
    {"longest exponent", 256, 0x80, 1, 0xffffffff, TROTH_ERR_SIGNATURE},
    {"longest exponent and modulus", 512, 0xff, 1, 0xffffffff, TROTH_ERR_SIGNATURE},
};

static void test_rsa_keys(const struct troth_crypto *crypto)
{
    static const uint8_t signature[513] = {1};

    for (size_t i = 0; i < COUNT(moduli); i++) {
        uint8_t bytes[513];
        size_t len = moduli[i].len;
        struct troth_public_key key = {.kind = TROTH_KEY_RSA,
                                       .modulus = {len ? bytes : NULL, len},
                                       .exponent = moduli[i].exponent};

        memset(bytes, 0xa5, sizeof bytes);
        bytes[0] = moduli[i].first;
        bytes[len ? len - 1 : 0] = moduli[i].last;
        test_case("%s: RSA key, %s", crypto->ops->name, moduli[i].why);
        CHECK_ERR(tables_verify(crypto, TROTH_RSA_PSS_SHA384, &key, TROTH_LITERAL("m"),
                                (struct troth_span){signature, len}),
                  moduli[i].err);
        CHECK_ERR(tables_verify(crypto, TROTH_RSA_PKCS1_SHA256, &key, TROTH_LITERAL("m"),
                                (struct troth_span){signature, len}),
                  moduli[i].err);
    }
}

/* number += other, both big-endian and as long; false if it no longer fits. */
static bool add(uint8_t *number, struct troth_span other)
{
    unsigned carry = 0;

    for (size_t i = other.len; i > 0; i--) {
        carry += (unsigned)number[i - 1] + other.ptr[i - 1];
        number[i - 1] = (uint8_t)carry;
        carry >>= 8;
    }
    return carry == 0;
}

/* A good signature plus the modulus must not be taken modulo it. */
static void test_rsa_range(const struct troth_crypto *crypto)
{
    const struct troth_span message = TROTH_LITERAL("m");
    struct signer signer;
    uint8_t raw[SIGNATURE_MAX];
    struct troth_span signature;

    test_case("%s: RSA signature plus the modulus", crypto->ops->name);
    /* Salts are random, so one signature in a few leaves room for the sum. */
    signer_create(&signer, TROTH_KEY_RSA);
    do {
        signature = signer_sign(&signer, raw, TROTH_RSA_PSS_SHA256,
                                (struct signer_oddity){0, NULL}, message);
        CHECK_ERR(
            tables_verify(crypto, TROTH_RSA_PSS_SHA256, &signer.key, message, signature),
            TROTH_OK);
    } while (!add(raw, signer.key.modulus));
    CHECK_ERR(
        tables_verify(crypto, TROTH_RSA_PSS_SHA256, &signer.key, message, signature),
        TROTH_ERR_SIGNATURE);
    signer_destroy(&signer);
}

#define P256_Y5 "459243b9aa581806fe913bce99817ade11ca503c64d9a3c533415c083248fbcc"
#define P384_Y2                                                                          \
    "8cdeadbbd04911a3c1931e26df3fa6439dca9c7eb286fbd46fc319f0e2bb7802"                   \
    "32baf57825fc0c1912ada2fefe84024c"
#define ZEROS32 "0000000000000000000000000000000000000000000000000000000000000000"
#define ZEROS48 ZEROS32 "00000000000000000000000000000000"
#define P256_X5 "0000000000000000000000000000000000000000000000000000000000000005"
#define P384_X2 ZEROS32 "00000000000000000000000000000002"

/* TROTH_ERR_SIGNATURE means that the point was taken: nobody signed anything with it. */
static const struct {
    const char *why;
    enum troth_signature_algorithm algorithm;
    const char *point;
    enum troth_err err;
} points[] = {
    {"on the curve", TROTH_ECDSA_P256_SHA256, "04" P256_X5 P256_Y5, TROTH_ERR_SIGNATURE},
    {"on the curve", TROTH_ECDSA_P384_SHA384, "04" P384_X2 P384_Y2, TROTH_ERR_SIGNATURE},
    {"x not below the field's prime", TROTH_ECDSA_P256_SHA256,
     "04ffffffff00000001000000000000000000000001000000000000000000000004" P256_Y5,
     TROTH_ERR_KEY},
    {"x not below the field's prime", TROTH_ECDSA_P384_SHA384,
     "04fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff000000000"
     "0"
     "00000100000001" P384_Y2,
     TROTH_ERR_KEY},
    {"off the curve", TROTH_ECDSA_P256_SHA256, "04" P256_Y5 P256_X5, TROTH_ERR_KEY},
    {"off the curve", TROTH_ECDSA_P384_SHA384, "04" P384_Y2 P384_X2, TROTH_ERR_KEY},
    {"all zeros", TROTH_ECDSA_P256_SHA256, "04" ZEROS32 ZEROS32, TROTH_ERR_KEY},
    {"all zeros", TROTH_ECDSA_P384_SHA384, "04" ZEROS48 ZEROS48, TROTH_ERR_KEY},
    {"infinity", TROTH_ECDSA_P256_SHA256, "00", TROTH_ERR_KEY},
    {"infinity", TROTH_ECDSA_P384_SHA384, "00", TROTH_ERR_KEY},
    {"infinity, padded", TROTH_ECDSA_P256_SHA256, "00" ZEROS32 ZEROS32, TROTH_ERR_KEY},
    {"infinity, padded", TROTH_ECDSA_P384_SHA384, "00" ZEROS48 ZEROS48, TROTH_ERR_KEY},
    {"empty", TROTH_ECDSA_P256_SHA256, "", TROTH_ERR_KEY},
    {"empty", TROTH_ECDSA_P384_SHA384, "", TROTH_ERR_KEY},
    {"compressed", TROTH_ECDSA_P256_SHA256, "02" P256_X5, TROTH_ERR_KEY},
    {"compressed", TROTH_ECDSA_P384_SHA384, "02" P384_X2, TROTH_ERR_KEY},
    {"hybrid", TROTH_ECDSA_P256_SHA256, "06" P256_X5 P256_Y5, TROTH_ERR_KEY},
    {"hybrid", TROTH_ECDSA_P384_SHA384, "06" P384_X2 P384_Y2, TROTH_ERR_KEY},
    {"one byte short", TROTH_ECDSA_P256_SHA256,
     "04" P256_Y5 "00000000000000000000000000000000000000000000000000000000000000",
     TROTH_ERR_KEY},
    {"one byte more", TROTH_ECDSA_P256_SHA256, "04" P256_X5 P256_Y5 "00", TROTH_ERR_KEY},
    {"one byte more", TROTH_ECDSA_P384_SHA384, "04" P384_X2 P384_Y2 "00", TROTH_ERR_KEY},
    {"no leading 04", TROTH_ECDSA_P256_SHA256, P256_X5 P256_Y5, TROTH_ERR_KEY},
    {"no leading 04", TROTH_ECDSA_P384_SHA384, P384_X2 P384_Y2, TROTH_ERR_KEY},
    {"the other curve's point", TROTH_ECDSA_P256_SHA256, "04" P384_X2 P384_Y2,
     TROTH_ERR_KEY},
    {"the other curve's point", TROTH_ECDSA_P384_SHA384, "04" P256_X5 P256_Y5,
     TROTH_ERR_KEY},
    {"Ed25519, empty", TROTH_ED25519, "", TROTH_ERR_KEY},
    {"Ed25519, one byte more", TROTH_ED25519, ZEROS32 "00", TROTH_ERR_KEY},
};

static void test_points(const struct troth_crypto *crypto)
{
    static const uint8_t ones[96] = {[31] = 1, [47] = 1, [63] = 1, [95] = 1};

    for (size_t i = 0; i < COUNT(points); i++) {
        enum troth_key_kind kind = troth_signature_facts(points[i].algorithm).key;
        struct troth_public_key key = {.kind = kind, .point = test_hex(points[i].point)};

        if (!tables_can_verify(crypto, points[i].algorithm))
            continue;
        if (key.point.len == 0)
            key.point.ptr = NULL;
        test_case("%s: %s point, %s", crypto->ops->name,
                  troth_signature_facts(points[i].algorithm).text, points[i].why);
        CHECK_ERR(
            tables_verify(crypto, points[i].algorithm, &key, TROTH_LITERAL("m"),
                          (struct troth_span){ones, kind == TROTH_KEY_P384 ? 96 : 64}),
            points[i].err);
    }
}

#define P256_N "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"
#define P384_N                                                                           \
    "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf"                   \
    "581a0db248b0a77aecec196accc52973"
#define ONES32 "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
#define ONES48 ONES32 "ffffffffffffffffffffffffffffffff"

/* Put in the place of r, of s, and of both in a good signature. */
static const struct {
    const char *why;
    const char *p256;
    const char *p384;
} scalars[] = {
    {"zero", ZEROS32, ZEROS48},
    {"the order", P256_N, P384_N},
    {"the largest", ONES32, ONES48},
};

static void test_scalars(const struct troth_crypto *crypto,
                         enum troth_signature_algorithm algorithm)
{
    struct signer signer;

    if (!tables_can_verify(crypto, algorithm))
        return;
    signer_create(&signer, troth_signature_facts(algorithm).key);

    size_t width = signer.key.point.len / 2;

    for (size_t i = 0; i < COUNT(scalars); i++) {
        struct troth_span scalar = test_hex(width == 32 ? scalars[i].p256
                                                        : scalars[i].p384);

        test_case("%s: %s, r or s is %s", crypto->ops->name,
                  troth_signature_facts(algorithm).text, scalars[i].why);
        for (unsigned which = 1; which <= 3; which++) {
            uint8_t raw[SIGNATURE_MAX];
            struct troth_span signature = signer_sign(&signer, raw, algorithm,
                                                      (struct signer_oddity){0, NULL},
                                                      TROTH_LITERAL("m"));

            if (which & 1)
                memcpy(raw, scalar.ptr, width);
            if (which & 2)
                memcpy(raw + width, scalar.ptr, width);
            CHECK_ERR(tables_verify(crypto, algorithm, &signer.key, TROTH_LITERAL("m"),
                                    signature),
                      TROTH_ERR_SIGNATURE);
        }
    }
    signer_destroy(&signer);
}

int main(void)
{
    struct tables tables;

    tables_create(&tables);
    for (size_t i = 0; i < tables.count; i++) {
        const struct troth_crypto *crypto = &tables.crypto[i];

        test_points(crypto);
        test_scalars(crypto, TROTH_ECDSA_P256_SHA256);
        test_scalars(crypto, TROTH_ECDSA_P384_SHA384);
        if (tables_is_partial(crypto))
            continue;
        test_rsa_keys(crypto);
        test_rsa_range(crypto);
    }
    tables_destroy(&tables);
    return test_finish();
}
