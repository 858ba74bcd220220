/* build_page.h - what was built, for people. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_IMAGE_BUILD_PAGE_H
#define TROTH_CLI_IMAGE_BUILD_PAGE_H

#include "builder/build.h"
#include "cli/image/build_output.h"
#include "cli/page.h"

void troth_build_page_print(struct troth_page *page,
                            const struct troth_build_result *result,
                            const struct troth_build_output *output);

#endif
