/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/genuine.h"

#include "pki/cert.h"

enum troth_err troth_genuine(const struct troth_crypto *crypto, struct troth_cache *cache,
                             const struct troth_genuine_question *question)
{
    uint8_t key[32];

    if (cache) {
        enum troth_err err = troth_cache_key(key, crypto, &question->asked);

        if (err || troth_cache_has(cache, key))
            return err;
    }
    enum troth_err err = troth_signed_by(crypto, question->asked.issuer,
                                         question->signed_with, question->tbs,
                                         question->signature);

    if (!err && cache)
        troth_cache_remember(cache, key);
    return err;
}

const char *troth_genuine_why_not(enum troth_err err)
{
    if (err == TROTH_ERR_KEY)
        return "issuer's key is not usable";
    if (err == TROTH_ERR_ALGORITHM)
        return "signed with an algorithm that its issuer's key is not for";
    return "signature does not verify";
}
