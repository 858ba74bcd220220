/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/page.h"

#include <stdlib.h>

#include "test/harness.h"

/* What `print` puts on a page of 20 columns. */
static void check(const char *why, void (*print)(struct troth_page *), bool colour,
                  const char *wanted)
{
    char *text = NULL;
    size_t len = 0;
    FILE *to = open_memstream(&text, &len);
    struct troth_page page = troth_page_over(to, 20);

    test_case("%s", why);
    page.colour = colour;
    print(&page);
    (void)fclose(to);
    CHECK_TEXT(text, wanted);
    free(text);
}

static void print_columns(struct troth_page *page)
{
    troth_page_column(page, 2);
    troth_page_say(page, TROTH_STYLE_PLAIN, "name");
    troth_page_column(page, 8);
    troth_page_say(page, TROTH_STYLE_PLAIN, "what it is and more");
    troth_page_end_line(page);
}

static void print_full_column(struct troth_page *page)
{
    troth_page_say(page, TROTH_STYLE_PLAIN, "longname");
    troth_page_column(page, 4);
    troth_page_say(page, TROTH_STYLE_PLAIN, "x");
    troth_page_end_line(page);
}

static void print_exact(struct troth_page *page)
{
    troth_page_say(page, TROTH_STYLE_PLAIN, "12345678 12345678901");
    troth_page_end_line(page);
    troth_page_say(page, TROTH_STYLE_PLAIN, "12345678 123456789012");
    troth_page_end_line(page);
}

static void print_long_word(struct troth_page *page)
{
    troth_page_column(page, 4);
    troth_page_say(page, TROTH_STYLE_PLAIN, "123456789012345678901234567890 a");
    troth_page_end_line(page);
}

static void print_list(struct troth_page *page)
{
    troth_page_say(page, TROTH_STYLE_PLAIN, "twelve12345");
    troth_page_say(page, TROTH_STYLE_PLAIN, ", ");
    troth_page_say(page, TROTH_STYLE_PLAIN, "thirteen13");
    troth_page_say(page, TROTH_STYLE_PLAIN, ", ");
    troth_page_end_line(page);
}

static void print_hostile(struct troth_page *page)
{
    troth_page_say(page, TROTH_STYLE_PLAIN, "a\033[2J\nb");
    troth_page_end_line(page);
}

static void print_styles(struct troth_page *page)
{
    troth_page_say(page, TROTH_STYLE_BAD, "no");
    troth_page_say(page, TROTH_STYLE_PLAIN, " ");
    troth_page_say(page, TROTH_STYLE_GOOD, "yes");
    troth_page_end_line(page);
}

static void test_environment(void)
{
    struct troth_page page;

    test_case("no colour, and a fixed width, where there is no terminal");
    (void)setenv("TERM", "xterm", 1);
    (void)unsetenv("NO_COLOR");
    (void)setenv("COLUMNS", "33", 1);
    page = troth_page_of_output();
    if (page.colour || page.is_wide) /* the test itself may be run on a terminal */
        test_skip("standard output is a terminal");
    else
        CHECK_INT(page.width, 90);
}

int main(void)
{
    check("columns, and lines that go on in theirs", print_columns, false,
          "  name  what it is\n        and more\n");
    check("a blank at least", print_full_column, false, "longname x\n");
    check("a line that is just full, and one that is not", print_exact, false,
          "12345678 12345678901\n12345678\n123456789012\n");
    check("a word longer than the page", print_long_word, false,
          "    123456789012345678901234567890\n    a\n");
    check("no blank ends a line", print_list, false, "twelve12345,\nthirteen13,\n");
    check("nothing moves the terminal", print_hostile, false, "a\\x1b[2J\\x0ab\n");
    check("styles with colour", print_styles, true,
          "\033[31mno\033[0m\033[32m yes\033[0m\n");
    check("styles without", print_styles, false, "no yes\n");
    test_environment();
    return test_finish();
}
