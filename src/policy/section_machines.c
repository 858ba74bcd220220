/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/sections.h"

#include "base/span.h"
#include "base/writer.h"

/* What "hardware_id" is of each kind; its size is that of a machine's identity. */
static const char *const identity_claims[TROTH_KIND_COUNT] = {
    [TROTH_KIND_NITRO] = NULL,
    [TROTH_KIND_SNP] = "snp.chip_id",
    [TROTH_KIND_SGX] = "dcap.ppid",
    [TROTH_KIND_TDX] = "dcap.ppid",
};

static struct troth_span read_id(struct troth_reader *r,
                                 const struct troth_tree_node *node, enum troth_kind kind)
{
    const struct troth_span claim = troth_span_of_text(identity_claims[kind]);
    const struct troth_span bytes = troth_read_hex(r, node, troth_word_find(claim)->size);
    uint8_t *room = r->err ? NULL : troth_read_take(r, 2 * bytes.len + 1, 1);
    struct troth_writer w = troth_writer_over(room, 2 * bytes.len);

    if (!room)
        return (struct troth_span){NULL, 0};
    if (troth_span_is_zero(bytes))
        troth_read_object(
            r, &(struct troth_objection){
                   .node = node, .text = "all zeros is the identity of no machine"});
    troth_write_hex(&w, bytes);
    return troth_writer_span(&w);
}

static void read_ids(struct troth_reader *r, const struct troth_tree_node *node,
                     enum troth_kind kind)
{
    struct troth_entries ids;

    if (!identity_claims[kind]) {
        troth_read_object(r, &(struct troth_objection){
                                 .node = node,
                                 .text = "% evidence does not say which machine it is of",
                                 .words = {node->key},
                                 .hint = "%: any",
                                 .hint_words = {node->key}});
        return;
    }
    ids = troth_read_list(r, node);
    for (size_t i = 0; i < ids.count && !r->err; i++)
        ids.rows[i].text = read_id(r, ids.rows[i].node, kind);
    if (!r->err)
        troth_read_sort(r, &ids);
    r->draft.machines[kind].ids = ids;
}

static void read_by_kind(struct troth_reader *r, const struct troth_tree_node *map)
{
    unsigned named = 0;

    for (const struct troth_tree_node *n = map->first_child; n && !r->err; n = n->next) {
        const enum troth_kind kind = troth_read_accepted_kind(r, n);

        if (r->err)
            return;
        named |= 1U << kind;
        r->draft.machines[kind].line = n->key_place.line;
        r->draft.machines[kind].any = troth_read_is_word(n, "any");
        if (!r->draft.machines[kind].any)
            read_ids(r, n, kind);
    }
    for (unsigned kind = 0; kind < TROTH_KIND_COUNT; kind++)
        if (troth_draft_accepts(&r->draft, kind) && !(named >> kind & 1))
            troth_read_object(r,
                              &(struct troth_objection){
                                  .node = map,
                                  .is_key = true,
                                  .text = "% is accepted, and its machines are not named",
                                  .words = {troth_span_of_text(troth_kind_name(kind))},
                                  .hint = "list them, or say any"});
}

void troth_section_read_machines(struct troth_reader *r,
                                 const struct troth_tree_node *node, void *unused)
{
    (void)unused;
    for (unsigned kind = 0; kind < TROTH_KIND_COUNT; kind++) {
        r->draft.machines[kind].any = true;
        r->draft.machines[kind].line = node ? node->place.line : 0;
    }
    if (node && !troth_read_is_word(node, "any") && troth_read_is_map(r, node))
        read_by_kind(r, node);
}

static void write_ids(struct troth_json_writer *w, const struct troth_entries *ids)
{
    troth_json_begin_array(w);
    for (size_t i = 0; i < ids->count; i++)
        troth_json_write_string(w, ids->rows[i].text);
    troth_json_end_array(w);
}

void troth_section_write_machines(struct troth_json_writer *w,
                                  const struct troth_draft *draft)
{
    troth_json_begin_object(w);
    for (size_t i = 0; i < TROTH_KIND_COUNT; i++) {
        const enum troth_kind kind = troth_kinds_by_name[i];

        if (!troth_draft_accepts(draft, kind))
            continue;
        troth_json_write_key(w, troth_kind_name(kind));
        if (draft->machines[kind].any)
            troth_json_write_text(w, "any");
        else
            write_ids(w, &draft->machines[kind].ids);
    }
    troth_json_end_object(w);
}
