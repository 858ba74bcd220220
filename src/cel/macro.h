/*
 * macro.h - what a macro is: a call that the parser replaces by other nodes.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CEL_MACRO_H
#define TROTH_CEL_MACRO_H

#include "cel/issue.h"
#include "cel/node.h"

#define TROTH_CEL_MACRO_ANY 255 /* argument_count: any number */

struct troth_cel_macro;

/* The call of a macro, which is to be replaced. */
struct troth_cel_macro_call {
    const struct troth_cel_macro *macro;
    struct troth_cel_tree *tree;
    struct troth_cel_issue *issue;
    uint32_t node; /* the CALL, its receiver and its arguments */
};

struct troth_cel_macro {
    const char *name;       /* "all", "cel.bind", "math.greatest" */
    bool is_member;         /* a receiver comes first; "cel." is a namespace, not one */
    uint8_t argument_count; /* without the receiver */
    uint8_t variables;      /* how many arguments name variables: the first ones */
    /*
     * The node that replaces the call, or 0 with an issue. The call itself, where it is
     * no macro after all.
     */
    uint32_t (*expand)(const struct troth_cel_macro_call *call);
};

/* How many macros each library has: sizes, as the tables of libraries are constants. */
enum {
    TROTH_CEL_STANDARD_MACROS = 8, /* has, all, exists, exists_one, existsOne, … */
    TROTH_CEL_TWO_VARIABLE_MACROS = 10,
    TROTH_CEL_BINDING_MACROS = 4,  /* cel.bind, cel.block, cel.index, cel.iterVar */
    TROTH_CEL_OPTIONAL_MACROS = 2, /* optMap, optFlatMap */
    /* math.greatest and math.least: "math.@max" and "math.@min" of one list where there
     * are more than two arguments, of what there is otherwise. */
    TROTH_CEL_MATH_MACROS = 2
};

/* The macro that a CALL names, by function, shape and number of arguments; or NULL. */
const struct troth_cel_macro *troth_cel_macro_find(const struct troth_cel_env *env,
                                                   const struct troth_cel_tree *tree,
                                                   uint32_t call);

/* Macros of the standard library and those of the others, each named by its library. */
extern const struct troth_cel_macro troth_cel_standard_macros[TROTH_CEL_STANDARD_MACROS];
extern const struct troth_cel_macro
    troth_cel_two_variable_macros[TROTH_CEL_TWO_VARIABLE_MACROS];
extern const struct troth_cel_macro troth_cel_binding_macros[TROTH_CEL_BINDING_MACROS];
extern const struct troth_cel_macro troth_cel_optional_macros[TROTH_CEL_OPTIONAL_MACROS];
extern const struct troth_cel_macro troth_cel_math_macros[TROTH_CEL_MATH_MACROS];

#endif
