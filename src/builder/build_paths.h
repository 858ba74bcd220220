/* build_paths.h - the files and folders that a build file names. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BUILDER_BUILD_PATHS_H
#define TROTH_BUILDER_BUILD_PATHS_H

#include <stdbool.h>

#include "builder/build_file.h"

/* One by one as they are written; false behind the last. `out_outside`: it may lie
 * anywhere; the others lie beside the build file. */
bool troth_build_path(const char **out, bool *out_outside,
                      const struct troth_build_file *file, size_t i);

#endif
