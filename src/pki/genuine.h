/* genuine.h - did this issuer sign this object? Asked of the cache first. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_PKI_GENUINE_H
#define TROTH_PKI_GENUINE_H

#include "pki/cache.h"

struct troth_genuine_question {
    struct troth_cache_question asked; /* the object whole, issuer, anchor, role */
    enum troth_signature_algorithm signed_with;
    struct troth_span tbs, signature;
};

/* As troth_signed_by(); a yes is remembered in `cache`, which may be NULL. */
TROTH_MUST_USE enum troth_err
troth_genuine(const struct troth_crypto *crypto, struct troth_cache *cache,
              const struct troth_genuine_question *question);

/*
 * troth_genuine_raw - the same for a statement with its signature beside it, as r ‖ s.
 *
 *   question   tbs is the statement; remembered only where asked.object_sha256, of
 *              tbs ‖ signature, is known
 *
 * Errors   as troth_signed_by(); a signature of another length than its curve's is
 *          TROTH_ERR_SIGNATURE
 */
TROTH_MUST_USE enum troth_err
troth_genuine_raw(const struct troth_crypto *crypto, struct troth_cache *cache,
                  const struct troth_genuine_question *question);

/* The clause for a troth_signed_by() that said no. */
const char *troth_genuine_why_not(enum troth_err err);

#endif
