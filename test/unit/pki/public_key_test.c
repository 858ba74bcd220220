/* SPDX-License-Identifier: Apache-2.0 */
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
    return test_finish();
}
