/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/dcap/pck.h"

#include <openssl/asn1.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/unit/evidence/dcap/documents.h"

/* Elements are written TAG(CONTENTS); see assemble(). */
#define ARC               "2a864886f84d010d01"
#define ENTRY_(id, value) "30(06(" ARC id ")" value ")"
#define BYTES16           "04(000102030405060708090a0b0c0d0e0f)"
#define PPID              ENTRY_("01", BYTES16)
#define SVN(arc, value)   ENTRY_("02" arc, "02(" value ")")
#define COMPONENTS                                                                       \
    SVN("01", "11")                                                                      \
    SVN("02", "12")                                                                      \
    SVN("03", "13")                                                                      \
    SVN("04", "14")                                                                      \
    SVN("05", "15")                                                                      \
    SVN("06", "16")                                                                      \
    SVN("07", "17")                                                                      \
    SVN("08", "18")                                                                      \
    SVN("09", "19")                                                                      \
    SVN("0a", "1a")                                                                      \
    SVN("0b", "1b") SVN("0c", "1c") SVN("0d", "1d") SVN("0e", "1e") SVN("0f", "1f")
#define LAST             SVN("10", "20")
#define PCE_SVN          SVN("11", "1234")
#define CPU_SVN          ENTRY_("0212", BYTES16)
#define TCB_OF(versions) ENTRY_("02", "30(" versions ")")
#define TCB              TCB_OF(COMPONENTS LAST PCE_SVN CPU_SVN)
#define PCE_ID           ENTRY_("03", "04(0a0b)")
#define FMSPC            ENTRY_("04", "04(00906ed50000)")
#define TYPE(n)          ENTRY_("05", "0a(" n ")")
#define INSTANCE         ENTRY_("06", BYTES16)
#define FLAG(arc, value) ENTRY_("07" arc, "01(" value ")")
#define CONFIG(flags)    ENTRY_("07", "30(" flags ")")
#define REST             PCE_ID FMSPC TYPE("00")
#define ALL              PPID TCB REST
#define UNKNOWN(oid)     "30(06(" oid ")0500)"

