/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/image_diff_page.h"

static void write_member(struct troth_json_writer *w, const char *key,
                         const struct troth_image_member *member)
{
    const struct troth_entry *entry;

    troth_json_write_key(w, key);
    if (!member) {
        troth_json_write_null(w);
        return;
    }
    entry = &member->entry;
    troth_json_begin_object(w);
    troth_image_json_text(w, "kind", troth_entry_kind_name(entry->kind));
    troth_image_json_number(w, "mode", entry->mode);
    troth_image_json_number(w, "user", entry->user);
    troth_image_json_number(w, "group", entry->group);
    if (entry->kind == TROTH_ENTRY_FILE) {
        troth_image_json_number(w, "size", entry->size);
        troth_image_json_hex(w, "sha256",
                             (struct troth_span){member->sha256, sizeof member->sha256});
    }
    if (entry->target.len > 0)
        troth_image_json_span(w, "target", entry->target);
    troth_json_end_object(w);
}

static void write_members(struct troth_json_writer *w,
                          const struct troth_section_difference *section)
{
    troth_json_write_key(w, "members");
    troth_json_begin_array(w);
    for (size_t i = 0; i < section->row_count; i++) {
        const struct troth_member_difference *row = &section->rows[i];
        const struct troth_image_member *either = row->first ? row->first : row->second;

        troth_json_begin_object(w);
        troth_image_json_text(w, "difference", troth_difference_name(row->difference));
        troth_image_json_span(w, "path", either->entry.path);
        write_member(w, "first", row->first);
        write_member(w, "second", row->second);
        troth_json_end_object(w);
    }
    troth_json_end_array(w);
}

static void write_contents(struct troth_json_writer *w,
                           const struct troth_section_difference *section)
{
    for (int which = 0; which < 2; which++)
        if (section->members[which].why[0])
            troth_image_json_text(
                w, which ? "second_unknown_because" : "first_unknown_because",
                section->members[which].why);
    for (int i = TROTH_DIFFERENCE_CHANGED; i < TROTH_DIFFERENCE_COUNT; i++)
        troth_image_json_number(w, troth_difference_name((enum troth_difference)i),
                                section->counts[i]);
    write_members(w, section);
}

void troth_image_diff_json_sections(struct troth_json_writer *w,
                                    const struct troth_image_difference *difference)
{
    troth_json_write_key(w, "sections");
    troth_json_begin_array(w);
    for (size_t i = 0; i < difference->count; i++) {
        const struct troth_section_difference *section = &difference->sections[i];

        troth_json_begin_object(w);
        troth_image_json_text(w, "section", section->label);
        troth_image_json_text(w, "difference",
                              troth_difference_name(section->difference));
        troth_image_json_bool(w, "measured", section->kind != TROTH_EIF_METADATA);
        if (section->rows)
            write_contents(w, section);
        troth_json_end_object(w);
    }
    troth_json_end_array(w);
}

static void write_registers(struct troth_json_writer *w,
                            const struct troth_image_difference *difference)
{
    const struct troth_image_facts *a = &difference->first.view->facts;
    const struct troth_image_facts *b = &difference->second.view->facts;

    troth_json_write_key(w, "registers");
    troth_json_begin_array(w);
    for (int i = 0; i < TROTH_PCR_COUNT; i++) {
        troth_json_begin_object(w);
        troth_image_json_text(w, "register", troth_pcr_label((enum troth_pcr)i));
        troth_image_json_bool(w, "same", difference->registers_same[i]);
        troth_image_json_hex(w, "first", (struct troth_span){a->pcrs[i], TROTH_PCR_SIZE});
        troth_image_json_hex(w, "second",
                             (struct troth_span){b->pcrs[i], TROTH_PCR_SIZE});
        troth_json_end_object(w);
    }
    troth_json_end_array(w);
}

static void write_surface(struct troth_json_writer *w,
                          const struct troth_image_difference *difference)
{
    troth_json_write_key(w, "surface");
    troth_json_begin_object(w);
    for (int i = 0; i < TROTH_SURFACE_COUNT; i++) {
        troth_json_write_key(w, troth_surface_name((enum troth_surface_kind)i));
        troth_json_begin_array(w);
        troth_json_write_uint(w, difference->first.surface.findings[i].count);
        troth_json_write_uint(w, difference->second.surface.findings[i].count);
        troth_json_end_array(w);
    }
    troth_json_end_object(w);
}

static void write_difference(struct troth_json_writer *w, const void *state)
{
    const struct troth_image_difference *difference = state;

    troth_json_begin_object(w);
    troth_image_json_bool(w, "same", difference->is_same);
    troth_image_json_text(w, "first", difference->first.view->name);
    troth_image_json_text(w, "second", difference->second.view->name);
    troth_image_diff_json_sections(w, difference);
    troth_json_write_key(w, "command_line");
    troth_json_begin_array(w);
    troth_json_write_string(w, difference->first.cmdline);
    troth_json_write_string(w, difference->second.cmdline);
    troth_json_end_array(w);
    write_registers(w, difference);
    write_surface(w, difference);
    troth_json_end_object(w);
}

bool troth_image_diff_json_print(struct troth_problem *problem,
                                 const struct troth_image_difference *difference)
{
    return troth_image_json_print(problem, write_difference, difference);
}
