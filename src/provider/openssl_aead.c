/* SPDX-License-Identifier: Apache-2.0 */
#include "provider/openssl.h"

#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include <openssl/err.h>

/* OpenSSL counts in int; our own limits are far below. */
enum { MOST = INT_MAX / 2 };

static bool associate(EVP_CIPHER_CTX *ctx, struct troth_parts associated)
{
    bool good = true;
    int len;

    for (size_t i = 0; good && i < associated.count; i++) {
        const struct troth_span part = associated.spans[i];

        /* A length of nothing would end the associated data. */
        if (part.len)
            good = part.len <= MOST &&
                   EVP_CipherUpdate(ctx, NULL, &len, part.ptr, (int)part.len) > 0;
    }
    return good;
}

/* Everything but the tag. Of nothing, there is nothing to update. */
static bool carry(EVP_CIPHER_CTX *ctx, uint8_t *out, struct troth_span in)
{
    int len = 0;

    return in.len == 0 || (EVP_CipherUpdate(ctx, out, &len, in.ptr, (int)in.len) > 0 &&
                           (size_t)len == in.len);
}

/* A context for one message; NULL when OpenSSL fails. */
static EVP_CIPHER_CTX *begin(const struct troth_openssl *openssl,
                             const struct troth_aead_lock *lock, bool seals)
{
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();

    /* Twelve bytes of nonce are the cipher's default. */
    if (ctx &&
        EVP_CipherInit_ex2(ctx, openssl->aead, lock->key, lock->nonce, seals, NULL) > 0 &&
        associate(ctx, lock->associated))
        return ctx;
    EVP_CIPHER_CTX_free(ctx);
    return NULL;
}

enum troth_err troth_openssl_seal(void *state, uint8_t *out,
                                  const struct troth_aead_lock *lock,
                                  struct troth_span plain)
{
    if (plain.len > MOST)
        return TROTH_ERR_LIMIT;

    EVP_CIPHER_CTX *ctx = begin(state, lock, true);
    uint8_t *tag = out + plain.len;
    int len;
    bool good = ctx && carry(ctx, out, plain) && EVP_CipherFinal_ex(ctx, tag, &len) > 0 &&
                EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, TROTH_AEAD_TAG_SIZE,
                                    tag) > 0;

    EVP_CIPHER_CTX_free(ctx);
    if (good)
        return TROTH_OK;
    memset(out, 0, plain.len + TROTH_AEAD_TAG_SIZE);
    return troth_openssl_failure(ERR_LIB_NONE, TROTH_ERR_CRYPTO);
}

enum troth_err troth_openssl_open(void *state, uint8_t *out,
                                  const struct troth_aead_lock *lock,
                                  struct troth_span sealed)
{
    if (sealed.len < TROTH_AEAD_TAG_SIZE)
        return TROTH_ERR_SIGNATURE;
    if (sealed.len > MOST)
        return TROTH_ERR_LIMIT;

    const struct troth_span hidden = {sealed.ptr, sealed.len - TROTH_AEAD_TAG_SIZE};
    uint8_t tag[TROTH_AEAD_TAG_SIZE];
    uint8_t nothing[1];
    int len;
    enum troth_err err = TROTH_ERR_CRYPTO;

    memcpy(tag, sealed.ptr + hidden.len, sizeof tag);

    EVP_CIPHER_CTX *ctx = begin(state, lock, false);

    if (ctx && carry(ctx, out, hidden) &&
        EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, sizeof tag, tag) > 0)
        err = EVP_CipherFinal_ex(ctx, nothing, &len) > 0 ? TROTH_OK : TROTH_ERR_SIGNATURE;
    EVP_CIPHER_CTX_free(ctx);
    if (!err)
        return TROTH_OK;
    if (hidden.len)
        OPENSSL_cleanse(out, hidden.len);
    ERR_clear_error();
    return err;
}
