/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/issue.h"

#include <string.h>

#include "test/harness.h"

static const struct {
    const char *why, *source;
    uint32_t at, line, column;
} places[] = {
    {"the first byte", "a + b", 0, 1, 1},
    {"later in the line", "a + b", 4, 1, 5},
    {"the end", "a + b", 5, 1, 6},
    {"after a line feed", "a\n+ b", 2, 2, 1},
    {"the line feed itself", "a\n+ b", 1, 1, 2},
    {"\\r\\n ends one line", "a\r\n+ b", 4, 2, 2},
    {"\\r alone ends a line", "a\r+ b", 3, 2, 2},
    {"two empty lines", "\n\nb", 2, 3, 1},
    {"a code point is one column", "'\xc3\xbc\xe2\x82\xac' + b", 10, 1, 8},
    {"beyond the end", "a", 99, 1, 2},
};

static void test_places(void)
{
    for (size_t i = 0; i < COUNT(places); i++) {
        struct troth_cel_issue issue = {0};

        test_case("%s", places[i].why);
        CHECK_ERR(troth_cel_issue_set(&issue, test_text(places[i].source), places[i].at,
                                      places[i].at + 1, (const char *const[3]){"x"}),
                  TROTH_ERR_VALUE);
        CHECK_INT(issue.line, places[i].line);
        CHECK_INT(issue.column, places[i].column);
        CHECK_INT(issue.start, places[i].at);
        CHECK_INT(issue.end, places[i].at + 1);
    }
}

static void test_texts(void)
{
    const struct troth_span source = TROTH_LITERAL("abc + d");
    struct troth_cel_issue issue = {0};

    test_case("three texts are put together");
    (void)troth_cel_issue_set(&issue, source, 0, 1,
                              (const char *const[3]){"a", "b", "c"});
    CHECK_TEXT(issue.text, "abc");

    test_case("the first issue stays");
    (void)troth_cel_issue_set(&issue, source, 2, 3, (const char *const[3]){"other"});
    (void)troth_cel_issue_write(&issue, source, 2, 3, test_text("other"));
    (void)troth_cel_issue_quote(&issue, source, 2, 3, "other", "");
    CHECK_TEXT(issue.text, "abc");
    CHECK_INT(issue.start, 0);

    test_case("texts that are missing are left out");
    issue.text[0] = 0;
    (void)troth_cel_issue_set(&issue, source, 0, 1,
                              (const char *const[3]){"a", NULL, "c"});
    CHECK_TEXT(issue.text, "ac");

    test_case("text from elsewhere");
    issue.text[0] = 0;
    CHECK_ERR(troth_cel_issue_write(&issue, source, 0, 1, test_text("text")),
              TROTH_ERR_VALUE);
    CHECK_TEXT(issue.text, "text");

    test_case("a piece of the source");
    issue.text[0] = 0;
    CHECK_ERR(troth_cel_issue_quote(&issue, source, 0, 3, "'", "' it is"),
              TROTH_ERR_VALUE);
    CHECK_TEXT(issue.text, "'abc' it is");

    test_case("nobody wants to know");
    CHECK_ERR(troth_cel_issue_set(NULL, source, 0, 1, (const char *const[3]){"a"}),
              TROTH_ERR_VALUE);
}

static void test_lengths(void)
{
    struct troth_cel_issue issue = {0};
    char texts[400];

    test_case("a long text is cut, and not inside a code point");
    for (size_t i = 0; i + 1 < sizeof texts; i += 2) {
        texts[i] = '\xc3';
        texts[i + 1] = '\xbc';
    }
    texts[sizeof texts - 1] = 0;
    texts[sizeof texts - 2] = 0;
    (void)troth_cel_issue_set(&issue, test_text(""), 0, 0,
                              (const char *const[3]){texts, "never seen"});
    CHECK_INT(strlen(issue.text), 222);
    CHECK(strchr(issue.text, 'n') == NULL);

    test_case("much of the source is quoted in part");
    issue.text[0] = 0;
    (void)troth_cel_issue_quote(&issue, test_text(texts), 0, 200, "", "!");
    CHECK_INT(strlen(issue.text), 61);
}

int main(void)
{
    test_places();
    test_texts();
    test_lengths();
    return test_finish();
}
