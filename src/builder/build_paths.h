/* build_paths.h - the files and folders that an image is made of, by their names. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BUILDER_BUILD_PATHS_H
#define TROTH_BUILDER_BUILD_PATHS_H

#include <stdbool.h>

#include "builder/build_file.h"

/* One by one as they are written; false behind the last. `out_outside`: it may lie
 * anywhere; the others lie beside the build file. */
bool troth_build_path(const char **out, bool *out_outside,
                      const struct troth_build_file *file, size_t i);

#define TROTH_BUILD_RUNTIME_MAX 4096

/* The folder of Troth's own programs for images: the one that is asked for, or NULL: that
 * beside this program, or where an installed one has it. */
TROTH_MUST_USE bool troth_build_find_runtime(char out[static TROTH_BUILD_RUNTIME_MAX],
                                             struct troth_build_problem *problem,
                                             const char *asked);

/* Their names one by one; NULL behind the last. */
const char *troth_build_runtime_program(size_t i);

#endif
