/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/tree.h"

#include <stdio.h>
#include <string.h>

#include "base/span.h"
#include "test/harness.h"
#include "test/support/tree_text.h"

enum { ROOM = 1 << 22 };
static uint8_t room[ROOM];

/* clang-format off */
static const struct {
    const char *why, *json, *wanted;
} trees[] = {
    {"a text alone",        "\"a\"",                     "\"a\"@1:1^1:2"},
    {"numbers as written",  "[1, -0.50e+3]",             "[1, -0.50e+3]"},
    {"true and false",      "[true, false]",             "[true, false]"},
    {"empty ones",          "[{}, [], \"\"]",            "[{}, [], \"\"]"},
    {"one in another",      "{\"a\": {\"b\": [{}, {\"c\": 1}], \"d\": 2}, \"e\": 3}",
                            "{a: {b: [{}, {c: 1}], d: 2}, e: 3}"},
    {"escapes",             "{\"\\u0061\": \"\\n\\u00e9\"}", "{a: \"$\u00e9\"}"},
    {"places",              "{\n  \"a\": 1,\n  \"b\": [true, \"x\"]}",
                            "@1:1{a@2:3: 1@2:8^2:8, b@3:3: @3:8[true@3:9^3:9, \"x\"@3:15^3:16]}"},
    {"columns are bytes",   "[\"\u00e9\", 1]",           "@1:1[\"\u00e9\"@1:2^1:3, 1@1:8^1:8]"},
    {"a text with escapes has no columns", "[\"\\t\"]",  "@1:1[\"\t\"@1:2^1:0]"},
    {"lines end with a line feed", "[\r\n1]",            "@1:1[1@2:1^2:1]"},
};

static const struct {
    const char *why, *json;
    enum troth_err err;
    uint32_t line, column;
    const char *text;
} refused[] = {
    {"nothing",             "",                 TROTH_ERR_SHORT, 1, 1, "the document ends too early"},
    {"an open map",         "{\"a\": 1",        TROTH_ERR_SHORT, 1, 8, "the document ends too early"},
    {"no JSON",             "policy: x",        TROTH_ERR_VALUE, 1, 1, "this is not JSON"},
    {"a comment",           "[1,\n // x\n]",    TROTH_ERR_VALUE, 2, 2, "this is not JSON"},
    {"a last comma",        "[1,\n]",           TROTH_ERR_VALUE, 2, 1, "this is not JSON"},
    {"two documents",       "[]\n[]",           TROTH_ERR_TRAILING, 2, 1, "something follows the end of the document"},
    {"null",                "{\"a\":\n null}",  TROTH_ERR_TYPE, 2, 2, "null is no value: leave the key out"},
    {"a key twice",         "{\"a\": 1,\n \"a\": 2}", TROTH_ERR_DUPLICATE, 2, 2, "the key 'a' is there twice"},
    {"a key twice, escaped", "{\"a\": 1, \"\\u0061\": 2}", TROTH_ERR_DUPLICATE, 1, 10, "the key '\\u0061' is there twice"},
    {"no UTF-8",            "[\"\xff\"]",       TROTH_ERR_TEXT, 1, 3, "this is not valid UTF-8, or a byte order mark"},
    {"a byte order mark",   "\xef\xbb\xbf{}",   TROTH_ERR_TEXT, 1, 1, "this is not valid UTF-8, or a byte order mark"},
    {"17 lists",            "[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]", TROTH_ERR_DEPTH, 1, 17,
                            "more than 16 maps and lists stand in one another"},
};
/* clang-format on */

/* `start`, then `before` and `after` around each number up to `count`, then `end`. */
struct pattern {
    const char *start, *before, *after, *end;
};

static struct troth_span text_of(const struct pattern *pattern, size_t count)
{
    static char text[ROOM];
    size_t len = (size_t)snprintf(text, sizeof text, "%s", pattern->start);

    for (size_t i = 0; i < count; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "%s%zu%s", pattern->before,
                                i, pattern->after);
    len += (size_t)snprintf(text + len, sizeof text - len, "%s", pattern->end);
    return (struct troth_span){(const uint8_t *)text, len};
}

