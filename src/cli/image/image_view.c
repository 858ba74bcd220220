/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/image_view.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "builder/image_sums.h"
#include "cli/image/build_problem.h"

bool troth_image_view_over(struct troth_image_view *out, struct troth_problem *problem,
                           const struct troth_crypto *crypto, const char *name, int file)
{
    struct troth_build_problem why = {.subject = ""};

    *out = (struct troth_image_view){.name = name, .file = file};
    if (lseek(file, 0, SEEK_SET) < 0)
        return troth_problem_io(problem, "cannot read", name, errno);
    return troth_image_measure(&out->facts, &why, crypto, name, file) ||
           troth_problem_of_build(problem, &why);
}

bool troth_image_view_open(struct troth_image_view *out, struct troth_problem *problem,
                           const struct troth_crypto *crypto, const char *path)
{
    const int file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    struct stat about;
    bool fine;

    *out = (struct troth_image_view){.name = path};
    if (file < 0)
        return troth_problem_io(problem, "cannot open", path, errno);
    if (fstat(file, &about) != 0)
        fine = troth_problem_io(problem, "cannot read", path, errno);
    else if (S_ISDIR(about.st_mode))
        fine = troth_problem_io(problem, "cannot read", path, EISDIR);
    else
        fine = troth_image_view_over(out, problem, crypto, path, file);
    out->file = file;
    out->is_open = true;
    return fine;
}

void troth_image_view_close(struct troth_image_view *view)
{
    if (view->is_open)
        (void)close(view->file);
    troth_inputs_release(&view->inputs);
    *view = (struct troth_image_view){.name = NULL};
}

bool troth_image_view_text(struct troth_image_view *view, struct troth_problem *problem,
                           struct troth_span *out,
                           const struct troth_eif_section *section)
{
    struct troth_build_problem why = {.subject = ""};
    uint8_t *text;

    *out = (struct troth_span){NULL, 0};
    if (section->size > TROTH_EIF_METADATA_MAX)
        return troth_problem_usage(problem, "%s: a section is too long to be shown",
                                   view->name);
    text = troth_inputs_allocate(&view->inputs, problem, (size_t)section->size + 1);
    if (!text)
        return false;
    if (!troth_image_read_at(&why, view->name, view->file, text, (size_t)section->size,
                             section->offset))
        return troth_problem_of_build(problem, &why);
    *out = (struct troth_span){text, (size_t)section->size};
    return true;
}

void troth_section_label(char out[static TROTH_SECTION_LABEL_MAX],
                         const struct troth_eif *eif, size_t index)
{
    const enum troth_eif_kind kind = eif->sections[index].kind;
    unsigned number = 1;

    for (size_t i = 0; i < index; i++)
        number += eif->sections[i].kind == kind;
    if (kind == TROTH_EIF_RAMDISK)
        (void)snprintf(out, TROTH_SECTION_LABEL_MAX, "ramdisk %u", number);
    else
        (void)snprintf(out, TROTH_SECTION_LABEL_MAX, "%s", troth_eif_kind_name(kind));
}

bool troth_ramdisk_is_seen(const struct troth_eif *eif, size_t index)
{
    uint64_t before = 0;

    for (size_t i = 0; i < index; i++)
        if (eif->sections[i].kind == TROTH_EIF_RAMDISK)
            before += eif->sections[i].size;
    return (before & 3) == 0;
}

const char *troth_pcr_label(enum troth_pcr pcr)
{
    static const char *const labels[TROTH_PCR_COUNT] = {"pcr0", "pcr1", "pcr2", "pcr8"};

    return labels[pcr];
}
