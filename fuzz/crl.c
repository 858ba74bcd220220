/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a revocation list: what is read lies inside, and lists as OpenSSL's does.
 */
#include "pki/crl.h"

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

/* Each serial number that OpenSSL finds on it is on it. */
static void require_same(const struct troth_crl *crl)
{
    const uint8_t *p = crl->raw.ptr;
    X509_CRL *theirs = d2i_X509_CRL(NULL, &p, (long)crl->raw.len);

    require(theirs && p == crl->raw.ptr + crl->raw.len);
    STACK_OF(X509_REVOKED) *entries = X509_CRL_get_REVOKED(theirs);

    for (int i = 0; i < sk_X509_REVOKED_num(entries) && i < 100; i++) {
        const ASN1_INTEGER *number = X509_REVOKED_get0_serialNumber(
            sk_X509_REVOKED_value(entries, i));
        const struct troth_span serial = {ASN1_STRING_get0_data(number),
                                          (size_t)ASN1_STRING_length(number)};

        require(troth_crl_lists(crl, serial));
    }
    require((sk_X509_REVOKED_num(entries) > 0) == (crl->entries.len > 0));
    X509_CRL_free(theirs);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct troth_crl crl;
    struct troth_fault fault;

    if (troth_crl_parse(&crl, &fault, (struct troth_span){data, size})) {
        require(crl.raw.len == 0 && fault.err && fault.offset <= size);
        return 0;
    }
    const struct troth_span parts[] = {crl.tbs,     crl.issuer,           crl.signature,
                                       crl.entries, crl.authority_key_id, crl.number};

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        require_inside(crl.raw, parts[i]);
    require_same(&crl);
    return 0;
}
