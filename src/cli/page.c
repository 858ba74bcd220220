/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/page.h"

#include <stdlib.h>

#include "base/span.h"
#include "cli/escape.h"
#include "os/standard.h"

enum { WIDTH = 90, NARROWEST = 40, WIDE = 110, WIDEST = 140 };

/* What is longer is put in pieces; of each byte, an escape may be four. */
enum { WORD_LONGEST = 2048, ESCAPE_LONGEST = 4 };

static bool is_set(const char *variable)
{
    const char *value = getenv(variable); /* NOLINT(concurrency-mt-unsafe): one thread */

    return value && *value;
}

bool troth_page_terminal_is_dumb(void)
{
    const char *term = getenv("TERM"); /* NOLINT(concurrency-mt-unsafe): one thread */

    return !term || !*term ||
           troth_span_equal(troth_span_of_text(term), TROTH_LITERAL("dumb"));
}

struct troth_page troth_page_over(FILE *to, unsigned width)
{
    return (struct troth_page){.to = to, .width = width};
}

struct troth_page troth_page_of_output(void)
{
    struct troth_page page = troth_page_over(stdout, WIDTH);
    unsigned columns = troth_standard_columns(1);

    if (!columns)
        return page;
    page.is_wide = columns >= WIDE;
    page.colour = !is_set("NO_COLOR") && !troth_page_terminal_is_dumb();
    page.width = columns < NARROWEST ? NARROWEST : columns > WIDEST ? WIDEST : columns;
    return page;
}

static void put(struct troth_page *page, struct troth_span bytes)
{
    (void)fwrite(bytes.ptr, 1, bytes.len, page->to);
    page->column += (unsigned)bytes.len;
}

static void put_blanks(struct troth_page *page, unsigned count)
{
    while (count--)
        put(page, TROTH_LITERAL(" "));
}

static void set_style(const struct troth_page *page, enum troth_style style)
{
    static const char *const codes[] = {
        [TROTH_STYLE_PLAIN] = "0", [TROTH_STYLE_BOLD] = "1", [TROTH_STYLE_DIM] = "2",
        [TROTH_STYLE_GOOD] = "32", [TROTH_STYLE_BAD] = "31", [TROTH_STYLE_OPEN] = "33",
    };

    if (page->colour)
        (void)fprintf(page->to, "\033[%sm", codes[style]);
}

/* One word and the blank before it, or the start of a new line instead of the blank. What
 * no blank stands before is part of the word that is there. */
static void put_word(struct troth_page *page, struct troth_span word, bool blank)
{
    uint8_t safe[WORD_LONGEST * ESCAPE_LONGEST];
    struct troth_writer w = troth_writer_over(safe, sizeof safe);

    blank = blank || page->owes_blank;
    page->owes_blank = word.len == 0 && blank;
    if (word.len == 0)
        return;
    troth_escape_write(&w, word);
    if (blank && page->column + 1 + w.len > page->width && page->column > page->indent) {
        unsigned indent = page->indent;

        troth_page_end_line(page);
        troth_page_column(page, indent);
    } else if (blank) {
        put_blanks(page, 1);
    }
    put(page, troth_writer_span(&w));
}

void troth_page_text(struct troth_page *page, enum troth_style style,
                     struct troth_span text)
{
    size_t start = 0;

    if (style != TROTH_STYLE_PLAIN)
        set_style(page, style);
    while (start < text.len) {
        size_t end = start + 1; /* a blank at the start belongs to the word behind it */
        bool blank = text.ptr[start] == ' ';

        while (end < text.len && text.ptr[end] != ' ' && end - start < WORD_LONGEST)
            end++;
        put_word(page, troth_span_slice(text, start + blank, end), blank);
        start = end;
    }
    if (style != TROTH_STYLE_PLAIN)
        set_style(page, TROTH_STYLE_PLAIN);
}

void troth_page_say(struct troth_page *page, enum troth_style style, const char *text)
{
    troth_page_text(page, style, troth_span_of_text(text));
}

void troth_page_column(struct troth_page *page, unsigned column)
{
    if (page->column > 0 && page->column >= column)
        put_blanks(page, 1);
    else
        put_blanks(page, column - page->column);
    page->indent = column;
    page->owes_blank = false;
}

void troth_page_end_line(struct troth_page *page)
{
    (void)fputc('\n', page->to);
    page->column = 0;
    page->indent = 0;
    page->owes_blank = false;
}
