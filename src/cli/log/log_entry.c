/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log/log_entry.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/instant.h"
#include "base/span.h"
#include "cli/log/log_page.h"

/* So much is shown of an entry that is no record. */
enum { GLIMPSE = 256 };

bool troth_log_entry_take(struct troth_log_entry *out, struct troth_problem *problem,
                          struct troth_inputs *inputs, uint64_t index,
                          struct troth_span bytes)
{
    struct troth_arena arena = {NULL, 2 * bytes.len + 256, 0};

    *out = (struct troth_log_entry){.index = index, .bytes = bytes};
    arena.base = troth_inputs_allocate(inputs, problem, arena.size);
    if (!arena.base)
        return false;
    out->is_record = troth_record_parse(&out->record, NULL, bytes, &arena) == TROTH_OK;
    return true;
}

static void print_head(struct troth_page *page, const struct troth_log_entry *entry)
{
    char text[64];

    (void)snprintf(text, sizeof text, "entry %" PRIu64, entry->index);
    troth_page_say(page, TROTH_STYLE_BOLD, text);
    troth_page_say(page, TROTH_STYLE_PLAIN, "  ");
    if (entry->is_record)
        (void)snprintf(text, sizeof text, "%s",
                       troth_record_kind_name(entry->record.kind));
    else
        (void)snprintf(text, sizeof text, "no record, %zu bytes", entry->bytes.len);
    troth_page_say(page, TROTH_STYLE_PLAIN, text);
    troth_page_end_line(page);
}

static void print_value(struct troth_page *page, const struct troth_record_value *value)
{
    switch (value->field->type) {
    case TROTH_RECORD_UINT:
        troth_log_page_number(page, value->field->name, value->number);
        return;
    case TROTH_RECORD_TEXT:
    case TROTH_RECORD_HEX:
    case TROTH_RECORD_MEASUREMENTS:
        troth_log_page_span(page, value->field->name, value->text);
        return;
    }
}

static void print_time(struct troth_page *page, uint64_t time_ms)
{
    uint8_t text[32];
    struct troth_writer w = troth_writer_over(text, sizeof text);

    troth_write_rfc3339(&w, (int64_t)(time_ms / 1000));
    troth_log_page_begin(page, "time");
    troth_page_text(page, TROTH_STYLE_PLAIN, troth_writer_span(&w));
    troth_page_say(page, TROTH_STYLE_DIM, " by the writer's clock");
    troth_page_end_line(page);
}

static void print_private(struct troth_page *page, const struct troth_record *record)
{
    for (size_t i = 0; i < record->commitment_count; i++) {
        troth_log_page_begin(page, i == 0 ? "private" : "");
        troth_page_text(page, TROTH_STYLE_PLAIN, record->commitments[i].name);
        troth_page_end_line(page);
    }
    for (size_t i = 0; i < record->tag_count; i++) {
        uint8_t text[2 * TROTH_RECORD_TAG_SIZE];
        struct troth_writer w = troth_writer_over(text, sizeof text);

        troth_write_hex(
            &w, (struct troth_span){record->tags[i].bytes, TROTH_RECORD_TAG_SIZE});
        troth_log_page_begin(page, i == 0 ? "tags" : "");
        troth_page_text(page, TROTH_STYLE_PLAIN, record->tags[i].name);
        troth_page_say(page, TROTH_STYLE_PLAIN, " ");
        troth_page_text(page, TROTH_STYLE_PLAIN, troth_writer_span(&w));
        troth_page_end_line(page);
    }
}

static void print_record(struct troth_page *page, const struct troth_record *record)
{
    troth_log_page_hex(page, "id", (struct troth_span)TROTH_ARRAY_SPAN(record->id));
    print_time(page, record->time_ms);
    for (size_t i = 0; i < record->value_count; i++)
        print_value(page, &record->values[i]);
    print_private(page, record);
}

static void print_bytes(struct troth_page *page, struct troth_span bytes)
{
    const bool is_cut = bytes.len > GLIMPSE;

    troth_log_page_begin(page, "bytes");
    troth_page_text(page, TROTH_STYLE_PLAIN,
                    troth_span_slice(bytes, 0, is_cut ? GLIMPSE : bytes.len));
    if (is_cut)
        troth_page_say(page, TROTH_STYLE_DIM, " ...");
    troth_page_end_line(page);
}

void troth_log_entry_print(struct troth_page *page, const struct troth_log_entry *entry)
{
    print_head(page, entry);
    if (entry->is_record)
        print_record(page, &entry->record);
    else if (entry->bytes.len > 0)
        print_bytes(page, entry->bytes);
}

void troth_log_entry_json(struct troth_json_writer *w,
                          const struct troth_log_entry *entry)
{
    troth_json_write_key(w, "index");
    troth_json_write_uint(w, entry->index);
    /* It is JSON in its only form: that is what was parsed. */
    if (entry->is_record) {
        troth_log_json_raw(w, "record", entry->bytes);
    } else {
        troth_json_write_key(w, "record");
        troth_json_write_null(w);
    }
    troth_log_json_base64(w, "entry", entry->bytes);
}
