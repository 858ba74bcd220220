/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/parser.h"

#include "base/span.h"
#include "cel/macro.h"

void troth_parser_complain(struct troth_parser *p, const char *const texts[3])
{
    const char *const own[3] = {p->token.wrong};

    if (!p->err)
        p->err = troth_cel_issue_set(p->issue, p->source, p->token.start, p->token.end,
                                     p->token.wrong ? own : texts);
}

void troth_parser_quote(struct troth_parser *p, const char *before, const char *after)
{
    if (!p->err)
        p->err = troth_cel_issue_quote(p->issue, p->source, p->token.start, p->token.end,
                                       before, after);
}

void troth_parser_advance(struct troth_parser *p)
{
    p->token = troth_cel_token_at(p->source, p->token.end);
}

bool troth_parser_accept(struct troth_parser *p, enum troth_cel_token_kind kind)
{
    if (!troth_parser_sees(p, kind))
        return false;
    troth_parser_advance(p);
    return true;
}

uint32_t troth_parser_make(struct troth_parser *p, enum troth_cel_node_kind kind,
                           uint32_t start)
{
    return troth_cel_node_new(p->tree, kind, start, p->token.end);
}

uint32_t troth_parser_make_call(struct troth_parser *p, const char *function,
                                uint32_t start)
{
    const uint32_t call = troth_parser_make(p, TROTH_CEL_NODE_CALL, start);

    troth_parser_node(p, call)->text = troth_span_of_text(function);
    return call;
}

void troth_parser_set_operand(struct troth_parser *p, uint32_t node)
{
    p->operand = node;
    p->has_operand = true;
}

void troth_parser_give_operand(struct troth_parser *p)
{
    const struct troth_frame *frame = troth_parser_top(p);

    troth_parser_node(p, p->operand)->is_optional = frame->is_optional;
    troth_cel_node_adopt(p->tree, frame->node, p->operand);
    p->has_operand = false;
}

void troth_parser_push(struct troth_parser *p, enum troth_frame_kind kind, uint32_t node,
                       uint32_t start)
{
    if (p->depth == TROTH_CEL_NESTING_MAX) {
        troth_parser_complain(p, (const char *const[3]){"nested too deeply here"});
        return;
    }
    p->frames[++p->depth] = (struct troth_frame){
        .kind = kind, .node = node, .start = start};
    p->has_operand = false;
}

void troth_parser_push_operator(struct troth_parser *p, enum troth_precedence precedence,
                                uint32_t call)
{
    troth_parser_push(p, TROTH_FRAME_OPERATOR, call, troth_parser_node(p, call)->start);
    troth_parser_top(p)->precedence = precedence;
}

void troth_parser_begin_element(struct troth_parser *p)
{
    troth_parser_top(p)->is_optional = troth_parser_accept(p, TROTH_CEL_TOKEN_QUESTION);
}

void troth_parser_pop(struct troth_parser *p, uint32_t end)
{
    const uint32_t node = troth_parser_top(p)->node;

    troth_parser_node(p, node)->end = end;
    p->depth--;
    troth_parser_set_operand(p, node);
}

/* The operand is a call; if a macro has its name, what that makes of it. */
static void expand(struct troth_parser *p)
{
    const struct troth_cel_macro *macro = troth_cel_macro_find(p->env, p->tree,
                                                               p->operand);

    if (!macro || p->err || p->tree->is_full)
        return;
    const struct troth_cel_macro_call call = {macro, p->tree, p->issue, p->operand};
    troth_parser_set_operand(p, macro->expand(&call));
    if (!p->operand && !p->tree->is_full)
        p->err = TROTH_ERR_VALUE;
}

void troth_parser_close(struct troth_parser *p)
{
    const enum troth_frame_kind kind = troth_parser_top(p)->kind;

    troth_parser_pop(p, p->token.end);
    troth_parser_advance(p);
    if (kind == TROTH_FRAME_ARGUMENTS)
        expand(p);
}

void troth_parser_reduce(struct troth_parser *p, enum troth_precedence least)
{
    const struct troth_frame *frame = troth_parser_top(p);

    while (frame->kind == TROTH_FRAME_OPERATOR && frame->precedence >= least) {
        const uint32_t end = troth_parser_node(p, p->operand)->end;

        troth_parser_give_operand(p);
        troth_parser_pop(p, end);
        frame = troth_parser_top(p);
    }
}
