/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/der.h"
#include "pki/cert.h"

#define FIELD_MAX 48 /* bytes of a P-384 coordinate */

static size_t field_width(enum troth_key_kind kind)
{
    switch (kind) {
    case TROTH_KEY_P256:
        return 32;
    case TROTH_KEY_P384:
        return 48;
    case TROTH_KEY_NONE:
    case TROTH_KEY_RSA:
    case TROTH_KEY_ED25519:
        break;
    }
    return 0;
}

size_t troth_raw_signature_size(enum troth_key_kind kind)
{
    return 2 * field_width(kind);
}

static bool fits(enum troth_signature_algorithm algorithm,
                 const struct troth_public_key *key)
{
    return algorithm != TROTH_SIGNATURE_NONE && key->kind != TROTH_KEY_NONE &&
           troth_signature_facts(algorithm).key == key->kind;
}

enum troth_err troth_signed_by_raw(const struct troth_crypto *crypto,
                                   const struct troth_public_key *key,
                                   enum troth_signature_algorithm algorithm,
                                   struct troth_span tbs, struct troth_span signature)
{
    const struct troth_parts message = {&tbs, 1};

    if (!fits(algorithm, key))
        return TROTH_ERR_ALGORITHM;
    enum troth_err err = crypto->ops->verify(crypto->state, algorithm, key, message,
                                             signature);

    /* A provider's other answers would be a fault of its own. */
    if (err && err != TROTH_ERR_SIGNATURE && err != TROTH_ERR_KEY)
        return TROTH_ERR_CRYPTO;
    return err;
}

enum troth_err troth_signed_by(const struct troth_crypto *crypto,
                               const struct troth_public_key *key,
                               enum troth_signature_algorithm algorithm,
                               struct troth_span tbs, struct troth_span signature)
{
    uint8_t numbers[2 * FIELD_MAX];
    size_t width = field_width(key->kind);

    if (!fits(algorithm, key))
        return TROTH_ERR_ALGORITHM;
    if (width > 0) {
        if (troth_der_ecdsa_parse(numbers, width, signature))
            return TROTH_ERR_SIGNATURE;
        signature = (struct troth_span){numbers, 2 * width};
    }
    return troth_signed_by_raw(crypto, key, algorithm, tbs, signature);
}
