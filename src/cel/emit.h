/*
 * emit.h - write instructions, and keep count of the stack they will need.
 *
 * What has only constants as operands is worked out at once, and a constant second
 * operand becomes a part of its operator.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CEL_EMIT_H
#define TROTH_CEL_EMIT_H

#include "cel/machine.h"
#include "cel/operators.h"

struct troth_cel_emitter {
    const struct troth_cel_tree *tree;
    struct troth_cel_instruction *instructions; /* room for all there will be */
    uint32_t count;
    uint32_t height, highest; /* of the stack */
    uint64_t fold_steps;      /* that may still be spent on constants */
};

/* The next instruction: `takes` values are taken from the stack, `gives` put there. */
struct troth_cel_instruction *troth_cel_emit(struct troth_cel_emitter *e,
                                             troth_cel_step_function *step, uint32_t node,
                                             uint32_t takes, uint32_t gives);

/* One that puts a value on the stack, and has a number. */
void troth_cel_emit_push(struct troth_cel_emitter *e, troth_cel_step_function *step,
                         uint32_t node, uint32_t number);

void troth_cel_emit_constant(struct troth_cel_emitter *e, uint32_t node,
                             const struct troth_cel_value *value);

/* A jump, by its position, whose target is not known yet; see troth_cel_emit_land(). */
uint32_t troth_cel_emit_jump(struct troth_cel_emitter *e, troth_cel_step_function *step,
                             uint32_t node, uint32_t takes);

/* The jump between a call's two operands, where the first may decide; NULL: none. */
troth_cel_step_function *troth_cel_jump_between(const struct troth_cel_node *call);

/* The jump at `from` goes to what comes next. */
void troth_cel_emit_land(struct troth_cel_emitter *e, uint32_t from);

/* An instruction over in->number values; its own value instead, if that is constant. */
void troth_cel_emit_over(struct troth_cel_emitter *e,
                         const struct troth_cel_instruction *in, bool may_fold);

void troth_cel_emit_operator(struct troth_cel_emitter *e, uint32_t node,
                             const struct troth_cel_operator *known);

/* A call of matches() whose pattern is a constant on top of the stack: the pattern is
 * compiled once. False, and nothing is emitted, where it is another call or no pattern.
 */
bool troth_cel_emit_matches(struct troth_cel_emitter *e,
                            const struct troth_cel_instruction *call);

/* Take back the constant `true`, if that is the last instruction. */
bool troth_cel_emit_drop_true(struct troth_cel_emitter *e);

#endif
