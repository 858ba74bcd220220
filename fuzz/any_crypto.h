/*
 * any_crypto.h - cryptography that a fuzzer can satisfy: what stands behind a signature
 * or a hash is reached without a key.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_FUZZ_ANY_CRYPTO_H
#define TROTH_FUZZ_ANY_CRYPTO_H

#include "base/memory.h"
#include "troth/crypto.h"

/* Half of all signatures are good, by a bit of theirs. */
static enum troth_err any_verify(void *state, enum troth_signature_algorithm algorithm,
                                 const struct troth_public_key *key,
                                 struct troth_parts message, struct troth_span signature)
{
    (void)state;
    (void)algorithm;
    (void)key;
    (void)message;
    return signature.ptr[0] & 1 ? TROTH_ERR_SIGNATURE : TROTH_OK;
}

/* Every key has the ID 00000000, and every tree the root of zeros. */
static enum troth_err any_digest(void *state, uint8_t *out, enum troth_hash hash,
                                 struct troth_parts message)
{
    (void)state;
    (void)message;
    memset(out, 0, troth_hash_size(hash));
    return TROTH_OK;
}

static const struct troth_crypto_ops any_ops = {
    .name = "any", .digest = any_digest, .verify = any_verify};

#endif