/* clang-format off */
static const struct {
    const char *why;
    const char *entries;
    enum troth_err err;
    const char *field;
} rows[] = {
    {"what a Processor CA's has", ALL, TROTH_OK, NULL},
    {"what a Platform CA's has", ALL INSTANCE CONFIG(FLAG("01", "ff") FLAG("02", "00") FLAG("03", "ff")), TROTH_OK, NULL},
    {"a configuration of one", ALL CONFIG(FLAG("03", "00")), TROTH_OK, NULL},
    {"an empty configuration", ALL CONFIG(""), TROTH_OK, NULL},
    {"any order", TYPE("02") FMSPC PCE_ID TCB PPID, TROTH_OK, NULL},
    {"any order of versions", PPID TCB_OF(CPU_SVN LAST PCE_SVN COMPONENTS) REST, TROTH_OK, NULL},
    {"an entry without a meaning", ALL UNKNOWN(ARC "08"), TROTH_OK, NULL},
    {"the same twice", ALL UNKNOWN(ARC "08") UNKNOWN(ARC "08"), TROTH_OK, NULL},
    {"a number above 31", UNKNOWN(ARC "21") ALL, TROTH_OK, NULL},
    {"a longer identifier", ALL UNKNOWN(ARC "0101"), TROTH_OK, NULL},
    {"a shorter one", ALL UNKNOWN(ARC), TROTH_OK, NULL},
    {"another tree altogether", ALL UNKNOWN("550403"), TROTH_OK, NULL},
    {"a version without a meaning", PPID TCB_OF(COMPONENTS LAST UNKNOWN(ARC "0213") PCE_SVN CPU_SVN) REST, TROTH_OK, NULL},
    {"a flag without a meaning", ALL CONFIG(UNKNOWN(ARC "0704")), TROTH_OK, NULL},
    {"no PPID", TCB REST, TROTH_ERR_MISSING, "dcap.pck.extension"},
    {"no TCB", PPID REST, TROTH_ERR_MISSING, "dcap.pck.extension"},
    {"no PCEID", PPID TCB FMSPC TYPE("00"), TROTH_ERR_MISSING, "dcap.pck.extension"},
    {"no FMSPC", PPID TCB PCE_ID TYPE("00"), TROTH_ERR_MISSING, "dcap.pck.extension"},
    {"no SGX type", PPID TCB PCE_ID FMSPC, TROTH_ERR_MISSING, "dcap.pck.extension"},
    {"nothing", "", TROTH_ERR_MISSING, "dcap.pck.extension"},
    {"a PPID twice", ALL PPID, TROTH_ERR_DUPLICATE, "dcap.pck.extension"},
    {"a TCB twice", ALL TCB, TROTH_ERR_DUPLICATE, "dcap.pck.extension"},
    {"an FMSPC twice", FMSPC ALL, TROTH_ERR_DUPLICATE, "dcap.pck.extension"},
    {"an instance twice", ALL INSTANCE INSTANCE, TROTH_ERR_DUPLICATE, "dcap.pck.extension"},
    {"a flag twice", ALL CONFIG(FLAG("01", "ff") FLAG("01", "00")), TROTH_ERR_DUPLICATE, "dcap.pck.configuration"},
    {"fifteen components", PPID TCB_OF(COMPONENTS PCE_SVN CPU_SVN) REST, TROTH_ERR_MISSING, "dcap.pck.tcb"},
    {"no PCESVN", PPID TCB_OF(COMPONENTS LAST CPU_SVN) REST, TROTH_ERR_MISSING, "dcap.pck.tcb"},
    {"no CPUSVN", PPID TCB_OF(COMPONENTS LAST PCE_SVN) REST, TROTH_ERR_MISSING, "dcap.pck.tcb"},
    {"a component twice", PPID TCB_OF(COMPONENTS LAST LAST PCE_SVN CPU_SVN) REST, TROTH_ERR_DUPLICATE, "dcap.pck.tcb"},
    {"a component of zero", PPID TCB_OF(COMPONENTS SVN("10", "00") PCE_SVN CPU_SVN) REST, TROTH_OK, NULL},
    {"component 255", PPID TCB_OF(COMPONENTS SVN("10", "00ff") PCE_SVN CPU_SVN) REST, TROTH_OK, NULL},
    {"component 256", PPID TCB_OF(COMPONENTS SVN("10", "0100") PCE_SVN CPU_SVN) REST, TROTH_ERR_VALUE, "dcap.pck.component"},
    {"component -1", PPID TCB_OF(COMPONENTS SVN("10", "ff") PCE_SVN CPU_SVN) REST, TROTH_ERR_VALUE, "dcap.pck.component"},
    {"component 1 in two bytes", PPID TCB_OF(COMPONENTS SVN("10", "0001") PCE_SVN CPU_SVN) REST, TROTH_ERR_ENCODING, "dcap.pck.component"},
    {"PCESVN 65535", PPID TCB_OF(COMPONENTS LAST SVN("11", "00ffff") CPU_SVN) REST, TROTH_OK, NULL},
    {"PCESVN 65536", PPID TCB_OF(COMPONENTS LAST SVN("11", "010000") CPU_SVN) REST, TROTH_ERR_VALUE, "dcap.pck.pce_svn"},
    {"a CPUSVN of one", PPID TCB_OF(COMPONENTS LAST PCE_SVN ENTRY_("0212", "04(00)")) REST, TROTH_ERR_VALUE, "dcap.pck.cpu_svn"},
    {"a PPID of 15 bytes", ENTRY_("01", "04(000102030405060708090a0b0c0d0e)") TCB REST, TROTH_ERR_VALUE, "dcap.pck.ppid"},
    {"an empty PPID", ENTRY_("01", "04()") TCB REST, TROTH_ERR_VALUE, "dcap.pck.ppid"},
    {"a PCEID of three", PPID TCB ENTRY_("03", "04(0a0b0c)") FMSPC TYPE("00"), TROTH_ERR_VALUE, "dcap.pck.pce_id"},
    {"an FMSPC of five", PPID TCB PCE_ID ENTRY_("04", "04(00906ed500)") TYPE("00"), TROTH_ERR_VALUE, "dcap.pck.fmspc"},
    {"an instance of 17", ALL ENTRY_("06", "04(000102030405060708090a0b0c0d0e0f10)"), TROTH_ERR_VALUE, "dcap.pck.platform_instance_id"},
    {"SGX type 3", PPID TCB PCE_ID FMSPC TYPE("03"), TROTH_ERR_VALUE, "dcap.pck.sgx_type"},
    {"SGX type 256", PPID TCB PCE_ID FMSPC TYPE("0100"), TROTH_ERR_VALUE, "dcap.pck.sgx_type"},
    {"an SGX type that is an INTEGER", PPID TCB PCE_ID FMSPC ENTRY_("05", "02(00)"), TROTH_ERR_TYPE, "dcap.pck.sgx_type"},
    {"a PPID that is an INTEGER", ENTRY_("01", "02(000102030405060708090a0b0c0d0e0f)") TCB REST, TROTH_ERR_TYPE, "dcap.pck.ppid"},
    {"a flag that is neither", ALL CONFIG(FLAG("03", "01")), TROTH_ERR_ENCODING, "dcap.pck.configuration"},
    {"an entry that is no SEQUENCE", ALL "31(06(" ARC "08)0500)", TROTH_ERR_TYPE, "dcap.pck.extension"},
    {"an entry without a value", ALL "30(06(" ARC "08))", TROTH_ERR_SHORT, "dcap.pck.extension"},
    {"more within an entry", PPID TCB PCE_ID FMSPC ENTRY_("05", "0a(00)0500"), TROTH_ERR_TRAILING, NULL},
};
/* clang-format on */

