/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/public_key.h"

#include "test/harness.h"
#include "test/support/keys.h"
#include "troth/signer.h"

static uint8_t memory[16 * 1024];

static void check(const char *why, struct troth_span pem, enum troth_err wanted)
{
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_public_key key;

    test_case("%s", why);
    CHECK_ERR(troth_public_key_from_pem(&key, pem, &arena), wanted);
    CHECK((key.kind == TROTH_KEY_NONE) == (wanted != TROTH_OK));
}

/* Any byte that is another but the point's own, any length but its own. */
static void test_spki(void)
{
    const struct test_pem pem = test_pem_key("P-256", NULL);
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    uint8_t der[TROTH_SPKI_P256_SIZE + 1] = {0};
    struct troth_writer w = troth_writer_over(der, sizeof der);
    struct troth_public_key key, back;
    struct troth_span written;

    test_case("a P-256 key there and back");
    CHECK_ERR(troth_public_key_from_pem(&key, pem.public, &arena), TROTH_OK);
    troth_spki_p256_write(&w, key.point);
    CHECK_ERR(troth_writer_finish(&w, &written), TROTH_OK);
    CHECK_INT(written.len, TROTH_SPKI_P256_SIZE);
    CHECK_ERR(troth_spki_p256_parse(&back, written), TROTH_OK);
    CHECK_INT(back.kind, TROTH_KEY_P256);
    CHECK_SPAN(back.point, key.point);

    test_case("of another length");
    for (size_t len = 0; len <= sizeof der; len++)
        CHECK_ERR(troth_spki_p256_parse(&back, (struct troth_span){der, len}),
                  len == TROTH_SPKI_P256_SIZE ? TROTH_OK : TROTH_ERR_KEY);
    test_case("with another byte before the point");
    for (size_t i = 0; i < 27; i++) {
        der[i] ^= 1;
        CHECK_ERR(troth_spki_p256_parse(&back, written), TROTH_ERR_KEY);
        CHECK_INT(back.kind, TROTH_KEY_NONE);
        CHECK_INT(back.point.len, 0);
        der[i] ^= 1;
    }
    test_case("no point is not written");
    for (size_t len = 0; len <= 65; len++) {
        w = troth_writer_over(der, sizeof der);
        troth_spki_p256_write(&w, (struct troth_span){key.point.ptr, len});
        CHECK_ERR(troth_writer_finish(&w, &written),
                  len == 65 ? TROTH_OK : TROTH_ERR_LIMIT);
    }
}

int main(void)
{
    static uint8_t small[16];
    struct troth_arena none = TROTH_ARENA_OVER(small);
    struct test_pem p256 = test_pem_key("P-256", NULL);
    struct troth_public_key key;

    check("P-256", p256.public, TROTH_OK);
    check("P-384", test_pem_key("P-384", NULL).public, TROTH_OK);
    check("Ed25519", test_pem_key("ED25519", NULL).public, TROTH_OK);
    check("RSA", test_pem_key("RSA", NULL).public, TROTH_OK);
    check("a private key", p256.secret, TROTH_ERR_KEY);
    check("no PEM", TROTH_LITERAL("key"), TROTH_ERR_MISSING);
    check("bytes behind the key",
          TROTH_LITERAL("-----BEGIN PUBLIC KEY-----\n"
                        "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuEA\n"
                        "-----END PUBLIC KEY-----\n"),
          TROTH_ERR_TRAILING);
    test_case("no room");
    CHECK_ERR(troth_public_key_from_pem(&key, p256.public, &none), TROTH_ERR_MEMORY);
    test_spki();
    return test_finish();
}
