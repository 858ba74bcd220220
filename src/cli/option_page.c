/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/option_page.h"

enum { DOES = 24 }; /* the column where what it does begins */

void troth_option_print(struct troth_page *page, const struct troth_option *option)
{
    troth_page_column(page, 2);
    troth_page_say(page, TROTH_STYLE_PLAIN, troth_option_dashes(option));
    troth_page_say(page, TROTH_STYLE_PLAIN, option->name);
    if (option->argument) {
        troth_page_say(page, TROTH_STYLE_PLAIN, " ");
        troth_page_say(page, TROTH_STYLE_PLAIN, option->argument);
    }
    if (page->column >= DOES)
        troth_page_end_line(page);
    troth_page_column(page, DOES);
    troth_page_say(page, TROTH_STYLE_PLAIN, option->does);
    troth_page_end_line(page);
}
