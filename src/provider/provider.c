/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/provider.h"

#include "provider/openssl.h"

/*
 * P-384 is nettle's: OpenSSL 3.0 verifies it with its general-purpose arithmetic. Only
 * OpenSSL says no, because nettle 3.8 cannot add a point to itself and so misses valid
 * signatures that ask for that; nobody makes one by chance.
 */
static enum troth_err verify(void *state, enum troth_signature_algorithm algorithm,
                             const struct troth_public_key *key,
                             struct troth_parts message, struct troth_span signature)
{
    const struct troth_crypto *nettle = troth_provider_nettle();

    if (algorithm == TROTH_ECDSA_P384_SHA384) {
        enum troth_err err = nettle->ops->verify(nettle->state, algorithm, key, message,
                                                 signature);

        if (err != TROTH_ERR_SIGNATURE)
            return err;
    }
    return troth_openssl_verify(state, algorithm, key, message, signature);
}

static const struct troth_crypto_ops openssl_and_nettle = {
    .name = "openssl+nettle",
    .digest = troth_openssl_digest,
    .hmac = troth_openssl_hmac,
    .hkdf = troth_openssl_hkdf,
    .verify = verify,
    .seal = troth_openssl_seal,
    .open = troth_openssl_open,
};

enum troth_err troth_provider_create(struct troth_crypto *out)
{
    enum troth_err err = troth_provider_openssl_create(out);

    if (!err && troth_provider_nettle())
        out->ops = &openssl_and_nettle;
    return err;
}

void troth_provider_destroy(struct troth_crypto *crypto)
{
    troth_provider_openssl_destroy(crypto);
}
