/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/needs.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/memory.h"
#include "evidence/format.h"

/* Copied, as the caller's may be shared by several threads. */
static enum troth_err prepare(struct troth_collateral *out, struct troth_fault *fault,
                              const struct troth_collateral *given,
                              const struct troth_crypto *crypto,
                              struct troth_arena *arena)
{
    struct troth_collateral_item *items = troth_arena_take_array(arena, given->count,
                                                                 sizeof *items);

    if (given->count > TROTH_COLLATERAL_MAX)
        return troth_fault_set(fault, TROTH_ERR_LIMIT, "collateral");
    if (!items)
        return troth_fault_set(fault, TROTH_ERR_MEMORY, "collateral");
    if (given->count)
        memcpy(items, given->items, given->count * sizeof *items);
    *out = (struct troth_collateral){items, given->count};
    return troth_collateral_prepare(items, given->count, NULL, fault, crypto, arena);
}

static enum troth_err take_list(struct troth_needs *out, struct troth_fault *fault,
                                const struct troth_need_list *list)
{
    struct troth_need *rows = troth_arena_take_array(list->arena, list->count,
                                                     sizeof *rows);

    if (list->err || !rows)
        return troth_fault_set(fault, list->err ? list->err : TROTH_ERR_MEMORY,
                               "evidence");
    if (list->count)
        memcpy(rows, list->rows, list->count * sizeof *rows);
    *out = (struct troth_needs){rows, list->count};
    return TROTH_OK;
}

enum troth_err troth_needs(struct troth_needs *out, struct troth_fault *fault,
                           struct troth_span evidence,
                           const struct troth_collateral *collateral,
                           const struct troth_crypto *crypto, struct troth_arena *arena)
{
    const struct troth_format *format = troth_format_recognise(evidence);
    struct troth_need_list list = {.arena = arena};
    struct troth_collateral prepared;
    void *fields;
    enum troth_err err;

    *out = (struct troth_needs){NULL, 0};
    (void)troth_fault_set(fault, TROTH_OK, NULL);
    if (!format)
        return troth_fault_set(fault, TROTH_ERR_KIND, "evidence");
    err = format->parse(&fields, fault, evidence, arena);
    if (err) {
        if (fault && !fault->err)
            *fault = (struct troth_fault){err, "evidence", 0};
        return err;
    }
    err = prepare(&prepared, fault, collateral, crypto, arena);
    if (err)
        return err;
    if (format->needs)
        format->needs(&list, fields, &prepared);
    return take_list(out, fault, &list);
}
