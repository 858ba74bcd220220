/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/snp.h"

#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <string.h>

#include "peer.h"
#include "test/harness.h"

#define NOW 1771000000   /* 2026-02-13 */
#define ROW ((size_t)24) /* of the certificate table */

/* Where a genuine report and its certificate of that kind are. */
static const struct {
    const char *why;
    enum sim_snp_product product;
    enum sim_snp_signer signer;
    const char *report;
    const char *vek;
    const char *ark;
    const char *issuers; /* the issuing CA comes first in it */
} kinds[] = {
    {"Milan VCEK", SIM_MILAN, SIM_VCEK, "snp/ms_milan_report_v3.bin",
     "snp/ms_milan_vcek.pem", "roots/amd_ark_milan.pem", "roots/amd_ask_ark_milan.pem"},
    {"Genoa VCEK", SIM_GENOA, SIM_VCEK, "snp/ms_genoa_report_v3.bin",
     "snp/ms_genoa_vcek.pem", "roots/amd_ark_genoa.pem", "roots/amd_ask_ark_genoa.pem"},
    {"Turin VCEK", SIM_TURIN, SIM_VCEK, "snp/ms_turin_report_v5.bin",
     "snp/ms_turin_vcek.pem", "roots/amd_ark_turin.pem",
     "roots/amd_ask_ark_turin_vcek.pem"},
    {"Milan VLEK", SIM_MILAN, SIM_VLEK, "snp/trustee_vlek_report_v3.bin",
     "snp/trustee_vlek.der", "roots/amd_ark_milan.pem",
     "roots/amd_ask_ark_milan_vlek.pem"},
};

static enum sim_snp_place issuer_place(enum sim_snp_signer signer)
{
    return signer == SIM_VLEK ? SIM_SNP_ASVK : SIM_SNP_ASK;
}

static bool is_zero(struct troth_span bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        if (bytes.ptr[i])
            return false;
    return true;
}

static void put_big_endian(struct sim_bytes *numbers, const uint8_t *little_endian)
{
    uint8_t bytes[72];

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = little_endian[sizeof bytes - 1 - i];
    sim_der_integer(numbers, SIM_ARRAY(bytes));
}

/* By the rules of the ABI, not by the code that minted it. */
static bool report_verifies(struct troth_span report, const struct sim_cert *vek)
{
    struct sim_bytes numbers = {0};
    struct sim_bytes signature = {0};
    X509 *cert = peer_cert(sim_cert_mint(vek));

    if (!cert || report.len < 0x4a0) {
        X509_free(cert);
        return false;
    }
    put_big_endian(&numbers, report.ptr + 0x2a0);
    put_big_endian(&numbers, report.ptr + 0x2a0 + 72);
    sim_der_wrap(&signature, SIM_DER_SEQUENCE, numbers);
    const bool is_good = peer_verifies(cert, (struct troth_span){report.ptr, 0x2a0},
                                       sim_bytes_span(signature)) &&
                         is_zero((struct troth_span){report.ptr + 0x2a0 + 48, 24}) &&
                         is_zero((struct troth_span){report.ptr + 0x2a0 + 120, 24}) &&
                         is_zero((struct troth_span){report.ptr + 0x330, 0x170});
    sim_bytes_free(&signature);
    X509_free(cert);
    return is_good;
}

static void peers_accept(struct sim_keyring *ring)
{
    for (size_t i = 0; i < COUNT(kinds); i++) {
        struct sim_snp doc;
        const enum sim_snp_place issuer = issuer_place(kinds[i].signer);
        const struct sim_cert *const certs[] = {
            &doc.certs[SIM_SNP_ARK], &doc.certs[issuer], &doc.certs[SIM_SNP_VEK]};

        test_case("OpenSSL accepts report, chain and list: %s", kinds[i].why);
        sim_snp_default(&doc, ring, kinds[i].product, kinds[i].signer, 0, NOW);
        struct sim_bytes report = sim_snp_mint(&doc);
        CHECK_INT(report.len, 0x4a0);
        CHECK(report_verifies(sim_bytes_span(report), certs[2]));
        CHECK_INT(peer_chain(certs, 3, NULL, NOW), X509_V_OK);
        CHECK_INT(peer_chain(certs, 2, &doc.crl, NOW), X509_V_OK);
        report.ptr[0x90] ^= 1;
        CHECK(!report_verifies(sim_bytes_span(report), certs[2]));
        sim_bytes_free(&report);
    }
}

