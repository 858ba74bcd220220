/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log/follow_tell.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/base64.h"
#include "cli/json_page.h"
#include "cli/page.h"
#include "codec/json_writer.h"
#include "troth/record.h"

/* A record, and what its parser makes of it. */
#define RECORD_ROOM ((size_t)2 * TROTH_LOG_ENTRY_MAX + (size_t)16 * 1024)

/* Of an entry, if it is a record; the texts are the record's. */
struct gist {
    struct troth_record record;
    uint8_t memory[RECORD_ROOM];
    bool is_record;
};

static void read_gist(struct gist *gist, struct troth_span entry)
{
    struct troth_arena arena = TROTH_ARENA_OVER(gist->memory);

    gist->is_record = troth_record_parse(&gist->record, NULL, entry, &arena) == TROTH_OK;
}

/* ---- JSON ---- */

static void write_hash(struct troth_json_writer *w, const struct troth_log_hash *hash)
{
    troth_json_write_hex(w, (struct troth_span)TROTH_ARRAY_SPAN(hash->bytes));
}

static void write_entry(struct troth_json_writer *w, struct troth_writer *to,
                        const struct troth_follow_event *event)
{
    struct gist *gist = malloc(sizeof *gist);

    troth_json_write_key(w, "index");
    troth_json_write_uint(w, event->index);
    if (gist)
        read_gist(gist, event->entry);
    if (gist && gist->is_record) {
        troth_json_write_key(w, "kind");
        troth_json_write_text(w, troth_record_kind_name(gist->record.kind));
        troth_json_write_key(w, "id");
        troth_json_write_hex(w, (struct troth_span)TROTH_ARRAY_SPAN(gist->record.id));
        troth_json_write_key(w, "time_ms");
        troth_json_write_uint(w, gist->record.time_ms);
    }
    free(gist);
    /* Base64 needs no escapes: the string goes straight to where the writer writes. */
    troth_json_write_key(w, "entry");
    troth_json_write_text(w, "");
    if (to->len > 0)
        to->len--;
    troth_base64_write(to, event->entry, TROTH_BASE64);
    troth_write_u8(to, '"');
}

static void write_trees(struct troth_json_writer *w,
                        const struct troth_follow_event *event)
{
    troth_json_write_key(w, "trees");
    troth_json_begin_array(w);
    for (size_t i = 0; i < event->count; i++) {
        troth_json_begin_object(w);
        troth_json_write_key(w, "size");
        troth_json_write_uint(w, event->trees[i].size);
        troth_json_write_key(w, "root");
        write_hash(w, &event->trees[i].root);
        troth_json_write_key(w, "note");
        troth_json_write_text(w, event->paths[i]);
        troth_json_end_object(w);
    }
    troth_json_end_array(w);
}

enum troth_err troth_follow_event_json(struct troth_span *out,
                                       uint8_t room[TROTH_FOLLOW_JSON_ROOM],
                                       const struct troth_follow_event *event)
{
    struct troth_writer to = troth_writer_over(room, TROTH_FOLLOW_JSON_ROOM);
    struct troth_json_writer w = troth_json_writer_over(&to, false);

    troth_json_begin_object(&w);
    troth_json_write_key(&w, "event");
    troth_json_write_text(&w, troth_follow_name(event->what));
    troth_json_write_key(&w, "origin");
    troth_json_write_string(&w, event->origin);
    troth_json_write_key(&w, "at");
    troth_json_write_text(&w, event->name);
    troth_json_write_key(&w, "why");
    troth_json_write_text(&w, event->why);
    if (troth_follow_is_violation(event->what))
        write_trees(&w, event);
    else
        write_entry(&w, &to, event);
    troth_json_end_object(&w);
    return troth_writer_finish(&to, out);
}

/* ---- for people ---- */

static void say_number(struct troth_page *page, const char *name, uint64_t number)
{
    uint8_t text[24];
    struct troth_writer w = troth_writer_over(text, sizeof text);

    troth_write_decimal(&w, number);
    troth_page_say(page, TROTH_STYLE_PLAIN, name);
    troth_page_text(page, TROTH_STYLE_PLAIN, troth_writer_span(&w));
}

