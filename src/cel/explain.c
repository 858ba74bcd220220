/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One walk over the tree. What a node is shown as follows from how its parent is, and
 * from the values both had; a trace may still hold values of earlier rounds of a loop, so
 * that what was jumped over is told by what it was jumped over for.
 */
#include "base/span.h"
#include "cel/optionals.h"

enum role {
    HIDDEN,
    DECIDES, /* the value came out as it did because of this */
    OPERAND  /* of something that decides */
};

struct frame {
    enum role children;
    unsigned depth; /* of the reasons they are */
};

struct explaining {
    struct troth_cel_reason *out;
    size_t count, room;
    const struct troth_cel_tree *tree;
    const struct troth_cel_value *trace;
    struct frame frames[TROTH_CEL_DEPTH_MAX + 1];
};

static const struct troth_cel_node *node_of(const struct explaining *x, uint32_t node)
{
    return &x->tree->nodes[node];
}

static bool is_bool(const struct troth_cel_value *value, bool wanted)
{
    return value->kind == TROTH_CEL_BOOL && value->as.boolean == wanted;
}

/* Both the same bool, both errors, or both unknown. */
static bool are_alike(const struct troth_cel_value *a, const struct troth_cel_value *b)
{
    return a->kind == b->kind &&
           (a->kind != TROTH_CEL_BOOL || a->as.boolean == b->as.boolean);
}

static bool is_call(const struct explaining *x, uint32_t node, const char *function)
{
    return troth_cel_node_is_call(node_of(x, node), function);
}

static bool is_logic(const struct explaining *x, uint32_t node)
{
    return is_call(x, node, "_&&_") || is_call(x, node, "_||_");
}

/* Was this child not jumped over when its parent got its value? */
static bool was_reached(const struct explaining *x, uint32_t parent, uint32_t child)
{
    const struct troth_cel_value *first = &x->trace[node_of(x, parent)->first_child];
    const uint32_t number = node_of(x, child)->number;

    if (number == 0)
        return true;
    if (troth_cel_alternative_of(node_of(x, parent)))
        return first->kind == TROTH_CEL_OPTIONAL && !first->as.optional;
    if (is_logic(x, parent))
        return !is_bool(first, is_call(x, parent, "_||_"));
    return !is_call(x, parent, "_?_:_") || is_bool(first, number == 1);
}

/* A macro that the last element it looked at decides: all() that is false, exists() that
 * is true. */
static bool is_decided_by_element(const struct explaining *x, uint32_t loop)
{
    const uint32_t step = troth_cel_node_child(x->tree, loop, TROTH_CEL_LOOP_STEP);
    const struct troth_cel_value *value = &x->trace[loop];

    if (!node_of(x, step)->is_written || !are_alike(value, &x->trace[step]))
        return false;
    return (is_call(x, step, "_&&_") && is_bool(value, false)) ||
           (is_call(x, step, "_||_") && is_bool(value, true));
}

/* Is it explained by what it is made of, rather than shown itself? */
static bool is_passed_through(const struct explaining *x, uint32_t node)
{
    const struct troth_cel_node *n = node_of(x, node);

    if (n->kind == TROTH_CEL_NODE_LOOP)
        return is_decided_by_element(x, node);
    return n->is_written || n->kind == TROTH_CEL_NODE_LET || is_logic(x, node) ||
           is_call(x, node, "!_") || is_call(x, node, "_?_:_");
}

/* A child of something that decides, and is passed through. */
static enum role role_of_part(const struct explaining *x, uint32_t parent, uint32_t child)
{
    const struct troth_cel_node *above = node_of(x, parent);
    const uint32_t number = node_of(x, child)->number;

    if (above->kind == TROTH_CEL_NODE_LOOP)
        return number == TROTH_CEL_LOOP_STEP ? DECIDES : HIDDEN;
    if (above->kind == TROTH_CEL_NODE_LET)
        return number == 1 ? DECIDES : HIDDEN;
    if (is_logic(x, parent) && !are_alike(&x->trace[parent], &x->trace[child]))
        return HIDDEN;
    return DECIDES;
}

