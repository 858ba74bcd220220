/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/span.h"
#include "builder/building.h"

#define ROOT     "rootfs"
#define RUN_FILE ROOT "/etc/troth/run.yaml"

/* ---- what each row brings ---- */

/* A problem with a row is one with its line. */
static bool fail_row(struct troth_building *b, const struct troth_build_layer *layer)
{
    if (b->problem && b->problem->place.line == 0)
        b->problem->place = layer->place;
    return false;
}

/* "a" with the reference "b", and "a:b", are one name in a lock. */
static bool check_same_image(struct troth_building *b, const struct troth_input *one,
                             const struct troth_input *other)
{
    return troth_span_equal((struct troth_span){one->sha256, sizeof one->sha256},
                            (struct troth_span){other->sha256, sizeof other->sha256}) ||
           troth_build_fail(b->problem, one->name,
                            "is the name of two images, or of one that has changed");
}

static bool list_oci(struct troth_building *b, const struct troth_build_layer *layer,
                     size_t row)
{
    struct troth_input input = {.kind = TROTH_INPUT_OCI};
    const struct troth_inputs_list *inputs = &b->out->inputs;
    char name[TROTH_BUILDING_PATH];
    int layout;

    if (!troth_building_open_any(b, &layout, layer->path))
        return false;

    const struct troth_oci_input image = {.name = layer->path,
                                          .layout = layout,
                                          .reference = layer->reference,
                                          .aarch64 = b->file->aarch64,
                                          .out_sha256 = input.sha256};

    if (!troth_source_oci(b->rows[row], b->problem, b->spool, &image, row))
        return false;
    (void)snprintf(name, sizeof name, "%s%s%s", layer->path,
                   layer->reference[0] ? ":" : "", layer->reference);
    input.name = name;
    for (size_t i = 0; i < inputs->count; i++)
        if (inputs->rows[i].kind == input.kind && !strcmp(inputs->rows[i].name, name))
            return check_same_image(b, &input, &inputs->rows[i]);
    return troth_inputs_add(&b->out->inputs, b->problem, &input);
}

static bool list_folder(struct troth_building *b, const struct troth_build_layer *layer,
                        size_t row)
{
    const struct troth_building_own *own = troth_building_find_own(b, layer->path);

    if (!own || !own->is_folder)
        return troth_build_fail(b->problem, layer->path, "is no folder");
    return troth_file_tree_merge(b->rows[row], b->problem, own->tree, TROTH_LITERAL(""),
                                 row, TROTH_TREE_REFUSE);
}

static bool list_program(struct troth_building *b, const struct troth_build_layer *layer,
                         size_t row)
{
    const struct troth_building_own *own = troth_building_find_own(b, layer->path);

    if (!own || own->is_folder)
        return troth_build_fail(b->problem, layer->path, "is no program");

    const struct troth_program_input program = {.name = layer->path,
                                                .file = own->descriptor,
                                                .at = layer->at,
                                                .aarch64 = b->file->aarch64};

    return troth_source_program(b->rows[row], b->problem, &program, row);
}

static bool list_packaged(struct troth_building *b, const struct troth_build_layer *layer,
                          size_t row)
{
    char use[32];

    (void)snprintf(use, sizeof use, "rootfs.%zu", row);
    return troth_building_list_packages(b, &layer->packages, use, false) &&
           troth_building_unpack(b, b->rows[row], use, row);
}

/* Is there when the step has run. */
static bool list_compiled(struct troth_building *b, const struct troth_build_layer *layer,
                          size_t row)
{
    (void)b;
    (void)layer;
    (void)row;
    return true;
}

static bool (*const listers[])(struct troth_building *b,
                               const struct troth_build_layer *layer, size_t row) = {
    [TROTH_LAYER_FOLDER] = list_folder,     [TROTH_LAYER_OCI] = list_oci,
    [TROTH_LAYER_PROGRAM] = list_program,   [TROTH_LAYER_PACKAGES] = list_packaged,
    [TROTH_LAYER_COMPILED] = list_compiled,
};

bool troth_building_list_rows(struct troth_building *b)
{
    const struct troth_build_file *file = b->file;

    for (size_t i = 0; i < file->layer_count; i++) {
        const struct troth_build_layer *layer = &file->layers[i];

        if (!troth_building_tree(b, &b->rows[i]))
            return false;
        if (!listers[layer->kind](b, layer, i))
            return fail_row(b, layer);
    }
    return !file->compile.there ||
           troth_building_list_packages(b, &file->compile.packages, "compile", false);
}

/* ---- all of it together ---- */

static bool merge_row(struct troth_building *b, const struct troth_build_layer *layer,
                      size_t row)
{
    /* A program's place is within its own tree already. */
    const char *at = layer->kind == TROTH_LAYER_PROGRAM ? "" : layer->at;
    char below[TROTH_ENTRY_PATH_MAX + sizeof ROOT + 1];

    (void)snprintf(below, sizeof below, ROOT "%s%s", *at ? "/" : "", at);
    return troth_file_tree_finish(b->rows[row], b->problem) &&
           troth_file_tree_merge(b->application, b->problem, b->rows[row],
                                 troth_span_of_text(below), row,
                                 layer->replace ? TROTH_TREE_REPLACE : TROTH_TREE_REFUSE);
}

static bool add_run(struct troth_building *b)
{
    const struct troth_content content = {.descriptor = -1, .bytes = b->run.bytes};
    const struct troth_entry entry = {.kind = TROTH_ENTRY_FILE,
                                      .path = TROTH_LITERAL(RUN_FILE),
                                      .mode = 0644,
                                      .size = b->run.len};

    return troth_file_tree_add(b->application, b->problem, &entry, &content, SIZE_MAX,
                               TROTH_TREE_REFUSE);
}

bool troth_building_merge_rows(struct troth_building *b)
{
    const struct troth_build_file *file = b->file;

    if (!troth_building_tree(b, &b->application))
        return false;
    for (size_t i = 0; i < file->layer_count; i++)
        if (!merge_row(b, &file->layers[i], i))
            return fail_row(b, &file->layers[i]);
    if (troth_file_tree_find(b->application, TROTH_LITERAL(ROOT "/troth")))
        return troth_build_fail(b->problem, "/troth",
                                "is where Troth's own programs will be");
    return add_run(b) && troth_file_tree_finish(b->application, b->problem);
}
