/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/yaml.h"

#include <stdio.h>
#include <string.h>

#include "base/span.h"
#include "test/harness.h"
#include "test/support/tree_text.h"

enum { ROOM = 1 << 22 };
static uint8_t room[ROOM];

/* clang-format off */
static const struct {
    const char *why, *yaml, *wanted;
} trees[] = {
    {"a map",               "a: 1\nb: x y\n",           "{a: 1, b: x y}"},
    {"a document's start and end", "---\na: 1\n...\n",  "{a: 1}"},
    {"a comment",           "# c\na: 1 # c\n",          "{a: 1}"},
    {"maps and lists",      "a:\n  - b: 1\n    c: {d: [1, 2]}\n  - []\ne: {}\n",
                            "{a: [{b: 1, c: {d: [1, 2]}}, []], e: {}}"},
    {"a list not indented", "a:\n- 1\n- 2\n",           "{a: [1, 2]}"},
    {"every scalar is a text", "[yes, null, ~, 0x10, 1.50, 2026-01-01, Off]",
                            "[yes, null, ~, 0x10, 1.50, 2026-01-01, Off]"},
    {"quotes",              "[\"a\\tb\\u00e9\", 'it''s', \"\"]", "[\"a\tb\u00e9\", \"it's\", \"\"]"},
    {"JSON",                "{\"a\": [1, true], \"b\": {\"c\": \"d\"}}", "{a: [1, true], b: {c: \"d\"}}"},
    {"a quoted merge key is a key", "{'<<': 1}",        "{<<: 1}"},
    {"a folded text",       "a: >-\n  b\n  c\n",        "{a: b c}"},
    {"Windows' line ends",  "a: 1\r\nb: |\r\n  x\r\n  y\r\n", "{a: 1, b: x$y$}"},

    {"places",              "a: x\nb:\n  - 'q'\n  - c: \"d\"\n",
                            "@1:1{a@1:1: x@1:4^1:4, b@2:1: @3:3[\"q\"@3:5^3:6, @4:5{c@4:5: \"d\"@4:8^4:9}]}"},
    {"columns are bytes",   "{\u00e9: \u20ac, b: 1}",   "@1:1{\u00e9@1:2: \u20ac@1:6^1:6, b@1:11: 1@1:14^1:14}"},
    {"an escape hides the columns", "[\"\\\"x\"]",      "@1:1[\"\"x\"@1:2^1:0]"},
    {"a doubled quote too", "['it''s']",                "@1:1[\"it's\"@1:2^1:0]"},
    {"and a text on two lines", "a: b\n  c\nd: e",      "@1:1{a@1:1: b c@1:4^1:0, d@3:1: e@3:4^3:4}"},
    {"and a folded one",    "a: >\n  b\n  c\n",         "@1:1{a@1:1: b c$@1:4^1:0}"},
    {"a block",             "a:\n  - b: |\n      x\n       y\n\n    # no comment\n",
                            "@1:1{a@1:1: @2:3[@2:5{b@2:5: x$ y$@2:8|3:7}]}"},
    {"a block's lines",     "a: |\n   x\n    y\n",      "@1:1{a@1:1: x$ y$@1:4|2:4}"},
    {"a block that begins with an empty line", "a: |-\n\n  x\n", "@1:1{a@1:1: $x@1:4|2:3}"},
    {"a block that begins further in", "a: |2\n    x\n  y\n", "@1:1{a@1:1:   x$y$@1:4|2:3}"},
    {"a block behind a comment", "a: |+ # c\n  x\n\nb: 1\n", "@1:1{a@1:1: x$$@1:4|2:3, b@4:1: 1@4:4^4:4}"},
    {"a block of empty lines", "a: |+\n\n\nb: 1\n",     "@1:1{a@1:1: $$@1:4|2:0, b@4:1: 1@4:4^4:4}"},
};

