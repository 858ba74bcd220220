/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log/log_page.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/base64.h"
#include "base/span.h"
#include "base/wipe.h"
#include "cli/json_page.h"

/* The widest label of the program's own is "certificate". */
enum { COLUMN = 14 };

#define FIRST_ROOM ((size_t)64 * 1024)
#define MOST_ROOM  ((size_t)256 * 1024 * 1024)

void troth_log_page_begin(struct troth_page *page, const char *label)
{
    troth_page_column(page, 2);
    troth_page_say(page, TROTH_STYLE_DIM, label);
    troth_page_column(page, COLUMN);
}

void troth_log_page_span(struct troth_page *page, const char *label,
                         struct troth_span text)
{
    troth_log_page_begin(page, label);
    troth_page_text(page, TROTH_STYLE_PLAIN, text);
    troth_page_end_line(page);
}

void troth_log_page_text(struct troth_page *page, const char *label, const char *text)
{
    troth_log_page_span(page, label, troth_span_of_text(text));
}

void troth_log_page_hex(struct troth_page *page, const char *label,
                        struct troth_span bytes)
{
    uint8_t text[2 * 64];
    struct troth_writer w = troth_writer_over(text, sizeof text);

    troth_write_hex(&w, bytes);
    troth_log_page_span(page, label, troth_writer_span(&w));
}

void troth_log_page_number(struct troth_page *page, const char *label, uint64_t number)
{
    char text[24];

    (void)snprintf(text, sizeof text, "%" PRIu64, number);
    troth_log_page_text(page, label, text);
}

bool troth_log_json_print(struct troth_problem *problem,
                          void (*body)(struct troth_json_writer *w, const void *state),
                          const void *state)
{
    for (size_t room = FIRST_ROOM; room <= MOST_ROOM; room *= 8) {
        uint8_t *text = malloc(room);
        struct troth_writer bytes = troth_writer_over(text, text ? room : 0);
        struct troth_json_writer w = troth_json_writer_over(&bytes, true);

        if (!text)
            break;
        troth_json_begin_object(&w);
        body(&w, state);
        troth_json_end_object(&w);
        if (!bytes.full)
            troth_json_page_print(stdout, troth_writer_span(&bytes));
        troth_wipe(text, room); /* it may hold what was disclosed */
        free(text);
        if (!bytes.full)
            return true;
    }
    return troth_problem_memory(problem);
}

void troth_log_json_base64(struct troth_json_writer *w, const char *key,
                           struct troth_span bytes)
{
    troth_json_write_key(w, key);
    /* An empty text, and then what stands between its quotes. */
    troth_json_write_text(w, "");
    if (w->out->full || w->out->len == 0)
        return;
    w->out->len--;
    troth_base64_write(w->out, bytes, TROTH_BASE64);
    troth_write_u8(w->out, '"');
}

void troth_log_json_raw(struct troth_json_writer *w, const char *key,
                        struct troth_span json)
{
    troth_json_write_key(w, key);
    troth_json_write_null(w);
    if (w->out->full)
        return;
    w->out->len -= sizeof "null" - 1;
    troth_write_bytes(w->out, json);
}
