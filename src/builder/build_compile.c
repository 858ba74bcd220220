/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/compile.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "builder/building.h"

static size_t compiled_row(const struct troth_build_file *file)
{
    size_t row = 0;

    while (row + 1 < file->layer_count && file->layers[row].kind != TROTH_LAYER_COMPILED)
        row++;
    return row;
}

static bool find_source(struct troth_building *b, const struct troth_file_tree **out)
{
    const char *path = b->file->compile.source;
    const struct troth_building_own *own = path ? troth_building_find_own(b, path) : NULL;

    *out = own ? own->tree : NULL;
    if (path && (!own || !own->is_folder))
        return troth_build_fail(b->problem, path, "is no folder");
    return true;
}

static bool run(struct troth_building *b, const struct troth_compile *compile)
{
    const size_t row = compiled_row(b->file);
    int said = b->order->said;
    bool fine;

    if (said < 0)
        said = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (said < 0)
        return troth_build_fail_errno(b->problem, "/dev/null", "cannot be opened", errno);
    fine = troth_compile(b->rows[row], b->problem, compile, b->scratch, said, row);
    if (said != b->order->said)
        (void)close(said);
    return fine;
}

bool troth_building_compile(struct troth_building *b)
{
    const struct troth_build_file *file = b->file;
    struct troth_file_tree *root;
    struct troth_compile compile = {.command = file->compile.command,
                                    .environment = file->compile.environment,
                                    .cores = file->compile.cores,
                                    .time_s = file->time_s};

    if (!file->compile.there)
        return true;
    if (!find_source(b, &compile.source) || !troth_building_tree(b, &root) ||
        !troth_building_unpack(b, root, "compile", 0))
        return false;
    compile.root = root;
    troth_building_step(b, "compiling");
    return troth_scratch_create(b->scratch, sizeof b->scratch, b->problem) &&
           run(b, &compile);
}
