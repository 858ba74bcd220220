/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/crypto.h"

#include "test/harness.h"

static const struct {
    enum troth_signature_algorithm algorithm;
    enum troth_key_kind key;
    enum troth_hash hash;
    size_t hash_size;
    const char *text;
} rows[] = {
    {TROTH_SIGNATURE_NONE, TROTH_KEY_NONE, (enum troth_hash)0, 0, "none"},
    {TROTH_ECDSA_P256_SHA256, TROTH_KEY_P256, TROTH_SHA256, 32,
     "ECDSA P-256 with SHA-256"},
    {TROTH_ECDSA_P384_SHA384, TROTH_KEY_P384, TROTH_SHA384, 48,
     "ECDSA P-384 with SHA-384"},
    {TROTH_RSA_PSS_SHA256, TROTH_KEY_RSA, TROTH_SHA256, 32, "RSA-PSS with SHA-256"},
    {TROTH_RSA_PKCS1_SHA512, TROTH_KEY_RSA, TROTH_SHA512, 64,
     "RSA PKCS#1 v1.5 with SHA-512"},
    {TROTH_ED25519, TROTH_KEY_ED25519, TROTH_SHA512, 64, "Ed25519"},
    {(enum troth_signature_algorithm)99, TROTH_KEY_NONE, (enum troth_hash)0, 0, "none"},
};

static void test_facts(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_signature_facts facts = troth_signature_facts(rows[i].algorithm);

        test_case("facts of algorithm %u", (unsigned)rows[i].algorithm);
        CHECK_INT(facts.key, rows[i].key);
        CHECK_INT(facts.hash, rows[i].hash);
        CHECK_INT(troth_hash_size(facts.hash), rows[i].hash_size);
        CHECK_TEXT(facts.text, rows[i].text);
    }

    test_case("no hash is longer than the longest");
    for (unsigned hash = 0; hash < 16; hash++)
        CHECK(troth_hash_size((enum troth_hash)hash) <= TROTH_HASH_MAX);
}

/* A table that notes what it was asked. */
struct noted {
    enum troth_hash hash;
    struct troth_span message;
    size_t parts;
};

static enum troth_err note_digest(void *state, uint8_t *out, enum troth_hash hash,
                                  struct troth_parts message)
{
    struct noted *noted = state;

    *noted = (struct noted){hash, message.spans[0], message.count};
    *out = 0x5a;
    return TROTH_ERR_CRYPTO;
}

static void test_digest(void)
{
    struct noted noted = {0};
    const struct troth_crypto_ops ops = {.name = "noting", .digest = note_digest};
    const struct troth_crypto crypto = {&ops, &noted};
    uint8_t out[TROTH_HASH_MAX] = {0};

    test_case("a digest hands the message on in one part, and the answer back");
    CHECK_ERR(troth_digest(&crypto, out, TROTH_SHA384, test_text("abc")),
              TROTH_ERR_CRYPTO);
    CHECK_INT(out[0], 0x5a);
    CHECK_INT(noted.hash, TROTH_SHA384);
    CHECK_INT(noted.parts, 1);
    CHECK_SPAN(noted.message, test_text("abc"));
}

int main(void)
{
    test_facts();
    test_digest();
    return test_finish();
}
