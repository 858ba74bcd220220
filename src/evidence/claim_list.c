/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/claim_list.h"

#include "base/span.h"

struct troth_claim_list troth_claim_list_in(struct troth_arena *arena, size_t capacity)
{
    struct troth_claim *rows = troth_arena_take_unset(arena, capacity, sizeof *rows);

    return (struct troth_claim_list){rows, 0, rows ? capacity : 0};
}

void troth_claim_add(struct troth_claim_list *list, const char *name, const char *about,
                     struct troth_value value)
{
    if (list->count < list->capacity)
        list->rows[list->count] = (struct troth_claim){name, about, value};
    list->count++;
}

enum troth_err troth_claim_list_finish(struct troth_claims *out,
                                       const struct troth_claim_list *list)
{
    bool fits = list->count <= list->capacity;

    *out = (struct troth_claims){fits ? list->rows : NULL, fits ? list->count : 0};
    return fits ? TROTH_OK : TROTH_ERR_MEMORY;
}

const struct troth_claim *troth_claims_find(const struct troth_claims *claims,
                                            struct troth_span name)
{
    for (size_t i = 0; i < claims->count; i++)
        if (troth_span_is_text(name, claims->rows[i].name))
            return &claims->rows[i];
    return NULL;
}

const struct troth_claim *troth_claims_named(const struct troth_claims *claims,
                                             const char *name)
{
    for (size_t i = 0; i < claims->count; i++)
        if (claims->rows[i].name == name)
            return &claims->rows[i];
    return troth_claims_find(claims, troth_span_of_text(name));
}
