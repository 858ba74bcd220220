/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/signer.h"

#include <string.h>

#include "test/harness.h"
#include "test/support/keys.h"
#include "troth/provider.h"

static uint8_t memory[16 * 1024];

static void test_sign(const char *kind, enum troth_signature_algorithm algorithm,
                      size_t size)
{
    const struct troth_span message = TROTH_LITERAL("what is signed");
    struct test_pem pem = test_pem_key(kind, NULL);
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_public_key key;
    struct troth_signer signer;
    struct troth_crypto crypto;
    uint8_t signature[TROTH_SIGNATURE_MAX];
    size_t len = 0;

    test_case("%s signs, and its public half verifies", kind);
    CHECK_ERR(troth_provider_create(&crypto), TROTH_OK);
    CHECK_ERR(troth_public_key_from_pem(&key, pem.public, &arena), TROTH_OK);
    if (!CHECK(troth_signer_from_pem(&signer, pem.secret) == TROTH_OK))
        return;
    CHECK_INT(signer.algorithm, algorithm);
    CHECK_INT(signer.key.kind, key.kind);
    CHECK_SPAN(signer.key.point, key.point);
    for (int i = 0; i < 64; i++) { /* numbers that begin with a zero byte come along */
        CHECK_ERR(signer.sign(signer.state, signature, &len, message), TROTH_OK);
        CHECK_INT(len, size);
        CHECK_ERR(crypto.ops->verify(crypto.state, algorithm, &key,
                                     (struct troth_parts){&message, 1},
                                     (struct troth_span){signature, len}),
                  TROTH_OK);
    }
    troth_signer_destroy(&signer);
    CHECK(!signer.state && !signer.sign);
    troth_provider_destroy(&crypto);
}

static void refuse(const char *why, struct troth_span pem)
{
    struct troth_signer signer;

    test_case("refused: %s", why);
    CHECK_ERR(troth_signer_from_pem(&signer, pem), TROTH_ERR_KEY);
    CHECK(!signer.state && !signer.sign);
    troth_signer_destroy(&signer);
}

static void test_generate(void)
{
    const struct troth_span message = TROTH_LITERAL("what is signed");
    struct troth_signer a, b;
    struct troth_crypto crypto;
    uint8_t signature[TROTH_SIGNATURE_MAX];
    size_t len = 0;

    test_case("a key made here signs; no two are alike");
    CHECK_ERR(troth_provider_create(&crypto), TROTH_OK);
    CHECK_ERR(troth_signer_generate(&a), TROTH_OK);
    CHECK_ERR(troth_signer_generate(&b), TROTH_OK);
    CHECK_INT(a.algorithm, TROTH_ECDSA_P256_SHA256);
    CHECK_INT(a.key.kind, TROTH_KEY_P256);
    CHECK_INT(a.key.point.len, 65);
    CHECK(memcmp(a.key.point.ptr, b.key.point.ptr, 65) != 0);
    CHECK_ERR(a.sign(a.state, signature, &len, message), TROTH_OK);
    for (int other = 0; other < 2; other++)
        CHECK_ERR(crypto.ops->verify(crypto.state, a.algorithm, other ? &b.key : &a.key,
                                     (struct troth_parts){&message, 1},
                                     (struct troth_span){signature, len}),
                  other ? TROTH_ERR_SIGNATURE : TROTH_OK);
    troth_signer_destroy(&a);
    troth_signer_destroy(&b);
    troth_provider_destroy(&crypto);
}

static void test_generate_kept(void)
{
    const struct troth_span message = TROTH_LITERAL("what is signed");
    uint8_t pems[2][TROTH_SIGNER_PEM_ROOM], signatures[2][TROTH_SIGNATURE_MAX];
    struct troth_signer made[2], read;
    size_t lens[2] = {0, 0}, size = 0;

    test_case("an Ed25519 key made here is the one that its PEM says; no two are alike");
    for (int i = 0; i < 2; i++) {
        CHECK_ERR(troth_signer_generate_ed25519(&made[i], pems[i], &lens[i]), TROTH_OK);
        CHECK_INT(made[i].algorithm, TROTH_ED25519);
        CHECK_INT(made[i].key.point.len, 32);
    }
    CHECK(memcmp(made[0].key.point.ptr, made[1].key.point.ptr, 32) != 0);
    if (!CHECK(troth_signer_from_pem(&read, (struct troth_span){pems[0], lens[0]}) ==
               TROTH_OK))
        return;
    CHECK_SPAN(read.key.point, made[0].key.point);
    CHECK_ERR(read.sign(read.state, signatures[0], &size, message), TROTH_OK);
    CHECK_ERR(made[0].sign(made[0].state, signatures[1], &size, message), TROTH_OK);
    CHECK(memcmp(signatures[0], signatures[1], 64) == 0);
    CHECK(memcmp(pems[0], "-----BEGIN PRIVATE KEY-----\n", 28) == 0);
    CHECK_INT(pems[0][lens[0] - 1], '\n');
    for (int i = 0; i < 2; i++)
        troth_signer_destroy(&made[i]);
    troth_signer_destroy(&read);
}

int main(void)
{
    struct test_pem p256 = test_pem_key("P-256", NULL);

    test_sign("P-256", TROTH_ECDSA_P256_SHA256, 64);
    test_sign("P-384", TROTH_ECDSA_P384_SHA384, 96);
    test_sign("ED25519", TROTH_ED25519, 64);
    test_generate();
    test_generate_kept();
    refuse("another curve", test_pem_key("P-521", NULL).secret);
    refuse("RSA", test_pem_key("RSA", NULL).secret);
    refuse("encrypted: nothing asks for a passphrase",
           test_pem_key("P-256", "secret").secret);
    refuse("the public half alone", p256.public);
    refuse("no PEM", TROTH_LITERAL("secret"));
    refuse("nothing", (struct troth_span){NULL, 0});
    refuse("cut short", (struct troth_span){p256.secret.ptr, p256.secret.len / 2});
    return test_finish();
}
