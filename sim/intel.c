/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/intel.h"

#include <string.h>

#include "sim/pem.h"

#define SGX_DEBUG UINT64_C(2)
#define TD_DEBUG  UINT64_C(1)

void sim_intel_set_debug(struct sim_intel *doc)
{
    doc->quote.enclave.flags |= SGX_DEBUG;
    doc->quote.td.td_attributes |= TD_DEBUG;
}

void sim_intel_set_tcb_version(struct sim_intel *doc, unsigned version)
{
    doc->tcb_info.version = version;
    if (version == 2)
        for (size_t i = 0; i < doc->tcb_info.level_count; i++)
            doc->tcb_info.levels[i].standing.advisories = NULL;
}

void sim_intel_set_fmspc(struct sim_intel *doc, const uint8_t fmspc[static 6])
{
    memcpy(doc->pck.fmspc, fmspc, sizeof doc->pck.fmspc);
    memcpy(doc->tcb_info.fmspc, fmspc, sizeof doc->tcb_info.fmspc);
}

void sim_intel_set_certification(struct sim_intel *doc, uint16_t type)
{
    doc->quote.certification_type = type;
}

static void set_list_key(struct sim_crl *list, const struct sim_key *key)
{
    list->signing.key = key;
    if (sim_extensions_find(&list->extensions, SIM_OID_AUTHORITY_KEY_ID))
        sim_extensions_set_authority_key(&list->extensions, key);
}

static void set_root_key(struct sim_intel *doc, const struct sim_key *key)
{
    static const enum sim_intel_place signed_by_root[] = {
        SIM_INTEL_ROOT, SIM_INTEL_PLATFORM_CA, SIM_INTEL_PROCESSOR_CA,
        SIM_INTEL_TCB_SIGNER};

    for (size_t i = 0; i < sizeof signed_by_root / sizeof signed_by_root[0]; i++)
        sim_cert_set_issuer(&doc->certs[signed_by_root[i]], &doc->certs[SIM_INTEL_ROOT]);
    set_list_key(&doc->root_crl, key);
}

void sim_intel_set_key(struct sim_intel *doc, enum sim_intel_place place,
                       const struct sim_key *key)
{
    sim_cert_set_key(&doc->certs[place], key);
    switch (place) {
    case SIM_INTEL_ROOT:
        set_root_key(doc, key);
        break;
    case SIM_INTEL_PLATFORM_CA:
    case SIM_INTEL_PROCESSOR_CA:
        if (place != doc->ca)
            break;
        sim_cert_set_issuer(&doc->certs[SIM_INTEL_PCK], &doc->certs[place]);
        set_list_key(&doc->pck_crl, key);
        break;
    case SIM_INTEL_PCK:
        doc->quote.qe_key = key;
        break;
    case SIM_INTEL_TCB_SIGNER:
        doc->tcb_info_signing.key = key;
        doc->qe_identity_signing.key = key;
        break;
    case SIM_INTEL_CERTS:
        break;
    }
}

void sim_intel_get_cert(struct sim_cert *out, const struct sim_intel *doc,
                        enum sim_intel_place place)
{
    *out = doc->certs[place];
    const struct sim_extension *row = sim_extensions_find(&out->extensions,
                                                          SIM_OID_INTEL_PCK);
    if (place != SIM_INTEL_PCK || !row)
        return;
    struct sim_bytes value = sim_intel_pck_mint(&doc->pck);
    sim_extensions_set(&out->extensions, SIM_OID_INTEL_PCK, row->critical,
                       sim_bytes_span(value));
    sim_bytes_free(&value);
}

struct sim_bytes sim_intel_mint_cert(const struct sim_intel *doc,
                                     enum sim_intel_place place)
{
    struct sim_cert cert;

    sim_intel_get_cert(&cert, doc, place);
    return sim_cert_mint(&cert);
}

