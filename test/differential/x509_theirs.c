/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include "test/differential/x509_exhibit.h"

static int note_error(int holds, X509_STORE_CTX *ctx)
{
    struct theirs *theirs = X509_STORE_CTX_get_app_data(ctx);

    int depth = X509_STORE_CTX_get_error_depth(ctx);
    int error = X509_STORE_CTX_get_error(ctx);
    /* CRL_CHECK_ALL looks for the root on its own list. An anchor is trusted for being
     * in our table, and is taken out of it to be revoked. */
    bool root_on_its_list = error == X509_V_ERR_CERT_REVOKED && depth == LEAF;

    if (!holds && !root_on_its_list && theirs->count < COUNT(theirs->errors))
        theirs->errors[theirs->count++] = error;
    return 1; /* go on, so that a class we allow hides no other */
}

static X509 *read_cert(struct troth_span der)
{
    const uint8_t *p = der.ptr;
    X509 *cert = d2i_X509(NULL, &p, (long)der.len);

    if (cert && p != der.ptr + der.len) {
        X509_free(cert);
        cert = NULL;
    }
    return cert;
}

static X509_CRL *read_crl(struct troth_span der)
{
    const uint8_t *p = der.ptr;
    X509_CRL *crl = d2i_X509_CRL(NULL, &p, (long)der.len);

    if (crl && p != der.ptr + der.len) {
        X509_CRL_free(crl);
        crl = NULL;
    }
    return crl;
}

struct read {
    X509 *certs[PLACES];
    STACK_OF(X509) * between;
    STACK_OF(X509_CRL) * crls;
};

static bool read_all(struct read *read, const struct exhibit *e)
{
    bool good = true;

    read->between = sk_X509_new_null();
    read->crls = sk_X509_CRL_new_null();
    for (size_t i = 0; i < PLACES; i++) {
        read->certs[i] = read_cert(e->certs[i]);
        good = good && read->certs[i];
        if (good && (i == FIRST || i == SECOND))
            sk_X509_push(read->between, read->certs[i]);
    }
    for (size_t i = 0; e->with_lists && i < LISTS; i++) {
        X509_CRL *crl = read_crl(e->crls[i]);

        good = good && crl;
        if (crl)
            sk_X509_CRL_push(read->crls, crl);
    }
    return good;
}

static void free_all(struct read *read)
{
    for (size_t i = 0; i < PLACES; i++)
        X509_free(read->certs[i]);
    sk_X509_free(read->between);
    sk_X509_CRL_pop_free(read->crls, X509_CRL_free);
}

struct theirs ask_openssl(const struct exhibit *e)
{
    struct theirs theirs = {.count = 0};
    struct read read = {.between = NULL};

    if (!read_all(&read, e)) {
        theirs.errors[theirs.count++] = X509_V_ERR_UNSPECIFIED;
        free_all(&read);
        return theirs;
    }
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *ctx = X509_STORE_CTX_new();

    X509_STORE_add_cert(store, read.certs[ROOT]);
    X509_STORE_CTX_init(ctx, store, read.certs[LEAF], read.between);
    X509_STORE_CTX_set0_crls(ctx, read.crls);
    X509_STORE_CTX_set_app_data(ctx, &theirs);
    X509_STORE_CTX_set_verify_cb(ctx, note_error);
    X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(ctx);

    X509_VERIFY_PARAM_set_time(param, (time_t)CLOCK);
    X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_X509_STRICT);
    /* Else it takes a root of the right name for an intermediate's issuer. */
    X509_VERIFY_PARAM_clear_flags(param, X509_V_FLAG_TRUSTED_FIRST);
    if (e->with_lists)
        X509_VERIFY_PARAM_set_flags(param,
                                    X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
    if (X509_verify_cert(ctx) <= 0 && theirs.count == 0)
        theirs.errors[theirs.count++] = X509_V_ERR_UNSPECIFIED;
    X509_STORE_CTX_free(ctx);
    X509_STORE_free(store);
    free_all(&read);
    return theirs;
}
