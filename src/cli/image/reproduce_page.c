/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/reproduce.h"

#include <stdlib.h>

#include "cli/image/image_diff_page.h"
#include "cli/result_json.h"
#include "cli/result_page.h"

enum { MARGIN = 2, STATE = 20, LABEL = 20, VALUE = 28 };

static const char *const states[] = {"same", "differs", "not compared"};

static const struct {
    const char *word, *text;
} heads[] = {
    [TROTH_REFUSED] = {"not reproduced",
                       "what runs there is not what this source makes, or "
                       "is not proven"},
    [TROTH_ACCEPTED] = {"reproduced", "what runs there is what this source makes"},
    [TROTH_UNDETERMINED] = {"undetermined",
                            "whether it is what this source makes could not "
                            "be told"},
};

static void print_hex(struct troth_page *page, const char *label, const uint8_t *bytes,
                      size_t len)
{
    uint8_t text[2 * 64];
    struct troth_writer w = troth_writer_over(text, sizeof text);

    troth_page_column(page, LABEL);
    troth_page_say(page, TROTH_STYLE_DIM, label);
    troth_page_column(page, VALUE);
    troth_write_hex(&w, (struct troth_span){bytes, len});
    if (len > 0)
        troth_page_text(page, TROTH_STYLE_PLAIN, troth_writer_span(&w));
    else
        troth_page_say(page, TROTH_STYLE_PLAIN, "none");
    troth_page_end_line(page);
}

static void print_register(struct troth_page *page, const struct troth_register *row)
{
    const bool is_bad = row->state == TROTH_REGISTER_DIFFERS;

    troth_page_column(page, MARGIN);
    troth_page_say(page, TROTH_STYLE_PLAIN, row->built->claim);
    troth_page_column(page, STATE);
    troth_page_say(page, is_bad ? TROTH_STYLE_BAD : TROTH_STYLE_PLAIN,
                   states[row->state]);
    troth_page_say(page, TROTH_STYLE_DIM, ": ");
    troth_page_say(page, TROTH_STYLE_DIM, row->built->covers);
    troth_page_end_line(page);
    if (row->state != TROTH_REGISTER_OPEN)
        print_hex(page, "built", row->built->value, row->built->len);
    if (row->state != TROTH_REGISTER_SAME)
        print_hex(page, "seen", row->seen, row->seen_len);
}

static void print_changes(struct troth_page *page, const struct troth_reproduction *r)
{
    const size_t named = r->change_count < TROTH_REPRODUCE_CHANGES
                             ? r->change_count
                             : TROTH_REPRODUCE_CHANGES;

    for (size_t i = 0; i < named; i++) {
        troth_page_say(page, TROTH_STYLE_OPEN,
                       troth_reproduce_change_name(r->changes[i].change));
        troth_page_say(page, TROTH_STYLE_OPEN, " since it was locked: ");
        troth_page_say(page, TROTH_STYLE_PLAIN, r->changes[i].name);
        troth_page_end_line(page);
    }
    if (r->change_count > named)
        troth_page_say(page, TROTH_STYLE_OPEN, "and more");
    if (r->change_count > 0)
        troth_page_end_line(page);
}

static void print_differing(struct troth_page *page, const struct troth_reproduction *r)
{
    for (size_t i = 0; r->differing[i]; i++) {
        troth_page_say(page, TROTH_STYLE_BAD, "differs: ");
        troth_page_say(page, TROTH_STYLE_PLAIN, r->differing[i]);
        troth_page_end_line(page);
    }
    if (r->is_signed) {
        troth_page_say(page, TROTH_STYLE_PLAIN,
                       "nitro.pcr8 is of the certificate that signed what runs there: a "
                       "build has none");
        troth_page_end_line(page);
    }
    if (!r->image)
        return;
    troth_page_end_line(page);
    troth_page_say(page, TROTH_STYLE_BOLD, "what is deployed, and what was built");
    troth_page_end_line(page);
    troth_image_diff_page_sections(page, r->image);
}

