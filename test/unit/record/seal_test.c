/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/sealed.h"

#include <string.h>

#include "test/support/failing_crypto.h"
#include "test/unit/record/example.h"

static uint8_t out[TROTH_SEALED_MAX], large[TROTH_RECORD_VALUE_MAX + 1];

static enum troth_err seal(const struct troth_crypto *crypto,
                           const struct troth_record_secret *secrets, size_t count,
                           size_t *len)
{
    const struct troth_seal_epoch epoch = example_epoch();

    return troth_record_seal(out, sizeof out, len, crypto, &epoch, secrets, count);
}

static void known(void)
{
    const struct troth_record_secret secret = example_secret();
    size_t len = 0;

    test_case("sealed as Python's cryptography does");
    CHECK_ERR(seal(&example_crypto, &secret, 1, &len), TROTH_OK);
    CHECK_SPAN(((struct troth_span){out, len}),
               test_text("{\"sealed\":\"troth/v1\",\"wrapped\":\"" EXAMPLE_WRAPPED
                         "\",\"fields\":{\"arguments\":\"" EXAMPLE_SEALED "\"}}"));
}

/* Two values in any order, and each of every length modulo three. */
static void order(void)
{
    static uint8_t first[TROTH_SEALED_MAX];
    struct troth_record_secret secrets[3] = {example_secret(), example_secret(),
                                             example_secret()};
    size_t len = 0, first_len = 0;

    test_case("names come in one order");
    secrets[1].name = test_text("answer");
    secrets[1].value.len = 0;
    secrets[2].name = test_text("z");
    secrets[2].value.len = 1;
    CHECK_ERR(seal(&example_crypto, secrets, 3, &first_len), TROTH_OK);
    memcpy(first, out, first_len);
    secrets[0] = secrets[2];
    secrets[2] = example_secret();
    CHECK_ERR(seal(&example_crypto, secrets, 3, &len), TROTH_OK);
    CHECK_SPAN(((struct troth_span){out, len}), ((struct troth_span){first, first_len}));
}

/* A key and a nonce that meet twice would show what two values have in common. */
static void nonces(void)
{
    struct troth_record_secret secret = example_secret();
    uint8_t first[16];
    size_t len = 0;
    const size_t at = sizeof "{\"sealed\":\"troth/v1\",\"wrapped\":\"" EXAMPLE_WRAPPED
                             "\",\"fields\":{\"arguments\":\"" -
                      1;

    test_case("a record sealed again with another value has another nonce");
    CHECK_ERR(seal(&example_crypto, &secret, 1, &len), TROTH_OK);
    memcpy(first, out + at, sizeof first);
    secret.value.len--;
    CHECK_ERR(seal(&example_crypto, &secret, 1, &len), TROTH_OK);
    CHECK(memcmp(first, out + at, sizeof first) != 0);
}

static void check_refused(const char *why, const struct troth_record_secret *secrets,
                          size_t count, enum troth_err wanted)
{
    size_t len = 1;

    test_case("not sealed: %s", why);
    memset(out, 0xaa, sizeof out);
    CHECK_ERR(seal(&example_crypto, secrets, count, &len), wanted);
    CHECK(len == 0 && out[0] == 0 && out[sizeof out - 1] == 0);
}

static void refused(void)
{
    struct troth_record_secret secrets[TROTH_RECORD_PRIVATE_MAX + 1];

    for (size_t i = 0; i < COUNT(secrets); i++)
        secrets[i] = example_secret();
    check_refused("nothing", secrets, 0, TROTH_ERR_VALUE);
    check_refused("a name twice", secrets, 2, TROTH_ERR_VALUE);
    check_refused("too many", secrets, COUNT(secrets), TROTH_ERR_LIMIT);
    secrets[1].name = test_text("answer");
    secrets[1].id[0] ^= 1;
    check_refused("of two records", secrets, 2, TROTH_ERR_VALUE);
    secrets[1].id[0] ^= 1;
    secrets[1].origin = test_text("other");
    check_refused("of two logs", secrets, 2, TROTH_ERR_VALUE);
    secrets[1].origin = secrets[0].origin;
    secrets[1].name = test_text("a b");
    check_refused("a strange name", secrets, 2, TROTH_ERR_VALUE);
    secrets[1].name = test_text("answer");
    secrets[1].value = (struct troth_span)TROTH_ARRAY_SPAN(large);
    check_refused("a value too long", secrets, 2, TROTH_ERR_LIMIT);
}

static void room(void)
{
    const struct troth_seal_epoch epoch = example_epoch();
    const struct troth_record_secret secret = example_secret();
    size_t whole = 0, len = 0;

    test_case("nothing is left where there is no room");
    CHECK_ERR(seal(&example_crypto, &secret, 1, &whole), TROTH_OK);
    for (size_t size = 0; size < whole; size++) {
        memset(out, 0xaa, whole);
        CHECK_ERR(troth_record_seal(out, size, &len, &example_crypto, &epoch, &secret, 1),
                  TROTH_ERR_LIMIT);
        CHECK(len == 0 && out[size] == 0xaa && (size == 0 || out[size - 1] == 0));
    }
}

/* Values that were written and not sealed must not stay behind. */
static void failing(void)
{
    const struct troth_record_secret secret = example_secret();
    struct failing_crypto state;
    unsigned fail_at = 1;
    size_t len = 0;

    test_case("a library that fails at any call leaves nothing");
    for (;; fail_at++) {
        const struct troth_crypto crypto = failing_crypto_over(&state, &example_crypto,
                                                               fail_at);
        const enum troth_err err = seal(&crypto, &secret, 1, &len);

        if (!err)
            break;
        CHECK_ERR(err, TROTH_ERR_CRYPTO);
        for (size_t i = 0; i < 512; i++)
            if (out[i] != 0)
                FAIL("something stayed behind");
    }
    CHECK_INT(fail_at, 5); /* the commitment, two keys, the sealing */
}

int main(void)
{
    example_begin();
    known();
    order();
    nonces();
    refused();
    room();
    failing();
    example_end();
    return test_finish();
}
