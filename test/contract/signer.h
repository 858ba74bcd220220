/* signer.h - fresh keys and signatures by OpenSSL, for the providers' tests. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_SIGNER_H
#define TROTH_TEST_SIGNER_H

#include <openssl/evp.h>

#include "troth/crypto.h"

#define SIGNATURE_MAX (TROTH_RSA_MAX_BITS / 8)

struct signer {
    EVP_PKEY *pair;
    struct troth_public_key key; /* borrows `bytes` */
    uint8_t bytes[SIGNATURE_MAX];
};

/* How a PSS signature differs from what Troth asks for; zeros for not at all. */
struct signer_oddity {
    int salt_len;
    const char *mask_hash;
};

/* Aborts on failure: a test machine without OpenSSL's generators has nothing to test. */
void signer_create(struct signer *out, enum troth_key_kind kind);
void signer_destroy(struct signer *signer);

/* A signature as troth_crypto_ops.verify wants it, into SIGNATURE_MAX bytes at `out`. */
struct troth_span signer_sign(const struct signer *signer, uint8_t *out,
                              enum troth_signature_algorithm algorithm,
                              struct signer_oddity oddity, struct troth_span message);

#endif
