/* image_show_page.h - an image for people, and for programs. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_IMAGE_SHOW_PAGE_H
#define TROTH_CLI_IMAGE_SHOW_PAGE_H

#include "cli/image/image_report.h"
#include "cli/page.h"

void troth_image_show_page_print(struct troth_page *page,
                                 const struct troth_image_report *report);
/* docs/image-show.schema.json */
bool troth_image_show_json_print(struct troth_problem *problem,
                                 const struct troth_image_report *report);

#endif
