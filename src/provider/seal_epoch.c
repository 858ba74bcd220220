/* SPDX-License-Identifier: Apache-2.0 */
#include "provider/seal_epoch.h"

#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

#include "base/span.h"
#include "base/wipe.h"
#include "base/writer.h"
#include "provider/openssl.h"

enum { POINT = 32, SHARED = 32, INFO_MAX = 3 * 8 + 32 + 2 * POINT };

_Static_assert(POINT + TROTH_SEAL_KEY_SIZE + TROTH_AEAD_TAG_SIZE ==
                   TROTH_SEAL_WRAPPED_SIZE,
               "a point and a sealed key");

/* OpenSSL's algorithms in a context of our own (provider/openssl.h), and one key in it.
 */
struct held {
    OSSL_LIB_CTX *library;
    OSSL_PROVIDER *algorithms;
    EVP_PKEY *key;
};

static void release(struct held *held)
{
    EVP_PKEY_free(held->key);
    if (held->algorithms)
        (void)OSSL_PROVIDER_unload(held->algorithms);
    OSSL_LIB_CTX_free(held->library);
    *held = (struct held){NULL, NULL, NULL};
}

static enum troth_err hold(struct held *out)
{
    *out = (struct held){NULL, NULL, NULL};
    out->library = OSSL_LIB_CTX_new();
    if (out->library)
        out->algorithms = OSSL_PROVIDER_load(out->library, "default");
    return out->algorithms ? TROTH_OK
                           : troth_openssl_failure(ERR_LIB_NONE, TROTH_ERR_CRYPTO);
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

static EVP_PKEY *read_pem(OSSL_LIB_CTX *library, BIO *text, bool is_private)
{
    return is_private
               ? PEM_read_bio_PrivateKey_ex(text, NULL, no_passphrase, NULL, library,
                                            NULL)
               : PEM_read_bio_PUBKEY_ex(text, NULL, no_passphrase, NULL, library, NULL);
}

static enum troth_err read_key(struct held *held, struct troth_span pem, bool is_private)
{
    BIO *text = pem.len <= INT_MAX ? BIO_new_mem_buf(pem.ptr, (int)pem.len) : NULL;

    if (text)
        held->key = read_pem(held->library, text, is_private);
    BIO_free(text);
    if (held->key && EVP_PKEY_is_a(held->key, "X25519"))
        return TROTH_OK;
    return troth_openssl_failure(ERR_LIB_NONE, TROTH_ERR_KEY);
}

static bool public_point(uint8_t out[static POINT], const EVP_PKEY *key)
{
    size_t len = POINT;

    return EVP_PKEY_get_raw_public_key(key, out, &len) > 0 && len == POINT;
}

/* OpenSSL refuses points that lead to nothing but zeroes. spec: [RFC7748] 6.1 */
static bool agree(uint8_t out[static SHARED], OSSL_LIB_CTX *library, EVP_PKEY *own,
                  EVP_PKEY *peer)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(library, own, NULL);
    size_t len = SHARED;
    const bool good = ctx && EVP_PKEY_derive_init(ctx) > 0 &&
                      EVP_PKEY_derive_set_peer(ctx, peer) > 0 &&
                      EVP_PKEY_derive(ctx, out, &len) > 0 && len == SHARED;

    EVP_PKEY_CTX_free(ctx);
    return good;
}

/* The key that the epoch's is wrapped under; the caller wipes it. */
static enum troth_err derive(uint8_t out[static TROTH_AEAD_KEY_SIZE],
                             const struct troth_crypto *crypto,
                             const uint8_t shared[static SHARED],
                             const uint8_t ephemeral[static POINT],
                             const uint8_t auditor[static POINT])
{
    uint8_t info[INFO_MAX];
    struct troth_writer w = troth_writer_over(info, sizeof info);

    troth_write_lp(&w, TROTH_LITERAL("troth/record/epoch/v1"));
    troth_write_lp(&w, (struct troth_span){ephemeral, POINT});
    troth_write_lp(&w, (struct troth_span){auditor, POINT});
    return crypto->ops->hkdf(crypto->state, out, TROTH_AEAD_KEY_SIZE, TROTH_SHA256,
                             (struct troth_span){shared, SHARED},
                             (struct troth_span){NULL, 0}, troth_writer_span(&w));
}

/* That key is for one message, so any nonce will do. */
static const uint8_t no_nonce[TROTH_AEAD_NONCE_SIZE];

