/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/provider.h"

#include <pthread.h>
#include <string.h>

#include "test/contract/signer.h"
#include "test/contract/tables.h"
#include "test/harness.h"

/* Signatures made by OpenSSL's generators, over every table; then what must fail. */

static const enum troth_signature_algorithm algorithms[] = {
#define X(name, key, hash, text) TROTH_##name,
    TROTH_SIGNATURE_ALGORITHMS(X)
#undef X
};

static const struct signer_oddity no_oddity = {0, NULL};

/* One key of every kind, made once: RSA generation is slow. */
static void make_signers(struct signer signers[TROTH_KEY_ED25519 + 1])
{
    for (int kind = TROTH_KEY_P256; kind <= TROTH_KEY_ED25519; kind++)
        signer_create(&signers[kind], (enum troth_key_kind)kind);
}

/* What a signature made with `made_by` is worth under `algorithm` and the same key. */
static enum troth_err expected(const struct troth_crypto *crypto,
                               enum troth_signature_algorithm algorithm,
                               enum troth_signature_algorithm made_by)
{
    if (!tables_can_verify(crypto, algorithm))
        return TROTH_ERR_ALGORITHM;
    if (troth_signature_facts(algorithm).key != troth_signature_facts(made_by).key)
        return TROTH_ERR_KEY;
    return algorithm == made_by ? TROTH_OK : TROTH_ERR_SIGNATURE;
}

static void test_every_pair(const struct troth_crypto *crypto,
                            const struct signer *signers)
{
    const struct troth_span message = TROTH_LITERAL("what the machine says of itself");

    for (size_t i = 0; i < COUNT(algorithms); i++) {
        const struct signer *signer = &signers[troth_signature_facts(algorithms[i]).key];
        uint8_t raw[SIGNATURE_MAX];
        struct troth_span signature = signer_sign(signer, raw, algorithms[i], no_oddity,
                                                  message);

        test_case("%s: a signature by %s under every algorithm", crypto->ops->name,
                  troth_signature_facts(algorithms[i]).text);
        for (size_t k = 0; k < COUNT(algorithms); k++)
            CHECK_ERR(
                tables_verify(crypto, algorithms[k], &signer->key, message, signature),
                expected(crypto, algorithms[k], algorithms[i]));
        CHECK_ERR(
            tables_verify(crypto, TROTH_SIGNATURE_NONE, &signer->key, message, signature),
            TROTH_ERR_ALGORITHM);
        CHECK_ERR(tables_verify(crypto, (enum troth_signature_algorithm)100, &signer->key,
                                message, signature),
                  TROTH_ERR_ALGORITHM);
    }
}

/* The bytes would do, but the key says that it is of another kind. */
static void test_mislabelled(const struct troth_crypto *crypto,
                             const struct signer *signers)
{
    const struct troth_span message = TROTH_LITERAL("m");

    test_case("%s: a key that calls itself another kind", crypto->ops->name);
    for (size_t i = 0; i < COUNT(algorithms); i++) {
        enum troth_key_kind right = troth_signature_facts(algorithms[i]).key;
        uint8_t raw[SIGNATURE_MAX];
        struct troth_span signature = signer_sign(&signers[right], raw, algorithms[i],
                                                  no_oddity, message);

        if (!tables_can_verify(crypto, algorithms[i]))
            continue;
        for (int kind = TROTH_KEY_NONE; kind <= TROTH_KEY_ED25519 + 1; kind++) {
            struct troth_public_key key = signers[right].key;

            key.kind = (enum troth_key_kind)kind;
            CHECK_ERR(tables_verify(crypto, algorithms[i], &key, message, signature),
                      key.kind == right ? TROTH_OK : TROTH_ERR_KEY);
        }
    }
}

