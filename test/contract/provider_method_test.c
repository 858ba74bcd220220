/* SPDX-License-Identifier: Apache-2.0 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "troth/provider.h"

#include <openssl/ec.h>
#include <stdlib.h>

#include "test/contract/signer.h"
#include "test/harness.h"

/*
 * The process may have its own way of verifying ECDSA, by an engine or by a default
 * method: here one that finds every signature good. Troth does not ask it.
 */

static int find_good_der(int type, const unsigned char *digest, int digest_len,
                         const unsigned char *signature, int signature_len, EC_KEY *key)
{
    (void)type;
    (void)digest;
    (void)digest_len;
    (void)signature;
    (void)signature_len;
    (void)key;
    return 1;
}

static int find_good(const unsigned char *digest, int digest_len,
                     const ECDSA_SIG *signature, EC_KEY *key)
{
    (void)digest;
    (void)digest_len;
    (void)signature;
    (void)key;
    return 1;
}

static void test_verify(const struct troth_crypto *crypto,
                        enum troth_signature_algorithm algorithm)
{
    const struct troth_span message = TROTH_LITERAL("m");
    const struct troth_parts parts = {&message, 1};
    struct signer signer;
    uint8_t raw[SIGNATURE_MAX];

    signer_create(&signer, troth_signature_facts(algorithm).key);

    struct troth_span signature = signer_sign(&signer, raw, algorithm,
                                              (struct signer_oddity){0, NULL}, message);

    test_case("the process says yes: %s", troth_signature_facts(algorithm).text);
    CHECK_ERR(
        crypto->ops->verify(crypto->state, algorithm, &signer.key, parts, signature),
        TROTH_OK);
    raw[20] ^= 1;
    CHECK_ERR(
        crypto->ops->verify(crypto->state, algorithm, &signer.key, parts, signature),
        TROTH_ERR_SIGNATURE);
    signer_destroy(&signer);
}

int main(void)
{
    EC_KEY_METHOD *credulous = EC_KEY_METHOD_new(EC_KEY_OpenSSL());
    struct troth_crypto crypto;

    if (!credulous || troth_provider_openssl_create(&crypto))
        abort();
    EC_KEY_METHOD_set_verify(credulous, find_good_der, find_good);
    EC_KEY_set_default_method(credulous);
    test_verify(&crypto, TROTH_ECDSA_P256_SHA256);
    test_verify(&crypto, TROTH_ECDSA_P384_SHA384);
    EC_KEY_set_default_method(NULL);
    troth_provider_openssl_destroy(&crypto);
    EC_KEY_METHOD_free(credulous);
    return test_finish();
}
