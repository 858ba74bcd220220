/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "builder/building.h"

#define RUN_MAX ((size_t)64 * 1024) /* as troth-run reads it */

static bool allocate(struct troth_building *b, size_t size)
{
    b->run = (struct troth_file){malloc(size), 0};
    return b->run.bytes || troth_building_fail_memory(b);
}

static bool read_file(struct troth_building *b, const char *path)
{
    const struct troth_building_own *own = troth_building_find_own(b, path);
    struct troth_content_reader reader;
    bool fine;

    if (!own || own->is_folder)
        return troth_build_fail(b->problem, path, "is no file");
    if (!allocate(b, RUN_MAX + 1) ||
        !troth_content_open(&reader, b->problem, troth_file_tree_at(own->tree, 0)))
        return false;
    fine = troth_content_read(&reader, b->problem, b->run.bytes, RUN_MAX + 1,
                              &b->run.len);
    troth_content_close(&reader);
    return fine;
}

/* What was written in the build file, as JSON. */
static bool copy_text(struct troth_building *b, struct troth_span text)
{
    if (!allocate(b, text.len + 1))
        return false;
    if (text.len > 0)
        memcpy(b->run.bytes, text.ptr, text.len);
    b->run.len = text.len;
    return true;
}

bool troth_building_take_run(struct troth_building *b)
{
    const char *path = b->file->run_file;

    if (!(path ? read_file(b, path) : copy_text(b, b->file->run_json)))
        return false;
    if (b->run.len > RUN_MAX)
        return troth_build_fail(b->problem, path ? path : b->name,
                                "is too long for a run file");
    if (!b->order->check_run ||
        b->order->check_run(b->order->state, b->problem,
                            (struct troth_span){b->run.bytes, b->run.len}))
        return true;
    if (b->problem && !b->problem->subject[0])
        (void)snprintf(b->problem->subject, sizeof b->problem->subject, "%s",
                       path ? path : b->name);
    return false;
}
