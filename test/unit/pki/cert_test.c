/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/cert.h"

#include <string.h>

#include "base/span.h"
#include "test/harness.h"
#include "test/support/x509_make.h"
#include "troth/provider.h"

#define NOON ((int64_t)1767225600) /* 2026-01-01T00:00:00Z */

static const struct x509_cert_recipe plain = {
    .subject = "subject",
    .issuer = "issuer",
    .organization = "Troth Test",
    .issuer_organization = "Troth Test",
    .serial = 77,
    .not_before_s = NOON,
    .not_after_s = NOON + 100,
    .key = X509_P384_A,
    .signer = X509_P384_B,
    .has_constraints = true,
    .is_ca = true,
    .has_path_length = true,
    .path_length = 3,
    .key_usage = TROTH_USE_CERT_SIGN | TROTH_USE_CRL_SIGN,
    .key_ids = true,
};

static void test_fields(void)
{
    struct troth_span der = x509_make_cert(&plain);
    struct troth_cert c;
    struct troth_fault fault;

    test_case("every field");
    CHECK_ERR(troth_cert_parse(&c, &fault, der), TROTH_OK);
    CHECK_ERR(fault.err, TROTH_OK);
    CHECK_SPAN(c.raw, der);
    CHECK(c.tbs.ptr == der.ptr + 4);
    CHECK(c.tbs.len > 300 && c.tbs.ptr + c.tbs.len < der.ptr + der.len);
    CHECK_SPAN(c.serial, TROTH_LITERAL("\x4d"));
    CHECK_SPAN(troth_name_attribute(c.issuer, TROTH_OID_COMMON_NAME),
               TROTH_LITERAL("issuer"));
    CHECK_SPAN(troth_name_attribute(c.subject, TROTH_OID_COMMON_NAME),
               TROTH_LITERAL("subject"));
    CHECK_SPAN(c.issuer_common_name, TROTH_LITERAL("issuer"));
    CHECK_SPAN(c.common_name, TROTH_LITERAL("subject"));
    CHECK_SPAN(c.organization, TROTH_LITERAL("Troth Test"));
    CHECK_INT(c.not_before_s, NOON);
    CHECK_INT(c.not_after_s, NOON + 100);
    CHECK_INT(c.key.kind, TROTH_KEY_P384);
    CHECK_SPAN(c.key.point, x509_public_key(X509_P384_A)->point);
    CHECK_INT(c.signed_with, TROTH_ECDSA_P384_SHA384);
    CHECK_INT(c.signature.ptr[0], 0x30);
    CHECK(c.is_ca && c.has_path_length && c.has_key_usage);
    CHECK_INT(c.path_length, 3);
    CHECK_INT(c.key_usage, TROTH_USE_CERT_SIGN | TROTH_USE_CRL_SIGN);
    CHECK_INT(c.subject_key_id.len, 20);
    CHECK_INT(c.authority_key_id.len, 20);
    CHECK(!troth_span_equal(c.subject_key_id, c.authority_key_id));
    CHECK_INT(c.unknown_critical.len, 0);

    test_case("what is left out reads as absent");
    struct x509_cert_recipe bare = plain;

    bare.has_constraints = bare.key_ids = false;
    bare.key_usage = 0;
    bare.serial = 0;
    CHECK_ERR(troth_cert_parse(&c, NULL, x509_make_cert(&bare)), TROTH_OK);
    CHECK_SPAN(c.serial, TROTH_LITERAL("\0"));
    CHECK(!c.is_ca && !c.has_path_length && !c.has_key_usage);
    CHECK_INT(c.subject_key_id.len + c.authority_key_id.len + c.extensions.len, 0);
}

static const struct {
    const char *why;
    enum x509_key key, signer;
    enum x509_way way;
    enum troth_key_kind kind;
    enum troth_signature_algorithm algorithm;
} kinds[] = {
    {"P-256", X509_P256_A, X509_P256_B, X509_USUAL, TROTH_KEY_P256,
     TROTH_ECDSA_P256_SHA256},
    {"RSA-PSS SHA-256", X509_RSA_A, X509_RSA_A, X509_SHA256, TROTH_KEY_RSA,
     TROTH_RSA_PSS_SHA256},
    {"RSA-PSS SHA-384", X509_RSA_A, X509_RSA_A, X509_USUAL, TROTH_KEY_RSA,
     TROTH_RSA_PSS_SHA384},
    {"RSA-PSS SHA-512", X509_RSA_A, X509_RSA_A, X509_SHA512, TROTH_KEY_RSA,
     TROTH_RSA_PSS_SHA512},
    {"PKCS#1 SHA-256", X509_RSA_A, X509_RSA_A, X509_PKCS1_SHA256, TROTH_KEY_RSA,
     TROTH_RSA_PKCS1_SHA256},
    {"PKCS#1 SHA-384", X509_RSA_A, X509_RSA_A, X509_PKCS1_SHA384, TROTH_KEY_RSA,
     TROTH_RSA_PKCS1_SHA384},
    {"Ed25519", X509_ED25519_A, X509_ED25519_A, X509_USUAL, TROTH_KEY_ED25519,
     TROTH_ED25519},
};

