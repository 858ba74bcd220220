/* SPDX-License-Identifier: Apache-2.0 */
#include "test/support/x509_make.h"

#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

static uint8_t pool[1 << 20];
static size_t pool_used;

static void must(bool holds)
{
    if (!holds)
        abort();
}

static uint8_t *take(size_t len)
{
    must(len <= sizeof pool - pool_used);
    uint8_t *at = pool + pool_used;

    pool_used += len;
    return at;
}

uint8_t *x509_copy(struct troth_span bytes)
{
    return memcpy(take(bytes.len), bytes.ptr, bytes.len);
}

void x509_forget(void)
{
    pool_used = 0;
}

/* Parts that certificates and lists share. */

static X509_NAME *make_name(const char *common_name, const char *organization)
{
    X509_NAME *name = X509_NAME_new();

    if (organization)
        must(X509_NAME_add_entry_by_NID(name, NID_organizationName, MBSTRING_UTF8,
                                        (const unsigned char *)organization, -1, -1, 0));
    if (common_name)
        must(X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8,
                                        (const unsigned char *)common_name, -1, -1, 0));
    return name;
}

static ASN1_TIME *make_time(int64_t instant_s)
{
    ASN1_TIME *time = ASN1_TIME_set(NULL, (time_t)instant_s);

    must(time != NULL);
    return time;
}

static X509_EXTENSION *make_extension(const char *oid, bool critical,
                                      struct troth_span value)
{
    ASN1_OBJECT *object = OBJ_txt2obj(oid, 1);
    ASN1_OCTET_STRING *octets = ASN1_OCTET_STRING_new();

    must(object && ASN1_OCTET_STRING_set(octets, value.ptr, (int)value.len));
    X509_EXTENSION *extension = X509_EXTENSION_create_by_OBJ(NULL, object, critical,
                                                             octets);

    must(extension != NULL);
    ASN1_OBJECT_free(object);
    ASN1_OCTET_STRING_free(octets);
    return extension;
}

static void key_id(uint8_t out[static 20], enum x509_key key)
{
    const struct troth_public_key *public = x509_public_key(key);
    struct troth_span bytes = public->point.len ? public->point : public->modulus;

    SHA1(bytes.ptr, bytes.len, out);
}

/* AuthorityKeyIdentifier { [0] keyIdentifier } */
static X509_EXTENSION *make_authority_key_id(enum x509_key signer, bool flip)
{
    uint8_t value[24] = {0x30, 22, 0x80, 20};

    key_id(value + 4, signer);
    value[4] ^= flip;
    return make_extension("2.5.29.35", false, (struct troth_span){value, sizeof value});
}

static const EVP_MD *digest_of(enum x509_key signer, enum x509_way way)
{
    if (signer == X509_ED25519_A)
        return NULL;
    if (way == X509_SHA512)
        return EVP_sha512();
    if (way == X509_SHA256 || way == X509_PKCS1_SHA256 ||
        (way == X509_USUAL && x509_public_key(signer)->kind == TROTH_KEY_P256))
        return EVP_sha256();
    return EVP_sha384();
}

static EVP_MD_CTX *start_signing(enum x509_key signer, enum x509_way way)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    EVP_PKEY_CTX *options = NULL;

    must(EVP_DigestSignInit(ctx, &options, digest_of(signer, way), NULL,
                            x509_key(signer)) == 1);
    if (signer == X509_RSA_A && way != X509_PKCS1_SHA256 && way != X509_PKCS1_SHA384) {
        must(EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) == 1);
        must(EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST) == 1);
    }
    return ctx;
}

/* Certificates. */

static void add(X509 *cert, X509_EXTENSION *extension)
{
    must(X509_add_ext(cert, extension, -1) == 1);
    X509_EXTENSION_free(extension);
}

static void add_constraints(X509 *cert, const struct x509_cert_recipe *recipe)
{
    uint8_t value[16] = {0x30, 0};
    size_t len = 2;

    if (recipe->is_ca) {
        memcpy(value + len, "\x01\x01\xff", 3);
        len += 3;
    }
    if (recipe->has_path_length) {
        must(recipe->path_length < 0x80);
        memcpy(value + len, "\x02\x01", 2);
        value[len + 2] = (uint8_t)recipe->path_length;
        len += 3;
    }
    value[1] = (uint8_t)(len - 2);
    add(cert, make_extension("2.5.29.19", !recipe->constraints_not_critical,
                             (struct troth_span){value, len}));
}

static void add_key_usage(X509 *cert, unsigned bits)
{
    uint8_t value[4] = {0x03, 2, 0, 0};

    must(bits < 0x100);
    for (unsigned i = 0; i < 8; i++)
        if (bits >> i & 1) {
            value[3] |= (uint8_t)(0x80 >> i);
            value[2] = (uint8_t)(7 - i);
        }
    add(cert,
        make_extension("2.5.29.15", true, (struct troth_span){value, sizeof value}));
}

static void add_extensions(X509 *cert, const struct x509_cert_recipe *recipe)
{
    if (recipe->has_constraints)
        add_constraints(cert, recipe);
    if (recipe->key_usage)
        add_key_usage(cert, recipe->key_usage);
    if (recipe->key_ids) {
        uint8_t value[22] = {0x04, 20};

        key_id(value + 2, recipe->key);
        add(cert, make_extension("2.5.29.14", false, (struct troth_span){value, 22}));
        add(cert, make_authority_key_id(recipe->signer, recipe->flip_authority_key_id));
    }
    for (size_t i = 0; i < X509_EXTRAS && recipe->extras[i].oid; i++)
        add(cert, make_extension(recipe->extras[i].oid, recipe->extras[i].critical,
                                 test_hex(recipe->extras[i].hex)));
}

