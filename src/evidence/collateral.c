/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/collateral.h"

#include "base/arena.h"
#include "base/cursor.h"
#include "base/span.h"
#include "codec/der.h"
#include "codec/json.h"
#include "codec/pem.h"
#include "evidence/snp_table.h"

/* Where unpacked items go, and why unpacking stopped. */
struct unpacking {
    struct troth_collateral_item *items;
    size_t *count;
    struct troth_arena *arena;
    struct troth_fault fault;
};

static enum troth_err fail(struct unpacking *u, enum troth_err err, const char *field)
{
    if (!u->fault.err)
        u->fault = (struct troth_fault){err, field, 0};
    return err;
}

static enum troth_err add(struct unpacking *u, enum troth_collateral_kind kind,
                          struct troth_span der)
{
    if (*u->count == TROTH_COLLATERAL_MAX)
        return fail(u, TROTH_ERR_LIMIT, "collateral");
    u->items[(*u->count)++] = (struct troth_collateral_item){.kind = kind, .bytes = der};
    return TROTH_OK;
}

/*
 * Certificate or list? Both are SEQUENCE { SEQUENCE tbs, … }; a certificate's tbs begins
 * with [0] version, a list's with INTEGER version.
 */
static enum troth_err add_der(struct unpacking *u, struct troth_span der)
{
    struct troth_cursor c = troth_cursor_over(der);
    struct troth_cursor outer = troth_der_enter(&c, TROTH_DER_SEQUENCE, "collateral.der");
    struct troth_cursor tbs = troth_der_enter(&outer, TROTH_DER_SEQUENCE,
                                              "collateral.der");

    if (troth_cursor_left(&c) > 0)
        return fail(u, TROTH_ERR_TRAILING, "collateral.der");
    if (troth_der_next_is(&tbs, TROTH_DER_CONTEXT_CONSTRUCTED(0)))
        return add(u, TROTH_COLLATERAL_CERTIFICATE, der);
    if (troth_der_next_is(&tbs, TROTH_DER_INTEGER))
        return add(u, TROTH_COLLATERAL_CRL, der);
    return fail(u, TROTH_ERR_KIND, "collateral.der");
}

static enum troth_err add_pem(struct unpacking *u, struct troth_span text)
{
    struct troth_pem_block block;
    enum troth_err err;

    while ((err = troth_pem_next(&block, &text, u->arena)) == TROTH_OK) {
        if (troth_span_equal(block.label, TROTH_LITERAL("CERTIFICATE")))
            err = add(u, TROTH_COLLATERAL_CERTIFICATE, block.bytes);
        else if (troth_span_equal(block.label, TROTH_LITERAL("X509 CRL")))
            err = add(u, TROTH_COLLATERAL_CRL, block.bytes);
        else
            err = fail(u, TROTH_ERR_KIND, "collateral.pem.label");
        if (err)
            return err;
    }
    return err == TROTH_ERR_MISSING ? TROTH_OK : fail(u, err, "collateral.pem");
}

static enum troth_err add_der_or_pem(struct unpacking *u, struct troth_span bytes)
{
    if (bytes.len > 0 && bytes.ptr[0] == TROTH_DER_SEQUENCE)
        return add_der(u, bytes);
    if (troth_pem_recognise(bytes))
        return add_pem(u, bytes);
    return fail(u, TROTH_ERR_KIND, "collateral");
}

static enum troth_err add_table(struct unpacking *u, struct troth_span table)
{
    struct troth_snp_table_entry entries[TROTH_SNP_TABLE_MAX];
    size_t count;
    enum troth_err err = troth_snp_table_parse(entries, &count, &u->fault, table);

    for (size_t i = 0; !err && i < count; i++)
        err = add_der_or_pem(u, entries[i].bytes);
    return err;
}

/*
 * What Azure's host certificate service answers:
 * {"vcekCert": PEM, "certificateChain": PEM, …}; the other members are not needed.
 */
static enum troth_err add_azure_host(struct unpacking *u, struct troth_span text)
{
    struct troth_json r;
    struct troth_span texts[2];
    size_t count = 0;

    troth_json_init(&r, text);
    troth_json_enter_object(&r, "collateral.json");
    while (troth_json_more(&r)) {
        struct troth_span key = troth_json_key(&r, "collateral.json");

        if (count < 2 && (troth_json_text_is(key, "vcekCert") ||
                          troth_json_text_is(key, "certificateChain")))
            texts[count++] = troth_json_string(&r, "collateral.json.certificate");
        else
            troth_json_skip(&r, "collateral.json");
    }
    troth_json_leave(&r, "collateral.json");

    enum troth_err err = troth_json_finish(&r, &u->fault);
    if (!err && count == 0)
        return fail(u, TROTH_ERR_KIND, "collateral.json");
    for (size_t i = 0; !err && i < count; i++) {
        struct troth_span pem;

        err = troth_json_unescape(&pem, u->arena, texts[i]);
        if (!err)
            err = add_pem(u, pem);
    }
    return err;
}

static struct troth_span without_white_space(struct troth_span text)
{
    size_t at = 0;

    while (at < text.len && (text.ptr[at] == ' ' || text.ptr[at] == '\n' ||
                             text.ptr[at] == '\r' || text.ptr[at] == '\t'))
        at++;
    return troth_span_slice(text, at, text.len);
}

enum troth_err troth_collateral_read(struct troth_collateral_item *items, size_t *count,
                                     struct troth_fault *fault, struct troth_span file,
                                     struct troth_arena *arena)
{
    struct unpacking u = {items, count, arena, {TROTH_OK, NULL, 0}};
    struct troth_span start = without_white_space(file);
    size_t before = *count;
    enum troth_err err;

    if (troth_snp_table_recognise(file))
        err = add_table(&u, file);
    else if (start.len > 0 && start.ptr[0] == '{')
        err = add_azure_host(&u, file);
    else
        err = add_der_or_pem(&u, file);
    if (err)
        *count = before;
    if (fault)
        *fault = err && !u.fault.err ? (struct troth_fault){err, "collateral", 0}
                                     : u.fault;
    return err;
}
