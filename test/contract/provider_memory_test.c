/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/provider.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "test/contract/signer.h"
#include "test/harness.h"

/*
 * OpenSSL runs out of memory at its n-th allocation, for every n: that must not read as a
 * bad signature, let alone as a good one. Nettle is left out: GMP ends the process.
 */

static struct {
    unsigned long calls;
    unsigned long fail_at; /* 0: never */
} memory;

static bool is_due(void)
{
    return ++memory.calls == memory.fail_at;
}

static void *allocate(size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return is_due() ? NULL : malloc(size);
}

static void *reallocate(void *block, size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return is_due() ? NULL : realloc(block, size);
}

static void release(void *block, const char *file, int line)
{
    (void)file;
    (void)line;
    free(block);
}

static void arm(unsigned long fail_at)
{
    memory.calls = 0;
    memory.fail_at = fail_at;
}

/* For the others OpenSSL says no, in some places, where it ran out of memory. */
static bool gives_reasons(enum troth_signature_algorithm algorithm)
{
    switch (algorithm) {
    case TROTH_ECDSA_P256_SHA256:
    case TROTH_ECDSA_P384_SHA384:
    case TROTH_RSA_PSS_SHA256:
    case TROTH_RSA_PSS_SHA384:
    case TROTH_RSA_PSS_SHA512:
        return true;
    case TROTH_RSA_PKCS1_SHA256:
    case TROTH_RSA_PKCS1_SHA384:
    case TROTH_RSA_PKCS1_SHA512:
    case TROTH_ED25519:
    case TROTH_SIGNATURE_NONE:
        break;
    }
    return false;
}

static void test_verify(const struct troth_crypto *crypto,
                        enum troth_signature_algorithm algorithm, bool good)
{
    const struct troth_span message = TROTH_LITERAL("m");
    const struct troth_parts parts = {&message, 1};
    enum troth_err wanted = good ? TROTH_OK : TROTH_ERR_SIGNATURE;
    struct signer signer;
    uint8_t raw[SIGNATURE_MAX];

    signer_create(&signer, troth_signature_facts(algorithm).key);

    struct troth_span signature = signer_sign(&signer, raw, algorithm,
                                              (struct signer_oddity){0, NULL}, message);

    raw[20] ^= !good;
    test_case("out of memory: %s signature, %s", good ? "good" : "bad",
              troth_signature_facts(algorithm).text);
    for (unsigned long fail_at = 1;; fail_at++) {
        arm(fail_at);

        enum troth_err err = crypto->ops->verify(crypto->state, algorithm, &signer.key,
                                                 parts, signature);
        bool failed = memory.calls >= fail_at;

        arm(0);
        /* OpenSSL gets by without some of its allocations, and notes that it did. */
        if (err != wanted) {
            CHECK(err == TROTH_ERR_CRYPTO ||
                  (err == TROTH_ERR_SIGNATURE && !gives_reasons(algorithm)));
            CHECK(ERR_peek_error() == 0);
        }
        ERR_clear_error();
        if (!failed)
            break;
    }
    signer_destroy(&signer);
}

static enum troth_err run_hash(const struct troth_crypto *crypto, unsigned which,
                               uint8_t *out)
{
    const struct troth_span text = TROTH_LITERAL("abc");
    const struct troth_parts parts = {&text, 1};

    if (which == 0)
        return crypto->ops->digest(crypto->state, out, TROTH_SHA384, parts);
    if (which == 1)
        return crypto->ops->hmac(crypto->state, out, TROTH_SHA384, text, parts);
    return crypto->ops->hkdf(crypto->state, out, 48, TROTH_SHA384, text, text, text);
}

static void test_hashes(const struct troth_crypto *crypto)
{
    static const char *const names[] = {"digest", "hmac", "hkdf"};

    for (unsigned which = 0; which < COUNT(names); which++) {
        uint8_t wanted[48];
        bool failed = true;

        test_case("out of memory: %s", names[which]);
        CHECK_ERR(run_hash(crypto, which, wanted), TROTH_OK);
        for (unsigned long fail_at = 1; failed; fail_at++) {
            static const uint8_t zeros[48];
            uint8_t out[48];

            arm(fail_at);

            enum troth_err err = run_hash(crypto, which, out);

            failed = memory.calls >= fail_at;
            arm(0);
            if (err)
                CHECK_ERR(err, TROTH_ERR_CRYPTO);
            CHECK(memcmp(out, err ? zeros : wanted, sizeof out) == 0);
            ERR_clear_error();
        }
    }
}

/* Not for every n: OpenSSL itself leaks when its own start fails half-way. */
static void test_create(void)
{
    struct troth_crypto crypto;

    test_case("out of memory: create");
    arm(1);
    CHECK_ERR(troth_provider_openssl_create(&crypto), TROTH_ERR_MEMORY);
    arm(0);
    CHECK(!crypto.ops && !crypto.state);
    ERR_clear_error();
}

int main(void)
{
    static const enum troth_signature_algorithm algorithms[] = {
#define X(name, key, hash, text) TROTH_##name,
        TROTH_SIGNATURE_ALGORITHMS(X)
#undef X
    };
    struct troth_crypto crypto;

    if (!CRYPTO_set_mem_functions(allocate, reallocate, release) ||
        troth_provider_openssl_create(&crypto))
        abort();
    for (size_t i = 0; i < COUNT(algorithms); i++) {
        test_verify(&crypto, algorithms[i], true);
        test_verify(&crypto, algorithms[i], false);
    }
    test_hashes(&crypto);
    troth_provider_openssl_destroy(&crypto);
    test_create();
    return test_finish();
}
