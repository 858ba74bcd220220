/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/genuine.h"

#include "pki/cert.h"

static enum troth_err ask(const struct troth_crypto *crypto, struct troth_cache *cache,
                          const struct troth_genuine_question *question, bool is_raw)
{
    uint8_t key[32];

    if (cache) {
        enum troth_err err = troth_cache_key(key, crypto, &question->asked);

        if (err || troth_cache_has(cache, key))
            return err;
    }
    const struct troth_public_key *issuer = question->asked.issuer;
    enum troth_err err = is_raw
                             ? troth_signed_by_raw(crypto, issuer, question->signed_with,
                                                   question->tbs, question->signature)
                             : troth_signed_by(crypto, issuer, question->signed_with,
                                               question->tbs, question->signature);

    if (!err && cache)
        troth_cache_remember(cache, key);
    return err;
}

enum troth_err troth_genuine(const struct troth_crypto *crypto, struct troth_cache *cache,
                             const struct troth_genuine_question *question)
{
    return ask(crypto, cache, question, false);
}

enum troth_err troth_genuine_raw(const struct troth_crypto *crypto,
                                 struct troth_cache *cache,
                                 const struct troth_genuine_question *question)
{
    /* Where a statement ends and its signature begins is not part of what was hashed: the
     * one length that is possible says it, before the cache is asked. */
    if (question->signature.len != troth_raw_signature_size(question->asked.issuer->kind))
        return TROTH_ERR_SIGNATURE;
    return ask(crypto, question->asked.object_sha256 ? cache : NULL, question, true);
}

const char *troth_genuine_why_not(enum troth_err err)
{
    if (err == TROTH_ERR_KEY)
        return "issuer's key is not usable";
    if (err == TROTH_ERR_ALGORITHM)
        return "signed with an algorithm that its issuer's key is not for";
    return "signature does not verify";
}
