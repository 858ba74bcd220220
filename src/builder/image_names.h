/*
 * image_names.h - do the names in a ramdisk mean what they say?
 *
 * Linux unpacks one member after another into a file system: a later one takes an
 * earlier one's place, goes through its links, and is left out where its folder is not
 * there. Two members of one number and several links are one file, with the content of
 * the last. In an archive of which nothing of that is true, each member is what it seems.
 * For image_walk.c alone.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BUILDER_IMAGE_NAMES_H
#define TROTH_BUILDER_IMAGE_NAMES_H

#include "builder/file_tree.h"
#include "image/cpio.h"

/* What was there so far. */
struct troth_image_names {
    struct troth_file_tree *paths;
    struct troth_file_tree *linked; /* numbers of files with several links, as paths */
};

TROTH_MUST_USE bool troth_image_names_init(struct troth_image_names *names);
void troth_image_names_release(struct troth_image_names *names);

/* NULL, or why this member is not what it seems: "comes twice"; or why that cannot be
 * told. */
const char *troth_image_names_add(struct troth_image_names *names,
                                  const struct troth_cpio_member *member);

#endif