/* What is looked into is shown by what was found there. */
static bool is_container(const struct explaining *x, uint32_t parent, uint32_t number)
{
    const struct troth_cel_node *above = node_of(x, parent);

    if (above->kind == TROTH_CEL_NODE_LOOP)
        return number != TROTH_CEL_LOOP_RANGE;
    if (above->kind == TROTH_CEL_NODE_SELECT)
        return true;
    return number == 0 && (is_call(x, parent, "_[_]") || is_call(x, parent, "_[?_]") ||
                           is_call(x, parent, "_?._"));
}

/* Is it the same whatever the variables are? */
static bool is_constant(const struct explaining *x, uint32_t node)
{
    struct troth_cel_walk walk = troth_cel_walk_over(x->tree, node);

    while (troth_cel_walk_next(&walk)) {
        const struct troth_cel_node *n = node_of(x, walk.node);

        if (walk.step != TROTH_CEL_ENTER)
            continue;
        if (n->meaning == TROTH_CEL_MEANS_VARIABLE ||
            n->meaning == TROTH_CEL_MEANS_LOCAL || n->meaning == TROTH_CEL_MEANS_NOTHING)
            return false;
        if (n->meaning != TROTH_CEL_MEANS_ITSELF)
            troth_cel_walk_skip(&walk);
    }
    return true;
}

static enum role role_of(const struct explaining *x, unsigned depth, uint32_t node)
{
    const struct troth_cel_node *n = node_of(x, node);
    enum role role = depth ? x->frames[depth - 1].children : DECIDES;

    if (n->meaning == TROTH_CEL_MEANS_NAMESPACE ||
        x->trace[node].kind == TROTH_CEL_NONE ||
        (n->is_written && n->kind == TROTH_CEL_NODE_NAME))
        return HIDDEN;
    if (depth && role != HIDDEN && !was_reached(x, n->parent, node))
        return HIDDEN;
    if (depth && role == DECIDES)
        role = role_of_part(x, n->parent, node);
    if (role == OPERAND &&
        (is_container(x, n->parent, n->number) || is_constant(x, node)))
        return HIDDEN;
    return role;
}

static void give(struct explaining *x, uint32_t node, unsigned depth)
{
    const struct troth_cel_node *n = node_of(x, node);

    if (x->count == x->room)
        return;
    x->out[x->count++] = (struct troth_cel_reason){
        .start = n->start, .end = n->end, .value = x->trace[node], .depth = depth};
}

/* Show the node, or not; how its children are to be seen. */
static struct frame enter(struct explaining *x, unsigned depth, uint32_t node)
{
    const enum role role = role_of(x, depth, node);
    const unsigned reason_depth = depth ? x->frames[depth - 1].depth : 0;

    if (role == HIDDEN)
        return (struct frame){HIDDEN, 0};
    if (role == DECIDES && is_passed_through(x, node))
        return (struct frame){DECIDES, reason_depth};
    if (node_of(x, node)->is_written)
        return (struct frame){OPERAND, reason_depth};
    give(x, node, reason_depth);
    return (struct frame){OPERAND, reason_depth + 1};
}

void troth_cel_explain(struct troth_cel_reason *out, size_t *out_count, size_t room,
                       const struct troth_cel_program *program,
                       const struct troth_cel_value *trace)
{
    struct troth_cel_walk walk = troth_cel_walk_over(program->tree, program->tree->root);
    struct explaining x;

    x.out = out;
    x.count = 0;
    x.room = room;
    x.tree = program->tree;
    x.trace = trace;
    while (x.count < room && troth_cel_walk_next(&walk)) {
        if (walk.step != TROTH_CEL_ENTER)
            continue;
        if (walk.depth > TROTH_CEL_DEPTH_MAX)
            break;
        x.frames[walk.depth] = enter(&x, walk.depth, walk.node);
        if (x.frames[walk.depth].children == HIDDEN)
            troth_cel_walk_skip(&walk);
    }
    *out_count = x.count;
}
