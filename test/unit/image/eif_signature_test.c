/* SPDX-License-Identifier: Apache-2.0 */
#include "image/eif_signature.h"

#include <string.h>

#include "base/writer.h"
#include "test/harness.h"
#include "test/support/failing_crypto.h"
#include "test/support/x509_make.h"
#include "test/unit/image/eif_make.h"
#include "troth/provider.h"

static struct troth_crypto crypto;
static uint8_t room[EIF_MAKE_MAX];
static uint8_t memory[TROTH_EIF_SIGNATURE_ROOM];

/* A register that needs one and two bytes a number. */
static uint8_t pcr0[TROTH_PCR_SIZE];

static enum troth_err read(struct troth_eif_signature *out, struct troth_fault *fault,
                           struct troth_span data)
{
    struct troth_arena arena = TROTH_ARENA_OVER(memory);

    memset(out, 0xa5, sizeof *out);
    return troth_eif_signature_read(out, fault, data, &arena);
}

/* clang-format off */
/* Where the arrays begin: the signature's is told when it is made, and one more is behind
 * all of it. */
enum { CERTIFICATE = 22, SIGNATURE = 100000, BEHIND };

#define PCR "9830" "000000000000000000000000" "000000000000000000000000" "000000000000000000000000" "000000000000000000000000"
#define PCR_SHORT "982f" "0000000000000000000000" "000000000000000000000000" "000000000000000000000000" "000000000000000000000000"
#define INDEX "6e72656769737465725f696e646578"
#define VALUE "6e72656769737465725f76616c7565"

