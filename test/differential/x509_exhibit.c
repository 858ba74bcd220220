/* SPDX-License-Identifier: Apache-2.0 */
#include "test/differential/x509_exhibit.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>

#include "pki/cert.h"

static const char *const names[PLACES] = {"root", "first", "second", "leaf"};
static const enum x509_key keys[PLACES] = {X509_P256_A, X509_P256_B, X509_P256_C,
                                           X509_P256_D};

struct recipes sound_recipes(void)
{
    struct recipes r = {.certs = {{.serial = 0}}};

    for (size_t i = 0; i < PLACES; i++) {
        size_t above = i ? i - 1 : 0;

        r.certs[i] = (struct x509_cert_recipe){
            .subject = names[i],
            .issuer = names[above],
            .serial = 10 + (unsigned)i,
            .not_before_s = CLOCK - 10 * DAY - 777,
            .not_after_s = CLOCK + 10 * DAY + 777,
            .key = keys[i],
            .signer = keys[above],
            .has_constraints = true,
            .is_ca = i != LEAF,
            .key_usage = i != LEAF ? TROTH_USE_CERT_SIGN | TROTH_USE_CRL_SIGN
                                   : TROTH_USE_DIGITAL_SIGNATURE,
            .key_ids = true,
        };
    }
    for (size_t i = 0; i < LISTS; i++)
        r.crls[i] = (struct x509_crl_recipe){
            .issuer = names[i],
            .this_update_s = CLOCK - DAY - 777,
            .next_update_s = CLOCK + DAY + 777,
            .signer = keys[i],
            .revoked = {99},
            .key_id = true,
            .number = 7,
        };
    return r;
}

struct exhibit make_exhibit(const struct recipes *recipes, bool with_lists)
{
    struct exhibit e = {.with_lists = with_lists};

    for (size_t i = 0; i < PLACES; i++)
        e.certs[i] = x509_make_cert(&recipes->certs[i]);
    for (size_t i = 0; with_lists && i < LISTS; i++)
        e.crls[i] = x509_make_crl(&recipes->crls[i]);
    return e;
}

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* ECDSA with a nonce made of the key and the message; for these fixtures alone. */
static size_t sign(uint8_t *out, size_t size, struct troth_span message,
                   enum x509_key signer)
{
    EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    const BIGNUM *order = EC_GROUP_get0_order(group);
    EC_POINT *point = EC_POINT_new(group);
    BN_CTX *ctx = BN_CTX_new();
    BIGNUM *secret = NULL, *r = BN_new(), *s = BN_new(), *x = BN_new();
    ECDSA_SIG *signature = ECDSA_SIG_new();
    uint8_t digest[32], seed[33] = {(uint8_t)signer}, nonce[32];

    must(EVP_PKEY_get_bn_param(x509_key(signer), "priv", &secret) == 1);
    SHA256(message.ptr, message.len, digest);
    memcpy(seed + 1, digest, sizeof digest);
    SHA256(seed, sizeof seed, nonce);
    nonce[0] = 1; /* below the order */
    BIGNUM *k = BN_bin2bn(nonce, sizeof nonce, NULL);
    BIGNUM *e = BN_bin2bn(digest, sizeof digest, NULL);

    must(EC_POINT_mul(group, point, k, NULL, NULL, ctx) &&
         EC_POINT_get_affine_coordinates(group, point, x, NULL, ctx) &&
         BN_mod(r, x, order, ctx));
    must(BN_mod_mul(s, r, secret, order, ctx) && BN_mod_add(s, s, e, order, ctx) &&
         BN_mod_inverse(x, k, order, ctx) && BN_mod_mul(s, s, x, order, ctx));
    must(ECDSA_SIG_set0(signature, r, s));
    int len = i2d_ECDSA_SIG(signature, NULL);

    must(len > 0 && (size_t)len <= size && i2d_ECDSA_SIG(signature, &out) == len);
    ECDSA_SIG_free(signature);
    BN_free(secret);
    BN_free(x);
    BN_free(k);
    BN_free(e);
    BN_CTX_free(ctx);
    EC_POINT_free(point);
    EC_GROUP_free(group);
    return (size_t)len;
}

/* SEQUENCE { tbs, algorithm, BIT STRING { signature } } anew over a tbs that was spoilt.
 */
struct troth_span sign_again(uint8_t *out, size_t size, struct troth_span tbs,
                             enum x509_key signer)
{
    const struct troth_span algorithm = TROTH_LITERAL(
        "\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02");
    uint8_t signature[80];
    size_t len = sign(signature, sizeof signature, tbs, signer);
    size_t inside = tbs.len + algorithm.len + 3 + len;

    must(inside >= 0x80 && inside + 4 <= size);
    const uint8_t shorter[] = {0x30, 0x81, (uint8_t)inside};
    const uint8_t longer[] = {0x30, 0x82, (uint8_t)(inside >> 8), (uint8_t)inside};
    const struct troth_span headers[] = {TROTH_ARRAY_SPAN(shorter),
                                         TROTH_ARRAY_SPAN(longer)};
    const uint8_t bits[] = {0x03, (uint8_t)(len + 1), 0};
    const struct troth_span parts[] = {headers[inside >= 0x100],
                                       tbs,
                                       algorithm,
                                       TROTH_ARRAY_SPAN(bits),
                                       {signature, len}};
    size_t at = 0;

    for (size_t i = 0; i < COUNT(parts); i++) {
        memcpy(out + at, parts[i].ptr, parts[i].len);
        at += parts[i].len;
    }
    return (struct troth_span){out, at};
}

/* The bytes of header and contents of the element at `p`. */
static size_t element_size(const uint8_t *p)
{
    if (p[1] < 0x80)
        return 2 + (size_t)p[1];
    return p[1] == 0x81 ? 3 + (size_t)p[2] : 4 + ((size_t)p[2] << 8 | p[3]);
}

struct troth_span tbs_of(struct troth_span der)
{
    const uint8_t *inside = der.ptr + (der.ptr[1] - 0x80) + 2;

    must(der.ptr[1] == 0x81 || der.ptr[1] == 0x82);
    return (struct troth_span){inside, element_size(inside)};
}

static const enum x509_key signers[OBJECTS] = {
    X509_P256_A, X509_P256_A, X509_P256_B, X509_P256_C,
    X509_P256_A, X509_P256_B, X509_P256_C,
};

struct troth_span *exhibit_object(struct exhibit *e, size_t index)
{
    return index < PLACES ? &e->certs[index] : &e->crls[index - PLACES];
}

enum x509_key exhibit_signer(size_t index)
{
    return signers[index];
}

struct exhibit sound_exhibit(void)
{
    static uint8_t room[OBJECTS][1000];
    const struct recipes recipes = sound_recipes();
    struct exhibit e = make_exhibit(&recipes, true);

    for (size_t i = 0; i < OBJECTS; i++) {
        struct troth_span *object = exhibit_object(&e, i);

        *object = sign_again(room[i], sizeof room[i], tbs_of(*object), signers[i]);
    }
    return e;
}
