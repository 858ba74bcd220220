/*
 * machine.h - the evaluator: instructions, and the stack they work on.
 *
 * Every instruction names the function that does it, so that the evaluator is one loop.
 * Locals of loops and lets have slots below the stack.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CEL_MACHINE_H
#define TROTH_CEL_MACHINE_H

#include "cel/code.h"
#include "regex/regex.h"

struct troth_cel_machine;
struct troth_cel_instruction;

/* Do it: the instruction that follows, or NULL at the end and when there is nothing left
 * to spend. */
typedef const struct troth_cel_instruction *
troth_cel_step_function(struct troth_cel_machine *m,
                        const struct troth_cel_instruction *in);

struct troth_cel_instruction {
    troth_cel_step_function *step;
    union {
        troth_cel_function *function;
        const struct troth_cel_overload *const *overloads;
        const struct troth_cel_instruction *target; /* of a jump */
        const struct troth_regex *regex;
    } with;
    const struct troth_cel_value *constant; /* or NULL */
    /* Whose value is on top of the stack afterwards; 0: nobody's. */
    uint32_t node;
    /* Of operands, of a variable, of the first slot, to jump over; where there is a
     * constant: its node. */
    uint32_t number;
};

struct troth_cel_code {
    const struct troth_cel_instruction *instructions;
    const struct troth_cel_node *nodes;
    uint32_t node_count;
    uint32_t slots; /* values: for locals */
    uint32_t room;  /* values: for locals, one below the stack, and the stack */
};

struct troth_cel_machine {
    struct troth_cel_call call;
    struct troth_cel_value *top;   /* above the value on top */
    struct troth_cel_value *slots; /* of locals */
    const struct troth_cel_value *variables;
    const struct troth_cel_node *nodes;
};

/* What a loop keeps, from its first slot on. */
enum troth_cel_loop_slot {
    TROTH_CEL_SLOT_RANGE,
    TROTH_CEL_SLOT_NEXT, /* INT: how often it went round */
    TROTH_CEL_SLOT_TEXT,
    TROTH_CEL_SLOT_SECOND,
    TROTH_CEL_SLOT_RESULT,
    TROTH_CEL_LOOP_SLOTS
};

/* clang-format off */
#define TROTH_CEL_STEPS(X)                                                               \
    /* step            operands             stack                                     */ \
    X(constant)     /* constant             → it                                      */ \
    X(variable)     /* number               → its value                               */ \
    X(has_variable) /* number               → bool                                    */ \
    X(local)        /* number: slot         → its value                               */ \
    X(fail)         /* number: the error    → it                                      */ \
    X(store)        /* number: slot         x →                                       */ \
    X(operate)      /* function, number     arguments → result                        */ \
    X(operate_with) /* function, constant   x → result of x and the constant          */ \
    X(is_int)       /* as above, where the constant is an INT: _==_                   */ \
    X(differs_int)                                                                       \
    X(is_text)      /* as above, where it is a STRING or BYTES                        */ \
    X(differs_text)                                                                      \
    X(less_int)     /* as above: _<_                                                  */ \
    X(at_most_int)                                                                       \
    X(greater_int)                                                                       \
    X(at_least_int)                                                                      \
    X(call)         /* overloads, number    arguments → result                        */ \
    X(matches)      /* regex, constant      text → bool                               */ \
    X(list)         /* number               elements → list                           */ \
    X(map)          /* number               key, value, … → map                       */ \
    X(unless_false) /* target               x → x; false jumps                        */ \
    X(unless_true)  /* target               x → x; true jumps                         */ \
    X(unless_some)  /* target               x → x; but for optionals without value jumps */ \
    X(unless_value) /* the same             x → what is in it                         */ \
    X(and)          /*                      a, b → a && b, a not being false          */ \
    X(or)                                                                                \
    X(branch)       /* target, number       x →; true goes on, false jumps; all else     \
                                            stays, and jumps over `number`            */ \
    X(jump)         /* target                                                         */ \
    X(note)         /* nothing: the value is that of `node` too                       */ \
    X(range)        /* target, number: slot x →; no list or map jumps                 */ \
    X(next)         /* target, number: slot jumps when there is no more               */ \
    X(next_pair)    /* the same with two variables                                    */ \
    X(go_on)        /* target               x →; false jumps                          */ \
    X(append)       /*                      list, x → list                            */ \
    X(insert)       /*                      map, key, value → map                     */ \
    X(insert_new)   /* the same; the key is not there yet                             */ \
    X(insert_all)   /*                      map, map → map                            */ \
    X(end)
/* clang-format on */

#define X(name) troth_cel_step_function troth_cel_step_##name;
TROTH_CEL_STEPS(X)
#undef X

/* What follows, unless a function ran out of something. */
static inline const struct troth_cel_instruction *
troth_cel_after(const struct troth_cel_machine *m, const struct troth_cel_instruction *in)
{
    return m->call.out_of_steps || m->call.out_of_memory ? NULL : in + 1;
}

/* An error that has no place yet is the node's. */
void troth_cel_place_error(const struct troth_cel_machine *m,
                           struct troth_cel_value *error,
                           const struct troth_cel_instruction *in);

/* Replace the values from `at` up by one. Here, because every step copies its value. */
static inline void troth_cel_answer(struct troth_cel_machine *m,
                                    struct troth_cel_value *at,
                                    struct troth_cel_value value,
                                    const struct troth_cel_instruction *in)
{
    *at = value;
    m->top = at + 1;
    if (value.kind == TROTH_CEL_ERROR)
        troth_cel_place_error(m, at, in);
}

/* Run what `code` has; the machine's call says whether it came to the end. */
void troth_cel_machine_run(struct troth_cel_machine *m, const struct troth_cel_code *code,
                           struct troth_cel_value *trace);

#endif
