/* image_unpack.h - a ramdisk's contents as files, checked before the first is made. For
 * image_extract.c alone. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_IMAGE_UNPACK_H
#define TROTH_CLI_IMAGE_UNPACK_H

#include "cli/image/image_members.h"

/* Could all of it be made without leaving the folder? False, with a problem. */
bool troth_image_unpack_check(const struct troth_image_members *members,
                              struct troth_problem *problem, const char *name);

/* Into an open folder of ours that is empty, what was checked. */
bool troth_image_unpack(const struct troth_image_members *members,
                        struct troth_problem *problem, const char *name, int image,
                        int folder);

/* Remove all that may have been made. */
void troth_image_unpack_undo(const struct troth_image_members *members, int folder);

/* Is it a thing that is made at all? */
bool troth_image_unpack_takes(const struct troth_image_member *member);

/* `size` bytes of an open file from `offset` to another, to where it stands. 0 or an
 * errno. */
int troth_image_copy(int to, int from, uint64_t offset, uint64_t size);

#endif
