/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/intel.h"

#include <openssl/evp.h>
#include <openssl/x509_vfy.h>
#include <string.h>

#include "peer.h"
#include "test/harness.h"

#define NOW 1771000000 /* 2026-02-13 */

/* Of a document: root, CA in use, PCK, TCB signer as they are minted. */
struct chain {
    struct sim_cert certs[4];
};

static void get_chain(struct chain *out, const struct sim_intel *doc)
{
    sim_intel_get_cert(&out->certs[0], doc, SIM_INTEL_ROOT);
    sim_intel_get_cert(&out->certs[1], doc, doc->ca);
    sim_intel_get_cert(&out->certs[2], doc, SIM_INTEL_PCK);
    sim_intel_get_cert(&out->certs[3], doc, SIM_INTEL_TCB_SIGNER);
}

static bool list_verifies(const struct sim_crl *list, const struct sim_cert *issuer)
{
    X509_CRL *crl = peer_crl(sim_crl_mint(list));
    X509 *cert = peer_cert(sim_cert_mint(issuer));
    const bool is_good = crl && cert && X509_CRL_verify(crl, X509_get0_pubkey(cert)) == 1;

    X509_CRL_free(crl);
    X509_free(cert);
    return is_good;
}

/* What OpenSSL says of both chains and lists, of the JSON and of the QE's signature. */
static void check_document(const struct sim_intel *doc)
{
    static struct chain chain;
    struct sim_bytes text = sim_intel_tcb_info(doc);
    struct sim_bytes signature = sim_intel_tcb_info_signature(doc);
    struct sim_bytes qe_text = sim_intel_qe_identity(doc);
    struct sim_bytes qe_signature = sim_intel_qe_identity_signature(doc);

    get_chain(&chain, doc);
    const struct sim_cert *const pck[] = {&chain.certs[0], &chain.certs[1],
                                          &chain.certs[2]};
    const struct sim_cert *const signer[] = {&chain.certs[0], &chain.certs[3]};
    X509 *key = peer_cert(sim_cert_mint(&chain.certs[3]));

    CHECK_INT(peer_chain(pck, 3, NULL, NOW), X509_V_OK);
    CHECK_INT(peer_chain(pck, 2, &doc->root_crl, NOW), X509_V_OK);
    CHECK_INT(peer_chain(signer, 2, &doc->root_crl, NOW), X509_V_OK);
    CHECK(list_verifies(&doc->pck_crl, &chain.certs[1]));
    CHECK(peer_verifies_raw(X509_get0_pubkey(key), sim_bytes_span(text),
                            sim_bytes_span(signature)));
    CHECK(peer_verifies_raw(X509_get0_pubkey(key), sim_bytes_span(qe_text),
                            sim_bytes_span(qe_signature)));
    X509_free(key);
    sim_bytes_free(&text);
    sim_bytes_free(&signature);
    sim_bytes_free(&qe_text);
    sim_bytes_free(&qe_signature);
}

static void documents_verify(struct sim_keyring *ring)
{
    static struct sim_intel doc;

    for (int kind = 0; kind < SIM_INTEL_KINDS; kind++) {
        test_case("OpenSSL accepts chains, lists and JSON [%d]", kind);
        sim_intel_default(&doc, ring, (enum sim_intel_kind)kind, 0, NOW);
        check_document(&doc);
    }
}

static void new_keys(struct sim_keyring *ring)
{
    static struct sim_intel doc;

    for (int place = SIM_INTEL_ROOT; place < SIM_INTEL_CERTS; place++) {
        test_case("a stranger's key at place %d signs what is below", place);
        sim_intel_default(&doc, ring, SIM_TDX_V4, 0, NOW);
        sim_intel_set_key(&doc, (enum sim_intel_place)place,
                          sim_keyring_key(ring, SIM_KEY_P256, "stranger"));
        check_document(&doc);
        struct sim_bytes quote = sim_intel_mint(&doc);
        const uint8_t *report = quote.ptr + 770;
        X509 *pck = peer_cert(sim_intel_mint_cert(&doc, SIM_INTEL_PCK));

        CHECK(peer_verifies_raw(X509_get0_pubkey(pck), (struct troth_span){report, 384},
                                (struct troth_span){report + 384, 64}));
        X509_free(pck);
        sim_bytes_free(&quote);
    }
}

static void other_ca(struct sim_keyring *ring)
{
    static struct sim_intel doc;

    test_case("a platform of the other CA");
    sim_intel_default(&doc, ring, SIM_SGX_V3, 0, NOW);
    CHECK(doc.ca == SIM_INTEL_PROCESSOR_CA && !doc.pck.has_configuration);
    sim_intel_set_ca(&doc, SIM_INTEL_PLATFORM_CA);
    CHECK(doc.pck.has_configuration && doc.pck.has_instance);
    check_document(&doc);
}

