/* SPDX-License-Identifier: Apache-2.0 */
/* Every genuine certificate and list among the vectors: our fields are OpenSSL's fields.
 */
#include <openssl/asn1.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "pki/crl.h"
#include "test/harness.h"
#include "test/vectors/find_certs.h"
#include "troth/provider.h"

enum { MAX = 400 };

static struct troth_crypto crypto;

static struct found_cert found[MAX];
static size_t found_count;

static struct {
    X509 *theirs;
    struct troth_cert ours;
} read[MAX];
static size_t read_count;

/* Those that we refuse and OpenSSL reads. */
static const struct {
    const char *sha256; /* its first bytes */
    enum troth_err err;
    const char *field;
    const char *why;
} refused[] = {
    {"68b01c809ca9", TROTH_ERR_ALGORITHM, "cert.signed_with",
     "Open Enclave's bad EC certificate: ecdsa-with-SHA256 with NULL parameters"},
};

static const char *last_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* ---- one certificate ---- */

static struct troth_span span_of(const ASN1_STRING *string)
{
    return (struct troth_span){ASN1_STRING_get0_data(string),
                               (size_t)ASN1_STRING_length(string)};
}

static int64_t seconds_of(const ASN1_TIME *time)
{
    ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
    int days = 0, seconds = 0;

    if (!ASN1_TIME_diff(&days, &seconds, epoch, time))
        abort();
    ASN1_TIME_free(epoch);
    return (int64_t)days * 86400 + seconds;
}

static void check_name(struct troth_span ours, const X509_NAME *theirs)
{
    uint8_t *der = NULL;
    int len = i2d_X509_NAME(theirs, &der);

    CHECK_SPAN(ours, ((struct troth_span){der, (size_t)len}));
    OPENSSL_free(der);

    /* The common name, where it is there once and in a type that we show. */
    int at = X509_NAME_get_index_by_NID(theirs, NID_commonName, -1);
    struct troth_span seen = troth_name_attribute(ours, TROTH_OID_COMMON_NAME);

    if (at >= 0 && X509_NAME_get_index_by_NID(theirs, NID_commonName, at) < 0)
        CHECK_SPAN(seen,
                   span_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(theirs, at))));
    else
        CHECK(seen.ptr == NULL);
}

/* A point off its curve: OpenSSL reads no key there, and to us it verifies nothing. */
static void check_unusable(const struct troth_public_key *key)
{
    const struct troth_span signature = TROTH_LITERAL("\x30\x06\x02\x01\x01\x02\x01\x01");

    CHECK_INT(key->kind, TROTH_KEY_P256);
    CHECK_ERR(troth_signed_by(&crypto, key, TROTH_ECDSA_P256_SHA256, TROTH_LITERAL("tbs"),
                              signature),
              TROTH_ERR_KEY);
}

static void check_key(const struct troth_public_key *ours, const X509 *theirs)
{
    EVP_PKEY *key = X509_get0_pubkey(theirs);
    uint8_t bytes[600] = {0};
    size_t len = 0;

    if (!key) {
        check_unusable(ours);
        return;
    }
    if (ours->kind == TROTH_KEY_RSA) {
        BIGNUM *n = NULL, *e = NULL;

        CHECK(EVP_PKEY_get_bn_param(key, "n", &n) && EVP_PKEY_get_bn_param(key, "e", &e));
        len = (size_t)BN_bn2bin(n, bytes);
        CHECK_SPAN(ours->modulus, ((struct troth_span){bytes, len}));
        CHECK_INT(ours->exponent, BN_get_word(e));
        BN_free(n);
        BN_free(e);
        return;
    }
    CHECK_INT(ours->kind,
              EVP_PKEY_get_bits(key) == 256 ? TROTH_KEY_P256 : TROTH_KEY_P384);
    CHECK(EVP_PKEY_get_octet_string_param(key, "pub", bytes, sizeof bytes, &len));
    CHECK_SPAN(ours->point, ((struct troth_span){bytes, len}));
}

static void check_key_id(struct troth_span ours, const ASN1_OCTET_STRING *theirs)
{
    CHECK_SPAN(ours, (theirs ? span_of(theirs) : (struct troth_span){NULL, 0}));
}

