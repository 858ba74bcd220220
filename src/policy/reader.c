/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/reader.h"

#include "base/arena.h"
#include "base/memory.h"
#include "base/span.h"
#include "base/writer.h"

/* Digits of an index, brackets, and a dot before a key. */
#define INDEX_SIZE 16

static const struct troth_span no_words[TROTH_CLAUSE_WORDS];

/* From the document down to `wanted`; returns how many lie between. */
static unsigned find_way(const struct troth_tree_node *way[static TROTH_TREE_WAY],
                         const struct troth_tree_node *document,
                         const struct troth_tree_node *wanted)
{
    unsigned depth = 0;

    way[0] = document;
    do
        if (way[depth] == wanted)
            return depth;
    while (troth_tree_next(way, &depth));
    return 0;
}

static void write_index(struct troth_writer *w, const struct troth_tree_node *list,
                        const struct troth_tree_node *item)
{
    uint64_t index = 0;

    for (const struct troth_tree_node *n = list->first_child; n != item; n = n->next)
        index++;
    troth_write_u8(w, '[');
    troth_write_decimal(w, index);
    troth_write_u8(w, ']');
}

/* "images.release-7.tdx.rtmr1", "accept[1]"; what does not fit is left out at its end. */
static void name_path(struct troth_reader *r, const struct troth_tree_node *node)
{
    const struct troth_tree_node *way[TROTH_TREE_WAY];
    const unsigned depth = find_way(way, r->document, node);
    uint8_t text[sizeof r->issue.path];
    struct troth_writer w = troth_writer_over(text, sizeof text);
    struct troth_span words[TROTH_CLAUSE_WORDS] = {{NULL, 0}};

    for (unsigned i = 1; i <= depth && !w.full; i++) {
        if (way[i - 1]->kind == TROTH_TREE_LIST) {
            write_index(&w, way[i - 1], way[i]);
            continue;
        }
        if (i > 1)
            troth_write_u8(&w, '.');
        troth_write_bytes(&w, way[i]->key);
    }
    words[0] = troth_writer_span(&w);
    troth_clause_write(r->issue.path, sizeof r->issue.path, "%", words);
}

void troth_read_object(struct troth_reader *r, const struct troth_objection *objection)
{
    const struct troth_tree_node *node = objection->node;
    const struct troth_place place = objection->is_key ? node->key_place : node->place;

    if (r->err)
        return;
    r->err = TROTH_ERR_VALUE;
    r->issue.line = place.line;
    r->issue.column = place.column;
    name_path(r, node);
    troth_clause_write(r->issue.text, sizeof r->issue.text, objection->text,
                       objection->words);
    troth_clause_write(r->issue.hint, sizeof r->issue.hint,
                       objection->hint ? objection->hint : "",
                       objection->hint ? objection->hint_words : no_words);
}

void *troth_read_take(struct troth_reader *r, size_t count, size_t size)
{
    void *taken = troth_arena_take_array(r->arena, count, size);

    if (!taken && !r->err)
        r->err = TROTH_ERR_MEMORY;
    return taken;
}

struct troth_span troth_read_copy(struct troth_reader *r, struct troth_span bytes)
{
    const struct troth_span copy = troth_arena_copy(r->arena, bytes);

    if (!copy.ptr && !r->err)
        r->err = TROTH_ERR_MEMORY;
    return copy;
}
