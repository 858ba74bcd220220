/*
 * unify.h - fit types to one another where parts of them are not known yet.
 *
 * The element type of [] and the A of list(A) are unknowns: parameters that stand for a
 * type that is found out when they meet one. What is asked for is what CEL's checker
 * asks: may this be given where that is wanted? dyn may always be, and is always taken.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CEL_UNIFY_H
#define TROTH_CEL_UNIFY_H

#include "cel/type.h"

/* Unknowns that one question may find out; more are let through as if they were dyn. */
#define TROTH_CEL_TRAIL_MAX 128

struct troth_cel_unifier {
    struct troth_arena *arena;
    bool is_out_of_memory; /* sticky; types are then dyn */
    struct troth_cel_type *unknowns;
    const struct troth_cel_type **bound; /* what each stands for, or NULL */
    uint32_t count, capacity;
    /* What the present question has found out, to take it back. */
    struct {
        uint32_t unknown;
        const struct troth_cel_type *before;
    } trail[TROTH_CEL_TRAIL_MAX];
    uint32_t trail_count;
};

/* Room for so many unknowns; those that do not fit are dyn. TROTH_ERR_MEMORY */
TROTH_MUST_USE enum troth_err troth_cel_unifier_begin(struct troth_cel_unifier *out,
                                                      struct troth_arena *arena,
                                                      uint32_t capacity);

const struct troth_cel_type *troth_cel_unknown(struct troth_cel_unifier *u);

/* From here on, what is found out can be taken back, with all unknowns made since. */
struct troth_cel_question {
    uint32_t count;
    size_t used;
};
struct troth_cel_question troth_cel_question_begin(struct troth_cel_unifier *u);
void troth_cel_question_undo(struct troth_cel_unifier *u,
                             struct troth_cel_question question);

/* May `given` be given where `wanted` is? Finds out unknowns; those found out before the
 * answer was no have to be taken back. */
bool troth_cel_type_fits(struct troth_cel_unifier *u, const struct troth_cel_type *given,
                         const struct troth_cel_type *wanted);

/* A question of its own: nothing is found out where the answer is no. */
bool troth_cel_type_is_assignable(struct troth_cel_unifier *u,
                                  const struct troth_cel_type *given,
                                  const struct troth_cel_type *wanted);

/* The more general of two types if one fits the other, or NULL. */
const struct troth_cel_type *troth_cel_type_join(struct troth_cel_unifier *u,
                                                 const struct troth_cel_type *a,
                                                 const struct troth_cel_type *b);

/* What is known of the outermost constructor: never an unknown that stands for a type. */
const struct troth_cel_type *troth_cel_type_known(const struct troth_cel_unifier *u,
                                                  const struct troth_cel_type *type);

#endif
