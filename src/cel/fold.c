/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/fold.h"

#include "base/arena.h"

/* What costs more than a host would call nothing is left for the evaluation, which has a
 * budget. */
#define FOLD_STEPS_OF_ONE 10000

static bool is_of(const struct troth_cel_library *library,
                  const struct troth_cel_overload *overload)
{
    for (size_t i = 0; i < library->overload_count; i++)
        if (&library->overloads[i] == overload)
            return true;
    return false;
}

static bool is_ours(const struct troth_cel_overload *overload)
{
    bool found = is_of(&troth_cel_standard, overload);

    for (size_t i = 0; i < TROTH_CEL_LIBRARIES && !found; i++)
        found = is_of(troth_cel_all_libraries[i], overload);
    return found;
}

bool troth_cel_may_fold(const struct troth_cel_overload *const *overloads)
{
    if (!overloads)
        return false;
    while (*overloads && is_ours(*overloads))
        overloads++;
    return !*overloads;
}

/* The value that is left on the stack after the one instruction, or NULL. */
static const struct troth_cel_value *run_one(const struct troth_cel_instruction *in,
                                             const struct troth_cel_instruction *operands,
                                             const struct troth_cel_tree *tree,
                                             uint64_t *steps)
{
    const uint64_t allowed = *steps < FOLD_STEPS_OF_ONE ? *steps : FOLD_STEPS_OF_ONE;
    struct troth_cel_machine m = {
        .call = {.arena = tree->arena, .steps = allowed},
        .nodes = tree->nodes,
    };
    struct troth_cel_value *stack = troth_arena_take_unset(
        tree->arena, (size_t)in->number + 1, sizeof *stack);

    if (!stack)
        return NULL;
    for (uint32_t i = 0; i < in->number; i++)
        stack[i] = *operands[i].constant;
    m.top = stack + in->number;
    (void)in->step(&m, in);
    *steps -= allowed - m.call.steps;
    return m.call.out_of_steps || m.call.out_of_memory || stack->kind <= TROTH_CEL_UNKNOWN
               ? NULL
               : stack;
}

const struct troth_cel_value *troth_cel_fold(const struct troth_cel_instruction *in,
                                             const struct troth_cel_instruction *operands,
                                             const struct troth_cel_tree *tree,
                                             uint64_t *steps)
{
    const size_t used = tree->arena->used;
    const struct troth_cel_value *value = run_one(in, operands, tree, steps);

    if (!value)
        tree->arena->used = used;
    return value;
}