static void print_trees(struct troth_page *page, const struct troth_follow_event *event)
{
    for (size_t i = 0; i < event->count; i++) {
        uint8_t text[2 * TROTH_LOG_HASH_SIZE];
        struct troth_writer w = troth_writer_over(text, sizeof text);

        troth_write_hex(&w,
                        (struct troth_span)TROTH_ARRAY_SPAN(event->trees[i].root.bytes));
        say_number(page, "  size ", event->trees[i].size);
        troth_page_say(page, TROTH_STYLE_PLAIN, ", root ");
        troth_page_text(page, TROTH_STYLE_PLAIN, troth_writer_span(&w));
        troth_page_say(page, TROTH_STYLE_PLAIN, ": ");
        troth_page_say(page, TROTH_STYLE_PLAIN, event->paths[i]);
        troth_page_end_line(page);
    }
}

/* As much of an entry as fits a few lines. */
static void print_entry(struct troth_page *page, const struct troth_follow_event *event)
{
    const size_t most = 300;
    const struct troth_span entry = event->entry;

    troth_page_say(page, TROTH_STYLE_PLAIN, "  ");
    troth_page_text(page, TROTH_STYLE_PLAIN,
                    (struct troth_span){entry.ptr, entry.len < most ? entry.len : most});
    if (entry.len > most)
        troth_page_say(page, TROTH_STYLE_DIM, " ...");
    troth_page_end_line(page);
}

void troth_follow_event_print(const struct troth_follow_event *event)
{
    struct troth_page page = troth_page_of_output();
    const bool is_violation = troth_follow_is_violation(event->what);

    troth_page_say(&page, is_violation ? TROTH_STYLE_BAD : TROTH_STYLE_OPEN,
                   troth_follow_name(event->what));
    if (is_violation) {
        troth_page_say(&page, TROTH_STYLE_PLAIN, ": ");
        troth_page_say(&page, TROTH_STYLE_PLAIN, event->name);
    } else {
        say_number(&page, ": entry ", event->index);
    }
    troth_page_say(&page, TROTH_STYLE_PLAIN, ": ");
    troth_page_say(&page, TROTH_STYLE_PLAIN, event->why);
    troth_page_end_line(&page);
    if (is_violation)
        print_trees(&page, event);
    else
        print_entry(&page, event);
}

static void print_round_json(const struct troth_follow_round *round,
                             struct troth_span origin, const char *at)
{
    uint8_t *room = malloc(TROTH_FOLLOW_JSON_ROOM);
    struct troth_writer to = troth_writer_over(room, room ? TROTH_FOLLOW_JSON_ROOM : 0);
    struct troth_json_writer w = troth_json_writer_over(&to, false);

    troth_json_begin_object(&w);
    troth_json_write_key(&w, "event");
    troth_json_write_text(&w, "checked");
    troth_json_write_key(&w, "origin");
    troth_json_write_string(&w, origin);
    troth_json_write_key(&w, "at");
    troth_json_write_text(&w, at);
    troth_json_write_key(&w, "size");
    troth_json_write_uint(&w, round->tree.size);
    troth_json_write_key(&w, "root");
    write_hash(&w, &round->tree.root);
    troth_json_write_key(&w, "hashed");
    troth_json_write_uint(&w, round->hashed);
    troth_json_write_key(&w, "matches");
    troth_json_write_uint(&w, round->matches);
    troth_json_write_key(&w, "violations");
    troth_json_write_uint(&w, round->violations);
    troth_json_end_object(&w);
    troth_json_page_print(stdout, troth_writer_span(&to));
    free(room);
}

void troth_follow_round_print(const struct troth_follow_round *round,
                              struct troth_span origin, const char *at, bool is_json)
{
    struct troth_page page = troth_page_of_output();
    char text[160];

    if (is_json) {
        print_round_json(round, origin, at);
        return;
    }
    (void)snprintf(text, sizeof text,
                   "size %" PRIu64 ", %" PRIu64 " new: %zu matches, %zu violations",
                   round->tree.size, round->hashed, round->matches, round->violations);
    troth_page_say(&page, round->violations ? TROTH_STYLE_BAD : TROTH_STYLE_GOOD,
                   round->violations ? "violated" : "consistent");
    troth_page_say(&page, TROTH_STYLE_PLAIN, " at ");
    troth_page_say(&page, TROTH_STYLE_PLAIN, text);
    troth_page_end_line(&page);
}