static const struct {
    const char *why, *yaml;
    enum troth_err err;
    uint32_t line, column;
    const char *text;
} refused[] = {
    {"nothing",             "",                 TROTH_ERR_VALUE, 1, 1, "the document is empty"},
    {"comments",            "# a\n# b\n",       TROTH_ERR_VALUE, 1, 1, "the document is empty"},
    {"an empty document",   "---\n...\n",       TROTH_ERR_VALUE, 1, 1, "the document is empty"},
    {"a key without a value", "a: 1\nb:\n",     TROTH_ERR_VALUE, 2, 1, "'b' has no value"},
    {"an item without one", "a:\n  - 1\n  -\n", TROTH_ERR_VALUE, 3, 4, "there is no value"},
    {"a value without a key", "?\n: 2\n",      TROTH_ERR_VALUE, 1, 2, "the key is missing"},
    {"a key twice",         "a: 1\nb: 2\na: 3", TROTH_ERR_DUPLICATE, 3, 1, "the key 'a' is there twice"},
    {"a key twice, quoted", "a: 1\n\"a\": 3",   TROTH_ERR_DUPLICATE, 2, 1, "the key 'a' is there twice"},
    {"a key twice in flow", "{a: 1, a: 1}",     TROTH_ERR_DUPLICATE, 1, 8, "the key 'a' is there twice"},
    {"an anchor",           "a: &x 1",          TROTH_ERR_UNSUPPORTED, 1, 4, "anchors are not supported: write the value out"},
    {"an anchor of a map",  "a: &x {b: 1}",     TROTH_ERR_UNSUPPORTED, 1, 4, "anchors are not supported: write the value out"},
    {"an anchor of a list", "a: &x [1]",        TROTH_ERR_UNSUPPORTED, 1, 4, "anchors are not supported: write the value out"},
    {"an anchor of a key",  "&x a: 1",          TROTH_ERR_UNSUPPORTED, 1, 1, "anchors are not supported: write the value out"},
    {"an alias",            "a: *x",            TROTH_ERR_UNSUPPORTED, 1, 4, "aliases are not supported: write the value out"},
    {"an alias as a key",   "{*x : 1}",         TROTH_ERR_UNSUPPORTED, 1, 2, "aliases are not supported: write the value out"},
    {"a merge key",         "a: 1\n<<: {b: 2}", TROTH_ERR_UNSUPPORTED, 2, 1, "merge keys are not supported: write the values out"},
    {"a tag",               "a: !!int 1",       TROTH_ERR_UNSUPPORTED, 1, 4, "tags are not supported: every value is a text"},
    {"a tag of ours",       "a: !x 1",          TROTH_ERR_UNSUPPORTED, 1, 4, "tags are not supported: every value is a text"},
    {"a tag that says nothing", "a: ! 1",       TROTH_ERR_UNSUPPORTED, 1, 4, "tags are not supported: every value is a text"},
    {"a tag of a map",      "!!map {a: 1}",     TROTH_ERR_UNSUPPORTED, 1, 1, "tags are not supported: every value is a text"},
    {"a tag of a list",     "a: !!seq [1]",     TROTH_ERR_UNSUPPORTED, 1, 4, "tags are not supported: every value is a text"},
    {"a version",           "%YAML 1.1\n---\na: 1\n", TROTH_ERR_UNSUPPORTED, 1, 1, "directives are not supported"},
    {"a tag's directive",   "%TAG ! x:\n---\na: 1\n", TROTH_ERR_UNSUPPORTED, 1, 1, "directives are not supported"},
    {"a second document",   "a: 1\n---\nb: 1\n", TROTH_ERR_UNSUPPORTED, 2, 1, "a second document begins here"},
    {"a list as a key",     "{[a]: 1}",         TROTH_ERR_UNSUPPORTED, 1, 2, "a key has to be a text"},
    {"a map as a key",      "? {a: 1}\n: 1\n",  TROTH_ERR_UNSUPPORTED, 1, 3, "a key has to be a text"},
    {"an open list",        "a: [1,\n",         TROTH_ERR_VALUE, 2, 1, "did not find expected node content while parsing a flow node"},
    {"a tab",               "a:\n\tb: 1\n",     TROTH_ERR_VALUE, 2, 1, "a tab: YAML is indented with spaces"},
    {"indented wrongly",    "a: 1\n  b: 2\n",   TROTH_ERR_VALUE, 2, 4, "mapping values are not allowed in this context"},
    {"17 lists",            "[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]", TROTH_ERR_DEPTH, 1, 17,
                            "more than 16 maps and lists stand in one another"},
    {"no UTF-8",            "a: \u00e9\xff",    TROTH_ERR_TEXT, 1, 6, "not valid UTF-8"},
    {"half a character",    "a: 1\nb: \xc3",    TROTH_ERR_TEXT, 2, 4, "not valid UTF-8"},
    {"UTF-16",              "\xff\xfe" "a",     TROTH_ERR_TEXT, 1, 1, "not valid UTF-8"},
    {"a byte order mark",   "\xef\xbb\xbf" "a: 1", TROTH_ERR_TEXT, 1, 1, "a byte order mark: save the document as UTF-8 without one"},
    {"a control character", "a: 1\n# \x1b[2J\n", TROTH_ERR_TEXT, 2, 3, "a control character"},
    {"a carriage return",   "a: 1 # x\rb: 2\n", TROTH_ERR_TEXT, 1, 9, "a control character"},
    {"a next line",         "a: 1 # x\xc2\x85" "b: 2\n", TROTH_ERR_TEXT, 1, 9, "a line end that editors do not show (U+0085)"},
    {"a line separator",    "a: 1 # x\xe2\x80\xa8" "b: 2\n", TROTH_ERR_TEXT, 1, 9, "a line end that editors do not show (U+2028)"},
    {"a paragraph separator", "# x\xe2\x80\xa9" "b: 2\n", TROTH_ERR_TEXT, 1, 4, "a line end that editors do not show (U+2029)"},
};
/* clang-format on */

