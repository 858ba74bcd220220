/* result_page.h - a result for people: the answer, what decided it, until when it holds.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_RESULT_PAGE_H
#define TROTH_CLI_RESULT_PAGE_H

#include "cli/page.h"
#include "troth/verify.h"

/* Failed checks first, then those not made, then the rest in short. */
void troth_result_page_print(struct troth_page *page, const struct troth_result *result);

#endif
