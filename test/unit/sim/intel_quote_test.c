/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/intel_quote.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <string.h>

#include "peer.h"
#include "sim/intel.h"
#include "test/harness.h"

#define NOW 1771000000 /* 2026-02-13 */

/* Where a genuine quote of the kind is, and what a genuine quote's lengths are. */
static const struct {
    const char *why;
    enum sim_intel_kind kind;
    size_t signed_len;
    const char *genuine;
} kinds[] = {
    {"SGX version 3", SIM_SGX_V3, 432, "sgx/phala_sgx_v3_quote.bin"},
    {"SGX version 4", SIM_SGX_V4, 432, NULL},
    {"SGX version 5", SIM_SGX_V5, 438, NULL},
    {"TDX version 4", SIM_TDX_V4, 632, "tdx/phala_tdx_v4_quote.bin"},
    {"TDX version 5, TD 1.0", SIM_TDX_V5_TD10, 638, NULL},
    {"TDX version 5, TD 1.5", SIM_TDX_V5_TD15, 702, "tdx/automata_tdx_v5_quote.bin"},
    {"TDX version 5, TD 1.5-EX", SIM_TDX_V5_TD15_EX, 939, NULL},
};

static size_t u16(const uint8_t *bytes)
{
    return bytes[0] | (size_t)bytes[1] << 8;
}

static size_t u32(const uint8_t *bytes)
{
    return u16(bytes) | u16(bytes + 2) << 16;
}

/* A quote's parts by the offsets of the specification, not by the code that minted it. */
struct parts {
    struct troth_span signed_part, signature, key, qe_report, qe_signature, auth;
    size_t type;
    struct troth_span certification, rest;
};

static struct troth_span take(struct troth_span *from, size_t len)
{
    const struct troth_span taken = {from->ptr, len < from->len ? len : from->len};

    from->ptr += taken.len;
    from->len -= taken.len;
    return taken;
}

static struct parts split(struct troth_span quote, size_t signed_len)
{
    struct parts parts = {.rest = quote};

    parts.signed_part = take(&parts.rest, signed_len);
    struct troth_span data = take(&parts.rest, 4);
    data = take(&parts.rest, u32(data.ptr));
    parts.signature = take(&data, 64);
    parts.key = take(&data, 64);
    if (u16(quote.ptr) > 3) {
        const struct troth_span head = take(&data, 6);

        CHECK_INT(u16(head.ptr), 6);
        CHECK_INT(u32(head.ptr + 2), data.len);
    }
    parts.qe_report = take(&data, 384);
    parts.qe_signature = take(&data, 64);
    parts.auth = take(&data, u16(take(&data, 2).ptr));
    parts.type = u16(take(&data, 2).ptr);
    parts.certification = take(&data, u32(take(&data, 4).ptr));
    CHECK_INT(data.len, 0);
    return parts;
}

/* X ‖ Y on P-256. */
static EVP_PKEY *raw_key(struct troth_span point)
{
    static const uint8_t head[] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48,
                                   0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
                                   0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04};
    uint8_t der[sizeof head + 64];
    const unsigned char *next = der;

    if (point.len != 64)
        return NULL;
    memcpy(der, head, sizeof head);
    memcpy(der + sizeof head, point.ptr, 64);
    return d2i_PUBKEY(NULL, &next, sizeof der);
}

static void check_binding(const struct parts *parts)
{
    uint8_t hashed[64 + 1024], digest[32];

    memcpy(hashed, parts->key.ptr, 64);
    memcpy(hashed + 64, parts->auth.ptr, parts->auth.len);
    CHECK(EVP_Q_digest(NULL, "SHA256", NULL, hashed, 64 + parts->auth.len, digest, NULL));
    CHECK_SPAN(((struct troth_span){parts->qe_report.ptr + 320, 32}), SIM_ARRAY(digest));
    for (size_t i = 352; i < 384; i++)
        CHECK_INT(parts->qe_report.ptr[i], 0);
}

