/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/primitive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nettle/ecc-curve.h>
#include <nettle/ecc.h>
#include <nettle/ecdsa.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

enum { KEYS = 64, RSA_KEYS = 4, DIGEST = 48 };

enum evp_kind { P256, P384, RSA4096 };

static void need(bool good, const char *what)
{
    if (!good) {
        fprintf(stderr, "bench: cannot make %s\n", what);
        exit(2);
    }
}

/* Keys, digests and signatures by OpenSSL; contexts stand ready to verify. */
struct evp_state {
    size_t count;
    EVP_PKEY_CTX *ready[KEYS];
    EVP_PKEY *keys[KEYS];
    uint8_t digests[KEYS][DIGEST];
    uint8_t signatures[KEYS][512];
    size_t lens[KEYS];
    size_t digest_len;
};

static EVP_PKEY *make_key(enum evp_kind kind)
{
    switch (kind) {
    case P256:
        return EVP_EC_gen("P-256");
    case P384:
        return EVP_EC_gen("P-384");
    case RSA4096:
        return EVP_RSA_gen(4096);
    }
    return NULL;
}

static void make_pss(EVP_PKEY_CTX *ctx)
{
    need(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) > 0 &&
             EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha384()) > 0 &&
             EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, DIGEST) > 0,
         "RSA-PSS");
}

static struct evp_state *make_evp(size_t keys, enum evp_kind kind)
{
    struct evp_state *s = calloc(1, sizeof *s);

    need(s != NULL, "memory");
    s->count = KEYS;
    s->digest_len = kind == P256 ? 32 : DIGEST;
    for (size_t i = 0; i < KEYS; i++) {
        s->keys[i] = i < keys ? make_key(kind) : s->keys[i % keys];

        EVP_PKEY_CTX *sign = EVP_PKEY_CTX_new(s->keys[i], NULL);
        s->ready[i] = EVP_PKEY_CTX_new(s->keys[i], NULL);
        s->lens[i] = sizeof s->signatures[i];
        need(sign && s->ready[i] && RAND_bytes(s->digests[i], DIGEST) > 0 &&
                 EVP_PKEY_sign_init(sign) > 0 && EVP_PKEY_verify_init(s->ready[i]) > 0,
             "a key");
        if (kind == RSA4096) {
            make_pss(sign);
            make_pss(s->ready[i]);
        }
        need(EVP_PKEY_sign(sign, s->signatures[i], &s->lens[i], s->digests[i],
                           s->digest_len) > 0,
             "a signature");
        EVP_PKEY_CTX_free(sign);
    }
    return s;
}

static bool run_evp(void *state, size_t i)
{
    struct evp_state *s = state;

    i %= s->count;
    return EVP_PKEY_verify(s->ready[i], s->signatures[i], s->lens[i], s->digests[i],
                           s->digest_len) == 1;
}

void *bench_p256_create(void)
{
    return make_evp(KEYS, P256);
}

bool bench_p256_run(void *state, size_t i)
{
    return run_evp(state, i);
}

void *bench_p384_openssl_create(void)
{
    return make_evp(KEYS, P384);
}

bool bench_p384_openssl_run(void *state, size_t i)
{
    return run_evp(state, i);
}

void *bench_rsa4096_create(void)
{
    return make_evp(RSA_KEYS, RSA4096);
}

bool bench_rsa4096_run(void *state, size_t i)
{
    return run_evp(state, i);
}

struct nettle_state {
    struct ecc_point points[KEYS];
    struct dsa_signature signatures[KEYS];
    uint8_t digests[KEYS][DIGEST];
};

static void fill_random(void *context, size_t len, uint8_t *out)
{
    (void)context;
    need(RAND_bytes(out, (int)len) > 0, "randomness");
}

void *bench_p384_nettle_create(void)
{
    struct nettle_state *s = calloc(1, sizeof *s);
    const struct ecc_curve *curve = nettle_get_secp_384r1();

    need(s != NULL, "memory");
    for (size_t i = 0; i < KEYS; i++) {
        struct ecc_scalar secret;

        ecc_scalar_init(&secret, curve);
        ecc_point_init(&s->points[i], curve);
        dsa_signature_init(&s->signatures[i]);
        fill_random(NULL, DIGEST, s->digests[i]);
        ecdsa_generate_keypair(&s->points[i], &secret, NULL, fill_random);
        ecdsa_sign(&secret, NULL, fill_random, DIGEST, s->digests[i], &s->signatures[i]);
        ecc_scalar_clear(&secret);
    }
    return s;
}

bool bench_p384_nettle_run(void *state, size_t i)
{
    struct nettle_state *s = state;

    i %= KEYS;
    return ecdsa_verify(&s->points[i], DIGEST, s->digests[i], &s->signatures[i]) == 1;
}
