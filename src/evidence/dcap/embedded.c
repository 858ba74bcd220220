/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/dcap/embedded.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/span.h"
#include "codec/der.h"
#include "codec/pem.h"
#include "evidence/dcap/roles.h"

#define FIELD "dcap.quote.certification"

/* Certificates being read. */
struct reading {
    struct troth_embedded *out;
    const struct troth_collateral *collateral;
    struct troth_arena *arena;
};

/* The same certificate among the collateral, or NULL. */
static const struct troth_cert *find_twin(const struct troth_collateral *collateral,
                                          struct troth_span der)
{
    for (size_t i = 0; collateral && i < collateral->count; i++)
        if (collateral->items[i].kind == TROTH_COLLATERAL_CERTIFICATE &&
            troth_span_equal(collateral->items[i].bytes, der))
            return collateral->items[i].parsed;
    return NULL;
}

static enum troth_err add(struct reading *r, struct troth_span der)
{
    const struct troth_cert *twin = find_twin(r->collateral, der);
    struct troth_embedded *out = r->out;
    struct troth_cert *cert;

    if (out->count == TROTH_EMBEDDED_CERTS_MAX)
        return troth_fault_set(&out->fault, TROTH_ERR_LIMIT, FIELD);
    if (twin) {
        out->certs[out->count++] = twin;
        return TROTH_OK;
    }
    cert = troth_arena_take(r->arena, sizeof *cert);
    if (!cert)
        return troth_fault_set(&out->fault, TROTH_ERR_MEMORY, FIELD);
    out->certs[out->count++] = cert;
    return troth_cert_parse(cert, &out->fault, der);
}

/* Hosts put a zero behind the text, or several. */
static struct troth_span without_zeros(struct troth_span text)
{
    while (text.len > 0 && text.ptr[text.len - 1] == 0)
        text.len--;
    return text;
}

static enum troth_err read_pem(struct reading *r, struct troth_span text)
{
    struct troth_fault *fault = &r->out->fault;
    struct troth_pem_block block;
    enum troth_err err;

    text = without_zeros(text);
    while ((err = troth_pem_next(&block, &text, r->arena)) == TROTH_OK) {
        if (!troth_span_equal(block.label, TROTH_LITERAL("CERTIFICATE")))
            return troth_fault_set(fault, TROTH_ERR_VALUE, FIELD);
        err = add(r, block.bytes);
        if (err)
            return err;
    }
    if (err == TROTH_ERR_MISSING && r->out->count > 0)
        return TROTH_OK;
    return troth_fault_set(fault, err, FIELD);
}

static enum troth_err read_certs(struct reading *r, const struct troth_quote *quote)
{
    struct troth_span data = quote->certification;
    bool is_chain = quote->certification_type == TROTH_CERTIFICATION_CHAIN;

    if (!is_chain && quote->certification_type != TROTH_CERTIFICATION_PCK)
        return TROTH_OK;
    if (data.len > TROTH_EMBEDDED_SIZE_MAX)
        return troth_fault_set(&r->out->fault, TROTH_ERR_LIMIT, FIELD);
    if (!is_chain && data.len > 0 && data.ptr[0] == TROTH_DER_SEQUENCE)
        return add(r, data);
    return read_pem(r, data);
}

static const struct troth_cert *find_pck(const struct troth_embedded *embedded)
{
    for (size_t i = 0; i < embedded->count; i++)
        if (troth_cert_is_named(embedded->certs[i], TROTH_PCK_NAME))
            return embedded->certs[i];
    for (size_t i = 0; i < embedded->count; i++)
        if (!embedded->certs[i]->is_ca)
            return embedded->certs[i];
    return embedded->count > 0 ? embedded->certs[0] : NULL;
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

enum troth_err troth_dcap_read_pck(struct troth_dcap *d,
                                   const struct troth_collateral *collateral,
                                   struct troth_arena *arena)
{
    struct troth_embedded *embedded = troth_arena_take(arena, sizeof *embedded);
    struct reading reading = {embedded, collateral, arena};
    struct troth_fault unread;

    d->has_pck = false;
    d->embedded = embedded;
    if (!embedded)
        return TROTH_ERR_MEMORY;
    enum troth_err err = read_certs(&reading, &d->quote);

    if (err) {
        *embedded = (struct troth_embedded){.fault = embedded->fault};
        return err == TROTH_ERR_MEMORY ? err : TROTH_OK;
    }
    embedded->pck = find_pck(embedded);
    if (embedded->pck)
        (void)troth_dcap_take_pck(d, &unread, embedded->pck);
    return TROTH_OK;
}

const struct troth_dcap *troth_dcap_with_pck(const struct troth_dcap *d,
                                             struct troth_arena *arena)
{
    struct troth_dcap *read;

    if (d->embedded)
        return d;
    read = troth_arena_take(arena, sizeof *read);
    if (!read)
        return NULL;
    *read = *d;
    return troth_dcap_read_pck(read, NULL, arena) ? NULL : read;
}
