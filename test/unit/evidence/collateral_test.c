/* SPDX-License-Identifier: Apache-2.0 */
/* Files by content. The objects here are as short as can be: their readers are elsewhere.
 */
#include "troth/collateral.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/harness.h"

/* A certificate begins SEQUENCE, SEQUENCE, [0]; a list SEQUENCE, SEQUENCE, INTEGER. */
#define CERT_HEX         "3004 3002 a000"
#define LIST_HEX         "3005 3003 020101"
#define PEM(label, body) "-----BEGIN " label "-----\n" body "\n-----END " label "-----\n"
#define CERT             PEM("CERTIFICATE", "MAQwAqAA")
#define LIST             PEM("X509 CRL", "MAUwAwIBAQ==")
#define CERT_IN_JSON                                                                     \
    "-----BEGIN CERTIFICATE-----\\nMAQwAqAA\\n-----END CERTIFICATE-----\\n"

#define CERT_IN_URL                                                                      \
    "-----BEGIN%20CERTIFICATE-----%0AMAQwAqAA%0a-----END%20CERTIFICATE-----%0A"

/* The very bytes, white space and order too. */
#define STATEMENT    "{\"b\" :1, \"a\":[\"x\"]}"
#define QUOTED       "{\\\"b\\\" :1, \\\"a\\\":[\\\"x\\\"]}"
#define SIGNATURE_16 "00112233445566778899aabbccddeeFF"
#define SIGNATURE    SIGNATURE_16 SIGNATURE_16 SIGNATURE_16 SIGNATURE_16

#define VCEK "63da758de6644564adc5f4b93be8accd"
#define ASK  "4ab7b379bbac4fe4a02f05aef327c782"
#define END  "00000000000000000000000000000000 00000000 00000000"

