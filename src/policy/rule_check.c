/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/rule_check.h"

#include "base/arena.h"
#include "base/span.h"
#include "cel/node.h"
#include "cel/token.h"
#include "policy/variables.h"

/* One evaluation without any evidence. */
struct trial {
    struct troth_cel_value value;
    struct troth_cel_value *trace;
    enum troth_kind kind;
};

/* Where a byte of a rule's source stands in the document; column 0: nobody knows. */
static struct troth_place place_in_document(const struct troth_tree_node *node,
                                            uint32_t offset)
{
    struct troth_place place = node->text_place;
    uint32_t line_start = 0;

    for (uint32_t i = 0; node->is_block && i < offset; i++) {
        if (node->text.ptr[i] != '\n')
            continue;
        place.line++;
        line_start = i + 1;
    }
    if (place.column > 0)
        place.column += offset - line_start;
    return place;
}

/* As troth_read_object(), about a part of the source. */
static void object_at(struct troth_reader *r, const struct troth_objection *objection,
                      uint32_t offset)
{
    if (r->err)
        return;
    troth_read_object(r, objection);

    const struct troth_place place = place_in_document(objection->node, offset);
    r->issue.line = place.line;
    r->issue.column = place.column;
}

static void compile(struct troth_reader *r, size_t index, const struct troth_cel_env *env)
{
    struct troth_rule *rule = &r->draft.rules[index];
    struct troth_cel_issue issue;
    const enum troth_err err = troth_cel_compile(&rule->program, &issue, env,
                                                 rule->source, r->arena);

    if (err == TROTH_ERR_VALUE)
        object_at(r,
                  &(struct troth_objection){.node = r->draft.rule_nodes[index],
                                            .text = "%",
                                            .words = {troth_span_of_text(issue.text)}},
                  issue.start);
    else if (err)
        r->err = err;
}

/* Where the first comment begins, or the length of the source. */
static uint32_t find_comment(struct troth_span source)
{
    uint32_t at = 0;

    for (;;) {
        const struct troth_cel_token token = troth_cel_token_at(source, at);

        /* Between tokens there is nothing but white space and comments. */
        for (; at < token.start; at++)
            if (source.ptr[at] == '/')
                return at;
        if (token.kind == TROTH_CEL_TOKEN_END || token.kind == TROTH_CEL_TOKEN_WRONG)
            return (uint32_t)source.len;
        at = token.end;
    }
}

/* A comment ends with its line: what YAML joins to that line would be part of it, and who
 * reads the document would not see it. */
static void check_comments(struct troth_reader *r, size_t index)
{
    const struct troth_tree_node *node = r->draft.rule_nodes[index];
    const struct troth_span source = r->draft.rules[index].source;

    if (node->is_folded && find_comment(source) < source.len)
        troth_read_object(
            r, &(struct troth_objection){
                   .node = node,
                   .text = "a comment swallows the lines that YAML joins to its own",
                   .hint = "write a block, whose lines stay lines: '%: |'",
                   .hint_words = {node->key}});
}

static void check_cost(struct troth_reader *r, size_t index)
{
    struct troth_rule *rules = r->draft.rules;
    uint64_t left = TROTH_POLICY_COST_MAX;

    for (size_t i = 0; i < index; i++)
        left -= rules[i].cost;
    rules[index].cost = troth_cel_cost(&rules[index].program, TROTH_POLICY_COST_SIZE);
    if (rules[index].cost > left)
        troth_read_object(
            r, &(struct troth_objection){
                   .node = r->draft.rule_nodes[index],
                   .text = "with this rule, an answer may take more than 1000000 steps",
                   .hint = "fewer loops within loops, or shorter lists"});
}

static void object_to_effort(struct troth_reader *r, size_t index, enum troth_err err)
{
    const bool is_memory = err == TROTH_ERR_MEMORY;

    troth_read_object(r,
                      &(struct troth_objection){
                          .node = r->draft.rule_nodes[index],
                          .text = is_memory ? "an answer takes more than 1 MiB of memory"
                                            : "an answer takes too many steps"});
}

/* What the rule is for any evidence of that kind; UNKNOWN if that depends. */
static void evaluate(struct trial *out, struct troth_reader *r, size_t index,
                     enum troth_kind kind)
{
    const struct troth_cel_program *program = &r->draft.rules[index].program;
    struct troth_arena room = {
        troth_arena_take_unset(r->arena, TROTH_POLICY_RULE_MEMORY, 1),
        TROTH_POLICY_RULE_MEMORY, 0};
    struct troth_cel_run run = {.steps = TROTH_POLICY_COST_MAX, .arena = &room};
    struct troth_cel_value *values = NULL;
    enum troth_err err = troth_policy_bind_unknown(&values, kind, r->arena);

