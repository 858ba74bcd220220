/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/claim_list.h"

#include "base/span.h"

struct troth_claim_list troth_claim_list_in(struct troth_arena *arena, size_t capacity)
{
    struct troth_claim *rows = troth_arena_take_array(arena, capacity, sizeof *rows);

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
        if (troth_span_equal(troth_span_of_text(claims->rows[i].name), name))
            return &claims->rows[i];
    return NULL;
}

struct troth_value troth_value_none(void)
{
    return (struct troth_value){.type = TROTH_VALUE_NONE};
}

struct troth_value troth_value_bool(bool value)
{
    return (struct troth_value){.type = TROTH_VALUE_BOOL, .boolean = value};
}

struct troth_value troth_value_uint(uint64_t value)
{
    return (struct troth_value){.type = TROTH_VALUE_UINT, .number = value};
}

struct troth_value troth_value_instant(int64_t instant_s)
{
    return (struct troth_value){.type = TROTH_VALUE_INSTANT, .instant_s = instant_s};
}

struct troth_value troth_value_text(const char *text)
{
    return troth_value_text_span(troth_span_of_text(text));
}

struct troth_value troth_value_text_span(struct troth_span text)
{
    return (struct troth_value){.type = TROTH_VALUE_TEXT, .bytes = text};
}

struct troth_value troth_value_bytes(struct troth_span bytes)
{
    return (struct troth_value){.type = TROTH_VALUE_BYTES, .bytes = bytes};
}
