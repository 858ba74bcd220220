/* SPDX-License-Identifier: Apache-2.0 */
#include <cbor.h>
#include <openssl/asn1.h>
#include <openssl/objects.h>

#include "sim/cbor.h"
#include "sim/der.h"
#include "sim/pem.h"
#include "test/harness.h"

/* The minted bytes against those wanted; frees the former. */
static void check_bytes(struct sim_bytes seen, const char *wanted_hex)
{
    CHECK_SPAN(sim_bytes_span(seen), test_hex(wanted_hex));
    sim_bytes_free(&seen);
}

static const struct {
    const char *why;
    uint64_t number;
    const char *der;
    const char *cbor;
} numbers[] = {
    {"zero", 0, "020100", "00"},
    {"the last in one byte of CBOR", 23, "020117", "17"},
    {"the first in two", 24, "020118", "1818"},
    {"the top bit set: DER adds a zero", 0xdb, "020200db", "18db"},
    {"two bytes", 0x100, "02020100", "190100"},
    {"four bytes", 0x10000, "0203010000", "1a00010000"},
    {"eight bytes", UINT64_C(0x198bc571bf3), "02060198bc571bf3", "1b00000198bc571bf3"},
};

static void number_cases(void)
{
    for (size_t i = 0; i < COUNT(numbers); i++) {
        struct sim_bytes der = {0};
        struct sim_bytes cbor = {0};

        test_case("number: %s", numbers[i].why);
        sim_der_number(&der, numbers[i].number);
        check_bytes(der, numbers[i].der);
        sim_cbor_head(&cbor, SIM_CBOR_UINT, numbers[i].number);
        check_bytes(cbor, numbers[i].cbor);
    }
}

static void oid_cases(void)
{
    static const char *const oids[] = {"2.5.29.15", "1.3.6.1.4.1.3704.1.3.9",
                                       "1.2.840.113549.1.1.10", "1.3.132.0.34"};

    for (size_t i = 0; i < COUNT(oids); i++) {
        struct sim_bytes seen = {0};
        ASN1_OBJECT *object = OBJ_txt2obj(oids[i], 1);
        unsigned char *wanted = NULL;
        int len = i2d_ASN1_OBJECT(object, &wanted);

        test_case("object identifier as OpenSSL writes it: %s", oids[i]);
        sim_der_oid(&seen, oids[i]);
        CHECK_SPAN(sim_bytes_span(seen), ((struct troth_span){wanted, (size_t)len}));
        sim_bytes_free(&seen);
        OPENSSL_free(wanted);
        ASN1_OBJECT_free(object);
    }
}

static const struct {
    const char *why;
    int64_t time_s;
    const char *text;
    uint8_t tag;
} times[] = {
    {"a leap day", 951782400, "000229000000Z", SIM_DER_UTC_TIME},
    {"the last second of UTCTime", 2524607999, "491231235959Z", SIM_DER_UTC_TIME},
    {"the first after it", 2524608000, "20500101000000Z", SIM_DER_GENERALIZED_TIME},
    {"before 1950", -631152001, "19491231235959Z", SIM_DER_GENERALIZED_TIME},
};

static void time_cases(void)
{
    for (size_t i = 0; i < COUNT(times); i++) {
        struct sim_bytes seen = {0};
        struct sim_bytes wanted = {0};

        test_case("time: %s", times[i].why);
        sim_der_time(&seen, times[i].time_s);
        sim_der_put(&wanted, times[i].tag, test_text(times[i].text));
        CHECK_SPAN(sim_bytes_span(seen), sim_bytes_span(wanted));
        sim_bytes_free(&seen);
        sim_bytes_free(&wanted);
    }
}

static const struct {
    const char *why;
    size_t len;
    const char *head;
} lengths[] = {
    {"nothing", 0, "0400"},
    {"the longest short form", 127, "047f"},
    {"one byte of length", 128, "048180"},
    {"two", 256, "04820100"},
    {"three", 65536, "0483010000"},
};

static void length_cases(void)
{
    for (size_t i = 0; i < COUNT(lengths); i++) {
        struct sim_bytes content = {0};
        struct sim_bytes seen = {0};
        const struct troth_span head = test_hex(lengths[i].head);

        test_case("DER length: %s", lengths[i].why);
        sim_bytes_append_zeros(&content, lengths[i].len);
        sim_der_wrap(&seen, SIM_DER_OCTET_STRING, content);
        CHECK_INT(seen.len, head.len + lengths[i].len);
        CHECK_SPAN(((struct troth_span){seen.ptr, head.len}), head);
        sim_bytes_free(&seen);
    }
}

static void libcbor_reads(void)
{
    struct sim_bytes seen = {0};
    struct cbor_load_result result;

    test_case("libcbor reads a map of unknown length");
    sim_cbor_open_map(&seen);
    sim_cbor_text(&seen, "a");
    sim_cbor_null(&seen);
    sim_cbor_text(&seen, "b");
    sim_cbor_bytes(&seen, TROTH_LITERAL("12345678901234567890123456"));
    sim_cbor_break(&seen);
    cbor_item_t *map = cbor_load(seen.ptr, seen.len, &result);
    if (CHECK(map && cbor_isa_map(map))) {
        CHECK_INT(result.read, seen.len);
        CHECK(cbor_map_is_indefinite(map));
        CHECK_INT(cbor_map_size(map), 2);
        CHECK(cbor_is_null(cbor_map_handle(map)[0].value));
        CHECK_INT(cbor_bytestring_length(cbor_map_handle(map)[1].value), 26);
        cbor_decref(&map);
    }
    sim_bytes_free(&seen);
}

static void pem_case(void)
{
    uint8_t der[50];
    for (size_t i = 0; i < sizeof der; i++)
        der[i] = (uint8_t)i;
    struct sim_bytes text = sim_pem_mint("X509 CRL", SIM_ARRAY(der));

    test_case("PEM in lines of 64 characters");
    CHECK_SPAN(
        sim_bytes_span(text),
        test_text("-----BEGIN X509 CRL-----\n"
                  "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4v\n"
                  "MDE=\n"
                  "-----END X509 CRL-----\n"));
    sim_bytes_free(&text);
}

int main(void)
{
    number_cases();
    oid_cases();
    time_cases();
    length_cases();
    libcbor_reads();
    pem_case();
    return test_finish();
}
