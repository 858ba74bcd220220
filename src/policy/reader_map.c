/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/reader.h"

#include "base/nearest.h"
#include "base/span.h"

const enum troth_kind troth_kinds_by_name[TROTH_KIND_COUNT] = {
    TROTH_KIND_NITRO, TROTH_KIND_SGX, TROTH_KIND_SNP, TROTH_KIND_TDX};

/* A lead byte's rank: from U+10000 on, UTF-16 has surrogates, which come before what
 * UTF-8 begins with 0xee and 0xef. */
static unsigned rank(uint8_t byte)
{
    if (byte >= 0xf0)
        return byte - 0x10U;
    return byte >= 0xee ? byte + 0x10U : byte;
}

int troth_canonical_order(struct troth_span a, struct troth_span b)
{
    const size_t shorter = a.len < b.len ? a.len : b.len;
    size_t i = 0;

    while (i < shorter && a.ptr[i] == b.ptr[i])
        i++;
    if (i == shorter)
        return (a.len > b.len) - (a.len < b.len);
    return rank(a.ptr[i]) < rank(b.ptr[i]) ? -1 : 1;
}

struct troth_entries troth_read_list(struct troth_reader *r,
                                     const struct troth_tree_node *node)
{
    struct troth_entries list = {NULL, 0};

    if (node->kind != TROTH_TREE_LIST)
        troth_read_object(
            r, &(struct troth_objection){.node = node, .text = "a list is wanted here"});
    else if (node->count == 0)
        troth_read_object(
            r, &(struct troth_objection){.node = node, .text = "the list is empty"});
    if (r->err)
        return list;
    list.rows = troth_read_take(r, node->count, sizeof *list.rows);
    for (node = node->first_child; node && !r->err; node = node->next)
        list.rows[list.count++] = (struct troth_entry){troth_read_text(r, node), node};
    return r->err ? (struct troth_entries){NULL, 0} : list;
}

/* Shell's, with gaps of Ciura's: lists are short, and the time of long ones is bounded.
 */
static void sort(const struct troth_entries *entries)
{
    static const size_t gaps[] = {1750, 701, 301, 132, 57, 23, 10, 4, 1};

    for (size_t g = 0; g < sizeof gaps / sizeof gaps[0]; g++) {
        for (size_t i = gaps[g]; i < entries->count; i++) {
            const struct troth_entry entry = entries->rows[i];
            size_t at = i;

            for (; at >= gaps[g] && troth_canonical_order(
                                        entries->rows[at - gaps[g]].text, entry.text) > 0;
                 at -= gaps[g])
                entries->rows[at] = entries->rows[at - gaps[g]];
            entries->rows[at] = entry;
        }
    }
}

void troth_read_sort(struct troth_reader *r, const struct troth_entries *entries)
{
    sort(entries);
    for (size_t i = 1; i < entries->count; i++) {
        const struct troth_entry *a = &entries->rows[i - 1], *b = a + 1;
        const bool a_is_first = a->node->place.line < b->node->place.line ||
                                (a->node->place.line == b->node->place.line &&
                                 a->node->place.column < b->node->place.column);

        if (troth_span_equal(a->text, b->text))
            troth_read_object(
                r, &(struct troth_objection){.node = a_is_first ? b->node : a->node,
                                             .text = "'%' is there twice",
                                             .words = {b->text}});
    }
}

bool troth_read_is_map(struct troth_reader *r, const struct troth_tree_node *node)
{
    if (node->kind != TROTH_TREE_MAP)
        troth_read_object(r, &(struct troth_objection){
                                 .node = node, .text = "a map of keys is wanted here"});
    else if (node->count == 0)
        troth_read_object(
            r, &(struct troth_objection){.node = node, .text = "the map is empty"});
    return !r->err;
}

static bool has_key(struct troth_keys keys, struct troth_span name)
{
    for (size_t i = 0; i < keys.count; i++)
        if (troth_span_is_text(name, keys.rows[i].name))
            return true;
    return false;
}

static void check_key(struct troth_reader *r, const struct troth_tree_node *node,
                      struct troth_keys keys)
{
    struct troth_nearest near = {NULL, 0};

    if (has_key(keys, node->key))
        return;
    for (size_t i = 0; i < keys.count; i++)
        troth_nearest_offer(&near, node->key, keys.rows[i].name);
    troth_read_object(
        r, &(struct troth_objection){
               .node = node,
               .is_key = true,
               .text = "unknown key '%'",
               .words = {node->key},
               .hint = near.word ? "did you mean '%'?" : NULL,
               .hint_words = {troth_span_of_text(near.word ? near.word : "")}});
}

void troth_read_map(struct troth_reader *r, const struct troth_tree_node *map,
                    struct troth_keys keys, void *out)
{
    if (map && !troth_read_is_map(r, map))
        return;
    for (const struct troth_tree_node *n = map ? map->first_child : NULL; n; n = n->next)
        check_key(r, n, keys);
    for (size_t i = 0; i < keys.count && !r->err; i++) {
        const struct troth_key *key = &keys.rows[i];
        const struct troth_tree_node *node = troth_tree_find(map, key->name);

        if (key->is_required && !node && map)
            troth_read_object(
                r, &(struct troth_objection){.node = map,
                                             .text = "'%' is missing",
                                             .words = {troth_span_of_text(key->name)},
                                             .hint = key->hint});
        if (!r->err && key->read)
            key->read(r, node, out);
    }
}

void troth_read_write_map(struct troth_json_writer *w, struct troth_keys keys,
                          const struct troth_draft *draft)
{
    troth_json_begin_object(w);
    for (size_t i = 0; i < keys.count; i++) {
        const struct troth_key *key = &keys.rows[i];

        if (!key->write || (key->is_there && !key->is_there(draft)))
            continue;
        troth_json_write_key(w, key->name);
        key->write(w, draft);
    }
    troth_json_end_object(w);
}

enum troth_kind troth_read_kind(struct troth_reader *r,
                                const struct troth_tree_node *node, bool is_key)
{
    const struct troth_span name = is_key ? node->key : troth_read_text(r, node);
    const enum troth_kind kind = troth_kind_named(name);

    if (kind == TROTH_KIND_COUNT)
        troth_read_object(r,
                          &(struct troth_objection){.node = node,
                                                    .is_key = is_key,
                                                    .text = "'%' is no kind of evidence",
                                                    .words = {name},
                                                    .hint = "nitro, sgx, snp or tdx"});
    return r->err ? TROTH_KIND_COUNT : kind;
}

enum troth_kind troth_read_accepted_kind(struct troth_reader *r,
                                         const struct troth_tree_node *node)
{
    const enum troth_kind kind = troth_read_kind(r, node, true);

    if (!r->err && !troth_draft_accepts(&r->draft, kind))
        troth_read_object(r, &(struct troth_objection){
                                 .node = node,
                                 .is_key = true,
                                 .text = "never used: the policy does not accept %",
                                 .words = {node->key},
                                 .hint = "add it to accept, or leave this out"});
    return r->err ? TROTH_KIND_COUNT : kind;
}
