/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/reasons.h"

#include "base/span.h"
#include "base/writer.h"

/* A sub-expression or a value is cut where it would fill the screen. */
enum { TEXT_MAX = 400, VALUE_ROOM = 4096 };

/* Rules may be written over several lines. */
static void print_source(struct troth_page *page, struct troth_span source)
{
    uint8_t line[TEXT_MAX + 4];
    struct troth_writer w = troth_writer_over(line, TEXT_MAX);
    bool space = false;

    for (size_t i = 0; i < source.len; i++) {
        bool white = source.ptr[i] == ' ' || source.ptr[i] == '\n' ||
                     source.ptr[i] == '\t';

        if (!white) {
            if (space)
                troth_write_u8(&w, ' ');
            troth_write_u8(&w, source.ptr[i]);
        }
        space = white && w.len > 0;
    }
    troth_page_text(page, TROTH_STYLE_PLAIN, troth_writer_span(&w));
    if (w.full)
        troth_page_say(page, TROTH_STYLE_DIM, " ...");
}

static void print_value(struct troth_page *page, const struct troth_cel_value *value)
{
    static const char *const words[] = {
        [TROTH_CEL_NONE] = "was not looked at",
        [TROTH_CEL_UNKNOWN] = "is not known",
    };
    uint8_t text[VALUE_ROOM];
    size_t len = 0;

    if (value->kind == TROTH_CEL_ERROR)
        troth_page_say(page, TROTH_STYLE_BAD, troth_cel_error_text(value->as.error.code));
    else if (value->kind == TROTH_CEL_NONE || value->kind == TROTH_CEL_UNKNOWN)
        troth_page_say(page, TROTH_STYLE_OPEN, words[value->kind]);
    else if (troth_cel_value_to_text(text, sizeof text, &len, value))
        troth_page_say(page, TROTH_STYLE_DIM, "too long to print");
    else
        troth_page_text(page, TROTH_STYLE_BOLD, (struct troth_span){text, len});
}

/* The same part of the rule may be an operand twice. */
static bool is_said(const struct troth_explanation *e, size_t row)
{
    for (size_t i = 0; i < row; i++)
        if (e->reasons[i].start == e->reasons[row].start &&
            e->reasons[i].end == e->reasons[row].end)
            return true;
    return false;
}

static void print(struct troth_page *page, const struct troth_explanation *explanation,
                  unsigned column)
{
    for (size_t i = 0; i < explanation->count; i++) {
        const struct troth_cel_reason *reason = &explanation->reasons[i];
        struct troth_span source = troth_span_slice(explanation->rule->source,
                                                    reason->start, reason->end);

        if (is_said(explanation, i))
            continue;
        troth_page_column(page, column + 2 * reason->depth);
        print_source(page, source);
        troth_page_say(page, TROTH_STYLE_DIM, reason->depth ? " = " : " is ");
        print_value(page, &reason->value);
        troth_page_end_line(page);
    }
}

void troth_reasons_print(struct troth_page *page, const struct troth_result *result,
                         const struct troth_check *check, unsigned column)
{
    if (check->id != TROTH_CHECK_RULE)
        return;
    for (size_t i = 0; i < result->explanation_count; i++)
        if (troth_span_is_text(result->explanations[i].rule->name, check->subject))
            print(page, &result->explanations[i], column);
}
