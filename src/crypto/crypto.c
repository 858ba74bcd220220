/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/crypto.h"

size_t troth_hash_size(enum troth_hash hash)
{
    switch (hash) {
    case TROTH_SHA256:
        return 32;
    case TROTH_SHA384:
        return 48;
    case TROTH_SHA512:
        return 64;
    }
    return 0;
}

struct troth_signature_facts
troth_signature_facts(enum troth_signature_algorithm algorithm)
{
    /* clang-format off */
#define X(name, key, hash, text) [TROTH_##name] = {TROTH_KEY_##key, TROTH_##hash, text},
    static const struct troth_signature_facts rows[] = {
        [TROTH_SIGNATURE_NONE] = {TROTH_KEY_NONE, (enum troth_hash)0, "none"},
        TROTH_SIGNATURE_ALGORITHMS(X)
    };
#undef X
    /* clang-format on */

    return (unsigned)algorithm < sizeof rows / sizeof rows[0]
               ? rows[algorithm]
               : rows[TROTH_SIGNATURE_NONE];
}

enum troth_err troth_digest(const struct troth_crypto *crypto, uint8_t *out,
                            enum troth_hash hash, struct troth_span message)
{
    return crypto->ops->digest(crypto->state, out, hash,
                               (struct troth_parts){&message, 1});
}
