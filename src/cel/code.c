/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/code.h"

#include "base/arena.h"
#include "cel/dispatch.h"
#include "cel/emit.h"
#include "cel/fold.h"

/* What is known of a node between its children. */
struct frame {
    uint32_t node;
    uint32_t slots; /* LOOP and LET: the first of its locals' */
    /* Instructions: jumps that want their targets, and where a round of a loop begins. */
    uint32_t jump, other_jump, round;
};

struct maker {
    struct troth_cel_emitter e;
    struct frame *frames; /* by depth */
    uint32_t slots, most_slots;
    bool is_full;
};

/* Instructions that a node may need itself. */
static const uint8_t most_instructions[] = {
    [TROTH_CEL_NODE_LITERAL] = 1, [TROTH_CEL_NODE_NAME] = 1, [TROTH_CEL_NODE_SELECT] = 1,
    [TROTH_CEL_NODE_CALL] = 3,    [TROTH_CEL_NODE_LIST] = 1, [TROTH_CEL_NODE_MAP] = 1,
    [TROTH_CEL_NODE_LOOP] = 7,    [TROTH_CEL_NODE_LET] = 2,
};

/* Calls that are instructions of their own. */
struct special {
    const char *name;
    troth_cel_step_function *step;
    uint8_t operands;
};
static const struct special specials[] = {
    {"_&&_", troth_cel_step_and, 2},
    {"_||_", troth_cel_step_or, 2},
    {"@append", troth_cel_step_append, 2},
    {"@insert", troth_cel_step_insert, 3},
    {"@insert_all", troth_cel_step_insert_all, 2},
};

static const struct troth_cel_node *node_of(const struct maker *k, uint32_t node)
{
    return &k->e.tree->nodes[node];
}

static void emit_store(struct maker *k, uint32_t slot)
{
    troth_cel_emit(&k->e, troth_cel_step_store, 0, 1, 0)->number = slot;
}

/* The value on the stack is that of `node` too. */
static void emit_note(struct maker *k, uint32_t node)
{
    (void)troth_cel_emit(&k->e, troth_cel_step_note, node, 0, 0);
}

/* Is the key that of the loop's own range, in which no key is twice? */
static bool inserts_new_key(const struct maker *k, const struct troth_cel_node *insert)
{
    const struct troth_cel_node *into = node_of(k, insert->first_child);
    const struct troth_cel_node *key = node_of(k, into->next);

    return key->kind == TROTH_CEL_NODE_NAME && key->meaning == TROTH_CEL_MEANS_LOCAL &&
           key->local == TROTH_CEL_LOCAL_TEXT && key->index == into->index &&
           node_of(k, key->index)->second.len > 0;
}

static bool emit_special(struct maker *k, const struct frame *frame,
                         const struct troth_cel_node *node)
{
    for (size_t i = 0; i < sizeof specials / sizeof specials[0]; i++) {
        if (!troth_cel_node_is_call(node, specials[i].name))
            continue;

        struct troth_cel_instruction *in = troth_cel_emit(
            &k->e, specials[i].step, frame->node, specials[i].operands, 1);

        if (in->step == troth_cel_step_insert && inserts_new_key(k, node))
            in->step = troth_cel_step_insert_new;
        return true;
    }
    return false;
}

static void leave_conditional(struct maker *k, const struct frame *frame)
{
    struct troth_cel_instruction *branch = &k->e.instructions[frame->jump];

    troth_cel_emit_land(&k->e, frame->other_jump);
    branch->number = k->e.count - frame->jump;
    emit_note(k, frame->node);
}

/* A call that has no instruction of its own. */
static void leave_function(struct maker *k, uint32_t at,
                           const struct troth_cel_node *node)
{
    struct troth_cel_instruction in = {
        .step = troth_cel_step_call,
        .node = at,
        .number = node->child_count - (node->has_namespace ? 1 : 0),
    };

    if (node->overloads)
        in.with.overloads = troth_cel_unshadowed(node->overloads, k->e.tree->arena);
    if (node->overloads && !in.with.overloads)
        k->is_full = true;
    if (!troth_cel_emit_matches(&k->e, &in))
        troth_cel_emit_over(&k->e, &in, troth_cel_may_fold(in.with.overloads));
}

static void leave_call(struct maker *k, const struct frame *frame,
                       const struct troth_cel_node *node)
{
    const struct troth_cel_operator *known = troth_cel_operator_named(node->text);

    if (troth_cel_node_is_call(node, "_?_:_"))
        leave_conditional(k, frame);
    else if (known)
        troth_cel_emit_operator(&k->e, frame->node, known);
    else if (!emit_special(k, frame, node))
        leave_function(k, frame->node, node);
    if (troth_cel_jump_between(node))
        troth_cel_emit_land(&k->e, frame->jump);
}

static uint32_t slots_of(const struct maker *k, unsigned depth, uint32_t node)
{
    while (depth && k->frames[depth].node != node)
        depth--;
    return k->frames[depth].slots;
}