/* Put the length of what follows `start` before it, in its shortest form. */
static size_t close_element(uint8_t *room, size_t start, size_t end)
{
    const size_t len = end - start;
    const size_t width = len < 128 ? 1 : len < 256 ? 2 : 3;

    memmove(room + start + width, room + start, len);
    if (width > 1)
        room[start] = (uint8_t)(0x80 + width - 1);
    for (size_t i = width > 1; i < width; i++)
        room[start + i] = (uint8_t)(len >> 8 * (width - 1 - i));
    return end + width;
}

/* Hex with parentheses around contents, for which the length is put in. */
static struct troth_span assemble(const char *text)
{
    static uint8_t room[4096];
    size_t starts[16], depth = 0, len = 0;

    for (; *text; text++) {
        const char pair[] = {text[0], text[1], 0};

        if (*text == '(') {
            starts[depth++] = len;
        } else if (*text == ')') {
            len = close_element(room, starts[--depth], len);
        } else {
            room[len++] = (uint8_t)strtoul(pair, NULL, 16);
            text++;
        }
    }
    return (struct troth_span){room, len};
}

/* The extension's value with these entries. */
static struct troth_span wrap(const char *entries, const char *behind)
{
    char text[8192];

    snprintf(text, sizeof text, "30(%s)%s", entries, behind);
    return assemble(text);
}

static void test_rows(void)
{
    static const struct troth_pck nothing;

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_pck pck;
        struct troth_fault fault;

        test_case("%s", rows[i].why);
        CHECK_ERR(troth_pck_parse(&pck, &fault, wrap(rows[i].entries, "")), rows[i].err);
        CHECK_ERR(fault.err, rows[i].err);
        CHECK_TEXT(fault.field, rows[i].field);
        if (rows[i].err)
            CHECK(memcmp(&pck, &nothing, sizeof pck) == 0);
    }
    test_case("more behind it");
    CHECK_ERR(troth_pck_parse(&(struct troth_pck){.pce_svn = 1}, NULL, wrap(ALL, "00")),
              TROTH_ERR_TRAILING);
}

static void test_values(void)
{
    struct troth_pck pck;

    test_case("each value in its place");
    CHECK_ERR(troth_pck_parse(&pck, NULL,
                              wrap(PPID TCB PCE_ID FMSPC TYPE("02")
                                       INSTANCE CONFIG(FLAG("03", "ff") FLAG("01", "00")),
                                   "")),
              TROTH_OK);
    for (unsigned i = 0; i < TROTH_TCB_COMPONENTS; i++)
        CHECK_INT(pck.components[i], 0x11 + i);
    CHECK_INT(pck.pce_svn, 0x1234);
    CHECK_SPAN(pck.ppid, test_hex("000102030405060708090a0b0c0d0e0f"));
    CHECK_SPAN(pck.cpu_svn, test_hex("000102030405060708090a0b0c0d0e0f"));
    CHECK_SPAN(pck.pce_id, test_hex("0a0b"));
    CHECK_SPAN(pck.fmspc, test_hex("00906ed50000"));
    CHECK_INT(pck.sgx_type, TROTH_SGX_SCALABLE_WITH_INTEGRITY);
    CHECK_INT(pck.platform_instance_id.len, 16);
    CHECK(pck.has_configuration && pck.has_dynamic_platform && pck.has_smt);
    CHECK(!pck.has_cached_keys && !pck.dynamic_platform && pck.smt);

    test_case("what a Processor CA does not state");
    CHECK_ERR(troth_pck_parse(&pck, NULL, wrap(ALL, "")), TROTH_OK);
    CHECK(!pck.platform_instance_id.ptr && !pck.has_configuration);
}