    *out = (struct trial){.kind = kind};
    out->trace = troth_read_take(r, program->tree->count, sizeof *out->trace);
    if (err || !out->trace || !room.base) {
        r->err = TROTH_ERR_MEMORY;
        return;
    }
    run.variables = values;
    run.trace = out->trace;
    err = troth_cel_evaluate(&out->value, program, &run);
    if (err)
        object_to_effort(r, index, err);
}

static void object_to_error(struct troth_reader *r, size_t index,
                            const struct trial *trial)
{
    const struct troth_rule *rule = &r->draft.rules[index];
    const struct troth_cel_value *value = &trial->value;
    const uint32_t start = value->as.error.start;

    object_at(
        r,
        &(struct troth_objection){
            .node = r->draft.rule_nodes[index],
            .text = "can never hold for % evidence: %: %",
            .words = {troth_span_of_text(troth_kind_name(trial->kind)),
                      troth_span_slice(rule->source, start, value->as.error.end),
                      troth_span_of_text(troth_cel_error_text(value->as.error.code))},
            .hint = "kind != '%' || ...",
            .hint_words = {troth_span_of_text(troth_kind_name(trial->kind))}},
        start);
}

static void object_to_false(struct troth_reader *r, size_t index,
                            const struct trial *trial)
{
    const struct troth_rule *rule = &r->draft.rules[index];
    struct troth_cel_reason reason;
    size_t count;

    troth_cel_explain(&reason, &count, 1, &rule->program, trial->trace);
    if (count == 0)
        reason = (struct troth_cel_reason){.end = (uint32_t)rule->source.len};
    object_at(r,
              &(struct troth_objection){
                  .node = r->draft.rule_nodes[index],
                  .text = "can never hold for % evidence: % is false",
                  .words = {troth_span_of_text(troth_kind_name(trial->kind)),
                            troth_span_slice(rule->source, reason.start, reason.end)},
                  .hint = "kind != '%' || ...",
                  .hint_words = {troth_span_of_text(troth_kind_name(trial->kind))}},
              reason.start);
}

/* Of no type that is known before: "dyn(1)". */
static void object_to_value(struct troth_reader *r, size_t index,
                            const struct trial *trial)
{
    troth_read_object(r,
                      &(struct troth_objection){
                          .node = r->draft.rule_nodes[index],
                          .text = "can never hold for % evidence: neither true nor false",
                          .words = {troth_span_of_text(troth_kind_name(trial->kind))},
                          .hint = "a rule is a question: compare it with something"});
}

static void check_meaning(struct troth_reader *r, size_t index)
{
    bool always_holds = true;

    for (unsigned kind = 0; kind < TROTH_KIND_COUNT && !r->err; kind++) {
        const size_t used = r->arena->used;
        struct trial trial;

        if (!troth_draft_accepts(&r->draft, kind))
            continue;
        evaluate(&trial, r, index, kind);
        if (!r->err && trial.value.kind == TROTH_CEL_ERROR)
            object_to_error(r, index, &trial);
        else if (!r->err && trial.value.kind == TROTH_CEL_BOOL && !trial.value.as.boolean)
            object_to_false(r, index, &trial);
        else if (!r->err && trial.value.kind != TROTH_CEL_BOOL &&
                 trial.value.kind != TROTH_CEL_UNKNOWN)
            object_to_value(r, index, &trial);
        if (trial.value.kind != TROTH_CEL_BOOL)
            always_holds = false;
        r->arena->used = used;
    }
    if (always_holds)
        troth_read_object(
            r, &(struct troth_objection){.node = r->draft.rule_nodes[index],
                                         .text = "always holds, so it decides nothing",
                                         .hint = "leave it out"});
}

void troth_read_check_rules(struct troth_reader *r)
{
    struct troth_cel_env *env;

    if (r->err || r->draft.rule_count == 0)
        return;
    env = troth_read_take(r, 1, sizeof *env);
    if (env && !r->err)
        r->err = troth_policy_env(env, r->arena);
    for (size_t i = 0; i < r->draft.rule_count && !r->err; i++) {
        compile(r, i, env);
        if (!r->err)
            check_comments(r, i);
        if (!r->err)
            check_cost(r, i);
        if (!r->err)
            check_meaning(r, i);
    }
}
