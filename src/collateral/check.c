/* SPDX-License-Identifier: Apache-2.0 */
#include "collateral/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "base/writer.h"
#include "evidence/answer.h"

/* One answer being checked. */
struct check {
    struct troth_collateral_item items[TROTH_COLLATERAL_MAX];
    size_t count;
    struct troth_arena reading, preparing, judging;
    char *room;
};

static bool take_arena(struct troth_arena *arena, size_t size)
{
    *arena = (struct troth_arena){malloc(size), size, 0};
    return arena->base != NULL;
}

static const char *say_fault(struct check *c, const struct troth_fault *fault)
{
    (void)snprintf(c->room, TROTH_FETCH_WHY_ROOM, "its answer cannot be read: %s%s%s",
                   fault->field ? fault->field : "", fault->field ? ": " : "",
                   troth_err_text(fault->err));
    return c->room;
}

static void write_value(struct troth_writer *w, const char *label,
                        const struct troth_value *value)
{
    uint8_t text[128];
    size_t len = 0;

    if (value->type == TROTH_VALUE_NONE || w->full)
        return;
    troth_write_text(w, label);
    if (value->type == TROTH_VALUE_TEXT)
        troth_write_bytes(
            w, troth_span_slice(value->bytes, 0,
                                value->bytes.len < 80 ? value->bytes.len : 80));
    else if (!troth_value_to_text(text, sizeof text, &len, value))
        troth_write_bytes(w, (struct troth_span){text, len});
}

static const char *say_row(struct check *c, const struct troth_check *row)
{
    struct troth_writer w = troth_writer_over((uint8_t *)c->room,
                                              TROTH_FETCH_WHY_ROOM - 1);

    if (row->subject) {
        troth_write_text(&w, row->subject);
        troth_write_text(&w, ": ");
    }
    troth_write_text(&w, row->why ? row->why : troth_check_meaning(row->id));
    write_value(&w, ", seen ", &row->seen);
    write_value(&w, ", wanted ", &row->wanted);
    c->room[w.len] = '\0';
    return c->room;
}

static void take_report(struct troth_entry_facts *facts,
                        const struct troth_answer_report *report)
{
    struct troth_span number = report->crl_number;

    facts->issued_s = report->issued_s;
    facts->expires_s = report->expires_s;
    facts->has_evaluation_number = report->has_evaluation_number;
    facts->evaluation_number = report->evaluation_number;
    if (number.len > sizeof facts->crl_number)
        number = troth_span_slice(number, number.len - sizeof facts->crl_number,
                                  number.len);
    if (number.len)
        memcpy(facts->crl_number, number.ptr, number.len);
    facts->crl_number_len = number.len;
}

static const char *judge(struct check *c, struct troth_entry_facts *facts,
                         const struct troth_fetcher *fetcher)
{
    const struct troth_answer_question question = {
        .need = &facts->need,
        .items = c->items,
        .count = c->count,
        .anchors = fetcher->anchors,
        .crypto = fetcher->crypto,
        .at_s = facts->fetched_s,
        .arena = &c->judging,
    };
    struct troth_answer_report report;
    struct troth_fault fault = {TROTH_OK, NULL, 0};

    if (troth_answer_judge(&report, &fault, &question))
        return say_fault(c, &fault);
    if (report.row.outcome != TROTH_PASSED)
        return say_row(c, &report.row);
    take_report(facts, &report);
    return NULL;
}

static const char *read_and_judge(struct check *c, struct troth_entry_facts *facts,
                                  const struct troth_fetcher *fetcher,
                                  struct troth_span file,
                                  const struct troth_collateral *beside)
{
    struct troth_fault fault = {TROTH_OK, NULL, 0};

    if (troth_collateral_read(c->items, &c->count, &fault, file, &c->reading))
        return say_fault(c, &fault);
    for (size_t i = 0; i < beside->count && c->count < TROTH_COLLATERAL_MAX; i++)
        c->items[c->count++] = beside->items[i];
    if (troth_collateral_prepare(c->items, c->count, NULL, &fault, fetcher->crypto,
                                 &c->preparing))
        return say_fault(c, &fault);
    return judge(c, facts, fetcher);
}

const char *troth_check_answer(struct troth_entry_facts *facts,
                               char room[static TROTH_FETCH_WHY_ROOM],
                               const struct troth_fetcher *fetcher,
                               struct troth_span file,
                               const struct troth_collateral *beside)
{
    struct check *c = calloc(1, sizeof *c);
    const char *why = "no memory to check the answer";

    if (!c)
        return why;
    c->room = room;
    if (take_arena(&c->reading, TROTH_COLLATERAL_ROOM(file.len)) &&
        take_arena(&c->preparing, TROTH_PREPARE_ARENA_SIZE) &&
        take_arena(&c->judging, TROTH_VERIFY_ARENA_SIZE))
        why = read_and_judge(c, facts, fetcher, file, beside);
    free(c->reading.base);
    free(c->preparing.base);
    free(c->judging.base);
    free(c);
    return why;
}