static void test_kinds(void)
{
    struct troth_crypto crypto;

    if (!CHECK(troth_provider_create(&crypto) == TROTH_OK))
        return;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        struct x509_cert_recipe recipe = plain;
        const struct troth_public_key *key = x509_public_key(kinds[i].key);
        const struct troth_public_key *signer = x509_public_key(kinds[i].signer);
        struct troth_cert c;

        test_case("algorithm: %s", kinds[i].why);
        recipe.key = kinds[i].key;
        recipe.signer = kinds[i].signer;
        recipe.way = kinds[i].way;
        CHECK_ERR(troth_cert_parse(&c, NULL, x509_make_cert(&recipe)), TROTH_OK);
        CHECK_INT(c.signed_with, kinds[i].algorithm);
        CHECK_INT(c.key.kind, kinds[i].kind);
        CHECK_SPAN(c.key.point, key->point);
        CHECK_SPAN(c.key.modulus, key->modulus);
        CHECK_INT(c.key.exponent, key->exponent);
        CHECK_ERR(troth_signed_by(&crypto, signer, c.signed_with, c.tbs, c.signature),
                  TROTH_OK);

        uint8_t *spoilt = x509_copy(c.tbs);

        spoilt[c.tbs.len - 1] ^= 1;
        CHECK_ERR(troth_signed_by(&crypto, signer, c.signed_with,
                                  (struct troth_span){spoilt, c.tbs.len}, c.signature),
                  TROTH_ERR_SIGNATURE);
        CHECK_ERR(troth_signed_by(&crypto, x509_public_key(X509_P384_A), c.signed_with,
                                  c.tbs, c.signature),
                  TROTH_ERR_ALGORITHM);
        CHECK_ERR(
            troth_signed_by(&crypto, signer, TROTH_SIGNATURE_NONE, c.tbs, c.signature),
            TROTH_ERR_ALGORITHM);
    }

    test_case("algorithm: an ECDSA signature with a byte behind it");
    struct troth_cert c;
    uint8_t longer[200];

    CHECK_ERR(troth_cert_parse(&c, NULL, x509_make_cert(&plain)), TROTH_OK);
    memcpy(longer, c.signature.ptr, c.signature.len);
    longer[c.signature.len] = 0;
    const struct troth_public_key *signer = x509_public_key(X509_P384_B);

    CHECK_ERR(troth_signed_by(&crypto, signer, c.signed_with, c.tbs, c.signature),
              TROTH_OK);
    CHECK_ERR(troth_signed_by(&crypto, signer, c.signed_with, c.tbs,
                              (struct troth_span){longer, c.signature.len + 1}),
              TROTH_ERR_SIGNATURE);
    troth_provider_destroy(&crypto);
}

