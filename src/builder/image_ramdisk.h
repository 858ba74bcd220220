/* image_ramdisk.h - a file tree as a ramdisk, into passes. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BUILDER_IMAGE_RAMDISK_H
#define TROTH_BUILDER_IMAGE_RAMDISK_H

#include "builder/file_tree.h"
#include "builder/passes.h"

/* Bytes of the archive, known before anything is read. */
uint64_t troth_ramdisk_size(const struct troth_file_tree *tree);

/*
 * troth_ramdisk_write - the whole archive, in the tree's order.
 *
 *   wrote    called now and then with how many bytes of the archive are done; may be NULL
 *
 * Errors   false: a file that cannot be read or has changed, or what the passes say
 */
TROTH_MUST_USE bool
troth_ramdisk_write(struct troth_passes *passes, struct troth_build_problem *problem,
                    const struct troth_file_tree *tree, uint32_t mtime,
                    void (*wrote)(void *state, uint64_t done), void *state);

#endif
