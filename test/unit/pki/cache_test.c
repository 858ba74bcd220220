/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/cache.h"

#include <string.h>

#include "test/harness.h"
#include "test/support/x509_make.h"
#include "troth/provider.h"

struct key {
    uint8_t bytes[32];
};

/* A key of the bucket that `bucket` names, unlike any other `number`'s. */
static struct key key_of(unsigned bucket, unsigned number)
{
    struct key key = {{0}};

    key.bytes[3] = (uint8_t)bucket;
    key.bytes[30] = (uint8_t)(number >> 8);
    key.bytes[31] = (uint8_t)(number + 1);
    return key;
}

static void remember(struct troth_cache *cache, struct key key)
{
    troth_cache_remember(cache, key.bytes);
}

static bool has(struct troth_cache *cache, struct key key)
{
    return troth_cache_has(cache, key.bytes);
}

static void test_remembering(void)
{
    struct troth_cache_entry entries[16];
    struct troth_cache cache;

    test_case("empty");
    memset(entries, 0xaa, sizeof entries);
    troth_cache_init(&cache, entries, COUNT(entries));
    CHECK(!has(&cache, key_of(0, 0)));
    CHECK_INT(cache.misses, 1);
    CHECK_INT(cache.hits, 0);

    test_case("remembered");
    remember(&cache, key_of(0, 0));
    CHECK(has(&cache, key_of(0, 0)));
    CHECK_INT(cache.hits, 1);

    test_case("every bit of a key counts");
    unsigned found = 0;

    for (unsigned bit = 0; bit < 256; bit++) {
        struct key other = key_of(0, 0);

        other.bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
        found += has(&cache, other);
    }
    CHECK_INT(found, 0);

    test_case("remembered twice takes one place");
    remember(&cache, key_of(0, 0));
    for (unsigned i = 1; i < 4; i++)
        remember(&cache, key_of(0, i));
    for (unsigned i = 0; i < 4; i++)
        CHECK(has(&cache, key_of(0, i)));
}

static void test_forgetting(void)
{
    struct troth_cache_entry entries[16];
    struct troth_cache cache;

    test_case("the least recently used makes room");
    troth_cache_init(&cache, entries, COUNT(entries));
    for (unsigned i = 0; i < 4; i++) {
        CHECK(!has(&cache, key_of(2, i)));
        remember(&cache, key_of(2, i));
    }
    CHECK(has(&cache, key_of(2, 0))); /* so 1 is now the oldest */
    CHECK(!has(&cache, key_of(2, 9)));
    remember(&cache, key_of(2, 9));
    CHECK(!has(&cache, key_of(2, 1)));
    CHECK(has(&cache, key_of(2, 0)) && has(&cache, key_of(2, 2)) &&
          has(&cache, key_of(2, 3)) && has(&cache, key_of(2, 9)));

    test_case("other buckets are not touched");
    remember(&cache, key_of(1, 0));
    for (unsigned i = 0; i < 100; i++)
        remember(&cache, key_of(3, i));
    CHECK(has(&cache, key_of(1, 0)));
    CHECK(has(&cache, key_of(2, 9)));
}

static void test_no_key(void)
{
    struct troth_cache_entry entries[8];
    struct troth_cache cache;
    const struct key zero = {{0}};

    test_case("all zero is nobody's key");
    troth_cache_init(&cache, entries, COUNT(entries));
    CHECK(!has(&cache, zero));
    remember(&cache, zero);
    CHECK(!has(&cache, zero));
}

static void test_sizes(void)
{
    for (size_t size = 0; size <= 9; size++) {
        struct troth_cache_entry entries[9 + 1];
        struct troth_cache cache;
        unsigned kept = 0;

        test_case("%zu entries", size);
        memset(entries, 0x55, sizeof entries);
        troth_cache_init(&cache, entries, size);
        for (unsigned i = 0; i < 200; i++)
            remember(&cache, key_of(i, i));
        for (unsigned i = 0; i < 200; i++)
            kept += has(&cache, key_of(i, i));
        CHECK_INT(kept, size < 4 ? size : size / 4 * 4);
        CHECK_INT(entries[size].key[0], 0x55); /* the one behind the last */
    }

    test_case("no cache at all");
    struct troth_cache none;

    troth_cache_init(&none, NULL, 100);
    remember(&none, key_of(0, 0));
    CHECK(!has(&none, key_of(0, 0)));
    remember(NULL, key_of(0, 0));
    CHECK(!has(NULL, key_of(0, 0)));
}

