/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/intel_bundle.h"

struct sim_bytes sim_intel_signer_chain(const struct sim_intel *doc)
{
    static const enum sim_intel_place places[] = {SIM_INTEL_TCB_SIGNER, SIM_INTEL_ROOT};

    return sim_intel_mint_chain(doc, places, 2);
}

struct sim_bytes sim_intel_ca_chain(const struct sim_intel *doc)
{
    const enum sim_intel_place places[] = {doc->ca, SIM_INTEL_ROOT};

    return sim_intel_mint_chain(doc, places, 2);
}

static struct sim_bytes pck_chain(const struct sim_intel *doc)
{
    const enum sim_intel_place places[] = {SIM_INTEL_PCK, doc->ca, SIM_INTEL_ROOT};

    return sim_intel_mint_chain(doc, places, 3);
}

/* A member that is a string: the text, or the bytes as hex. Both take the value. */
static void put_text(struct sim_bytes *out, const char *name, struct sim_bytes text)
{
    sim_json_text(out, name, sim_bytes_span(text));
    sim_bytes_free(&text);
}

static void put_hex(struct sim_bytes *out, const char *name, struct sim_bytes bytes)
{
    struct sim_bytes digits = {0};

    sim_hex_lower(&digits, sim_bytes_span(bytes));
    sim_bytes_free(&bytes);
    put_text(out, name, digits);
}

struct sim_bytes sim_intel_bundle(const struct sim_intel *doc)
{
    struct sim_bytes out = {0};

    sim_json_open(&out, NULL, '{');
    put_text(&out, "pck_crl_issuer_chain", sim_intel_ca_chain(doc));
    put_hex(&out, "root_ca_crl", sim_crl_mint(&doc->root_crl));
    put_hex(&out, "pck_crl", sim_crl_mint(&doc->pck_crl));
    put_text(&out, "tcb_info_issuer_chain", sim_intel_signer_chain(doc));
    put_text(&out, "tcb_info", sim_intel_tcb_info(doc));
    put_hex(&out, "tcb_info_signature", sim_intel_tcb_info_signature(doc));
    put_text(&out, "qe_identity_issuer_chain", sim_intel_signer_chain(doc));
    put_text(&out, "qe_identity", sim_intel_qe_identity(doc));
    put_hex(&out, "qe_identity_signature", sim_intel_qe_identity_signature(doc));
    if (doc->quote.certification_type != 5)
        put_text(&out, "pck_certificate_chain", pck_chain(doc));
    sim_json_close(&out, '}');
    return out;
}

static bool is_plain(uint8_t character)
{
    return (character >= '0' && character <= '9') ||
           (character >= 'A' && character <= 'Z') ||
           (character >= 'a' && character <= 'z') || character == '-' ||
           character == '.' || character == '_' || character == '~';
}

/* As in a URL; Intel does so with the line ends of PEM. Takes the text. */
static void put_escaped(struct sim_bytes *out, struct sim_bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (is_plain(text.ptr[i])) {
            sim_bytes_append_byte(out, text.ptr[i]);
            continue;
        }
        sim_bytes_append_byte(out, '%');
        sim_hex_upper(out, (struct troth_span){text.ptr + i, 1});
    }
    sim_bytes_free(&text);
}

struct sim_bytes sim_intel_answer(const struct sim_intel *doc,
                                  enum sim_intel_answer which)
{
    static const struct {
        const char *content_type, *chain;
    } heads[] = {
        [SIM_ANSWER_TCB_INFO] = {"application/json", "TCB-Info-Issuer-Chain"},
        [SIM_ANSWER_QE_IDENTITY] = {"application/json",
                                    "SGX-Enclave-Identity-Issuer-Chain"},
        [SIM_ANSWER_PCK_CRL] = {"application/pkix-crl", "SGX-PCK-CRL-Issuer-Chain"},
    };
    struct sim_bytes out = {0};

    sim_bytes_append(&out, sim_text("HTTP/1.1 200 OK\r\nContent-Type: "));
    sim_bytes_append(&out, sim_text(heads[which].content_type));
    sim_bytes_append(&out, sim_text("\r\n"));
    sim_bytes_append(&out, sim_text(heads[which].chain));
    sim_bytes_append(&out, sim_text(": "));
    put_escaped(&out, which == SIM_ANSWER_PCK_CRL ? sim_intel_ca_chain(doc)
                                                  : sim_intel_signer_chain(doc));
    sim_bytes_append(&out, sim_text("\r\n\r\n"));
    switch (which) {
    case SIM_ANSWER_TCB_INFO:
        sim_bytes_take(&out, sim_intel_tcb_info_document(doc));
        break;
    case SIM_ANSWER_QE_IDENTITY:
        sim_bytes_take(&out, sim_intel_qe_identity_document(doc));
        break;
    case SIM_ANSWER_PCK_CRL:
        sim_bytes_take(&out, sim_crl_mint(&doc->pck_crl));
        break;
    }
    return out;
}
