/*
 * node.h - an expression as a tree, and the one way to walk it.
 *
 * Nodes stand in one array and name each other by index, so that no pass recurses: each
 * is a loop over troth_cel_walk_next(). Index 0 is no node; the root is tree->root.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CEL_NODE_H
#define TROTH_CEL_NODE_H

#include "troth/cel.h"

enum troth_cel_node_kind {
    TROTH_CEL_NODE_LITERAL = 1,
    TROTH_CEL_NODE_NAME,   /* `text`; a leading dot is in is_absolute */
    TROTH_CEL_NODE_SELECT, /* child: the operand; `text`: the field */
    TROTH_CEL_NODE_CALL,   /* `text`: the function; children: receiver, arguments */
    TROTH_CEL_NODE_LIST,   /* children: the elements */
    TROTH_CEL_NODE_MAP,    /* children: key, value, key, value, … */
    TROTH_CEL_NODE_LOOP,   /* what macros become; children: enum troth_cel_loop_child */
    TROTH_CEL_NODE_LET     /* `text` = first child's value, in the second child */
};

/*
 * Operators are calls: "_+_", "_-_", "-_", "!_", "_*_", "_/_", "_%_", "_==_", "_!=_",
 * "_<_", "_<=_", "_>_", "_>=_", "_&&_", "_||_", "_?_:_", "@in", "_[_]", "_[?_]" and
 * "_?._" (whose second child is the field as a STRING literal). "_&&_" and "_||_" have
 * two children. Conversions and constructors are calls too: "int", "timestamp", "dyn", …
 */

/*
 * for `text` (and `second`) in RANGE, with the accumulator TROTH_CEL_ACCUMULATOR = INIT:
 * while CONDITION, accumulator = STEP; the value is RESULT. The iteration variables are
 * seen by CONDITION and STEP, the accumulator by these and RESULT. With `second`, `text`
 * is the index or key and `second` the element or value.
 */
enum troth_cel_loop_child {
    TROTH_CEL_LOOP_RANGE,
    TROTH_CEL_LOOP_INIT,
    TROTH_CEL_LOOP_CONDITION,
    TROTH_CEL_LOOP_STEP,
    TROTH_CEL_LOOP_RESULT,
    TROTH_CEL_LOOP_CHILDREN
};

/* A NAME that users cannot write. Inner loops hide those of outer ones. */
#define TROTH_CEL_ACCUMULATOR "@result"

/*
 * Calls that only macros make: "@not_strictly_false"(bool) is false for false alone, true
 * for errors too; "@append"(list, x) and "@insert"(map, key, value) and
 * "@insert_all"(map, map) make the accumulator longer, in place where the evaluator can.
 */

/* What a NAME or a SELECT stands for, once it is resolved. */
enum troth_cel_meaning {
    TROTH_CEL_MEANS_ITSELF = 0, /* SELECT: a field of its operand */
    TROTH_CEL_MEANS_VARIABLE,   /* declared: `index` is its own in the environment */
    TROTH_CEL_MEANS_LOCAL,      /* of the loop or let at node `index` */
    TROTH_CEL_MEANS_TYPE,       /* a type as value: `literal` */
    TROTH_CEL_MEANS_NAMESPACE,  /* the math of math.abs(x): never evaluated */
    TROTH_CEL_MEANS_NOTHING     /* unchecked only: an error when evaluated */
};

/* Which of a loop's locals. */
enum troth_cel_local {
    TROTH_CEL_LOCAL_TEXT,
    TROTH_CEL_LOCAL_SECOND,
    TROTH_CEL_LOCAL_RESULT
};

struct troth_cel_node {
    uint8_t kind;
    bool is_member;   /* CALL: the first child is the receiver */
    bool is_test;     /* SELECT: has(a.b); then the value says whether it is there */
    bool is_absolute; /* NAME: .a; CALL: .f(); SELECT chains carry it in their NAME */
    bool is_optional; /* an element of a LIST or a key of a MAP: [?x], {?k: v} */
    bool is_grouped;  /* in parentheses: (a.b).c is no name, but a field of a.b */
    bool is_written;  /* a macro wrote it: users do not see it in explanations */
    uint32_t parent, first_child, last_child, next;
    uint32_t child_count;
    uint32_t number;     /* which child of its parent, from 0 */
    uint32_t start, end; /* bytes of the source; for what macros write: the macro's */
    struct troth_span text, second;
    struct troth_cel_value literal;

    /* What the checker finds out. */
    const struct troth_cel_type *type;
    enum troth_cel_meaning meaning;
    enum troth_cel_local local;
    uint32_t index;
    /* CALL: all overloads of that name and shape, in order, ending with NULL; the checker
     * leaves those that the types allow. */
    const struct troth_cel_overload *const *overloads;
    /* CALL: the receiver is only the namespace of `text` ("math.abs"): skip it. */
    bool has_namespace;
    struct troth_span qualified; /* then: the function's whole name */
};

struct troth_cel_tree {
    struct troth_cel_node *nodes;
    uint32_t count, capacity;
    uint32_t root;
    struct troth_span source;
    struct troth_arena *arena;
    bool is_full; /* sticky: more than TROTH_CEL_NODES_MAX, or no memory */
};

/* Room for nodes; more is taken as nodes are made, which moves those there are.
 * TROTH_ERR_MEMORY */
TROTH_MUST_USE enum troth_err troth_cel_tree_begin(struct troth_cel_tree *out,
                                                   struct troth_span source,
                                                   struct troth_arena *arena);

/* A node without parent or children; 0 when full (node 0 may be written, never read). */
uint32_t troth_cel_node_new(struct troth_cel_tree *tree, enum troth_cel_node_kind kind,
                            uint32_t start, uint32_t end);

/* Make `child`, which has no parent, the last child of `parent`. */
void troth_cel_node_adopt(struct troth_cel_tree *tree, uint32_t parent, uint32_t child);

/* The same with all children of `from` after the first `left`, in their order. */
void troth_cel_node_adopt_all(struct troth_cel_tree *tree, uint32_t parent, uint32_t from,
                              uint32_t left);

/* Take a node out of its parent's children. */
void troth_cel_node_release(struct troth_cel_tree *tree, uint32_t child);

/* The child number `n`, from 0; 0 if there is none. */
uint32_t troth_cel_node_child(const struct troth_cel_tree *tree, uint32_t node,
                              unsigned n);

bool troth_cel_node_is_call(const struct troth_cel_node *node, const char *function);

/* A copy of the node and all below it, without a parent. */
uint32_t troth_cel_node_copy(struct troth_cel_tree *tree, uint32_t node);

/*
 * Depth first. ENTER a node before its children; BETWEEN after child number `child` when
 * another follows (`node` is the parent); LEAVE after the last. A leaf is entered and
 * left.
 */
enum troth_cel_step { TROTH_CEL_ENTER, TROTH_CEL_BETWEEN, TROTH_CEL_LEAVE };

struct troth_cel_walk {
    const struct troth_cel_tree *tree;
    uint32_t top;
    uint32_t node;
    enum troth_cel_step step;
    unsigned child;     /* BETWEEN: how many children are done, less one */
    unsigned depth;     /* of `node` below the top */
    uint32_t following; /* BETWEEN: the child that comes next */
    bool started, skips;
};
struct troth_cel_walk troth_cel_walk_over(const struct troth_cel_tree *tree,
                                          uint32_t top);

/* False after the top was left. */
bool troth_cel_walk_next(struct troth_cel_walk *walk);

/* After ENTER: the next step is this node's LEAVE, without its children. */
void troth_cel_walk_skip(struct troth_cel_walk *walk);

#endif