static const struct {
    const char *why;
    struct eif_signature_recipe recipe;
    enum troth_err err;
    const char *field;
    size_t offset;
} refusals[] = {
    {"byte strings where a device wants numbers", {.as_byte_strings = true}, TROTH_ERR_TYPE, "eif.signature.signing_certificate", CERTIFICATE},
    {"a number that is no byte",         {.number_256 = 1}, TROTH_ERR_VALUE, "eif.signature.signing_certificate", CERTIFICATE + 16},
    {"another key",                      {.certificate_key = "certificate"}, TROTH_ERR_UNSUPPORTED, "eif.signature.key", CERTIFICATE - 8},
    {"a key twice",                      {.certificate_key = "signature", .pem = "123"}, TROTH_ERR_DUPLICATE, "eif.signature.key", 19},
    {"two signatures",                   {.two_entries = true, .pem = "x"}, TROTH_ERR_UNSUPPORTED, "eif.signature", BEHIND},
    {"bytes behind it",                  {.tail_hex = "00"}, TROTH_ERR_TRAILING, "eif.signature", BEHIND},
    {"no PEM",                           {.pem = "nothing"}, TROTH_ERR_MISSING, "eif.signature.signing_certificate", CERTIFICATE},
    {"an empty one",                     {.pem = ""}, TROTH_ERR_MISSING, "eif.signature.signing_certificate", CERTIFICATE},
    {"PEM that is none",                 {.pem = "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"}, TROTH_ERR_VALUE, "eif.signature.signing_certificate", CERTIFICATE},
    {"PEM of something else",            {.pem = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"}, TROTH_ERR_VALUE, "eif.signature.signing_certificate", CERTIFICATE},
    {"two certificates",                 {.pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"}, TROTH_ERR_UNSUPPORTED, "eif.signature.signing_certificate", CERTIFICATE},
    {"no certificate in the PEM",        {.pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"}, TROTH_ERR_TYPE, "eif.signature.signing_certificate", CERTIFICATE},
    {"a tag",                            {.tag_hex = "d2"}, TROTH_ERR_UNSUPPORTED, "eif.signature.tag", SIGNATURE},
    {"no algorithm",                     {.protected_hex = "a0"}, TROTH_ERR_ALGORITHM, "eif.signature.algorithm", SIGNATURE},
    {"ES512",                            {.protected_hex = "a1013823"}, TROTH_ERR_ALGORITHM, "eif.signature.algorithm", SIGNATURE},
    {"EdDSA",                            {.protected_hex = "a10127"}, TROTH_ERR_ALGORITHM, "eif.signature.algorithm", SIGNATURE},
    {"another protected header",         {.protected_hex = "a20138220440"}, TROTH_ERR_UNSUPPORTED, "eif.signature.header", SIGNATURE},
    {"an unprotected header",            {.unprotected_hex = "a10440"}, TROTH_ERR_UNSUPPORTED, "eif.signature.header", SIGNATURE},
    {"no COSE",                          {.unprotected_hex = "00"}, TROTH_ERR_TYPE, "eif.signature.signature", SIGNATURE},
    {"a signature of the other size",    {.protected_hex = "a10126"}, TROTH_ERR_VALUE, "eif.signature.signature", SIGNATURE},
    {"an empty signature",               {.signature_hex = ""}, TROTH_ERR_VALUE, "eif.signature.signature", SIGNATURE},
    {"register 1",                       {.index = 1}, TROTH_ERR_VALUE, "eif.signature.register_index", SIGNATURE},
    {"no register",                      {.payload_hex = "a1" VALUE PCR}, TROTH_ERR_VALUE, "eif.signature.register_index", SIGNATURE},
    {"no value",                         {.payload_hex = "a1" INDEX "00"}, TROTH_ERR_VALUE, "eif.signature.register_value", SIGNATURE},
    {"a value of 47 bytes",              {.payload_hex = "a2" INDEX "00" VALUE PCR_SHORT}, TROTH_ERR_VALUE, "eif.signature.register_value", SIGNATURE},
    {"a value as a byte string",         {.payload_hex = "a2" INDEX "00" VALUE "4100"}, TROTH_ERR_TYPE, "eif.signature.register_value", SIGNATURE},
    {"something more in the payload",    {.payload_hex = "a3" INDEX "00" VALUE PCR "616100"}, TROTH_ERR_UNSUPPORTED, "eif.signature.payload", SIGNATURE},
    {"the register twice",               {.payload_hex = "a2" INDEX "00" INDEX "00"}, TROTH_ERR_DUPLICATE, "eif.signature.payload", SIGNATURE},
    {"bytes behind the payload",         {.payload_hex = "a2" INDEX "00" VALUE PCR "00"}, TROTH_ERR_TRAILING, "eif.signature", SIGNATURE},
    {"an empty payload",                 {.payload_hex = ""}, TROTH_ERR_SHORT, "eif.signature.payload", SIGNATURE},
};
/* clang-format on */

static void test_refusals(void)
{
    for (size_t i = 0; i < COUNT(refusals); i++) {
        struct troth_eif_signature signature;
        struct troth_fault fault;
        size_t at;
        const struct troth_span data = eif_make_signature(room, &refusals[i].recipe, &at);
        size_t wanted = refusals[i].offset;

        test_case("refused: %s", refusals[i].why);
        if (wanted >= SIGNATURE)
            wanted = wanted == SIGNATURE ? at : 0;
        CHECK_ERR(read(&signature, &fault, data), refusals[i].err);
        CHECK_ERR(fault.err, refusals[i].err);
        CHECK_TEXT(fault.field, refusals[i].field);
        if (wanted)
            CHECK_INT(fault.offset, wanted);
        else
            CHECK(fault.offset > at && fault.offset < data.len);
        CHECK(signature.certificate.ptr == NULL && signature.certificate_pem.ptr == NULL);
        CHECK(signature.payload.ptr == NULL && signature.signature.ptr == NULL);
        CHECK_INT(signature.algorithm, TROTH_SIGNATURE_NONE);
    }
}

/* What stands for what: half of an entry, an entry that is no map. */
static void test_raw(void)
{
    static const struct {
        const char *why, *hex;
        enum troth_err err;
        const char *field;
        size_t offset;
    } rows[] = {
        {"nothing", "", TROTH_ERR_SHORT, "eif.signature", 0},
        {"no array", "a0", TROTH_ERR_TYPE, "eif.signature", 0},
        {"an empty array", "80", TROTH_ERR_MISSING, "eif.signature", 1},
        {"no map", "8100", TROTH_ERR_TYPE, "eif.signature", 1},
        {"an empty map", "81a0", TROTH_ERR_MISSING, "eif.signature.signing_certificate",
         2},
        {"no signature", "81a1737369676e696e675f636572746966696361746580",
         TROTH_ERR_MISSING, "eif.signature.signature", 23},
        {"a number not in its shortest form",
         "81a1737369676e696e675f6365727469666963617465811800", TROTH_ERR_ENCODING,
         "eif.signature.signing_certificate", 23},
        {"more numbers than bytes", "81a1737369676e696e675f63657274696669636174658200",
         TROTH_ERR_SHORT, "eif.signature.signing_certificate", 22},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_eif_signature signature;
        struct troth_fault fault;

        test_case("refused: %s", rows[i].why);
        CHECK_ERR(read(&signature, &fault, test_hex(rows[i].hex)), rows[i].err);
        CHECK_TEXT(fault.field, rows[i].field);
        CHECK_INT(fault.offset, rows[i].offset);
    }
}

/* A certificate of so many bytes beside what each has. */
static const char *long_pem(size_t len)
{
    static uint8_t der[16384];
    const struct troth_span before = test_hex("02010130003000300030003000");
    const struct troth_span behind = test_hex("300306012a03020000");
    struct troth_writer w = troth_writer_over(der, sizeof der);

    memset(der, 0, sizeof der);
    troth_write_uint_be(&w, 0x3082, 2);
    troth_write_uint_be(&w, 4 + before.len + len + behind.len, 2);
    troth_write_uint_be(&w, 0x3082, 2);
    troth_write_uint_be(&w, before.len + len, 2);
    troth_write_bytes(&w, before);
    w.len += len;
    troth_write_bytes(&w, behind);
    return (const char *)eif_pem(troth_writer_span(&w)).ptr;
}

/* Letters take two bytes a number. */
static void test_sizes(void)
{
    struct troth_eif_signature signature;
    struct eif_signature_recipe recipe = {.pem = long_pem(11670)};
    struct troth_span data;
    struct troth_fault fault;
    size_t at;

    test_case("a long certificate");
    data = eif_make_signature(room, &recipe, &at);
    CHECK(data.len <= TROTH_EIF_SIGNATURE_MAX && data.len > 31500);
    CHECK_ERR(read(&signature, &fault, data), TROTH_OK);
    CHECK_INT(signature.certificate.len, 11700);

    test_case("a certificate too long");
    recipe.pem = long_pem(12400);
    data = eif_make_signature(room, &recipe, &at);
    CHECK(data.len > TROTH_EIF_SIGNATURE_MAX);
    CHECK_ERR(read(&signature, &fault, data), TROTH_ERR_LIMIT);
    CHECK_TEXT(fault.field, "eif.signature");
}

/* Room is for the worst there can be: a number a byte, all of them the certificate's. */
static void test_worst(void)
{
    struct troth_eif_signature signature;
    struct troth_fault fault;
    const struct troth_span start = test_hex(
        "81a2737369676e696e675f6365727469666963617465997fc0");
    const struct troth_span end = test_hex("697369676e617475726580");
    const size_t len = start.len + 0x7fc0 + end.len;

    test_case("a section of nothing but small numbers");
    memcpy(room, start.ptr, start.len);
    memset(room + start.len, '\n', 0x7fc0);
    memcpy(room + start.len + 0x7fc0, end.ptr, end.len);
    CHECK(len <= TROTH_EIF_SIGNATURE_MAX);
    CHECK_ERR(read(&signature, &fault, (struct troth_span){room, len}),
              TROTH_ERR_MISSING);
    CHECK_TEXT(fault.field, "eif.signature.signing_certificate");
}

static void test_lengths(void)
{
    const struct eif_signature_recipe recipe = {.key = X509_P256_A};
    struct troth_eif_signature signature;
    struct troth_fault fault;
    size_t at;
    const struct troth_span data = eif_make_signature(room, &recipe, &at);

    test_case("cut off anywhere");
    for (size_t len = 0; len < data.len; len++)
        if (!CHECK(read(&signature, &fault, (struct troth_span){data.ptr, len}) !=
                   TROTH_OK) ||
            !CHECK(fault.field != NULL && fault.offset <= len))
            return;
}

/* clang-format off */
static const struct {
    const char *why;
    enum x509_key key;
    enum troth_signature_algorithm algorithm;
} keys[] = {
    {"P-384", X509_P384_A, TROTH_ECDSA_P384_SHA384},
    {"P-256", X509_P256_A, TROTH_ECDSA_P256_SHA256},
};
/* clang-format on */

static void test_good(void)
{
    for (size_t i = 0; i < COUNT(keys); i++) {
        const struct eif_signature_recipe recipe = {.key = keys[i].key, .pcr0 = pcr0};
        struct troth_eif_signature signature;
        uint8_t other[TROTH_PCR_SIZE];
        struct troth_fault fault;
        size_t at;

        test_case("signed by OpenSSL: %s", keys[i].why);
        CHECK_ERR(read(&signature, &fault, eif_make_signature(room, &recipe, &at)),
                  TROTH_OK);
        CHECK_INT(signature.algorithm, keys[i].algorithm);
        CHECK(memcmp(signature.pcr0, pcr0, sizeof pcr0) == 0);
        CHECK(memcmp(signature.certificate_pem.ptr, "-----BEGIN", 10) == 0);
        CHECK_ERR(troth_eif_signature_verify(&signature, &fault, &crypto, pcr0),
                  TROTH_OK);
        CHECK(fault.err == TROTH_OK && fault.field == NULL);

        test_case("of another image: %s", keys[i].why);
        memcpy(other, pcr0, sizeof other);
        other[47] ^= 1;
        CHECK_ERR(troth_eif_signature_verify(&signature, &fault, &crypto, other),
                  TROTH_ERR_MISMATCH);
        CHECK_TEXT(fault.field, "eif.signature.register_value");

        test_case("the library fails: %s", keys[i].why);
        struct failing_crypto failing;
        const struct troth_crypto with = failing_crypto_over(&failing, &crypto, 1);

        CHECK_ERR(troth_eif_signature_verify(&signature, &fault, &with, pcr0),
                  TROTH_ERR_CRYPTO);
    }
}

static void test_bad(void)
{
    struct troth_eif_signature signature;
    struct troth_fault fault;
    size_t at;

    test_case("one bit of the signature");
    CHECK_ERR(
        read(&signature, NULL,
             eif_make_signature(
                 room, &(struct eif_signature_recipe){.pcr0 = pcr0, .flip = true}, &at)),
        TROTH_OK);
    CHECK_ERR(troth_eif_signature_verify(&signature, &fault, &crypto, pcr0),
              TROTH_ERR_SIGNATURE);
    CHECK_TEXT(fault.field, "eif.signature.signature");

    test_case("another's certificate");
    struct eif_signature_recipe recipe = {.key = X509_P384_A, .pcr0 = pcr0};
    char pem[4096] = "";
    struct troth_span text = eif_certificate_pem(X509_P384_B);

    memcpy(pem, text.ptr, text.len);
    recipe.pem = pem;
    CHECK_ERR(read(&signature, NULL, eif_make_signature(room, &recipe, &at)), TROTH_OK);
    CHECK_ERR(troth_eif_signature_verify(&signature, &fault, &crypto, pcr0),
              TROTH_ERR_SIGNATURE);

    test_case("a certificate of the other curve");
    memset(pem, 0, sizeof pem);
    text = eif_certificate_pem(X509_P256_A);
    memcpy(pem, text.ptr, text.len);
    CHECK_ERR(read(&signature, NULL, eif_make_signature(room, &recipe, &at)), TROTH_OK);
    CHECK_ERR(troth_eif_signature_verify(&signature, &fault, &crypto, pcr0),
              TROTH_ERR_KEY);

    test_case("a certificate whose key is none");
    recipe.pem = long_pem(1000);
    CHECK_ERR(read(&signature, NULL, eif_make_signature(room, &recipe, &at)), TROTH_OK);
    CHECK_ERR(troth_eif_signature_verify(&signature, &fault, &crypto, pcr0),
              TROTH_ERR_KEY);
    CHECK_TEXT(fault.field, "eif.signature.signature");
}

int main(void)
{
    if (troth_provider_create(&crypto))
        return 1;
    for (size_t i = 0; i < sizeof pcr0; i++)
        pcr0[i] = (uint8_t)(i * 5);
    test_refusals();
    test_raw();
    test_sizes();
    test_worst();
    test_lengths();
    test_good();
    test_bad();
    x509_forget();
    troth_provider_destroy(&crypto);
    return test_finish();
}
