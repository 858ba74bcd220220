/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/signer.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/pem.h>

#include "base/base64.h"
#include "base/wipe.h"
#include "provider/openssl.h"

enum { POINT_MAX = 97, ED25519_KEY_SIZE = 32, ED25519_SIZE = 64 };
enum { DER_MAX = 112 }; /* an ECDSA signature of P-384 takes 104 at most */

static const struct curve {
    int id; /* OpenSSL's */
    enum troth_key_kind kind;
    enum troth_signature_algorithm algorithm;
    const char *hash;
    int number_size; /* of r, s, and a point's coordinates */
} curves[] = {
    {NID_X9_62_prime256v1, TROTH_KEY_P256, TROTH_ECDSA_P256_SHA256, "SHA256", 32},
    {NID_secp384r1, TROTH_KEY_P384, TROTH_ECDSA_P384_SHA384, "SHA384", 48},
};

/* The private key is the library's; we hold its handle and a copy of the public one. */
struct held {
    OSSL_LIB_CTX *library;
    OSSL_PROVIDER *algorithms;
    EVP_PKEY *key;
    const struct curve *curve; /* NULL: Ed25519 */
    uint8_t point[POINT_MAX];
};

static void release(struct held *held)
{
    if (!held)
        return;
    EVP_PKEY_free(held->key);
    if (held->algorithms)
        (void)OSSL_PROVIDER_unload(held->algorithms);
    OSSL_LIB_CTX_free(held->library);
    free(held);
}

/* OpenSSL would ask at the terminal for the passphrase of an encrypted key. */
static int no_passphrase(char *out, int size, int writing, void *state)
{
    (void)writing;
    (void)state;
    if (size > 0)
        out[0] = '\0';
    return -1;
}

static EVP_PKEY *read_key(OSSL_LIB_CTX *library, struct troth_span pem)
{
    EVP_PKEY *key = NULL;
    BIO *text = pem.len <= INT32_MAX ? BIO_new_mem_buf(pem.ptr, (int)pem.len) : NULL;

    if (text)
        key = PEM_read_bio_PrivateKey_ex(text, NULL, no_passphrase, NULL, library, NULL);
    BIO_free(text);
    return key;
}

static const struct curve *find_curve(const EVP_PKEY *key)
{
    char name[32] = "";
    size_t len = 0;

    if (EVP_PKEY_get_group_name(key, name, sizeof name, &len) <= 0)
        return NULL;
    for (size_t i = 0; i < sizeof curves / sizeof curves[0]; i++)
        if (OBJ_txt2nid(name) == curves[i].id)
            return &curves[i];
    return NULL;
}

static enum troth_err take_ecdsa(struct troth_signer *out, struct held *held)
{
    const struct curve *curve = find_curve(held->key);
    size_t len = 0;

    if (!curve)
        return TROTH_ERR_KEY;
    (void)EVP_PKEY_set_utf8_string_param(
        held->key, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, "uncompressed");
    if (EVP_PKEY_get_octet_string_param(held->key, OSSL_PKEY_PARAM_PUB_KEY, held->point,
                                        sizeof held->point, &len) <= 0 ||
        len != 1 + 2 * (size_t)curve->number_size)
        return TROTH_ERR_KEY;
    held->curve = curve;
    out->algorithm = curve->algorithm;
    out->key = (struct troth_public_key){.kind = curve->kind,
                                         .point = {held->point, len}};
    return TROTH_OK;
}

static enum troth_err take_ed25519(struct troth_signer *out, struct held *held)
{
    size_t len = sizeof held->point;

    if (EVP_PKEY_get_raw_public_key(held->key, held->point, &len) <= 0 ||
        len != ED25519_KEY_SIZE)
        return TROTH_ERR_KEY;
    out->algorithm = TROTH_ED25519;
    out->key = (struct troth_public_key){.kind = TROTH_KEY_ED25519,
                                         .point = {held->point, ED25519_KEY_SIZE}};
    return TROTH_OK;
}

/* DER to r ‖ s. */
static bool flatten(uint8_t *out, const uint8_t *der, size_t len, int number_size)
{
    ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &der, (long)len);
    bool good = pair &&
                BN_bn2binpad(ECDSA_SIG_get0_r(pair), out, number_size) == number_size &&
                BN_bn2binpad(ECDSA_SIG_get0_s(pair), out + number_size, number_size) ==
                    number_size;

    ECDSA_SIG_free(pair);
    return good;
}