static void test_broken(const struct troth_crypto *crypto, const struct signer *signers)
{
    const struct troth_span message = TROTH_LITERAL("what the machine says of itself");

    for (size_t i = 0; i < COUNT(algorithms); i++) {
        const struct signer *signer = &signers[troth_signature_facts(algorithms[i]).key];
        uint8_t raw[SIGNATURE_MAX + 1] = {0};

        if (!tables_can_verify(crypto, algorithms[i]))
            continue;

        struct troth_span signature = signer_sign(signer, raw, algorithms[i], no_oddity,
                                                  message);

        test_case("%s: %s, broken", crypto->ops->name,
                  troth_signature_facts(algorithms[i]).text);
        CHECK_ERR(tables_verify(crypto, algorithms[i], &signer->key,
                                TROTH_LITERAL("what the machine says of itselF"),
                                signature),
                  TROTH_ERR_SIGNATURE);
        for (size_t at = 0; at < signature.len; at += 7) {
            raw[at] ^= 0x10;
            CHECK_ERR(
                tables_verify(crypto, algorithms[i], &signer->key, message, signature),
                TROTH_ERR_SIGNATURE);
            raw[at] ^= 0x10;
        }
        for (size_t len = 0; len <= signature.len + 1; len++)
            CHECK_ERR(tables_verify(crypto, algorithms[i], &signer->key, message,
                                    (struct troth_span){len ? raw : NULL, len}),
                      len == signature.len ? TROTH_OK : TROTH_ERR_SIGNATURE);
    }
}

static void test_parts(const struct troth_crypto *crypto, const struct signer *signers)
{
    const struct troth_span message = TROTH_LITERAL("header and body");
    struct troth_span pieces[] = {{message.ptr, 6}, {NULL, 0}, {message.ptr + 6, 9}};

    for (size_t i = 0; i < COUNT(algorithms); i++) {
        enum troth_key_kind kind = troth_signature_facts(algorithms[i]).key;
        uint8_t raw[SIGNATURE_MAX];
        struct troth_span signature = signer_sign(&signers[kind], raw, algorithms[i],
                                                  no_oddity, message);
        bool whole = kind == TROTH_KEY_ED25519;

        if (!tables_can_verify(crypto, algorithms[i]))
            continue;
        test_case("%s: %s, message in pieces", crypto->ops->name,
                  troth_signature_facts(algorithms[i]).text);
        CHECK_ERR(crypto->ops->verify(crypto->state, algorithms[i], &signers[kind].key,
                                      (struct troth_parts){pieces, 3}, signature),
                  whole ? TROTH_ERR_UNSUPPORTED : TROTH_OK);
        CHECK_ERR(crypto->ops->verify(crypto->state, algorithms[i], &signers[kind].key,
                                      (struct troth_parts){NULL, 0}, signature),
                  whole ? TROTH_ERR_UNSUPPORTED : TROTH_ERR_SIGNATURE);
    }
}

static const struct {
    const char *why;
    enum troth_signature_algorithm algorithm;
    struct signer_oddity oddity;
} odd_pss[] = {
    {"salt longer than the hash", TROTH_RSA_PSS_SHA256, {33, NULL}},
    {"salt shorter than the hash", TROTH_RSA_PSS_SHA256, {31, NULL}},
    {"salt as long as fits", TROTH_RSA_PSS_SHA384, {2048 / 8 - 48 - 2, NULL}},
    {"SHA-256's salt length with SHA-384", TROTH_RSA_PSS_SHA384, {32, NULL}},
    {"mask by SHA-1", TROTH_RSA_PSS_SHA256, {0, "SHA1"}},
    {"mask by another SHA-2", TROTH_RSA_PSS_SHA512, {0, "SHA256"}},
};

static void test_odd_pss(const struct troth_crypto *crypto, const struct signer *signers)
{
    const struct troth_span message = TROTH_LITERAL("m");

    for (size_t i = 0; i < COUNT(odd_pss); i++) {
        uint8_t raw[SIGNATURE_MAX];
        struct troth_span signature = signer_sign(&signers[TROTH_KEY_RSA], raw,
                                                  odd_pss[i].algorithm, odd_pss[i].oddity,
                                                  message);

        test_case("%s: RSA-PSS, %s", crypto->ops->name, odd_pss[i].why);
        CHECK_ERR(tables_verify(crypto, odd_pss[i].algorithm, &signers[TROTH_KEY_RSA].key,
                                message, signature),
                  TROTH_ERR_SIGNATURE);
    }
}

