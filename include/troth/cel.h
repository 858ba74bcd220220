/*
 * cel.h - the Common Expression Language, for whoever has rules to judge by.
 *
 * Declare what expressions may name, compile once, evaluate as often as you like:
 *
 *     struct troth_cel_variable names[] = {{"vmpl", &troth_cel_types[TROTH_CEL_INT]}};
 *     struct troth_cel_env env = {.variables = names, .variable_count = 1};
 *     troth_cel_compile(&program, &issue, &env, TROTH_LITERAL("vmpl < 2"), &arena);
 *     struct troth_cel_value values[] = {TROTH_CEL_INT_VALUE(0)};
 *     troth_cel_evaluate(&answer, &program, &(struct troth_cel_run){values, …});
 *
 * The language without protobuf messages; docs/cel.md lists what is there. It is total:
 * every evaluation ends, within the steps and the memory the caller gives. Nothing here
 * keeps state: a program is read-only and may be evaluated by several threads at once.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CEL_H
#define TROTH_CEL_H

#include "troth/arena.h"
#include "troth/cel_function.h"
#include "troth/error.h"

struct troth_cel_variable {
    const char *name; /* may have dots: "tdx.mr_td"; the longest name that fits wins */
    const struct troth_cel_type *type;
};

struct troth_cel_env {
    const char *container; /* "com.example": names are looked for there first; or NULL */
    const struct troth_cel_variable *variables;
    size_t variable_count;
    /* Beside the standard functions; see cel_function.h for those there are. */
    const struct troth_cel_library *const *libraries;
    size_t library_count;
    const struct troth_cel_type
        *result;       /* what the expression must yield; NULL: anything */
    bool is_unchecked; /* let types be found out by evaluating (for conformance tests) */
};

/* Limits of a compilation; more is an issue. */
#define TROTH_CEL_SOURCE_MAX ((size_t)64 * 1024) /* bytes */
#define TROTH_CEL_NODES_MAX  8192
#define TROTH_CEL_NESTING_MAX                                                            \
    100                         /* of the tree, macros written out; a + b + c is one     \
                                 */
#define TROTH_CEL_DEPTH_MAX 500 /* the same, each operator in a row being one more */

/* Why an expression cannot be compiled, and where. */
struct troth_cel_issue {
    uint32_t start, end;   /* bytes of the source */
    uint32_t line, column; /* of `start`, from 1; columns count code points */
    char text[224];        /* one clause for people, without a full stop */
};

struct troth_cel_program {
    struct troth_span source; /* borrowed */
    const struct troth_cel_type *type;
    const struct troth_cel_tree *tree; /* src/cel/node.h */
    const struct troth_cel_code *code; /* src/cel/code.h */
    size_t variable_count;             /* of the environment */
    /* The declared variables that are used, by index, ascending. */
    const uint32_t *used;
    size_t used_count;
};

/*
 * troth_cel_compile - read, check and prepare an expression.
 *
 *   out     zeroed on failure; borrows `source`, `env` and all it points at, and `arena`
 *   issue   filled when the result is TROTH_ERR_VALUE; may be NULL
 *
 * Errors   TROTH_ERR_VALUE (see `issue`), TROTH_ERR_MEMORY
 * Spec     [CEL] langdef
 */
TROTH_MUST_USE enum troth_err troth_cel_compile(struct troth_cel_program *out,
                                                struct troth_cel_issue *issue,
                                                const struct troth_cel_env *env,
                                                struct troth_span source,
                                                struct troth_arena *arena);

/* An upper bound of the steps of one evaluation, if no collection or text it meets is
 * larger than `size`, and nothing of type dyn more than a list of texts; UINT64_MAX if
 * that is more than can be counted. */
uint64_t troth_cel_cost(const struct troth_cel_program *program, uint64_t size);

struct troth_cel_run {
    /* One for each variable of the environment. NONE: no value; UNKNOWN: not known yet.
     */
    const struct troth_cel_value *variables;
    uint64_t steps;            /* at most so many */
    struct troth_arena *arena; /* its free room is the memory there is */
    /* NULL, or one for each node of the tree (program->tree->count): the last value that
     * each had, NONE where it was never evaluated. For troth_cel_explain(). */
    struct troth_cel_value *trace;
};

/*
 * troth_cel_evaluate - the value of an expression.
 *
 *   out   may be of kind ERROR; UNKNOWN where an unknown variable decides; zeroed on
 *         failure; borrows the run's variables and arena
 *
 * Errors   TROTH_ERR_LIMIT: out of steps; TROTH_ERR_MEMORY: out of memory. Nothing in an
 *          expression can absorb either.
 * Effects  writes the arena and the trace
 */
TROTH_MUST_USE enum troth_err troth_cel_evaluate(struct troth_cel_value *out,
                                                 const struct troth_cel_program *program,
                                                 const struct troth_cel_run *run);

/* One sub-expression that decided, and the values it was made of. */
struct troth_cel_reason {
    uint32_t start, end;          /* of the source */
    struct troth_cel_value value; /* what it was */
    unsigned depth;               /* 0: it decides; more: an operand of the one above */
};

/*
 * troth_cel_explain - which sub-expressions made a traced evaluation come out as it did?
 *
 *   out     from the root: "a && b" is explained by the operand that was false, "a || b"
 *           by both, "!a" by a, a macro by the element that decided; then the operands of
 *           each, unless they are literals
 *   out_count  at most `room`
 *
 * Effects  none
 */
void troth_cel_explain(struct troth_cel_reason *out, size_t *out_count, size_t room,
                       const struct troth_cel_program *program,
                       const struct troth_cel_value *trace);

/*
 * A value as a CEL literal: 'text', b'\x00', 1u, [1, 2], timestamp('…'); bytes of more
 * than four as hex.decode('…').
 *
 * Errors   TROTH_ERR_LIMIT: does not fit `size` bytes
 */
TROTH_MUST_USE enum troth_err
troth_cel_value_to_text(uint8_t *out, size_t size, size_t *out_len,
                        const struct troth_cel_value *value);

/* A type as CEL spells it: "map(string, list(dyn))". Errors as above. */
TROTH_MUST_USE enum troth_err troth_cel_type_to_text(uint8_t *out, size_t size,
                                                     size_t *out_len,
                                                     const struct troth_cel_type *type);

#endif
