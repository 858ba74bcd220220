/* SPDX-License-Identifier: Apache-2.0 */
/* EVP's context is allocated, and costs as much as hashing a short message. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "provider/openssl.h"

#include <stdbool.h>
#include <string.h>

#include <openssl/sha.h>

static bool digest_256(uint8_t *out, struct troth_parts message)
{
    SHA256_CTX ctx;
    bool good = SHA256_Init(&ctx) > 0;

    for (size_t i = 0; good && i < message.count; i++)
        good = SHA256_Update(&ctx, message.spans[i].ptr, message.spans[i].len) > 0;
    return good && SHA256_Final(out, &ctx) > 0;
}

/* SHA-384 is SHA-512 from another start, cut short. */
static bool digest_512(uint8_t *out, int (*init)(SHA512_CTX *),
                       struct troth_parts message)
{
    SHA512_CTX ctx;
    bool good = init(&ctx) > 0;

    for (size_t i = 0; good && i < message.count; i++)
        good = SHA512_Update(&ctx, message.spans[i].ptr, message.spans[i].len) > 0;
    return good && SHA512_Final(out, &ctx) > 0;
}

enum troth_err troth_openssl_digest(void *state, uint8_t *out, enum troth_hash hash,
                                    struct troth_parts message)
{
    bool good = false;

    (void)state;
    switch (hash) {
    case TROTH_SHA256:
        good = digest_256(out, message);
        break;
    case TROTH_SHA384:
        good = digest_512(out, SHA384_Init, message);
        break;
    case TROTH_SHA512:
        good = digest_512(out, SHA512_Init, message);
        break;
    default:
        return TROTH_ERR_ALGORITHM;
    }
    if (good)
        return TROTH_OK;
    memset(out, 0, troth_hash_size(hash));
    return TROTH_ERR_CRYPTO;
}
