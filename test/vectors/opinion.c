/* SPDX-License-Identifier: Apache-2.0 */
#include "test/vectors/opinion.h"

#include <cbor.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

enum { SNP_SIGNED = 0x2a0, SNP_S = 72, HALF = 48 };

/* Every certificate of a file, DER or PEM, onto the stack. */
static void push_certs(STACK_OF(X509) * stack, struct troth_span file)
{
    const unsigned char *at = file.ptr;
    X509 *cert = file.len ? d2i_X509(NULL, &at, (long)file.len) : NULL;
    BIO *bio = BIO_new_mem_buf(file.ptr, (int)file.len);

    if (cert)
        sk_X509_push(stack, cert);
    while (!cert) {
        X509 *next = PEM_read_bio_X509(bio, NULL, NULL, NULL);

        if (!next)
            break;
        sk_X509_push(stack, next);
    }
    BIO_free(bio);
}

static bool leads(X509 *leaf, STACK_OF(X509) * between, struct troth_span root,
                  int64_t at_s)
{
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *ctx = X509_STORE_CTX_new();
    STACK_OF(X509) *roots = sk_X509_new_null();
    bool good;

    push_certs(roots, root);
    for (int i = 0; i < sk_X509_num(roots); i++)
        X509_STORE_add_cert(store, sk_X509_value(roots, i));
    good = X509_STORE_CTX_init(ctx, store, leaf, between) == 1;
    X509_VERIFY_PARAM_set_time(X509_STORE_CTX_get0_param(ctx), (time_t)at_s);
    good = good && X509_verify_cert(ctx) == 1;
    X509_STORE_CTX_free(ctx);
    X509_STORE_free(store);
    sk_X509_pop_free(roots, X509_free);
    return good;
}

/* Both numbers big-endian, HALF bytes each. */
static bool signed_by(X509 *cert, struct troth_span message, const uint8_t *r,
                      const uint8_t *s)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    ECDSA_SIG *pair = ECDSA_SIG_new();
    unsigned char *der = NULL;
    int len;
    bool good;

    ECDSA_SIG_set0(pair, BN_bin2bn(r, HALF, NULL), BN_bin2bn(s, HALF, NULL));
    len = i2d_ECDSA_SIG(pair, &der);
    good = len > 0 &&
           EVP_DigestVerifyInit(ctx, NULL, EVP_sha384(), NULL, X509_get0_pubkey(cert)) ==
               1 &&
           EVP_DigestVerify(ctx, der, (size_t)len, message.ptr, message.len) == 1;
    OPENSSL_free(der);
    ECDSA_SIG_free(pair);
    EVP_MD_CTX_free(ctx);
    return good;
}

static struct troth_span contents(const cbor_item_t *item)
{
    if (!item || !cbor_isa_bytestring(item) || !cbor_bytestring_is_definite(item))
        return (struct troth_span){NULL, 0};
    return (struct troth_span){cbor_bytestring_handle(item),
                               cbor_bytestring_length(item)};
}

static cbor_item_t *value_of(const cbor_item_t *map, const char *key)
{
    for (size_t i = 0; i < cbor_map_size(map); i++) {
        const struct cbor_pair *pair = &cbor_map_handle(map)[i];

        if (cbor_isa_string(pair->key) && cbor_string_length(pair->key) == strlen(key) &&
            memcmp(cbor_string_handle(pair->key), key, strlen(key)) == 0)
            return pair->value;
    }
    return NULL;
}

/* ["Signature1", protected, h'', payload]; the caller frees it. */
static struct troth_span sig_structure(struct troth_span protected_header,
                                       struct troth_span payload)
{
    cbor_item_t *array = cbor_new_definite_array(4);
    cbor_item_t *items[] = {
        cbor_build_string("Signature1"),
        cbor_build_bytestring(protected_header.ptr, protected_header.len),
        cbor_build_bytestring(payload.ptr, 0),
        cbor_build_bytestring(payload.ptr, payload.len),
    };
    unsigned char *out = NULL;
    size_t size = 0, len;

