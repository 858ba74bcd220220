/* why_page.h - what in a policy decided, for people. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_WHY_PAGE_H
#define TROTH_CLI_WHY_PAGE_H

#include "cli/page.h"
#include "troth/verify.h"

/* `file` is the policy's; the result is by it. */
void troth_why_page_print(struct troth_page *page, const char *file,
                          const struct troth_result *result);

#endif