static void check_extensions(const struct troth_cert *ours, X509 *theirs)
{
    uint32_t flags = X509_get_extension_flags(theirs);
    struct troth_span first_unknown = {NULL, 0};

    CHECK_INT(ours->is_ca, (flags & EXFLAG_CA) != 0);
    CHECK_INT(ours->has_path_length ? (long)ours->path_length : -1,
              X509_get_pathlen(theirs));
    CHECK_INT(ours->has_key_usage, (flags & EXFLAG_KUSAGE) != 0);
    if (ours->has_key_usage) {
        uint32_t usage = X509_get_key_usage(theirs);

        CHECK_INT((ours->key_usage & TROTH_USE_CERT_SIGN) != 0,
                  (usage & KU_KEY_CERT_SIGN) != 0);
        CHECK_INT((ours->key_usage & TROTH_USE_CRL_SIGN) != 0,
                  (usage & KU_CRL_SIGN) != 0);
        CHECK_INT((ours->key_usage & TROTH_USE_DIGITAL_SIGNATURE) != 0,
                  (usage & KU_DIGITAL_SIGNATURE) != 0);
    }
    check_key_id(ours->subject_key_id, X509_get0_subject_key_id(theirs));
    check_key_id(ours->authority_key_id, X509_get0_authority_key_id(theirs));
    for (int i = 0; i < X509_get_ext_count(theirs); i++) {
        X509_EXTENSION *one = X509_get_ext(theirs, i);
        const ASN1_OBJECT *oid = X509_EXTENSION_get_object(one);
        struct troth_span id = {OBJ_get0_data(oid), OBJ_length(oid)};
        int nid = OBJ_obj2nid(oid);
        bool known = nid == NID_basic_constraints || nid == NID_key_usage;

        CHECK_SPAN(troth_cert_extension(ours, id), span_of(X509_EXTENSION_get_data(one)));
        if (X509_EXTENSION_get_critical(one) && !known && !first_unknown.ptr)
            first_unknown = id;
    }
    CHECK_SPAN(ours->unknown_critical, first_unknown);
}

static void check_algorithm(enum troth_signature_algorithm ours, const X509 *theirs)
{
    int hash = 0, key = 0, bits = 0;
    uint32_t flags = 0;

    CHECK(X509_get_signature_info((X509 *)theirs, &hash, &key, &bits, &flags));
    enum troth_hash wanted = hash == NID_sha256   ? TROTH_SHA256
                             : hash == NID_sha384 ? TROTH_SHA384
                                                  : TROTH_SHA512;

    CHECK_INT(troth_signature_facts(ours).hash, wanted);
    CHECK_INT(ours == TROTH_RSA_PSS_SHA384 || ours == TROTH_RSA_PSS_SHA256,
              key == EVP_PKEY_RSA_PSS);
}

static void check_cert(const struct troth_cert *ours, X509 *theirs)
{
    const ASN1_BIT_STRING *signature = NULL;
    BIGNUM *serial = ASN1_INTEGER_to_BN(X509_get0_serialNumber(theirs), NULL);
    uint8_t number[40] = {0};
    int len = BN_bn2bin(serial, number);

    CHECK_SPAN(ours->serial, ((struct troth_span){number, len ? (size_t)len : 1}));
    BN_free(serial);
    check_name(ours->issuer, X509_get_issuer_name(theirs));
    check_name(ours->subject, X509_get_subject_name(theirs));
    CHECK_INT(ours->not_before_s, seconds_of(X509_get0_notBefore(theirs)));
    CHECK_INT(ours->not_after_s, seconds_of(X509_get0_notAfter(theirs)));
    check_key(&ours->key, theirs);
    check_extensions(ours, theirs);
    check_algorithm(ours->signed_with, theirs);
    X509_get0_signature(&signature, NULL, theirs);
    CHECK_SPAN(ours->signature, span_of(signature));

    uint8_t *tbs = NULL;
    int tbs_len = i2d_re_X509_tbs(theirs, &tbs);

    CHECK_SPAN(ours->tbs, ((struct troth_span){tbs, (size_t)tbs_len}));
    OPENSSL_free(tbs);
}

