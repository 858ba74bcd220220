/* provider.h - cryptographic libraries that fill in troth/crypto.h. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_PROVIDER_H
#define TROTH_PROVIDER_H

#include "troth/crypto.h"

/*
 * troth_provider_create - the fastest audited library for each operation.
 *
 *   out   filled on success, zeroed on failure; give it to troth_provider_destroy()
 *
 * Units    none
 * Errors   TROTH_ERR_CRYPTO when the library cannot start, TROTH_ERR_MEMORY
 * Effects  fetches OpenSSL's algorithms once; afterwards read-only and shared by threads
 */
TROTH_MUST_USE enum troth_err troth_provider_create(struct troth_crypto *out);

/* Takes a zeroed table too. */
void troth_provider_destroy(struct troth_crypto *crypto);

/* The two libraries by name, for benchmarks and tests that hold one against the other. */
TROTH_MUST_USE enum troth_err troth_provider_openssl_create(struct troth_crypto *out);
void troth_provider_openssl_destroy(struct troth_crypto *crypto);

/*
 * Nettle verifies P-384 only here and has no state; NULL where the build left it out. By
 * itself it refuses a valid signature whose sum doubles a point; the default table then
 * asks OpenSSL. GMP beneath it ends the process when memory runs out, in both tables.
 */
const struct troth_crypto *troth_provider_nettle(void);

#endif
