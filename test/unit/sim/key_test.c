/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/keyring.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "peer.h"
#include "test/harness.h"

#define MESSAGE TROTH_LITERAL("what is signed")

static const struct {
    const char *why;
    enum sim_key_kind kind;
    const char *name; /* OpenSSL's */
    int bits;
} kinds[] = {
    {"P-256", SIM_KEY_P256, "EC", 256},
    {"P-384", SIM_KEY_P384, "EC", 384},
    {"RSA with four primes", SIM_KEY_RSA4096, "RSA", 4096},
};

/* A certificate that says only whose key it holds. */
static struct sim_cert bare_cert(const struct sim_key *key)
{
    struct sim_cert cert = {.version = 2, .serial = {{1}, 1}, .key = key};

    sim_name_add(&cert.subject, "CN", "nobody");
    cert.signing.key = key;
    cert.signing.inner_algorithm = sim_algorithm_ecdsa_sha256();
    cert.signing.outer_algorithm = sim_algorithm_ecdsa_sha256();
    sim_cert_set_issuer(&cert, &cert);
    return cert;
}

static void openssl_agrees(void)
{
    struct sim_keyring *ring = sim_keyring_create(7);

    for (size_t i = 0; i < COUNT(kinds); i++) {
        test_case("OpenSSL reads the key and verifies its signature: %s", kinds[i].why);
        const struct sim_key *key = sim_keyring_key(ring, kinds[i].kind, "a");
        const struct sim_cert cert = bare_cert(key);
        X509 *holder = peer_cert(sim_cert_mint(&cert));
        struct sim_bytes signature = sim_key_sign(key, MESSAGE);

        if (CHECK(holder != NULL)) {
            CHECK(EVP_PKEY_is_a(X509_get0_pubkey(holder), kinds[i].name));
            CHECK_INT(EVP_PKEY_get_bits(X509_get0_pubkey(holder)), kinds[i].bits);
            CHECK(peer_verifies(holder, MESSAGE, sim_bytes_span(signature)));
            CHECK(!peer_verifies(holder, TROTH_LITERAL("something else"),
                                 sim_bytes_span(signature)));
        }
        sim_bytes_free(&signature);
        X509_free(holder);
    }
    sim_keyring_destroy(ring);
}

static bool same_key(const struct sim_key *a, const struct sim_key *b)
{
    const struct sim_key_id left = sim_key_id_of(a);
    const struct sim_key_id right = sim_key_id_of(b);

    for (size_t i = 0; i < sizeof left.bytes; i++)
        if (left.bytes[i] != right.bytes[i])
            return false;
    return true;
}

static void seeds_decide(void)
{
    struct sim_keyring *one = sim_keyring_create(1);
    struct sim_keyring *again = sim_keyring_create(1);
    struct sim_keyring *two = sim_keyring_create(2);

    for (size_t i = 0; i < COUNT(kinds); i++) {
        test_case("one seed and label, one key and signature: %s", kinds[i].why);
        const struct sim_key *key = sim_keyring_key(one, kinds[i].kind, "a");
        const struct sim_key *twin = sim_keyring_key(again, kinds[i].kind, "a");
        struct sim_bytes signature = sim_key_sign(key, MESSAGE);
        struct sim_bytes twin_signature = sim_key_sign(twin, MESSAGE);

        CHECK(key == sim_keyring_key(one, kinds[i].kind, "a"));
        CHECK_SPAN(sim_key_public(key), sim_key_public(twin));
        CHECK_SPAN(sim_bytes_span(signature), sim_bytes_span(twin_signature));
        CHECK(!same_key(key, sim_keyring_key(one, kinds[i].kind, "b")));
        CHECK(!same_key(key, sim_keyring_key(two, kinds[i].kind, "a")));
        sim_bytes_free(&signature);
        sim_bytes_free(&twin_signature);
    }
    sim_keyring_destroy(one);
    sim_keyring_destroy(again);
    sim_keyring_destroy(two);
}

/* The same r and s, as numbers in DER and as bytes one behind the other. */
static void raw_is_the_same(void)
{
    static const struct {
        const char *why;
        enum sim_key_kind kind;
        size_t width;
    } curves[] = {{"P-256", SIM_KEY_P256, 32}, {"P-384", SIM_KEY_P384, 48}};
    struct sim_keyring *ring = sim_keyring_create(7);

    for (size_t i = 0; i < COUNT(curves); i++) {
        const struct sim_key *key = sim_keyring_key(ring, curves[i].kind, "a");
        const size_t width = curves[i].width;
        struct sim_bytes raw = sim_key_sign_raw(key, MESSAGE);
        struct sim_bytes der = sim_key_sign(key, MESSAGE);
        struct sim_bytes numbers = {0}, again = {0};

        test_case("a raw signature: %s", curves[i].why);
        CHECK_INT(raw.len, 2 * width);
        sim_der_integer(&numbers, (struct troth_span){raw.ptr, width});
        sim_der_integer(&numbers, (struct troth_span){raw.ptr + width, width});
        sim_der_wrap(&again, SIM_DER_SEQUENCE, numbers);
        CHECK_SPAN(sim_bytes_span(again), sim_bytes_span(der));
        sim_bytes_free(&raw);
        sim_bytes_free(&der);
        sim_bytes_free(&again);
    }
    sim_keyring_destroy(ring);
}

int main(void)
{
    openssl_agrees();
    raw_is_the_same();
    seeds_decide();
    return test_finish();
}