/* clang-format off */
static const struct {
    const char *why;
    const char *text; /* or … */
    const char *hex;
    enum troth_err err;
    const char *field; /* NULL: the JSON reader's business */
    const char *kinds; /* a letter each: c certificate, l list, t TCB info, q QE identity */
} rows[] = {
    {"a certificate", NULL, CERT_HEX, TROTH_OK, NULL, "c"},
    {"a list", NULL, LIST_HEX, TROTH_OK, NULL, "l"},
    {"a byte behind it", NULL, CERT_HEX "00", TROTH_ERR_TRAILING, "collateral.der", ""},
    {"something else in DER", NULL, "3004 3002 0400", TROTH_ERR_KIND, "collateral.der", ""},
    {"an empty sequence", NULL, "3000", TROTH_ERR_KIND, "collateral.der", ""},
    {"cut off", NULL, "3004 3002 a0", TROTH_ERR_KIND, "collateral.der", ""},
    {"a length of four gigabytes", NULL, "3084ffffffff 3002 a000", TROTH_ERR_KIND, "collateral.der", ""},

    {"PEM", CERT, NULL, TROTH_OK, NULL, "c"},
    {"PEM of several", CERT LIST CERT, NULL, TROTH_OK, NULL, "clc"},
    {"PEM with text before it", "subject=CN = x\n" CERT, NULL, TROTH_OK, NULL, "c"},
    {"PEM of a key", PEM("PUBLIC KEY", "MAQwAqAA"), NULL, TROTH_ERR_KIND, "collateral.pem.label", ""},
    {"PEM of a certificate, then of a key", CERT PEM("PUBLIC KEY", "MAQwAqAA"), NULL, TROTH_ERR_KIND, "collateral.pem.label", ""},
    {"PEM that does not end", "-----BEGIN CERTIFICATE-----\nMAQwAqAA\n", NULL, TROTH_ERR_SHORT, "collateral.pem", ""},
    {"PEM with a character too many", PEM("CERTIFICATE", "MAQwAqAA*"), NULL, TROTH_ERR_VALUE, "collateral.pem", ""},

    {"a table", NULL, VCEK "48000000 06000000" ASK "4e000000 06000000" END CERT_HEX CERT_HEX, TROTH_OK, NULL, "cc"},
    {"a table of nothing known but its first", NULL, VCEK "30000000 06000000" END CERT_HEX, TROTH_OK, NULL, "c"},
    {"a table with an empty entry", NULL, VCEK "30000000 00000000" END CERT_HEX, TROTH_ERR_KIND, "collateral", ""},
    {"a table that points outside", NULL, VCEK "30000000 07000000" END CERT_HEX, TROTH_ERR_SHORT, "snp.table.entry", ""},
    {"a table of text", NULL, VCEK "30000000 06000000" END "666f6f626172", TROTH_ERR_KIND, "collateral", ""},

    {"Azure's answer", "{\"vcekCert\":\"" CERT_IN_JSON "\",\"tcbm\":\"1\",\"certificateChain\":\"" CERT_IN_JSON CERT_IN_JSON "\",\"cacheControl\":86400}",
     NULL, TROTH_OK, NULL, "ccc"},
    {"with white space before it", "\r\n\t {\"vcekCert\":\"" CERT_IN_JSON "\"}", NULL, TROTH_OK, NULL, "c"},
    {"JSON without certificates", "{\"cert\":\"x\"}", NULL, TROTH_ERR_KIND, "collateral.json", ""},
    {"a certificate that is a number", "{\"vcekCert\":5}", NULL, TROTH_ERR_TYPE, "collateral.json.certificate", ""},
    {"a certificate that is null", "{\"vcekCert\":null}", NULL, TROTH_ERR_TYPE, "collateral.json.certificate", ""},
    {"the same member twice", "{\"vcekCert\":\"" CERT_IN_JSON "\",\"vcekCert\":\"" CERT_IN_JSON "\"}", NULL, TROTH_ERR_DUPLICATE, "collateral.json", ""},
    {"JSON and more", "{\"vcekCert\":\"" CERT_IN_JSON "\"}x", NULL, TROTH_ERR_TRAILING, NULL, ""},
    {"JSON cut off", "{\"vcekCert\":\"" CERT_IN_JSON "\"", NULL, TROTH_ERR_SHORT, NULL, ""},
    {"PEM inside that is none", "{\"vcekCert\":\"-----BEGIN CERTIFICATE-----\"}", NULL, TROTH_ERR_SHORT, "collateral.pem", ""},

    {"hex of a certificate", "30043002a000", NULL, TROTH_OK, NULL, "c"},
    {"hex of a list, white space around it", "\n30053003020101\r\n", NULL, TROTH_OK, NULL, "l"},
    {"an odd number of digits", "30043002a00", NULL, TROTH_ERR_VALUE, "collateral.hex", ""},
    {"hex of something else", "300430020400", NULL, TROTH_ERR_KIND, "collateral.der", ""},
    {"hex of nothing known", "00ff", NULL, TROTH_ERR_KIND, "collateral.der", ""},

    {"a signed TCB info", "{\"tcbInfo\":" STATEMENT ",\"signature\":\"" SIGNATURE "\"}", NULL, TROTH_OK, NULL, "t"},
    {"a signed QE identity, its signature first", "{\"signature\":\"" SIGNATURE "\" , \"enclaveIdentity\" : " STATEMENT " }", NULL, TROTH_OK, NULL, "q"},
    {"one signature for both", "{\"tcbInfo\":" STATEMENT ",\"enclaveIdentity\":" STATEMENT ",\"signature\":\"" SIGNATURE "\"}", NULL, TROTH_ERR_DUPLICATE, "collateral.json.signature", ""},
    {"a statement without signature", "{\"tcbInfo\":" STATEMENT "}", NULL, TROTH_ERR_MISSING, "collateral.json.signature", ""},
    {"a signature of null", "{\"tcbInfo\":" STATEMENT ",\"signature\":null}", NULL, TROTH_ERR_MISSING, "collateral.json.signature", ""},
    {"a signature that is no hex", "{\"tcbInfo\":" STATEMENT ",\"signature\":\"zz\"}", NULL, TROTH_ERR_VALUE, "collateral.json.signature", ""},
    {"a statement that is no object", "{\"tcbInfo\":[],\"signature\":\"" SIGNATURE "\"}", NULL, TROTH_ERR_TYPE, "collateral.json.tcbInfo", ""},
    {"a statement twice", "{\"tcbInfo\":{},\"tcbInfo\":{},\"signature\":\"" SIGNATURE "\"}", NULL, TROTH_ERR_DUPLICATE, "collateral.json", ""},
    {"something behind it", "{\"tcbInfo\":" STATEMENT ",\"signature\":\"" SIGNATURE "\"}x", NULL, TROTH_ERR_TRAILING, NULL, ""},

    {"a bundle", "{\"pck_crl_issuer_chain\":\"" CERT_IN_JSON "\",\"root_ca_crl\":\"30053003020101\",\"pck_crl\":\"MAUwAwIBAQ==\","
     "\"tcb_info_issuer_chain\":\"" CERT_IN_JSON CERT_IN_JSON "\",\"tcb_info\":\"" QUOTED "\",\"tcb_info_signature\":\"" SIGNATURE "\","
     "\"qe_identity_issuer_chain\":\"" CERT_IN_JSON "\",\"qe_identity\":\"" QUOTED "\",\"qe_identity_signature\":\"" SIGNATURE "\"}", NULL, TROTH_OK, NULL, "clltq"},
    {"a bundle of nulls", "{\"pck_crl_issuer_chain\":null,\"root_ca_crl\":null,\"pck_crl\":null,\"tcb_info\":null,\"tcb_info_signature\":null,\"pck_certificate_chain\":null}", NULL, TROTH_OK, NULL, ""},
    {"a bundle with the platform's chain", "{\"pck_certificate_chain\":\"" CERT_IN_JSON "\",\"pck_crl\":\"-----BEGIN X509 CRL-----\\nMAUwAwIBAQ==\\n-----END X509 CRL-----\"}", NULL, TROTH_OK, NULL, "cl"},
    {"a bundle's statement without signature", "{\"tcb_info\":\"" QUOTED "\"}", NULL, TROTH_ERR_MISSING, "collateral.json.tcb_info_signature", ""},
    {"a bundle's list that is neither", "{\"pck_crl\":\"***\"}", NULL, TROTH_ERR_VALUE, "collateral.json.pck_crl", ""},
    {"a bundle's list that is a number", "{\"pck_crl\":5}", NULL, TROTH_ERR_TYPE, "collateral.json.pck_crl", ""},

    {"an answer of Intel's", "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\ntcb-info-issuer-chain: " CERT_IN_URL "\r\n\r\n"
     "{\"tcbInfo\":" STATEMENT ",\"signature\":\"" SIGNATURE "\"}", NULL, TROTH_OK, NULL, "ct"},
    {"the same of version 2, chain twice, CR in it", "HTTP/2 200\nSGX-TCB-Info-Issuer-Chain:" CERT_IN_URL "%0D%0A" CERT_IN_URL "\n\n30053003020101", NULL, TROTH_OK, NULL, "cl"},
    {"an answer behind another", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nSGX-PCK-CRL-Issuer-Chain: " CERT_IN_URL "\r\n\r\n" LIST, NULL, TROTH_OK, NULL, "cl"},
    {"other headers' certificates are not read", "HTTP/1.1 200 OK\r\nX-Issuer-Chain: " CERT_IN_URL "\r\n\r\n" LIST, NULL, TROTH_OK, NULL, "l"},
    {"an answer that says no", "HTTP/1.1 404 Not Found\r\n\r\n" LIST, NULL, TROTH_ERR_VALUE, "collateral.http.status", ""},
    {"an answer of 2000", "HTTP/1.1 2000 OK\r\n\r\n" LIST, NULL, TROTH_ERR_VALUE, "collateral.http.status", ""},
    {"an answer without end of headers", "HTTP/1.1 200 OK\r\nA: b\r\n", NULL, TROTH_ERR_SHORT, "collateral.http", ""},
    {"an answer without body", "HTTP/1.1 200 OK\r\n\r\n", NULL, TROTH_ERR_KIND, "collateral", ""},
    {"a header without colon", "HTTP/1.1 200 OK\r\nabc\r\n\r\n" LIST, NULL, TROTH_ERR_VALUE, "collateral.http.header", ""},
    {"a chain badly encoded", "HTTP/1.1 200 OK\r\nTCB-Info-Issuer-Chain: %2\r\n\r\n" LIST, NULL, TROTH_ERR_VALUE, "collateral.http.issuer_chain", ""},
    {"a chain that breaks off", "HTTP/1.1 200 OK\r\nTCB-Info-Issuer-Chain: -----BEGIN%20CERTIFICATE-----%0A\r\n\r\n" LIST, NULL, TROTH_ERR_SHORT, "collateral.pem", ""},

    {"nothing", "", NULL, TROTH_ERR_KIND, "collateral", ""},
    {"text", "hello", NULL, TROTH_ERR_KIND, "collateral", ""},
    {"a JSON array", "[]", NULL, TROTH_ERR_KIND, "collateral", ""},
    {"base64 of a certificate", "MAQwAqAA", NULL, TROTH_ERR_KIND, "collateral", ""},
};
/* clang-format on */

static struct troth_collateral_item items[TROTH_COLLATERAL_MAX];
static uint8_t memory[16 * 1024];

static void write_kinds(char *out, size_t from, size_t count)
{
    static const char letters[] = {[TROTH_COLLATERAL_CERTIFICATE] = 'c',
                                   [TROTH_COLLATERAL_CRL] = 'l',
                                   [TROTH_COLLATERAL_TCB_INFO] = 't',
                                   [TROTH_COLLATERAL_QE_IDENTITY] = 'q'};

    for (size_t i = from; i < count; i++)
        *out++ = letters[items[i].kind];
    *out = 0;
}

static void check_items(size_t from, size_t count)
{
    for (size_t i = from; i < count; i++) {
        bool is_statement = items[i].kind == TROTH_COLLATERAL_TCB_INFO ||
                            items[i].kind == TROTH_COLLATERAL_QE_IDENTITY;

        CHECK(!items[i].parsed);
        if (is_statement)
            CHECK_SPAN(items[i].bytes, test_text(STATEMENT));
        else if (items[i].kind == TROTH_COLLATERAL_CERTIFICATE)
            CHECK_SPAN(items[i].bytes, test_hex(CERT_HEX));
        else
            CHECK_SPAN(items[i].bytes, test_hex(LIST_HEX));
        CHECK_SPAN(items[i].signature, test_hex(is_statement ? SIGNATURE : ""));
    }
}

/* In memory of exactly its length, so that a read beyond it is seen. */
static struct troth_span bytes_of(size_t row)
{
    struct troth_span source = rows[row].hex ? test_hex(rows[row].hex)
                                             : test_text(rows[row].text);
    uint8_t *bytes = malloc(source.len ? source.len : 1);

    if (source.len)
        memcpy(bytes, source.ptr, source.len);
    return (struct troth_span){bytes, source.len};
}

static void read_rows(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_arena arena = TROTH_ARENA_OVER(memory);
        struct troth_span file = bytes_of(i);
        struct troth_fault fault;
        size_t count = 3;
        char kinds[TROTH_COLLATERAL_MAX + 1];

        test_case("%s", rows[i].why);
        memset(items, 0, sizeof items);
        CHECK_ERR(troth_collateral_read(items, &count, &fault, file, &arena),
                  rows[i].err);
        CHECK_ERR(fault.err, rows[i].err);
        if (rows[i].field || !rows[i].err)
            CHECK_TEXT(fault.field, rows[i].field);
        write_kinds(kinds, 3, count);
        CHECK_TEXT(kinds, rows[i].kinds);
        check_items(3, count);
        count = 0;
        arena.used = 0;
        CHECK_ERR(troth_collateral_read(items, &count, NULL, file, &arena), rows[i].err);
        free((void *)file.ptr);
    }
}

