/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/provider.h"

#include <stdbool.h>

#include <nettle/bignum.h>
#include <nettle/ecc-curve.h>
#include <nettle/ecc.h>
#include <nettle/ecdsa.h>
#include <nettle/sha2.h>

#include "base/memory.h"

/*
 * P-384 verification and nothing else. There is no out-of-memory error here: GMP, on
 * which nettle's big numbers rest, ends the process when it cannot allocate.
 */

enum { FIELD = 48, POINT = 1 + 2 * FIELD, SIGNATURE = 2 * FIELD, UNCOMPRESSED = 0x04 };

static enum troth_err digest(void *state, uint8_t *out, enum troth_hash hash,
                             struct troth_parts message)
{
    (void)state;
    (void)message;
    memset(out, 0, troth_hash_size(hash));
    return TROTH_ERR_ALGORITHM;
}

static enum troth_err hmac(void *state, uint8_t *out, enum troth_hash hash,
                           struct troth_span key, struct troth_parts message)
{
    (void)key;
    return digest(state, out, hash, message);
}

/* NOLINTNEXTLINE(readability-function-size): as many parameters as RFC 5869 has */
static enum troth_err hkdf(void *state, uint8_t *out, size_t out_len,
                           enum troth_hash hash, struct troth_span secret,
                           struct troth_span salt, struct troth_span info)
{
    (void)state;
    (void)hash;
    (void)secret;
    (void)salt;
    (void)info;
    memset(out, 0, out_len);
    return TROTH_ERR_ALGORITHM;
}

static enum troth_err seal(void *state, uint8_t *out, const struct troth_aead_lock *lock,
                           struct troth_span plain)
{
    (void)state;
    (void)lock;
    memset(out, 0, plain.len + TROTH_AEAD_TAG_SIZE);
    return TROTH_ERR_ALGORITHM;
}

static enum troth_err open(void *state, uint8_t *out, const struct troth_aead_lock *lock,
                           struct troth_span sealed)
{
    (void)state;
    (void)lock;
    if (sealed.len > TROTH_AEAD_TAG_SIZE)
        memset(out, 0, sealed.len - TROTH_AEAD_TAG_SIZE);
    return TROTH_ERR_ALGORITHM;
}

/* False when the point is not on the curve. */
static bool import_point(struct ecc_point *out, struct troth_span point)
{
    if (point.len != POINT || point.ptr[0] != UNCOMPRESSED)
        return false;

    mpz_t x;
    mpz_t y;

    nettle_mpz_init_set_str_256_u(x, FIELD, point.ptr + 1);
    nettle_mpz_init_set_str_256_u(y, FIELD, point.ptr + 1 + FIELD);

    bool on_curve = ecc_point_set(out, x, y) != 0;

    mpz_clear(x);
    mpz_clear(y);
    return on_curve;
}

static bool verify_digest(const struct ecc_point *key, const uint8_t *digest48,
                          struct troth_span raw)
{
    struct dsa_signature signature;

    if (raw.len != SIGNATURE)
        return false;
    dsa_signature_init(&signature);
    nettle_mpz_set_str_256_u(signature.r, FIELD, raw.ptr);
    nettle_mpz_set_str_256_u(signature.s, FIELD, raw.ptr + FIELD);

    bool good = ecdsa_verify(key, SHA384_DIGEST_SIZE, digest48, &signature) != 0;

    dsa_signature_clear(&signature);
    return good;
}

static enum troth_err verify(void *state, enum troth_signature_algorithm algorithm,
                             const struct troth_public_key *key,
                             struct troth_parts message, struct troth_span signature)
{
    struct sha384_ctx hash;
    struct ecc_point point;
    uint8_t digest48[SHA384_DIGEST_SIZE];

    (void)state;
    if (algorithm != TROTH_ECDSA_P384_SHA384)
        return TROTH_ERR_ALGORITHM;
    if (key->kind != TROTH_KEY_P384)
        return TROTH_ERR_KEY;

    sha384_init(&hash);
    for (size_t i = 0; i < message.count; i++)
        sha384_update(&hash, message.spans[i].len, message.spans[i].ptr);
    sha384_digest(&hash, sizeof digest48, digest48);

    enum troth_err err = TROTH_ERR_KEY;

    ecc_point_init(&point, nettle_get_secp_384r1());
    if (import_point(&point, key->point))
        err = verify_digest(&point, digest48, signature) ? TROTH_OK : TROTH_ERR_SIGNATURE;
    ecc_point_clear(&point);
    return err;
}

static const struct troth_crypto_ops ops = {
    .name = "nettle",
    .digest = digest,
    .hmac = hmac,
    .hkdf = hkdf,
    .verify = verify,
    .seal = seal,
    .open = open,
};

const struct troth_crypto *troth_provider_nettle(void)
{
    static const struct troth_crypto table = {&ops, NULL};

    return &table;
}