    for (size_t i = 0; i < 4; i++) {
        if (!cbor_array_push(array, items[i]))
            abort();
        cbor_decref(&items[i]);
    }
    len = cbor_serialize_alloc(array, &out, &size);
    cbor_decref(&array);
    return (struct troth_span){out, len};
}

static bool judge_payload(const cbor_item_t *payload, struct troth_span message,
                          struct troth_span signature, struct troth_span root,
                          int64_t at_s)
{
    STACK_OF(X509) *leaf = sk_X509_new_null(), *between = sk_X509_new_null();
    const cbor_item_t *bundle = value_of(payload, "cabundle");
    bool good = false;

    push_certs(leaf, contents(value_of(payload, "certificate")));
    for (size_t i = 0; bundle && i < cbor_array_size(bundle); i++)
        push_certs(between, contents(cbor_array_handle(bundle)[i]));
    if (sk_X509_num(leaf) == 1 && signature.len == (size_t)2 * HALF)
        good = signed_by(sk_X509_value(leaf, 0), message, signature.ptr,
                         signature.ptr + HALF) &&
               leads(sk_X509_value(leaf, 0), between, root, at_s);
    sk_X509_pop_free(leaf, X509_free);
    sk_X509_pop_free(between, X509_free);
    return good;
}

bool opinion_on_nitro(struct troth_span document, struct troth_span root, int64_t at_s)
{
    struct cbor_load_result result;
    cbor_item_t *message = cbor_load(document.ptr, document.len, &result), *payload;
    bool good = false;

    if (!message)
        return false;
    if (cbor_isa_array(message) && cbor_array_size(message) == 4 &&
        result.read == document.len) {
        cbor_item_t **part = cbor_array_handle(message);
        struct troth_span bytes = contents(part[2]);
        struct troth_span covered = sig_structure(contents(part[0]), bytes);

        payload = cbor_load(bytes.ptr, bytes.len, &result);
        if (payload && cbor_isa_map(payload) && result.read == bytes.len)
            good = judge_payload(payload, covered, contents(part[3]), root, at_s);
        if (payload)
            cbor_decref(&payload);
        free((void *)covered.ptr);
    }
    cbor_decref(&message);
    return good;
}

static bool is_vek(X509 *cert)
{
    char name[32] = "";

    X509_NAME_get_text_by_NID(X509_get_subject_name(cert), NID_commonName, name,
                              sizeof name);
    return strcmp(name, "SEV-VCEK") == 0 || strcmp(name, "SEV-VLEK") == 0;
}

static bool vek_signed(X509 *vek, struct troth_span report)
{
    uint8_t r[HALF], s[HALF];

    if (report.len < SNP_SIGNED + SNP_S + HALF)
        return false;
    for (size_t i = 0; i < HALF; i++) {
        r[i] = report.ptr[SNP_SIGNED + HALF - 1 - i];
        s[i] = report.ptr[SNP_SIGNED + SNP_S + HALF - 1 - i];
    }
    return signed_by(vek, (struct troth_span){report.ptr, SNP_SIGNED}, r, s);
}

static bool judge_vek(const struct troth_span *report, const struct troth_span *files,
                      size_t count, struct troth_span root, int64_t at_s)
{
    STACK_OF(X509) *certs = sk_X509_new_null();
    bool good = false;

    for (size_t i = 0; i < count; i++)
        push_certs(certs, files[i]);
    for (int i = 0; i < sk_X509_num(certs) && !good; i++) {
        X509 *cert = sk_X509_value(certs, i);

        good = is_vek(cert) && leads(cert, certs, root, at_s) &&
               (!report || vek_signed(cert, *report));
    }
    sk_X509_pop_free(certs, X509_free);
    return good;
}

bool opinion_on_snp(struct troth_span report, const struct troth_span *files,
                    size_t count, struct troth_span root, int64_t at_s)
{
    return judge_vek(&report, files, count, root, at_s);
}

bool opinion_on_vek(const struct troth_span *files, size_t count, struct troth_span root,
                    int64_t at_s)
{
    return judge_vek(NULL, files, count, root, at_s);
}
