/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The built-in anchors, twice: against digests written here, which anyone can look up,
 * and against the vendors' certificates as OpenSSL reads them, where those are at hand.
 */
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "evidence/format.h"
#include "test/harness.h"

/* clang-format off */
static const struct {
    const char *name;
    enum troth_anchor_role role;
    const char *product;
    const char *sha256; /* of the certificate, DER; AWS publishes its own, AMD's are at the KDS */
    const char *before, *after;
    const char *file; /* the first certificate in it */
} rows[] = {
    {"AWS Nitro Enclaves Root-G1", TROTH_ANCHOR_NITRO_ROOT, NULL,
     "641a0321a3e244efe456463195d606317ed7cdcc3c1756e09893f3c68f79bb5b",
     "20191028132805Z", "20491028142805Z", "roots/aws_nitro_root_g1.pem"},
    {"Intel SGX Root CA", TROTH_ANCHOR_INTEL_ROOT, NULL,
     "44a0196b2b99f889b8e149e95b807a350e7424964399e885a7cbb8ccfab674d3",
     "20180521104510Z", "20491231235959Z", "roots/intel_sgx_root_ca_tinfoil.pem"},
    {"AMD ARK-Milan", TROTH_ANCHOR_AMD_ARK, "Milan",
     "69d063b45344d26a2e94e1f4210de49ef555308287d4c174445c95639a540bcd",
     "20201022172305Z", "20451022172305Z", "roots/amd_ark_milan.pem"},
    {"AMD SEV-Milan", TROTH_ANCHOR_AMD_ASK, "Milan",
     "67d303bd3905fd38db8b20e0793699870e7fa612eaad5dec358293fd8c0bac1b",
     "20201022182420Z", "20451022182420Z", "roots/amd_ask_milan.pem"},
    {"AMD SEV-VLEK-Milan", TROTH_ANCHOR_AMD_ASVK, "Milan",
     "c5e081f59b7efab1fe2f8b505e159704e72f29cab7ef7cf628a05a42439082f5",
     "20221116224524Z", "20471116224524Z", "roots/amd_ask_ark_milan_vlek.pem"},
    {"AMD ARK-Genoa", TROTH_ANCHOR_AMD_ARK, "Genoa",
     "4c6598d19c18719c5dfd4a7d335f674e5bfe1d8f800cea2cf270c10d103db2f1",
     "20220126153437Z", "20470126153437Z", "roots/amd_ark_genoa.pem"},
    {"AMD SEV-Genoa", TROTH_ANCHOR_AMD_ASK, "Genoa",
     "5464738c1546aed5f2cecf1dc98c5c960a92e8913238a61711bc90ec6e828521",
     "20221031133348Z", "20471031133348Z", "roots/amd_ask_genoa.pem"},
    {"AMD SEV-VLEK-Genoa", TROTH_ANCHOR_AMD_ASVK, "Genoa",
     "197e610743a917d6b9bb982a5a9226ccc0a15b611be0619e626aca9151457372",
     "20221118204834Z", "20471118204834Z", "roots/amd_ask_ark_genoa_vlek.pem"},
    {"AMD ARK-Turin", TROTH_ANCHOR_AMD_ARK, "Turin",
     "1f084161a44bb6d93778a904877d4819cafa5d05ef4193b2ded9dd9c73dd3f6a",
     "20230515200312Z", "20480515200312Z", "roots/amd_ark_turin.pem"},
    {"AMD SEV-Turin", TROTH_ANCHOR_AMD_ASK, "Turin",
     "5b77ef5fe7a7a004fd9032668fba9d0fda22f88c4442069a479636a6ae3b3185",
     "20230515202521Z", "20480515202521Z", "roots/amd_ask_turin.pem"},
    {"AMD SEV-VLEK-Turin", TROTH_ANCHOR_AMD_ASVK, "Turin",
     "104e10a8bd060a3c20a434261a57d0588fd65a88915b4f65b08bdecaf8df1a3c",
     "20230515210941Z", "20480515210941Z", "roots/amd_ask_ark_turin_vlek.pem"},
};
/* clang-format on */

static const struct troth_anchor *find(const char *name)
{
    const struct troth_anchors anchors = troth_anchors_built_in();

    for (size_t i = 0; i < anchors.count; i++)
        if (strcmp(anchors.rows[i].name, name) == 0)
            return &anchors.rows[i];
    return NULL;
}

static int64_t seconds(const ASN1_TIME *time)
{
    ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
    int days = 0, rest = 0;

    CHECK(ASN1_TIME_diff(&days, &rest, epoch, time) == 1);
    ASN1_TIME_free(epoch);
    return (int64_t)days * 86400 + rest;
}

