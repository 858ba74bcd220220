/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/parse.h"

#include "base/span.h"
#include "base/utf8.h"
#include "cel/macro.h"
#include "cel/parser.h"

/* clang-format off */
static const struct {
    enum troth_cel_token_kind token;
    enum troth_precedence precedence;
    const char *function;
} operators[] = {
    {TROTH_CEL_TOKEN_OR,        TROTH_BINDS_OR,       "_||_"},
    {TROTH_CEL_TOKEN_AND,       TROTH_BINDS_AND,      "_&&_"},
    {TROTH_CEL_TOKEN_EQUAL,     TROTH_BINDS_RELATION, "_==_"},
    {TROTH_CEL_TOKEN_NOT_EQUAL, TROTH_BINDS_RELATION, "_!=_"},
    {TROTH_CEL_TOKEN_LESS,      TROTH_BINDS_RELATION, "_<_"},
    {TROTH_CEL_TOKEN_AT_MOST,   TROTH_BINDS_RELATION, "_<=_"},
    {TROTH_CEL_TOKEN_GREATER,   TROTH_BINDS_RELATION, "_>_"},
    {TROTH_CEL_TOKEN_AT_LEAST,  TROTH_BINDS_RELATION, "_>=_"},
    {TROTH_CEL_TOKEN_IN,        TROTH_BINDS_RELATION, "@in"},
    {TROTH_CEL_TOKEN_PLUS,      TROTH_BINDS_SUM,      "_+_"},
    {TROTH_CEL_TOKEN_MINUS,     TROTH_BINDS_SUM,      "_-_"},
    {TROTH_CEL_TOKEN_TIMES,     TROTH_BINDS_PRODUCT,  "_*_"},
    {TROTH_CEL_TOKEN_DIVIDE,    TROTH_BINDS_PRODUCT,  "_/_"},
    {TROTH_CEL_TOKEN_MODULO,    TROTH_BINDS_PRODUCT,  "_%_"},
};

/* What other languages call our operators. */
static const struct {
    const char *word, *wrong;
} foreign_operators[] = {
    {"and", "expected an operator here: 'and' is written '&&'"},
    {"or",  "expected an operator here: 'or' is written '||'"},
    {"not", "expected an operator here: 'a not in b' is written '!(a in b)'"},
};

/* What a frame waits for after an operand, and what a comma there begins. */
static const struct {
    const char *closers;
    enum troth_cel_token_kind closer;
} frames[] = {
    [TROTH_FRAME_WHOLE]     = {"the end",           TROTH_CEL_TOKEN_END},
    [TROTH_FRAME_GROUP]     = {"')'",               TROTH_CEL_TOKEN_CLOSE_PAREN},
    [TROTH_FRAME_ARGUMENTS] = {"',' or ')'",        TROTH_CEL_TOKEN_CLOSE_PAREN},
    [TROTH_FRAME_INDEX]     = {"']'",               TROTH_CEL_TOKEN_CLOSE_BRACKET},
    [TROTH_FRAME_LIST]      = {"',' or ']'",        TROTH_CEL_TOKEN_CLOSE_BRACKET},
    [TROTH_FRAME_KEY]       = {"':' and a value",   TROTH_CEL_TOKEN_COLON},
    [TROTH_FRAME_VALUE]     = {"',' or '}'",        TROTH_CEL_TOKEN_CLOSE_BRACE},
    [TROTH_FRAME_THEN]      = {"':' of 'a ? b : c'", TROTH_CEL_TOKEN_COLON},
};
/* clang-format on */

/* ---- complaints */

static void complain_of_frame(struct troth_parser *p)
{
    /* An operator that waits has its operand: it is the bracket around it that waits. */
    troth_parser_reduce(p, TROTH_BINDS_NOTHING);

    const enum troth_frame_kind kind = troth_parser_top(p)->kind;
    const struct troth_span word = troth_cel_token_text(p->source, &p->token);
    const char *before = "expected an operator or ";

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
    troth_parser_complain(p,
                          (const char *const[3]){before, frames[kind].closers, " here"});
}