static void leave_local(struct maker *k, unsigned depth, uint32_t at)
{
    static const uint8_t in_loop[] = {
        [TROTH_CEL_LOCAL_TEXT] = TROTH_CEL_SLOT_TEXT,
        [TROTH_CEL_LOCAL_SECOND] = TROTH_CEL_SLOT_SECOND,
        [TROTH_CEL_LOCAL_RESULT] = TROTH_CEL_SLOT_RESULT,
    };
    const struct troth_cel_node *node = node_of(k, at);
    const bool is_loop = node_of(k, node->index)->kind == TROTH_CEL_NODE_LOOP;

    troth_cel_emit_push(&k->e, troth_cel_step_local, at,
                        slots_of(k, depth, node->index) +
                            (is_loop ? in_loop[node->local] : 0));
}

static void leave_select(struct maker *k, uint32_t at, const struct troth_cel_node *node)
{
    struct troth_cel_value *field = troth_arena_take(k->e.tree->arena, sizeof *field);
    struct troth_cel_instruction *in = troth_cel_emit(&k->e, troth_cel_step_operate_with,
                                                      at, 1, 1);

    if (!field) {
        k->is_full = true;
        return;
    }
    *field = TROTH_CEL_STRING_VALUE(node->text);
    in->constant = field;
    in->with.function = node->is_test ? troth_cel_has : troth_cel_select;
}

/* A NAME, and a SELECT that is one name or field. */
static void leave_name(struct maker *k, unsigned depth, uint32_t at)
{
    const struct troth_cel_node *node = node_of(k, at);

    switch (node->meaning) {
    case TROTH_CEL_MEANS_VARIABLE:
        troth_cel_emit_push(
            &k->e, node->is_test ? troth_cel_step_has_variable : troth_cel_step_variable,
            at, node->index);
        return;
    case TROTH_CEL_MEANS_LOCAL:
        leave_local(k, depth, at);
        return;
    case TROTH_CEL_MEANS_TYPE:
        troth_cel_emit_constant(&k->e, at, &node->literal);
        return;
    case TROTH_CEL_MEANS_NAMESPACE:
        return;
    case TROTH_CEL_MEANS_ITSELF:
        if (node->kind == TROTH_CEL_NODE_SELECT) {
            leave_select(k, at, node);
            return;
        }
        break;
    case TROTH_CEL_MEANS_NOTHING:
        break;
    }
    troth_cel_emit_push(&k->e, troth_cel_step_fail, at, TROTH_CEL_ERROR_VARIABLE);
}

static void leave_literal(struct maker *k, uint32_t at, const struct troth_cel_node *node)
{
    const struct troth_cel_instruction in = {
        .step = node->kind == TROTH_CEL_NODE_LIST ? troth_cel_step_list
                                                  : troth_cel_step_map,
        .node = at,
        .number = node->child_count,
    };

    troth_cel_emit_over(&k->e, &in, true);
}

static void leave_loop(struct maker *k, const struct frame *frame)
{
    troth_cel_emit_land(&k->e, frame->jump);
    emit_note(k, frame->node);
    k->slots -= TROTH_CEL_LOOP_SLOTS;
}

static void leave(struct maker *k, unsigned depth, uint32_t at)
{
    const struct troth_cel_node *node = node_of(k, at);
    const struct frame *frame = &k->frames[depth];

    switch ((enum troth_cel_node_kind)node->kind) {
    case TROTH_CEL_NODE_LITERAL:
        troth_cel_emit_constant(&k->e, at, &node->literal);
        break;
    case TROTH_CEL_NODE_NAME:
    case TROTH_CEL_NODE_SELECT:
        leave_name(k, depth, at);
        break;
    case TROTH_CEL_NODE_CALL:
        leave_call(k, frame, node);
        break;
    case TROTH_CEL_NODE_LIST:
    case TROTH_CEL_NODE_MAP:
        leave_literal(k, at, node);
        break;
    case TROTH_CEL_NODE_LOOP:
        leave_loop(k, frame);
        break;
    case TROTH_CEL_NODE_LET:
        emit_note(k, at);
        k->slots--;
        break;
    }
}

static uint32_t take_slots(struct maker *k, uint32_t count)
{
    const uint32_t first = k->slots;

    k->slots += count;
    if (k->slots > k->most_slots)
        k->most_slots = k->slots;
    return first;
}

