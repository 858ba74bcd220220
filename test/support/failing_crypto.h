/*
 * failing_crypto.h - a crypto table whose n-th call fails, for tests that fail
 * everything.
 *
 * Count the calls of a good run with `fail_at` 0, then run once for every n from 1 to
 * that count: nothing may leak, and nothing may be accepted.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_FAILING_CRYPTO_H
#define TROTH_TEST_FAILING_CRYPTO_H

#include "troth/crypto.h"

struct failing_crypto {
    struct troth_crypto inner;
    unsigned fail_at; /* the first call is 1; 0 fails none */
    unsigned calls;   /* so far, of all operations together */
};

/*
 * A table that counts its calls and hands them to `inner`, but answers call `fail_at`
 * with TROTH_ERR_CRYPTO and zeroed output. Borrows `out`; for one thread.
 */
struct troth_crypto failing_crypto_over(struct failing_crypto *out,
                                        const struct troth_crypto *inner,
                                        unsigned fail_at);

#endif
