/* SPDX-License-Identifier: Apache-2.0 */
#include "provider/openssl.h"

#include <stdbool.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "troth/provider.h"

static const char *const hash_names[] = {
    [TROTH_SHA256] = "SHA2-256",
    [TROTH_SHA384] = "SHA2-384",
    [TROTH_SHA512] = "SHA2-512",
};

/* OpenSSL takes a null pointer for "unchanged", so an empty span needs an address. */
static const uint8_t *address(struct troth_span span)
{
    static const uint8_t nothing[1];

    return span.len ? span.ptr : nothing;
}

static OSSL_PARAM octets(const char *name, struct troth_span span)
{
    return OSSL_PARAM_construct_octet_string(name, (void *)address(span), span.len);
}

/* OpenSSL's parameters are writable by type alone; it only reads these. */
OSSL_PARAM troth_openssl_text(const char *name, const char *value)
{
    return OSSL_PARAM_construct_utf8_string(name, (char *)value, 0);
}

const char *troth_openssl_hash_name(enum troth_hash hash)
{
    return troth_hash_size(hash) ? hash_names[hash] : NULL;
}

enum troth_err troth_openssl_failure(int library, enum troth_err blame)
{
    bool blamed = library == ERR_LIB_NONE;
    bool dry = false;

    for (unsigned long code = ERR_get_error(); code; code = ERR_get_error()) {
        blamed |= ERR_GET_LIB(code) == library && !ERR_COMMON_ERROR(code);
        dry |= ERR_GET_REASON(code) == ERR_R_MALLOC_FAILURE;
    }
    return blamed && !dry ? blame : TROTH_ERR_CRYPTO;
}

enum troth_err troth_openssl_hmac(void *state, uint8_t *out, enum troth_hash hash,
                                  struct troth_span key, struct troth_parts message)
{
    const struct troth_openssl *openssl = state;
    size_t size = troth_hash_size(hash);

    if (!size)
        return TROTH_ERR_ALGORITHM;

    const OSSL_PARAM params[] = {
        troth_openssl_text(OSSL_MAC_PARAM_DIGEST, hash_names[hash]),
        OSSL_PARAM_construct_end()};
    EVP_MAC_CTX *ctx = EVP_MAC_CTX_new(openssl->hmac);
    bool good = ctx && EVP_MAC_init(ctx, address(key), key.len, params);

    for (size_t i = 0; good && i < message.count; i++)
        good = EVP_MAC_update(ctx, message.spans[i].ptr, message.spans[i].len);
    good = good && EVP_MAC_final(ctx, out, &size, size);
    EVP_MAC_CTX_free(ctx);
    if (good)
        return TROTH_OK;
    memset(out, 0, troth_hash_size(hash));
    return troth_openssl_failure(ERR_LIB_NONE, TROTH_ERR_CRYPTO);
}

/* NOLINTNEXTLINE(readability-function-size): as many parameters as RFC 5869 has */
enum troth_err troth_openssl_hkdf(void *state, uint8_t *out, size_t out_len,
                                  enum troth_hash hash, struct troth_span secret,
                                  struct troth_span salt, struct troth_span info)
{
    const struct troth_openssl *openssl = state;

    memset(out, 0, out_len);
    if (!troth_hash_size(hash))
        return TROTH_ERR_ALGORITHM;
    if (out_len > 255 * troth_hash_size(hash) || info.len > TROTH_HKDF_INFO_MAX)
        return TROTH_ERR_LIMIT;
    if (!out_len)
        return TROTH_OK;

    const OSSL_PARAM params[] = {
        troth_openssl_text(OSSL_KDF_PARAM_DIGEST, hash_names[hash]),
        octets(OSSL_KDF_PARAM_KEY, secret), octets(OSSL_KDF_PARAM_SALT, salt),
        octets(OSSL_KDF_PARAM_INFO, info), OSSL_PARAM_construct_end()};
    EVP_KDF_CTX *ctx = EVP_KDF_CTX_new(openssl->hkdf);
    bool good = ctx && EVP_KDF_derive(ctx, out, out_len, params) > 0;

    EVP_KDF_CTX_free(ctx);
    if (good)
        return TROTH_OK;
    memset(out, 0, out_len);
    return troth_openssl_failure(ERR_LIB_NONE, TROTH_ERR_CRYPTO);
}

static const struct troth_crypto_ops ops = {
    .name = "openssl",
    .digest = troth_openssl_digest,
    .hmac = troth_openssl_hmac,
    .hkdf = troth_openssl_hkdf,
    .verify = troth_openssl_verify,
    .seal = troth_openssl_seal,
    .open = troth_openssl_open,
};

static bool fetch(struct troth_openssl *openssl)
{
    openssl->library = OSSL_LIB_CTX_new();
    if (!openssl->library)
        return false;
    openssl->algorithms = OSSL_PROVIDER_load(openssl->library, "default");
    openssl->hmac = EVP_MAC_fetch(openssl->library, "HMAC", NULL);
    openssl->hkdf = EVP_KDF_fetch(openssl->library, "HKDF", NULL);
    openssl->aead = EVP_CIPHER_fetch(openssl->library, "AES-256-GCM", NULL);

    bool good = openssl->algorithms && openssl->hmac && openssl->hkdf && openssl->aead;

    for (int kind = TROTH_KEY_P256; good && kind <= TROTH_KEY_P384; kind++) {
        openssl->curves[kind] = troth_openssl_curve(openssl->library,
                                                    (enum troth_key_kind)kind);
        good = openssl->curves[kind] != NULL;
    }
    return good;
}

enum troth_err troth_provider_openssl_create(struct troth_crypto *out)
{
    *out = (struct troth_crypto){NULL, NULL};

    struct troth_openssl *openssl = OPENSSL_zalloc(sizeof *openssl);

    if (!openssl)
        return TROTH_ERR_MEMORY;

    struct troth_crypto made = {&ops, openssl};

    if (!fetch(openssl)) {
        troth_provider_openssl_destroy(&made);
        return troth_openssl_failure(ERR_LIB_NONE, TROTH_ERR_CRYPTO);
    }
    *out = made;
    return TROTH_OK;
}

void troth_provider_openssl_destroy(struct troth_crypto *crypto)
{
    struct troth_openssl *openssl = crypto->state;

    *crypto = (struct troth_crypto){NULL, NULL};
    if (!openssl)
        return;
    for (int kind = TROTH_KEY_P256; kind <= TROTH_KEY_P384; kind++)
        EC_GROUP_free(openssl->curves[kind]);
    EVP_CIPHER_free(openssl->aead);
    EVP_KDF_free(openssl->hkdf);
    EVP_MAC_free(openssl->hmac);
    if (openssl->algorithms)
        OSSL_PROVIDER_unload(openssl->algorithms);
    OSSL_LIB_CTX_free(openssl->library);
    OPENSSL_free(openssl);
}