static void between_in_loop(struct maker *k, struct frame *frame, unsigned child,
                            const struct troth_cel_node *node)
{
    switch (child) {
    case TROTH_CEL_LOOP_RANGE:
        frame->slots = take_slots(k, TROTH_CEL_LOOP_SLOTS);
        frame->jump = troth_cel_emit_jump(&k->e, troth_cel_step_range, frame->node, 1);
        k->e.instructions[frame->jump].number = frame->slots;
        break;
    case TROTH_CEL_LOOP_INIT:
        emit_store(k, frame->slots + TROTH_CEL_SLOT_RESULT);
        frame->round = troth_cel_emit_jump(
            &k->e, node->second.len ? troth_cel_step_next_pair : troth_cel_step_next, 0,
            0);
        k->e.instructions[frame->round].number = frame->slots;
        break;
    case TROTH_CEL_LOOP_CONDITION:
        frame->other_jump = troth_cel_emit_drop_true(&k->e)
                                ? 0
                                : troth_cel_emit_jump(&k->e, troth_cel_step_go_on, 0, 1);
        break;
    case TROTH_CEL_LOOP_STEP:
        emit_store(k, frame->slots + TROTH_CEL_SLOT_RESULT);
        troth_cel_emit(&k->e, troth_cel_step_jump, 0, 0, 0)->with.target =
            &k->e.instructions[frame->round];
        troth_cel_emit_land(&k->e, frame->round);
        if (frame->other_jump)
            troth_cel_emit_land(&k->e, frame->other_jump);
        break;
    }
}

static void between_in_conditional(struct maker *k, struct frame *frame, unsigned child)
{
    if (child == 0) {
        frame->jump = troth_cel_emit_jump(&k->e, troth_cel_step_branch, frame->node, 1);
        return;
    }
    frame->other_jump = troth_cel_emit_jump(&k->e, troth_cel_step_jump, 0, 0);
    troth_cel_emit_land(&k->e, frame->jump);
    k->e.height--; /* the other branch leaves its value in the same place */
}

static void between_in_let(struct maker *k, struct frame *frame)
{
    frame->slots = take_slots(k, 1);
    emit_store(k, frame->slots);
}

static void between(struct maker *k, unsigned depth, unsigned child)
{
    struct frame *frame = &k->frames[depth];
    const struct troth_cel_node *node = node_of(k, frame->node);

    if (node->kind == TROTH_CEL_NODE_LOOP)
        between_in_loop(k, frame, child, node);
    else if (node->kind == TROTH_CEL_NODE_LET)
        between_in_let(k, frame);
    else if (troth_cel_node_is_call(node, "_?_:_"))
        between_in_conditional(k, frame, child);
    else if (troth_cel_jump_between(node))
        frame->jump = troth_cel_emit_jump(&k->e, troth_cel_jump_between(node),
                                          frame->node, 0);
}

/* Names with dots are one thing: what they are made of is not evaluated. */
static bool is_one_name(const struct troth_cel_node *node)
{
    return node->kind == TROTH_CEL_NODE_SELECT && node->meaning != TROTH_CEL_MEANS_ITSELF;
}

static void make(struct maker *k)
{
    struct troth_cel_walk walk = troth_cel_walk_over(k->e.tree, k->e.tree->root);

    while (!k->is_full && troth_cel_walk_next(&walk)) {
        switch (walk.step) {
        case TROTH_CEL_ENTER:
            k->frames[walk.depth] = (struct frame){.node = walk.node};
            if (is_one_name(node_of(k, walk.node)))
                troth_cel_walk_skip(&walk);
            break;
        case TROTH_CEL_BETWEEN:
            between(k, walk.depth, walk.child);
            break;
        case TROTH_CEL_LEAVE:
            leave(k, walk.depth, walk.node);
            break;
        }
    }
    troth_cel_emit(&k->e, troth_cel_step_end, 0, 0, 0);
}

/* How many instructions there may be at most, the end among them, and how deep the tree
 * is. */
static uint32_t measure(const struct troth_cel_tree *tree, unsigned *out_depth)
{
    struct troth_cel_walk walk = troth_cel_walk_over(tree, tree->root);
    uint32_t most = 1;

    *out_depth = 0;
    while (troth_cel_walk_next(&walk)) {
        if (walk.step != TROTH_CEL_ENTER)
            continue;
        most += most_instructions[tree->nodes[walk.node].kind];
        if (walk.depth > *out_depth)
            *out_depth = walk.depth;
    }
    return most;
}

enum troth_err troth_cel_code_make(const struct troth_cel_code **out,
                                   const struct troth_cel_tree *tree,
                                   const struct troth_cel_env *env)
{
    unsigned depth;
    const uint32_t most = measure(tree, &depth);
    struct troth_cel_code *code = troth_arena_take(tree->arena, sizeof *code);
    struct maker k = {.e = {.tree = tree, .fold_steps = TROTH_CEL_FOLD_STEPS}};

    (void)env;
    *out = NULL;
    k.e.instructions = troth_arena_take_unset(tree->arena, most,
                                              sizeof k.e.instructions[0]);
    k.frames = troth_arena_take_unset(tree->arena, (size_t)depth + 1, sizeof k.frames[0]);
    if (!code || !k.e.instructions || !k.frames)
        return TROTH_ERR_MEMORY;
    make(&k);
    if (k.is_full)
        return TROTH_ERR_MEMORY;
    *code = (struct troth_cel_code){
        .instructions = k.e.instructions,
        .nodes = tree->nodes,
        .node_count = tree->count,
        .slots = k.most_slots,
        .room = k.most_slots + 1 + k.e.highest,
    };
    *out = code;
    return TROTH_OK;
}
