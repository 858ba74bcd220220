/* SPDX-License-Identifier: Apache-2.0 */
#include "test/support/failing_crypto.h"

#include <stdbool.h>
#include <string.h>

static bool is_due(struct failing_crypto *failing)
{
    failing->calls++;
    return failing->calls == failing->fail_at;
}

static enum troth_err digest(void *state, uint8_t *out, enum troth_hash hash,
                             struct troth_parts message)
{
    struct failing_crypto *failing = state;

    if (!is_due(failing))
        return failing->inner.ops->digest(failing->inner.state, out, hash, message);
    memset(out, 0, troth_hash_size(hash));
    return TROTH_ERR_CRYPTO;
}

static enum troth_err hmac(void *state, uint8_t *out, enum troth_hash hash,
                           struct troth_span key, struct troth_parts message)
{
    struct failing_crypto *failing = state;

    if (!is_due(failing))
        return failing->inner.ops->hmac(failing->inner.state, out, hash, key, message);
    memset(out, 0, troth_hash_size(hash));
    return TROTH_ERR_CRYPTO;
}

/* NOLINTNEXTLINE(readability-function-size): as many parameters as RFC 5869 has */
static enum troth_err hkdf(void *state, uint8_t *out, size_t out_len,
                           enum troth_hash hash, struct troth_span secret,
                           struct troth_span salt, struct troth_span info)
{
    struct failing_crypto *failing = state;

    if (!is_due(failing))
        return failing->inner.ops->hkdf(failing->inner.state, out, out_len, hash, secret,
                                        salt, info);
    memset(out, 0, out_len);
    return TROTH_ERR_CRYPTO;
}

static enum troth_err verify(void *state, enum troth_signature_algorithm algorithm,
                             const struct troth_public_key *key,
                             struct troth_parts message, struct troth_span signature)
{
    struct failing_crypto *failing = state;

    if (!is_due(failing))
        return failing->inner.ops->verify(failing->inner.state, algorithm, key, message,
                                          signature);
    return TROTH_ERR_CRYPTO;
}

static enum troth_err seal(void *state, uint8_t *out, const struct troth_aead_lock *lock,
                           struct troth_span plain)
{
    struct failing_crypto *failing = state;

    if (!is_due(failing))
        return failing->inner.ops->seal(failing->inner.state, out, lock, plain);
    memset(out, 0, plain.len + TROTH_AEAD_TAG_SIZE);
    return TROTH_ERR_CRYPTO;
}

static enum troth_err open(void *state, uint8_t *out, const struct troth_aead_lock *lock,
                           struct troth_span sealed)
{
    struct failing_crypto *failing = state;

    if (!is_due(failing))
        return failing->inner.ops->open(failing->inner.state, out, lock, sealed);
    if (sealed.len > TROTH_AEAD_TAG_SIZE)
        memset(out, 0, sealed.len - TROTH_AEAD_TAG_SIZE);
    return TROTH_ERR_CRYPTO;
}

struct troth_crypto failing_crypto_over(struct failing_crypto *out,
                                        const struct troth_crypto *inner,
                                        unsigned fail_at)
{
    static const struct troth_crypto_ops ops = {
        .name = "failing",
        .digest = digest,
        .hmac = hmac,
        .hkdf = hkdf,
        .verify = verify,
        .seal = seal,
        .open = open,
    };

    *out = (struct failing_crypto){*inner, fail_at, 0};
    return (struct troth_crypto){&ops, out};
}