static enum troth_err wrap(struct troth_seal_epoch *out,
                           const struct troth_crypto *crypto, const struct held *held,
                           EVP_PKEY *ephemeral)
{
    uint8_t shared[SHARED], key[TROTH_AEAD_KEY_SIZE], auditor[POINT];
    enum troth_err err = TROTH_ERR_CRYPTO;

    if (!public_point(out->wrapped, ephemeral) || !public_point(auditor, held->key))
        return troth_openssl_failure(ERR_LIB_NONE, TROTH_ERR_CRYPTO);
    if (agree(shared, held->library, ephemeral, held->key))
        err = derive(key, crypto, shared, out->wrapped, auditor);
    else
        err = troth_openssl_failure(ERR_LIB_NONE, TROTH_ERR_KEY);
    if (!err)
        err = crypto->ops->seal(crypto->state, out->wrapped + POINT,
                                &(struct troth_aead_lock){key, no_nonce, {NULL, 0}},
                                (struct troth_span)TROTH_ARRAY_SPAN(out->key));
    troth_wipe(shared, sizeof shared);
    troth_wipe(key, sizeof key);
    return err;
}

static enum troth_err make(struct troth_seal_epoch *out,
                           const struct troth_crypto *crypto, const struct held *held)
{
    EVP_PKEY *ephemeral;
    enum troth_err err;

    if (RAND_priv_bytes_ex(held->library, out->key, sizeof out->key, 0) <= 0)
        return troth_openssl_failure(ERR_LIB_NONE, TROTH_ERR_CRYPTO);
    ephemeral = EVP_PKEY_Q_keygen(held->library, NULL, "X25519");
    err = ephemeral ? wrap(out, crypto, held, ephemeral)
                    : troth_openssl_failure(ERR_LIB_NONE, TROTH_ERR_CRYPTO);
    EVP_PKEY_free(ephemeral);
    return err;
}

enum troth_err troth_seal_epoch_make(struct troth_seal_epoch *out,
                                     const struct troth_crypto *crypto,
                                     struct troth_span auditor)
{
    struct held held;
    enum troth_err err = hold(&held);

    *out = (struct troth_seal_epoch){{0}, {0}};
    if (!err)
        err = read_key(&held, auditor, false);
    if (!err)
        err = make(out, crypto, &held);
    if (err)
        troth_wipe(out, sizeof *out);
    release(&held);
    return err;
}

static enum troth_err unwrap(uint8_t out[static TROTH_SEAL_KEY_SIZE],
                             const struct troth_crypto *crypto, const struct held *held,
                             const uint8_t wrapped[static TROTH_SEAL_WRAPPED_SIZE])
{
    EVP_PKEY *ephemeral = EVP_PKEY_new_raw_public_key_ex(held->library, "X25519", NULL,
                                                         wrapped, POINT);
    uint8_t shared[SHARED], key[TROTH_AEAD_KEY_SIZE], auditor[POINT];
    const bool is_ready = ephemeral && public_point(auditor, held->key);
    enum troth_err err = TROTH_ERR_CRYPTO;

    if (is_ready && agree(shared, held->library, held->key, ephemeral))
        err = derive(key, crypto, shared, wrapped, auditor);
    else
        /* A point of small order: nobody's wrapping begins with one. */
        err = troth_openssl_failure(ERR_LIB_NONE,
                                    is_ready ? TROTH_ERR_SIGNATURE : TROTH_ERR_CRYPTO);
    if (!err)
        err = crypto->ops->open(
            crypto->state, out, &(struct troth_aead_lock){key, no_nonce, {NULL, 0}},
            (struct troth_span){wrapped + POINT, TROTH_SEAL_WRAPPED_SIZE - POINT});
    troth_wipe(shared, sizeof shared);
    troth_wipe(key, sizeof key);
    EVP_PKEY_free(ephemeral);
    return err;
}

enum troth_err troth_seal_epoch_unwrap(
    uint8_t out[static TROTH_SEAL_KEY_SIZE], const struct troth_crypto *crypto,
    const uint8_t wrapped[static TROTH_SEAL_WRAPPED_SIZE], struct troth_span auditor)
{
    struct held held;
    enum troth_err err = hold(&held);

    memset(out, 0, TROTH_SEAL_KEY_SIZE);
    if (!err)
        err = read_key(&held, auditor, true);
    if (!err)
        err = unwrap(out, crypto, &held, wrapped);
    if (err)
        troth_wipe(out, TROTH_SEAL_KEY_SIZE);
    release(&held);
    return err;
}
