/* SPDX-License-Identifier: Apache-2.0 */
#include "base/span.h"
#include "cel/parser.h"

/* Is the token a field's name? Without its backquotes. */
static bool read_field(struct troth_parser *p, struct troth_span *out)
{
    *out = troth_cel_token_text(p->source, &p->token);
    if (troth_parser_sees(p, TROTH_CEL_TOKEN_QUOTED_NAME))
        *out = troth_span_slice(*out, 1, out->len - 1);
    else if (troth_parser_sees(p, TROTH_CEL_TOKEN_TRUE) ||
             troth_parser_sees(p, TROTH_CEL_TOKEN_FALSE) ||
             troth_parser_sees(p, TROTH_CEL_TOKEN_NULL) ||
             troth_parser_sees(p, TROTH_CEL_TOKEN_IN))
        troth_parser_quote(p, "a field '", "' is written in backquotes or as a['...']");
    else if (!troth_parser_sees(p, TROTH_CEL_TOKEN_NAME) &&
             !troth_parser_sees(p, TROTH_CEL_TOKEN_RESERVED))
        troth_parser_complain(p, (const char *const[3]){"expected a field's name here"});
    return !p->err;
}

/* After a.? */
static void read_optional_field(struct troth_parser *p, uint32_t start)
{
    struct troth_span field;

    if (!read_field(p, &field))
        return;

    const uint32_t call = troth_parser_make_call(p, "_?._", start);
    const uint32_t name = troth_parser_make(p, TROTH_CEL_NODE_LITERAL, p->token.start);
    troth_parser_node(p, name)->literal = TROTH_CEL_STRING_VALUE(field);
    troth_cel_node_adopt(p->tree, call, p->operand);
    troth_cel_node_adopt(p->tree, call, name);
    troth_parser_set_operand(p, call);
    troth_parser_advance(p);
}

static void read_field_or_call(struct troth_parser *p, uint32_t start)
{
    const bool is_quoted = troth_parser_sees(p, TROTH_CEL_TOKEN_QUOTED_NAME);
    struct troth_span field;

    if (!read_field(p, &field))
        return;

    const uint32_t node = troth_parser_make(p, TROTH_CEL_NODE_SELECT, start);
    troth_parser_node(p, node)->text = field;
    troth_cel_node_adopt(p->tree, node, p->operand);
    troth_parser_set_operand(p, node);
    troth_parser_advance(p);
    if (is_quoted || !troth_parser_accept(p, TROTH_CEL_TOKEN_OPEN_PAREN))
        return;
    troth_parser_node(p, node)->kind = TROTH_CEL_NODE_CALL;
    troth_parser_node(p, node)->is_member = true;
    troth_parser_push(p, TROTH_FRAME_ARGUMENTS, node, start);
}

static void read_selection(struct troth_parser *p)
{
    const uint32_t start = troth_parser_node(p, p->operand)->start;

    troth_parser_advance(p);
    if (troth_parser_accept(p, TROTH_CEL_TOKEN_QUESTION))
        read_optional_field(p, start);
    else
        read_field_or_call(p, start);
}

static void open_index(struct troth_parser *p)
{
    troth_parser_advance(p);

    const bool is_optional = troth_parser_accept(p, TROTH_CEL_TOKEN_QUESTION);
    const uint32_t call = troth_parser_call_of_operand(p, is_optional ? "_[?_]" : "_[_]");

    troth_parser_push(p, TROTH_FRAME_INDEX, call, troth_parser_node(p, call)->start);
}

static void refuse_message(struct troth_parser *p)
{
    const struct troth_cel_node *name = troth_parser_node(p, p->operand);

    if (name->kind != TROTH_CEL_NODE_NAME && name->kind != TROTH_CEL_NODE_SELECT)
        troth_parser_complain_of_frame(p);
    else if (!p->err)
        p->err = troth_cel_issue_set(
            p->issue, p->source, name->start, p->token.end,
            (const char *const[3]){"message literals are not supported"});
}

bool troth_parser_read_suffix(struct troth_parser *p)
{
    if (troth_parser_sees(p, TROTH_CEL_TOKEN_DOT))
        read_selection(p);
    else if (troth_parser_sees(p, TROTH_CEL_TOKEN_OPEN_BRACKET))
        open_index(p);
    else if (troth_parser_sees(p, TROTH_CEL_TOKEN_OPEN_BRACE))
        refuse_message(p);
    else
        return false;
    return true;
}