/* The chain that the quote embeds is PCK, CA and root, and a zero. */
static void check_chain(const struct sim_intel *doc, struct troth_span chain)
{
    BIO *bio = BIO_new_mem_buf(chain.ptr, (int)chain.len);
    const enum sim_intel_place places[] = {SIM_INTEL_PCK, doc->ca, SIM_INTEL_ROOT};

    for (size_t i = 0; i < 3; i++) {
        X509 *seen = PEM_read_bio_X509(bio, NULL, NULL, NULL);
        X509 *wanted = peer_cert(sim_intel_mint_cert(doc, places[i]));

        CHECK(seen && wanted && X509_cmp(seen, wanted) == 0);
        X509_free(seen);
        X509_free(wanted);
    }
    CHECK_INT(chain.ptr[chain.len - 1], 0);
    BIO_free(bio);
}

static void quotes_verify(struct sim_keyring *ring)
{
    static struct sim_intel doc;

    for (size_t i = 0; i < COUNT(kinds); i++) {
        test_case("OpenSSL accepts the quote's signatures: %s", kinds[i].why);
        sim_intel_default(&doc, ring, kinds[i].kind, 0, NOW);
        struct sim_bytes quote = sim_intel_mint(&doc);
        const struct parts parts = split(sim_bytes_span(quote), kinds[i].signed_len);
        EVP_PKEY *key = raw_key(parts.key);
        X509 *pck = peer_cert(sim_intel_mint_cert(&doc, SIM_INTEL_PCK));

        CHECK(peer_verifies_raw(key, parts.signed_part, parts.signature));
        CHECK(peer_verifies_raw(X509_get0_pubkey(pck), parts.qe_report,
                                parts.qe_signature));
        CHECK(!peer_verifies_raw(key, parts.qe_report, parts.qe_signature));
        check_binding(&parts);
        CHECK_INT(parts.type, 5);
        check_chain(&doc, parts.certification);
        CHECK_INT(parts.rest.len, 0);
        EVP_PKEY_free(key);
        X509_free(pck);
        sim_bytes_free(&quote);
    }
}

/* The same header, lengths, types and fixed values as a genuine quote. */
static void quotes_as_genuine(struct sim_keyring *ring)
{
    static struct sim_intel doc;

    for (size_t i = 0; i < COUNT(kinds); i++) {
        if (!kinds[i].genuine)
            continue;
        test_case("a genuine quote's shape: %s", kinds[i].why);
        const struct troth_span genuine = test_vector(kinds[i].genuine);

        if (!genuine.ptr) {
            test_skip("no vectors: %s", kinds[i].genuine);
            continue;
        }
        sim_intel_default(&doc, ring, kinds[i].kind, 0, NOW);
        struct sim_bytes quote = sim_intel_mint(&doc);
        const struct parts seen = split(sim_bytes_span(quote), kinds[i].signed_len);
        const struct parts wanted = split(genuine, kinds[i].signed_len);

        CHECK_SPAN(((struct troth_span){seen.signed_part.ptr, 8}),
                   ((struct troth_span){wanted.signed_part.ptr, 8}));
        CHECK_SPAN(((struct troth_span){seen.signed_part.ptr + 12, 16}),
                   ((struct troth_span){wanted.signed_part.ptr + 12, 16}));
        if (u16(genuine.ptr) == 5) /* the body's type and size */
            CHECK_SPAN(((struct troth_span){seen.signed_part.ptr + 48, 6}),
                       ((struct troth_span){wanted.signed_part.ptr + 48, 6}));
        CHECK_SPAN(((struct troth_span){seen.qe_report.ptr + 16, 48}),
                   ((struct troth_span){wanted.qe_report.ptr + 16, 48}));
        CHECK_SPAN(((struct troth_span){seen.qe_report.ptr + 96, 162}),
                   ((struct troth_span){wanted.qe_report.ptr + 96, 162}));
        CHECK_SPAN(seen.auth, wanted.auth);
        CHECK_INT(seen.type, wanted.type);
        CHECK(seen.certification.len + 8 > wanted.certification.len &&
              seen.certification.len < wanted.certification.len + 8);
        sim_bytes_free(&quote);
    }
}