static void test_trees(void)
{
    for (size_t i = 0; i < COUNT(trees); i++) {
        struct troth_arena arena = TROTH_ARENA_OVER(room);
        const struct troth_tree_node *root;

        test_case("%s", trees[i].why);
        CHECK_ERR(troth_tree_from_yaml(&root, NULL, test_text(trees[i].yaml), &arena),
                  TROTH_OK);
        CHECK_TEXT(test_tree_text(root, strchr(trees[i].wanted, '@') != NULL),
                   trees[i].wanted);
    }
}

static void test_refusals(void)
{
    for (size_t i = 0; i < COUNT(refused); i++) {
        struct troth_arena arena = TROTH_ARENA_OVER(room);
        const struct troth_tree_node *root;
        struct troth_tree_issue issue;

        test_case("refused: %s", refused[i].why);
        CHECK_ERR(troth_tree_from_yaml(&root, &issue, test_text(refused[i].yaml), &arena),
                  refused[i].err);
        CHECK(!root);
        CHECK_INT(issue.place.line, refused[i].line);
        CHECK_INT(issue.place.column, refused[i].column);
        CHECK_TEXT(issue.text, refused[i].text);
    }
}

static void test_limits(void)
{
    static char text[TROTH_TREE_SOURCE_MAX + 1];
    const struct troth_tree_node *root;
    struct troth_arena arena = TROTH_ARENA_OVER(room);
    struct troth_arena little = {room, 64, 0};

    test_case("a zero byte");
    CHECK_ERR(troth_tree_from_yaml(&root, NULL, TROTH_LITERAL("a: 1\0"), &arena),
              TROTH_ERR_TEXT);
    CHECK(!root);

    test_case("as many bytes as there may be, and one more");
    memset(text, ' ', sizeof text);
    memcpy(text, "[]", 2);
    CHECK_ERR(troth_tree_from_yaml(&root, NULL,
                                   (struct troth_span){(uint8_t *)text, sizeof text - 1},
                                   &arena),
              TROTH_OK);
    CHECK_ERR(troth_tree_from_yaml(
                  &root, NULL, (struct troth_span){(uint8_t *)text, sizeof text}, &arena),
              TROTH_ERR_LIMIT);

    test_case("no memory");
    CHECK_ERR(troth_tree_from_yaml(&root, NULL, test_text("a: b"), &little),
              TROTH_ERR_MEMORY);
    CHECK(!root);
}

int main(void)
{
    test_trees();
    test_refusals();
    test_limits();
    return test_finish();
}
