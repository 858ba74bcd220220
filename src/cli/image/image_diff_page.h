/* image_diff_page.h - how two images differ, for people and for programs. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_IMAGE_DIFF_PAGE_H
#define TROTH_CLI_IMAGE_DIFF_PAGE_H

#include "cli/image/image_difference.h"
#include "cli/image/image_json.h"
#include "cli/page.h"

void troth_image_diff_page_print(struct troth_page *page,
                                 const struct troth_image_difference *difference);
/* The sections alone: which differ, and by which files. */
void troth_image_diff_page_sections(struct troth_page *page,
                                    const struct troth_image_difference *difference);

/* docs/image-diff.schema.json */
bool troth_image_diff_json_print(struct troth_problem *problem,
                                 const struct troth_image_difference *difference);
/* Its member "sections". */
void troth_image_diff_json_sections(struct troth_json_writer *w,
                                    const struct troth_image_difference *difference);

#endif
