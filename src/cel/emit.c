/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/emit.h"

#include "base/arena.h"
#include "cel/fold.h"
#include "cel/optionals.h"
#include "cel/standard.h"

/* Operators whose second operand is often a constant of one kind. */
struct shortcut {
    troth_cel_function *function;
    troth_cel_step_function *for_int, *for_text;
};
static const struct shortcut shortcuts[] = {
    {troth_cel_is_equal, troth_cel_step_is_int, troth_cel_step_is_text},
    {troth_cel_is_different, troth_cel_step_differs_int, troth_cel_step_differs_text},
    {troth_cel_is_less, troth_cel_step_less_int, NULL},
    {troth_cel_is_at_most, troth_cel_step_at_most_int, NULL},
    {troth_cel_is_greater, troth_cel_step_greater_int, NULL},
    {troth_cel_is_at_least, troth_cel_step_at_least_int, NULL},
};

struct troth_cel_instruction *troth_cel_emit(struct troth_cel_emitter *e,
                                             troth_cel_step_function *step, uint32_t node,
                                             uint32_t takes, uint32_t gives)
{
    struct troth_cel_instruction *in = &e->instructions[e->count++];

    *in = (struct troth_cel_instruction){.step = step, .node = node};
    e->height = e->height - takes + gives;
    if (e->height > e->highest)
        e->highest = e->height;
    return in;
}

void troth_cel_emit_push(struct troth_cel_emitter *e, troth_cel_step_function *step,
                         uint32_t node, uint32_t number)
{
    troth_cel_emit(e, step, node, 0, 1)->number = number;
}

void troth_cel_emit_constant(struct troth_cel_emitter *e, uint32_t node,
                             const struct troth_cel_value *value)
{
    struct troth_cel_instruction *in = troth_cel_emit(e, troth_cel_step_constant, node, 0,
                                                      1);

    in->constant = value;
    in->number = node;
}

uint32_t troth_cel_emit_jump(struct troth_cel_emitter *e, troth_cel_step_function *step,
                             uint32_t node, uint32_t takes)
{
    (void)troth_cel_emit(e, step, node, takes, 0);
    return e->count - 1;
}

troth_cel_step_function *troth_cel_jump_between(const struct troth_cel_node *call)
{
    if (troth_cel_node_is_call(call, "_&&_"))
        return troth_cel_step_unless_false;
    if (troth_cel_node_is_call(call, "_||_"))
        return troth_cel_step_unless_true;

    const enum troth_cel_alternative alternative = troth_cel_alternative_of(call);

    return alternative == TROTH_CEL_OR         ? troth_cel_step_unless_some
           : alternative == TROTH_CEL_OR_VALUE ? troth_cel_step_unless_value
                                               : NULL;
}

void troth_cel_emit_land(struct troth_cel_emitter *e, uint32_t from)
{
    e->instructions[from].with.target = &e->instructions[e->count];
}

/* Are the last instructions `operands` constants, one for each operand? An operand that
 * is more than a constant ends with what it does with one. */
static bool are_constant(const struct troth_cel_emitter *e, uint32_t operands)
{
    if (operands > e->count)
        return false;
    for (uint32_t i = e->count - operands; i < e->count; i++)
        if (e->instructions[i].step != troth_cel_step_constant)
            return false;
    return true;
}

void troth_cel_emit_over(struct troth_cel_emitter *e,
                         const struct troth_cel_instruction *in, bool may_fold)
{
    const uint32_t first = e->count - in->number;
    const struct troth_cel_value *folded = NULL;

    if (may_fold && are_constant(e, in->number))
        folded = troth_cel_fold(in, &e->instructions[first], e->tree, &e->fold_steps);
    if (folded) {
        e->count = first;
        e->height -= in->number;
        troth_cel_emit_constant(e, in->node, folded);
        return;
    }
    *troth_cel_emit(e, in->step, in->node, in->number, 1) = *in;
}

static troth_cel_step_function *shortcut(troth_cel_function *function,
                                         const struct troth_cel_value *constant)
{
    for (size_t i = 0; i < sizeof shortcuts / sizeof shortcuts[0]; i++) {
        if (shortcuts[i].function != function)
            continue;
        if (constant->kind == TROTH_CEL_INT)
            return shortcuts[i].for_int;
        if (shortcuts[i].for_text &&
            (constant->kind == TROTH_CEL_STRING || constant->kind == TROTH_CEL_BYTES))
            return shortcuts[i].for_text;
    }
    return troth_cel_step_operate_with;
}

/* The constant on top of the stack becomes the instruction's own. */
static void emit_with_constant(struct troth_cel_emitter *e, uint32_t node,
                               troth_cel_function *function)
{
    const struct troth_cel_instruction operand = e->instructions[--e->count];
    struct troth_cel_instruction *in;

    in = troth_cel_emit(e, shortcut(function, operand.constant), node, 2, 1);
    in->with.function = function;
    in->constant = operand.constant;
    in->number = operand.node;
}

void troth_cel_emit_operator(struct troth_cel_emitter *e, uint32_t node,
                             const struct troth_cel_operator *known)
{
    const struct troth_cel_instruction in = {
        .step = troth_cel_step_operate,
        .with.function = known->call,
        .node = node,
        .number = known->argument_count,
    };

    if (in.number == 2 && are_constant(e, 1) && !are_constant(e, 2))
        emit_with_constant(e, node, known->call);
    else
        troth_cel_emit_over(e, &in, true);
}

static bool is_matches(const struct troth_cel_overload *const *overloads)
{
    return overloads && overloads[0] && !overloads[1] &&
           overloads[0]->call == troth_cel_matches;
}

/* In the arena; NULL, and nothing is taken, where it is no pattern. */
static const struct troth_regex *compiled(struct troth_span pattern,
                                          struct troth_arena *arena)
{
    const size_t used = arena->used;
    struct troth_regex *regex = troth_arena_take(arena, sizeof *regex);

    if (regex && !troth_regex_compile(regex, NULL, pattern, arena))
        return regex;
    arena->used = used;
    return NULL;
}

bool troth_cel_emit_matches(struct troth_cel_emitter *e,
                            const struct troth_cel_instruction *call)
{
    const struct troth_regex *regex = NULL;
    struct troth_cel_instruction operand;
    struct troth_cel_instruction *in;

    if (!is_matches(call->with.overloads) || !are_constant(e, 1) || are_constant(e, 2))
        return false;
    operand = e->instructions[e->count - 1];
    if (operand.constant->kind == TROTH_CEL_STRING)
        regex = compiled(operand.constant->as.text, e->tree->arena);
    if (!regex)
        return false;
    e->count--;
    in = troth_cel_emit(e, troth_cel_step_matches, call->node, 2, 1);
    in->with.regex = regex;
    in->constant = operand.constant;
    in->number = operand.node;
    return true;
}

bool troth_cel_emit_drop_true(struct troth_cel_emitter *e)
{
    const struct troth_cel_instruction *last = &e->instructions[e->count - 1];

    if (last->step != troth_cel_step_constant || last->constant->kind != TROTH_CEL_BOOL ||
        !last->constant->as.boolean)
        return false;
    e->count--;
    e->height--;
    return true;
}