static void test_cut(void)
{
    const struct troth_span whole = wrap(ALL INSTANCE, "");

    test_case("cut off anywhere");
    for (size_t len = 0; len < whole.len; len++) {
        /* In memory of its own, so that the sanitizer sees a read behind it. */
        uint8_t *const copy = malloc(len ? len : 1);
        struct troth_pck pck;

        memcpy(copy, whole.ptr, len);
        CHECK(troth_pck_parse(&pck, NULL, (struct troth_span){copy, len}) != TROTH_OK);
        free(copy);
    }
}

/* The second opinion: what OpenSSL finds in a SEQUENCE of { identifier, value }. */
struct entries {
    struct {
        char oid[80];
        ASN1_TYPE *value;
    } rows[32];
    size_t count;
};

static ASN1_SEQUENCE_ANY *sequence_of(const ASN1_STRING *der)
{
    const uint8_t *p = ASN1_STRING_get0_data(der);

    return d2i_ASN1_SEQUENCE_ANY(NULL, &p, ASN1_STRING_length(der));
}

static struct entries entries_of(const ASN1_STRING *der)
{
    struct entries entries = {.count = 0};
    ASN1_SEQUENCE_ANY *list = sequence_of(der);

    for (int i = 0; i < sk_ASN1_TYPE_num(list) && i < (int)COUNT(entries.rows); i++) {
        ASN1_SEQUENCE_ANY *pair = sequence_of(
            sk_ASN1_TYPE_value(list, i)->value.sequence);

        if (sk_ASN1_TYPE_num(pair) == 2) {
            OBJ_obj2txt(entries.rows[entries.count].oid, sizeof entries.rows[0].oid,
                        sk_ASN1_TYPE_value(pair, 0)->value.object, 1);
            entries.rows[entries.count++].value = sk_ASN1_TYPE_delete(pair, 1);
        }
        sk_ASN1_TYPE_pop_free(pair, ASN1_TYPE_free);
    }
    sk_ASN1_TYPE_pop_free(list, ASN1_TYPE_free);
    return entries;
}

static void release(struct entries *entries)
{
    for (size_t i = 0; i < entries->count; i++)
        ASN1_TYPE_free(entries->rows[i].value);
}

/* NULL where there is none. */
static const ASN1_TYPE *value_of(const struct entries *entries, const char *oid)
{
    for (size_t i = 0; i < entries->count; i++)
        if (strcmp(entries->rows[i].oid, oid) == 0)
            return entries->rows[i].value;
    return NULL;
}

static struct troth_span bytes_of(const struct entries *entries, const char *oid)
{
    const ASN1_TYPE *value = value_of(entries, oid);

    if (!value)
        return (struct troth_span){NULL, 0};
    return (struct troth_span){ASN1_STRING_get0_data(value->value.octet_string),
                               (size_t)ASN1_STRING_length(value->value.octet_string)};
}

static long integer_of(const struct entries *entries, const char *oid)
{
    const ASN1_TYPE *value = value_of(entries, oid);

    return value ? ASN1_INTEGER_get(value->value.integer) : -1;
}

#define EXTENSION "1.2.840.113741.1.13.1"

static void compare_tcb(const struct troth_pck *pck, const struct entries *all)
{
    struct entries tcb = entries_of(value_of(all, EXTENSION ".2")->value.sequence);

    for (int i = 1; i <= TROTH_TCB_COMPONENTS; i++) {
        char oid[80];

        snprintf(oid, sizeof oid, EXTENSION ".2.%d", i);
        CHECK_INT(pck->components[i - 1], integer_of(&tcb, oid));
    }
    CHECK_INT(pck->pce_svn, integer_of(&tcb, EXTENSION ".2.17"));
    CHECK_SPAN(pck->cpu_svn, bytes_of(&tcb, EXTENSION ".2.18"));
    release(&tcb);
}

