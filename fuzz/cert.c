/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a certificate: what is read lies inside, and reads as OpenSSL reads it. */
#include "pki/cert.h"

#include <openssl/x509.h>
#include <stdlib.h>

#include "base/span.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void require_inside(struct troth_span whole, struct troth_span part)
{
    require(part.len == 0 ||
            (part.ptr >= whole.ptr && part.ptr + part.len <= whole.ptr + whole.len));
}

static void require_sane(const struct troth_cert *cert)
{
    const struct troth_span parts[] = {
        cert->tbs,
        cert->serial,
        cert->issuer,
        cert->subject,
        cert->key.point,
        cert->key.modulus,
        cert->signature,
        cert->subject_key_id,
        cert->authority_key_id,
        cert->unknown_critical,
        cert->extensions,
    };

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        require_inside(cert->raw, parts[i]);
    require(cert->signed_with != TROTH_SIGNATURE_NONE &&
            cert->key.kind != TROTH_KEY_NONE);
    require(!cert->has_path_length || cert->is_ca);
    require_inside(cert->subject,
                   troth_name_attribute(cert->subject, TROTH_OID_COMMON_NAME));
}

static struct troth_span string_span(const ASN1_STRING *string)
{
    return (struct troth_span){ASN1_STRING_get0_data(string),
                               (size_t)ASN1_STRING_length(string)};
}

/* Whatever we read, OpenSSL reads: the extensions' values, for one. */
static void require_same(const struct troth_cert *cert)
{
    const uint8_t *p = cert->raw.ptr;
    X509 *theirs = d2i_X509(NULL, &p, (long)cert->raw.len);

    require(theirs && p == cert->raw.ptr + cert->raw.len);
    for (int i = 0; i < X509_get_ext_count(theirs); i++) {
        X509_EXTENSION *one = X509_get_ext(theirs, i);
        const ASN1_OBJECT *oid = X509_EXTENSION_get_object(one);
        const struct troth_span id = {OBJ_get0_data(oid), OBJ_length(oid)};

        require(troth_span_equal(troth_cert_extension(cert, id),
                                 string_span(X509_EXTENSION_get_data(one))));
    }
    X509_free(theirs);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct troth_cert cert;
    struct troth_fault fault;

    if (troth_cert_parse(&cert, &fault, (struct troth_span){data, size})) {
        require(cert.raw.len == 0 && fault.err && fault.offset <= size);
        return 0;
    }
    require_sane(&cert);
    require_same(&cert);
    return 0;
}