/* Each part of a question makes another key; so does moving a byte between parts. */
static void test_questions(const struct troth_crypto *crypto)
{
    const struct troth_anchor here = {.sha256 = {1}}, there = {.sha256 = {2}};
    const struct troth_public_key *a = x509_public_key(X509_P384_A);
    const struct troth_public_key *b = x509_public_key(X509_P384_B);
    const struct troth_public_key rsa = *x509_public_key(X509_RSA_A);
    struct troth_public_key exponent = rsa, as_point = rsa, kind = *a;

    exponent.exponent = 3;
    as_point.point = rsa.modulus;
    as_point.modulus = (struct troth_span){NULL, 0};
    kind.kind = TROTH_KEY_P256;
    const struct troth_cache_question questions[] = {
        {TROTH_LITERAL("object"), NULL, a, &here, "role"},
        {TROTH_LITERAL("objecu"), NULL, a, &here, "role"},
        {TROTH_LITERAL("object"), NULL, b, &here, "role"},
        {TROTH_LITERAL("object"), NULL, &kind, &here, "role"},
        {TROTH_LITERAL("object"), NULL, &rsa, &here, "role"},
        {TROTH_LITERAL("object"), NULL, &exponent, &here, "role"},
        {TROTH_LITERAL("object"), NULL, &as_point, &here, "role"},
        {TROTH_LITERAL("object"), NULL, a, &there, "role"},
        {TROTH_LITERAL("object"), NULL, a, &here, "rolf"},
        {TROTH_LITERAL("object"), NULL, a, &here, "role2"},
        {TROTH_LITERAL(""), NULL, a, &here, "role"},
    };
    struct key keys[COUNT(questions)], again;

    test_case("a key for each question");
    for (size_t i = 0; i < COUNT(questions); i++) {
        CHECK_ERR(troth_cache_key(keys[i].bytes, crypto, &questions[i]), TROTH_OK);
        CHECK_ERR(troth_cache_key(again.bytes, crypto, &questions[i]), TROTH_OK);
        CHECK(memcmp(&again, &keys[i], sizeof again) == 0);
        for (size_t j = 0; j < i; j++)
            CHECK(memcmp(&keys[i], &keys[j], sizeof again) != 0);
    }
}

/* Whoever knows an object's hash asks the same question by it; and only the hash counts.
 */
static void test_known_hash(const struct troth_crypto *crypto)
{
    const struct troth_anchor here = {.sha256 = {1}};
    const struct troth_public_key *a = x509_public_key(X509_P384_A);
    uint8_t sha256[32];
    struct troth_cache_question question = {TROTH_LITERAL("object"), NULL, a, &here,
                                            "role"};
    struct key plain, known;

    test_case("an object with a known hash");
    CHECK_ERR(troth_digest(crypto, sha256, TROTH_SHA256, question.object), TROTH_OK);
    CHECK_ERR(troth_cache_key(plain.bytes, crypto, &question), TROTH_OK);
    question.object_sha256 = sha256;
    CHECK_ERR(troth_cache_key(known.bytes, crypto, &question), TROTH_OK);
    CHECK(memcmp(&plain, &known, sizeof plain) == 0);
    sha256[31] ^= 1;
    CHECK_ERR(troth_cache_key(known.bytes, crypto, &question), TROTH_OK);
    CHECK(memcmp(&plain, &known, sizeof plain) != 0);
}

static enum troth_err no_digest(void *state, uint8_t *out, enum troth_hash hash,
                                struct troth_parts message)
{
    (void)state;
    (void)hash;
    (void)message;
    out[0] = 1;
    return TROTH_ERR_CRYPTO;
}

static void test_failing_library(void)
{
    static const struct troth_crypto_ops ops = {.name = "failing", .digest = no_digest};
    const struct troth_crypto crypto = {&ops, NULL};
    const struct troth_anchor anchor = {.sha256 = {1}};
    const struct troth_cache_question question = {
        TROTH_LITERAL("object"), NULL, x509_public_key(X509_P384_A), &anchor, "role"};
    struct key key, zero = {{0}};

    test_case("no key where hashing fails");
    memset(&key, 0xff, sizeof key);
    CHECK_ERR(troth_cache_key(key.bytes, &crypto, &question), TROTH_ERR_CRYPTO);
    CHECK(memcmp(&key, &zero, sizeof key) == 0);
}

int main(void)
{
    struct troth_crypto crypto;

    test_remembering();
    test_forgetting();
    test_no_key();
    test_sizes();
    if (!CHECK(troth_provider_create(&crypto) == TROTH_OK))
        return test_finish();
    test_questions(&crypto);
    test_known_hash(&crypto);
    troth_provider_destroy(&crypto);
    test_failing_library();
    return test_finish();
}
