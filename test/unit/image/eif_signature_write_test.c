/* SPDX-License-Identifier: Apache-2.0 */
#include "image/eif_signature.h"

#include <string.h>

#include "test/harness.h"
#include "test/unit/image/eif_make.h"
#include "troth/provider.h"

static struct troth_crypto crypto;
static uint8_t room[EIF_MAKE_MAX];
static uint8_t memory[TROTH_EIF_SIGNATURE_ROOM];
static uint8_t more_memory[TROTH_EIF_SIGNATURE_ROOM];
static uint8_t pcr0[TROTH_PCR_SIZE];

static const struct {
    const char *why;
    enum x509_key key;
    enum troth_signature_algorithm algorithm;
} keys[] = {
    {"P-384", X509_P384_A, TROTH_ECDSA_P384_SHA384},
    {"P-256", X509_P256_A, TROTH_ECDSA_P256_SHA256},
};

/* What we write is what was put together without us, but for the signature itself. */
static void test_written(void)
{
    for (size_t i = 0; i < COUNT(keys); i++) {
        struct troth_arena arena = TROTH_ARENA_OVER(memory);
        struct troth_arena more = TROTH_ARENA_OVER(more_memory);
        const struct eif_signature_recipe recipe = {.key = keys[i].key, .pcr0 = pcr0};
        struct troth_eif_signature made, again;
        struct troth_span preimage, section;
        size_t at;
        const struct troth_span data = eif_make_signature(room, &recipe, &at);

        test_case("written as others do: %s", keys[i].why);
        CHECK_ERR(troth_eif_signature_read(&made, NULL, data, &arena), TROTH_OK);
        CHECK_ERR(troth_eif_signature_write(&section, &more, keys[i].algorithm, pcr0,
                                            made.certificate_pem, made.signature),
                  TROTH_OK);
        CHECK_SPAN(section, data);

        test_case("signed by OpenSSL over our preimage: %s", keys[i].why);
        CHECK_ERR(troth_eif_signature_preimage(&preimage, &more, keys[i].algorithm, pcr0),
                  TROTH_OK);
        CHECK_ERR(troth_eif_signature_write(&section, &more, keys[i].algorithm, pcr0,
                                            made.certificate_pem,
                                            eif_sign(keys[i].key, preimage)),
                  TROTH_OK);
        arena.used = 0;
        CHECK_ERR(troth_eif_signature_read(&again, NULL, section, &arena), TROTH_OK);
        CHECK_ERR(troth_eif_signature_verify(&again, NULL, &crypto, pcr0), TROTH_OK);
    }
}

static void test_refused(void)
{
    static uint8_t long_pem[TROTH_EIF_SIGNATURE_MAX];
    const struct troth_span pem = test_text("x"), signature = test_hex("00");
    struct troth_arena none = {NULL, 0, 0};
    struct troth_span out;

    test_case("no algorithm of ours");
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    CHECK_ERR(troth_eif_signature_preimage(&out, &arena, TROTH_ED25519, pcr0),
              TROTH_ERR_ALGORITHM);
    CHECK(out.ptr == NULL && out.len == 0);
    CHECK_ERR(troth_eif_signature_write(&out, &arena, TROTH_RSA_PSS_SHA256, pcr0, pem,
                                        signature),
              TROTH_ERR_ALGORITHM);

    test_case("no memory");
    CHECK_ERR(troth_eif_signature_preimage(&out, &none, TROTH_ECDSA_P256_SHA256, pcr0),
              TROTH_ERR_MEMORY);
    CHECK_ERR(troth_eif_signature_write(&out, &none, TROTH_ECDSA_P256_SHA256, pcr0, pem,
                                        signature),
              TROTH_ERR_MEMORY);

    test_case("a certificate that no section holds");
    arena.used = 0;
    CHECK_ERR(troth_eif_signature_write(&out, &arena, TROTH_ECDSA_P256_SHA256, pcr0,
                                        (struct troth_span){long_pem, sizeof long_pem},
                                        signature),
              TROTH_ERR_LIMIT);
    CHECK(out.ptr == NULL && out.len == 0);

    test_case("a signature that no algorithm makes");
    arena.used = 0;
    CHECK_ERR(troth_eif_signature_write(&out, &arena, TROTH_ECDSA_P256_SHA256, pcr0, pem,
                                        (struct troth_span){long_pem, 400}),
              TROTH_ERR_LIMIT);
}

int main(void)
{
    if (troth_provider_create(&crypto))
        return 1;
    for (size_t i = 0; i < sizeof pcr0; i++)
        pcr0[i] = (uint8_t)(i * 5);
    test_written();
    test_refused();
    troth_provider_destroy(&crypto);
    return test_finish();
}
