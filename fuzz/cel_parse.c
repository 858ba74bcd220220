/* SPDX-License-Identifier: Apache-2.0 */
/* Any text as an expression: what is taken is a sound tree inside the source, the same in
 * parentheses, and can be copied; what is not has an issue that points into the source.
 */
#include "cel/parse.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/span.h"
#include "cel/token.h"

enum { ROOM = 8 << 20, SIZE_MAX_READ = 1 << 15 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct troth_cel_env env = {.libraries = troth_cel_all_libraries,
                                         .library_count = TROTH_CEL_LIBRARIES};

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_tokens(struct troth_span source)
{
    struct troth_cel_token token = {0};

    do {
        const uint32_t before = token.end;

        token = troth_cel_token_at(source, before);
        require(token.start >= before && token.end <= source.len);
        require(token.end > token.start || token.kind == TROTH_CEL_TOKEN_END);
        require((token.kind == TROTH_CEL_TOKEN_WRONG) == (token.wrong != NULL));
    } while (token.kind != TROTH_CEL_TOKEN_END);
}

/* What the checker and the evaluator rely on. */
static const struct {
    uint32_t least, most; /* children */
    bool has_text;
} shapes[] = {
    [TROTH_CEL_NODE_LITERAL] = {0, 0, false},
    [TROTH_CEL_NODE_NAME] = {0, 0, true},
    [TROTH_CEL_NODE_SELECT] = {1, 1, true},
    [TROTH_CEL_NODE_CALL] = {0, UINT32_MAX, true},
    [TROTH_CEL_NODE_LIST] = {0, UINT32_MAX, false},
    [TROTH_CEL_NODE_MAP] = {0, UINT32_MAX, false},
    [TROTH_CEL_NODE_LOOP] = {TROTH_CEL_LOOP_CHILDREN, TROTH_CEL_LOOP_CHILDREN, true},
    [TROTH_CEL_NODE_LET] = {2, 2, true},
};

static void check_shape(const struct troth_cel_node *node)
{
    require(node->kind >= TROTH_CEL_NODE_LITERAL && node->kind <= TROTH_CEL_NODE_LET);
    require(node->child_count >= shapes[node->kind].least);
    require(node->child_count <= shapes[node->kind].most);
    require(shapes[node->kind].has_text == (node->text.len > 0));
    require(node->kind != TROTH_CEL_NODE_MAP || node->child_count % 2 == 0);
    require(!node->is_member || node->child_count > 0);
    if (troth_cel_node_is_call(node, "_&&_") || troth_cel_node_is_call(node, "_||_"))
        require(node->child_count == 2);
}

static void check_links(const struct troth_cel_tree *tree, uint32_t parent)
{
    const struct troth_cel_node *above = &tree->nodes[parent];
    uint32_t number = 0;

    for (uint32_t n = above->first_child; n; n = tree->nodes[n].next) {
        require(n < tree->count && tree->nodes[n].parent == parent);
        require(tree->nodes[n].number == number++);
        require(tree->nodes[n].next || above->last_child == n);
    }
    require(number == above->child_count);
}

/* How many nodes are below `top`, and itself. */
static uint32_t check_tree(const struct troth_cel_tree *tree, uint32_t top)
{
    struct troth_cel_walk walk = troth_cel_walk_over(tree, top);
    uint32_t count = 0;

    require(top && top < tree->count && !tree->nodes[top].parent);
    while (troth_cel_walk_next(&walk)) {
        const struct troth_cel_node *node = &tree->nodes[walk.node];

        require(walk.depth < TROTH_CEL_DEPTH_MAX);
        if (walk.step != TROTH_CEL_ENTER)
            continue;
        count++;
        require(node->start <= node->end && node->end <= tree->source.len);
        check_shape(node);
        check_links(tree, walk.node);
    }
    return count;
}

/* The source is taken in parentheses too, unless these are too many. */
static void check_grouped(struct troth_span source, uint32_t count)
{
    static uint8_t room[ROOM];
    static uint8_t text[SIZE_MAX_READ + 3];
    struct troth_arena arena = TROTH_ARENA_OVER(room);
    struct troth_cel_tree tree;
    struct troth_cel_issue issue;

    text[0] = '(';
    memcpy(text + 1, source.ptr, source.len);
    /* The source may end with a comment. */
    text[source.len + 1] = '\n';
    text[source.len + 2] = ')';
    const struct troth_span grouped = {text, source.len + 3};
    if (troth_cel_parse(&tree, &issue, &env, grouped, &arena))
        require(
            troth_span_is_text(troth_span_of_text(issue.text), "nested too deeply here"));
    else
        require(check_tree(&tree, tree.root) == count);
}

static void check_issue(const struct troth_cel_issue *issue, size_t size)
{
    size_t len = 0;

    while (len < sizeof issue->text && issue->text[len])
        len++;
    require(len > 0 && len < sizeof issue->text);
    require(issue->start <= issue->end && issue->end <= size);
    require(issue->line > 0 && issue->column > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t room[ROOM];
    const struct troth_span source = {data, size};
    struct troth_arena arena = TROTH_ARENA_OVER(room);
    struct troth_cel_tree tree;
    struct troth_cel_issue issue;

    if (!size || size > SIZE_MAX_READ)
        return 0;
    check_tokens(source);
    const enum troth_err err = troth_cel_parse(&tree, &issue, &env, source, &arena);
    require(err == TROTH_OK || err == TROTH_ERR_VALUE);
    if (err) {
        require(!tree.nodes);
        check_issue(&issue, size);
        return 0;
    }
    const uint32_t count = check_tree(&tree, tree.root);
    check_grouped(source, count);
    const uint32_t copy = troth_cel_node_copy(&tree, tree.root);
    require(!copy || check_tree(&tree, copy) == count);
    return 0;
}
