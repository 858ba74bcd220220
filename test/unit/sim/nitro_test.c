/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/nitro.h"

#include <openssl/x509_vfy.h>
#include <string.h>

#include "message.h"
#include "peer.h"
#include "test/harness.h"

#define NOW     1755506509 /* when the genuine document was signed */
#define GENUINE "nitro/distributedlab_doc.cose"

static void peers_accept(struct sim_keyring *ring)
{
    struct sim_nitro doc;
    struct message message;
    const struct sim_cert *const certs[] = {
        &doc.certs[SIM_NITRO_ROOT], &doc.certs[SIM_NITRO_REGIONAL],
        &doc.certs[SIM_NITRO_ZONAL], &doc.certs[SIM_NITRO_INSTANCE],
        &doc.certs[SIM_NITRO_ENCLAVE]};

    test_case("OpenSSL and libcbor accept the document");
    sim_nitro_default(&doc, ring, 0, NOW);
    struct sim_bytes minted = sim_nitro_mint(&doc);
    const bool is_read = message_init(&message, sim_bytes_span(minted));
    CHECK(is_read);
    if (is_read) {
        CHECK(message_is_signed_by(&message, certs[SIM_NITRO_ENCLAVE]));
        CHECK(!message_is_signed_by(&message, certs[SIM_NITRO_INSTANCE]));
        CHECK_INT(peer_chain(certs, COUNT(certs), NULL, NOW), X509_V_OK);
        CHECK_INT(peer_chain(certs, COUNT(certs), NULL, NOW + 3 * 3600 + 1),
                  X509_V_ERR_CERT_HAS_EXPIRED);
        for (size_t i = 0; i < COUNT(certs); i++) {
            struct sim_bytes der = sim_cert_mint(certs[i]);

            CHECK_SPAN(message_cert(&message, i), sim_bytes_span(der));
            sim_bytes_free(&der);
        }
    }
    message_finish(&message);
    sim_bytes_free(&minted);
}

/* The genuine one has a public key and user data of 65 bytes, and is in debug mode. */
static void shape_as_genuine(struct sim_keyring *ring)
{
    const struct troth_span genuine = test_vector(GENUINE);
    struct sim_nitro doc;
    struct message seen, wanted;

    test_case("keys, order, types and lengths of a genuine document");
    if (!genuine.ptr) {
        test_skip("no vectors: " GENUINE);
        return;
    }
    sim_nitro_default(&doc, ring, 0, NOW);
    sim_nitro_set_debug(&doc);
    sim_nitro_set_optional(&doc.public_key, SIM_ARRAY(((uint8_t[65]){4, 1})));
    sim_nitro_set_optional(&doc.user_data, SIM_ARRAY(((uint8_t[65]){4, 2})));
    struct sim_bytes minted = sim_nitro_mint(&doc);
    const bool is_seen = message_init(&seen, sim_bytes_span(minted));
    const bool is_wanted = message_init(&wanted, genuine);
    CHECK(is_seen && is_wanted);
    if (is_seen && is_wanted) {
        struct sim_bytes seen_text = message_describe(&seen);
        struct sim_bytes wanted_text = message_describe(&wanted);

        CHECK_TEXT((const char *)seen_text.ptr, (const char *)wanted_text.ptr);
        CHECK_SPAN(message_bytes(seen.parts[0]), message_bytes(wanted.parts[0]));
        sim_bytes_free(&seen_text);
        sim_bytes_free(&wanted_text);
        for (size_t i = 0; i < SIM_NITRO_CERTS; i++) {
            struct sim_bytes seen_outline = peer_outline(message_cert(&seen, i));
            struct sim_bytes wanted_outline = peer_outline(message_cert(&wanted, i));

            test_case("a genuine certificate's outline, place %zu", i);
            CHECK_TEXT((const char *)seen_outline.ptr, (const char *)wanted_outline.ptr);
            sim_bytes_free(&seen_outline);
            sim_bytes_free(&wanted_outline);
        }
    }
    message_finish(&seen);
    message_finish(&wanted);
    sim_bytes_free(&minted);
}