static void certifications(struct sim_keyring *ring)
{
    static const struct {
        uint16_t type;
        size_t len;
    } rows[] = {{1, 36}, {2, 276}, {3, 404}, {7, 404}};
    static struct sim_intel doc;

    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("certification data of type %u", rows[i].type);
        sim_intel_default(&doc, ring, SIM_TDX_V5_TD15, 0, NOW);
        sim_intel_set_certification(&doc, rows[i].type);
        struct sim_bytes quote = sim_intel_mint(&doc);
        const struct parts parts = split(sim_bytes_span(quote), 702);

        CHECK_INT(parts.type, rows[i].type);
        CHECK_INT(parts.certification.len, rows[i].len);
        CHECK_SPAN(((struct troth_span){parts.certification.ptr + rows[i].len - 20, 16}),
                   SIM_ARRAY(doc.pck.cpu_svn));
        sim_bytes_free(&quote);
    }

    test_case("certification data of type 4, and a chain in another order");
    sim_intel_set_certification(&doc, 4);
    struct sim_bytes quote = sim_intel_mint(&doc);
    struct parts parts = split(sim_bytes_span(quote), 702);
    X509 *seen = peer_pem_cert(parts.certification, 0);
    X509 *wanted = peer_cert(sim_intel_mint_cert(&doc, SIM_INTEL_PCK));
    CHECK(seen && X509_cmp(seen, wanted) == 0);
    sim_bytes_free(&quote);
    X509_free(seen);

    sim_intel_set_certification(&doc, 5);
    doc.chain[0] = SIM_INTEL_ROOT;
    doc.chain[2] = SIM_INTEL_PCK;
    doc.chain_ends_with_zero = false;
    quote = sim_intel_mint(&doc);
    parts = split(sim_bytes_span(quote), 702);
    seen = peer_pem_cert(parts.certification, 2);
    CHECK(seen && X509_cmp(seen, wanted) == 0);
    CHECK_INT(parts.certification.ptr[parts.certification.len - 1], '\n');
    sim_bytes_free(&quote);
    X509_free(seen);
    X509_free(wanted);
}

static void edits(struct sim_keyring *ring)
{
    static struct sim_intel doc;
    struct sim_bytes plain, edited;

    test_case("the last signed byte, and signed anew");
    sim_intel_default(&doc, ring, SIM_TDX_V4, 0, NOW);
    plain = sim_intel_mint(&doc);
    doc.quote.edit_signed.apply = sim_flip_last_bit;
    edited = sim_intel_mint(&doc);
    const struct parts parts = split(sim_bytes_span(edited), 632);
    EVP_PKEY *key = raw_key(parts.key);

    CHECK_INT(edited.ptr[631], plain.ptr[631] ^ 1);
    CHECK(peer_verifies_raw(key, parts.signed_part, parts.signature));
    EVP_PKEY_free(key);
    sim_bytes_free(&edited);

    test_case("a length that is too long, and zeros behind the end");
    doc.quote.edit_signed.apply = NULL;
    doc.quote.lies.signature_data = 3;
    doc.quote.trailing_zeros = 70;
    edited = sim_intel_mint(&doc);
    CHECK_INT(edited.len, plain.len + 70);
    CHECK_INT(u32(edited.ptr + 632), plain.len - 636 + 3);
    CHECK_INT(edited.ptr[edited.len - 1], 0);
    sim_bytes_free(&edited);
    sim_bytes_free(&plain);
}

int main(void)
{
    struct sim_keyring *ring = sim_keyring_create(9);

    quotes_verify(ring);
    quotes_as_genuine(ring);
    certifications(ring);
    edits(ring);
    sim_keyring_destroy(ring);
    return test_finish();
}