struct sim_bytes sim_intel_mint_chain(const struct sim_intel *doc,
                                      const enum sim_intel_place *places, size_t count)
{
    struct sim_bytes out = {0};

    for (size_t i = 0; i < count; i++) {
        struct sim_bytes der = sim_intel_mint_cert(doc, places[i]);

        sim_bytes_take(&out, sim_pem_mint("CERTIFICATE", sim_bytes_span(der)));
        sim_bytes_free(&der);
    }
    return out;
}

/* PPID in the clear or as so many bytes that only Intel can read, then the rest of what
 * says which PCK certificate is meant. */
static struct sim_bytes certify_by_ppid(const struct sim_intel *doc, size_t encrypted_len)
{
    const uint8_t pce_svn[] = {(uint8_t)doc->pck.pce_svn,
                               (uint8_t)(doc->pck.pce_svn >> 8)};
    struct sim_bytes out = {0};

    if (encrypted_len)
        sim_bytes_append(&out, (struct troth_span){doc->encrypted_ppid, encrypted_len});
    else
        sim_bytes_append(&out, SIM_ARRAY(doc->pck.ppid));
    sim_bytes_append(&out, SIM_ARRAY(doc->pck.cpu_svn));
    sim_bytes_append(&out, SIM_ARRAY(pce_svn));
    sim_bytes_append(&out, SIM_ARRAY(doc->pck.pce_id));
    return out;
}

static struct sim_bytes certify_by_chain(const struct sim_intel *doc)
{
    struct sim_bytes out = sim_intel_mint_chain(doc, doc->chain, doc->chain_count);

    if (doc->chain_ends_with_zero)
        sim_bytes_append_byte(&out, 0);
    return out;
}

static struct sim_bytes certify(const struct sim_intel *doc)
{
    static const enum sim_intel_place leaf = SIM_INTEL_PCK;

    switch (doc->quote.certification_type) {
    case 1:
        return certify_by_ppid(doc, 0);
    case 2:
        return certify_by_ppid(doc, 256); /* RSA-2048 */
    case 3:
        return certify_by_ppid(doc, 384); /* RSA-3072 */
    case 4:
        return sim_intel_mint_chain(doc, &leaf, 1);
    case 5:
        return certify_by_chain(doc);
    default: /* a platform manifest, and what has no meaning: any bytes */
        return certify_by_ppid(doc, 384);
    }
}

struct sim_bytes sim_intel_mint(const struct sim_intel *doc)
{
    return sim_intel_quote_mint(&doc->quote, certify(doc));
}

struct sim_bytes sim_intel_tcb_info(const struct sim_intel *doc)
{
    struct sim_bytes text = sim_intel_tcb_mint(&doc->tcb_info);

    sim_edit_apply(doc->tcb_info_signing.edit_text, &text);
    return text;
}

struct sim_bytes sim_intel_qe_identity(const struct sim_intel *doc)
{
    struct sim_bytes text = sim_intel_qe_mint(&doc->qe_identity);

    sim_edit_apply(doc->qe_identity_signing.edit_text, &text);
    return text;
}

static struct sim_bytes sign(const struct sim_intel_signing *how, struct sim_bytes text)
{
    struct sim_bytes signature = sim_intel_sign(how, sim_bytes_span(text));

    sim_bytes_free(&text);
    return signature;
}

struct sim_bytes sim_intel_tcb_info_signature(const struct sim_intel *doc)
{
    return sign(&doc->tcb_info_signing, sim_intel_tcb_info(doc));
}

struct sim_bytes sim_intel_qe_identity_signature(const struct sim_intel *doc)
{
    return sign(&doc->qe_identity_signing, sim_intel_qe_identity(doc));
}

struct sim_bytes sim_intel_tcb_info_document(const struct sim_intel *doc)
{
    return sim_intel_document("tcbInfo", sim_intel_tcb_info(doc),
                              sim_intel_tcb_info_signature(doc));
}

struct sim_bytes sim_intel_qe_identity_document(const struct sim_intel *doc)
{
    return sim_intel_document("enclaveIdentity", sim_intel_qe_identity(doc),
                              sim_intel_qe_identity_signature(doc));
}
