/* package_path.h - where the files of a Debian package lie once /usr is merged. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BUILDER_PACKAGE_PATH_H
#define TROTH_BUILDER_PACKAGE_PATH_H

#include "image/entry.h"

/*
 * troth_package_path - "bin/x" is "usr/bin/x"; others are as they were. A link in place
 * of such a folder (what a merged system has) stays where it is.
 *
 * Errors   {NULL, 0}: longer than `size`
 */
struct troth_span troth_package_path(uint8_t *out, size_t size,
                                     enum troth_entry_kind kind, struct troth_span path);

/* The folders that were moved one by one; NULL behind the last. `out_always`: every
 * system has it. */
const char *troth_package_folder(size_t i, bool *out_always);

#endif
