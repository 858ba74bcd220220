/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/sections.h"

#include "base/span.h"

void troth_section_read_accept(struct troth_reader *r, const struct troth_tree_node *node,
                               void *unused)
{
    const struct troth_entries kinds = troth_read_list(r, node);

    (void)unused;
    for (size_t i = 0; i < kinds.count && !r->err; i++) {
        const enum troth_kind kind = troth_read_kind(r, kinds.rows[i].node, false);

        if (!r->err)
            r->draft.kinds |= 1U << kind;
    }
    troth_read_sort(r, &kinds);
}

void troth_section_write_accept(struct troth_json_writer *w,
                                const struct troth_draft *draft)
{
    troth_json_begin_array(w);
    for (size_t i = 0; i < TROTH_KIND_COUNT; i++)
        if (troth_draft_accepts(draft, troth_kinds_by_name[i]))
            troth_json_write_text(w, troth_kind_name(troth_kinds_by_name[i]));
    troth_json_end_array(w);
}

void troth_section_read_nonce(struct troth_reader *r, const struct troth_tree_node *node,
                              void *unused)
{
    (void)unused;
    r->draft.nonce = TROTH_NONCE_REQUIRED;
    if (!node)
        return;
    r->draft.nonce_line = node->place.line;
    if (troth_read_is_word(node, "any"))
        r->draft.nonce = TROTH_NONCE_ANY;
    else if (!troth_read_is_word(node, "required"))
        troth_read_object(r, &(struct troth_objection){
                                 .node = node,
                                 .text = "this is neither 'required' nor 'any'",
                                 .hint = "the nonce itself is given with the evidence"});
}

void troth_section_write_nonce(struct troth_json_writer *w,
                               const struct troth_draft *draft)
{
    troth_json_write_text(w, draft->nonce == TROTH_NONCE_ANY ? "any" : "required");
}

void troth_section_read_max_age(struct troth_reader *r,
                                const struct troth_tree_node *node, void *unused)
{
    (void)unused;
    if (!node)
        return;
    r->draft.max_age_line = node->place.line;
    if (troth_read_is_word(node, "any"))
        return;
    r->draft.has_max_age = true;
    r->draft.max_age_s = troth_read_duration(r, node);
    if (!r->err && r->draft.max_age_s == 0)
        troth_read_object(r,
                          &(struct troth_objection){.node = node,
                                                    .text = "no evidence is that young",
                                                    .hint = "90s, 5m, 2h, 30d, or any"});
}

void troth_section_write_max_age(struct troth_json_writer *w,
                                 const struct troth_draft *draft)
{
    if (draft->has_max_age)
        troth_json_write_uint(w, (uint64_t)draft->max_age_s);
    else
        troth_json_write_text(w, "any");
}

void troth_section_read_policy(struct troth_reader *r, const struct troth_tree_node *node,
                               void *unused)
{
    const struct troth_span name = troth_read_text(r, node);

    (void)unused;
    r->draft.name = troth_read_name(r, node, name);
}

void troth_section_write_policy(struct troth_json_writer *w,
                                const struct troth_draft *draft)
{
    troth_json_write_string(w, draft->name);
}

void troth_section_read_vocabulary(struct troth_reader *r,
                                   const struct troth_tree_node *node, void *unused)
{
    (void)unused;
    if (!node)
        return;
    if (troth_read_number(r, node, UINT32_MAX) != TROTH_VOCABULARY_VERSION && !r->err)
        troth_read_object(
            r,
            &(struct troth_objection){
                .node = node,
                .text = "the policy is written for version % of the vocabulary",
                .words = {node->text},
                .hint = "`troth policy` of another version reads it; docs/claims.md says "
                        "what changed"});
}

void troth_section_write_vocabulary(struct troth_json_writer *w,
                                    const struct troth_draft *draft)
{
    (void)draft;
    troth_json_write_uint(w, TROTH_VOCABULARY_VERSION);
}
