/* image_extract.h - the parts of an image as files. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_IMAGE_EXTRACT_H
#define TROTH_CLI_IMAGE_EXTRACT_H

#include "cli/image/image_view.h"

/* What was written. */
struct troth_image_extracted {
    uint64_t files;   /* of the ramdisks, folders and links included */
    uint64_t skipped; /* devices, pipes and sockets: never made */
};

/*
 * troth_image_extract - into a folder that is not there, or is empty.
 *
 *   files   the ramdisks' contents, too, as "ramdisk-1/…"
 *
 * Shape    the folder appears under its name only when all is in it; on failure nothing
 *          of it is left. Nothing is written outside of it: links are made last, and what
 *          lies below a link, twice at one path or in no folder is refused. No file gets
 *          set-user-id, set-group-id or others' right to write
 */
bool troth_image_extract(struct troth_image_extracted *out, struct troth_problem *problem,
                         const struct troth_image_view *view, const char *folder,
                         bool files);

#endif
