/*
 * resolve.h - what is declared by a name: variables, types and functions.
 *
 * A name is looked for in the container, then in each of its parents: in "com.example",
 * x is com.example.x, com.x or x, whichever is there first. An absolute one (.x) is x.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CEL_RESOLVE_H
#define TROTH_CEL_RESOLVE_H

#include "base/writer.h"
#include "cel/node.h"

/* A NAME, the fields selected from it, and perhaps the function called on them, read as
 * one dotted name. */
struct troth_cel_chain {
    const struct troth_cel_tree *tree;
    uint32_t first; /* the NAME, or a CALL without receiver */
    uint32_t last;
};

/* Is `node` (NAME, SELECT or CALL) such a chain? */
bool troth_cel_chain_of(struct troth_cel_chain *out, const struct troth_cel_tree *tree,
                        uint32_t node);

/* "a.b.c". */
void troth_cel_write_chain(struct troth_writer *w, const struct troth_cel_chain *chain);

/* The declared variable of that name: its index; false if there is none. */
bool troth_cel_find_variable(uint32_t *out, const struct troth_cel_chain *chain,
                             const struct troth_cel_env *env);

/* The type of that name, or NULL. */
const struct troth_cel_type *troth_cel_find_type(const struct troth_cel_chain *chain,
                                                 const struct troth_cel_env *env);

/* The whole name of a function of that name that is no method, or NULL. */
const char *troth_cel_find_function(const struct troth_cel_chain *chain,
                                    const struct troth_cel_env *env);

/* All libraries of an environment, the standard one first; NULL after the last. */
const struct troth_cel_library *troth_cel_env_library(const struct troth_cel_env *env,
                                                      size_t n);

#endif