static void refuse_message(struct troth_parser *p)
{
    const struct troth_cel_node *name = troth_parser_node(p, p->operand);

    if (name->kind != TROTH_CEL_NODE_NAME && name->kind != TROTH_CEL_NODE_SELECT)
        complain_of_frame(p);
    else if (!p->err)
        p->err = troth_cel_issue_set(
            p->issue, p->source, name->start, p->token.end,
            (const char *const[3]){"message literals are not supported"});
}

/* ---- where an operator may follow */

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
        troth_parser_quote(p, "a field '", "' is written in backquotes or as a['…']");
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

/* A call whose first child is the operand. */
static uint32_t call_of_operand(struct troth_parser *p, const char *function)
{
    const uint32_t start = troth_parser_node(p, p->operand)->start;
    const uint32_t call = troth_parser_make_call(p, function, start);

    troth_cel_node_adopt(p->tree, call, p->operand);
    return call;
}

static void open_index(struct troth_parser *p)
{
    troth_parser_advance(p);

    const bool is_optional = troth_parser_accept(p, TROTH_CEL_TOKEN_QUESTION);
    const uint32_t call = call_of_operand(p, is_optional ? "_[?_]" : "_[_]");

    troth_parser_push(p, TROTH_FRAME_INDEX, call, troth_parser_node(p, call)->start);
}

static void begin_condition(struct troth_parser *p)
{
    troth_parser_reduce(p, TROTH_BINDS_OR);
    if (troth_parser_top(p)->kind == TROTH_FRAME_THEN) {
        troth_parser_complain(
            p, (const char *const[3]){
                   "a condition between '?' and ':' of another stands in parentheses"});
        return;
    }

    const uint32_t call = call_of_operand(p, "_?_:_");
    troth_parser_advance(p);
    troth_parser_push(p, TROTH_FRAME_THEN, call, troth_parser_node(p, call)->start);
}

static bool read_binary(struct troth_parser *p)
{
    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++)
        if (troth_parser_sees(p, operators[i].token)) {
            troth_parser_reduce(p, operators[i].precedence);
            const uint32_t call = call_of_operand(p, operators[i].function);
            troth_parser_advance(p);
            troth_parser_push_operator(p, operators[i].precedence, call);
            return true;
        }
    return false;
}

/* ---- what ends an operand */

/* The token is the one that the frame waits for. */
static void end_frame(struct troth_parser *p)
{
    struct troth_frame *frame = troth_parser_top(p);

    switch (frame->kind) {
    case TROTH_FRAME_WHOLE:
        p->tree->root = p->operand;
        p->is_done = true;
        return;
    case TROTH_FRAME_GROUP:
        troth_parser_node(p, p->operand)->start = frame->start;
        troth_parser_node(p, p->operand)->end = p->token.end;
        p->depth--;
        troth_parser_advance(p);
        return;
    case TROTH_FRAME_KEY:
    case TROTH_FRAME_THEN:
        troth_parser_give_operand(p);
        troth_parser_advance(p);
        frame->is_optional = false;
        frame->precedence = TROTH_BINDS_ELSE;
        frame->kind = frame->kind == TROTH_FRAME_KEY ? TROTH_FRAME_VALUE
                                                     : TROTH_FRAME_OPERATOR;
        return;
    case TROTH_FRAME_ARGUMENTS:
    case TROTH_FRAME_INDEX:
    case TROTH_FRAME_LIST:
    case TROTH_FRAME_VALUE:
    case TROTH_FRAME_OPERATOR:
        troth_parser_give_operand(p);
        troth_parser_close(p);
        return;
    }
}

/* After a comma; false where there can be none. */
static bool begin_next(struct troth_parser *p)
{
    struct troth_frame *frame = troth_parser_top(p);

    if (frame->kind != TROTH_FRAME_ARGUMENTS && frame->kind != TROTH_FRAME_LIST &&
        frame->kind != TROTH_FRAME_VALUE)
        return false;
    troth_parser_give_operand(p);
    troth_parser_advance(p);
    if (frame->kind == TROTH_FRAME_VALUE)
        frame->kind = TROTH_FRAME_KEY;
    if (frame->kind != TROTH_FRAME_ARGUMENTS)
        troth_parser_begin_element(p);
    return true;
}