static void compare_configuration(const struct troth_pck *pck, const struct entries *all)
{
    const ASN1_TYPE *sequence = value_of(all, EXTENSION ".7");
    const struct {
        const char *oid;
        bool has, is_set;
    } flags[] = {
        {EXTENSION ".7.1", pck->has_dynamic_platform, pck->dynamic_platform},
        {EXTENSION ".7.2", pck->has_cached_keys, pck->cached_keys},
        {EXTENSION ".7.3", pck->has_smt, pck->smt},
    };

    CHECK_INT(pck->has_configuration, sequence != NULL);
    if (!sequence)
        return;

    struct entries configuration = entries_of(sequence->value.sequence);

    for (size_t i = 0; i < COUNT(flags); i++) {
        const ASN1_TYPE *flag = value_of(&configuration, flags[i].oid);

        CHECK_INT(flags[i].has, flag != NULL);
        CHECK_INT(flags[i].is_set, flag && flag->value.boolean);
    }
    release(&configuration);
}

static void compare(const ASN1_STRING *extension)
{
    struct troth_pck pck;
    struct entries all = entries_of(extension);
    const struct troth_span value = {ASN1_STRING_get0_data(extension),
                                     (size_t)ASN1_STRING_length(extension)};

    CHECK_ERR(troth_pck_parse(&pck, NULL, value), TROTH_OK);
    CHECK(all.count >= 5);
    if (all.count >= 5 && pck.ppid.ptr) {
        CHECK_SPAN(pck.ppid, bytes_of(&all, EXTENSION ".1"));
        compare_tcb(&pck, &all);
        CHECK_SPAN(pck.pce_id, bytes_of(&all, EXTENSION ".3"));
        CHECK_SPAN(pck.fmspc, bytes_of(&all, EXTENSION ".4"));
        CHECK_INT(pck.sgx_type,
                  ASN1_ENUMERATED_get(value_of(&all, EXTENSION ".5")->value.enumerated));
        CHECK_SPAN(pck.platform_instance_id, bytes_of(&all, EXTENSION ".6"));
        compare_configuration(&pck, &all);
    }
    release(&all);
}

/* Its extension, if the certificate is a PCK. */
static bool compare_certificate(X509 *x509)
{
    ASN1_OBJECT *oid = OBJ_txt2obj(EXTENSION, 1);
    const int at = X509_get_ext_by_OBJ(x509, oid, -1);

    ASN1_OBJECT_free(oid);
    if (at < 0)
        return false;

    compare(X509_EXTENSION_get_data(X509_get_ext(x509, at)));
    return true;
}

static unsigned compare_x509(X509 *x509)
{
    const unsigned count = x509 && compare_certificate(x509);

    X509_free(x509);
    return count;
}

/* Every PCK certificate in a file: one of DER, or PEM anywhere in it. */
static unsigned compare_file(struct troth_span file)
{
    static const char begin[] = "-----BEGIN CERTIFICATE-----";
    const uint8_t *p = file.ptr;
    unsigned count = compare_x509(d2i_X509(NULL, &p, (long)file.len));

    for (size_t i = 0; i + sizeof begin <= file.len; i++) {
        if (memcmp(file.ptr + i, begin, sizeof begin - 1) != 0)
            continue;

        BIO *bio = BIO_new_mem_buf(file.ptr + i, (int)(file.len - i));

        count += compare_x509(PEM_read_bio_X509(bio, NULL, NULL, NULL));
        BIO_free(bio);
    }
    return count;
}

static void test_genuine(void)
{
    const char *const *paths;
    const size_t files = document_files(&paths);
    unsigned count = 0;

    test_case("genuine certificates as OpenSSL reads them");
    if (!files) {
        test_skip("there are no vectors");
        return;
    }
    for (size_t i = 0; i < files; i++)
        count += compare_file(test_vector(paths[i]));
    CHECK(count >= 20);
}

int main(void)
{
    test_rows();
    test_values();
    test_cut();
    test_genuine();
    return test_finish();
}
