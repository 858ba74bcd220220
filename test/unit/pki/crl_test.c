/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/crl.h"

#include <string.h>

#include "test/harness.h"
#include "test/support/x509_make.h"

#define NOON ((int64_t)1767225600) /* 2026-01-01T00:00:00Z */

static const struct x509_crl_recipe plain = {
    .issuer = "issuer",
    .issuer_organization = "Troth Test",
    .this_update_s = NOON,
    .next_update_s = NOON + 100,
    .signer = X509_P384_A,
    .revoked = {5, 300, 7},
    .key_id = true,
    .number = 9,
};

static void test_fields(void)
{
    struct troth_span der = x509_make_crl(&plain);
    struct troth_crl crl;
    struct troth_fault fault;

    test_case("every field");
    CHECK_ERR(troth_crl_parse(&crl, &fault, der), TROTH_OK);
    CHECK_SPAN(crl.raw, der);
    CHECK(crl.tbs.ptr == der.ptr + 4);
    CHECK_SPAN(troth_name_attribute(crl.issuer, TROTH_OID_COMMON_NAME),
               TROTH_LITERAL("issuer"));
    CHECK_INT(crl.this_update_s, NOON);
    CHECK_INT(crl.next_update_s, NOON + 100);
    CHECK_INT(crl.signed_with, TROTH_ECDSA_P384_SHA384);
    CHECK_INT(crl.signature.ptr[0], 0x30);
    CHECK_INT(crl.authority_key_id.len, 20);
    CHECK_SPAN(crl.number, TROTH_LITERAL("\x09"));

    test_case("who is listed");
    CHECK(troth_crl_lists(&crl, TROTH_LITERAL("\x05")));
    CHECK(troth_crl_lists(&crl, TROTH_LITERAL("\x01\x2c")));
    CHECK(troth_crl_lists(&crl, TROTH_LITERAL("\x07")));
    CHECK(!troth_crl_lists(&crl, TROTH_LITERAL("\x2c")));
    CHECK(!troth_crl_lists(&crl, TROTH_LITERAL("\x06")));
    CHECK(!troth_crl_lists(&crl, TROTH_LITERAL("\x01\x2c\x00")));
    CHECK(!troth_crl_lists(&crl, (struct troth_span){NULL, 0}));

    test_case("an empty list, with nothing optional");
    struct x509_crl_recipe bare = plain;

    bare.revoked[0] = bare.number = 0;
    bare.key_id = false;
    CHECK_ERR(troth_crl_parse(&crl, NULL, x509_make_crl(&bare)), TROTH_OK);
    CHECK_INT(crl.entries.len + crl.number.len + crl.authority_key_id.len, 0);
    CHECK(!troth_crl_lists(&crl, TROTH_LITERAL("\x05")));
}

static const struct {
    const char *why;
    struct x509_extension of_list, of_entry;
    enum troth_err err;
    const char *field;
} extensions[] = {
    {"delta",
     {"2.5.29.27", true, "020101"},
     {0},
     TROTH_ERR_UNSUPPORTED,
     "crl.extensions"},
    {"delta, not critical",
     {"2.5.29.27", false, "020101"},
     {0},
     TROTH_ERR_UNSUPPORTED,
     "crl.extensions"},
    {"indirect or partitioned",
     {"2.5.29.28", true, "30038401ff"},
     {0},
     TROTH_ERR_UNSUPPORTED,
     "crl.extensions"},
    {"indirect, not critical",
     {"2.5.29.28", false, "30038401ff"},
     {0},
     TROTH_ERR_UNSUPPORTED,
     "crl.extensions"},
    {"unknown critical",
     {"1.2.3", true, "00"},
     {0},
     TROTH_ERR_UNSUPPORTED,
     "crl.extensions"},
    {"unknown", {"1.2.3", false, "00"}, {0}, TROTH_OK, NULL},
    {"number twice",
     {"2.5.29.20", false, "020101"},
     {0},
     TROTH_ERR_DUPLICATE,
     "crl.extensions"},
    {"reason of an entry", {0}, {"2.5.29.21", false, "0a0101"}, TROTH_OK, NULL},
    {"reason, critical",
     {0},
     {"2.5.29.21", true, "0a0101"},
     TROTH_ERR_UNSUPPORTED,
     "crl.entry.extensions"},
    {"entry of another issuer",
     {0},
     {"2.5.29.29", true, "3000"},
     TROTH_ERR_UNSUPPORTED,
     "crl.entry.extensions"},
    {"entry of another issuer, not critical",
     {0},
     {"2.5.29.29", false, "3000"},
     TROTH_ERR_UNSUPPORTED,
     "crl.entry.extensions"},
};

