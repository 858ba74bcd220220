/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/parser.h"

#include "base/span.h"
#include "cel/macro.h"

/* clang-format off */
/* What other languages call our operators. */
static const struct {
    const char *word, *wrong;
} foreign_operators[] = {
    {"and", "expected an operator here: 'and' is written '&&'"},
    {"or",  "expected an operator here: 'or' is written '||'"},
    {"not", "expected an operator here: 'a not in b' is written '!(a in b)'"},
};

/* What a frame waits for after an operand, for people. */
static const char *const closers[] = {
    [TROTH_FRAME_WHOLE]     = "the end",
    [TROTH_FRAME_GROUP]     = "')'",
    [TROTH_FRAME_ARGUMENTS] = "',' or ')'",
    [TROTH_FRAME_INDEX]     = "']'",
    [TROTH_FRAME_LIST]      = "',' or ']'",
    [TROTH_FRAME_KEY]       = "':' and a value",
    [TROTH_FRAME_VALUE]     = "',' or '}'",
    [TROTH_FRAME_THEN]      = "':' of 'a ? b : c'",
};
/* clang-format on */

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

uint32_t troth_parser_call_of_operand(struct troth_parser *p, const char *function)
{
    const uint32_t start = troth_parser_node(p, p->operand)->start;
    const uint32_t call = troth_parser_make_call(p, function, start);

    troth_cel_node_adopt(p->tree, call, p->operand);
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

/* Two by two, the operands become calls of the same operator. */
static void pair_operands(struct troth_parser *p, uint32_t call)
{
    const struct troth_span function = troth_parser_node(p, call)->text;
    uint32_t next = troth_parser_node(p, call)->first_child;

    troth_parser_node(p, call)->first_child = 0;
    troth_parser_node(p, call)->last_child = 0;
    troth_parser_node(p, call)->child_count = 0;
    while (next) {
        const uint32_t first = next;
        const uint32_t second = troth_parser_node(p, first)->next;
        uint32_t pair = first;

        next = 0;
        if (second) {
            next = troth_parser_node(p, second)->next;
            pair = troth_cel_node_new(p->tree, TROTH_CEL_NODE_CALL,
                                      troth_parser_node(p, first)->start,
                                      troth_parser_node(p, second)->end);
            troth_parser_node(p, pair)->text = function;
            troth_cel_node_adopt(p->tree, pair, first);
            troth_cel_node_adopt(p->tree, pair, second);
        }
        troth_cel_node_adopt(p->tree, call, pair);
    }
}

/* a && b && c …, which was read as one call: two operands each, in their order, and
 * nested as little as that allows. */
static void balance(struct troth_parser *p, uint32_t call)
{
    while (troth_parser_node(p, call)->child_count > 2 && !p->tree->is_full)
        pair_operands(p, call);
}

void troth_parser_reduce(struct troth_parser *p, enum troth_precedence least)
{
    const struct troth_frame *frame = troth_parser_top(p);

    while (frame->kind == TROTH_FRAME_OPERATOR && frame->precedence >= least) {
        const uint32_t end = troth_parser_node(p, p->operand)->end;

        troth_parser_give_operand(p);
        if (troth_precedence_is_chain(frame->precedence))
            balance(p, frame->node);
        troth_parser_pop(p, end);
        frame = troth_parser_top(p);
    }
}

void troth_parser_complain_of_frame(struct troth_parser *p)
{
    const struct troth_span word = troth_cel_token_text(p->source, &p->token);
    const char *before = "expected an operator or ";

    /* An operator that waits has its operand: it is the bracket around it that waits. */
    troth_parser_reduce(p, TROTH_BINDS_NOTHING);

    const enum troth_frame_kind kind = troth_parser_top(p)->kind;
    for (size_t i = 0; i < sizeof foreign_operators / sizeof foreign_operators[0]; i++)
        if (troth_span_is_text(word, foreign_operators[i].word))
            troth_parser_complain(p, (const char *const[3]){foreign_operators[i].wrong});
    if (kind == TROTH_FRAME_WHOLE &&
        (troth_parser_sees(p, TROTH_CEL_TOKEN_CLOSE_PAREN) ||
         troth_parser_sees(p, TROTH_CEL_TOKEN_CLOSE_BRACKET) ||
         troth_parser_sees(p, TROTH_CEL_TOKEN_CLOSE_BRACE)))
        troth_parser_quote(p, "'", "' closes nothing here");
    if (troth_parser_sees(p, TROTH_CEL_TOKEN_END))
        before = "expected ";
    troth_parser_complain(p, (const char *const[3]){before, closers[kind], " here"});
}
