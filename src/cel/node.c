/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/node.h"

#include "base/arena.h"
#include "base/memory.h"
#include "base/span.h"

/* Most expressions have about one node in four bytes; the array doubles where not. */
enum { NODES_AT_FIRST = 16, BYTES_A_NODE = 4 };

enum troth_err troth_cel_tree_begin(struct troth_cel_tree *out, struct troth_span source,
                                    struct troth_arena *arena)
{
    size_t capacity = NODES_AT_FIRST + source.len / BYTES_A_NODE;

    if (capacity > TROTH_CEL_NODES_MAX)
        capacity = TROTH_CEL_NODES_MAX;
    *out = (struct troth_cel_tree){.source = source, .arena = arena};
    out->nodes = troth_arena_take_unset(arena, capacity, sizeof *out->nodes);
    if (!out->nodes) {
        *out = (struct troth_cel_tree){0};
        return TROTH_ERR_MEMORY;
    }
    out->capacity = (uint32_t)capacity;
    out->count = 1;
    out->nodes[0] = (struct troth_cel_node){0};
    return TROTH_OK;
}

/* Is there room for one more? */
static bool reserve(struct troth_cel_tree *tree)
{
    if (tree->count < tree->capacity)
        return true;
    if (tree->capacity >= TROTH_CEL_NODES_MAX)
        return false;

    uint32_t capacity = tree->capacity * 2;
    if (capacity > TROTH_CEL_NODES_MAX)
        capacity = TROTH_CEL_NODES_MAX;

    struct troth_cel_node *nodes = troth_arena_take_unset(tree->arena, capacity,
                                                          sizeof *nodes);
    if (!nodes)
        return false;
    memcpy(nodes, tree->nodes, tree->count * sizeof *nodes);
    tree->nodes = nodes;
    tree->capacity = capacity;
    return true;
}

uint32_t troth_cel_node_new(struct troth_cel_tree *tree, enum troth_cel_node_kind kind,
                            uint32_t start, uint32_t end)
{
    if (tree->is_full || !reserve(tree)) {
        tree->is_full = true;
        return 0;
    }

    const uint32_t node = tree->count++;
    tree->nodes[node] = (struct troth_cel_node){
        .kind = (uint8_t)kind, .start = start, .end = end};
    return node;
}

void troth_cel_node_adopt(struct troth_cel_tree *tree, uint32_t parent, uint32_t child)
{
    if (!parent || !child)
        return;

    struct troth_cel_node *above = &tree->nodes[parent];
    struct troth_cel_node *below = &tree->nodes[child];

    if (above->last_child)
        tree->nodes[above->last_child].next = child;
    else
        above->first_child = child;
    above->last_child = child;
    below->parent = parent;
    below->next = 0;
    below->number = above->child_count++;
}

void troth_cel_node_adopt_all(struct troth_cel_tree *tree, uint32_t parent, uint32_t from,
                              uint32_t left)
{
    const uint32_t first = troth_cel_node_child(tree, from, left);
    const uint32_t last = left ? troth_cel_node_child(tree, from, left - 1) : 0;
    struct troth_cel_node *above = &tree->nodes[from];

    if (!parent || !first)
        return;
    above->last_child = last;
    above->child_count = left;
    if (last)
        tree->nodes[last].next = 0;
    else
        above->first_child = 0;
    for (uint32_t child = first, next = 0; child; child = next) {
        next = tree->nodes[child].next;
        troth_cel_node_adopt(tree, parent, child);
    }
}

void troth_cel_node_release(struct troth_cel_tree *tree, uint32_t child)
{
    struct troth_cel_node *released = &tree->nodes[child];
    struct troth_cel_node *above = &tree->nodes[released->parent];
    uint32_t before = 0;

    if (!child || !released->parent)
        return;
    for (uint32_t n = above->first_child; n != child; n = tree->nodes[n].next)
        before = n;
    for (uint32_t n = released->next; n; n = tree->nodes[n].next)
        tree->nodes[n].number--;
    if (before)
        tree->nodes[before].next = released->next;
    else
        above->first_child = released->next;
    if (above->last_child == child)
        above->last_child = before;
    above->child_count--;
    released->parent = 0;
    released->next = 0;
    released->number = 0;
}

uint32_t troth_cel_node_child(const struct troth_cel_tree *tree, uint32_t node,
                              unsigned n)
{
    uint32_t child = tree->nodes[node].first_child;

    while (child && n--)
        child = tree->nodes[child].next;
    return child;
}

bool troth_cel_node_is_call(const struct troth_cel_node *node, const char *function)
{
    return node->kind == TROTH_CEL_NODE_CALL && troth_span_is_text(node->text, function);
}

/* A new node like that one, but alone. */
static uint32_t copy_alone(struct troth_cel_tree *tree, uint32_t node)
{
    const uint32_t copy = troth_cel_node_new(tree, TROTH_CEL_NODE_LITERAL, 0, 0);

    if (!copy)
        return 0;

    struct troth_cel_node *made = &tree->nodes[copy];
    *made = tree->nodes[node];
    made->parent = made->first_child = made->last_child = made->next = 0;
    made->child_count = made->number = 0;
    return copy;
}

uint32_t troth_cel_node_copy(struct troth_cel_tree *tree, uint32_t node)
{
    struct troth_cel_walk walk = troth_cel_walk_over(tree, node);
    uint32_t top = 0;
    uint32_t parent = 0;

    while (!tree->is_full && troth_cel_walk_next(&walk)) {
        if (walk.step == TROTH_CEL_ENTER) {
            const uint32_t copy = copy_alone(tree, walk.node);

            troth_cel_node_adopt(tree, parent, copy);
            top = top ? top : copy;
            parent = copy;
        } else if (walk.step == TROTH_CEL_LEAVE) {
            parent = tree->nodes[parent].parent;
        }
    }
    return tree->is_full ? 0 : top;
}

struct troth_cel_walk troth_cel_walk_over(const struct troth_cel_tree *tree, uint32_t top)
{
    return (struct troth_cel_walk){.tree = tree, .top = top};
}

static bool enter(struct troth_cel_walk *walk, uint32_t node)
{
    walk->node = node;
    walk->step = TROTH_CEL_ENTER;
    walk->skips = false;
    return true;
}

/* From the LEAVE of a node to what comes after it. */
static bool go_on(struct troth_cel_walk *walk)
{
    const struct troth_cel_node *left = &walk->tree->nodes[walk->node];

    if (walk->node == walk->top)
        return false;
    walk->node = left->parent;
    walk->depth--;
    walk->child = left->number;
    walk->following = left->next;
    walk->step = left->next ? TROTH_CEL_BETWEEN : TROTH_CEL_LEAVE;
    return true;
}

bool troth_cel_walk_next(struct troth_cel_walk *walk)
{
    if (!walk->started) {
        walk->started = true;
        return walk->top != 0 && enter(walk, walk->top);
    }
    if (!walk->top)
        return false;

    const uint32_t below = walk->tree->nodes[walk->node].first_child;

    switch (walk->step) {
    case TROTH_CEL_ENTER:
        if (walk->skips || !below) {
            walk->step = TROTH_CEL_LEAVE;
            return true;
        }
        walk->depth++;
        return enter(walk, below);
    case TROTH_CEL_BETWEEN:
        walk->depth++;
        return enter(walk, walk->following);
    case TROTH_CEL_LEAVE:
        return go_on(walk);
    }
    return false;
}

void troth_cel_walk_skip(struct troth_cel_walk *walk)
{
    walk->skips = true;
}