/* Items are counted over all files of one call, and none of a file that does not fit is
 * kept. */
static void fill_up(void)
{
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_fault fault;
    size_t count = 0;

    test_case("as many as there is room for");
    while (count < TROTH_COLLATERAL_MAX - 1)
        CHECK_ERR(
            troth_collateral_read(items, &count, &fault, test_hex(CERT_HEX), &arena),
            TROTH_OK);
    CHECK_ERR(troth_collateral_read(items, &count, &fault, test_text(CERT LIST), &arena),
              TROTH_ERR_LIMIT);
    CHECK_INT(count, TROTH_COLLATERAL_MAX - 1);
    CHECK_TEXT(fault.field, "collateral");
    CHECK_ERR(troth_collateral_read(items, &count, &fault, test_text(LIST), &arena),
              TROTH_OK);
    CHECK_ERR(troth_collateral_read(items, &count, &fault, test_hex(CERT_HEX), &arena),
              TROTH_ERR_LIMIT);
    CHECK_INT(count, TROTH_COLLATERAL_MAX);
}

static void starve(void)
{
    static const char *const files[] = {CERT LIST, "{\"vcekCert\":\"" CERT_IN_JSON "\"}"};

    for (size_t i = 0; i < COUNT(files); i++) {
        struct troth_arena arena = TROTH_ARENA_OVER(memory);
        struct troth_fault fault;
        size_t count = 0, needed;

        test_case("too little memory for file %zu", i);
        CHECK_ERR(
            troth_collateral_read(items, &count, &fault, test_text(files[i]), &arena),
            TROTH_OK);
        needed = arena.used;
        for (size_t size = 0; size < needed; size++) {
            arena = (struct troth_arena){memory, size, 0};
            count = 0;
            CHECK_ERR(
                troth_collateral_read(items, &count, &fault, test_text(files[i]), &arena),
                TROTH_ERR_MEMORY);
            CHECK_INT(count, 0);
        }
    }
}

