/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/code.h"
#include "cel/estimate.h"

/* Of a node beside its children. */
static uint64_t cost_of_node(const struct troth_cel_estimate *e,
                             const struct troth_cel_node *n)
{
    switch ((enum troth_cel_node_kind)n->kind) {
    case TROTH_CEL_NODE_LITERAL:
    case TROTH_CEL_NODE_NAME:
    case TROTH_CEL_NODE_LIST:
        return 1;
    case TROTH_CEL_NODE_SELECT:
        return troth_cel_estimate_select(e, n);
    case TROTH_CEL_NODE_CALL:
        return troth_cel_estimate_call(e, n);
    case TROTH_CEL_NODE_MAP:
        return troth_cel_estimate_map(e, n);
    case TROTH_CEL_NODE_LOOP:
        return troth_cel_steps_sum(
            TROTH_CEL_STEPS_OF_LOOP,
            troth_cel_steps_times(troth_cel_estimate_count(e, n->first_child),
                                  TROTH_CEL_STEPS_OF_ROUND));
    case TROTH_CEL_NODE_LET:
        return TROTH_CEL_STEPS_OF_NODE;
    }
    return UINT64_MAX;
}

/* What is known of a node whose children are being counted. */
struct frame {
    uint64_t steps;  /* of all children so far */
    uint64_t branch; /* the first of the two that "?:" chooses from */
};

static void count_child(const struct troth_cel_estimate *e, struct frame *parent,
                        uint32_t child, uint64_t steps)
{
    const struct troth_cel_node *n = &e->nodes[child];
    const struct troth_cel_node *above = &e->nodes[n->parent];
    const bool is_choice = troth_cel_node_is_call(above, "_?_:_");

    if (above->kind == TROTH_CEL_NODE_LOOP &&
        (n->number == TROTH_CEL_LOOP_CONDITION || n->number == TROTH_CEL_LOOP_STEP))
        steps = troth_cel_steps_times(steps,
                                      troth_cel_estimate_count(e, above->first_child));
    if (is_choice && n->number == 1) {
        parent->branch = steps;
        return;
    }
    if (is_choice && n->number == 2 && parent->branch > steps)
        steps = parent->branch;
    parent->steps = troth_cel_steps_sum(parent->steps, steps);
}

static bool has_no_parts(const struct troth_cel_node *n)
{
    return n->meaning != TROTH_CEL_MEANS_ITSELF;
}

uint64_t troth_cel_cost(const struct troth_cel_program *program, uint64_t size)
{
    const struct troth_cel_estimate e = {program->tree->nodes, size};
    struct troth_cel_walk walk = troth_cel_walk_over(program->tree, program->tree->root);
    struct frame frames[TROTH_CEL_DEPTH_MAX + 1] = {{0}};
    uint64_t steps = 0;

    while (troth_cel_walk_next(&walk)) {
        const struct troth_cel_node *n = &e.nodes[walk.node];

        if (walk.depth > TROTH_CEL_DEPTH_MAX)
            return UINT64_MAX;
        if (walk.step == TROTH_CEL_ENTER) {
            frames[walk.depth] = (struct frame){0, 0};
            if (has_no_parts(n))
                troth_cel_walk_skip(&walk);
        }
        if (walk.step != TROTH_CEL_LEAVE)
            continue;
        steps = n->meaning == TROTH_CEL_MEANS_NAMESPACE
                    ? 0
                    : troth_cel_steps_sum(frames[walk.depth].steps, cost_of_node(&e, n));
        if (walk.depth)
            count_child(&e, &frames[walk.depth - 1], walk.node, steps);
    }
    return troth_cel_steps_sum(steps, TROTH_CEL_STEPS_OF_CODE);
}
