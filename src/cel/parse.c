/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/parse.h"

#include "base/span.h"
#include "base/utf8.h"
#include "cel/operators.h"
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

/* What a frame waits for after an operand. */
static const enum troth_cel_token_kind closers[] = {
    [TROTH_FRAME_WHOLE]     = TROTH_CEL_TOKEN_END,
    [TROTH_FRAME_GROUP]     = TROTH_CEL_TOKEN_CLOSE_PAREN,
    [TROTH_FRAME_ARGUMENTS] = TROTH_CEL_TOKEN_CLOSE_PAREN,
    [TROTH_FRAME_INDEX]     = TROTH_CEL_TOKEN_CLOSE_BRACKET,
    [TROTH_FRAME_LIST]      = TROTH_CEL_TOKEN_CLOSE_BRACKET,
    [TROTH_FRAME_KEY]       = TROTH_CEL_TOKEN_COLON,
    [TROTH_FRAME_VALUE]     = TROTH_CEL_TOKEN_CLOSE_BRACE,
    [TROTH_FRAME_THEN]      = TROTH_CEL_TOKEN_COLON,
};
/* clang-format on */

/* ---- where an operator may follow */

static void begin_condition(struct troth_parser *p)
{
    troth_parser_reduce(p, TROTH_BINDS_OR);
    if (troth_parser_top(p)->kind == TROTH_FRAME_THEN) {
        troth_parser_complain(
            p, (const char *const[3]){
                   "a condition between '?' and ':' of another stands in parentheses"});
        return;
    }

    const uint32_t call = troth_parser_call_of_operand(p, "_?_:_");
    troth_parser_advance(p);
    troth_parser_push(p, TROTH_FRAME_THEN, call, troth_parser_node(p, call)->start);
}

/* Is the innermost frame a row of this operator, which goes on? */
static bool continue_chain(struct troth_parser *p, enum troth_precedence precedence)
{
    if (!troth_precedence_is_chain(precedence))
        return false;
    troth_parser_reduce(p, precedence + 1);
    if (troth_parser_top(p)->kind != TROTH_FRAME_OPERATOR ||
        troth_parser_top(p)->precedence != precedence)
        return false;
    troth_parser_give_operand(p);
    troth_parser_advance(p);
    return true;
}

static void begin_binary(struct troth_parser *p, enum troth_precedence precedence,
                         const char *function)
{
    troth_parser_reduce(p, precedence);

    const uint32_t call = troth_parser_call_of_operand(p, function);

    troth_parser_advance(p);
    troth_parser_push_operator(p, precedence, call);
}

static bool read_binary(struct troth_parser *p)
{
    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++)
        if (troth_parser_sees(p, operators[i].token)) {
            if (!continue_chain(p, operators[i].precedence))
                begin_binary(p, operators[i].precedence, operators[i].function);
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
        troth_parser_node(p, p->operand)->is_grouped = true;
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
    if (troth_parser_sees(p, closers[troth_parser_top(p)->kind]))
        end_frame(p);
    else if (!troth_parser_sees(p, TROTH_CEL_TOKEN_COMMA) || !begin_next(p))
        troth_parser_complain_of_frame(p);
}

static void read_operator(struct troth_parser *p)
{
    if (troth_parser_sees(p, TROTH_CEL_TOKEN_QUESTION))
        begin_condition(p);
    else if (!troth_parser_read_suffix(p) && !read_binary(p))
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

/* Is it the first operand of two? Then it is written on the level of its operator: in
 * "a + b + c", a + b is not nested, however long the row. */
static bool is_in_row(const struct troth_cel_tree *tree,
                      const struct troth_cel_node *node)
{
    const struct troth_cel_node *above = &tree->nodes[node->parent];

    return node->number == 0 && above->kind == TROTH_CEL_NODE_CALL &&
           above->child_count == 2 && troth_cel_operator_named(above->text);
}

static enum troth_err check_nesting(const struct troth_cel_tree *tree,
                                    struct troth_cel_issue *issue)
{
    struct troth_cel_walk walk = troth_cel_walk_over(tree, tree->root);
    unsigned in_rows = 0; /* of the levels down to the node */
    const char *wrong = NULL;

    while (!wrong && troth_cel_walk_next(&walk)) {
        const bool is_one = walk.depth && is_in_row(tree, &tree->nodes[walk.node]);

        if (walk.step == TROTH_CEL_ENTER)
            in_rows += is_one;
        if (walk.depth - in_rows >= TROTH_CEL_NESTING_MAX)
            wrong = "nested too deeply here";
        else if (walk.depth >= TROTH_CEL_DEPTH_MAX)
            wrong = "too many operators in a row here";
        if (walk.step == TROTH_CEL_LEAVE)
            in_rows -= is_one;
    }
    if (!wrong)
        return TROTH_OK;

    const struct troth_cel_node *node = &tree->nodes[walk.node];

    return troth_cel_issue_set(issue, tree->source, node->start, node->end,
                               (const char *const[3]){wrong});
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