/* Genuine certificates have no serial number in common with ours, and its length differs:
 * the minted one takes the genuine one's. */
static void check_outline(struct sim_cert *minted, X509 *genuine)
{
    const ASN1_INTEGER *number = X509_get0_serialNumber(genuine);
    unsigned char *serial = NULL, *der = NULL;
    const int serial_len = i2d_ASN1_INTEGER(number, &serial);
    const int len = i2d_X509(genuine, &der);

    minted->serial = sim_serial_from(
        (struct troth_span){serial + 2, (size_t)serial_len - 2});
    struct sim_bytes bytes = sim_cert_mint(minted);
    struct sim_bytes seen = peer_outline(sim_bytes_span(bytes));
    struct sim_bytes wanted = peer_outline((struct troth_span){der, (size_t)len});

    CHECK_TEXT((const char *)seen.ptr, (const char *)wanted.ptr);
    sim_bytes_free(&bytes);
    sim_bytes_free(&seen);
    sim_bytes_free(&wanted);
    OPENSSL_free(serial);
    OPENSSL_free(der);
}

static const struct {
    const char *why;
    enum sim_intel_kind kind;
    enum sim_intel_place place;
    const char *file;
    unsigned index; /* of the certificate in the file */
} genuine_certs[] = {
    {"root", SIM_TDX_V4, SIM_INTEL_ROOT, "roots/intel_sgx_root_ca_tinfoil.pem", 0},
    {"Platform CA", SIM_TDX_V4, SIM_INTEL_PLATFORM_CA, "tdx/phala_tdx_v4_quote.bin", 1},
    {"Processor CA", SIM_SGX_V3, SIM_INTEL_PROCESSOR_CA, "sgx/phala_sgx_v3_quote.bin", 1},
    {"TCB signer", SIM_SGX_V3, SIM_INTEL_TCB_SIGNER, "tdx/dcaprs_signing_cert.pem", 0},
    {"PCK by the Platform CA", SIM_TDX_V4, SIM_INTEL_PCK, "tdx/phala_tdx_v4_quote.bin",
     0},
    {"PCK by the Processor CA", SIM_SGX_V3, SIM_INTEL_PCK, "sgx/phala_sgx_v3_quote.bin",
     0},
};

/* As many bytes for each number of the TCB. */
static void take_widths(struct sim_intel_pck *pck, enum sim_intel_kind kind)
{
    static const uint8_t processor[] = {0x0b, 0x0b, 2, 2, 0xff, 1};

    if (kind == SIM_SGX_V3) {
        memset(pck->components, 0, sizeof pck->components);
        memcpy(pck->components, processor, sizeof processor);
    }
}

static void certs_as_genuine(struct sim_keyring *ring)
{
    static struct sim_intel doc;

    for (size_t i = 0; i < COUNT(genuine_certs); i++) {
        const struct troth_span file = test_vector(genuine_certs[i].file);
        struct sim_cert cert;

        test_case("a genuine certificate's outline: %s", genuine_certs[i].why);
        if (!file.ptr) {
            test_skip("no vectors: %s", genuine_certs[i].file);
            continue;
        }
        sim_intel_default(&doc, ring, genuine_certs[i].kind, 0, NOW);
        take_widths(&doc.pck, genuine_certs[i].kind);
        sim_intel_get_cert(&cert, &doc, genuine_certs[i].place);
        X509 *genuine = peer_pem_cert(file, genuine_certs[i].index);

        if (CHECK(genuine != NULL))
            check_outline(&cert, genuine);
        X509_free(genuine);
    }
}

static struct troth_span extension_of(const X509 *cert)
{
    ASN1_OBJECT *oid = OBJ_txt2obj(SIM_OID_INTEL_PCK, 1);
    const int at = X509_get_ext_by_OBJ(cert, oid, -1);
    const ASN1_OCTET_STRING *value = X509_EXTENSION_get_data(X509_get_ext(cert, at));

    ASN1_OBJECT_free(oid);
    return (struct troth_span){ASN1_STRING_get0_data(value),
                               (size_t)ASN1_STRING_length(value)};
}

