/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/unpacking.h"

#include "base/arena.h"
#include "base/cursor.h"
#include "base/hex.h"
#include "base/span.h"
#include "codec/der.h"
#include "codec/pem.h"

enum troth_err troth_unpack_fail(struct troth_unpacking *u, enum troth_err err,
                                 const char *field)
{
    if (!u->fault.err)
        u->fault = (struct troth_fault){err, field, 0};
    return err;
}

enum troth_err troth_unpack_item(struct troth_unpacking *u,
                                 enum troth_collateral_kind kind, struct troth_span bytes,
                                 struct troth_span signature)
{
    if (*u->count == TROTH_COLLATERAL_MAX)
        return troth_unpack_fail(u, TROTH_ERR_LIMIT, "collateral");
    u->items[(*u->count)++] = (struct troth_collateral_item){
        .kind = kind, .bytes = bytes, .signature = signature};
    return TROTH_OK;
}

static enum troth_err add(struct troth_unpacking *u, enum troth_collateral_kind kind,
                          struct troth_span der)
{
    return troth_unpack_item(u, kind, der, (struct troth_span){NULL, 0});
}

/*
 * Certificate or list? Both are SEQUENCE { SEQUENCE tbs, … }; a certificate's tbs begins
 * with [0] version, a list's with INTEGER version.
 */
enum troth_err troth_unpack_der(struct troth_unpacking *u, struct troth_span der)
{
    struct troth_cursor c = troth_cursor_over(der);
    struct troth_cursor outer = troth_der_enter(&c, TROTH_DER_SEQUENCE, "collateral.der");
    struct troth_cursor tbs = troth_der_enter(&outer, TROTH_DER_SEQUENCE,
                                              "collateral.der");

    if (troth_cursor_left(&c) > 0)
        return troth_unpack_fail(u, TROTH_ERR_TRAILING, "collateral.der");
    if (troth_der_next_is(&tbs, TROTH_DER_CONTEXT_CONSTRUCTED(0)))
        return add(u, TROTH_COLLATERAL_CERTIFICATE, der);
    if (troth_der_next_is(&tbs, TROTH_DER_INTEGER))
        return add(u, TROTH_COLLATERAL_CRL, der);
    return troth_unpack_fail(u, TROTH_ERR_KIND, "collateral.der");
}

static bool is_there(const struct troth_unpacking *u, struct troth_span bytes)
{
    for (size_t i = 0; i < *u->count; i++)
        if (troth_span_equal(u->items[i].bytes, bytes))
            return true;
    return false;
}

static enum troth_err add_block(struct troth_unpacking *u,
                                const struct troth_pem_block *block, bool once)
{
    if (once && is_there(u, block->bytes))
        return TROTH_OK;
    if (troth_span_equal(block->label, TROTH_LITERAL("CERTIFICATE")))
        return add(u, TROTH_COLLATERAL_CERTIFICATE, block->bytes);
    if (troth_span_equal(block->label, TROTH_LITERAL("X509 CRL")))
        return add(u, TROTH_COLLATERAL_CRL, block->bytes);
    return troth_unpack_fail(u, TROTH_ERR_KIND, "collateral.pem.label");
}

static enum troth_err add_blocks(struct troth_unpacking *u, struct troth_span text,
                                 bool once)
{
    struct troth_pem_block block;
    enum troth_err err;

    while ((err = troth_pem_next(&block, &text, u->arena)) == TROTH_OK) {
        err = add_block(u, &block, once);
        if (err)
            return err;
    }
    return err == TROTH_ERR_MISSING ? TROTH_OK
                                    : troth_unpack_fail(u, err, "collateral.pem");
}

enum troth_err troth_unpack_pem(struct troth_unpacking *u, struct troth_span text)
{
    return add_blocks(u, text, false);
}

enum troth_err troth_unpack_chain(struct troth_unpacking *u, struct troth_span text)
{
    return add_blocks(u, text, true);
}

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

struct troth_span troth_unpack_trim(struct troth_span text)
{
    size_t start = 0, end = text.len;

    while (start < end && is_space(text.ptr[start]))
        start++;
    while (end > start && is_space(text.ptr[end - 1]))
        end--;
    return troth_span_slice(text, start, end);
}

bool troth_unpack_is_hex(struct troth_span text)
{
    text = troth_unpack_trim(text);
    for (size_t i = 0; i < text.len; i++)
        if (troth_hex_digit(text.ptr[i]) > 15)
            return false;
    return text.len > 0;
}

enum troth_err troth_unpack_hex(struct troth_unpacking *u, struct troth_span text)
{
    size_t len;
    uint8_t *room;

    text = troth_unpack_trim(text);
    room = troth_arena_take(u->arena, text.len / 2);
    if (!room)
        return troth_unpack_fail(u, TROTH_ERR_MEMORY, "collateral.hex");
    enum troth_err err = troth_hex_parse(room, text.len / 2, &len, text);

    if (err)
        return troth_unpack_fail(u, err, "collateral.hex");
    return troth_unpack_der(u, (struct troth_span){room, len});
}
