/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/provider.h"

#include <openssl/err.h>
#include <string.h>

#include "test/contract/tables.h"
#include "test/harness.h"
#include "test/support/failing_crypto.h"

/* Hashing, over every table: published answers, then the edges. */

static const struct {
    const char *why;
    enum troth_hash hash;
    const char *message;
    const char *digest;
} digests[] = {
    {"FIPS 180 SHA-256, one block", TROTH_SHA256, "abc",
     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"FIPS 180 SHA-256, two blocks", TROTH_SHA256,
     "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    {"SHA-256 of nothing", TROTH_SHA256, "",
     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"FIPS 180 SHA-384, one block", TROTH_SHA384, "abc",
     "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
     "8086072ba1e7cc2358baeca134c825a7"},
    {"SHA-384 of nothing", TROTH_SHA384, "",
     "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da"
     "274edebfe76f65fbd51ad2f14898b95b"},
    {"FIPS 180 SHA-512, one block", TROTH_SHA512, "abc",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
     "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"},
    {"SHA-512 of nothing", TROTH_SHA512, "",
     "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
     "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e"},
};

static void test_digests(const struct troth_crypto *crypto)
{
    for (size_t i = 0; i < COUNT(digests); i++) {
        struct troth_span message = test_text(digests[i].message);
        struct troth_span wanted = test_hex(digests[i].digest);

        test_case("%s: %s", crypto->ops->name, digests[i].why);
        for (size_t cut = 0; cut <= message.len; cut++) {
            uint8_t out[TROTH_HASH_MAX];
            struct troth_span pieces[] = {
                {message.ptr, cut}, {NULL, 0}, {message.ptr + cut, message.len - cut}};

            CHECK_ERR(crypto->ops->digest(crypto->state, out, digests[i].hash,
                                          (struct troth_parts){pieces, COUNT(pieces)}),
                      TROTH_OK);
            CHECK_SPAN(((struct troth_span){out, wanted.len}), wanted);
        }
        if (message.len == 0) {
            uint8_t out[TROTH_HASH_MAX];

            CHECK_ERR(crypto->ops->digest(crypto->state, out, digests[i].hash,
                                          (struct troth_parts){NULL, 0}),
                      TROTH_OK);
            CHECK_SPAN(((struct troth_span){out, wanted.len}), wanted);
        }
    }
}