/* Every object identifier in order, and what kind of value follows it. */
static void extension_as_genuine(struct sim_keyring *ring)
{
    static struct sim_intel doc;
    const struct troth_span file = test_vector("tdx/phala_tdx_v4_quote.bin");

    test_case("a genuine PCK extension's outline");
    if (!file.ptr) {
        test_skip("no vectors: %s", "tdx/phala_tdx_v4_quote.bin");
        return;
    }
    sim_intel_default(&doc, ring, SIM_TDX_V4, 0, NOW);
    X509 *minted = peer_cert(sim_intel_mint_cert(&doc, SIM_INTEL_PCK));
    X509 *genuine = peer_pem_cert(file, 0);

    if (CHECK(minted && genuine)) {
        struct sim_bytes seen = peer_outline(extension_of(minted));
        struct sim_bytes wanted = peer_outline(extension_of(genuine));

        CHECK_TEXT((const char *)seen.ptr, (const char *)wanted.ptr);
        sim_bytes_free(&seen);
        sim_bytes_free(&wanted);
    }
    X509_free(minted);
    X509_free(genuine);
}

static void lists(struct sim_keyring *ring)
{
    static struct sim_intel doc;
    const struct troth_span genuine = test_vector("sgx/automata_root_ca_crl.der");

    test_case("entries name a reason; OpenSSL finds the revoked");
    sim_intel_default(&doc, ring, SIM_TDX_V4, 0, NOW);
    doc.pck_crl.revoked[2] = (struct sim_revoked){doc.certs[SIM_INTEL_PCK].serial,
                                                  NOW - 86400, 1};
    X509_CRL *crl = peer_crl(sim_crl_mint(&doc.pck_crl));
    X509 *pck = peer_cert(sim_intel_mint_cert(&doc, SIM_INTEL_PCK));
    X509_REVOKED *row = NULL;

    CHECK_INT(X509_CRL_get0_by_cert(crl, &row, pck), 0);
    X509_CRL_free(crl);
    doc.pck_crl.revoked_count++;
    crl = peer_crl(sim_crl_mint(&doc.pck_crl));
    CHECK_INT(X509_CRL_get0_by_cert(crl, &row, pck), 1);
    ASN1_ENUMERATED *reason = X509_REVOKED_get_ext_d2i(row, NID_crl_reason, NULL, NULL);
    CHECK_INT(reason ? ASN1_ENUMERATED_get(reason) : -1, 1);
    ASN1_ENUMERATED_free(reason);
    X509_CRL_free(crl);
    X509_free(pck);

    test_case("a genuine list's outline");
    if (!genuine.ptr) {
        test_skip("no vectors: %s", "sgx/automata_root_ca_crl.der");
        return;
    }
    struct sim_bytes list = sim_crl_mint(&doc.root_crl);
    struct sim_bytes seen = peer_outline(sim_bytes_span(list));
    struct sim_bytes wanted = peer_outline(genuine);

    CHECK_TEXT((const char *)seen.ptr, (const char *)wanted.ptr);
    sim_bytes_free(&list);
    sim_bytes_free(&seen);
    sim_bytes_free(&wanted);
}

static const struct {
    const char *why;
    size_t offset; /* in what kind of edit it is */
    void (*edit)(struct sim_bytes *entries, const void *context);
    uint8_t arc;
    unsigned entries; /* at the outermost level */
    uint8_t first;    /* arc of the first */
    bool has_arc;
} pck_edits[] = {
    {"none", 0, NULL, 4, 7, 1, true},
    {"FMSPC removed", 0, sim_intel_pck_remove, 4, 6, 1, false},
    {"FMSPC twice", 0, sim_intel_pck_repeat, 4, 8, 1, true},
    {"FMSPC under another name", 0, sim_intel_pck_rename, 4, 7, 1, false},
    {"the other direction", 0, sim_intel_pck_reverse, 4, 7, 7, true},
};

static void extension_edits(struct sim_keyring *ring)
{
    static struct sim_intel doc;

    for (size_t i = 0; i < COUNT(pck_edits); i++) {
        unsigned entries = 0, with_arc = 0;
        uint8_t first = 0;

        test_case("the PCK extension's entries: %s", pck_edits[i].why);
        sim_intel_default(&doc, ring, SIM_TDX_V4, 0, NOW);
        doc.pck.edit_entries = (struct sim_edit){pck_edits[i].edit, &pck_edits[i].arc};
        struct sim_bytes value = sim_intel_pck_mint(&doc.pck);
        const unsigned char *next = value.ptr;
        STACK_OF(ASN1_TYPE) *rows = d2i_ASN1_SEQUENCE_ANY(NULL, &next, (long)value.len);

        for (int k = 0; k < sk_ASN1_TYPE_num(rows); k++) {
            const ASN1_STRING *row = sk_ASN1_TYPE_value(rows, k)->value.sequence;
            const unsigned char *bytes = ASN1_STRING_get0_data(row);
            const size_t head = bytes[1] == 0x82 ? 4 : 2;
            const uint8_t arc = bytes[head + 1 + bytes[head + 1]];

            first = k == 0 ? arc : first;
            with_arc += arc == pck_edits[i].arc;
            entries++;
        }
        CHECK_INT(entries, pck_edits[i].entries);
        CHECK_INT(first, pck_edits[i].first);
        CHECK_INT(with_arc > 0, pck_edits[i].has_arc);
        sk_ASN1_TYPE_pop_free(rows, ASN1_TYPE_free);
        sim_bytes_free(&value);
    }
}

