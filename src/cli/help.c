/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/help.h"

#include <string.h>

#include "cli/option_page.h"

enum { WIDTH = 90 };

static void print_exit_status(FILE *to)
{
    (void)fputs("exit status: 0 yes, 1 no, 2 could not tell, or an error\n", to);
}

void troth_help_print(FILE *to)
{
    struct troth_page page = troth_page_over(to, WIDTH);

    (void)fputs("usage: troth COMMAND ...\n"
                "       troth COMMAND --help\n"
                "       troth --help | --version\n\n",
                to);
    for (const struct troth_command *c = troth_commands(); c->name; c++) {
        troth_page_column(&page, 2);
        troth_page_say(&page, TROTH_STYLE_PLAIN, c->name);
        troth_page_column(&page, 14);
        troth_page_say(&page, TROTH_STYLE_PLAIN, c->usage);
        troth_page_column(&page, 34);
        troth_page_say(&page, TROTH_STYLE_PLAIN, c->does);
        troth_page_end_line(&page);
    }
    (void)fputc('\n', to);
    print_exit_status(to);
    (void)fprintf(to, "example: %s\n", troth_commands()->example);
}

/* "[--nonce HEX]", kept on one line, and "..." where it repeats. */
static void print_usage_of(struct troth_page *page, const struct troth_option *option)
{
    char text[96];
    int len = snprintf(text, sizeof text, "[%s%s%s%s]%s", troth_option_dashes(option),
                       option->name, option->argument ? " " : "",
                       option->argument ? option->argument : "",
                       option->repeats ? "..." : "");

    if (page->column + 1 + (unsigned)len > page->width) {
        unsigned indent = page->indent;

        troth_page_end_line(page);
        troth_page_column(page, indent);
    } else {
        troth_page_column(page, page->indent);
    }
    (void)fputs(text, page->to);
    page->column += (unsigned)len;
}

static void print_usage(struct troth_page *page, const struct troth_command *command)
{
    troth_page_say(page, TROTH_STYLE_PLAIN, "usage: troth ");
    troth_page_say(page, TROTH_STYLE_PLAIN, command->name);
    page->indent = page->column + 1;
    for (const struct troth_option *o = command->options; o->name; o++)
        if (o->take)
            print_usage_of(page, o);
    troth_page_say(page, TROTH_STYLE_PLAIN, command->operands);
    troth_page_end_line(page);
}

void troth_help_print_command(FILE *to, const struct troth_command *command)
{
    struct troth_page page = troth_page_over(to, WIDTH);

    print_usage(&page, command);
    (void)fprintf(to, "\n%s\n\n", command->does);
    for (const struct troth_option *o = command->options; o->name; o++)
        troth_option_print(&page, o);
    (void)fprintf(to, "\n%s", command->notes);
    /* What runs another program ends as that does, and says so itself. */
    if (!strstr(command->notes, "\nStatus: "))
        print_exit_status(to);
    (void)fprintf(to, "example: %s\n", command->example);
}
