/* SPDX-License-Identifier: Apache-2.0 */
#include "net/tls.h"

#include <limits.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

/* OpenSSL would ask at the terminal for the passphrase of an encrypted key. */
static int no_passphrase(char *out, int size, int writing, void *state)
{
    (void)writing;
    (void)state;
    if (size > 0)
        out[0] = '\0';
    return -1;
}

static BIO *text_of(struct troth_span pem)
{
    return pem.len <= INT_MAX ? BIO_new_mem_buf(pem.ptr, (int)pem.len) : NULL;
}

static EVP_PKEY *read_key(const struct troth_tls *tls, struct troth_span pem)
{
    EVP_PKEY *key = NULL;
    BIO *text = text_of(pem);

    if (text)
        key = PEM_read_bio_PrivateKey_ex(text, NULL, no_passphrase, NULL, tls->library,
                                         NULL);
    BIO_free(text);
    return key;
}

static X509 *read_next(const struct troth_tls *tls, BIO *text)
{
    X509 *made = X509_new_ex(tls->library, NULL);

    if (made && PEM_read_bio_X509(text, &made, no_passphrase, NULL))
        return made;
    X509_free(made);
    return NULL;
}

/* After the last certificate of a file, OpenSSL complains that there is no beginning. */
static bool is_at_end(void)
{
    unsigned long code = ERR_peek_last_error();

    return ERR_GET_LIB(code) == ERR_LIB_PEM &&
           ERR_GET_REASON(code) == PEM_R_NO_START_LINE;
}

static bool use_chain(const struct troth_tls *tls, BIO *text)
{
    X509 *next = read_next(tls, text);
    bool good = next && SSL_CTX_use_certificate(tls->context, next) > 0;

    X509_free(next);
    if (!good)
        return false;
    for (next = read_next(tls, text); next; next = read_next(tls, text)) {
        good = SSL_CTX_add1_chain_cert(tls->context, next) > 0;
        X509_free(next);
        if (!good)
            return false;
    }
    return is_at_end();
}

static bool use_given(const struct troth_tls *tls,
                      const struct troth_tls_options *options)
{
    EVP_PKEY *key = read_key(tls, options->private_key);
    BIO *text = text_of(options->certificate_chain);
    bool good = key && text && use_chain(tls, text) &&
                SSL_CTX_use_PrivateKey(tls->context, key) > 0 &&
                SSL_CTX_check_private_key(tls->context) > 0;

    BIO_free(text);
    EVP_PKEY_free(key);
    return good;
}

/* As short as may be, and good at any time: it is the channel's proofs that say what the
 * key is worth. */
static bool fill_in(X509 *certificate, EVP_PKEY *key)
{
    X509_NAME *name = X509_get_subject_name(certificate);
    static const unsigned char text[] = "troth";

    /* spec: [RFC5280] 4.1.2.5 "the notAfter SHOULD be assigned the GeneralizedTime value
     * of 99991231235959Z." */
    return X509_set_version(certificate, X509_VERSION_3) > 0 &&
           ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1) > 0 &&
           X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0) > 0 &&
           X509_set_issuer_name(certificate, name) > 0 &&
           ASN1_TIME_set_string(X509_getm_notBefore(certificate), "19700101000000Z") >
               0 &&
           ASN1_TIME_set_string(X509_getm_notAfter(certificate), "99991231235959Z") > 0 &&
           X509_set_pubkey(certificate, key) > 0 &&
           X509_sign(certificate, key, EVP_sha256()) > 0;
}

static bool use_new(const struct troth_tls *tls)
{
    EVP_PKEY *key = EVP_PKEY_Q_keygen(tls->library, NULL, "EC", "P-256");
    X509 *certificate = X509_new_ex(tls->library, NULL);
    bool good = key && certificate && fill_in(certificate, key) &&
                SSL_CTX_use_certificate(tls->context, certificate) > 0 &&
                SSL_CTX_use_PrivateKey(tls->context, key) > 0;

    X509_free(certificate);
    EVP_PKEY_free(key);
    return good;
}

static bool keep_leaf(struct troth_tls *tls)
{
    int len = i2d_X509(SSL_CTX_get0_certificate(tls->context), &tls->certificate);

    tls->certificate_len = len > 0 ? (size_t)len : 0;
    return len > 0;
}

enum troth_err troth_tls_set_certificate(struct troth_tls *tls,
                                         const struct troth_tls_options *options)
{
    if (options->certificate_chain.len > 0 || options->private_key.len > 0)
        return use_given(tls, options) && keep_leaf(tls) ? TROTH_OK : TROTH_ERR_KEY;
    if (tls->role == TROTH_CLIENT)
        return TROTH_OK;
    return use_new(tls) && keep_leaf(tls) ? TROTH_OK : TROTH_ERR_CRYPTO;
}
