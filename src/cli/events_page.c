/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/events_page.h"

#include <stdio.h>

#include "base/value.h"
#include "cli/brief.h"

/* The columns of cli/result_page.c. */
enum { LABEL = 2, NAME = 18, TEXT = 34 };

static void print_event(struct troth_page *page, const struct troth_event *event)
{
    uint8_t text[TROTH_BRIEF_ROOM];
    struct troth_writer w = troth_writer_over(text, sizeof text);
    const struct troth_value data = troth_value_bytes(event->data);

    troth_page_column(page, NAME);
    troth_page_text(page, TROTH_STYLE_PLAIN, event->name);
    if (event->data.len > 0) {
        troth_brief_write(&w, &data);
        troth_brief_write_size(&w, &data);
        troth_page_column(page, TEXT);
        troth_page_text(page, TROTH_STYLE_DIM, troth_writer_span(&w));
    }
    troth_page_end_line(page);
}

void troth_events_print(struct troth_page *page, const struct troth_event_log *log)
{
    size_t behind;
    char text[128];

    if (!log->is_sealed)
        return;
    behind = log->count - log->counted - 1;
    troth_page_column(page, LABEL);
    troth_page_say(page, TROTH_STYLE_DIM, "events");
    troth_page_column(page, NAME);
    if (behind > 0)
        (void)snprintf(text, sizeof text,
                       "%zu before the boundary; %zu behind it count for nothing",
                       log->counted, behind);
    else
        (void)snprintf(text, sizeof text, "%zu before the boundary, none behind it",
                       log->counted);
    troth_page_say(page, TROTH_STYLE_PLAIN, text);
    troth_page_end_line(page);
    for (size_t i = 0; i < log->counted; i++)
        print_event(page, &log->events[i]);
}
