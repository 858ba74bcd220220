/* image_ramdisk.h - a file tree as a ramdisk, into passes. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BUILDER_IMAGE_RAMDISK_H
#define TROTH_BUILDER_IMAGE_RAMDISK_H

#include "builder/file_tree.h"
#include "builder/passes.h"

/* Bytes of the archive, known before anything is read. */
uint64_t troth_ramdisk_size(const struct troth_file_tree *tree);

/* What its writer asks and tells. */
struct troth_ramdisk_ear {
    /* Now and then: how many bytes of the archive are done. */
    void (*wrote)(void *state, uint64_t done);
    /* Where the SHA-256 of a file's bytes goes; NULL: nowhere. May be NULL itself; else
     * the passes have one of parts. */
    uint8_t *(*digest_of)(void *state, const struct troth_tree_entry *entry);
    void *state;
};

/*
 * troth_ramdisk_write - the whole archive, in the tree's order.
 *
 * Errors   false: a file that cannot be read or has changed, or what the passes say
 */
TROTH_MUST_USE bool troth_ramdisk_write(struct troth_passes *passes,
                                        struct troth_build_problem *problem,
                                        const struct troth_file_tree *tree,
                                        uint32_t mtime,
                                        const struct troth_ramdisk_ear *ear);

#endif
