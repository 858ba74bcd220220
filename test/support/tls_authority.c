/* SPDX-License-Identifier: Apache-2.0 */
#include "test/support/tls_authority.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

/* An extension as OpenSSL's configuration writes it; without an issuer, by itself. */
static X509 *make(EVP_PKEY *key, const char *common, int extension_nid,
                  const char *extension_text, const struct tls_authority *by)
{
    X509 *made = X509_new();
    X509_NAME *name = X509_get_subject_name(made);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, extension_nid,
                                                    extension_text);

    if (!key || !extension || X509_set_version(made, X509_VERSION_3) <= 0 ||
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                   (const unsigned char *)common, -1, -1, 0) <= 0 ||
        X509_set_issuer_name(made, by ? X509_get_subject_name(by->certificate) : name) <=
            0 ||
        X509_add_ext(made, extension, -1) <= 0 ||
        ASN1_TIME_set_string(X509_getm_notBefore(made), "19700101000000Z") <= 0 ||
        ASN1_TIME_set_string(X509_getm_notAfter(made), "99991231235959Z") <= 0 ||
        X509_set_pubkey(made, key) <= 0 ||
        X509_sign(made, by ? by->key : key, EVP_sha256()) <= 0)
        abort();
    X509_EXTENSION_free(extension);
    return made;
}

void tls_authority_begin(struct tls_authority *authority)
{
    FILE *file;
    int descriptor;

    *authority = (struct tls_authority){.path = "/tmp/troth-authority-XXXXXX"};
    authority->key = EVP_EC_gen("P-256");
    authority->certificate = make(authority->key, "authority", NID_basic_constraints,
                                  "critical,CA:TRUE", NULL);
    descriptor = mkstemp(authority->path);
    file = descriptor < 0 ? NULL : fdopen(descriptor, "w");
    if (!file || PEM_write_X509(file, authority->certificate) <= 0 || fclose(file) != 0)
        abort();
}

void tls_authority_end(struct tls_authority *authority)
{
    (void)unlink(authority->path);
    X509_free(authority->certificate);
    EVP_PKEY_free(authority->key);
}

static struct troth_span take_text(BIO *text, uint8_t *out, size_t room)
{
    const int len = BIO_read(text, out, (int)room);

    if (len <= 0 || BIO_pending(text) > 0)
        abort();
    BIO_free(text);
    return (struct troth_span){out, (size_t)len};
}

void tls_authority_issue(const struct tls_authority *authority,
                         struct tls_certificate *out, const char *name)
{
    BIO *chain = BIO_new(BIO_s_mem()), *key_text = BIO_new(BIO_s_mem());
    EVP_PKEY *key = EVP_EC_gen("P-256");
    unsigned len = sizeof out->sha256;
    char names[256];
    X509 *leaf;

    (void)snprintf(names, sizeof names, "DNS:%s", name);
    leaf = make(key, name, NID_subject_alt_name, names, authority);
    if (PEM_write_bio_X509(chain, leaf) <= 0 ||
        PEM_write_bio_PrivateKey(key_text, key, NULL, NULL, 0, NULL, NULL) <= 0 ||
        X509_digest(leaf, EVP_sha256(), out->sha256, &len) <= 0)
        abort();
    out->chain = take_text(chain, out->chain_pem, sizeof out->chain_pem);
    out->key = take_text(key_text, out->key_pem, sizeof out->key_pem);
    X509_free(leaf);
    EVP_PKEY_free(key);
}
