/* SPDX-License-Identifier: Apache-2.0 */
#include "provider/seal_epoch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/harness.h"
#include "test/support/failing_crypto.h"
#include "test/support/keys.h"
#include "troth/provider.h"

/* [RFC7748] 6.1's Bob is the auditor, and Alice's public key the ephemeral one: their
 * shared secret is the RFC's, and the rest was made with Python's cryptography. */
#define ALICE "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"
#define WRAPPED                                                                          \
    ALICE "6fd7386289bfc26d3b019318daac0342bdfcc597490d6a47002f20bc6ae784b032edda929ebe" \
          "d1714aabcf68e1520691"
static const char bob_secret[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VuBCIEIF2rCH5iSopLeeF/i4OADuZvO7EpJhi2/Rwviyf/iODr\n"
    "-----END PRIVATE KEY-----\n";
static const char bob_public[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MCowBQYDK2VuAyEA3p7bfXt9wbTTW2HC7OQ1Nz+DQ8hbeGdNrfx+FG+IK08=\n"
    "-----END PUBLIC KEY-----\n";
static const char other_secret[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VuBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\n"
    "-----END PRIVATE KEY-----\n";

static struct troth_crypto crypto;
static const uint8_t no_key[TROTH_SEAL_KEY_SIZE];

static bool is_zero(const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

static void known(void)
{
    const struct troth_span wrapped = test_hex(WRAPPED);
    uint8_t key[TROTH_SEAL_KEY_SIZE];

    test_case("what Python's cryptography wrapped to RFC 7748's Bob");
    CHECK_INT(wrapped.len, TROTH_SEAL_WRAPPED_SIZE);
    CHECK_ERR(troth_seal_epoch_unwrap(key, &crypto, wrapped.ptr, test_text(bob_secret)),
              TROTH_OK);
    for (size_t i = 0; i < sizeof key; i++)
        CHECK_INT(key[i], 0xc0 + i);
}

static void round_trip(void)
{
    struct troth_seal_epoch a, b;
    uint8_t key[TROTH_SEAL_KEY_SIZE];

    test_case("a new epoch each time, which the auditor can have again");
    CHECK_ERR(troth_seal_epoch_make(&a, &crypto, test_text(bob_public)), TROTH_OK);
    CHECK_ERR(troth_seal_epoch_make(&b, &crypto, test_text(bob_public)), TROTH_OK);
    CHECK(memcmp(a.key, b.key, sizeof a.key) != 0);
    CHECK(memcmp(a.wrapped, b.wrapped, 32) != 0);
    CHECK(memcmp(a.key, no_key, sizeof a.key) != 0);
    CHECK_ERR(troth_seal_epoch_unwrap(key, &crypto, a.wrapped, test_text(bob_secret)),
              TROTH_OK);
    CHECK(memcmp(a.key, key, sizeof key) == 0);
    CHECK_ERR(troth_seal_epoch_unwrap(key, &crypto, b.wrapped, test_text(bob_secret)),
              TROTH_OK);
    CHECK(memcmp(b.key, key, sizeof key) == 0);
    test_case("and nobody else");
    CHECK_ERR(troth_seal_epoch_unwrap(key, &crypto, a.wrapped, test_text(other_secret)),
              TROTH_ERR_SIGNATURE);
    CHECK(is_zero(key, sizeof key));
}

static void changed(void)
{
    uint8_t wrapped[TROTH_SEAL_WRAPPED_SIZE], key[TROTH_SEAL_KEY_SIZE];

    test_case("changed anywhere");
    for (size_t i = 0; i < sizeof wrapped; i++) {
        memcpy(wrapped, test_hex(WRAPPED).ptr, sizeof wrapped);
        wrapped[i] ^= 1;
        CHECK_ERR(troth_seal_epoch_unwrap(key, &crypto, wrapped, test_text(bob_secret)),
                  TROTH_ERR_SIGNATURE);
        CHECK(is_zero(key, sizeof key));
    }
    test_case("with the bit of the point that X25519 does not look at");
    memcpy(wrapped, test_hex(WRAPPED).ptr, sizeof wrapped);
    wrapped[31] ^= 0x80;
    CHECK_ERR(troth_seal_epoch_unwrap(key, &crypto, wrapped, test_text(bob_secret)),
              TROTH_ERR_SIGNATURE);
    test_case("with a point that leads to nothing but zeroes");
    memset(wrapped, 0, 32);
    CHECK_ERR(troth_seal_epoch_unwrap(key, &crypto, wrapped, test_text(bob_secret)),
              TROTH_ERR_SIGNATURE);
    wrapped[0] = 1;
    CHECK_ERR(troth_seal_epoch_unwrap(key, &crypto, wrapped, test_text(bob_secret)),
              TROTH_ERR_SIGNATURE);
}

/* An auditor's key of a point of small order would leave the epoch open to everybody. */
static const char weak_public[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MCowBQYDK2VuAyEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
    "-----END PUBLIC KEY-----\n";

static void no_keys(void)
{
    const struct test_pem ecdsa = test_pem_key("P-256", NULL);
    const struct test_pem ed25519 = test_pem_key("ED25519", NULL);
    const struct {
        const char *why;
        struct troth_span public, secret;
    } rows[] = {
        {"nothing", {NULL, 0}, {NULL, 0}},
        {"text", TROTH_LITERAL("key"), TROTH_LITERAL("key")},
        {"the other half", test_text(bob_secret), test_text(bob_public)},
        {"ECDSA", ecdsa.public, ecdsa.secret},
        {"Ed25519", ed25519.public, ed25519.secret},
        {"a point of small order", test_text(weak_public), {NULL, 0}},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_seal_epoch epoch;
        uint8_t key[TROTH_SEAL_KEY_SIZE];

        test_case("no auditor's key: %s", rows[i].why);
        memset(&epoch, 0xaa, sizeof epoch);
        CHECK_ERR(troth_seal_epoch_make(&epoch, &crypto, rows[i].public), TROTH_ERR_KEY);
        CHECK(is_zero(epoch.key, sizeof epoch.key) &&
              is_zero(epoch.wrapped, sizeof epoch.wrapped));
        CHECK_ERR(
            troth_seal_epoch_unwrap(key, &crypto, test_hex(WRAPPED).ptr, rows[i].secret),
            TROTH_ERR_KEY);
        CHECK(is_zero(key, sizeof key));
    }
}

static void failing(void)
{
    struct failing_crypto state;

    test_case("a library that fails at any call leaves nothing");
    for (unsigned fail_at = 1; fail_at <= 2; fail_at++) {
        struct troth_crypto fails = failing_crypto_over(&state, &crypto, fail_at);
        struct troth_seal_epoch epoch;
        uint8_t key[TROTH_SEAL_KEY_SIZE];

        CHECK_ERR(troth_seal_epoch_make(&epoch, &fails, test_text(bob_public)),
                  TROTH_ERR_CRYPTO);
        CHECK(is_zero(epoch.key, sizeof epoch.key));
        fails = failing_crypto_over(&state, &crypto, fail_at);
        CHECK_ERR(troth_seal_epoch_unwrap(key, &fails, test_hex(WRAPPED).ptr,
                                          test_text(bob_secret)),
                  TROTH_ERR_CRYPTO);
        CHECK(is_zero(key, sizeof key));
    }
}

int main(void)
{
    CHECK_ERR(troth_provider_create(&crypto), TROTH_OK);
    known();
    round_trip();
    changed();
    no_keys();
    failing();
    troth_provider_destroy(&crypto);
    return test_finish();
}
