/* image_members.h - what is in a ramdisk, in memory, in the order of paths. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_IMAGE_MEMBERS_H
#define TROTH_CLI_IMAGE_MEMBERS_H

#include "builder/image_file.h"
#include "cli/problem.h"

struct troth_image_member {
    struct troth_entry entry; /* texts are the list's own, with a zero behind them */
    uint64_t offset;          /* of a file's content in the image */
    size_t ordinal;           /* its place in the archive */
    uint8_t sha256[32];       /* of a file's content, where that was asked for */
};

/* Zeroed, it is empty. */
struct troth_image_members {
    struct troth_image_member *rows;
    size_t count, room;
    char why[256]; /* why it is not all: "is compressed (gzip)"; "" where it is */
};

/*
 * troth_image_members_read - a ramdisk's members, sorted by path, then by their order.
 *
 *   digests   of the contents, too
 *
 * Errors   false, with a problem: no memory, reading. That a ramdisk is no plain archive
 * is none: it stands in `why`, and the list is empty
 */
bool troth_image_members_read(struct troth_image_members *out,
                              struct troth_problem *problem, const char *name, int file,
                              const struct troth_eif_section *ramdisk, bool digests);
void troth_image_members_release(struct troth_image_members *members);

#endif