static void check_refusal(struct troth_span der, const struct troth_fault *fault)
{
    uint8_t digest[32];
    char hex[13];
    bool known = false;

    SHA256(der.ptr, der.len, digest);
    for (size_t i = 0; i < 6; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    for (size_t i = 0; i < COUNT(refused) && !known; i++) {
        known = strcmp(refused[i].sha256, hex) == 0;
        if (known) {
            CHECK_ERR(fault->err, refused[i].err);
            CHECK_TEXT(fault->field, refused[i].field);
        }
    }
    if (!CHECK(known))
        printf("# %s: %s in %s at %zu\n", hex, troth_err_text(fault->err),
               fault->field ? fault->field : "-", fault->offset);
}

static void test_certificates(void)
{
    for (size_t i = 0; i < found_count; i++) {
        const uint8_t *p = found[i].der.ptr;
        X509 *theirs = d2i_X509(NULL, &p, (long)found[i].der.len);
        struct troth_cert ours;
        struct troth_fault fault;
        enum troth_err err = troth_cert_parse(&ours, &fault, found[i].der);

        test_case("certificate %zu, %s", i, last_of(found[i].file));
        if (err && theirs)
            check_refusal(found[i].der, &fault);
        CHECK(err || theirs); /* we are never the laxer one */
        if (err || !theirs) {
            X509_free(theirs);
            continue;
        }
        check_cert(&ours, theirs);
        read[read_count].theirs = theirs;
        read[read_count++].ours = ours;
    }
    test_case("there are enough of them");
    CHECK(read_count > 100);
}

static bool verifies(X509 *cert, X509 *issuer)
{
    EVP_PKEY *key = X509_get0_pubkey(issuer);

    return key && X509_verify(cert, key) == 1;
}

/* Whoever's name is the issuer's: do both say the same of the signature? */
static void test_signatures(void)
{
    unsigned verified = 0;

    test_case("signatures under every certificate of the issuer's name");
    for (size_t i = 0; i < read_count; i++)
        for (size_t j = 0; j < read_count; j++) {
            const struct troth_cert *cert = &read[i].ours, *issuer = &read[j].ours;

            if (!troth_span_equal(cert->issuer, issuer->subject))
                continue;
            bool ours = troth_signed_by(&crypto, &issuer->key, cert->signed_with,
                                        cert->tbs, cert->signature) == TROTH_OK;
            bool theirs = verifies(read[i].theirs, read[j].theirs);

            CHECK_INT(ours, theirs);
            verified += ours;
        }
    CHECK(verified > 100);
}

/* ---- lists ---- */

static void check_list(const struct troth_crl *ours, X509_CRL *theirs)
{
    STACK_OF(X509_REVOKED) *entries = X509_CRL_get_REVOKED(theirs);

    check_name(ours->issuer, X509_CRL_get_issuer(theirs));
    CHECK_INT(ours->this_update_s, seconds_of(X509_CRL_get0_lastUpdate(theirs)));
    CHECK_INT(ours->next_update_s, seconds_of(X509_CRL_get0_nextUpdate(theirs)));
    for (int i = 0; i < sk_X509_REVOKED_num(entries); i++) {
        const ASN1_INTEGER *number = X509_REVOKED_get0_serialNumber(
            sk_X509_REVOKED_value(entries, i));

        CHECK(troth_crl_lists(ours, span_of(number)));
    }
    CHECK_INT(ours->entries.len > 0, sk_X509_REVOKED_num(entries) > 0);

    AUTHORITY_KEYID *id = X509_CRL_get_ext_d2i(theirs, NID_authority_key_identifier, NULL,
                                               NULL);

    check_key_id(ours->authority_key_id, id ? id->keyid : NULL);
    AUTHORITY_KEYID_free(id);
    for (size_t i = 0; i < read_count; i++)
        if (!troth_span_equal(read[i].ours.subject, ours->issuer))
            CHECK(!troth_crl_lists(ours, read[i].ours.serial));
}

static void test_lists(const glob_t *files)
{
    unsigned lists = 0, verified = 0;

    for (size_t i = 0; i < files->gl_pathc; i++) {
        struct troth_span der = find_cert_read(files->gl_pathv[i]);
        const uint8_t *p = der.ptr;
        X509_CRL *theirs = der.len ? d2i_X509_CRL(NULL, &p, (long)der.len) : NULL;
        struct troth_crl ours;

        if (!theirs || p != der.ptr + der.len) {
            X509_CRL_free(theirs);
            continue;
        }
        test_case("list %s", last_of(files->gl_pathv[i]));
        if (CHECK(troth_crl_parse(&ours, NULL, der) == TROTH_OK))
            check_list(&ours, theirs);
        for (size_t j = 0; j < read_count; j++)
            if (troth_span_equal(read[j].ours.subject, ours.issuer)) {
                bool us = troth_signed_by(&crypto, &read[j].ours.key, ours.signed_with,
                                          ours.tbs, ours.signature) == TROTH_OK;

                CHECK_INT(us,
                          X509_CRL_verify(theirs, X509_get0_pubkey(read[j].theirs)) == 1);
                verified += us;
            }
        X509_CRL_free(theirs);
        lists++;
    }
    test_case("there are enough of them");
    CHECK(lists >= 9);
    CHECK(verified >= 9);
}

int main(void)
{
    if (!test_vectors_dir()) {
        test_case("genuine certificates");
        test_skip("no vectors beside the project");
        return test_finish();
    }
    if (troth_provider_create(&crypto))
        return 1;
    glob_t files = {0};

    find_cert_files(&files);
    found_count = find_certs(found, MAX, &files);
    test_certificates();
    test_signatures();
    test_lists(&files);
    for (size_t i = 0; i < read_count; i++)
        X509_free(read[i].theirs);
    globfree(&files);
    troth_provider_destroy(&crypto);
    return test_finish();
}
