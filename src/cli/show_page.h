/* show_page.h - claims for people: the common ones, then the family's. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_SHOW_PAGE_H
#define TROTH_CLI_SHOW_PAGE_H

#include "cli/page.h"
#include "troth/verify.h"

/* One line a claim: values in full, as --expect takes them; what they mean beside them
 * where a terminal has the room. */
void troth_show_page_print(struct troth_page *page, const struct troth_showing *showing);

#endif
