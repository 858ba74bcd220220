/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/record.h"

#include <string.h>

#include "test/support/failing_crypto.h"
#include "test/unit/record/example.h"

static void known(void)
{
    const struct troth_record_secret secret = example_secret();
    uint8_t out[TROTH_RECORD_COMMITMENT_SIZE], tag[TROTH_RECORD_TAG_SIZE], key[32];

    for (size_t i = 0; i < sizeof key; i++)
        key[i] = (uint8_t)(0x80 + i);
    test_case("the commitment that hashlib computes");
    CHECK_ERR(troth_record_commit(out, &example_crypto, &secret), TROTH_OK);
    CHECK_SPAN((struct troth_span)TROTH_ARRAY_SPAN(out), test_hex(EXAMPLE_COMMITMENT));
    test_case("the tag that hmac computes");
    CHECK_ERR(troth_record_tag(tag, &example_crypto, key, secret.origin, secret.name,
                               secret.value),
              TROTH_OK);
    CHECK_SPAN((struct troth_span)TROTH_ARRAY_SPAN(tag), test_hex(EXAMPLE_TAG));
}

/* A commitment that is carried elsewhere, or a value that was not committed to. */
static void transplanted(void)
{
    const struct troth_record *record = example_record(EXAMPLE_ENTRY);
    struct troth_record_secret secret = example_secret();

    test_case("the value that was committed to");
    CHECK_ERR(troth_record_check(record, &example_crypto, &secret), TROTH_OK);

    test_case("in another log");
    secret.origin = test_text("log.example/2027");
    CHECK_ERR(troth_record_check(record, &example_crypto, &secret), TROTH_ERR_MISMATCH);

    test_case("of another record");
    secret = example_secret();
    secret.id[0] ^= 1;
    CHECK_ERR(troth_record_check(record, &example_crypto, &secret), TROTH_ERR_MISMATCH);

    test_case("with another salt");
    secret = example_secret();
    secret.salt[31] ^= 1;
    CHECK_ERR(troth_record_check(record, &example_crypto, &secret), TROTH_ERR_MISMATCH);

    test_case("another value");
    secret = example_secret();
    secret.value.len--;
    CHECK_ERR(troth_record_check(record, &example_crypto, &secret), TROTH_ERR_MISMATCH);

    test_case("of a name that the record does not commit to");
    secret = example_secret();
    secret.name = test_text("answer");
    CHECK_ERR(troth_record_check(record, &example_crypto, &secret), TROTH_ERR_MISSING);
}

/* A record that has the commitments of the example under names and ids of its own. */
static void moved(void)
{
    struct troth_record record = *example_record(EXAMPLE_ENTRY);
    struct troth_record_secret secret = example_secret();

    test_case("a commitment moved to another name of the record");
    record.commitments[0].name = secret.name = test_text("answer");
    CHECK_ERR(troth_record_check(&record, &example_crypto, &secret), TROTH_ERR_MISMATCH);

    test_case("a commitment moved to another record");
    record = *example_record(EXAMPLE_ENTRY);
    secret = example_secret();
    record.id[15] ^= 1;
    CHECK_ERR(troth_record_check(&record, &example_crypto, &secret), TROTH_ERR_MISMATCH);
    secret.id[15] ^= 1;
    CHECK_ERR(troth_record_check(&record, &example_crypto, &secret), TROTH_ERR_MISMATCH);
}

/* A value of ten possibilities: who tries them all and has no salt finds none. */
static void guessed(void)
{
    struct troth_record record = *example_record(EXAMPLE_ENTRY);
    struct troth_record_secret secret = example_secret();
    unsigned found = 0;

    test_case("a digit is not guessed without its salt, and is with it");
    secret.value = test_text("7");
    CHECK_ERR(troth_record_commit(record.commitments[0].bytes, &example_crypto, &secret),
              TROTH_OK);
    for (unsigned i = 0; i < 10; i++) {
        struct troth_record_secret guess = secret;
        const uint8_t digit = (uint8_t)('0' + i);

        memset(guess.salt, 0, sizeof guess.salt);
        guess.value = (struct troth_span){&digit, 1};
        found += troth_record_check(&record, &example_crypto, &guess) == TROTH_OK;
    }
    CHECK_INT(found, 0);
    CHECK_ERR(troth_record_check(&record, &example_crypto, &secret), TROTH_OK);
}

/* Where one text ends and the next begins is part of what is hashed. */
static void borders(void)
{
    struct troth_record_secret a = example_secret(), b = example_secret();
    uint8_t left[32], right[32], key[32] = {0};

    test_case("a letter that moves from the origin to the name");
    a.origin = test_text("log");
    a.name = test_text("aname");
    b.origin = test_text("loga");
    b.name = test_text("name");
    CHECK_ERR(troth_record_commit(left, &example_crypto, &a), TROTH_OK);
    CHECK_ERR(troth_record_commit(right, &example_crypto, &b), TROTH_OK);
    CHECK(memcmp(left, right, 32) != 0);
    CHECK_ERR(troth_record_tag(left, &example_crypto, key, a.origin, a.name, a.value),
              TROTH_OK);
    CHECK_ERR(troth_record_tag(right, &example_crypto, key, b.origin, b.name, b.value),
              TROTH_OK);
    CHECK(memcmp(left, right, TROTH_RECORD_TAG_SIZE) != 0);
}

static void refused(void)
{
    static uint8_t large[TROTH_RECORD_VALUE_MAX + 1];
    uint8_t out[32], key[32] = {0};
    struct troth_record_secret secret = example_secret();

    test_case("no origin");
    secret.origin = (struct troth_span){NULL, 0};
    CHECK_ERR(troth_record_commit(out, &example_crypto, &secret), TROTH_ERR_VALUE);
    CHECK_ERR(troth_record_tag(out, &example_crypto, key, secret.origin, secret.name,
                               secret.value),
              TROTH_ERR_VALUE);

    test_case("a strange name");
    secret = example_secret();
    secret.name = test_text("A");
    CHECK_ERR(troth_record_commit(out, &example_crypto, &secret), TROTH_ERR_VALUE);

    test_case("a value that is too long");
    secret = example_secret();
    secret.value = (struct troth_span)TROTH_ARRAY_SPAN(large);
    CHECK_ERR(troth_record_commit(out, &example_crypto, &secret), TROTH_ERR_LIMIT);
    secret.value.len--;
    CHECK_ERR(troth_record_commit(out, &example_crypto, &secret), TROTH_OK);
}

static void failing(void)
{
    const struct troth_record_secret secret = example_secret();
    const struct troth_record *record = example_record(EXAMPLE_ENTRY);
    struct failing_crypto state;
    struct troth_crypto crypto = failing_crypto_over(&state, &example_crypto, 1);
    uint8_t out[32], key[32] = {0}, zero[32] = {0};

    test_case("a library that fails is no answer");
    CHECK_ERR(troth_record_check(record, &crypto, &secret), TROTH_ERR_CRYPTO);
    crypto = failing_crypto_over(&state, &example_crypto, 1);
    CHECK_ERR(
        troth_record_tag(out, &crypto, key, secret.origin, secret.name, secret.value),
        TROTH_ERR_CRYPTO);
    CHECK(memcmp(out, zero, TROTH_RECORD_TAG_SIZE) == 0);
}

int main(void)
{
    example_begin();
    known();
    transplanted();
    moved();
    guessed();
    borders();
    refused();
    failing();
    example_end();
    return test_finish();
}
