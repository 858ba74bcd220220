/* build_copy.h - the files of a build once more, elsewhere, and otherwise where that must
 * not matter. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_IMAGE_BUILD_COPY_H
#define TROTH_CLI_IMAGE_BUILD_COPY_H

#include <stdint.h>

#include "builder/build_file.h"

struct troth_build_copy {
    const char *from, *to; /* folders; `to` is made with those above it */
    bool reversed;         /* made in the other order, modes for nobody else */
    int64_t time_s;        /* of the last change of everything */
    uint32_t user;         /* whose it becomes, if this process may do that */
};

/* A folder of that user's, and those above it that are not there. */
bool troth_build_copy_folder(struct troth_build_problem *problem,
                             const struct troth_build_copy *copy, const char *path);

/* One file, or a folder with all in it: `path` below both folders; where it leads out of
 * them with "..", out of both. */
bool troth_build_copy_path(struct troth_build_problem *problem,
                           const struct troth_build_copy *copy, const char *path);

/* All that a build file names that has no absolute path. */
bool troth_build_copy_named(struct troth_build_problem *problem,
                            const struct troth_build_copy *copy,
                            const struct troth_build_file *file);

#endif
