/*
 * rewrite.h - types made anew: with what was found out about their unknowns, or with
 * unknowns of one call for a row's parameters.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CEL_REWRITE_H
#define TROTH_CEL_REWRITE_H

#include "cel/unify.h"

/* Parameters of one overload; more are dyn. */
#define TROTH_CEL_PARAMETERS_MAX 8

/* A row's own parameters, and the unknowns that stand for them in one call. */
struct troth_cel_parameters {
    const char *names[TROTH_CEL_PARAMETERS_MAX];
    const struct troth_cel_type *unknowns[TROTH_CEL_PARAMETERS_MAX];
    unsigned count;
};

/* The whole type with all that was found out; with `is_final`, unknowns are dyn. */
const struct troth_cel_type *troth_cel_type_resolve(struct troth_cel_unifier *u,
                                                    const struct troth_cel_type *type,
                                                    bool is_final);

/* A host's type with unknowns for its parameters; dyn where `parameters` is NULL. */
const struct troth_cel_type *
troth_cel_type_instance(struct troth_cel_unifier *u,
                        struct troth_cel_parameters *parameters,
                        const struct troth_cel_type *type);

/* A type of that kind with one or two arguments. */
const struct troth_cel_type *troth_cel_type_new(struct troth_cel_unifier *u,
                                                enum troth_cel_kind kind,
                                                const struct troth_cel_type *first,
                                                const struct troth_cel_type *second);

#endif
