/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/show_page.h"

#include <string.h>

#include "base/span.h"
#include "cli/brief.h"

/* A meaning stands beside a value that ends before this column, else below it. */
enum { MARGIN = 2, MEANING_OFFSET = 26 };

/* "nitro." of "nitro.pcr0"; common claims have no dot. */
static size_t family_len(const char *name)
{
    const char *dot = strchr(name, '.');

    return dot ? (size_t)(dot - name) : 0;
}

static unsigned widest_name(const struct troth_claims *claims)
{
    size_t widest = 0;

    for (size_t i = 0; i < claims->count; i++) {
        size_t len = strlen(claims->rows[i].name);

        widest = len > widest ? len : widest;
    }
    return (unsigned)widest;
}

static void print_claim(struct troth_page *page, const struct troth_claim *claim,
                        unsigned value_column)
{
    uint8_t text[TROTH_BRIEF_ROOM];
    struct troth_writer w = troth_writer_over(text, sizeof text);
    bool says = claim->value.type != TROTH_VALUE_NONE;

    troth_brief_write_full(&w, &claim->value);
    troth_page_column(page, MARGIN);
    troth_page_say(page, TROTH_STYLE_PLAIN, claim->name);
    troth_page_column(page, value_column);
    /* An empty value is a value: it is shown as the nothing it is, not as "none". */
    troth_page_text(page, says ? TROTH_STYLE_BOLD : TROTH_STYLE_DIM,
                    troth_writer_span(&w));
    if (page->is_wide) {
        if (page->column >= value_column + MEANING_OFFSET)
            troth_page_end_line(page);
        troth_page_column(page, value_column + MEANING_OFFSET);
        troth_page_say(page, TROTH_STYLE_DIM, claim->about);
    }
    troth_page_end_line(page);
}

/* `common` chooses: claims without a family, or those with one. */
static void print_group(struct troth_page *page, const struct troth_claims *claims,
                        bool common)
{
    unsigned column = MARGIN + widest_name(claims) + 2;

    troth_page_end_line(page);
    for (size_t i = 0; i < claims->count; i++)
        if ((family_len(claims->rows[i].name) == 0) == common)
            print_claim(page, &claims->rows[i], column);
}

void troth_show_page_print(struct troth_page *page, const struct troth_showing *showing)
{
    troth_page_say(page, TROTH_STYLE_OPEN, "unverified");
    troth_page_column(page, 12);
    troth_page_say(page, TROTH_STYLE_BOLD, showing->title);
    troth_page_end_line(page);
    troth_page_column(page, 12);
    troth_page_say(page, TROTH_STYLE_PLAIN,
                   "what the evidence says of itself: nothing here was checked");
    troth_page_end_line(page);
    print_group(page, &showing->claims, true);
    print_group(page, &showing->claims, false);
}