/* The first certificate of a file, PEM or DER. */
static X509 *genuine_cert(struct troth_span file)
{
    const unsigned char *next = file.ptr;
    X509 *cert = NULL;

    if (file.len && file.ptr[0] == 0x30)
        return d2i_X509(NULL, &next, (long)file.len);
    BIO *bio = BIO_new_mem_buf(file.ptr, (int)file.len);
    if (bio)
        cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);
    BIO_free(bio);
    return cert;
}

static void check_outline(const struct sim_cert *minted, const char *path)
{
    X509 *genuine = genuine_cert(test_vector(path));
    unsigned char *der = NULL;

    test_case("a genuine certificate's outline: %s", path);
    if (!genuine) {
        test_skip("no vectors: %s", path);
        return;
    }
    const int len = i2d_X509(genuine, &der);
    struct sim_bytes bytes = sim_cert_mint(minted);
    struct sim_bytes seen = peer_outline(sim_bytes_span(bytes));
    struct sim_bytes wanted = peer_outline((struct troth_span){der, (size_t)len});

    CHECK_INT(bytes.len, len);
    CHECK_TEXT((const char *)seen.ptr, (const char *)wanted.ptr);
    sim_bytes_free(&bytes);
    sim_bytes_free(&seen);
    sim_bytes_free(&wanted);
    OPENSSL_free(der);
    X509_free(genuine);
}

/* The same numbers where a genuine machine has them, the same zeros. */
static void check_report(const struct sim_snp *doc, const char *path)
{
    static const struct {
        const char *what;
        size_t offset, len;
    } same[] = {
        {"version", 0x000, 4},          {"VMPL to algorithm, but VMPL", 0x034, 4},
        {"signer info", 0x048, 8},      {"no migration agent", 0x160, 32},
        {"CPUID and zeros", 0x188, 24}, {"zeros to the end", 0x208, 152},
    };
    const struct troth_span genuine = test_vector(path);
    struct sim_bytes report = sim_snp_mint(doc);

    test_case("a genuine report's fixed fields: %s", path);
    if (!genuine.ptr)
        test_skip("no vectors: %s", path);
    else
        for (size_t i = 0; i < COUNT(same); i++)
            CHECK_SPAN(((struct troth_span){report.ptr + same[i].offset, same[i].len}),
                       ((struct troth_span){genuine.ptr + same[i].offset, same[i].len}));
    sim_bytes_free(&report);
}

static void shape_as_genuine(struct sim_keyring *ring)
{
    for (size_t i = 0; i < COUNT(kinds); i++) {
        const enum sim_snp_place issuer = issuer_place(kinds[i].signer);
        struct sim_snp doc;

        sim_snp_default(&doc, ring, kinds[i].product, kinds[i].signer, 0, NOW);
        check_report(&doc, kinds[i].report);
        check_outline(&doc.certs[SIM_SNP_ARK], kinds[i].ark);
        check_outline(&doc.certs[issuer], kinds[i].issuers);
        if (kinds[i].signer == SIM_VLEK)
            sim_snp_set_vek_part(&doc, SIM_TCB_MICROCODE, 0xd9);
        check_outline(&doc.certs[SIM_SNP_VEK], kinds[i].vek);
    }
}

static void versions(struct sim_keyring *ring)
{
    static const struct {
        uint64_t version;
        bool has_cpuid, has_vectors;
    } rows[] = {{2, false, false}, {3, true, false}, {5, true, true}};

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sim_snp doc;

        test_case("zero areas of version %u", (unsigned)rows[i].version);
        sim_snp_default(&doc, ring, SIM_TURIN, SIM_VCEK, 0, NOW);
        sim_snp_set_version(&doc, rows[i].version);
        struct sim_bytes report = sim_snp_mint(&doc);
        CHECK_INT(report.ptr[0], rows[i].version);
        CHECK(is_zero((struct troth_span){report.ptr + 0x188, 3}) != rows[i].has_cpuid);
        CHECK(is_zero((struct troth_span){report.ptr + 0x1f8, 16}) !=
              rows[i].has_vectors);
        CHECK(report_verifies(sim_bytes_span(report), &doc.certs[SIM_SNP_VEK]));
        sim_bytes_free(&report);
    }
}

