/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/image_diff_page.h"

#include <inttypes.h>
#include <string.h>

#include "base/span.h"

enum { MARGIN = 2, VALUE = 20, MEMBER = 4, PATH = 13, FACTS = 6 };

static void print_line(struct troth_page *page, const char *label, const char *text)
{
    troth_page_column(page, MARGIN);
    troth_page_say(page, TROTH_STYLE_PLAIN, label);
    troth_page_column(page, VALUE);
    troth_page_say(page, TROTH_STYLE_PLAIN, text);
    troth_page_end_line(page);
}

/* ---- files ---- */

/* What is another of a file that both have: its facts in words, the first that count. */
static void print_change(struct troth_page *page, const struct troth_image_member *a,
                         const struct troth_image_member *b)
{
    const struct troth_entry *x = &a->entry, *y = &b->entry;
    char text[160] = "";

    troth_page_column(page, FACTS);
    if (x->kind != y->kind)
        (void)snprintf(text, sizeof text, "%s, then %s", troth_entry_kind_name(x->kind),
                       troth_entry_kind_name(y->kind));
    else if (x->mode != y->mode)
        (void)snprintf(text, sizeof text, "mode %04" PRIo32 ", then %04" PRIo32, x->mode,
                       y->mode);
    else if (x->user != y->user || x->group != y->group)
        (void)snprintf(text, sizeof text,
                       "owner %" PRIu32 ":%" PRIu32 ", then %" PRIu32 ":%" PRIu32,
                       x->user, x->group, y->user, y->group);
    else if (x->size != y->size)
        (void)snprintf(text, sizeof text, "%" PRIu64 " bytes, then %" PRIu64, x->size,
                       y->size);
    else if (!troth_span_equal(x->target, y->target))
        (void)snprintf(text, sizeof text, "leads elsewhere");
    else
        (void)snprintf(text, sizeof text, "other bytes, %" PRIu64 " of them", x->size);
    troth_page_say(page, TROTH_STYLE_DIM, text);
    troth_page_end_line(page);
}

static void print_members(struct troth_page *page,
                          const struct troth_section_difference *section)
{
    char text[120];
    uint64_t all = 0;

    for (size_t i = 0; i < section->row_count; i++) {
        const struct troth_member_difference *row = &section->rows[i];

        troth_page_column(page, MEMBER);
        troth_page_say(page, TROTH_STYLE_PLAIN, troth_difference_name(row->difference));
        troth_page_column(page, PATH);
        troth_page_text(page, TROTH_STYLE_PLAIN,
                        (row->first ? row->first : row->second)->entry.path);
        troth_page_end_line(page);
        if (row->first && row->second)
            print_change(page, row->first, row->second);
    }
    for (int i = TROTH_DIFFERENCE_CHANGED; i < TROTH_DIFFERENCE_COUNT; i++)
        all += section->counts[i];
    if (all <= section->row_count)
        return;
    (void)snprintf(text, sizeof text, "and %" PRIu64 " more", all - section->row_count);
    troth_page_column(page, MEMBER);
    troth_page_say(page, TROTH_STYLE_PLAIN, text);
    troth_page_end_line(page);
}

/* A ramdisk that differs, in what is not a file: the order, times, padding. */
static bool has_other_cause(const struct troth_section_difference *section)
{
    return section->rows && section->row_count == 0 &&
           section->difference == TROTH_DIFFERENCE_CHANGED &&
           !section->members[0].why[0] && !section->members[1].why[0];
}

static void print_section(struct troth_page *page,
                          const struct troth_section_difference *section)
{
    char text[120];

    (void)snprintf(text, sizeof text, "%s%s", troth_difference_name(section->difference),
                   section->kind == TROTH_EIF_METADATA    ? " (not measured)"
                   : section->kind == TROTH_EIF_SIGNATURE ? " (only its certificate is "
                                                            "measured)"
                                                          : "");
    print_line(page, section->label, text);
    for (int which = 0; which < 2; which++)
        if (section->members[which].why[0]) {
            print_line(page, which ? "  of the second" : "  of the first",
                       section->members[which].why);
        }
    if (has_other_cause(section))
        print_line(page, "", "the same files: the order, times or numbers in it differ");
    if (section->rows)
        print_members(page, section);
}

void troth_image_diff_page_sections(struct troth_page *page,
                                    const struct troth_image_difference *difference)
{
    for (size_t i = 0; i < difference->count; i++)
        print_section(page, &difference->sections[i]);
}

/* ---- the rest ---- */

static void print_head(struct troth_page *page, const char *title)
{
    troth_page_say(page, TROTH_STYLE_BOLD, title);
    troth_page_end_line(page);
}

static void print_cmdline(struct troth_page *page,
                          const struct troth_image_difference *difference)
{
    const struct troth_span lines[2] = {difference->first.cmdline,
                                        difference->second.cmdline};

    if (troth_span_equal(lines[0], lines[1]))
        return;
    troth_page_end_line(page);
    print_head(page, "command line");
    for (int i = 0; i < 2; i++) {
        troth_page_column(page, MARGIN);
        troth_page_say(page, TROTH_STYLE_PLAIN, i ? "then" : "first");
        troth_page_column(page, VALUE);
        troth_page_text(page, TROTH_STYLE_PLAIN, lines[i]);
        troth_page_end_line(page);
    }
}

static void print_registers(struct troth_page *page,
                            const struct troth_image_difference *difference)
{
    troth_page_end_line(page);
    print_head(page, "registers");
    for (int i = 0; i < TROTH_PCR_COUNT; i++)
        print_line(page, troth_pcr_label((enum troth_pcr)i),
                   difference->registers_same[i] ? "same" : "differs");
}

static void print_surface(struct troth_page *page,
                          const struct troth_image_difference *difference)
{
    const struct troth_surface *a = &difference->first.surface;
    const struct troth_surface *b = &difference->second.surface;
    bool any = false;

    for (int i = 0; i < TROTH_SURFACE_COUNT; i++) {
        char text[80];

        if (a->findings[i].count == b->findings[i].count)
            continue;
        if (!any) {
            troth_page_end_line(page);
            print_head(page, "attack surface");
        }
        any = true;
        (void)snprintf(text, sizeof text, "%" PRIu64 ", then %" PRIu64,
                       a->findings[i].count, b->findings[i].count);
        print_line(page, troth_surface_title((enum troth_surface_kind)i), text);
    }
}

void troth_image_diff_page_print(struct troth_page *page,
                                 const struct troth_image_difference *difference)
{
    troth_page_say(page, TROTH_STYLE_BOLD,
                   difference->is_same ? "the same in all that is measured"
                                       : "what is measured differs");
    troth_page_end_line(page);
    troth_page_end_line(page);
    print_head(page, "sections");
    troth_image_diff_page_sections(page, difference);
    print_cmdline(page, difference);
    print_registers(page, difference);
    print_surface(page, difference);
}
