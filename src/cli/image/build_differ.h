/* build_differ.h - where two images of one build file differ. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_IMAGE_BUILD_DIFFER_H
#define TROTH_CLI_IMAGE_BUILD_DIFFER_H

#include "builder/image_file.h"

/* `section` is "kernel", "application ramdisk", …, or "file"; `path` "" or a file in a
 * ramdisk. */
typedef void troth_build_difference(void *state, const char *section, const char *path,
                                    const char *how);

/* Do two open files hold the same bytes, and if not, from where on? Errors: an errno. */
int troth_build_compare_files(bool *out_same, uint64_t *out_offset, int a, int b);

/*
 * troth_build_compare_images - each section that differs, and each file of a ramdisk.
 *
 *   report   called for each difference, a hundred files at most
 */
bool troth_build_compare_images(struct troth_build_problem *problem, int a, int b,
                                troth_build_difference *report, void *state);

#endif
