/* SPDX-License-Identifier: Apache-2.0 */
#include "base/span.h"
#include "cel/literal.h"
#include "cel/parser.h"

static void read_value(struct troth_parser *p, uint32_t start, bool is_negative)
{
    const uint32_t node = troth_parser_make(p, TROTH_CEL_NODE_LITERAL, start);
    const enum troth_err err = troth_cel_literal(&troth_parser_node(p, node)->literal,
                                                 p->issue, p->source, &p->token,
                                                 is_negative, p->tree->arena);

    if (!p->err)
        p->err = err;
    troth_parser_advance(p);
    troth_parser_set_operand(p, node);
}

static void read_literal(struct troth_parser *p)
{
    read_value(p, p->token.start, false);
}

static void read_constant(struct troth_parser *p)
{
    const uint32_t node = troth_parser_make(p, TROTH_CEL_NODE_LITERAL, p->token.start);

    troth_parser_node(p, node)->literal = troth_parser_sees(p, TROTH_CEL_TOKEN_NULL)
                                              ? TROTH_CEL_NULL_VALUE
                                              : TROTH_CEL_BOOL_VALUE(troth_parser_sees(
                                                    p, TROTH_CEL_TOKEN_TRUE));
    troth_parser_advance(p);
    troth_parser_set_operand(p, node);
}

static void refuse_reserved(struct troth_parser *p)
{
    troth_parser_quote(p, "'",
                       "' is a reserved word: no variable or function is called that");
}

static void refuse_quoted(struct troth_parser *p)
{
    troth_parser_quote(p, "", " is a field's name: it comes after a dot");
}

/* At a name, whose expression begins at `start`: there or at a dot before it. */
static void read_name_from(struct troth_parser *p, uint32_t start)
{
    const uint32_t node = troth_parser_make(p, TROTH_CEL_NODE_NAME, start);

    troth_parser_node(p, node)->text = troth_cel_token_text(p->source, &p->token);
    troth_parser_node(p, node)->is_absolute = start != p->token.start;
    troth_parser_advance(p);
    troth_parser_set_operand(p, node);
    if (!troth_parser_accept(p, TROTH_CEL_TOKEN_OPEN_PAREN))
        return;
    troth_parser_node(p, node)->kind = TROTH_CEL_NODE_CALL;
    troth_parser_push(p, TROTH_FRAME_ARGUMENTS, node, start);
}

static void read_name(struct troth_parser *p)
{
    read_name_from(p, p->token.start);
}

static void read_absolute(struct troth_parser *p)
{
    const uint32_t start = p->token.start;

    troth_parser_advance(p);
    if (troth_parser_sees(p, TROTH_CEL_TOKEN_NAME))
        read_name_from(p, start);
    else
        troth_parser_complain(p, (const char *const[3]){"expected a name after the dot"});
}

static void open_group(struct troth_parser *p)
{
    const uint32_t start = p->token.start;

    troth_parser_advance(p);
    troth_parser_push(p, TROTH_FRAME_GROUP, 0, start);
}

static void open_list(struct troth_parser *p)
{
    const uint32_t start = p->token.start;
    const uint32_t node = troth_parser_make(p, TROTH_CEL_NODE_LIST, start);

    troth_parser_advance(p);
    troth_parser_push(p, TROTH_FRAME_LIST, node, start);
    troth_parser_begin_element(p);
}

static void open_map(struct troth_parser *p)
{
    const uint32_t start = p->token.start;
    const uint32_t node = troth_parser_make(p, TROTH_CEL_NODE_MAP, start);

    troth_parser_advance(p);
    troth_parser_push(p, TROTH_FRAME_KEY, node, start);
    troth_parser_begin_element(p);
}

static void read_not(struct troth_parser *p)
{
    const uint32_t call = troth_parser_make_call(p, "!_", p->token.start);

    troth_parser_advance(p);
    troth_parser_push_operator(p, TROTH_BINDS_UNARY, call);
}