/* One extension in place of the usual ones. */
static const struct {
    const char *why;
    const char *oid;
    bool critical;
    const char *hex;
    enum troth_err err;
    const char *field;
} extensions[] = {
    {"cA", "2.5.29.19", true, "30030101ff", TROTH_OK, NULL},
    {"cA FALSE spelt out", "2.5.29.19", true, "3003010100", TROTH_ERR_ENCODING,
     "cert.basic_constraints"},
    {"cA neither", "2.5.29.19", true, "3003010101", TROTH_ERR_ENCODING,
     "cert.basic_constraints"},
    {"path length without cA", "2.5.29.19", true, "3003020100", TROTH_ERR_VALUE,
     "cert.basic_constraints"},
    {"path length below zero", "2.5.29.19", true, "30060101ff0201ff", TROTH_ERR_VALUE,
     "cert.basic_constraints"},
    {"path length of five bytes", "2.5.29.19", true, "300a0101ff02050100000000",
     TROTH_ERR_LIMIT, "cert.basic_constraints"},
    {"something after it", "2.5.29.19", true, "30050101ff0500", TROTH_ERR_TRAILING, NULL},
    {"something behind it", "2.5.29.19", true, "30030101ff00", TROTH_ERR_TRAILING, NULL},
    {"key usage", "2.5.29.15", true, "03020780", TROTH_OK, NULL},
    {"key usage, not critical", "2.5.29.15", false, "03020780", TROTH_OK, NULL},
    {"key usage with no bit", "2.5.29.15", true, "030100", TROTH_ERR_VALUE,
     "cert.key_usage"},
    {"key usage with a zero bit behind", "2.5.29.15", true, "03020680",
     TROTH_ERR_ENCODING, "cert.key_usage"},
    {"key usage as AMD writes it", "2.5.29.15", true, "03020104", TROTH_OK, NULL},
    {"nearly as AMD writes it", "2.5.29.15", true, "03020004", TROTH_ERR_ENCODING,
     "cert.key_usage"},
    {"subject key identifier", "2.5.29.14", false, "0402aabb", TROTH_OK, NULL},
    {"subject key identifier of another type", "2.5.29.14", false, "0302aabb",
     TROTH_ERR_TYPE, "cert.subject_key_id"},
    {"authority key identifier", "2.5.29.35", false, "30048002aabb", TROTH_OK, NULL},
    {"authority key identifier without a key's", "2.5.29.35", false, "3000", TROTH_OK,
     NULL},
    {"authority by issuer and serial number", "2.5.29.35", false, "30038201aa",
     TROTH_ERR_UNSUPPORTED, "cert.authority_key_id"},
    {"unknown, any bytes", "1.2.3", false, "ff", TROTH_OK, NULL},
};

static void test_extensions(void)
{
    for (size_t i = 0; i < COUNT(extensions); i++) {
        struct x509_cert_recipe recipe = plain;
        struct troth_cert c;
        struct troth_fault fault;

        test_case("extension: %s", extensions[i].why);
        recipe.has_constraints = recipe.key_ids = false;
        recipe.key_usage = 0;
        recipe.extras[0] = (struct x509_extension){
            extensions[i].oid, extensions[i].critical, extensions[i].hex};
        memset(&c, 0xff, sizeof c);
        CHECK_ERR(troth_cert_parse(&c, &fault, x509_make_cert(&recipe)),
                  extensions[i].err);
        CHECK_TEXT(fault.field, extensions[i].field);
        CHECK(extensions[i].err == TROTH_OK || (c.raw.len == 0 && c.key.kind == 0));
        CHECK_INT(c.unknown_critical.len, 0);
    }
}

static void test_critical(void)
{
    /* Known ones which nothing may make critical, and unknown ones. */
    static const char *const oids[] = {"2.5.29.14", "2.5.29.35", "2.5.29.37", "1.2.3.4"};
    static const char *const values[] = {"0402aabb", "30048002aabb", "3000", "00"};

    for (size_t i = 0; i < COUNT(oids); i++) {
        struct x509_cert_recipe recipe = plain;
        struct troth_cert c;

        test_case("critical: %s", oids[i]);
        recipe.key_ids = false;
        recipe.extras[0] = (struct x509_extension){"1.2.3.5", false, "00"};
        recipe.extras[1] = (struct x509_extension){oids[i], true, values[i]};
        recipe.extras[2] = (struct x509_extension){"1.2.3.6", true, "00"};
        CHECK_ERR(troth_cert_parse(&c, NULL, x509_make_cert(&recipe)), TROTH_OK);
        CHECK(c.unknown_critical.len > 0 && c.unknown_critical.len < 4);
        CHECK(!troth_span_equal(c.unknown_critical, TROTH_LITERAL("\x2a\x03\x06")));
    }

    test_case("critical or not: name constraints");
    struct x509_cert_recipe recipe = plain;
    struct troth_cert constrained;

    recipe.extras[0] = (struct x509_extension){"2.5.29.30", false, "3000"};
    CHECK_ERR(troth_cert_parse(&constrained, NULL, x509_make_cert(&recipe)), TROTH_OK);
    CHECK_SPAN(constrained.unknown_critical, TROTH_LITERAL("\x55\x1d\x1e"));

    test_case("critical FALSE spelt out");
    recipe.extras[0] = (struct x509_extension){"1.2.3.5", true, "00"};
    struct troth_span der = x509_make_cert(&recipe);
    uint8_t *copy = x509_copy(der);
    struct troth_cert c;
    struct troth_fault fault;
    bool found = false;

    for (size_t i = 0; i + 7 < der.len && !found; i++) {
        found = memcmp(copy + i, "\x06\x03\x2a\x03\x05\x01\x01\xff", 8) == 0;
        if (found)
            copy[i + 7] = 0;
    }
    CHECK(found);
    CHECK_ERR(troth_cert_parse(&c, &fault, (struct troth_span){copy, der.len}),
              TROTH_ERR_ENCODING);
    CHECK_TEXT(fault.field, "cert.extensions");
}