static enum troth_err sign(void *state, uint8_t out[static TROTH_SIGNATURE_MAX],
                           size_t *out_len, struct troth_span message)
{
    struct held *held = state;
    const struct curve *curve = held->curve;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    uint8_t signature[DER_MAX];
    size_t len = sizeof signature;
    bool good = context &&
                EVP_DigestSignInit_ex(context, NULL, curve ? curve->hash : NULL,
                                      held->library, NULL, held->key, NULL) > 0 &&
                EVP_DigestSign(context, signature, &len, message.ptr, message.len) > 0;

    EVP_MD_CTX_free(context);
    *out_len = 0;
    if (!good)
        return troth_openssl_failure(ERR_LIB_NONE, TROTH_ERR_CRYPTO);
    if (curve && !flatten(out, signature, len, curve->number_size))
        return troth_openssl_failure(ERR_LIB_NONE, TROTH_ERR_CRYPTO);
    if (!curve)
        memcpy(out, signature, ED25519_SIZE);
    *out_len = curve ? 2 * (size_t)curve->number_size : ED25519_SIZE;
    return TROTH_OK;
}

static enum troth_err take(struct troth_signer *out, struct held *held)
{
    if (EVP_PKEY_is_a(held->key, "EC"))
        return take_ecdsa(out, held);
    if (EVP_PKEY_is_a(held->key, "ED25519"))
        return take_ed25519(out, held);
    return TROTH_ERR_KEY;
}

/* OpenSSL's algorithms in a context of our own (provider/openssl.h); no key yet. */
static enum troth_err hold(struct held **out)
{
    struct held *held = calloc(1, sizeof *held);

    *out = held;
    if (!held)
        return TROTH_ERR_MEMORY;
    held->library = OSSL_LIB_CTX_new();
    if (held->library)
        held->algorithms = OSSL_PROVIDER_load(held->library, "default");
    return held->algorithms ? TROTH_OK
                            : troth_openssl_failure(ERR_LIB_NONE, TROTH_ERR_CRYPTO);
}

/* Hand out what is held, unless something went wrong. */
static enum troth_err finish(struct troth_signer *out, struct held *held,
                             enum troth_err err)
{
    if (!err)
        err = take(out, held);
    if (err) {
        release(held);
        *out = (struct troth_signer){0};
        return err;
    }
    out->sign = sign;
    out->state = held;
    return TROTH_OK;
}

enum troth_err troth_signer_from_pem(struct troth_signer *out, struct troth_span pem)
{
    struct held *held;
    enum troth_err err = hold(&held);

    *out = (struct troth_signer){0};
    if (!err) {
        held->key = read_key(held->library, pem);
        if (!held->key)
            err = troth_openssl_failure(ERR_LIB_NONE, TROTH_ERR_KEY);
    }
    return finish(out, held, err);
}

enum troth_err troth_signer_generate(struct troth_signer *out)
{
    struct held *held;
    enum troth_err err = hold(&held);

    *out = (struct troth_signer){0};
    if (!err) {
        held->key = EVP_PKEY_Q_keygen(held->library, NULL, "EC", "P-256");
        if (!held->key)
            err = troth_openssl_failure(ERR_LIB_NONE, TROTH_ERR_CRYPTO);
    }
    return finish(out, held, err);
}

/* PrivateKeyInfo up to the key itself. spec: [RFC8410] 7, 10.3 */
static const uint8_t ed25519_prefix[] = {0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06,
                                         0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20};

static enum troth_err write_ed25519(struct troth_writer *w, const EVP_PKEY *key)
{
    uint8_t der[sizeof ed25519_prefix + ED25519_KEY_SIZE];
    size_t len = ED25519_KEY_SIZE;

    memcpy(der, ed25519_prefix, sizeof ed25519_prefix);
    if (EVP_PKEY_get_raw_private_key(key, der + sizeof ed25519_prefix, &len) <= 0 ||
        len != ED25519_KEY_SIZE) {
        troth_wipe(der, sizeof der);
        return troth_openssl_failure(ERR_LIB_NONE, TROTH_ERR_CRYPTO);
    }
    troth_write_text(w, "-----BEGIN PRIVATE KEY-----\n");
    troth_base64_write(w, (struct troth_span)TROTH_ARRAY_SPAN(der), TROTH_BASE64);
    troth_write_text(w, "\n-----END PRIVATE KEY-----\n");
    troth_wipe(der, sizeof der);
    return TROTH_OK;
}

enum troth_err
troth_signer_generate_ed25519(struct troth_signer *out,
                              uint8_t out_pem[static TROTH_SIGNER_PEM_ROOM],
                              size_t *out_len)
{
    struct troth_writer w = troth_writer_over(out_pem, TROTH_SIGNER_PEM_ROOM);
    struct held *held;
    enum troth_err err = hold(&held);

    *out = (struct troth_signer){0};
    if (!err) {
        held->key = EVP_PKEY_Q_keygen(held->library, NULL, "ED25519");
        err = held->key ? write_ed25519(&w, held->key)
                        : troth_openssl_failure(ERR_LIB_NONE, TROTH_ERR_CRYPTO);
    }
    err = finish(out, held, err);
    if (err)
        troth_wipe(out_pem, TROTH_SIGNER_PEM_ROOM);
    *out_len = err ? 0 : w.len;
    return err;
}

void troth_signer_destroy(struct troth_signer *signer)
{
    release(signer->state);
    *signer = (struct troth_signer){0};
}
