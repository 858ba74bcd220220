/* SPDX-License-Identifier: Apache-2.0 */
#include "collateral/bundle.h"

#include <stdlib.h>

#include "base/base64.h"
#include "base/span.h"
#include "codec/json_writer.h"

/* spec: [RFC7468] 2 "exactly 64 characters": 48 bytes. */
enum { PEM_LINE_BYTES = 48 };

/* The items of one piece. */
struct run {
    const struct troth_collateral_item *items;
    size_t count;
};

static void write_pem_line(struct troth_writer *w, const char *edge, const char *label)
{
    troth_write_text(w, "-----");
    troth_write_text(w, edge);
    troth_write_text(w, label);
    troth_write_text(w, "-----\n");
}

static void write_pem(struct troth_writer *w, const struct troth_collateral_item *item)
{
    const char *label = item->kind == TROTH_COLLATERAL_CRL ? "X509 CRL" : "CERTIFICATE";

    write_pem_line(w, "BEGIN ", label);
    for (size_t at = 0; at < item->bytes.len; at += PEM_LINE_BYTES) {
        size_t left = item->bytes.len - at;
        size_t end = at + (left < PEM_LINE_BYTES ? left : PEM_LINE_BYTES);

        troth_base64_write(w, troth_span_slice(item->bytes, at, end), TROTH_BASE64);
        troth_write_text(w, "\n");
    }
    write_pem_line(w, "END ", label);
}

/* All certificates of a piece, in their order, as one text. */
static void write_chain(struct troth_json_writer *json, struct run run)
{
    static const size_t room = (size_t)64 * 1024;
    uint8_t *text = malloc(room);
    struct troth_writer w = troth_writer_over(text, text ? room : 0);

    for (size_t i = 0; i < run.count; i++)
        if (run.items[i].kind == TROTH_COLLATERAL_CERTIFICATE)
            write_pem(&w, &run.items[i]);
    troth_json_write_string(json, troth_writer_span(&w));
    json->out->full = json->out->full || w.full;
    free(text);
}

static const struct troth_collateral_item *find(struct run run,
                                                enum troth_collateral_kind kind)
{
    static const struct troth_collateral_item none = {.bytes = {NULL, 0}};

    for (size_t i = 0; i < run.count; i++)
        if (run.items[i].kind == kind)
            return &run.items[i];
    return &none;
}

static void write_statement(struct troth_json_writer *json, struct run run,
                            enum troth_collateral_kind kind, const char *const names[3])
{
    const struct troth_collateral_item *item = find(run, kind);

    troth_json_write_key(json, names[0]);
    write_chain(json, run);
    troth_json_write_key(json, names[1]);
    troth_json_write_string(json, item->bytes);
    troth_json_write_key(json, names[2]);
    troth_json_write_hex(json, item->signature);
}

static void write_list(struct troth_json_writer *json, struct run run, const char *name)
{
    troth_json_write_key(json, name);
    troth_json_write_hex(json, find(run, TROTH_COLLATERAL_CRL)->bytes);
}

static void write_member(struct troth_json_writer *json, enum troth_need_kind kind,
                         struct run run)
{
    static const char *const tcb_info[] = {"tcb_info_issuer_chain", "tcb_info",
                                           "tcb_info_signature"};
    static const char *const qe_identity[] = {"qe_identity_issuer_chain", "qe_identity",
                                              "qe_identity_signature"};

    switch (kind) {
    case TROTH_NEED_PCK:
        troth_json_write_key(json, "pck_certificate_chain");
        write_chain(json, run);
        return;
    case TROTH_NEED_TCB_INFO:
        write_statement(json, run, TROTH_COLLATERAL_TCB_INFO, tcb_info);
        return;
    case TROTH_NEED_QE_IDENTITY:
        write_statement(json, run, TROTH_COLLATERAL_QE_IDENTITY, qe_identity);
        return;
    case TROTH_NEED_PCK_CRL:
        troth_json_write_key(json, "pck_crl_issuer_chain");
        write_chain(json, run);
        write_list(json, run, "pck_crl");
        return;
    case TROTH_NEED_ROOT_CRL:
        write_list(json, run, "root_ca_crl");
        return;
    case TROTH_NEED_VCEK:
    case TROTH_NEED_AMD_CHAIN:
    case TROTH_NEED_AMD_CRL:
        return;
    }
}

static bool is_of_intel(const struct troth_pieces *pieces)
{
    for (size_t i = 0; i < pieces->count; i++)
        if (pieces->rows[i].need.service != TROTH_SERVICE_AMD_KDS)
            return true;
    return false;
}

static struct run run_of(const struct troth_piece *piece,
                         const struct troth_collateral_item *items)
{
    return (struct run){items + piece->first_item, piece->item_count};
}

static void write_json(struct troth_writer *w, const struct troth_pieces *pieces,
                       const struct troth_collateral_item *items)
{
    struct troth_json_writer json = troth_json_writer_over(w, true);

    troth_json_begin_object(&json);
    for (size_t i = 0; i < pieces->count; i++)
        if (pieces->rows[i].item_count)
            write_member(&json, pieces->rows[i].need.kind,
                         run_of(&pieces->rows[i], items));
    troth_json_end_object(&json);
    troth_write_text(w, "\n");
}

static void write_pem_file(struct troth_writer *w, const struct troth_pieces *pieces,
                           const struct troth_collateral_item *items)
{
    for (size_t i = 0; i < pieces->count; i++) {
        struct run run = run_of(&pieces->rows[i], items);

        for (size_t k = 0; k < run.count; k++)
            write_pem(w, &run.items[k]);
    }
}

bool troth_bundle_write(struct troth_file *out, const struct troth_pieces *pieces,
                        const struct troth_collateral_item *items)
{
    uint8_t *bytes = malloc(TROTH_BUNDLE_MAX);
    struct troth_writer w = troth_writer_over(bytes, bytes ? TROTH_BUNDLE_MAX : 0);

    *out = (struct troth_file){NULL, 0};
    if (is_of_intel(pieces))
        write_json(&w, pieces, items);
    else
        write_pem_file(&w, pieces, items);
    if (!bytes || w.full) {
        free(bytes);
        return false;
    }
    *out = (struct troth_file){bytes, w.len};
    return true;
}