static void read_end(struct troth_parser *p)
{
    troth_parser_reduce(p, TROTH_BINDS_NOTHING);
    if (troth_parser_sees(p, frames[troth_parser_top(p)->kind].closer))
        end_frame(p);
    else if (!troth_parser_sees(p, TROTH_CEL_TOKEN_COMMA) || !begin_next(p))
        complain_of_frame(p);
}

static void read_operator(struct troth_parser *p)
{
    if (troth_parser_sees(p, TROTH_CEL_TOKEN_DOT))
        read_selection(p);
    else if (troth_parser_sees(p, TROTH_CEL_TOKEN_OPEN_BRACKET))
        open_index(p);
    else if (troth_parser_sees(p, TROTH_CEL_TOKEN_OPEN_BRACE))
        refuse_message(p);
    else if (troth_parser_sees(p, TROTH_CEL_TOKEN_QUESTION))
        begin_condition(p);
    else if (!read_binary(p))
        read_end(p);
}

/* ---- the whole */

/* Before anything else is read. */
static enum troth_err check_source(struct troth_cel_issue *issue,
                                   struct troth_span source)
{
    uint32_t start = 0;

    if (source.len > TROTH_CEL_SOURCE_MAX)
        return troth_cel_issue_set(
            issue, source, 0, 0,
            (const char *const[3]){"the expression is longer than 65536 bytes"});
    /* Lines are valid each by itself, so that the issue is near what is wrong. */
    while (start < source.len) {
        uint32_t end = start;

        while (end < source.len && source.ptr[end] != '\n')
            end++;
        if (!troth_utf8_is_valid(troth_span_slice(source, start, end)))
            return troth_cel_issue_set(
                issue, source, start, end,
                (const char *const[3]){"this line is not valid UTF-8"});
        start = end + 1;
    }
    return TROTH_OK;
}

static enum troth_err check_nesting(const struct troth_cel_tree *tree,
                                    struct troth_cel_issue *issue)
{
    struct troth_cel_walk walk = troth_cel_walk_over(tree, tree->root);

    while (troth_cel_walk_next(&walk)) {
        const struct troth_cel_node *node = &tree->nodes[walk.node];

        if (walk.depth >= TROTH_CEL_NESTING_MAX)
            return troth_cel_issue_set(issue, tree->source, node->start, node->end,
                                       (const char *const[3]){"nested too deeply here"});
    }
    return TROTH_OK;
}

/* A tree that has no room left: because of a limit, or of the arena? */
static enum troth_err refuse_full(const struct troth_cel_tree *tree,
                                  struct troth_cel_issue *issue)
{
    if (tree->count < TROTH_CEL_NODES_MAX)
        return TROTH_ERR_MEMORY;
    return troth_cel_issue_set(
        issue, tree->source, 0, 0,
        (const char *const[3]){"the expression has more than 8191 parts"});
}

static enum troth_err parse(struct troth_cel_tree *tree, struct troth_cel_issue *issue,
                            const struct troth_cel_env *env)
{
    struct troth_parser p = {
        .tree = tree, .issue = issue, .env = env, .source = tree->source};

    p.token = troth_cel_token_at(p.source, 0);
    while (!p.is_done && !p.err && !tree->is_full) {
        if (p.has_operand)
            read_operator(&p);
        else
            troth_parser_read_operand(&p);
    }
    if (p.err)
        return p.err;
    return tree->is_full ? refuse_full(tree, issue) : check_nesting(tree, issue);
}

enum troth_err troth_cel_parse(struct troth_cel_tree *out, struct troth_cel_issue *issue,
                               const struct troth_cel_env *env, struct troth_span source,
                               struct troth_arena *arena)
{
    enum troth_err err;

    *out = (struct troth_cel_tree){0};
    if (issue)
        *issue = (struct troth_cel_issue){0};
    err = check_source(issue, source);
    if (!err)
        err = troth_cel_tree_begin(out, source, arena);
    if (!err)
        err = parse(out, issue, env);
    if (err)
        *out = (struct troth_cel_tree){0};
    return err;
}