static void test_duplicates(void)
{
    struct x509_cert_recipe recipe = plain;
    struct troth_cert c;
    struct troth_fault fault;

    test_case("duplicate: an extension that is known");
    recipe.extras[0] = (struct x509_extension){"2.5.29.19", true, "30030101ff"};
    CHECK_ERR(troth_cert_parse(&c, &fault, x509_make_cert(&recipe)), TROTH_ERR_DUPLICATE);
    CHECK_TEXT(fault.field, "cert.extensions");

    test_case("duplicate: an extension that is not");
    recipe.extras[0] = recipe.extras[1] = (struct x509_extension){"1.2.3", false, "00"};
    CHECK_ERR(troth_cert_parse(&c, &fault, x509_make_cert(&recipe)), TROTH_ERR_DUPLICATE);
}

static void test_extension_values(void)
{
    struct x509_cert_recipe recipe = plain;
    struct troth_cert c;

    test_case("value: by OID");
    recipe.extras[0] = (struct x509_extension){"1.3.6.1.4.1.3704.1.3.1", false, "020103"};
    recipe.extras[1] = (struct x509_extension){"1.3.6.1.4.1.3704.1.4", false, "ffee00"};
    recipe.extras[2] = (struct x509_extension){"1.2.3", false, ""};
    CHECK_ERR(troth_cert_parse(&c, NULL, x509_make_cert(&recipe)), TROTH_OK);
    CHECK_SPAN(troth_cert_extension(&c, test_hex("2b060104019c78010301")),
               test_hex("020103"));
    CHECK_SPAN(troth_cert_extension(&c, test_hex("2b060104019c780104")),
               test_hex("ffee00"));
    CHECK(troth_cert_extension(&c, test_hex("2b060104019c7801")).ptr == NULL);

    test_case("value: one that is there and empty is not absent");
    CHECK_INT(troth_cert_extension(&c, test_hex("2a03")).len, 0);
    CHECK(troth_cert_extension(&c, test_hex("2a03")).ptr != NULL);
}

/* Bytes of the plain certificate replaced, where they first occur. */
static const struct {
    const char *why;
    const char *from, *to;
    enum troth_err err;
    const char *field;
} edits[] = {
    {"version 2", "a003020102", "a003020101", TROTH_ERR_VERSION, "cert.version"},
    {"version 4", "a003020102", "a003020103", TROTH_ERR_VERSION, "cert.version"},
    {"serial number below zero", "02014d300a", "0201cd300a", TROTH_ERR_VALUE,
     "cert.serial"},
    {"inner algorithm is another", "300a06082a8648ce3d040303", "300a06082a8648ce3d040302",
     TROTH_ERR_ALGORITHM, "cert.algorithm"},
    {"inner algorithm is unknown", "300a06082a8648ce3d040303", "300a06082a8648ce3d040304",
     TROTH_ERR_ALGORITHM, "cert.signed_with"},
    {"a curve that is unknown", "06052b81040022", "06052b81040023", TROTH_ERR_ALGORITHM,
     "cert.key"},
    {"compressed point", "03620004", "03620002", TROTH_ERR_KEY, "cert.key"},
    {"a point's unused bits", "03620004", "03620104", TROTH_ERR_VALUE, "cert.key"},
    {"issuer is no sequence of sets", "310f300d0603550403", "300f300d0603550403",
     TROTH_ERR_TYPE, "cert.issuer"},
    {"a time that is not a time", "170d323630313031", "170d323631333031", TROTH_ERR_VALUE,
     "cert.not_before"},
    {"extensions under another tag", "a3663064", "a4663064", TROTH_ERR_TRAILING, NULL},
};

static void test_edits(void)
{
    struct troth_span der = x509_make_cert(&plain);

    for (size_t i = 0; i < COUNT(edits); i++) {
        struct troth_span from = test_hex(edits[i].from), to = test_hex(edits[i].to);
        uint8_t *copy = x509_copy(der);
        struct troth_cert c;
        struct troth_fault fault;
        size_t at = 0;

        test_case("edit: %s", edits[i].why);
        while (at + from.len < der.len && memcmp(copy + at, from.ptr, from.len) != 0)
            at++;
        CHECK(at + from.len < der.len);
        memcpy(copy + at, to.ptr, to.len);
        CHECK_ERR(troth_cert_parse(&c, &fault, (struct troth_span){copy, der.len}),
                  edits[i].err);
        CHECK_TEXT(fault.field, edits[i].field);
    }
}

