/* page.h - text laid out for people: columns, wrapped lines, a little colour. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_PAGE_H
#define TROTH_CLI_PAGE_H

#include <stdbool.h>
#include <stdio.h>

#include "troth/span.h"

enum troth_style {
    TROTH_STYLE_PLAIN = 0,
    TROTH_STYLE_BOLD,
    TROTH_STYLE_DIM,
    TROTH_STYLE_GOOD,
    TROTH_STYLE_BAD,
    TROTH_STYLE_OPEN
};

struct troth_page {
    FILE *to;
    unsigned width; /* columns that lines are kept to */
    bool is_wide;   /* a terminal with room for more than the necessary */
    bool colour;
    unsigned column; /* where the next character goes, from 0 */
    unsigned indent; /* where wrapped lines go on */
    bool owes_blank; /* a text ended with one; nothing ends a line with it */
};

/* Standard output: colour only on a terminal, and if NO_COLOR and TERM do not forbid it.
 */
struct troth_page troth_page_of_output(void);
/* The same without regard to what stands behind it. */
struct troth_page troth_page_over(FILE *to, unsigned width);

/* Does TERM say that a terminal can do no more than print, or nothing at all? */
bool troth_page_terminal_is_dumb(void);

/* Words, broken at spaces where they would leave the page; a longer word stays whole.
 * Escaped, see cli/escape.h. */
void troth_page_text(struct troth_page *page, enum troth_style style,
                     struct troth_span text);
void troth_page_say(struct troth_page *page, enum troth_style style, const char *text);

/* Blanks up to a column, one at least; wrapped lines go on there. */
void troth_page_column(struct troth_page *page, unsigned column);
void troth_page_end_line(struct troth_page *page);

#endif
