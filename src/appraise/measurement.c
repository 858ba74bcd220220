/* SPDX-License-Identifier: Apache-2.0 */
#include "appraise/appraise.h"

#include "base/arena.h"
#include "base/span.h"
#include "base/writer.h"
#include "evidence/claim_list.h"

/* The longest table: eight rows of a label and 64 bytes in hex. */
#define TEXT_MAX 1280

enum troth_err troth_measurement_claim(struct troth_claim *out,
                                       const struct troth_format *format,
                                       const struct troth_claims *claims,
                                       struct troth_arena *arena)
{
    const struct troth_identity_row *row = format->identity;
    uint8_t text[TEXT_MAX];
    struct troth_writer w = troth_writer_over(text, sizeof text);
    struct troth_span kept;

    *out = (struct troth_claim){"measurement", "all that names the code together",
                                troth_value_none()};
    for (; row->claim; row++) {
        const struct troth_claim *claim = troth_claims_find(
            claims, troth_span_of_text(row->claim));

        if (!claim || claim->value.type != TROTH_VALUE_BYTES)
            return TROTH_OK;
        if (row != format->identity)
            troth_write_text(&w, ",");
        if (*row->label) {
            troth_write_text(&w, row->label);
            troth_write_text(&w, "=");
        }
        troth_write_hex(&w, claim->value.bytes);
    }
    if (troth_writer_finish(&w, &kept))
        return TROTH_ERR_MEMORY;
    kept = troth_arena_copy(arena, kept);
    if (!kept.ptr)
        return TROTH_ERR_MEMORY;
    out->value = troth_value_text_span(kept);
    return TROTH_OK;
}

enum troth_err troth_claim_is(bool *out, const struct troth_claim *claim,
                              struct troth_span text)
{
    bool is_measurement = troth_span_equal(troth_span_of_text(claim->name),
                                           TROTH_LITERAL("measurement"));

    if (!is_measurement || claim->value.type != TROTH_VALUE_TEXT)
        return troth_value_is(out, &claim->value, text);
    *out = troth_span_equal_ignoring_case(claim->value.bytes, text);
    return TROTH_OK;
}