/* RFC 4231 cases 1, 2, 4 and 6; `long_key` is 131 bytes of 0xaa. */
#define LONG_KEY "long_key"
static const struct {
    const char *why;
    enum troth_hash hash;
    const char *key;
    const char *message;
    const char *mac;
} macs[] = {
    {"RFC 4231 case 1, SHA-256", TROTH_SHA256, "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
     "4869205468657265",
     "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
    {"RFC 4231 case 1, SHA-384", TROTH_SHA384, "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
     "4869205468657265",
     "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59c"
     "faea9ea9076ede7f4af152e8b2fa9cb6"},
    {"RFC 4231 case 1, SHA-512", TROTH_SHA512, "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
     "4869205468657265",
     "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
     "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854"},
    {"RFC 4231 case 2, SHA-256", TROTH_SHA256, "4a656665",
     "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
     "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
    {"RFC 4231 case 2, SHA-384", TROTH_SHA384, "4a656665",
     "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
     "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e"
     "8e2240ca5e69e2c78b3239ecfab21649"},
    {"RFC 4231 case 2, SHA-512", TROTH_SHA512, "4a656665",
     "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
     "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
     "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"},
    {"RFC 4231 case 6, SHA-256", TROTH_SHA256, LONG_KEY,
     "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048"
     "617368204b6579204669727374",
     "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
    {"RFC 4231 case 6, SHA-384", TROTH_SHA384, LONG_KEY,
     "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048"
     "617368204b6579204669727374",
     "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c6"
     "0c2ef6ab4030fe8296248df163f44952"},
    {"RFC 4231 case 6, SHA-512", TROTH_SHA512, LONG_KEY,
     "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048"
     "617368204b6579204669727374",
     "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
     "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598"},
    {"empty key and message", TROTH_SHA256, "", "",
     "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"},
    {"empty key and message", TROTH_SHA512, "", "",
     "b936cee86c9f87aa5d3c6f2e84cb5a4239a5fe50480a6ec66b70ab5b1f4ac673"
     "0c6c515421b327ec1d69402e53dfb49ad7381eb067b338fd7b0cb22247225d47"},
};

static void test_macs(const struct troth_crypto *crypto)
{
    uint8_t long_key[131];

    memset(long_key, 0xaa, sizeof long_key);
    for (size_t i = 0; i < COUNT(macs); i++) {
        bool is_long = strcmp(macs[i].key, LONG_KEY) == 0;
        struct troth_span key = is_long ? ((struct troth_span){long_key, sizeof long_key})
                                        : test_hex(macs[i].key);
        struct troth_span message = test_hex(macs[i].message);
        struct troth_span wanted = test_hex(macs[i].mac);
        struct troth_span pieces[] = {
            {message.ptr, message.len / 3},
            {message.ptr + message.len / 3, message.len - message.len / 3}};
        uint8_t out[TROTH_HASH_MAX];

        test_case("%s: HMAC %s", crypto->ops->name, macs[i].why);
        if (key.len == 0)
            key.ptr = NULL;
        CHECK_ERR(crypto->ops->hmac(crypto->state, out, macs[i].hash, key,
                                    (struct troth_parts){pieces, COUNT(pieces)}),
                  TROTH_OK);
        CHECK_SPAN(((struct troth_span){out, wanted.len}), wanted);
    }
}

/* RFC 5869 A.1 to A.3 for SHA-256; the rest by an independent program. */
static const struct {
    const char *why;
    enum troth_hash hash;
    const char *secret;
    const char *salt;
    const char *info;
    const char *output;
} derivations[] = {
    {"RFC 5869 A.1", TROTH_SHA256, "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
     "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9",
     "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b88718586"
     "5"},
    {"RFC 5869 A.2", TROTH_SHA256,
     "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f2021222324252627"
     "28292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f",
     "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f8081828384858687"
     "88898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeaf",
     "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7"
     "d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
     "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac78272"
     "71cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f"
     "1d87"},
    {"RFC 5869 A.3, no salt, no info", TROTH_SHA256,
     "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "", "",
     "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c"
     "8"},
    {"inputs of A.1, SHA-384", TROTH_SHA384,
     "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "000102030405060708090a0b0c",
     "f0f1f2f3f4f5f6f7f8f9",
     "9b5097a86038b805309076a44b3a9f38063e25b516dcbf369f394cfab43685f748b6457763e4f0204fc"
     "5"},
    {"inputs of A.1, SHA-512", TROTH_SHA512,
     "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "000102030405060708090a0b0c",
     "f0f1f2f3f4f5f6f7f8f9",
     "832390086cda71fb47625bb5ceb168e4c8e26a1a16ed34d9fc7fe92c1481579338da362cb8d9f925d7c"
     "b"},
    {"empty secret", TROTH_SHA256, "", "73", "69", "e7ee38c8e709aea46ec69a31d59b81f3"},
    {"empty secret, SHA-384", TROTH_SHA384, "", "73", "69",
     "309257a7a070fa8d185137359ece0961"},
    {"no output asked for", TROTH_SHA256, "0b", "", "", ""},
};

static void test_derivations(const struct troth_crypto *crypto)
{
    for (size_t i = 0; i < COUNT(derivations); i++) {
        struct troth_span wanted = test_hex(derivations[i].output);
        uint8_t out[96];

        test_case("%s: HKDF %s", crypto->ops->name, derivations[i].why);
        memset(out, 0x55, sizeof out);
        CHECK_ERR(crypto->ops->hkdf(crypto->state, out, wanted.len, derivations[i].hash,
                                    test_hex(derivations[i].secret),
                                    test_hex(derivations[i].salt),
                                    test_hex(derivations[i].info)),
                  TROTH_OK);
        CHECK_SPAN(((struct troth_span){out, wanted.len}), wanted);
        CHECK_INT(out[wanted.len], 0x55);
    }
}

/* Digests of the longest outputs, by an independent program; secret "k", no salt or info.
 */
static const struct {
    enum troth_hash hash;
    const char *sha256_of_output;
} longest[] = {
    {TROTH_SHA256, "5f2fe4180e267577c5cfa77f2bb546e2c2fe7b605612ecadd145f099ecd87571"},
    {TROTH_SHA384, "9ef73f92a9a8fc838a854999d9e94ced5e6d6b5095c04b1694e12b5a051c22c7"},
    {TROTH_SHA512, "eeb6ec4d1fe03caea8c155d009f133bf38610b0dc2b69a75ec9386dd1fdc7788"},
};

static void test_derivation_limits(const struct troth_crypto *crypto)
{
    const struct troth_span none = {NULL, 0};

    for (size_t i = 0; i < COUNT(longest); i++) {
        size_t limit = 255 * troth_hash_size(longest[i].hash);
        uint8_t out[255 * TROTH_HASH_MAX + 1];
        uint8_t digest[TROTH_HASH_MAX];

        test_case("%s: HKDF of %zu bytes and one more", crypto->ops->name, limit);
        CHECK_ERR(crypto->ops->hkdf(crypto->state, out, limit, longest[i].hash,
                                    TROTH_LITERAL("k"), none, none),
                  TROTH_OK);
        CHECK_ERR(
            troth_digest(crypto, digest, TROTH_SHA256, (struct troth_span){out, limit}),
            TROTH_OK);
        CHECK_SPAN(((struct troth_span){digest, 32}),
                   test_hex(longest[i].sha256_of_output));
        CHECK_ERR(crypto->ops->hkdf(crypto->state, out, limit + 1, longest[i].hash,
                                    TROTH_LITERAL("k"), none, none),
                  TROTH_ERR_LIMIT);
        for (size_t at = 0; at <= limit; at++)
            CHECK(out[at] == 0);
    }
}

static void test_long_info(const struct troth_crypto *crypto)
{
    static uint8_t info[TROTH_HKDF_INFO_MAX + 1];
    uint8_t out[16];

    test_case("%s: HKDF with the longest info and one byte more", crypto->ops->name);
    memset(info, 'i', sizeof info);
    CHECK_ERR(crypto->ops->hkdf(crypto->state, out, sizeof out, TROTH_SHA256,
                                TROTH_LITERAL("k"), TROTH_LITERAL("s"),
                                (struct troth_span){info, TROTH_HKDF_INFO_MAX}),
              TROTH_OK);
    CHECK_SPAN(((struct troth_span){out, sizeof out}),
               test_hex("1060852e7c8e0a8af4b727b8799d984f"));
    CHECK_ERR(crypto->ops->hkdf(crypto->state, out, sizeof out, TROTH_SHA256,
                                TROTH_LITERAL("k"), TROTH_LITERAL("s"),
                                ((struct troth_span){info, sizeof info})),
              TROTH_ERR_LIMIT);
    CHECK_SPAN(((struct troth_span){out, sizeof out}),
               test_hex("00000000000000000000000000000000"));
}

/* What a table cannot do it refuses, with its outputs zeroed. */
static void test_refusals(const struct troth_crypto *crypto)
{
    static const int hashes[] = {0, TROTH_SHA256, TROTH_SHA384, TROTH_SHA512,
                                 4, -1,           1000};
    const struct troth_span message = TROTH_LITERAL("message");
    const struct troth_parts parts = {&message, 1};
    uint8_t zeros[TROTH_HASH_MAX] = {0};

    for (size_t i = 0; i < COUNT(hashes); i++) {
        enum troth_hash hash = (enum troth_hash)hashes[i];
        size_t size = troth_hash_size(hash);
        uint8_t out[TROTH_HASH_MAX];

        if (size && !tables_is_partial(crypto))
            continue;
        test_case("%s: no hash %d", crypto->ops->name, hashes[i]);
        memset(out, 0x55, sizeof out);
        CHECK_ERR(crypto->ops->digest(crypto->state, out, hash, parts),
                  TROTH_ERR_ALGORITHM);
        CHECK(memcmp(out, zeros, size) == 0);
        memset(out, 0x55, sizeof out);
        CHECK_ERR(crypto->ops->hmac(crypto->state, out, hash, message, parts),
                  TROTH_ERR_ALGORITHM);
        CHECK(memcmp(out, zeros, size) == 0);
        memset(out, 0x55, sizeof out);
        CHECK_ERR(
            crypto->ops->hkdf(crypto->state, out, 32, hash, message, message, message),
            TROTH_ERR_ALGORITHM);
        CHECK(memcmp(out, zeros, 32) == 0);
        CHECK(ERR_peek_error() == 0);
    }
}

static void test_lifetimes(void)
{
    struct troth_crypto crypto = {NULL, NULL};

    test_case("destroying a zeroed table, and twice");
    troth_provider_destroy(&crypto);
    CHECK_ERR(troth_provider_create(&crypto), TROTH_OK);
    CHECK(crypto.ops && crypto.state);
    troth_provider_destroy(&crypto);
    CHECK(!crypto.ops && !crypto.state);
    troth_provider_destroy(&crypto);
    CHECK_ERR(troth_provider_openssl_create(&crypto), TROTH_OK);
    CHECK_TEXT(crypto.ops->name, "openssl");
    troth_provider_openssl_destroy(&crypto);
    CHECK(!crypto.ops && !crypto.state);
}

/* The table other tests fail everything with: call `fail_at` fails and no other does. */
static void test_failing_table(const struct troth_crypto *inner)
{
    const struct troth_span message = TROTH_LITERAL("abc");
    const struct troth_parts parts = {&message, 1};
    const struct troth_public_key no_key = {.kind = TROTH_KEY_NONE};

    for (unsigned fail_at = 0; fail_at <= 4; fail_at++) {
        struct failing_crypto failing;
        struct troth_crypto crypto = failing_crypto_over(&failing, inner, fail_at);
        uint8_t out[TROTH_HASH_MAX];

        test_case("failing table, call %u", fail_at);
        CHECK_ERR(crypto.ops->digest(crypto.state, out, TROTH_SHA256, parts),
                  fail_at == 1 ? TROTH_ERR_CRYPTO : TROTH_OK);
        CHECK((out[0] == 0) == (fail_at == 1));
        CHECK_ERR(crypto.ops->hmac(crypto.state, out, TROTH_SHA256, message, parts),
                  fail_at == 2 ? TROTH_ERR_CRYPTO : TROTH_OK);
        CHECK_ERR(crypto.ops->hkdf(crypto.state, out, 32, TROTH_SHA256, message, message,
                                   message),
                  fail_at == 3 ? TROTH_ERR_CRYPTO : TROTH_OK);
        CHECK_ERR(
            crypto.ops->verify(crypto.state, TROTH_ED25519, &no_key, parts, message),
            fail_at == 4 ? TROTH_ERR_CRYPTO : TROTH_ERR_KEY);
        CHECK_INT(failing.calls, 4);
    }
}

int main(void)
{
    struct tables tables;

    tables_create(&tables);
    for (size_t i = 0; i < tables.count; i++) {
        const struct troth_crypto *crypto = &tables.crypto[i];

        test_refusals(crypto);
        if (tables_is_partial(crypto))
            continue;
        test_digests(crypto);
        test_macs(crypto);
        test_derivations(crypto);
        test_derivation_limits(crypto);
        test_long_info(crypto);
    }
    test_failing_table(&tables.crypto[0]);
    tables_destroy(&tables);
    test_lifetimes();
    return test_finish();
}
