/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/collateral.h"

#include "base/span.h"
#include "codec/der.h"
#include "codec/pem.h"
#include "evidence/snp_table.h"
#include "evidence/unpacking.h"

static enum troth_err unpack_der_or_pem(struct troth_unpacking *u,
                                        struct troth_span bytes)
{
    if (bytes.len > 0 && bytes.ptr[0] == TROTH_DER_SEQUENCE)
        return troth_unpack_der(u, bytes);
    if (troth_pem_recognise(bytes))
        return troth_unpack_pem(u, bytes);
    return troth_unpack_fail(u, TROTH_ERR_KIND, "collateral");
}

static enum troth_err unpack_table(struct troth_unpacking *u, struct troth_span table)
{
    struct troth_snp_table_entry entries[TROTH_SNP_TABLE_MAX];
    size_t count;
    enum troth_err err = troth_snp_table_parse(entries, &count, &u->fault, table);

    for (size_t i = 0; !err && i < count; i++)
        err = unpack_der_or_pem(u, entries[i].bytes);
    return err;
}

static bool is_object(struct troth_span text)
{
    text = troth_unpack_trim(text);
    return text.len > 0 && text.ptr[0] == '{';
}

/* What a service answers, or a file holds. DER comes before hex: its first byte, a
 * digit, is no digit of it. */
static enum troth_err unpack(struct troth_unpacking *u, struct troth_span bytes)
{
    if (troth_snp_table_recognise(bytes))
        return unpack_table(u, bytes);
    if (is_object(bytes))
        return troth_unpack_json(u, bytes);
    if (troth_unpack_is_hex(bytes))
        return troth_unpack_hex(u, bytes);
    return unpack_der_or_pem(u, bytes);
}

enum troth_err troth_collateral_read(struct troth_collateral_item *items, size_t *count,
                                     struct troth_fault *fault, struct troth_span file,
                                     struct troth_arena *arena)
{
    struct troth_unpacking u = {items, count, arena, {TROTH_OK, NULL, 0}};
    size_t before = *count;
    enum troth_err err = TROTH_OK;

    if (troth_unpack_is_http(file))
        err = troth_unpack_headers(&file, &u, file);
    if (!err)
        err = unpack(&u, file);
    if (err)
        *count = before;
    if (fault)
        *fault = err && !u.fault.err ? (struct troth_fault){err, "collateral", 0}
                                     : u.fault;
    return err;
}
