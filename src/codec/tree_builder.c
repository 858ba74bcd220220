/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/tree_builder.h"

#include "base/arena.h"
#include "base/clause.h"
#include "base/span.h"

static const struct troth_span no_word = {NULL, 0};

struct troth_tree_builder troth_tree_builder_over(struct troth_arena *arena)
{
    return (struct troth_tree_builder){.arena = arena};
}

void troth_tree_fail(struct troth_tree_builder *b, enum troth_err err,
                     struct troth_place place, const char *text, struct troth_span word)
{
    const struct troth_span words[TROTH_CLAUSE_WORDS] = {word, word, word};

    if (b->err)
        return;
    b->err = err;
    b->issue.place = place;
    troth_clause_write(b->issue.text, sizeof b->issue.text, text, words);
}

bool troth_tree_wants_key(const struct troth_tree_builder *b)
{
    return b->depth > 0 && b->open[b->depth - 1].node->kind == TROTH_TREE_MAP &&
           !b->has_key;
}

void troth_tree_key(struct troth_tree_builder *b, struct troth_span key,
                    struct troth_place place)
{
    const struct troth_tree_node *other;

    if (b->err)
        return;
    other = b->open[b->depth - 1].node->first_child;
    while (other && !troth_span_equal(other->key, key))
        other = other->next;
    if (other)
        troth_tree_fail(b, TROTH_ERR_DUPLICATE, place, "the key '%' is there twice", key);
    if (b->key_count == TROTH_TREE_KEYS_MAX)
        troth_tree_fail(b, TROTH_ERR_LIMIT, place,
                        "a map and those around it have more than 128 keys", no_word);
    b->key_count++;
    b->key = key;
    b->key_place = place;
    b->has_key = true;
}

static void check_limits(struct troth_tree_builder *b,
                         const struct troth_tree_node *value)
{
    if (b->node_count == TROTH_TREE_NODES_MAX)
        troth_tree_fail(b, TROTH_ERR_LIMIT, value->place,
                        "the document has more than 16384 values", no_word);
    if (value->kind != TROTH_TREE_TEXT && b->depth == TROTH_TREE_DEPTH_MAX)
        troth_tree_fail(b, TROTH_ERR_DEPTH, value->place,
                        "more than 16 maps and lists stand in one another", no_word);
}

/* Behind the last child of the map or list that is open. */
static void append(struct troth_tree_builder *b, struct troth_tree_node *node)
{
    if (b->depth == 0) {
        b->root = node;
        return;
    }

    struct troth_tree_node *const parent = b->open[b->depth - 1].node;
    if (parent->first_child)
        b->open[b->depth - 1].last->next = node;
    else
        parent->first_child = node;
    parent->count++;
    b->open[b->depth - 1].last = node;
}

void troth_tree_add(struct troth_tree_builder *b, const struct troth_tree_node *value)
{
    struct troth_tree_node *node;

    check_limits(b, value);
    if (b->err)
        return;
    node = troth_arena_take(b->arena, sizeof *node);
    if (!node) {
        b->err = TROTH_ERR_MEMORY;
        return;
    }
    *node = *value;
    if (b->has_key) {
        node->key = b->key;
        node->key_place = b->key_place;
        b->has_key = false;
    }
    append(b, node);
    b->node_count++;
    if (node->kind != TROTH_TREE_TEXT)
        b->open[b->depth++].node = node;
}

void troth_tree_close(struct troth_tree_builder *b)
{
    if (b->err)
        return;

    const struct troth_tree_node *const closed = b->open[--b->depth].node;
    if (closed->kind == TROTH_TREE_MAP)
        b->key_count -= (unsigned)closed->count;
}

enum troth_err troth_tree_finish(const struct troth_tree_node **out,
                                 struct troth_tree_issue *issue,
                                 const struct troth_tree_builder *b)
{
    *out = b->err ? NULL : b->root;
    if (issue)
        *issue = b->issue;
    return b->err;
}