static void seeds_decide(void)
{
    struct sim_keyring *rings[] = {sim_keyring_create(5), sim_keyring_create(5),
                                   sim_keyring_create(6)};
    struct sim_nitro docs[4];
    struct sim_bytes minted[4];

    test_case("one seed, one document; another seed or number, another");
    for (size_t i = 0; i < 4; i++) {
        sim_nitro_default(&docs[i], rings[i % 3], i == 3, NOW);
        minted[i] = sim_nitro_mint(&docs[i]);
    }
    CHECK_SPAN(sim_bytes_span(minted[0]), sim_bytes_span(minted[1]));
    for (size_t place = 0; place < SIM_NITRO_CERTS; place++) {
        const struct troth_span key = sim_key_public(docs[0].certs[place].key);
        const struct troth_span seed = sim_key_public(docs[2].certs[place].key);
        const struct troth_span number = sim_key_public(docs[3].certs[place].key);

        CHECK(memcmp(key.ptr, seed.ptr, key.len) != 0);
        CHECK((memcmp(key.ptr, number.ptr, key.len) == 0) == (place <= SIM_NITRO_ZONAL));
    }
    for (size_t i = 0; i < 4; i++)
        sim_bytes_free(&minted[i]);
    for (size_t i = 0; i < 3; i++)
        sim_keyring_destroy(rings[i]);
}

static void change_nothing(struct sim_nitro *doc, struct sim_keyring *ring)
{
    (void)doc;
    (void)ring;
}

static void tag(struct sim_nitro *doc, struct sim_keyring *ring)
{
    (void)ring;
    doc->is_tagged = true;
}

static void define(struct sim_nitro *doc, struct sim_keyring *ring)
{
    (void)ring;
    doc->is_definite = true;
}

static void omit_nonce(struct sim_nitro *doc, struct sim_keyring *ring)
{
    (void)ring;
    doc->is_definite = true;
    doc->omitted = 1U << SIM_NITRO_NONCE;
}

static void empty_nonce(struct sim_nitro *doc, struct sim_keyring *ring)
{
    (void)ring;
    sim_nitro_set_optional(&doc->nonce, (struct troth_span){0});
}

static void add_entry(struct sim_nitro *doc, struct sim_keyring *ring)
{
    (void)ring;
    doc->is_definite = true;
    doc->more_pairs = TROTH_LITERAL("\x64more\xf6");
    doc->more_count = 1;
}

static void shorten_pcr(struct sim_nitro *doc, struct sim_keyring *ring)
{
    (void)ring;
    doc->pcrs[0].len = 32;
    doc->pcrs[1].is_present = false;
}

static void debug(struct sim_nitro *doc, struct sim_keyring *ring)
{
    (void)ring;
    sim_nitro_set_debug(doc);
}

static void reorder_bundle(struct sim_nitro *doc, struct sim_keyring *ring)
{
    (void)ring;
    doc->cabundle_count = 1;
    doc->cabundle[0] = SIM_NITRO_INSTANCE;
}

static void change_header(struct sim_nitro *doc, struct sim_keyring *ring)
{
    (void)ring;
    doc->protected_len = 0;
}

static void new_leaf_key(struct sim_nitro *doc, struct sim_keyring *ring)
{
    sim_nitro_set_key(doc, SIM_NITRO_ENCLAVE, sim_keyring_key(ring, SIM_KEY_P384, "new"));
}

static void new_root_key(struct sim_nitro *doc, struct sim_keyring *ring)
{
    sim_nitro_set_key(doc, SIM_NITRO_ROOT, sim_keyring_key(ring, SIM_KEY_P384, "new"));
}

