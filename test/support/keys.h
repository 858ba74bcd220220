/* keys.h - fresh private keys in PEM, as people keep them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_KEYS_H
#define TROTH_TEST_KEYS_H

#include "troth/span.h"

/* "P-256", "P-384", "ED25519", "RSA"; encrypted where there is a passphrase. Both halves
 * live until the program ends. */
struct test_pem {
    struct troth_span secret, public;
};
struct test_pem test_pem_key(const char *kind, const char *passphrase);

#endif
