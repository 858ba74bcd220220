/* SPDX-License-Identifier: Apache-2.0 */
/* Choosing among certificates, and reading what AMD put into them. */
#include "evidence/snp/endorsement.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/span.h"
#include "test/harness.h"
#include "test/support/minted.h"

static struct trial t;
static struct sim_keyring *ring;
static struct sim_snp milan, other_milan, turin, vlek;

static struct troth_cert read_cert(const struct sim_cert *cert)
{
    struct troth_cert parsed;

    CHECK_ERR(troth_cert_parse(&parsed, NULL, minted_keep(&t, sim_cert_mint(cert))),
              TROTH_OK);
    return parsed;
}

static void set_value(struct sim_snp *doc, const char *oid, const char *hex)
{
    sim_extensions_set(&doc->certs[SIM_SNP_VEK].extensions, oid, false, test_hex(hex));
}

/* clang-format off */
static const struct {
    const char *why;
    const char *oid;
    const char *hex; /* NULL: left as minted */
    const char *product;
    size_t hwid_len;
    const char *csp;
    bool has_tcb;
} vek_rows[] = {
    {"as minted", NULL, NULL, "Milan", 64, NULL, true},
    {"a product of another string type", SIM_OID_AMD_PRODUCT_NAME, "0c05 4d696c616e", NULL, 64, NULL, true},
    {"a product with bytes behind it", SIM_OID_AMD_PRODUCT_NAME, "1605 4d696c616e 00", NULL, 64, NULL, true},
    {"a product without a string around it", SIM_OID_AMD_PRODUCT_NAME, "4d696c616e", NULL, 64, NULL, true},
    {"an empty product", SIM_OID_AMD_PRODUCT_NAME, "1600", NULL, 64, NULL, true},
    {"a bare hardware id of two bytes", SIM_OID_AMD_HARDWARE_ID, "0400", "Milan", 2, NULL, true},
    {"an empty hardware id", SIM_OID_AMD_HARDWARE_ID, "", "Milan", 0, NULL, true},
    {"a provider", SIM_OID_AMD_CSP_ID, "1603 616263", "Milan", 64, "abc", true},
    {"a provider in another string", SIM_OID_AMD_CSP_ID, "0c03 616263", "Milan", 64, NULL, true},
    {"a version of 255", "1.3.6.1.4.1.3704.1.3.8", "020200ff", "Milan", 64, NULL, true},
    {"a version of 256", "1.3.6.1.4.1.3704.1.3.8", "02020100", "Milan", 64, NULL, false},
    {"a negative version", "1.3.6.1.4.1.3704.1.3.8", "0201ff", "Milan", 64, NULL, false},
    {"a version not in its shortest form", "1.3.6.1.4.1.3704.1.3.8", "02020001", "Milan", 64, NULL, false},
    {"a version with a byte behind it", "1.3.6.1.4.1.3704.1.3.8", "02010100", "Milan", 64, NULL, false},
    {"a version that is no number", "1.3.6.1.4.1.3704.1.3.8", "0401 01", "Milan", 64, NULL, false},
    {"a reserved version", "1.3.6.1.4.1.3704.1.3.4", "020109", "Milan", 64, NULL, true},
};
/* clang-format on */

static void read_veks(void)
{
    const struct troth_snp_product *product = troth_snp_product_by_name(
        test_text("Milan"));

    for (size_t i = 0; i < COUNT(vek_rows); i++) {
        struct sim_snp doc = milan;
        struct troth_cert vek;
        const struct troth_snp_product *named;
        uint8_t tcb[TROTH_SNP_TCB_SIZE];
        struct troth_span csp;

        test_case("%s", vek_rows[i].why);
        trial_reset(&t);
        if (vek_rows[i].hex)
            set_value(&doc, vek_rows[i].oid, vek_rows[i].hex);
        vek = read_cert(&doc.certs[SIM_SNP_VEK]);
        named = troth_snp_certificate_product(&vek);
        CHECK_TEXT(named ? named->name : NULL, vek_rows[i].product);
        CHECK_INT(troth_snp_certificate_hwid(&vek, 64).len, vek_rows[i].hwid_len);
        csp = troth_snp_certificate_csp(&vek);
        CHECK((csp.ptr != NULL) == (vek_rows[i].csp != NULL));
        if (vek_rows[i].csp)
            CHECK_SPAN(csp, test_text(vek_rows[i].csp));
        CHECK(troth_snp_certificate_tcb(tcb, &vek, product) == vek_rows[i].has_tcb);
    }
}