static void set_names_and_times(X509 *cert, const struct x509_cert_recipe *recipe)
{
    X509_NAME *subject = make_name(recipe->subject, recipe->organization);
    X509_NAME *issuer = make_name(recipe->issuer, recipe->issuer_organization);
    ASN1_TIME *not_before = make_time(recipe->not_before_s);
    ASN1_TIME *not_after = make_time(recipe->not_after_s);

    must(X509_set_subject_name(cert, subject) && X509_set_issuer_name(cert, issuer));
    must(X509_set1_notBefore(cert, not_before) && X509_set1_notAfter(cert, not_after));
    X509_NAME_free(subject);
    X509_NAME_free(issuer);
    ASN1_TIME_free(not_before);
    ASN1_TIME_free(not_after);
}

struct troth_span x509_make_cert(const struct x509_cert_recipe *recipe)
{
    X509 *cert = X509_new();

    must(X509_set_version(cert, X509_VERSION_3) &&
         ASN1_INTEGER_set(X509_get_serialNumber(cert), (long)recipe->serial));
    set_names_and_times(cert, recipe);
    must(X509_set_pubkey(cert, x509_key(recipe->key)));
    add_extensions(cert, recipe);

    EVP_MD_CTX *ctx = start_signing(recipe->signer, recipe->way);

    must(X509_sign_ctx(cert, ctx) > 0);
    EVP_MD_CTX_free(ctx);

    int len = i2d_X509(cert, NULL);

    must(len > 0);
    uint8_t *out = take((size_t)len), *end = out;

    must(i2d_X509(cert, &end) == len);
    X509_free(cert);
    return (struct troth_span){out, (size_t)len};
}

/* Lists. */

static void add_to_list(X509_CRL *crl, X509_EXTENSION *extension)
{
    must(X509_CRL_add_ext(crl, extension, -1) == 1);
    X509_EXTENSION_free(extension);
}

static void add_entries(X509_CRL *crl, const struct x509_crl_recipe *recipe)
{
    ASN1_TIME *date = make_time(recipe->this_update_s);

    for (size_t i = 0; i < COUNT(recipe->revoked) && recipe->revoked[i]; i++) {
        X509_REVOKED *entry = X509_REVOKED_new();
        ASN1_INTEGER *serial = ASN1_INTEGER_new();

        must(ASN1_INTEGER_set(serial, (long)recipe->revoked[i]));
        must(X509_REVOKED_set_serialNumber(entry, serial) &&
             X509_REVOKED_set_revocationDate(entry, date));
        if (recipe->entry_extra.oid) {
            X509_EXTENSION *extra = make_extension(recipe->entry_extra.oid,
                                                   recipe->entry_extra.critical,
                                                   test_hex(recipe->entry_extra.hex));

            must(X509_REVOKED_add_ext(entry, extra, -1) == 1);
            X509_EXTENSION_free(extra);
        }
        must(X509_CRL_add0_revoked(crl, entry));
        ASN1_INTEGER_free(serial);
    }
    ASN1_TIME_free(date);
}

static void add_list_extensions(X509_CRL *crl, const struct x509_crl_recipe *recipe)
{
    const uint8_t number[] = {0x02, 1, (uint8_t)recipe->number};

    must(recipe->number < 0x80);
    if (recipe->key_id)
        add_to_list(crl,
                    make_authority_key_id(recipe->signer, recipe->flip_authority_key_id));
    if (recipe->number)
        add_to_list(crl, make_extension("2.5.29.20", false,
                                        (struct troth_span){number, sizeof number}));
    for (size_t i = 0; i < X509_EXTRAS && recipe->extras[i].oid; i++)
        add_to_list(crl, make_extension(recipe->extras[i].oid, recipe->extras[i].critical,
                                        test_hex(recipe->extras[i].hex)));
}

static void set_list_name_and_times(X509_CRL *crl, const struct x509_crl_recipe *recipe)
{
    X509_NAME *issuer = make_name(recipe->issuer, recipe->issuer_organization);
    ASN1_TIME *this_update = make_time(recipe->this_update_s);

    must(X509_CRL_set_issuer_name(crl, issuer) &&
         X509_CRL_set1_lastUpdate(crl, this_update));
    X509_NAME_free(issuer);
    ASN1_TIME_free(this_update);
    if (recipe->next_update_s) {
        ASN1_TIME *next_update = make_time(recipe->next_update_s);

        must(X509_CRL_set1_nextUpdate(crl, next_update));
        ASN1_TIME_free(next_update);
    }
}

struct troth_span x509_make_crl(const struct x509_crl_recipe *recipe)
{
    X509_CRL *crl = X509_CRL_new();

    must(X509_CRL_set_version(crl, recipe->version_1 ? X509_CRL_VERSION_1
                                                     : X509_CRL_VERSION_2));
    set_list_name_and_times(crl, recipe);
    add_entries(crl, recipe);
    add_list_extensions(crl, recipe);

    EVP_MD_CTX *ctx = start_signing(recipe->signer, recipe->way);

    must(X509_CRL_sign_ctx(crl, ctx) > 0);
    EVP_MD_CTX_free(ctx);

    int len = i2d_X509_CRL(crl, NULL);

    must(len > 0);
    uint8_t *out = take((size_t)len), *end = out;

    must(i2d_X509_CRL(crl, &end) == len);
    X509_CRL_free(crl);
    return (struct troth_span){out, (size_t)len};
}
