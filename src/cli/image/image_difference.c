/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/image_difference.h"

#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "builder/image_sums.h"
#include "cli/image/build_problem.h"

#define CHUNK ((size_t)64 * 1024)

const char *troth_difference_name(enum troth_difference difference)
{
    static const char *const names[TROTH_DIFFERENCE_COUNT] = {"same", "changed",
                                                              "removed", "added"};

    return names[difference];
}

/* ---- members of a ramdisk ---- */

static bool is_same_member(const struct troth_image_member *a,
                           const struct troth_image_member *b)
{
    const struct troth_entry *x = &a->entry, *y = &b->entry;

    return x->kind == y->kind && x->mode == y->mode && x->user == y->user &&
           x->group == y->group && x->size == y->size &&
           troth_span_equal(x->target, y->target) &&
           troth_span_equal((struct troth_span)TROTH_ARRAY_SPAN(a->sha256),
                            (struct troth_span)TROTH_ARRAY_SPAN(b->sha256));
}

static void note(struct troth_section_difference *section,
                 const struct troth_image_member *first,
                 const struct troth_image_member *second)
{
    const enum troth_difference difference = !second  ? TROTH_DIFFERENCE_REMOVED
                                             : !first ? TROTH_DIFFERENCE_ADDED
                                             : is_same_member(first, second)
                                                 ? TROTH_DIFFERENCE_SAME
                                                 : TROTH_DIFFERENCE_CHANGED;

    section->counts[difference]++;
    if (difference != TROTH_DIFFERENCE_SAME &&
        section->row_count < TROTH_DIFFERENCE_NAMED)
        section->rows[section->row_count++] = (struct troth_member_difference){
            difference, first, second};
}

/* Both are sorted by path. */
static void compare_members(struct troth_section_difference *section)
{
    const struct troth_image_members *a = &section->members[0], *b = &section->members[1];
    size_t i = 0, k = 0;

    while (i < a->count || k < b->count) {
        const int order = i == a->count   ? 1
                          : k == b->count ? -1
                                          : troth_span_compare(a->rows[i].entry.path,
                                                               b->rows[k].entry.path);

        note(section, order <= 0 ? &a->rows[i] : NULL, order >= 0 ? &b->rows[k] : NULL);
        i += order <= 0;
        k += order >= 0;
    }
}

static bool compare_ramdisk(struct troth_section_difference *section,
                            struct troth_problem *problem,
                            const struct troth_image_view *first,
                            const struct troth_image_view *second)
{
    struct troth_image_members *members = section->members;

    section->rows = calloc(TROTH_DIFFERENCE_NAMED, sizeof *section->rows);
    if (!section->rows)
        return troth_problem_memory(problem);
    if (section->first && !troth_image_members_read(&members[0], problem, first->name,
                                                    first->file, section->first, true))
        return false;
    if (section->second && !troth_image_members_read(&members[1], problem, second->name,
                                                     second->file, section->second, true))
        return false;
    if (!members[0].why[0] && !members[1].why[0])
        compare_members(section);
    return true;
}

/* ---- bytes of a section ---- */

static bool read_chunk(uint8_t *out, struct troth_problem *problem,
                       const struct troth_image_view *view, size_t len, uint64_t offset)
{
    struct troth_build_problem why = {.subject = ""};

    return troth_image_read_at(&why, view->name, view->file, out, len, offset) ||
           troth_problem_of_build(problem, &why);
}

static bool compare_bytes(struct troth_section_difference *section,
                          struct troth_problem *problem,
                          const struct troth_image_view *first,
                          const struct troth_image_view *second)
{
    const uint64_t size = section->first->size;
    uint8_t *chunk = malloc(2 * CHUNK);
    bool fine = true;

    if (!chunk)
        return troth_problem_memory(problem);
    section->difference = TROTH_DIFFERENCE_SAME;
    for (uint64_t at = 0; fine && at < size; at += CHUNK) {
        const size_t len = size - at < CHUNK ? (size_t)(size - at) : CHUNK;

        fine = read_chunk(chunk, problem, first, len, section->first->offset + at) &&
               read_chunk(chunk + CHUNK, problem, second, len,
                          section->second->offset + at);
        if (fine && !troth_span_equal((struct troth_span){chunk, len},
                                      (struct troth_span){chunk + CHUNK, len})) {
            section->difference = TROTH_DIFFERENCE_CHANGED;
            break;
        }
    }
    free(chunk);
    return fine;
}

static bool compare_section(struct troth_section_difference *section,
                            struct troth_problem *problem,
                            const struct troth_image_view *first,
                            const struct troth_image_view *second)
{
    if (!section->second)
        section->difference = TROTH_DIFFERENCE_REMOVED;
    else if (!section->first)
        section->difference = TROTH_DIFFERENCE_ADDED;
    else if (section->first->size != section->second->size)
        section->difference = TROTH_DIFFERENCE_CHANGED;
    else if (!compare_bytes(section, problem, first, second))
        return false;
    return section->difference == TROTH_DIFFERENCE_SAME ||
           section->kind != TROTH_EIF_RAMDISK ||
           compare_ramdisk(section, problem, first, second);
}

/* ---- both images ---- */

static struct troth_section_difference *find(struct troth_image_difference *d,
                                             const char *label)
{
    for (size_t i = 0; i < d->count; i++)
        if (strcmp(d->sections[i].label, label) == 0)
            return &d->sections[i];
    return NULL;
}

/* The same section of either image has one label. */
static void pair_sections(struct troth_image_difference *d, const struct troth_eif *eif,
                          bool is_second)
{
    for (size_t i = 0; i < eif->count; i++) {
        char label[TROTH_SECTION_LABEL_MAX];
        struct troth_section_difference *section;

        troth_section_label(label, eif, i);
        section = find(d, label);
        if (!section) {
            section = &d->sections[d->count++];
            memcpy(section->label, label, sizeof label);
            section->kind = eif->sections[i].kind;
        }
        *(is_second ? &section->second : &section->first) = &eif->sections[i];
    }
}

static void compare_registers(struct troth_image_difference *d,
                              const struct troth_image_view *first,
                              const struct troth_image_view *second)
{
    d->is_same = true;
    for (size_t i = 0; i < TROTH_PCR_COUNT; i++) {
        d->registers_same[i] = troth_span_equal(
            (struct troth_span)TROTH_ARRAY_SPAN(first->facts.pcrs[i]),
            (struct troth_span)TROTH_ARRAY_SPAN(second->facts.pcrs[i]));
        d->is_same = d->is_same && d->registers_same[i];
    }
}

bool troth_image_difference_make(struct troth_image_difference *out,
                                 struct troth_problem *problem,
                                 struct troth_image_view *first,
                                 struct troth_image_view *second)
{
    bool fine;

    memset(out, 0, sizeof *out);
    pair_sections(out, &first->facts.eif, false);
    pair_sections(out, &second->facts.eif, true);
    compare_registers(out, first, second);
    fine = troth_image_report_make(&out->first, problem, first) &&
           troth_image_report_make(&out->second, problem, second);
    for (size_t i = 0; fine && i < out->count; i++)
        fine = compare_section(&out->sections[i], problem, first, second);
    return fine;
}

void troth_image_difference_release(struct troth_image_difference *difference)
{
    for (size_t i = 0; i < difference->count; i++) {
        troth_image_members_release(&difference->sections[i].members[0]);
        troth_image_members_release(&difference->sections[i].members[1]);
        free(difference->sections[i].rows);
    }
    difference->count = 0;
}