/* Each byte of the TCB comes from its own extension, as the product lays it out. */
static void read_tcbs(void)
{
    const struct sim_snp *docs[] = {&milan, &turin};

    for (size_t i = 0; i < COUNT(docs); i++) {
        const struct sim_snp_product_facts *facts = sim_snp_product_facts(
            docs[i]->product);
        const struct troth_snp_product *product = troth_snp_product_by_name(
            test_text(facts->name));

        for (size_t k = 0; k < SIM_SPLS; k++) {
            struct sim_snp doc = *docs[i];
            uint8_t tcb[TROTH_SNP_TCB_SIZE], wanted[8];
            struct troth_cert vek;

            test_case("%s, extension %s", facts->name, facts->spls[k].oid);
            trial_reset(&t);
            memcpy(wanted, doc.report.reported_tcb, 8);
            wanted[facts->spls[k].tcb_byte] = 77;
            set_value(&doc, facts->spls[k].oid, "02014d");
            vek = read_cert(&doc.certs[SIM_SNP_VEK]);
            CHECK(troth_snp_certificate_tcb(tcb, &vek, product));
            CHECK_SPAN(((struct troth_span){tcb, 8}), ((struct troth_span){wanted, 8}));
        }
    }
}

static void read_issuers(void)
{
    static const struct {
        const char *issuer;
        bool is_vlek;
        const char *product;
    } issuers[] = {
        {"SEV-Milan", false, "Milan"},
        {"SEV-Genoa", false, "Genoa"},
        {"SEV-VLEK-Milan", true, "Milan"},
        {"SEV-VLEK-Milan", false, NULL},
        {"SEV-Milan", true, NULL},
        {"ARK-Milan", false, NULL},
        {"SEV-", false, NULL},
        {"SEV", false, NULL},
        {"SEV-Venice", false, NULL},
        {"Milan", false, NULL},
    };

    for (size_t i = 0; i < COUNT(issuers); i++) {
        struct sim_snp doc = issuers[i].is_vlek ? vlek : milan;
        struct sim_cert *cert = &doc.certs[SIM_SNP_VEK];
        const struct troth_snp_product *product;
        struct troth_cert vek;

        test_case("%s issued by %s", issuers[i].is_vlek ? "VLEK" : "VCEK",
                  issuers[i].issuer);
        trial_reset(&t);
        sim_name_set_common(&cert->issuer, issuers[i].issuer);
        vek = read_cert(cert);
        product = troth_snp_issuer_product(&vek);
        CHECK_TEXT(product ? product->name : NULL, issuers[i].product);
    }
}

/* As troth_verify() does: a copy of the items is prepared first. */
static enum troth_err find(struct troth_snp_endorsement *out, struct troth_fault *fault,
                           size_t count, const struct troth_snp *snp)
{
    static struct troth_collateral_item items[TROTH_COLLATERAL_MAX];
    const struct troth_verify_input input = {.collateral = {items, count},
                                             .arena = &t.arena,
                                             .crypto = &t.crypto,
                                             .anchors = &t.anchors};

    t.arena.used = 0;
    for (size_t i = 0; i < count && i < TROTH_COLLATERAL_MAX; i++)
        items[i] = (struct troth_collateral_item){.kind = t.items[i].kind,
                                                  .bytes = t.items[i].bytes};
    if (count <= TROTH_COLLATERAL_MAX)
        CHECK_ERR(
            troth_collateral_prepare(items, count, NULL, fault, &t.crypto, &t.arena),
            TROTH_OK);
    return troth_snp_endorsement_find(out, fault, &input, snp);
}

/* Which of the certificates at hand is chosen for milan's report. */
static void choose(void)
{
    static struct sim_snp older, no_product;
    static const struct sim_snp *const docs[] = {&milan, &other_milan, &turin,
                                                 &vlek,  &older,       &no_product};
    static const struct {
        const char *why;
        int given[4]; /* numbers of docs from 1 on; 0 ends */
        int chosen;
    } choices[] = {
        {"its own among others", {2, 1, 3}, 1},
        {"its own, whatever the order", {1, 2, 3}, 1},
        {"its own for this firmware, before its own for another", {5, 1}, 1},
        {"its own for other firmware, before another chip's", {2, 5}, 5},
        {"another chip's, before a provider's", {4, 2}, 2},
        {"another chip's, where there is nothing else", {3}, 3},
        {"a provider's, where there is nothing else", {4}, 4},
        {"one without a product, before a provider's", {4, 6}, 6},
        {"none of none", {0}, 0},
    };

    older = milan;
    sim_snp_set_vek_part(&older, SIM_TCB_SNP, 1);
    no_product = milan;
    sim_extensions_remove(&no_product.certs[SIM_SNP_VEK].extensions,
                          SIM_OID_AMD_PRODUCT_NAME);
    for (size_t i = 0; i < COUNT(choices); i++) {
        struct troth_snp_endorsement out;
        struct troth_snp snp;
        struct troth_span ders[4];
        size_t count = 0;

        test_case("%s", choices[i].why);
        trial_reset(&t);
        CHECK_ERR(troth_snp_parse(&snp, NULL, minted_keep(&t, sim_snp_mint(&milan))),
                  TROTH_OK);
        for (; count < 4 && choices[i].given[count]; count++) {
            const struct sim_snp *doc = docs[choices[i].given[count] - 1];

            ders[count] = minted_keep(&t, sim_cert_mint(&doc->certs[SIM_SNP_VEK]));
            t.items[count] = (struct troth_collateral_item){
                .kind = TROTH_COLLATERAL_CERTIFICATE, .bytes = ders[count]};
        }
        CHECK_ERR(find(&out, NULL, count, &snp), TROTH_OK);
        if (!CHECK((out.vek != NULL) == (choices[i].chosen != 0)) || !out.vek)
            continue;
        for (size_t k = 0; k < count; k++)
            CHECK(troth_span_equal(out.vek->raw, ders[k]) ==
                  (choices[i].given[k] == choices[i].chosen));
    }
}

