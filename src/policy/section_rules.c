/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/sections.h"

#include "base/span.h"

/* A rule is a map of one key: its name. */
static const struct troth_tree_node *only_child(struct troth_reader *r,
                                                const struct troth_tree_node *item)
{
    if (item->kind == TROTH_TREE_MAP && item->count == 1)
        return item->first_child;
    troth_read_object(r,
                      &(struct troth_objection){
                          .node = item,
                          .text = "a rule is a name and an expression",
                          .hint = "- young enough: now - tcb.date < duration('720h')"});
    return NULL;
}

static void check_source(struct troth_reader *r, const struct troth_tree_node *node)
{
    const char *why = NULL;

    if (node->kind != TROTH_TREE_TEXT)
        why = "an expression is wanted here, no list and no map";
    for (size_t i = 0; !why && i < node->text.len; i++) {
        const uint8_t c = node->text.ptr[i];

        if ((c < ' ' && c != '\n' && c != '\t') || c == 0x7f)
            why = "control characters have no place in an expression";
    }
    if (why)
        troth_read_object(r, &(struct troth_objection){.node = node, .text = why});
}

/* What a block ends with says nothing. */
static struct troth_span without_end(struct troth_span text)
{
    while (text.len > 0 && text.ptr[text.len - 1] <= ' ')
        text.len--;
    return text;
}

/* Bounds the memory of a policy: expressions grow where they are compiled. */
static void check_size(struct troth_reader *r, const struct troth_tree_node *node)
{
    size_t size = 0;

    for (size_t i = 0; i < r->draft.rule_count; i++)
        size += r->draft.rules[i].source.len;
    if (size > TROTH_POLICY_RULES_SIZE)
        troth_read_object(
            r, &(struct troth_objection){
                   .node = node,
                   .text = "with this rule, all rules are longer than 16 KiB"});
}

static void check_name(struct troth_reader *r, const struct troth_tree_node *node)
{
    for (size_t i = 0; i < r->draft.rule_count; i++)
        if (troth_span_equal(r->draft.rules[i].name, node->key))
            troth_read_object(
                r, &(struct troth_objection){.node = node,
                                             .is_key = true,
                                             .text = "a rule named '%' is there already",
                                             .words = {node->key}});
}

static void read_rule(struct troth_reader *r, const struct troth_tree_node *item)
{
    const struct troth_tree_node *node = only_child(r, item);
    struct troth_rule rule = {.program = {.type = NULL}};

    if (!node)
        return;
    check_name(r, node);
    rule.name = troth_read_name(r, node, node->key);
    if (!r->err)
        check_source(r, node);
    if (r->err)
        return;
    rule.source = without_end(node->text);
    rule.line = node->text_place.line;
    rule.column = node->text_place.column;
    if (rule.source.len == 0)
        troth_read_object(r, &(struct troth_objection){
                                 .node = node, .text = "the expression is empty"});
    r->draft.rule_nodes[r->draft.rule_count] = node;
    r->draft.rules[r->draft.rule_count++] = rule;
    check_size(r, node);
}

void troth_section_read_rules(struct troth_reader *r, const struct troth_tree_node *node,
                              void *unused)
{
    (void)unused;
    if (troth_read_is_none(node))
        return;
    if (node->kind != TROTH_TREE_LIST || node->count == 0)
        troth_read_object(
            r, &(struct troth_objection){.node = node,
                                         .text = "a list of rules is wanted here",
                                         .hint = "- NAME: EXPRESSION"});
    else if (node->count > TROTH_POLICY_RULES_MAX)
        troth_read_object(r, &(struct troth_objection){
                                 .node = node, .text = "there are more than 64 rules"});
    if (r->err)
        return;
    r->draft.rules = troth_read_take(r, node->count, sizeof *r->draft.rules);
    r->draft.rule_nodes = troth_read_take(r, node->count, sizeof(void *));
    for (node = node->first_child; node && !r->err; node = node->next)
        read_rule(r, node);
}

void troth_section_write_rules(struct troth_json_writer *w,
                               const struct troth_draft *draft)
{
    if (draft->rule_count == 0) {
        troth_json_write_text(w, "none");
        return;
    }
    troth_json_begin_array(w);
    for (size_t i = 0; i < draft->rule_count; i++) {
        troth_json_begin_object(w);
        troth_json_write_key(w, (const char *)draft->rules[i].name.ptr);
        troth_json_write_string(w, draft->rules[i].source);
        troth_json_end_object(w);
    }
    troth_json_end_array(w);
}
