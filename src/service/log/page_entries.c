/* SPDX-License-Identifier: Apache-2.0 */
#include "base/span.h"
#include "service/log/html.h"
#include "service/log/serving.h"
#include "troth/record.h"

enum { LATEST = 20, VALUES_MAX = 4, VALUE_MAX = 64, HEX_MAX = 16 };

/* The table's rows, the latest first: where each entry is. */
struct listing {
    struct troth_writer *w;
    struct troth_log_serve *serve;
    struct troth_span rows[TROTH_TILE_WIDTH]; /* of one bundle */
};

/* ---- one entry ---- */

static void write_value(struct troth_writer *w, const struct troth_record_value *value)
{
    troth_write_text(w, "<span><b>");
    troth_html_text(w, troth_span_of_text(value->field->name));
    troth_write_text(w, "</b> <bdi>");
    if (value->field->type == TROTH_RECORD_UINT)
        troth_write_decimal(w, value->number);
    else
        troth_html_brief(w, value->text,
                         value->field->type == TROTH_RECORD_TEXT ? VALUE_MAX : HEX_MAX);
    troth_write_text(w, "</bdi></span> ");
}

static void write_private(struct troth_writer *w, const struct troth_record *record)
{
    if (!record->commitment_count)
        return;
    troth_write_text(w, "<span><b>not shown</b> ");
    for (size_t i = 0; i < record->commitment_count; i++) {
        troth_write_text(w, i ? ", " : "");
        troth_html_brief(w, record->commitments[i].name, TROTH_RECORD_NAME_MAX);
    }
    troth_write_text(w, "</span>");
}

static void write_record(struct troth_writer *w, const struct troth_record *record)
{
    troth_html_text(w, troth_span_of_text(troth_record_kind_name(record->kind)));
    troth_write_text(w, "</td><td>");
    troth_html_time(w, (int64_t)(record->time_ms / 1000));
    troth_write_text(w, "</td><td>");
    for (size_t i = 0; i < record->value_count && i < VALUES_MAX; i++)
        write_value(w, &record->values[i]);
    write_private(w, record);
}

static void write_foreign(struct troth_writer *w, struct troth_span entry)
{
    troth_write_text(w, "<span class=\"none\">bytes</span></td><td></td><td>");
    troth_html_count(w, entry.len);
    troth_write_text(w, entry.len == 1 ? " byte" : " bytes");
    if (entry.len) {
        troth_write_text(w, entry.len > HEX_MAX ? ", beginning <code>" : " <code>");
        troth_write_hex(
            w, troth_span_slice(entry, 0, entry.len < HEX_MAX ? entry.len : HEX_MAX));
        troth_write_text(w, "</code>");
    }
}

static void write_row(const struct listing *list, uint64_t index, struct troth_span entry)
{
    struct troth_arena arena = TROTH_ARENA_OVER(list->serve->memory);
    struct troth_writer *w = list->w;
    struct troth_record record;
    struct troth_fault fault;

    troth_write_text(w, "<tr><th scope=\"row\" class=\"n\">");
    troth_html_count(w, index);
    troth_write_text(w, "</th><td>");
    if (troth_record_parse(&record, &fault, entry, &arena))
        write_foreign(w, entry);
    else
        write_record(w, &record);
    troth_write_text(w, "</td><td><a href=\"/proof/");
    troth_write_decimal(w, index);
    troth_write_text(w, "\" aria-label=\"proof of entry ");
    troth_write_decimal(w, index);
    troth_write_text(w, "\">proof</a></td></tr>\n");
}

/* ---- the latest of them ---- */

/* Rows of the bundle that ends at `end`, down to `first`; false: it cannot be read. */
static bool write_bundle(struct listing *list, uint64_t first, uint64_t end)
{
    const uint64_t index = (end - 1) / TROTH_TILE_WIDTH;
    const struct troth_tile tile = {
        .has_entries = true,
        .index = index,
        .width = troth_tile_width(0, index, list->serve->shown.tree.size)};
    struct troth_log_problem problem;
    struct troth_file file;
    struct troth_span rest;
    size_t count = 0;
    bool is_read = !troth_log_tile_read(&file, &problem, list->serve->options.folder,
                                        &tile);

    if (!is_read)
        return false;
    rest = (struct troth_span){file.bytes, file.len};
    while (is_read && count < tile.width)
        is_read = !troth_tile_next_entry(&list->rows[count++], &rest);
    for (uint64_t i = end; is_read && i > first && i > index * TROTH_TILE_WIDTH; i--)
        write_row(list, i - 1, list->rows[(i - 1) % TROTH_TILE_WIDTH]);
    troth_file_release(&file);
    return is_read;
}

static bool write_rows(struct listing *list)
{
    const uint64_t size = list->serve->shown.tree.size;
    const uint64_t first = size > LATEST ? size - LATEST : 0;
    uint64_t end = size;

    while (end > first) {
        if (!write_bundle(list, first, end))
            return false;
        end = (end - 1) / TROTH_TILE_WIDTH * TROTH_TILE_WIDTH;
    }
    return true;
}

void troth_log_page_entries(struct troth_writer *w, struct troth_log_serve *serve)
{
    struct listing list = {.w = w, .serve = serve};
    bool is_whole;

    troth_write_text(w, "<section aria-labelledby=\"entries\">\n"
                        "<h2 id=\"entries\">Latest entries</h2>\n");
    if (!serve->shown.tree.size) {
        troth_write_text(w, "<p class=\"none\">There are none yet.</p>\n</section>\n");
        return;
    }
    troth_write_text(w, "<div class=\"wide\" tabindex=\"0\" role=\"region\" "
                        "aria-labelledby=\"entries\">\n<table>\n<thead><tr>"
                        "<th scope=\"col\">Index</th><th scope=\"col\">Kind</th>"
                        "<th scope=\"col\">Time, as written</th>"
                        "<th scope=\"col\">What it says</th><th scope=\"col\">Proof</th>"
                        "</tr></thead>\n<tbody>\n");
    is_whole = write_rows(&list);
    troth_write_text(w, "</tbody>\n</table>\n</div>\n");
    if (!is_whole)
        troth_write_text(w, "<p class=\"alone\">Entries that belong here cannot be read."
                            "</p>\n");
    troth_write_text(w, "</section>\n");
}
