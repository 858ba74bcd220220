/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/image_report.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/span.h"
#include "cli/image/build_problem.h"

struct walk {
    struct troth_image_report *out;
    struct troth_problem *problem;
    bool failed; /* and the problem says why */
};

/* ---- what the ramdisks hold ---- */

static ptrdiff_t read_start(int file, uint8_t *out, size_t size, uint64_t offset)
{
    ssize_t got;

    do
        got = pread(file, out, size, (off_t)offset);
    while (got < 0 && errno == EINTR);
    return got;
}

static void forget_run_file(struct troth_image_report *out, const char *why)
{
    out->run_text = (struct troth_span){NULL, 0};
    (void)snprintf(out->run_why, sizeof out->run_why, "%s", why);
}

/* Is it the run file, or a folder of it? */
static bool leads_to_run_file(struct troth_span path)
{
    const struct troth_span all = troth_span_of_text(TROTH_IMAGE_RUN_PATH);

    return path.len > 0 && troth_span_starts_with(all, path) &&
           (path.len == all.len || all.ptr[path.len] == '/');
}

/* The one that counts is the last of that name: it is what would be there. */
static bool keep_run_file(struct walk *walk, const struct troth_entry *entry,
                          const struct troth_content *content)
{
    struct troth_image_report *out = walk->out;
    struct troth_eif_section section = {.size = entry->size};

    if (!leads_to_run_file(entry->path) || entry->kind == TROTH_ENTRY_FOLDER)
        return true;
    if (entry->kind != TROTH_ENTRY_FILE)
        forget_run_file(out, "is reached by a link, which is not followed");
    else if (!troth_span_is_text(entry->path, TROTH_IMAGE_RUN_PATH))
        forget_run_file(out, "lies below what is no folder");
    else if (entry->size > TROTH_RUN_FILE_MAX)
        forget_run_file(out, "is too long");
    else
        out->run_why[0] = '\0';
    if (content)
        section.offset = content->offset;
    return out->run_why[0] ||
           troth_image_view_text(out->view, walk->problem, &out->run_text, &section);
}

static bool visit(void *state, const struct troth_entry *entry,
                  const struct troth_content *content)
{
    struct walk *walk = state;
    uint8_t start[TROTH_SURFACE_START];
    ptrdiff_t len = 0;

    if (entry->kind == TROTH_ENTRY_FILE && content) {
        const size_t size = entry->size < sizeof start ? (size_t)entry->size
                                                       : sizeof start;

        len = read_start(walk->out->view->file, start, size, content->offset);
        if (len < 0)
            walk->failed = !troth_problem_io(walk->problem, "cannot read",
                                             walk->out->view->name, errno);
    }
    if (!walk->failed)
        walk->failed = !keep_run_file(walk, entry, content);
    if (walk->failed)
        return false;
    troth_surface_add(&walk->out->surface, entry,
                      (struct troth_span){start, (size_t)len});
    return true;
}

/* What was added since. */
static void fill_ramdisk(struct troth_ramdisk_report *out,
                         const struct troth_surface *before,
                         const struct troth_surface *now)
{
    out->files = now->files - before->files;
    out->folders = now->folders - before->folders;
    out->links = now->links - before->links;
    out->others = now->others - before->others;
    out->bytes = now->bytes - before->bytes;
}

static bool walk_ramdisk(struct walk *walk, const struct troth_eif *eif, size_t index)
{
    struct troth_image_report *out = walk->out;
    struct troth_ramdisk_report *ramdisk = &out->ramdisks[out->ramdisk_count++];
    const struct troth_surface before = out->surface;
    struct troth_build_problem why = {.subject = ""};
    bool fine = troth_image_walk(&why, out->view->file, &eif->sections[index], visit,
                                 walk);

    if (fine && !troth_ramdisk_is_seen(eif, index))
        fine = troth_build_fail(&why, "", "%s", TROTH_RAMDISK_UNSEEN);

    fill_ramdisk(ramdisk, &before, &out->surface);
    if (!fine && !walk->failed) {
        out->is_whole = false;
        /* Where something may have taken its place. */
        forget_run_file(out, "a ramdisk's contents are not known");
        (void)snprintf(ramdisk->why, sizeof ramdisk->why, "%s", why.text);
    }
    return !walk->failed;
}

bool troth_image_report_contents(struct troth_image_report *out,
                                 struct troth_problem *problem,
                                 struct troth_image_view *view)
{
    const struct troth_eif *eif = &view->facts.eif;
    struct walk walk = {.out = out, .problem = problem};
    bool fine;

    *out = (struct troth_image_report){.view = view, .is_whole = true};
    out->names = (struct troth_arena){
        troth_inputs_allocate(&view->inputs, problem, TROTH_SURFACE_ARENA_SIZE),
        TROTH_SURFACE_ARENA_SIZE, 0};
    out->surface.arena = &out->names;
    fine = out->names.base != NULL;
    for (size_t i = 0; fine && i < eif->count; i++)
        if (eif->sections[i].kind == TROTH_EIF_RAMDISK)
            fine = walk_ramdisk(&walk, eif, i);
    return fine;
}

/* ---- what the texts say ---- */

static bool read_run_file(struct troth_image_report *out, struct troth_problem *problem)
{
    struct troth_arena arena = {
        troth_inputs_allocate(&out->view->inputs, problem, TROTH_RUN_FILE_ARENA_SIZE),
        TROTH_RUN_FILE_ARENA_SIZE, 0};
    struct troth_run_issue issue = {.text = ""};
    enum troth_err err;

    if (!arena.base)
        return false;
    err = troth_run_file_parse(&out->run, &issue, out->run_text, &arena);
    if (err)
        (void)snprintf(out->run_why, sizeof out->run_why, "%s",
                       issue.text[0] ? issue.text : troth_err_text(err));
    return true;
}

/* What a strict reader took already; a certificate that cannot be read stays zeroed. */
static bool read_signature(struct troth_image_report *out, struct troth_problem *problem,
                           const struct troth_eif_section *section)
{
    struct troth_arena arena = {
        troth_inputs_allocate(&out->view->inputs, problem, TROTH_EIF_SIGNATURE_ROOM),
        TROTH_EIF_SIGNATURE_ROOM, 0};
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    struct troth_span data;

    if (!arena.base || !troth_image_view_text(out->view, problem, &data, section))
        return false;
    if (troth_eif_signature_read(&out->signature, &fault, data, &arena))
        return troth_problem_fault(problem, out->view->name, &fault);
    (void)!troth_cert_parse(&out->certificate, NULL, out->signature.certificate);
    return true;
}

bool troth_image_report_make(struct troth_image_report *out,
                             struct troth_problem *problem, struct troth_image_view *view)
{
    const struct troth_eif *eif = &view->facts.eif;
    const struct troth_eif_section *cmdline = troth_eif_find(eif, TROTH_EIF_CMDLINE);
    const struct troth_eif_section *metadata = troth_eif_find(eif, TROTH_EIF_METADATA);
    const struct troth_eif_section *signature = troth_eif_find(eif, TROTH_EIF_SIGNATURE);

    if (!troth_image_report_contents(out, problem, view))
        return false;
    if (cmdline && !troth_image_view_text(view, problem, &out->cmdline, cmdline))
        return false;
    if (metadata && !troth_image_view_text(view, problem, &out->metadata, metadata))
        return false;
    if (signature && !read_signature(out, problem, signature))
        return false;
    return out->run_text.len == 0 || read_run_file(out, problem);
}
