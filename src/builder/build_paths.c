/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/build_paths.h"

/* A walk that ends at the path which is asked for. */
struct walk {
    size_t left;
    const char *found;
    bool outside;
};

static void pass(struct walk *walk, const char *path, bool outside)
{
    if (!path || walk->found)
        return;
    if (walk->left == 0) {
        walk->found = path;
        walk->outside = outside;
    } else {
        walk->left--;
    }
}

static bool has_path(const struct troth_build_layer *layer)
{
    return layer->kind == TROTH_LAYER_FOLDER || layer->kind == TROTH_LAYER_OCI ||
           layer->kind == TROTH_LAYER_PROGRAM;
}

bool troth_build_path(const char **out, bool *out_outside,
                      const struct troth_build_file *file, size_t i)
{
    struct walk walk = {i, NULL, false};

    for (size_t k = 0; k < file->layer_count; k++)
        if (has_path(&file->layers[k]))
            pass(&walk, file->layers[k].path, file->layers[k].kind == TROTH_LAYER_OCI);
    for (size_t k = 0; k < file->kernel.module_files.count; k++)
        pass(&walk, file->kernel.module_files.rows[k], false);
    if (file->compile.there)
        pass(&walk, file->compile.source, false);
    pass(&walk, file->run_file, false);
    if (file->kernel.packages.count == 0)
        pass(&walk, file->kernel.file, true);
    pass(&walk, file->snp.file, true);
    pass(&walk, file->tdx.file, true);
    *out = walk.found;
    *out_outside = walk.outside;
    return walk.found != NULL;
}