/* What a verifier looks at beyond signatures. */
static void defaults_hang_together(struct sim_keyring *ring)
{
    for (size_t i = 0; i < COUNT(kinds); i++) {
        const struct sim_snp_product_facts *facts = sim_snp_product_facts(
            kinds[i].product);
        struct sim_snp doc;

        test_case("certificate and report say the same: %s", kinds[i].why);
        sim_snp_default(&doc, ring, kinds[i].product, kinds[i].signer, 0, NOW);
        struct sim_extensions *list = &doc.certs[SIM_SNP_VEK].extensions;
        const struct sim_extension *hardware_id = sim_extensions_find(
            list, SIM_OID_AMD_HARDWARE_ID);

        CHECK((hardware_id == NULL) == (kinds[i].signer == SIM_VLEK));
        CHECK((sim_extensions_find(list, SIM_OID_AMD_CSP_ID) == NULL) ==
              (kinds[i].signer == SIM_VCEK));
        CHECK(is_zero(SIM_ARRAY(doc.report.chip_id)) == (hardware_id == NULL));
        if (hardware_id)
            CHECK_SPAN(((struct troth_span){hardware_id->value, hardware_id->value_len}),
                       ((struct troth_span){doc.report.chip_id, facts->hardware_id_len}));
        for (size_t k = 0; k < SIM_SPLS; k++) {
            const struct sim_extension *row = sim_extensions_find(list,
                                                                  facts->spls[k].oid);

            CHECK(row && row->value[row->value_len - 1] ==
                             doc.report.reported_tcb[facts->spls[k].tcb_byte]);
        }
        CHECK_INT(doc.report.policy, 0x30000);
        CHECK_INT(doc.report.vmpl, 0);
        CHECK_INT(doc.report.platform_info, 0x25);
        CHECK_INT(doc.report.signer_info, kinds[i].signer == SIM_VLEK ? 4 : 0);
        CHECK_SPAN(SIM_ARRAY(doc.report.current_tcb), SIM_ARRAY(facts->tcb));
        CHECK_SPAN(SIM_ARRAY(doc.report.committed_tcb), SIM_ARRAY(facts->tcb));
        CHECK_SPAN(SIM_ARRAY(doc.report.launch_tcb), SIM_ARRAY(facts->tcb));
    }
}

static void tcb_parts(struct sim_keyring *ring)
{
    struct sim_snp doc;

    test_case("a part of a TCB, in report and certificate");
    sim_snp_default(&doc, ring, SIM_MILAN, SIM_VCEK, 0, NOW);
    sim_snp_set_tcb_part(&doc, doc.report.reported_tcb, SIM_TCB_SNP, 0x80);
    CHECK_INT(doc.report.reported_tcb[6], 0x80);
    CHECK_INT(doc.report.current_tcb[6], 0x18);
    sim_snp_set_vek_part(&doc, SIM_TCB_SNP, 0x80);
    const struct sim_extension *row = sim_extensions_find(
        &doc.certs[SIM_SNP_VEK].extensions, "1.3.6.1.4.1.3704.1.3.3");
    CHECK(row && row->value_len == 4 && memcmp(row->value, "\x02\x02\x00\x80", 4) == 0);

    sim_snp_default(&doc, ring, SIM_TURIN, SIM_VCEK, 0, NOW);
    sim_snp_set_tcb_part(&doc, doc.report.reported_tcb, SIM_TCB_SNP, 9);
    CHECK_INT(doc.report.reported_tcb[3], 9);
    sim_snp_match_vek(&doc);
    row = sim_extensions_find(&doc.certs[SIM_SNP_VEK].extensions,
                              "1.3.6.1.4.1.3704.1.3.3");
    CHECK(row && row->value[2] == 9);
}

static uint32_t u32(const uint8_t *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
           (uint32_t)bytes[3] << 24;
}

static void table(struct sim_keyring *ring)
{
    static const char *const guids[] = {"c0b406a4a803495297433fb6014cd0ae",
                                        "4ab7b379bbac4fe4a02f05aef327c782",
                                        "63da758de6644564adc5f4b93be8accd"};
    struct sim_snp doc;

    test_case("the certificate table after the report");
    sim_snp_default(&doc, ring, SIM_GENOA, SIM_VCEK, 0, NOW);
    struct sim_bytes report = sim_snp_mint(&doc);
    struct sim_bytes extended = sim_snp_mint_extended(&doc);
    const uint8_t *rows = extended.ptr + report.len;
    size_t end = 4 * ROW;

    CHECK_SPAN(((struct troth_span){extended.ptr, report.len}), sim_bytes_span(report));
    for (size_t i = 0; i < 3; i++) {
        const uint32_t offset = u32(rows + i * ROW + 16);
        const uint32_t len = u32(rows + i * ROW + 20);
        struct sim_bytes der = sim_cert_mint(&doc.certs[doc.table[i].place]);

        CHECK_SPAN(((struct troth_span){rows + i * ROW, 16}), test_hex(guids[i]));
        CHECK_INT(offset, end);
        CHECK_SPAN(((struct troth_span){rows + offset, len}), sim_bytes_span(der));
        end += len;
        sim_bytes_free(&der);
    }
    CHECK(is_zero((struct troth_span){rows + 72, 24}));
    CHECK_INT(report.len + end, extended.len);
    sim_bytes_free(&report);
    sim_bytes_free(&extended);
}

