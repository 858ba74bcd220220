/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/sections.h"

#include "base/nearest.h"
#include "base/span.h"

const struct troth_format *troth_read_format(enum troth_kind kind)
{
    const struct troth_format *const *format = troth_formats();
    const struct troth_span name = troth_span_of_text(troth_kind_name(kind));

    while (!troth_span_is_text(name, (*format)->name))
        format++;
    return *format;
}

bool troth_read_format_has(enum troth_kind kind, struct troth_span finding)
{
    const char *const *known = troth_read_format(kind)->findings;

    while (*known && !troth_span_is_text(finding, *known))
        known++;
    return *known != NULL;
}

/* Of the families whose bits are set in `kinds`. */
static const char *near_finding(unsigned kinds, struct troth_span typed)
{
    struct troth_nearest near = {NULL, 0};

    for (unsigned kind = 0; kind < TROTH_KIND_COUNT; kind++)
        if (kinds >> kind & 1)
            for (const char *const *f = troth_read_format(kind)->findings; *f; f++)
                troth_nearest_offer(&near, typed, *f);
    return near.word;
}

static void object_unknown(struct troth_reader *r, const struct troth_entry *entry,
                           unsigned kinds)
{
    const char *near = near_finding(kinds, entry->text);
    struct troth_objection objection = {
        .node = entry->node,
        .text = "'%' is nothing that evidence may be refused for",
        .words = {entry->text},
        .hint = near ? "did you mean '%'?" : "docs/checks.md lists the findings",
        .hint_words = {troth_span_of_text(near ? near : "")},
    };

    if (troth_format_has_finding(entry->text))
        objection.text = "never used: '%' is a finding of other evidence";
    troth_read_object(r, &objection);
}

/* Each to the kinds among `kinds` whose finding it is. */
static void check_findings(struct troth_reader *r, const struct troth_entries *list,
                           unsigned kinds)
{
    for (size_t i = 0; i < list->count && !r->err; i++) {
        const struct troth_entry *entry = &list->rows[i];
        bool is_used = false;

        if (troth_section_is_status(entry->text))
            troth_read_object(
                r, &(struct troth_objection){.node = entry->node,
                                             .text = "Intel's '%' has a place of its own",
                                             .words = {entry->text},
                                             .hint = "intel: {tcb: [UpToDate, %]}",
                                             .hint_words = {entry->text}});
        for (unsigned kind = 0; kind < TROTH_KIND_COUNT; kind++)
            is_used = is_used ||
                      (kinds >> kind & 1 && troth_read_format_has(kind, entry->text));
        if (!is_used)
            object_unknown(r, entry, kinds);
    }
    troth_read_sort(r, list);
}

static void keep(struct troth_reader *r, const struct troth_entries *list,
                 enum troth_kind kind)
{
    struct troth_entries *kept = &r->draft.allow[kind];

    kept->rows = r->err ? NULL : troth_read_take(r, list->count, sizeof *kept->rows);
    for (size_t i = 0; i < list->count && !r->err; i++)
        if (troth_read_format_has(kind, list->rows[i].text))
            kept->rows[kept->count++] = list->rows[i];
}

static void read_by_kind(struct troth_reader *r, const struct troth_tree_node *map)
{
    if (!troth_read_is_map(r, map))
        return;
    for (const struct troth_tree_node *n = map->first_child; n && !r->err; n = n->next) {
        const enum troth_kind kind = troth_read_accepted_kind(r, n);
        const struct troth_entries list = r->err ? (struct troth_entries){NULL, 0}
                                                 : troth_read_list(r, n);

        if (r->err)
            return;
        check_findings(r, &list, 1U << kind);
        keep(r, &list, kind);
    }
}

void troth_section_read_allow(struct troth_reader *r, const struct troth_tree_node *node,
                              void *unused)
{
    struct troth_entries list;

    (void)unused;
    if (troth_read_is_none(node))
        return;
    if (node->kind == TROTH_TREE_MAP) {
        read_by_kind(r, node);
        return;
    }
    list = troth_read_list(r, node);
    check_findings(r, &list, r->draft.kinds);
    for (unsigned kind = 0; kind < TROTH_KIND_COUNT && !r->err; kind++)
        if (troth_draft_accepts(&r->draft, kind))
            keep(r, &list, kind);
}

static void write_list(struct troth_json_writer *w, const struct troth_entries *list)
{
    troth_json_begin_array(w);
    for (size_t i = 0; i < list->count; i++)
        troth_json_write_string(w, list->rows[i].text);
    troth_json_end_array(w);
}

void troth_section_write_allow(struct troth_json_writer *w,
                               const struct troth_draft *draft)
{
    bool is_any_there = false;

    for (size_t i = 0; i < TROTH_KIND_COUNT; i++) {
        const struct troth_entries *list = &draft->allow[troth_kinds_by_name[i]];

        if (list->count == 0)
            continue;
        if (!is_any_there)
            troth_json_begin_object(w);
        is_any_there = true;
        troth_json_write_key(w, troth_kind_name(troth_kinds_by_name[i]));
        write_list(w, list);
    }
    if (is_any_there)
        troth_json_end_object(w);
    else
        troth_json_write_text(w, "none");
}
