/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/nitro.h"

#include <string.h>

#include "sim/cbor.h"

static void put_pcrs(struct sim_bytes *out, const struct sim_nitro *doc)
{
    uint64_t present = 0;

    for (size_t i = 0; i < 32; i++)
        present += doc->pcrs[i].is_present;
    sim_cbor_head(out, SIM_CBOR_MAP, present);
    for (size_t i = 0; i < 32; i++) {
        const struct sim_pcr *pcr = &doc->pcrs[i];

        if (!pcr->is_present)
            continue;
        sim_cbor_head(out, SIM_CBOR_UINT, i);
        sim_cbor_bytes(out, (struct troth_span){pcr->value, pcr->len});
    }
}

static void put_cert(struct sim_bytes *out, const struct sim_cert *cert)
{
    struct sim_bytes der = sim_cert_mint(cert);

    sim_cbor_bytes(out, sim_bytes_span(der));
    sim_bytes_free(&der);
}

static void put_optional(struct sim_bytes *out, const struct sim_optional *value)
{
    if (value->is_bytes)
        sim_cbor_bytes(out, (struct troth_span){value->value, value->len});
    else
        sim_cbor_null(out);
}

static void put_module_id(struct sim_bytes *out, const struct sim_nitro *doc)
{
    sim_cbor_text(out, doc->module_id);
}

static void put_digest(struct sim_bytes *out, const struct sim_nitro *doc)
{
    sim_cbor_text(out, doc->digest);
}

static void put_timestamp(struct sim_bytes *out, const struct sim_nitro *doc)
{
    sim_cbor_head(out, SIM_CBOR_UINT, doc->timestamp_ms);
}

static void put_certificate(struct sim_bytes *out, const struct sim_nitro *doc)
{
    put_cert(out, &doc->certs[doc->certificate]);
}

static void put_cabundle(struct sim_bytes *out, const struct sim_nitro *doc)
{
    sim_cbor_head(out, SIM_CBOR_ARRAY, doc->cabundle_count);
    for (size_t i = 0; i < doc->cabundle_count; i++)
        put_cert(out, &doc->certs[doc->cabundle[i]]);
}

static void put_public_key(struct sim_bytes *out, const struct sim_nitro *doc)
{
    put_optional(out, &doc->public_key);
}

static void put_user_data(struct sim_bytes *out, const struct sim_nitro *doc)
{
    put_optional(out, &doc->user_data);
}

static void put_nonce(struct sim_bytes *out, const struct sim_nitro *doc)
{
    put_optional(out, &doc->nonce);
}

/* In the order of enum sim_nitro_field; the key of the PCRs is the document's choice. */
static const struct {
    const char *key;
    void (*put)(struct sim_bytes *out, const struct sim_nitro *doc);
} fields[SIM_NITRO_FIELDS] = {
    {"module_id", put_module_id},
    {"digest", put_digest},
    {"timestamp", put_timestamp},
    {NULL, put_pcrs},
    {"certificate", put_certificate},
    {"cabundle", put_cabundle},
    {"public_key", put_public_key},
    {"user_data", put_user_data},
    {"nonce", put_nonce},
};

static void open_payload(struct sim_bytes *out, const struct sim_nitro *doc)
{
    size_t count = doc->more_count;

    for (size_t i = 0; i < SIM_NITRO_FIELDS; i++)
        count += !(doc->omitted >> i & 1);
    if (doc->is_definite)
        sim_cbor_head(out, SIM_CBOR_MAP, count);
    else
        sim_cbor_open_map(out);
}

static struct sim_bytes mint_payload(const struct sim_nitro *doc)
{
    struct sim_bytes out = {0};

    open_payload(&out, doc);
    for (size_t i = 0; i < SIM_NITRO_FIELDS; i++) {
        if (doc->omitted >> i & 1)
            continue;
        sim_cbor_text(&out, fields[i].key ? fields[i].key : doc->pcrs_key);
        fields[i].put(&out, doc);
    }
    sim_bytes_append(&out, doc->more_pairs);
    if (!doc->is_definite)
        sim_cbor_break(&out);
    sim_edit_apply(doc->edit_payload, &out);
    return out;
}

/* Sig_structure of [RFC9052] 4.4, and r next to s. */
static struct sim_bytes sign_payload(const struct sim_nitro *doc,
                                     struct troth_span payload)
{
    struct sim_bytes message = {0};

    sim_cbor_head(&message, SIM_CBOR_ARRAY, 4);
    sim_cbor_text(&message, "Signature1");
    sim_cbor_bytes(&message,
                   (struct troth_span){doc->protected_header, doc->protected_len});
    sim_cbor_bytes(&message, (struct troth_span){0});
    sim_cbor_bytes(&message, payload);

    struct sim_bytes out = sim_key_sign_raw(doc->key, sim_bytes_span(message));
    sim_bytes_free(&message);
    sim_edit_apply(doc->edit_signature, &out);
    return out;
}

struct sim_bytes sim_nitro_mint(const struct sim_nitro *doc)
{
    struct sim_bytes payload = mint_payload(doc);
    struct sim_bytes signature = sign_payload(doc, sim_bytes_span(payload));
    struct sim_bytes out = {0};

    if (doc->is_tagged)
        sim_cbor_head(&out, SIM_CBOR_TAG, 18);
    sim_cbor_head(&out, SIM_CBOR_ARRAY, 4);
    sim_cbor_bytes(&out, (struct troth_span){doc->protected_header, doc->protected_len});
    sim_bytes_append(&out,
                     (struct troth_span){doc->unprotected_header, doc->unprotected_len});
    sim_cbor_bytes(&out, sim_bytes_span(payload));
    sim_cbor_bytes(&out, sim_bytes_span(signature));
    sim_bytes_free(&payload);
    sim_bytes_free(&signature);
    return out;
}

void sim_nitro_set_debug(struct sim_nitro *doc)
{
    for (size_t i = 0; i <= 2; i++)
        memset(doc->pcrs[i].value, 0, sizeof doc->pcrs[i].value);
}

void sim_nitro_set_optional(struct sim_optional *out, struct troth_span value)
{
    if (value.len > sizeof out->value)
        sim_die("an optional entry is too long");
    *out = (struct sim_optional){.is_bytes = true, .len = value.len};
    if (value.len)
        memcpy(out->value, value.ptr, value.len);
}

void sim_nitro_set_key(struct sim_nitro *doc, enum sim_nitro_place place,
                       const struct sim_key *key)
{
    sim_cert_set_key(&doc->certs[place], key);
    if (place == SIM_NITRO_ROOT)
        sim_cert_set_issuer(&doc->certs[place], &doc->certs[place]);
    if (place == SIM_NITRO_ENCLAVE)
        doc->key = key;
    else
        sim_cert_set_issuer(&doc->certs[place + 1], &doc->certs[place]);
}
