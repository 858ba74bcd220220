/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/shelf.h"

#include "base/arena.h"

static size_t count_of(const struct troth_collateral *collateral,
                       enum troth_collateral_kind kind)
{
    size_t count = 0;

    for (size_t i = 0; i < collateral->count; i++)
        count += collateral->items[i].kind == kind;
    return count;
}

enum troth_err troth_shelf_fill(struct troth_shelf *out,
                                const struct troth_collateral *collateral,
                                struct troth_arena *arena)
{
    size_t certs = count_of(collateral, TROTH_COLLATERAL_CERTIFICATE);
    size_t crls = count_of(collateral, TROTH_COLLATERAL_CRL);
    struct troth_shelf shelf = {
        .certs = troth_arena_take_array(arena, certs, sizeof(const struct troth_cert *)),
        .crls = troth_arena_take_array(arena, crls, sizeof *shelf.crls),
    };

    *out = (struct troth_shelf){0};
    if (!shelf.certs || !shelf.crls)
        return TROTH_ERR_MEMORY;
    for (size_t i = 0; i < collateral->count; i++) {
        const struct troth_collateral_item *item = &collateral->items[i];

        if (item->kind == TROTH_COLLATERAL_CERTIFICATE)
            shelf.certs[shelf.cert_count++] = item->parsed;
        else if (item->kind == TROTH_COLLATERAL_CRL)
            shelf.crls[shelf.crl_count++] = *(const struct troth_crl *)item->parsed;
    }
    *out = shelf;
    return TROTH_OK;
}
