/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/sections.h"

#include "base/instant.h"
#include "base/span.h"

/* Other paths would not be the same on another machine. */
static void check_path(struct troth_reader *r, const struct troth_tree_node *node)
{
    const struct troth_span path = troth_read_text(r, node);

    if (!r->err && path.ptr[0] == '/')
        troth_read_object(
            r, &(struct troth_objection){
                   .node = node, .text = "a path from where the policy lies is wanted"});
}

static void read_collateral(struct troth_reader *r, const struct troth_tree_node *node,
                            void *unused)
{
    (void)unused;
    if (!node)
        return;

    const struct troth_entries paths = troth_read_list(r, node);
    for (size_t i = 0; i < paths.count && !r->err; i++)
        check_path(r, paths.rows[i].node);
}

static void read_evidence(struct troth_reader *r, const struct troth_tree_node *node,
                          void *unused)
{
    (void)unused;
    check_path(r, node);
}

static void read_log_proof(struct troth_reader *r, const struct troth_tree_node *node,
                           void *unused)
{
    (void)unused;
    if (!node)
        return;
    check_path(r, node);
    if (!r->err && !r->draft.log.is_made)
        troth_read_object(
            r, &(struct troth_objection){
                   .node = node, .is_key = true, .text = "the policy names no log"});
}

static bool is_answer(const struct troth_tree_node *node)
{
    for (unsigned answer = TROTH_REFUSED; answer <= TROTH_UNDETERMINED; answer++)
        if (troth_read_is_word(node, troth_answer_name(answer)))
            return true;
    return false;
}

static void read_answer(struct troth_reader *r, const struct troth_tree_node *node,
                        void *unused)
{
    (void)unused;
    if (!is_answer(node))
        troth_read_object(
            r, &(struct troth_objection){.node = node,
                                         .text = "an answer is wanted here",
                                         .hint = "accepted, refused or undetermined"});
}

static void read_name(struct troth_reader *r, const struct troth_tree_node *node,
                      void *unused)
{
    const struct troth_span name = troth_read_text(r, node);

    (void)unused;
    (void)troth_read_name(r, node, name);
}

static void read_nonce(struct troth_reader *r, const struct troth_tree_node *node,
                       void *unused)
{
    (void)unused;
    if (node)
        (void)troth_read_hex(r, node, 0);
}

static bool is_rule(const struct troth_draft *draft, struct troth_span name)
{
    for (size_t i = 0; i < draft->rule_count; i++)
        if (troth_span_equal(draft->rules[i].name, name))
            return true;
    for (unsigned id = 0; id < TROTH_CHECK_COUNT; id++)
        if (troth_span_is_text(name, troth_check_name(id)))
            return true;
    return false;
}

static void read_rule(struct troth_reader *r, const struct troth_tree_node *node,
                      void *unused)
{
    (void)unused;
    if (node && !is_rule(&r->draft, troth_read_text(r, node)))
        troth_read_object(
            r, &(struct troth_objection){.node = node,
                                         .text = "no rule and no check is named '%'",
                                         .words = {node->text},
                                         .hint = "docs/checks.md lists the checks"});
}

static void read_time(struct troth_reader *r, const struct troth_tree_node *node,
                      void *unused)
{
    int64_t instant_s;

    (void)unused;
    if (troth_instant_parse_rfc3339(&instant_s, troth_read_text(r, node)))
        troth_read_object(r, &(struct troth_objection){.node = node,
                                                       .text = "'%' is no instant",
                                                       .words = {node->text},
                                                       .hint = "2026-05-01T00:00:00Z"});
}

static const struct troth_key keys[] = {
    {.name = "collateral", .read = read_collateral},
    {.name = "evidence", .is_required = true, .read = read_evidence},
    {.name = "expect",
     .is_required = true,
     .hint = "accepted, refused or undetermined",
     .read = read_answer},
    {.name = "log_proof", .read = read_log_proof},
    {.name = "name", .is_required = true, .read = read_name},
    {.name = "nonce", .read = read_nonce},
    {.name = "rule", .read = read_rule},
    {.name = "time",
     .is_required = true,
     .hint = "when it is judged: what is good today ends one day",
     .read = read_time},
};

static void read_case(struct troth_reader *r, const struct troth_tree_node *node)
{
    const struct troth_tree_node *rule = troth_tree_find(node, "rule");
    const struct troth_tree_node *answer = troth_tree_find(node, "expect");

    troth_read_map(r, node, TROTH_KEYS(keys), NULL);
    if (!r->err && rule && troth_read_is_word(answer, "accepted"))
        troth_read_object(
            r, &(struct troth_objection){.node = rule,
                                         .is_key = true,
                                         .text = "no rule refuses what is accepted"});
}

static void check_names(struct troth_reader *r, const struct troth_tree_node *list)
{
    struct troth_entries names = {NULL, 0};

    if (!r->err)
        names.rows = troth_read_take(r, list->count, sizeof *names.rows);
    for (const struct troth_tree_node *n = list->first_child; n && names.rows;
         n = n->next) {
        const struct troth_tree_node *name = troth_tree_find(n, "name");

        names.rows[names.count++] = (struct troth_entry){name->text, name};
    }
    troth_read_sort(r, &names);
}

void troth_section_read_tests(struct troth_reader *r, const struct troth_tree_node *node,
                              void *unused)
{
    (void)unused;
    if (!node)
        return;
    if (node->kind != TROTH_TREE_LIST || node->count == 0)
        troth_read_object(r, &(struct troth_objection){
                                 .node = node, .text = "a list of tests is wanted here"});
    for (const struct troth_tree_node *n = node->first_child; n && !r->err; n = n->next)
        read_case(r, n);
    check_names(r, node);
    r->draft.tests = node;
}
