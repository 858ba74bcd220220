/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/key.h"

#include <nettle/ecc-curve.h>
#include <nettle/ecdsa.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <stdlib.h>
#include <string.h>

#include "sim/der.h"
#include "sim/rsa.h"

struct sim_key {
    enum sim_key_kind kind;
    struct sim_seed seed;     /* what the salts and nonces of its signatures come from */
    struct sim_bytes encoded; /* sim_key_public() */
    struct ecc_scalar scalar; /* an EC key's */
    struct sim_rsa rsa;       /* an RSA key's */
};

static void put_coordinate(uint8_t *out, size_t width, const mpz_t number)
{
    size_t len = mpz_sgn(number) ? (mpz_sizeinbase(number, 2) + 7) / 8 : 0;

    memset(out, 0, width);
    mpz_export(out + width - len, NULL, 1, 1, 1, 0, number);
}

/* Bytes of a coordinate; 0 for a key that is on no curve. */
static size_t curve_width(enum sim_key_kind kind)
{
    switch (kind) {
    case SIM_KEY_P256:
        return 32;
    case SIM_KEY_P384:
        return 48;
    case SIM_KEY_RSA4096:
        break;
    }
    return 0;
}

static void init_ec(struct sim_key *key, struct sim_random *random)
{
    const struct ecc_curve *curve = key->kind == SIM_KEY_P256 ? nettle_get_secp_256r1()
                                                              : nettle_get_secp_384r1();
    const size_t width = curve_width(key->kind);
    uint8_t point[97] = {4}; /* uncompressed */
    struct ecc_point public;
    mpz_t x, y;

    ecc_scalar_init(&key->scalar, curve);
    ecc_point_init(&public, curve);
    ecdsa_generate_keypair(&public, &key->scalar, random, sim_random_bytes);
    mpz_inits(x, y, NULL);
    ecc_point_get(&public, x, y);
    put_coordinate(point + 1, width, x);
    put_coordinate(point + 1 + width, width, y);
    mpz_clears(x, y, NULL);
    ecc_point_clear(&public);
    sim_bytes_append(&key->encoded, (struct troth_span){point, 1 + 2 * width});
}

struct sim_key *sim_key_create(enum sim_key_kind kind, const struct sim_seed *seed,
                               const char *label)
{
    struct sim_key *key = calloc(1, sizeof *key);
    struct sim_random random;

    if (!key)
        sim_die("out of memory");
    key->kind = kind;
    key->seed = sim_seed_derive(seed, sim_text(label));
    sim_random_init(&random, &key->seed, TROTH_LITERAL("key"));
    switch (kind) {
    case SIM_KEY_P256:
    case SIM_KEY_P384:
        init_ec(key, &random);
        break;
    case SIM_KEY_RSA4096:
        sim_rsa_init(&key->rsa, &random);
        key->encoded = sim_rsa_public(&key->rsa);
        break;
    }
    return key;
}

void sim_key_destroy(struct sim_key *key)
{
    if (!key)
        return;
    switch (key->kind) {
    case SIM_KEY_P256:
    case SIM_KEY_P384:
        ecc_scalar_clear(&key->scalar);
        break;
    case SIM_KEY_RSA4096:
        sim_rsa_finish(&key->rsa);
        break;
    }
    sim_bytes_free(&key->encoded);
    free(key);
}

enum sim_key_kind sim_key_kind_of(const struct sim_key *key)
{
    return key->kind;
}

struct troth_span sim_key_public(const struct sim_key *key)
{
    return sim_bytes_span(key->encoded);
}

static void put_algorithm(struct sim_bytes *out, enum sim_key_kind kind)
{
    switch (kind) {
    case SIM_KEY_P256:
        sim_der_oid(out, "1.2.840.10045.2.1");   /* id-ecPublicKey */
        sim_der_oid(out, "1.2.840.10045.3.1.7"); /* secp256r1 */
        break;
    case SIM_KEY_P384:
        sim_der_oid(out, "1.2.840.10045.2.1"); /* id-ecPublicKey */
        sim_der_oid(out, "1.3.132.0.34");      /* secp384r1 */
        break;
    case SIM_KEY_RSA4096:
        sim_der_oid(out, "1.2.840.113549.1.1.1"); /* rsaEncryption */
        sim_der_put(out, SIM_DER_NULL, (struct troth_span){0});
        break;
    }
}

struct sim_bytes sim_key_info(const struct sim_key *key)
{
    struct sim_bytes algorithm = {0};
    struct sim_bytes fields = {0};
    struct sim_bytes out = {0};

    put_algorithm(&algorithm, key->kind);
    sim_der_wrap(&fields, SIM_DER_SEQUENCE, algorithm);
    sim_der_bits(&fields, sim_key_public(key));
    sim_der_wrap(&out, SIM_DER_SEQUENCE, fields);
    return out;
}

struct sim_key_id sim_key_id_of(const struct sim_key *key)
{
    struct sim_key_id id;
    struct sha1_ctx hash;

    sha1_init(&hash);
    sha1_update(&hash, key->encoded.len, key->encoded.ptr);
    sha1_digest(&hash, sizeof id.bytes, id.bytes);
    return id;
}

/* With SHA-256 or SHA-384: `width` says which. */
static void hash_message(uint8_t out[static 48], size_t width, struct troth_span message)
{
    struct sha256_ctx sha256;
    struct sha384_ctx sha384;

    if (width == SHA256_DIGEST_SIZE) {
        sha256_init(&sha256);
        sha256_update(&sha256, message.len, message.ptr);
        sha256_digest(&sha256, width, out);
    } else {
        sha384_init(&sha384);
        sha384_update(&sha384, message.len, message.ptr);
        sha384_digest(&sha384, width, out);
    }
}

struct sim_ecdsa sim_key_sign_ecdsa(const struct sim_key *key, struct troth_span message)
{
    uint8_t digest[48];
    struct dsa_signature signature;
    struct sim_random random;
    struct sim_ecdsa out = {.width = curve_width(key->kind)};

    if (out.width == 0)
        sim_die("ECDSA needs an EC key");
    hash_message(digest, out.width, message);
    sim_random_init(&random, &key->seed, (struct troth_span){digest, out.width});
    dsa_signature_init(&signature);
    ecdsa_sign(&key->scalar, &random, sim_random_bytes, out.width, digest, &signature);
    put_coordinate(out.r, out.width, signature.r);
    put_coordinate(out.s, out.width, signature.s);
    dsa_signature_clear(&signature);
    return out;
}

struct sim_bytes sim_key_sign_raw(const struct sim_key *key, struct troth_span message)
{
    const struct sim_ecdsa signature = sim_key_sign_ecdsa(key, message);
    struct sim_bytes out = {0};

    sim_bytes_append(&out, (struct troth_span){signature.r, signature.width});
    sim_bytes_append(&out, (struct troth_span){signature.s, signature.width});
    return out;
}

struct sim_bytes sim_key_sign(const struct sim_key *key, struct troth_span message)
{
    struct sim_bytes numbers = {0};
    struct sim_bytes out = {0};
    struct sim_random random;

    if (key->kind == SIM_KEY_RSA4096) {
        sim_random_init(&random, &key->seed, message);
        return sim_rsa_sign_pss(&key->rsa, message, &random);
    }
    const struct sim_ecdsa signature = sim_key_sign_ecdsa(key, message);
    sim_der_integer(&numbers, (struct troth_span){signature.r, signature.width});
    sim_der_integer(&numbers, (struct troth_span){signature.s, signature.width});
    sim_der_wrap(&out, SIM_DER_SEQUENCE, numbers);
    return out;
}