static struct troth_span padded(size_t size)
{
    static char text[TROTH_TREE_SOURCE_MAX + 1];

    memset(text, ' ', size);
    memcpy(text, "[]", 2);
    return (struct troth_span){(const uint8_t *)text, size};
}

static const struct pattern list = {"[0", ",", "", "]"};
static const struct pattern map = {"{\"\":0", ",\"", "\":0", "}"};
static const struct pattern maps = {"[0", ",{\"", "\":0}", "]"};

static enum troth_err read(const struct troth_tree_node **out, struct troth_span text)
{
    struct troth_arena arena = TROTH_ARENA_OVER(room);

    return troth_tree_from_json(out, NULL, text, &arena);
}

static void test_limits(void)
{
    const struct troth_tree_node *root;
    struct troth_arena arena = {room, 4096, 0};

    test_case("as many values as there may be, and one more");
    CHECK_ERR(read(&root, text_of(&list, TROTH_TREE_NODES_MAX - 2)), TROTH_OK);
    CHECK_INT(root->count, TROTH_TREE_NODES_MAX - 1);
    CHECK_ERR(read(&root, text_of(&list, TROTH_TREE_NODES_MAX - 1)), TROTH_ERR_LIMIT);
    CHECK(!root);

    test_case("as many keys as there may be, and one more");
    CHECK_ERR(read(&root, text_of(&map, TROTH_TREE_KEYS_MAX - 1)), TROTH_OK);
    CHECK_ERR(read(&root, text_of(&map, TROTH_TREE_KEYS_MAX)), TROTH_ERR_LIMIT);
    CHECK_ERR(read(&root, text_of(&maps, 2 * TROTH_TREE_KEYS_MAX)), TROTH_OK);

    test_case("as many bytes as there may be, and one more");
    CHECK_ERR(read(&root, padded(TROTH_TREE_SOURCE_MAX)), TROTH_OK);
    CHECK_ERR(read(&root, padded(TROTH_TREE_SOURCE_MAX + 1)), TROTH_ERR_LIMIT);

    test_case("no memory");
    CHECK_ERR(troth_tree_from_json(&root, NULL, text_of(&list, 500), &arena),
              TROTH_ERR_MEMORY);
    CHECK(!root);
}

static void test_find(void)
{
    const struct troth_tree_node *root;

    test_case("a child by its key");
    CHECK_ERR(read(&root, test_text("{\"a\": 1, \"ab\": [2]}")), TROTH_OK);
    CHECK(troth_span_is_text(troth_tree_find(root, "a")->text, "1"));
    CHECK_INT(troth_tree_find(root, "ab")->kind, TROTH_TREE_LIST);
    CHECK(!troth_tree_find(root, "b"));
    CHECK(!troth_tree_find(troth_tree_find(root, "ab"), "a"));
    CHECK(!troth_tree_find(NULL, "a"));
}

int main(void)
{
    for (size_t i = 0; i < COUNT(trees); i++) {
        struct troth_arena arena = TROTH_ARENA_OVER(room);
        const struct troth_tree_node *root;

        test_case("%s", trees[i].why);
        CHECK_ERR(troth_tree_from_json(&root, NULL, test_text(trees[i].json), &arena),
                  TROTH_OK);
        CHECK_TEXT(test_tree_text(root, strchr(trees[i].wanted, '@') != NULL),
                   trees[i].wanted);
    }
    for (size_t i = 0; i < COUNT(refused); i++) {
        struct troth_arena arena = TROTH_ARENA_OVER(room);
        const struct troth_tree_node *root;
        struct troth_tree_issue issue;

        test_case("refused: %s", refused[i].why);
        CHECK_ERR(troth_tree_from_json(&root, &issue, test_text(refused[i].json), &arena),
                  refused[i].err);
        CHECK(!root);
        CHECK_INT(issue.place.line, refused[i].line);
        CHECK_INT(issue.place.column, refused[i].column);
        CHECK_TEXT(issue.text, refused[i].text);
    }
    test_limits();
    test_find();
    return test_finish();
}