static int64_t seconds_of_text(const char *text)
{
    ASN1_TIME *time = ASN1_TIME_new();
    int64_t result;

    CHECK(ASN1_TIME_set_string(time, text) == 1);
    result = seconds(time);
    ASN1_TIME_free(time);
    return result;
}

static void check_literals(void)
{
    const struct troth_anchors anchors = troth_anchors_built_in();

    test_case("there are as many anchors as are known here");
    CHECK_INT(anchors.count, COUNT(rows));
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct troth_anchor *a = find(rows[i].name);

        test_case("%s as written here", rows[i].name);
        if (!CHECK(a != NULL))
            continue;
        CHECK_INT(a->role, rows[i].role);
        CHECK_TEXT(a->product, rows[i].product);
        CHECK_SPAN(((struct troth_span)TROTH_ARRAY_SPAN(a->sha256)),
                   test_hex(rows[i].sha256));
        CHECK_INT(a->not_before_s, seconds_of_text(rows[i].before));
        CHECK_INT(a->not_after_s, seconds_of_text(rows[i].after));
        CHECK(a->built_in);
    }
}

static X509 *read_certificate(const char *file)
{
    struct troth_span pem = test_vector(file);
    BIO *bio = BIO_new_mem_buf(pem.ptr, (int)pem.len);
    X509 *cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);

    BIO_free(bio);
    return cert;
}

static void check_name_and_serial(const struct troth_anchor *a, const X509 *cert)
{
    unsigned char *name = NULL, serial[64];
    int len = i2d_X509_NAME(X509_get_subject_name(cert), &name);
    BIGNUM *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(cert), NULL);
    const ASN1_OCTET_STRING *id = X509_get0_subject_key_id((X509 *)cert);

    CHECK_SPAN(a->subject, ((struct troth_span){name, (size_t)len}));
    len = BN_bn2bin(number, serial);
    CHECK_SPAN(a->serial, ((struct troth_span){serial, (size_t)len}));
    if (CHECK(id != NULL))
        CHECK_SPAN(a->key_id, ((struct troth_span){id->data, (size_t)id->length}));
    BN_free(number);
    OPENSSL_free(name);
}

static void check_key(const struct troth_anchor *a, const X509 *cert)
{
    EVP_PKEY *key = X509_get0_pubkey(cert);

    if (EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA) {
        BIGNUM *n = NULL, *e = NULL;
        unsigned char modulus[1024];
        int len;

        CHECK(EVP_PKEY_get_bn_param(key, "n", &n) && EVP_PKEY_get_bn_param(key, "e", &e));
        len = BN_bn2bin(n, modulus);
        CHECK_INT(a->key.kind, TROTH_KEY_RSA);
        CHECK_SPAN(a->key.modulus, ((struct troth_span){modulus, (size_t)len}));
        CHECK(BN_is_word(e, a->key.exponent));
        BN_free(n);
        BN_free(e);
    } else {
        unsigned char point[200];
        size_t len = 0;

        CHECK(EVP_PKEY_get_octet_string_param(key, "encoded-pub-key", point, sizeof point,
                                              &len));
        CHECK_INT(a->key.kind, len == 65 ? TROTH_KEY_P256 : TROTH_KEY_P384);
        CHECK_SPAN(a->key.point, ((struct troth_span){point, len}));
    }
}

/* What the certificate says of the chains below it. */
static void check_constraints(const struct troth_anchor *a, X509 *cert)
{
    long path_length = X509_get_pathlen(cert);

    CHECK(X509_check_ca(cert) == 1);
    CHECK_INT(a->has_path_length, path_length >= 0);
    if (path_length >= 0)
        CHECK_INT(a->path_length, path_length);
    CHECK_INT(a->may_not_sign_lists, !(X509_get_key_usage(cert) & KU_CRL_SIGN));
}

static void check_certificates(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct troth_anchor *a = find(rows[i].name);
        unsigned char digest[32];
        X509 *cert;

        test_case("%s as its vendor publishes it", rows[i].name);
        if (!test_vectors_dir()) {
            test_skip("no vectors here");
            continue;
        }
        cert = read_certificate(rows[i].file);
        if (!CHECK(a && cert))
            continue;
        CHECK(X509_digest(cert, EVP_sha256(), digest, NULL) == 1);
        CHECK_SPAN(((struct troth_span)TROTH_ARRAY_SPAN(a->sha256)),
                   ((struct troth_span)TROTH_ARRAY_SPAN(digest)));
        CHECK_INT(a->not_before_s, seconds(X509_get0_notBefore(cert)));
        CHECK_INT(a->not_after_s, seconds(X509_get0_notAfter(cert)));
        check_name_and_serial(a, cert);
        check_key(a, cert);
        check_constraints(a, cert);
        X509_free(cert);
    }
}

int main(void)
{
    check_literals();
    check_certificates();
    return test_finish();
}
