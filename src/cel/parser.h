/*
 * parser.h - the state between two tokens, for the files that parse.c is made of.
 *
 * An operand is wanted, or there is one and an operator may follow. What was begun and
 * waits for its operand stands on a stack of frames: brackets and operators alike.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CEL_PARSER_H
#define TROTH_CEL_PARSER_H

#include "cel/issue.h"
#include "cel/node.h"
#include "cel/token.h"

enum troth_frame_kind {
    TROTH_FRAME_WHOLE, /* the expression itself, below all others */
    TROTH_FRAME_GROUP,
    TROTH_FRAME_ARGUMENTS,
    TROTH_FRAME_INDEX,
    TROTH_FRAME_LIST,
    TROTH_FRAME_KEY,
    TROTH_FRAME_VALUE,
    TROTH_FRAME_THEN,    /* a ? … */
    TROTH_FRAME_OPERATOR /* a + …, !…, a ? b : … */
};

/* The later, the tighter. */
enum troth_precedence {
    TROTH_BINDS_NOTHING,
    TROTH_BINDS_ELSE,
    TROTH_BINDS_OR,
    TROTH_BINDS_AND,
    TROTH_BINDS_RELATION,
    TROTH_BINDS_SUM,
    TROTH_BINDS_PRODUCT,
    TROTH_BINDS_UNARY
};

/* Operators of which any number in a row are one: it does not matter which of "a && b &&
 * c" is first, and long rows of them are common. */
static inline bool troth_precedence_is_chain(enum troth_precedence precedence)
{
    return precedence == TROTH_BINDS_AND || precedence == TROTH_BINDS_OR;
}

struct troth_frame {
    enum troth_frame_kind kind;
    enum troth_precedence precedence; /* of an OPERATOR */
    uint32_t node;                    /* 0 for WHOLE and GROUP */
    uint32_t start;
    bool is_optional; /* the element or key that is being read */
};

struct troth_parser {
    struct troth_cel_tree *tree;
    struct troth_cel_issue *issue;
    const struct troth_cel_env *env;
    struct troth_span source;
    struct troth_cel_token token; /* the next, not read yet */
    struct troth_frame frames[TROTH_CEL_NESTING_MAX + 1];
    unsigned depth; /* of the innermost frame */
    uint32_t operand;
    bool has_operand;
    bool is_done;
    enum troth_err err; /* sticky */
};

/* An issue at the next token; where that is wrong in itself, by its own words. */
void troth_parser_complain(struct troth_parser *p, const char *const texts[3]);
/* The same, with the token between two texts. */
void troth_parser_quote(struct troth_parser *p, const char *before, const char *after);

static inline bool troth_parser_sees(const struct troth_parser *p,
                                     enum troth_cel_token_kind kind)
{
    return p->token.kind == kind;
}

static inline struct troth_cel_node *troth_parser_node(struct troth_parser *p,
                                                       uint32_t node)
{
    return &p->tree->nodes[node];
}

static inline struct troth_frame *troth_parser_top(struct troth_parser *p)
{
    return &p->frames[p->depth];
}

void troth_parser_advance(struct troth_parser *p);
/* Advance if the token is of that kind. */
bool troth_parser_accept(struct troth_parser *p, enum troth_cel_token_kind kind);

/* Nodes from `start` to the end of the token. */
uint32_t troth_parser_make(struct troth_parser *p, enum troth_cel_node_kind kind,
                           uint32_t start);
uint32_t troth_parser_make_call(struct troth_parser *p, const char *function,
                                uint32_t start);

/* A call whose first child is the operand. */
uint32_t troth_parser_call_of_operand(struct troth_parser *p, const char *function);

void troth_parser_set_operand(struct troth_parser *p, uint32_t node);
/* The operand becomes the last child so far of the innermost frame's node. */
void troth_parser_give_operand(struct troth_parser *p);

void troth_parser_push(struct troth_parser *p, enum troth_frame_kind kind, uint32_t node,
                       uint32_t start);
void troth_parser_push_operator(struct troth_parser *p, enum troth_precedence precedence,
                                uint32_t call);
/* Before an element of a list or a key of a map, which may begin with '?'. */
void troth_parser_begin_element(struct troth_parser *p);
/* The innermost frame's node ends at `end` and is the operand now. */
void troth_parser_pop(struct troth_parser *p, uint32_t end);
/* The same at the token that closes a bracket; a call may become what a macro makes. */
void troth_parser_close(struct troth_parser *p);
/* Pop the operators that bind at least as tightly as that. */
void troth_parser_reduce(struct troth_parser *p, enum troth_precedence least);

/* An operand is there, and the token is not what the innermost bracket waits for. */
void troth_parser_complain_of_frame(struct troth_parser *p);

/* Read what may stand where an operand is wanted (operand.c). */
void troth_parser_read_operand(struct troth_parser *p);

/* Read what may follow an operand and belongs to it alone: .a, .a(, .?a, [. False when
 * something else follows (suffix.c). */
bool troth_parser_read_suffix(struct troth_parser *p);

#endif
