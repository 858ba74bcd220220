/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/brief.h"

#include "base/hex.h"
#include "base/span.h"
#include "troth/verify.h"

/* Runs up to this length, sixteen bytes, stay whole. */
enum { RUN_MAX = 32, HEAD = 16, TAIL = 8 };

static void write_cut(struct troth_writer *w, struct troth_span text)
{
    size_t room = w->size - w->len;

    troth_write_bytes(w, troth_span_slice(text, 0, text.len < room ? text.len : room));
}

void troth_brief_write_full(struct troth_writer *w, const struct troth_value *value)
{
    uint8_t text[TROTH_BRIEF_ROOM];
    size_t len = 0;

    if (value->type == TROTH_VALUE_TEXT)
        write_cut(w, value->bytes);
    else if (troth_value_to_text(text, sizeof text, &len, value) == TROTH_OK)
        write_cut(w, (struct troth_span){text, len});
}

static void write_run(struct troth_writer *w, struct troth_span run)
{
    if (run.len <= RUN_MAX) {
        write_cut(w, run);
        return;
    }
    write_cut(w, troth_span_slice(run, 0, HEAD));
    write_cut(w, TROTH_LITERAL("..."));
    write_cut(w, troth_span_slice(run, run.len - TAIL, run.len));
}

void troth_brief_write(struct troth_writer *w, const struct troth_value *value)
{
    uint8_t text[TROTH_BRIEF_ROOM];
    struct troth_writer whole = troth_writer_over(text, sizeof text);
    struct troth_span rest;

    troth_brief_write_full(&whole, value);
    rest = troth_writer_span(&whole);
    while (rest.len) {
        size_t digits = 0, others = 0;

        while (digits < rest.len && troth_hex_digit(rest.ptr[digits]) < 16)
            digits++;
        write_run(w, troth_span_slice(rest, 0, digits));
        rest = troth_span_slice(rest, digits, rest.len);
        while (others < rest.len && troth_hex_digit(rest.ptr[others]) > 15)
            others++;
        write_cut(w, troth_span_slice(rest, 0, others));
        rest = troth_span_slice(rest, others, rest.len);
    }
}

void troth_brief_write_size(struct troth_writer *w, const struct troth_value *value)
{
    if (value->type != TROTH_VALUE_BYTES || value->bytes.len * 2 <= RUN_MAX ||
        w->size - w->len < 32)
        return;
    troth_write_text(w, " (");
    troth_write_decimal(w, value->bytes.len);
    troth_write_text(w, " bytes)");
}