static void test_extensions(void)
{
    for (size_t i = 0; i < COUNT(extensions); i++) {
        struct x509_crl_recipe recipe = plain;
        struct troth_crl crl;
        struct troth_fault fault;

        test_case("extension: %s", extensions[i].why);
        recipe.extras[0] = extensions[i].of_list;
        recipe.entry_extra = extensions[i].of_entry;
        memset(&crl, 0xff, sizeof crl);
        CHECK_ERR(troth_crl_parse(&crl, &fault, x509_make_crl(&recipe)),
                  extensions[i].err);
        CHECK_TEXT(fault.field, extensions[i].field);
        CHECK(extensions[i].err == TROTH_OK ||
              (crl.raw.len == 0 && crl.entries.len == 0));
    }
}

static void test_missing(void)
{
    struct x509_crl_recipe recipe = plain;
    struct troth_crl crl;
    struct troth_fault fault;

    test_case("no nextUpdate, entries follow");
    recipe.next_update_s = 0;
    CHECK_ERR(troth_crl_parse(&crl, &fault, x509_make_crl(&recipe)), TROTH_ERR_MISSING);
    CHECK_TEXT(fault.field, "crl.next_update");

    test_case("no nextUpdate, nothing follows");
    recipe.revoked[0] = recipe.number = 0;
    recipe.key_id = false;
    CHECK_ERR(troth_crl_parse(&crl, &fault, x509_make_crl(&recipe)), TROTH_ERR_MISSING);
    CHECK_TEXT(fault.field, "crl.next_update");

    test_case("version 1");
    recipe = plain;
    recipe.number = 0;
    recipe.key_id = false;
    recipe.version_1 = true;
    CHECK_ERR(troth_crl_parse(&crl, &fault, x509_make_crl(&recipe)), TROTH_ERR_VERSION);
    CHECK_TEXT(fault.field, "crl.version");
}

/* Bytes of the plain list replaced, where they first occur. */
static const struct {
    const char *why;
    const char *from, *to;
    enum troth_err err;
    const char *field;
} edits[] = {
    {"version 3", "020101300a", "020102300a", TROTH_ERR_VERSION, "crl.version"},
    {"inner algorithm is another", "300a06082a8648ce3d040303", "300a06082a8648ce3d040302",
     TROTH_ERR_ALGORITHM, "crl.algorithm"},
    {"inner algorithm is unknown", "300a06082a8648ce3d040303", "300a06082a8648ce3d040304",
     TROTH_ERR_ALGORITHM, "crl.signed_with"},
    {"a serial number below zero", "0202012c", "0202812c", TROTH_ERR_VALUE,
     "crl.entry.serial"},
    {"a serial number that is too long", "0202012c", "0202002c", TROTH_ERR_ENCODING,
     "crl.entry.serial"},
    {"entries are no sequence", "3012020105", "3112020105", TROTH_ERR_TYPE, "crl.entry"},
};

static void test_edits(void)
{
    struct troth_span der = x509_make_crl(&plain);

    for (size_t i = 0; i < COUNT(edits); i++) {
        struct troth_span from = test_hex(edits[i].from), to = test_hex(edits[i].to);
        uint8_t *copy = x509_copy(der);
        struct troth_crl crl;
        struct troth_fault fault;
        size_t at = 0;

        test_case("edit: %s", edits[i].why);
        while (at + from.len < der.len && memcmp(copy + at, from.ptr, from.len) != 0)
            at++;
        if (!CHECK(at + from.len < der.len))
            continue;
        memcpy(copy + at, to.ptr, to.len);
        CHECK_ERR(troth_crl_parse(&crl, &fault, (struct troth_span){copy, der.len}),
                  edits[i].err);
        CHECK_TEXT(fault.field, edits[i].field);
    }
}

static void test_lengths(void)
{
    struct troth_span der = x509_make_crl(&plain);
    struct troth_crl crl;
    unsigned accepted = 0;

    test_case("every truncation is refused");
    for (size_t len = 0; len < der.len; len++)
        accepted += troth_crl_parse(&crl, NULL, (struct troth_span){der.ptr, len}) ==
                    TROTH_OK;
    CHECK_INT(accepted, 0);

    test_case("a certificate is no list");
    const struct x509_cert_recipe cert = {
        .subject = "a", .issuer = "b", .not_after_s = NOON, .signer = X509_P384_A};

    CHECK_ERR(troth_crl_parse(&crl, NULL, x509_make_cert(&cert)), TROTH_ERR_VERSION);
}

int main(void)
{
    test_fields();
    test_extensions();
    test_missing();
    test_edits();
    test_lengths();
    return test_finish();
}