static void new_keys(struct sim_keyring *ring)
{
    static const enum sim_snp_place places[] = {SIM_SNP_ARK, SIM_SNP_ASK, SIM_SNP_VEK};

    for (size_t i = 0; i < COUNT(places); i++) {
        struct sim_snp doc;
        const struct sim_cert *const certs[] = {
            &doc.certs[SIM_SNP_ARK], &doc.certs[SIM_SNP_ASK], &doc.certs[SIM_SNP_VEK]};

        test_case("a stranger's key at place %u signs what is below",
                  (unsigned)places[i]);
        sim_snp_default(&doc, ring, SIM_MILAN, SIM_VCEK, 0, NOW);
        sim_snp_set_key(
            &doc, places[i],
            sim_keyring_key(ring,
                            places[i] == SIM_SNP_VEK ? SIM_KEY_P384 : SIM_KEY_RSA4096,
                            "stranger"));
        struct sim_bytes report = sim_snp_mint(&doc);
        CHECK_INT(peer_chain(certs, 3, NULL, NOW), X509_V_OK);
        CHECK_INT(peer_chain(certs, 2, &doc.crl, NOW), X509_V_OK);
        CHECK(report_verifies(sim_bytes_span(report), certs[2]));
        sim_bytes_free(&report);
    }
}

static void edits(struct sim_keyring *ring)
{
    struct sim_snp doc;

    test_case("the report's signature, or its last signed byte");
    sim_snp_default(&doc, ring, SIM_MILAN, SIM_VCEK, 0, NOW);
    doc.edit_report.apply = sim_flip_last_bit;
    struct sim_bytes report = sim_snp_mint(&doc);
    CHECK_INT(report.ptr[0x29f], 1);
    CHECK(report_verifies(sim_bytes_span(report), &doc.certs[SIM_SNP_VEK]));
    sim_bytes_free(&report);
    doc.edit_signature.apply = sim_flip_last_bit;
    report = sim_snp_mint(&doc);
    CHECK_INT(report.ptr[0x49f], 1);
    CHECK(!report_verifies(sim_bytes_span(report), &doc.certs[SIM_SNP_VEK]));
    sim_bytes_free(&report);
}

static void seeds_decide(struct sim_keyring *ring)
{
    struct sim_keyring *twin = sim_keyring_create(8);
    struct sim_snp one, same, other;

    test_case("one seed, one report and certificate; another chip, another");
    sim_snp_default(&one, ring, SIM_TURIN, SIM_VCEK, 0, NOW);
    sim_snp_default(&same, twin, SIM_TURIN, SIM_VCEK, 0, NOW);
    sim_snp_default(&other, ring, SIM_TURIN, SIM_VCEK, 1, NOW);
    struct sim_bytes one_bytes = sim_snp_mint_extended(&one);
    struct sim_bytes same_bytes = sim_snp_mint_extended(&same);
    CHECK_SPAN(sim_bytes_span(one_bytes), sim_bytes_span(same_bytes));
    CHECK(one.certs[SIM_SNP_ARK].key == other.certs[SIM_SNP_ARK].key);
    CHECK(one.certs[SIM_SNP_VEK].key != other.certs[SIM_SNP_VEK].key);
    CHECK(memcmp(one.report.chip_id, other.report.chip_id, 8) != 0);
    sim_bytes_free(&one_bytes);
    sim_bytes_free(&same_bytes);
    sim_keyring_destroy(twin);
}

int main(void)
{
    struct sim_keyring *ring = sim_keyring_create(8);

    peers_accept(ring);
    shape_as_genuine(ring);
    versions(ring);
    defaults_hang_together(ring);
    tcb_parts(ring);
    table(ring);
    new_keys(ring);
    edits(ring);
    seeds_decide(ring);
    sim_keyring_destroy(ring);
    return test_finish();
}
