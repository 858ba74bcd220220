/* cache.h - the verified cache's question and answer. troth/cache.h has the contract. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_PKI_CACHE_H
#define TROTH_PKI_CACHE_H

#include <stdbool.h>

#include "troth/anchor.h"
#include "troth/cache.h"

/* Part of every key: raise it when a rule about what is remembered changes. */
#define TROTH_CACHE_RULES 2

struct troth_cache_question {
    struct troth_span object;     /* the signed certificate or list, whole */
    const uint8_t *object_sha256; /* where it is known already; else NULL */
    const struct troth_public_key *issuer;
    const struct troth_anchor *anchor;
    const char *role;
};

/* The key for a question; TROTH_ERR_CRYPTO if hashing fails. */
TROTH_MUST_USE enum troth_err
troth_cache_key(uint8_t out[static 32], const struct troth_crypto *crypto,
                const struct troth_cache_question *question);

bool troth_cache_has(struct troth_cache *cache, const uint8_t key[static 32]);
void troth_cache_remember(struct troth_cache *cache, const uint8_t key[static 32]);

#endif