/* OpenSSL and nettle must agree about P-384, on good signatures and on spoilt ones. */
static void test_agreement(const struct tables *tables)
{
    struct test_random random = {0x7407};

    test_case("all tables agree about 200 random P-384 signatures");
    for (unsigned round = 0; round < 200; round++) {
        struct signer signer;
        uint8_t raw[SIGNATURE_MAX];
        uint8_t message[64];
        enum troth_err wanted = TROTH_OK;

        for (size_t i = 0; i < sizeof message; i++)
            message[i] = (uint8_t)test_random_below(&random, 256);

        struct troth_span said = {message,
                                  test_random_below(&random, sizeof message + 1)};

        signer_create(&signer, TROTH_KEY_P384);

        struct troth_span signature = signer_sign(&signer, raw, TROTH_ECDSA_P384_SHA384,
                                                  no_oddity, said);

        if (round % 4 == 1) {
            raw[test_random_below(&random, 96)] ^= (uint8_t)(1U << (round % 8));
            wanted = TROTH_ERR_SIGNATURE;
        } else if (round % 4 == 2) {
            signer.bytes[1 + test_random_below(&random, 96)] ^= (uint8_t)(1U
                                                                          << (round % 8));
            wanted = TROTH_ERR_KEY;
        } else if (round % 4 == 3) {
            said.len = said.len ? said.len - 1 : 1;
            wanted = TROTH_ERR_SIGNATURE;
        }
        for (size_t i = 0; i < tables->count; i++)
            CHECK_ERR(tables_verify(&tables->crypto[i], TROTH_ECDSA_P384_SHA384,
                                    &signer.key, said, signature),
                      wanted);
        signer_destroy(&signer);
    }
}

struct hammer {
    const struct troth_crypto *crypto;
    const struct signer *signers;
    unsigned wrong;
};

/* Counts instead of checking: the harness is for one thread. */
static void *hammer_run(void *argument)
{
    struct hammer *hammer = argument;
    const struct troth_crypto *crypto = hammer->crypto;
    const struct troth_span message = TROTH_LITERAL("abc");
    const struct troth_parts parts = {&message, 1};

    for (unsigned round = 0; round < 20; round++)
        for (size_t i = 0; i < COUNT(algorithms); i++) {
            const struct signer *signer =
                &hammer->signers[troth_signature_facts(algorithms[i]).key];
            uint8_t raw[SIGNATURE_MAX];
            uint8_t out[TROTH_HASH_MAX];
            struct troth_span signature = signer_sign(signer, raw, algorithms[i],
                                                      no_oddity, message);
            bool able = tables_can_verify(crypto, algorithms[i]);

            hammer->wrong += crypto->ops->verify(crypto->state, algorithms[i],
                                                 &signer->key, parts, signature) !=
                             (able ? TROTH_OK : TROTH_ERR_ALGORITHM);
            raw[20] ^= 1;
            hammer->wrong += crypto->ops->verify(crypto->state, algorithms[i],
                                                 &signer->key, parts, signature) !=
                             (able ? TROTH_ERR_SIGNATURE : TROTH_ERR_ALGORITHM);
            hammer->wrong += crypto->ops->hkdf(crypto->state, out, 32, TROTH_SHA384,
                                               message, message, message) !=
                             (tables_is_partial(crypto) ? TROTH_ERR_ALGORITHM : TROTH_OK);
        }
    return NULL;
}

static void test_threads(const struct troth_crypto *crypto, const struct signer *signers)
{
    pthread_t threads[2];
    struct hammer hammers[2];

    test_case("%s: two threads share a table", crypto->ops->name);
    for (size_t i = 0; i < COUNT(threads); i++) {
        hammers[i] = (struct hammer){crypto, signers, 0};
        CHECK(pthread_create(&threads[i], NULL, hammer_run, &hammers[i]) == 0);
    }
    for (size_t i = 0; i < COUNT(threads); i++) {
        pthread_join(threads[i], NULL);
        CHECK_INT(hammers[i].wrong, 0);
    }
}

int main(void)
{
    static struct signer signers[TROTH_KEY_ED25519 + 1];
    struct tables tables;

    make_signers(signers);
    tables_create(&tables);
    for (size_t i = 0; i < tables.count; i++) {
        const struct troth_crypto *crypto = &tables.crypto[i];

        test_every_pair(crypto, signers);
        test_mislabelled(crypto, signers);
        test_broken(crypto, signers);
        test_parts(crypto, signers);
        test_threads(crypto, signers);
        if (!tables_is_partial(crypto))
            test_odd_pss(crypto, signers);
    }
    test_agreement(&tables);
    tables_destroy(&tables);
    for (int kind = TROTH_KEY_P256; kind <= TROTH_KEY_ED25519; kind++)
        signer_destroy(&signers[kind]);
    return test_finish();
}