static void test_empty_names(void)
{
    struct x509_cert_recipe recipe = plain;
    struct troth_cert c;
    struct troth_fault fault;

    test_case("empty issuer");
    recipe.issuer = recipe.issuer_organization = NULL;
    CHECK_ERR(troth_cert_parse(&c, &fault, x509_make_cert(&recipe)), TROTH_ERR_MISSING);
    CHECK_TEXT(fault.field, "cert.issuer");

    test_case("empty subject");
    recipe = plain;
    recipe.subject = recipe.organization = NULL;
    CHECK_ERR(troth_cert_parse(&c, &fault, x509_make_cert(&recipe)), TROTH_ERR_MISSING);
    CHECK_TEXT(fault.field, "cert.subject");
}

static void test_lengths(void)
{
    struct troth_span der = x509_make_cert(&plain);
    uint8_t *longer = x509_copy((struct troth_span){der.ptr, der.len});
    struct troth_cert c;
    unsigned accepted = 0;

    test_case("every truncation is refused");
    for (size_t len = 0; len < der.len; len++)
        accepted += troth_cert_parse(&c, NULL, (struct troth_span){der.ptr, len}) ==
                    TROTH_OK;
    CHECK_INT(accepted, 0);

    test_case("a byte behind it is refused");
    (void)x509_copy(TROTH_LITERAL("\0"));
    CHECK_ERR(troth_cert_parse(&c, NULL, (struct troth_span){longer, der.len + 1}),
              TROTH_ERR_TRAILING);

    test_case("nothing at all is refused");
    CHECK_ERR(troth_cert_parse(&c, NULL, (struct troth_span){NULL, 0}), TROTH_ERR_SHORT);
}

/* A sequence of 33 extensions is made by hand: a limit that OpenSSL does not have. */
static void test_extension_limit(void)
{
    for (unsigned count = 32; count <= 33; count++) {
        struct x509_cert_recipe recipe = plain;
        uint8_t list[33 * 11];
        size_t len = 0;

        test_case("extensions: %u", count);
        recipe.has_constraints = recipe.key_ids = false;
        recipe.key_usage = 0;
        recipe.extras[0] = (struct x509_extension){"1.2.3", false, "00"};
        for (unsigned i = 0; i < count; i++) {
            const uint8_t one[] = {0x30, 9, 0x06, 4, 0x2a, 3, 4, (uint8_t)i, 0x04, 1, 0};

            memcpy(list + len, one, sizeof one);
            len += sizeof one;
        }
        /* The last bytes of the tbs are [3] { SEQUENCE { one extension of 10 bytes } }:
         * cut them off, put ours there, and repair the lengths around them. */
        struct troth_span der = x509_make_cert(&recipe);
        struct troth_cert c;
        struct troth_fault fault;

        CHECK_ERR(troth_cert_parse(&c, NULL, der), TROTH_OK);
        size_t head = (size_t)(c.extensions.ptr - c.raw.ptr) - 4;
        struct troth_span tail = {c.extensions.ptr + c.extensions.len,
                                  der.len - head - 4 - c.extensions.len};
        uint8_t whole[1200];

        memcpy(whole, der.ptr, head);
        const uint8_t headers[] = {
            0xa3, 0x82, (uint8_t)((len + 4) >> 8), (uint8_t)(len + 4),
            0x30, 0x82, (uint8_t)(len >> 8),       (uint8_t)len};

        memcpy(whole + head, headers, sizeof headers);
        memcpy(whole + head + sizeof headers, list, len);
        memcpy(whole + head + sizeof headers + len, tail.ptr, tail.len);
        size_t total = head + sizeof headers + len + tail.len;
        size_t tbs = head + sizeof headers + len - 8;

        whole[2] = (uint8_t)((total - 4) >> 8), whole[3] = (uint8_t)(total - 4);
        whole[6] = (uint8_t)(tbs >> 8), whole[7] = (uint8_t)tbs;
        CHECK_ERR(troth_cert_parse(&c, &fault, (struct troth_span){whole, total}),
                  count == 32 ? TROTH_OK : TROTH_ERR_LIMIT);
    }
}

int main(void)
{
    test_fields();
    test_kinds();
    test_extensions();
    test_critical();
    test_duplicates();
    test_extension_values();
    test_edits();
    test_empty_names();
    test_lengths();
    test_extension_limit();
    return test_finish();
}