/* What the first level says that these versions reach, compared the plain way. */
static const char *status_of(const struct sim_intel *doc, const uint8_t *tee_tcb_svn)
{
    for (size_t i = 0; i < doc->tcb_info.level_count; i++) {
        const struct sim_intel_level *level = &doc->tcb_info.levels[i];
        bool fits = doc->pck.pce_svn >= level->pce_svn;

        for (size_t k = 0; k < 16; k++)
            fits = fits && doc->pck.components[k] >= level->sgx[k] &&
                   (k < 2 || !doc->is_tdx || tee_tcb_svn[k] >= level->tdx[k]);
        if (fits)
            return level->standing.status;
    }
    return "none";
}

static void statuses(struct sim_keyring *ring)
{
    static const char *const words[] = {"UpToDate",
                                        "SWHardeningNeeded",
                                        "ConfigurationNeeded",
                                        "ConfigurationAndSWHardeningNeeded",
                                        "OutOfDate",
                                        "OutOfDateConfigurationNeeded",
                                        "Revoked",
                                        "none"};
    static struct sim_intel doc;

    for (size_t i = 0; i < COUNT(words); i++) {
        test_case("versions of this status: %s", words[i]);
        sim_intel_default(&doc, ring, SIM_SGX_V3, 0, NOW);
        sim_intel_set_status(&doc, (enum sim_intel_status)i);
        CHECK_TEXT(status_of(&doc, NULL), words[i]);
        sim_intel_default(&doc, ring, SIM_TDX_V5_TD15, 0, NOW);
        sim_intel_set_status(&doc, (enum sim_intel_status)i);
        CHECK_TEXT(status_of(&doc, doc.quote.td.tee_tcb_svn), words[i]);
        sim_intel_default(&doc, ring, SIM_TDX_V5_TD15, 0, NOW);
        sim_intel_set_td_status(doc.quote.td.tee_tcb_svn, (enum sim_intel_status)i);
        CHECK_TEXT(status_of(&doc, doc.quote.td.tee_tcb_svn), words[i]);
        CHECK_TEXT(status_of(&doc, doc.quote.td.tee_tcb_svn2), "UpToDate");
    }
}

static void seeds_decide(struct sim_keyring *ring)
{
    struct sim_keyring *twin = sim_keyring_create(9);
    static struct sim_intel one, same, other;

    test_case("one seed, one quote; another platform, another");
    sim_intel_default(&one, ring, SIM_TDX_V4, 0, NOW);
    sim_intel_default(&same, twin, SIM_TDX_V4, 0, NOW);
    struct sim_bytes one_bytes = sim_intel_mint(&one);
    struct sim_bytes same_bytes = sim_intel_mint(&same);
    CHECK_SPAN(sim_bytes_span(one_bytes), sim_bytes_span(same_bytes));
    sim_bytes_free(&one_bytes);
    sim_bytes_free(&same_bytes);
    sim_keyring_destroy(twin);

    sim_intel_default(&other, ring, SIM_TDX_V4, 15, NOW);
    CHECK(one.certs[SIM_INTEL_ROOT].key == other.certs[SIM_INTEL_ROOT].key);
    CHECK(one.certs[SIM_INTEL_PCK].key != other.certs[SIM_INTEL_PCK].key);
    CHECK(one.quote.key != other.quote.key);
    CHECK(memcmp(one.pck.ppid, "TROTH", 5) == 0);
    CHECK(memcmp(one.pck.ppid, other.pck.ppid, 16) != 0);
    CHECK_SPAN(SIM_ARRAY(one.pck.fmspc), SIM_ARRAY(other.pck.fmspc));
    sim_intel_default(&other, ring, SIM_TDX_V4, 16, NOW);
    CHECK(memcmp(one.pck.fmspc, other.pck.fmspc, 6) != 0);
    CHECK_SPAN(SIM_ARRAY(other.pck.fmspc), SIM_ARRAY(other.tcb_info.fmspc));
}

int main(void)
{
    struct sim_keyring *ring = sim_keyring_create(9);

    documents_verify(ring);
    new_keys(ring);
    other_ca(ring);
    certs_as_genuine(ring);
    extension_as_genuine(ring);
    lists(ring);
    extension_edits(ring);
    statuses(ring);
    seeds_decide(ring);
    sim_keyring_destroy(ring);
    return test_finish();
}