/* DER is borrowed, not copied. */
static void borrow(void)
{
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_span file = test_hex(CERT_HEX);
    size_t count = 0;

    test_case("DER stays where it is");
    CHECK_ERR(troth_collateral_read(items, &count, NULL, file, &arena), TROTH_OK);
    CHECK(items[0].bytes.ptr == file.ptr && arena.used == 0);
}

/* clang-format off */
static const struct {
    const char *file;
    size_t certificates;
} genuine[] = {
    {"roots/aws_nitro_root_g1.pem", 1}, {"roots/amd_ask_ark_milan.pem", 2},
    {"snp/trustee_vcek.der", 1}, {"snp/mssidecar_host_amd_cert.json", 3},
    {"snp/mssidecar_host_amd_cert.pem", 3}, {"snp/virtee_cert_chain_turin.pem", 2},
    {"nitro/blocky_selfsigned_cert.der", 1},
};
/* clang-format on */

static void read_genuine(void)
{
    static uint8_t room[256 * 1024];

    for (size_t i = 0; i < COUNT(genuine); i++) {
        struct troth_arena arena = TROTH_ARENA_OVER(room);
        size_t count = 0;

        test_case("%s", genuine[i].file);
        if (!test_vectors_dir()) {
            test_skip("no vectors here");
            continue;
        }
        CHECK_ERR(troth_collateral_read(items, &count, NULL, test_vector(genuine[i].file),
                                        &arena),
                  TROTH_OK);
        CHECK_INT(count, genuine[i].certificates);
        for (size_t k = 0; k < count; k++)
            CHECK_INT(items[k].kind, TROTH_COLLATERAL_CERTIFICATE);
    }
}

int main(void)
{
    read_rows();
    fill_up();
    starve();
    borrow();
    read_genuine();
    return test_finish();
}
