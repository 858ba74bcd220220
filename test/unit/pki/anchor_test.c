/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/anchor.h"

#include <openssl/sha.h>
#include <string.h>

#include "pki/cert.h"
#include "test/harness.h"
#include "test/support/x509_make.h"
#include "troth/provider.h"

#define NOON ((int64_t)1767225600) /* 2026-01-01T00:00:00Z */

static const struct x509_cert_recipe root = {
    .subject = "root",
    .issuer = "root",
    .serial = 3,
    .not_before_s = NOON,
    .not_after_s = NOON + 100,
    .key = X509_P384_A,
    .signer = X509_P384_A,
    .has_constraints = true,
    .is_ca = true,
    .key_usage = TROTH_USE_CERT_SIGN | TROTH_USE_CRL_SIGN,
    .key_ids = true,
};

static void no_constraints(struct x509_cert_recipe *recipe)
{
    recipe->has_constraints = false;
}

static void no_authority(struct x509_cert_recipe *recipe)
{
    recipe->is_ca = false;
}

static void no_cert_sign(struct x509_cert_recipe *recipe)
{
    recipe->key_usage = TROTH_USE_CRL_SIGN;
}

static void other_issuer(struct x509_cert_recipe *recipe)
{
    recipe->issuer = "toor";
}

static void other_key_id(struct x509_cert_recipe *recipe)
{
    recipe->flip_authority_key_id = true;
}

static void other_signer(struct x509_cert_recipe *recipe)
{
    recipe->signer = X509_P384_B;
    recipe->key_ids = false;
}

static void other_kind_of_signer(struct x509_cert_recipe *recipe)
{
    recipe->signer = X509_P256_A;
    recipe->key_ids = false;
}

static void unknown_critical(struct x509_cert_recipe *recipe)
{
    recipe->extras[0] = (struct x509_extension){"1.2.3", true, "00"};
}

static void duplicate(struct x509_cert_recipe *recipe)
{
    recipe->extras[0] = recipe->extras[1] = (struct x509_extension){"1.2.3", false, "00"};
}

static const struct {
    const char *why;
    void (*change)(struct x509_cert_recipe *recipe);
    enum troth_err err;
    const char *field;
} cases[] = {
    {"no basicConstraints", no_constraints, TROTH_ERR_VALUE, "cert.basic_constraints"},
    {"no certificate authority", no_authority, TROTH_ERR_VALUE, "cert.basic_constraints"},
    {"no keyCertSign", no_cert_sign, TROTH_ERR_VALUE, "cert.basic_constraints"},
    {"issued by another name", other_issuer, TROTH_ERR_SIGNATURE, "cert.issuer"},
    {"names another key", other_key_id, TROTH_ERR_SIGNATURE, "cert.authority_key_id"},
    {"signed by another key", other_signer, TROTH_ERR_SIGNATURE, "cert.signature"},
    {"signed by another kind of key", other_kind_of_signer, TROTH_ERR_ALGORITHM,
     "cert.signature"},
    {"unknown critical extension", unknown_critical, TROTH_ERR_UNSUPPORTED,
     "cert.extensions"},
    {"the parser's errors", duplicate, TROTH_ERR_DUPLICATE, "cert.extensions"},
};

static void test_refused(const struct troth_crypto *crypto)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct x509_cert_recipe recipe = root;
        struct troth_anchor anchor;
        struct troth_fault fault;

        test_case("refused: %s", cases[i].why);
        cases[i].change(&recipe);
        memset(&anchor, 0xff, sizeof anchor);
        CHECK_ERR(troth_anchor_from_certificate(&anchor, &fault, crypto,
                                                x509_make_cert(&recipe)),
                  cases[i].err);
        CHECK_INT(fault.err, cases[i].err);
        CHECK_TEXT(fault.field, cases[i].field);
        CHECK(anchor.name == NULL && anchor.subject.len == 0 && anchor.key.kind == 0);
    }
}

static void test_fields(const struct troth_crypto *crypto)
{
    struct x509_cert_recipe recipe = root;
    struct troth_span der = x509_make_cert(&recipe);
    struct troth_anchor anchor;
    struct troth_cert cert;
    struct troth_fault fault;
    uint8_t digest[32];

    test_case("every field");
    SHA256(der.ptr, der.len, digest);
    CHECK_ERR(troth_anchor_from_certificate(&anchor, &fault, crypto, der), TROTH_OK);
    CHECK_ERR(troth_cert_parse(&cert, NULL, der), TROTH_OK);
    CHECK_INT(fault.err, TROTH_OK);
    CHECK_TEXT(anchor.name, "custom");
    CHECK_INT(anchor.role, TROTH_ANCHOR_CUSTOM);
    CHECK(!anchor.built_in && anchor.product == NULL);
    CHECK_SPAN(anchor.subject, cert.subject);
    CHECK_SPAN(anchor.serial, TROTH_LITERAL("\x03"));
    CHECK_SPAN(anchor.key_id, cert.subject_key_id);
    CHECK_SPAN(anchor.key.point, x509_public_key(X509_P384_A)->point);
    CHECK(memcmp(anchor.sha256, digest, sizeof digest) == 0);
    CHECK_INT(anchor.not_before_s, NOON);
    CHECK_INT(anchor.not_after_s, NOON + 100);
    CHECK(!anchor.has_path_length && !anchor.may_not_sign_lists);

    test_case("what its certificate limits");
    recipe.has_path_length = true;
    recipe.path_length = 2;
    recipe.key_usage = TROTH_USE_CERT_SIGN;
    CHECK_ERR(
        troth_anchor_from_certificate(&anchor, NULL, crypto, x509_make_cert(&recipe)),
        TROTH_OK);
    CHECK(anchor.has_path_length && anchor.may_not_sign_lists);
    CHECK_INT(anchor.path_length, 2);

    test_case("no keyUsage is no limit");
    recipe.key_usage = 0;
    CHECK_ERR(
        troth_anchor_from_certificate(&anchor, NULL, crypto, x509_make_cert(&recipe)),
        TROTH_OK);
    CHECK(!anchor.may_not_sign_lists);
}

int main(void)
{
    struct troth_crypto crypto;

    if (troth_provider_create(&crypto))
        return 1;
    test_fields(&crypto);
    test_refused(&crypto);
    troth_provider_destroy(&crypto);
    return test_finish();
}
