/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/cert.h"

#include <openssl/x509_vfy.h>
#include <stdio.h>

#include "peer.h"
#include "sim/snp.h"
#include "test/harness.h"

#define NOW 1771000000 /* 2026-02-13 */
#define DAY 86400

/* Each changes one thing of a chain that is otherwise accepted. */
static void change_nothing(struct sim_snp *doc)
{
    (void)doc;
}

static void let_leaf_expire(struct sim_snp *doc)
{
    doc->certs[SIM_SNP_VEK].not_after_s = NOW - 1;
}

static void postpone_leaf(struct sim_snp *doc)
{
    doc->certs[SIM_SNP_VEK].not_before_s = NOW + DAY;
}

static void break_leaf_signature(struct sim_snp *doc)
{
    doc->certs[SIM_SNP_VEK].signing.edit_signature.apply = sim_flip_last_bit;
}

static void break_root_signature(struct sim_snp *doc)
{
    doc->certs[SIM_SNP_ARK].signing.edit_signature.apply = sim_flip_last_bit;
}

static void sign_leaf_with_stranger(struct sim_snp *doc)
{
    doc->certs[SIM_SNP_VEK].signing.key = doc->certs[SIM_SNP_ASVK].key;
}

static void rename_issuer(struct sim_snp *doc)
{
    sim_name_set_common(&doc->certs[SIM_SNP_VEK].issuer, "SEV-Paris");
}

static void make_ask_no_ca(struct sim_snp *doc)
{
    sim_extensions_set_constraints(&doc->certs[SIM_SNP_ASK].extensions, SIM_PATH_NO_CA);
}

static void demand_the_unknown(struct sim_snp *doc)
{
    sim_extensions_find(&doc->certs[SIM_SNP_VEK].extensions, SIM_OID_AMD_PRODUCT_NAME)
        ->critical = true;
}

static void mix_algorithms(struct sim_snp *doc)
{
    doc->certs[SIM_SNP_VEK].signing.outer_algorithm = sim_algorithm_pss_sha384_trailer();
}

/* The last byte of what is signed: in the hardware id. */
static void edit_before_signing(struct sim_snp *doc)
{
    doc->certs[SIM_SNP_VEK].signing.edit_signed.apply = sim_flip_last_bit;
}

static const struct {
    const char *why;
    void (*change)(struct sim_snp *doc);
    int wanted;
} chains[] = {
    {"as minted", change_nothing, X509_V_OK},
    {"edited, then signed", edit_before_signing, X509_V_OK},
    {"leaf expired", let_leaf_expire, X509_V_ERR_CERT_HAS_EXPIRED},
    {"leaf not valid yet", postpone_leaf, X509_V_ERR_CERT_NOT_YET_VALID},
    {"leaf's signature", break_leaf_signature, X509_V_ERR_CERT_SIGNATURE_FAILURE},
    {"root's signature", break_root_signature, X509_V_ERR_CERT_SIGNATURE_FAILURE},
    {"another key signed", sign_leaf_with_stranger, X509_V_ERR_CERT_SIGNATURE_FAILURE},
    {"issuer's name", rename_issuer, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY},
    {"issuer is no CA", make_ask_no_ca, X509_V_ERR_INVALID_CA},
    {"unknown critical extension", demand_the_unknown,
     X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION},
    {"inner and outer algorithm", mix_algorithms, X509_V_ERR_CERT_SIGNATURE_FAILURE},
};

static void chain_cases(struct sim_keyring *ring)
{
    for (size_t i = 0; i < COUNT(chains); i++) {
        struct sim_snp doc;
        const struct sim_cert *const certs[] = {
            &doc.certs[SIM_SNP_ARK], &doc.certs[SIM_SNP_ASK], &doc.certs[SIM_SNP_VEK]};

        test_case("chain: %s", chains[i].why);
        sim_snp_default(&doc, ring, SIM_MILAN, SIM_VCEK, 0, NOW);
        chains[i].change(&doc);
        CHECK_INT(peer_chain(certs, 3, NULL, NOW), chains[i].wanted);
    }
}

static void revoke_ask(struct sim_snp *doc)
{
    sim_crl_revoke(&doc->crl, &doc->certs[SIM_SNP_ASK], NOW - DAY);
}

static void revoke_another(struct sim_snp *doc)
{
    sim_crl_revoke(&doc->crl, &doc->certs[SIM_SNP_ASVK], NOW - DAY);
}

static void let_list_expire(struct sim_snp *doc)
{
    doc->crl.next_update_s = NOW - 1;
}

static void postpone_list(struct sim_snp *doc)
{
    doc->crl.this_update_s = NOW + DAY;
}

static void break_list_signature(struct sim_snp *doc)
{
    doc->crl.signing.edit_signature.apply = sim_flip_last_bit;
}

static const struct {
    const char *why;
    void (*change)(struct sim_snp *doc);
    int wanted;
} lists[] = {
    {"nothing on it", change_nothing, X509_V_OK},
    {"another certificate on it", revoke_another, X509_V_OK},
    {"revoked", revoke_ask, X509_V_ERR_CERT_REVOKED},
    {"stale", let_list_expire, X509_V_ERR_CRL_HAS_EXPIRED},
    {"from the future", postpone_list, X509_V_ERR_CRL_NOT_YET_VALID},
    {"its signature", break_list_signature, X509_V_ERR_CRL_SIGNATURE_FAILURE},
};

static void list_cases(struct sim_keyring *ring)
{
    for (size_t i = 0; i < COUNT(lists); i++) {
        struct sim_snp doc;
        const struct sim_cert *const certs[] = {&doc.certs[SIM_SNP_ARK],
                                                &doc.certs[SIM_SNP_ASK]};

        test_case("list: %s", lists[i].why);
        sim_snp_default(&doc, ring, SIM_GENOA, SIM_VCEK, 0, NOW);
        lists[i].change(&doc);
        CHECK_INT(peer_chain(certs, 2, &doc.crl, NOW), lists[i].wanted);
    }
}

static void extension_cases(void)
{
    struct sim_extensions list = {0};

    test_case("extensions are replaced in place and removed");
    sim_extensions_set(&list, "2.5.29.14", false, TROTH_LITERAL("a"));
    sim_extensions_set(&list, "2.5.29.15", true, TROTH_LITERAL("b"));
    sim_extensions_set(&list, "2.5.29.14", true, TROTH_LITERAL("cc"));
    CHECK_INT(list.count, 2);
    CHECK_INT(list.rows[0].value_len, 2);
    CHECK(list.rows[0].critical);
    CHECK(sim_extensions_remove(&list, "2.5.29.14"));
    CHECK(!sim_extensions_remove(&list, "2.5.29.14"));
    CHECK_INT(list.count, 1);
    CHECK_TEXT(list.rows[0].oid, "2.5.29.15");
    CHECK(sim_extensions_find(&list, "2.5.29.14") == NULL);
}

int main(void)
{
    struct sim_keyring *ring = sim_keyring_create(3);

    chain_cases(ring);
    list_cases(ring);
    extension_cases();
    sim_keyring_destroy(ring);
    return test_finish();
}
