/* SPDX-License-Identifier: Apache-2.0 */
#include "peer.h"

#include <openssl/asn1.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <string.h>

X509 *peer_cert(struct sim_bytes der)
{
    const unsigned char *next = der.ptr;
    X509 *cert = d2i_X509(NULL, &next, (long)der.len);

    if (cert && next != der.ptr + der.len) {
        X509_free(cert);
        cert = NULL;
    }
    sim_bytes_free(&der);
    return cert;
}

X509_CRL *peer_crl(struct sim_bytes der)
{
    const unsigned char *next = der.ptr;
    X509_CRL *crl = d2i_X509_CRL(NULL, &next, (long)der.len);

    if (crl && next != der.ptr + der.len) {
        X509_CRL_free(crl);
        crl = NULL;
    }
    sim_bytes_free(&der);
    return crl;
}

bool peer_verifies(X509 *cert, struct troth_span message, struct troth_span signature)
{
    EVP_PKEY *key = X509_get0_pubkey(cert);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *options = NULL;
    const EVP_MD *hash = key && EVP_PKEY_get_bits(key) == 256 ? EVP_sha256()
                                                              : EVP_sha384();
    bool is_good = key && context &&
                   EVP_DigestVerifyInit(context, &options, hash, NULL, key) == 1;

    if (is_good && EVP_PKEY_is_a(key, "RSA"))
        is_good = EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) == 1 &&
                  EVP_PKEY_CTX_set_rsa_pss_saltlen(options, 48) == 1;
    is_good = is_good && EVP_DigestVerify(context, signature.ptr, signature.len,
                                          message.ptr, message.len) == 1;
    EVP_MD_CTX_free(context);
    return is_good;
}

bool peer_verifies_raw(EVP_PKEY *key, struct troth_span message, struct troth_span raw)
{
    ECDSA_SIG *numbers = ECDSA_SIG_new();
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    unsigned char *der = NULL;
    int answer = 0;

    if (key && numbers && context && raw.len == 64 &&
        ECDSA_SIG_set0(numbers, BN_bin2bn(raw.ptr, 32, NULL),
                       BN_bin2bn(raw.ptr + 32, 32, NULL))) {
        const int len = i2d_ECDSA_SIG(numbers, &der);

        answer = EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
                 EVP_DigestVerify(context, der, (size_t)len, message.ptr, message.len);
    }
    OPENSSL_free(der);
    EVP_MD_CTX_free(context);
    ECDSA_SIG_free(numbers);
    return answer == 1;
}

X509 *peer_pem_cert(struct troth_span file, unsigned index)
{
    /* In a quote the first does not begin a line. */
    while (file.len > 10 && memcmp(file.ptr, "-----BEGIN", 10) != 0) {
        file.ptr++;
        file.len--;
    }
    BIO *bio = BIO_new_mem_buf(file.ptr, (int)file.len);
    X509 *cert = NULL;

    for (unsigned i = 0; i <= index; i++) {
        X509_free(cert);
        cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);
    }
    BIO_free(bio);
    return cert;
}

/* Everything one verification needs, so that one function can free it. */
struct judge {
    X509_STORE *store;
    X509_STORE_CTX *context;
    STACK_OF(X509) * between;
    X509 *certs[8];
    X509_CRL *crl;
};

static void judge_finish(struct judge *judge)
{
    X509_STORE_CTX_free(judge->context);
    X509_STORE_free(judge->store);
    sk_X509_free(judge->between);
    for (size_t i = 0; i < 8; i++)
        X509_free(judge->certs[i]);
    X509_CRL_free(judge->crl);
}