void troth_reproduce_page_print(const struct troth_reproduction *r)
{
    struct troth_page page = troth_page_of_output();
    const enum troth_style style = r->answer == TROTH_ACCEPTED  ? TROTH_STYLE_GOOD
                                   : r->answer == TROTH_REFUSED ? TROTH_STYLE_BAD
                                                                : TROTH_STYLE_OPEN;

    troth_page_say(&page, style, heads[r->answer].word);
    troth_page_say(&page, TROTH_STYLE_PLAIN, "  ");
    troth_page_say(&page, TROTH_STYLE_BOLD, heads[r->answer].text);
    troth_page_end_line(&page);
    troth_page_end_line(&page);
    print_changes(&page, r);
    for (size_t i = 0; i < r->measurements->count; i++)
        print_register(&page, &r->registers[i]);
    print_differing(&page, r);
    troth_page_end_line(&page);
    troth_result_page_print(&page, r->result);
}

/* ---- JSON ---- */

/* As much as result_json.c takes for one. */
#define RESULT_ROOM                                                                      \
    ((size_t)1024 * 1024 + TROTH_EVENT_LOG_MAX + (size_t)TROTH_EVENTS_MAX * 64)

struct document {
    const struct troth_reproduction *reproduction;
    struct troth_span verdict;
};

static void write_registers(struct troth_json_writer *w,
                            const struct troth_reproduction *r)
{
    troth_json_write_key(w, "registers");
    troth_json_begin_array(w);
    for (size_t i = 0; i < r->measurements->count; i++) {
        const struct troth_register *row = &r->registers[i];

        troth_json_begin_object(w);
        troth_image_json_text(w, "claim", row->built->claim);
        troth_image_json_text(w, "state", states[row->state]);
        troth_image_json_hex(w, "built",
                             (struct troth_span){row->built->value, row->built->len});
        troth_image_json_hex(w, "seen", (struct troth_span){row->seen, row->seen_len});
        troth_image_json_text(w, row->built->len > 0 ? "covers" : "why",
                              row->built->covers);
        troth_json_end_object(w);
    }
    troth_json_end_array(w);
}

static void write_changes(struct troth_json_writer *w, const struct troth_reproduction *r)
{
    troth_json_write_key(w, "since_locked");
    troth_json_begin_array(w);
    for (size_t i = 0; i < r->change_count && i < TROTH_REPRODUCE_CHANGES; i++) {
        troth_json_begin_object(w);
        troth_image_json_text(w, "change",
                              troth_reproduce_change_name(r->changes[i].change));
        troth_image_json_text(w, "name", r->changes[i].name);
        troth_json_end_object(w);
    }
    troth_json_end_array(w);
}

static void write_document(struct troth_json_writer *w, const void *state)
{
    const struct document *document = state;
    const struct troth_reproduction *r = document->reproduction;
    static const char *const answers[] = {"no", "yes", "undetermined"};

    troth_json_begin_object(w);
    troth_image_json_text(w, "reproduced", answers[r->answer]);
    troth_image_json_text(w, "kind", r->measurements->kind);
    write_changes(w, r);
    write_registers(w, r);
    troth_json_write_key(w, "differing");
    troth_json_begin_array(w);
    for (size_t i = 0; r->differing[i]; i++)
        troth_json_write_text(w, r->differing[i]);
    troth_json_end_array(w);
    if (r->image)
        troth_image_diff_json_sections(w, r->image);
    /* The last: a document of its own, as it is. */
    troth_json_write_key(w, "verdict");
    troth_write_bytes(w->out, document->verdict);
    w->after_key = false;
    troth_json_end_object(w);
}

bool troth_reproduce_json_print(struct troth_reproduce_order *order,
                                struct troth_problem *problem,
                                const struct troth_reproduction *reproduction)
{
    uint8_t *text = troth_inputs_allocate(&order->common.inputs, problem, RESULT_ROOM);
    struct document document = {.reproduction = reproduction};
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    size_t len;

    if (!text)
        return false;
    fault.err = troth_result_to_json(text, RESULT_ROOM, &len, reproduction->result);
    if (fault.err)
        return troth_problem_fault(problem, "result", &fault);
    document.verdict = (struct troth_span){text, len};
    return troth_image_json_print(problem, write_document, &document);
}