/* A certificate or list beside the report that cannot be read is a fault. */
static void refuse_unreadable(void)
{
#define VCEK_AT_48 "63da758de6644564adc5f4b93be8accd 30000000"
#define END        "00000000000000000000000000000000 00000000 00000000"
    static const struct {
        const char *why, *table, *field;
    } broken[] = {
        {"certificate", VCEK_AT_48 "06000000" END "3004 3002 a000", "cert.version"},
        {"list", VCEK_AT_48 "07000000" END "3005 3003 020101", "crl.signed_with"},
        {"nothing", VCEK_AT_48 "00000000" END, "collateral"},
    };
    struct troth_snp_endorsement out;
    struct troth_snp snp;

    for (size_t i = 0; i < COUNT(broken); i++) {
        struct troth_fault fault = {TROTH_OK, NULL, 0};

        test_case("an unreadable %s in the report's table", broken[i].why);
        trial_reset(&t);
        CHECK_ERR(troth_snp_parse(&snp, NULL, minted_keep(&t, sim_snp_mint(&milan))),
                  TROTH_OK);
        snp.table = test_hex(broken[i].table);
        t.items[0] = (struct troth_collateral_item){
            .kind = TROTH_COLLATERAL_CERTIFICATE,
            .bytes = minted_keep(&t, sim_cert_mint(&milan.certs[SIM_SNP_VEK]))};
        CHECK(find(&out, &fault, 1, &snp) != TROTH_OK);
        CHECK_TEXT(fault.field, broken[i].field);
        CHECK(!out.vek && !out.anchor && !out.ask && !out.crls && out.crl_count == 0);
    }

    test_case("more collateral than there may be");
    CHECK_ERR(find(&out, NULL, TROTH_COLLATERAL_MAX + 1, &snp), TROTH_ERR_LIMIT);
}

/* Which root: by name, by key identifier, and never one of another role. */
static void choose_anchor(void)
{
    struct troth_snp_endorsement out;
    struct troth_snp snp;
    struct troth_span report;

    trial_reset(&t);
    report = minted_snp(&t, &milan);
    CHECK_ERR(troth_snp_parse(&snp, NULL, report), TROTH_OK);

    test_case("of two roots of one name, the one whose key signed");
    CHECK_ERR(find(&out, NULL, t.item_count, &snp), TROTH_OK);
    CHECK(out.anchor == &t.roots[t.anchors.count - 1]);
    CHECK(out.ark == out.anchor && out.ask != NULL);
    CHECK_INT(out.crl_count, 1);

    test_case("with the genuine root alone there is none");
    t.anchors.count--;
    CHECK_ERR(find(&out, NULL, t.item_count, &snp), TROTH_OK);
    CHECK(out.ask != NULL && out.anchor == NULL && out.ark == NULL);

    test_case("a root of another role");
    t.anchors.count++;
    t.roots[t.anchors.count - 1].role = TROTH_ANCHOR_NITRO_ROOT;
    CHECK_ERR(find(&out, NULL, t.item_count, &snp), TROTH_OK);
    CHECK(out.anchor == NULL);
}

int main(void)
{
    trial_begin(&t);
    ring = sim_keyring_create(1);
    sim_snp_default(&milan, ring, SIM_MILAN, SIM_VCEK, 0, MINTED_AT_S);
    sim_snp_default(&other_milan, ring, SIM_MILAN, SIM_VCEK, 1, MINTED_AT_S);
    sim_snp_default(&turin, ring, SIM_TURIN, SIM_VCEK, 0, MINTED_AT_S);
    sim_snp_default(&vlek, ring, SIM_MILAN, SIM_VLEK, 0, MINTED_AT_S);
    read_veks();
    read_tcbs();
    read_issuers();
    choose();
    refuse_unreadable();
    choose_anchor();
    sim_keyring_destroy(ring);
    trial_end(&t);
    return test_finish();
}
