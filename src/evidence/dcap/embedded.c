/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/dcap/embedded.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/span.h"
#include "codec/der.h"
#include "codec/pem.h"
#include "evidence/dcap/endorsement.h"

#define FIELD "dcap.quote.certification"

static enum troth_err add(struct troth_embedded *out, struct troth_span der)
{
    if (out->count == TROTH_EMBEDDED_CERTS_MAX)
        return troth_fault_set(&out->fault, TROTH_ERR_LIMIT, FIELD);
    return troth_cert_parse(&out->certs[out->count++], &out->fault, der);
}

/* Hosts put a zero behind the text, or several. */
static struct troth_span without_zeros(struct troth_span text)
{
    while (text.len > 0 && text.ptr[text.len - 1] == 0)
        text.len--;
    return text;
}

static enum troth_err read_pem(struct troth_embedded *out, struct troth_span text,
                               struct troth_arena *arena)
{
    struct troth_pem_block block;
    enum troth_err err;

    text = without_zeros(text);
    while ((err = troth_pem_next(&block, &text, arena)) == TROTH_OK) {
        if (!troth_span_equal(block.label, TROTH_LITERAL("CERTIFICATE")))
            return troth_fault_set(&out->fault, TROTH_ERR_VALUE, FIELD);
        err = add(out, block.bytes);
        if (err)
            return err;
    }
    if (err == TROTH_ERR_MISSING && out->count > 0)
        return TROTH_OK;
    return troth_fault_set(&out->fault, err, FIELD);
}

static enum troth_err read_certs(struct troth_embedded *out,
                                 const struct troth_quote *quote,
                                 struct troth_arena *arena)
{
    struct troth_span data = quote->certification;
    bool is_chain = quote->certification_type == TROTH_CERTIFICATION_CHAIN;

    if (!is_chain && quote->certification_type != TROTH_CERTIFICATION_PCK)
        return TROTH_OK;
    if (data.len > TROTH_EMBEDDED_SIZE_MAX)
        return troth_fault_set(&out->fault, TROTH_ERR_LIMIT, FIELD);
    if (!is_chain && data.len > 0 && data.ptr[0] == TROTH_DER_SEQUENCE)
        return add(out, data);
    return read_pem(out, data, arena);
}

static const struct troth_cert *find_pck(const struct troth_embedded *embedded)
{
    const struct troth_cert *end = embedded->certs + embedded->count;

    for (const struct troth_cert *cert = embedded->certs; cert < end; cert++)
        if (troth_cert_is_named(cert, TROTH_PCK_NAME))
            return cert;
    for (const struct troth_cert *cert = embedded->certs; cert < end; cert++)
        if (!cert->is_ca)
            return cert;
    return embedded->count > 0 ? embedded->certs : NULL;
}

/* The word by which Intel's services call the authority that issued it. */
static const char *ca_of(const struct troth_cert *cert)
{
    if (troth_span_is_text(cert->issuer_common_name, TROTH_PCK_PLATFORM_CA_NAME))
        return "platform";
    if (troth_span_is_text(cert->issuer_common_name, TROTH_PCK_PROCESSOR_CA_NAME))
        return "processor";
    return NULL;
}

bool troth_dcap_take_pck(struct troth_dcap *d, struct troth_fault *fault,
                         const struct troth_cert *cert)
{
    struct troth_span extension = troth_cert_extension(cert, TROTH_PCK_OID);
    enum troth_err err = extension.ptr ? troth_pck_parse(&d->pck, fault, extension)
                                       : troth_fault_set(fault, TROTH_ERR_MISSING,
                                                         "dcap.pck.extension");

    d->has_pck = !err;
    d->pck_ca = err ? NULL : ca_of(cert);
    return d->has_pck;
}

enum troth_err troth_dcap_read_pck(struct troth_dcap *d, struct troth_arena *arena)
{
    struct troth_embedded *embedded = troth_arena_take(arena, sizeof *embedded);
    struct troth_fault unread;

    d->has_pck = false;
    d->embedded = embedded;
    if (!embedded)
        return TROTH_ERR_MEMORY;
    enum troth_err err = read_certs(embedded, &d->quote, arena);

    if (err) {
        *embedded = (struct troth_embedded){.fault = embedded->fault};
        return err == TROTH_ERR_MEMORY ? err : TROTH_OK;
    }
    embedded->pck = find_pck(embedded);
    if (embedded->pck)
        (void)troth_dcap_take_pck(d, &unread, embedded->pck);
    return TROTH_OK;
}