/* `line` is in the description of the changed document, which is validly signed. */
static const struct {
    const char *why;
    void (*change)(struct sim_nitro *doc, struct sim_keyring *ring);
    const char *line;
} changes[] = {
    {"as minted", change_nothing, "no tag\nprotected bytes 4\nunprotected map\n"},
    {"absent is null", change_nothing,
     "public_key: null\nuser_data: null\nnonce: null\n"},
    {"tag", tag, "tag 18\n"},
    {"a map that says its length", define, "payload map\nmodule_id: "},
    {"no nonce", omit_nonce, "user_data: null\n"},
    {"an empty nonce", empty_nonce, "nonce: bytes 0\n"},
    {"one more entry", add_entry, "nonce: null\nmore: null\n"},
    {"lengths and presence of PCRs", shorten_pcr,
     "pcrs: map, 0 = bytes 32, 2 = bytes 48"},
    {"debug", debug,
     "0 = bytes 48 zero, 1 = bytes 48 zero, 2 = bytes 48 zero, 3 = bytes 48, "},
    {"NitroTPM", sim_nitro_set_tpm, "nitrotpm_pcrs: map, 0 = bytes 48, "},
    {"NitroTPM has 24 PCRs", sim_nitro_set_tpm, "23 = bytes 48 zero\ncertificate"},
    {"the bundle", reorder_bundle, "cabundle: array, bytes of a certificate\n"},
    {"the protected header", change_header, "protected bytes 0\n"},
    {"leaf key", new_leaf_key, "module_id: text 39\n"},
    {"root key", new_root_key, "module_id: text 39\n"},
};

static void change_cases(struct sim_keyring *ring)
{
    for (size_t i = 0; i < COUNT(changes); i++) {
        struct sim_nitro doc;
        struct message message;

        test_case("settable, and signed again: %s", changes[i].why);
        sim_nitro_default(&doc, ring, 0, NOW);
        changes[i].change(&doc, ring);
        struct sim_bytes minted = sim_nitro_mint(&doc);
        const bool is_read = message_init(&message, sim_bytes_span(minted));
        CHECK(is_read);
        if (is_read) {
            struct sim_bytes text = message_describe(&message);

            CHECK(strstr((const char *)text.ptr, changes[i].line) != NULL);
            CHECK(strstr((const char *)text.ptr, "nonce") != NULL ||
                  doc.omitted == 1U << SIM_NITRO_NONCE);
            CHECK(message_is_signed_by(&message, &doc.certs[SIM_NITRO_ENCLAVE]));
            sim_bytes_free(&text);
        }
        message_finish(&message);
        sim_bytes_free(&minted);
    }
}

static void new_root_signs(struct sim_keyring *ring)
{
    struct sim_nitro doc;
    const struct sim_cert *const certs[] = {&doc.certs[SIM_NITRO_ROOT],
                                            &doc.certs[SIM_NITRO_REGIONAL]};

    test_case("a new root key signs root and region");
    sim_nitro_default(&doc, ring, 0, NOW);
    new_root_key(&doc, ring);
    CHECK_INT(peer_chain(certs, 2, NULL, NOW), X509_V_OK);
}

static void edits(struct sim_keyring *ring)
{
    struct sim_nitro doc;
    struct message message;

    test_case("the signature alone can be broken");
    sim_nitro_default(&doc, ring, 0, NOW);
    doc.edit_signature.apply = sim_flip_last_bit;
    struct sim_bytes minted = sim_nitro_mint(&doc);
    const bool is_read = message_init(&message, sim_bytes_span(minted));
    CHECK(is_read);
    if (is_read)
        CHECK(!message_is_signed_by(&message, &doc.certs[SIM_NITRO_ENCLAVE]));
    message_finish(&message);
    sim_bytes_free(&minted);
}

int main(void)
{
    struct sim_keyring *ring = sim_keyring_create(4);

    peers_accept(ring);
    shape_as_genuine(ring);
    seeds_decide();
    change_cases(ring);
    new_root_signs(ring);
    edits(ring);
    sim_keyring_destroy(ring);
    return test_finish();
}
