/* option_page.h - an option in a program's --help. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_OPTION_PAGE_H
#define TROTH_CLI_OPTION_PAGE_H

#include "cli/options.h"
#include "cli/page.h"

/* "  --nonce HEX          what it does", on as many lines as that takes. */
void troth_option_print(struct troth_page *page, const struct troth_option *option);

#endif
