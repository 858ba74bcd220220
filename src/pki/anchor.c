/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/anchor.h"

#include "base/span.h"
#include "pki/cert.h"

static bool may_issue(const struct troth_cert *cert)
{
    return cert->is_ca &&
           (!cert->has_key_usage || (cert->key_usage & TROTH_USE_CERT_SIGN) != 0);
}

/* The first thing that keeps `cert` from being a root; `field` names it. */
static enum troth_err check_root(const char **field, const struct troth_crypto *crypto,
                                 const struct troth_cert *cert)
{
    *field = "cert.extensions";
    if (cert->unknown_critical.len > 0)
        return TROTH_ERR_UNSUPPORTED;
    *field = "cert.basic_constraints";
    if (!may_issue(cert))
        return TROTH_ERR_VALUE;
    *field = "cert.issuer";
    if (!troth_span_equal(cert->issuer, cert->subject))
        return TROTH_ERR_SIGNATURE;
    *field = "cert.authority_key_id";
    if (cert->authority_key_id.len > 0 && cert->subject_key_id.len > 0 &&
        !troth_span_equal(cert->authority_key_id, cert->subject_key_id))
        return TROTH_ERR_SIGNATURE;
    *field = "cert.signature";
    return troth_signed_by(crypto, &cert->key, cert->signed_with, cert->tbs,
                           cert->signature);
}

static struct troth_anchor anchor_of(const struct troth_cert *cert)
{
    return (struct troth_anchor){
        .name = "custom",
        .role = TROTH_ANCHOR_CUSTOM,
        .subject = cert->subject,
        .serial = cert->serial,
        .key_id = cert->subject_key_id,
        .key = cert->key,
        .not_before_s = cert->not_before_s,
        .not_after_s = cert->not_after_s,
        .has_path_length = cert->has_path_length,
        .path_length = cert->path_length,
        .may_not_sign_lists = cert->has_key_usage &&
                              (cert->key_usage & TROTH_USE_CRL_SIGN) == 0,
    };
}

enum troth_err troth_anchor_from_certificate(struct troth_anchor *out,
                                             struct troth_fault *fault,
                                             const struct troth_crypto *crypto,
                                             struct troth_span der)
{
    struct troth_cert cert;
    const char *field = NULL;

    *out = (struct troth_anchor){0};
    enum troth_err err = troth_cert_parse(&cert, fault, der);

    if (err)
        return err;
    struct troth_anchor anchor = anchor_of(&cert);

    err = check_root(&field, crypto, &cert);
    if (!err) {
        field = NULL;
        err = troth_digest(crypto, anchor.sha256, TROTH_SHA256, der);
    }
    if (!err)
        *out = anchor;
    if (fault)
        *fault = (struct troth_fault){err, field, 0};
    return err;
}