/* A sign belongs to the number after it: the least int has no positive counterpart. */
static void read_minus(struct troth_parser *p)
{
    const uint32_t start = p->token.start;
    const uint32_t end = p->token.end;

    troth_parser_advance(p);
    if (troth_parser_sees(p, TROTH_CEL_TOKEN_INT) ||
        troth_parser_sees(p, TROTH_CEL_TOKEN_DOUBLE)) {
        read_value(p, start, true);
        return;
    }

    const uint32_t call = troth_parser_make_call(p, "-_", start);
    troth_parser_node(p, call)->end = end;
    troth_parser_push_operator(p, TROTH_BINDS_UNARY, call);
}

static void want_value(struct troth_parser *p)
{
    troth_parser_complain(p, (const char *const[3]){"expected a value here"});
}

/* f(), [], {}, or after a last comma: [1, 2,] and {1: 2,}, but not f(1,). */
static void close_empty(struct troth_parser *p)
{
    static const enum troth_cel_token_kind closers[] = {
        [TROTH_FRAME_ARGUMENTS] = TROTH_CEL_TOKEN_CLOSE_PAREN,
        [TROTH_FRAME_LIST] = TROTH_CEL_TOKEN_CLOSE_BRACKET,
        [TROTH_FRAME_KEY] = TROTH_CEL_TOKEN_CLOSE_BRACE,
        [TROTH_FRAME_OPERATOR] = TROTH_CEL_TOKEN_END,
    };
    const struct troth_frame *frame = troth_parser_top(p);
    const struct troth_cel_node *node = troth_parser_node(p, frame->node);
    const uint32_t least = node->is_member ? 1 : 0;

    if (closers[frame->kind] != p->token.kind || frame->is_optional ||
        (frame->kind == TROTH_FRAME_ARGUMENTS && node->child_count > least)) {
        want_value(p);
        return;
    }
    troth_parser_close(p);
}

/* clang-format off */
static const struct {
    enum troth_cel_token_kind token;
    void (*read)(struct troth_parser *p);
} operands[] = {
    {TROTH_CEL_TOKEN_INT,           read_literal},
    {TROTH_CEL_TOKEN_UINT,          read_literal},
    {TROTH_CEL_TOKEN_DOUBLE,        read_literal},
    {TROTH_CEL_TOKEN_STRING,        read_literal},
    {TROTH_CEL_TOKEN_BYTES,         read_literal},
    {TROTH_CEL_TOKEN_TRUE,          read_constant},
    {TROTH_CEL_TOKEN_FALSE,         read_constant},
    {TROTH_CEL_TOKEN_NULL,          read_constant},
    {TROTH_CEL_TOKEN_NAME,          read_name},
    {TROTH_CEL_TOKEN_RESERVED,      refuse_reserved},
    {TROTH_CEL_TOKEN_QUOTED_NAME,   refuse_quoted},
    {TROTH_CEL_TOKEN_DOT,           read_absolute},
    {TROTH_CEL_TOKEN_OPEN_PAREN,    open_group},
    {TROTH_CEL_TOKEN_OPEN_BRACKET,  open_list},
    {TROTH_CEL_TOKEN_OPEN_BRACE,    open_map},
    {TROTH_CEL_TOKEN_NOT,           read_not},
    {TROTH_CEL_TOKEN_MINUS,         read_minus},
    {TROTH_CEL_TOKEN_CLOSE_PAREN,   close_empty},
    {TROTH_CEL_TOKEN_CLOSE_BRACKET, close_empty},
    {TROTH_CEL_TOKEN_CLOSE_BRACE,   close_empty},
};
/* clang-format on */

void troth_parser_read_operand(struct troth_parser *p)
{
    for (size_t i = 0; i < sizeof operands / sizeof operands[0]; i++)
        if (troth_parser_sees(p, operands[i].token)) {
            operands[i].read(p);
            return;
        }
    want_value(p);
}
