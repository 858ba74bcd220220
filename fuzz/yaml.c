/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes through the YAML reader; what it says of places is held against the source.
 */
#include "yaml/yaml.h"

#include <stdlib.h>

#include "base/span.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* Where a place lies; it has to be one of the document. */
static size_t offset_of(struct troth_span source, struct troth_place place)
{
    size_t at = 0;

    require(place.line >= 1 && place.column >= 1);
    for (uint32_t line = 1; line < place.line; at++) {
        require(at < source.len);
        line += source.ptr[at] == '\n';
    }
    require(place.column - 1 <= source.len - at);
    return at + place.column - 1;
}

/* A text of one line stands where it is said to. */
static void check_text(struct troth_span source, const struct troth_tree_node *node)
{
    if (node->text_place.column == 0)
        return;

    const size_t at = offset_of(source, node->text_place);
    size_t len = 0;
    while (len < node->text.len && !(node->is_block && node->text.ptr[len] == '\n'))
        len++;
    if (!node->is_block || len > 0)
        require(troth_span_equal(troth_span_slice(source, at, at + len),
                                 troth_span_slice(node->text, 0, len)));
}

static void check_node(struct troth_span source, const struct troth_tree_node *node)
{
    size_t count = 0;

    (void)offset_of(source, node->place);
    if (node->kind == TROTH_TREE_TEXT)
        check_text(source, node);
    for (const struct troth_tree_node *n = node->first_child; n; n = n->next) {
        count++;
        if (node->kind != TROTH_TREE_MAP)
            continue;
        (void)offset_of(source, n->key_place);
        for (const struct troth_tree_node *other = n->next; other; other = other->next)
            require(!troth_span_equal(n->key, other->key));
    }
    require(count == node->count && (count == 0 || node->kind != TROTH_TREE_TEXT));
}

static void check_tree(struct troth_span source, const struct troth_tree_node *root)
{
    const struct troth_tree_node *way[TROTH_TREE_WAY], *node = root;
    unsigned depth = 0;

    while (node) {
        require(depth <= TROTH_TREE_DEPTH_MAX);
        way[depth] = node;
        check_node(source, node);
        if (node->first_child) {
            node = node->first_child;
            depth++;
            continue;
        }
        while (depth > 0 && !way[depth]->next)
            depth--;
        node = depth > 0 ? way[depth]->next : NULL;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t room[1 << 22];
    struct troth_arena arena = TROTH_ARENA_OVER(room);
    const struct troth_span source = {data, size};
    const struct troth_tree_node *root;
    struct troth_tree_issue issue;
    const enum troth_err err = troth_tree_from_yaml(&root, &issue, source, &arena);

    require((err == TROTH_OK) == (root != NULL));
    require(err != TROTH_ERR_MEMORY);
    if (err) {
        require(issue.text[0] != '\0');
        (void)offset_of(source, issue.place);
        return 0;
    }
    check_tree(source, root);
    return 0;
}