static bool judge_init(struct judge *judge, const struct sim_cert *const certs[],
                       size_t count, const struct sim_crl *crl)
{
    *judge = (struct judge){.store = X509_STORE_new(),
                            .context = X509_STORE_CTX_new(),
                            .between = sk_X509_new_null()};
    for (size_t i = 0; i < count && i < 8; i++) {
        judge->certs[i] = peer_cert(sim_cert_mint(certs[i]));
        if (!judge->certs[i])
            return false;
    }
    for (size_t i = 1; i + 1 < count; i++)
        if (!sk_X509_push(judge->between, judge->certs[i]))
            return false;
    if (crl)
        judge->crl = peer_crl(sim_crl_mint(crl));
    return (!crl || (judge->crl && X509_STORE_add_crl(judge->store, judge->crl) == 1)) &&
           X509_STORE_add_cert(judge->store, judge->certs[0]) == 1;
}

int peer_chain(const struct sim_cert *const certs[], size_t count,
               const struct sim_crl *crl, int64_t time_s)
{
    struct judge judge;
    int answer = X509_V_ERR_UNSPECIFIED;

    if (judge_init(&judge, certs, count, crl) &&
        X509_STORE_CTX_init(judge.context, judge.store, judge.certs[count - 1],
                            judge.between) == 1) {
        unsigned long flags = X509_V_FLAG_CHECK_SS_SIGNATURE;

        if (crl)
            flags |= X509_V_FLAG_CRL_CHECK;
        X509_STORE_CTX_set_flags(judge.context, flags);
        X509_STORE_CTX_set_time(judge.context, 0, (time_t)time_s);
        (void)X509_verify_cert(judge.context);
        answer = X509_STORE_CTX_get_error(judge.context);
    }
    judge_finish(&judge);
    return answer;
}

static void put_line(struct sim_bytes *out, unsigned depth, int tag, const char *length)
{
    char line[96];

    (void)snprintf(line, sizeof line, "%*s%02x %s", (int)(2 * depth), "", (unsigned)tag,
                   length);
    sim_bytes_append(out, sim_text(line));
}

static void put_hex(struct sim_bytes *out, const unsigned char *bytes, long len)
{
    for (long i = 0; i < len; i++) {
        char digits[4];

        (void)snprintf(digits, sizeof digits, " %02x", bytes[i]);
        sim_bytes_append(out, sim_text(digits));
    }
}

/* An octet string that holds short DER is an extension; a hardware id is none. */
static bool is_telling(int tag, const unsigned char *bytes, long len)
{
    if (tag == V_ASN1_OCTET_STRING)
        return len >= 2 && len <= 8 && bytes[1] == len - 2;
    return tag == V_ASN1_OBJECT || tag == V_ASN1_BOOLEAN ||
           (tag == V_ASN1_BIT_STRING && len <= 8);
}

/* The signature is the last element, and its length may differ by three. */
static bool is_inexact(unsigned depth, int tag, long len)
{
    return depth == 0 || (depth == 1 && tag == V_ASN1_BIT_STRING && len < 200);
}

struct sim_bytes peer_outline(struct troth_span der)
{
    const unsigned char *next = der.ptr;
    const unsigned char *ends[16] = {der.ptr + der.len};
    unsigned depth = 0;
    struct sim_bytes out = {0};

    while (next < ends[0]) {
        long len = 0;
        int tag = 0;
        int class = 0;
        char length[24] = "~";
        const int form = ASN1_get_object(&next, &len, &tag, &class, ends[depth] - next);

        if (form & 0x80)
            break;
        if (!is_inexact(depth, tag, len))
            (void)snprintf(length, sizeof length, "%ld", len);
        put_line(&out, depth, tag | class, length);
        if (class == 0 && is_telling(tag, next, len))
            put_hex(&out, next, len);
        sim_bytes_append_byte(&out, '\n');
        if (form & V_ASN1_CONSTRUCTED && depth < 15)
            ends[++depth] = next + len;
        else
            next += len;
        while (depth > 0 && next == ends[depth])
            depth--;
    }
    sim_bytes_append_byte(&out, 0); /* so that it is a text too */
    return out;
}
