/* SPDX-License-Identifier: Apache-2.0 */
#include "test/support/tree_text.h"

#include "base/writer.h"

enum { ROOM = 1 << 16 };

static void write_place(struct troth_writer *w, struct troth_place place)
{
    troth_write_decimal(w, place.line);
    troth_write_u8(w, ':');
    troth_write_decimal(w, place.column);
}

static void write_string(struct troth_writer *w, struct troth_span text)
{
    for (size_t i = 0; i < text.len; i++)
        troth_write_u8(w, text.ptr[i] == '\n' ? '$' : text.ptr[i]);
}

static void write_text(struct troth_writer *w, const struct troth_tree_node *node)
{
    if (node->is_quoted)
        troth_write_u8(w, '"');
    write_string(w, node->text);
    if (node->is_quoted)
        troth_write_u8(w, '"');
}

static void write_places(struct troth_writer *w, const struct troth_tree_node *node)
{
    troth_write_u8(w, '@');
    write_place(w, node->place);
    if (node->kind != TROTH_TREE_TEXT)
        return;
    troth_write_text(w, node->is_block ? "|" : "^");
    write_place(w, node->text_place);
}

static void write_key(struct troth_writer *w, const struct troth_tree_node *node,
                      bool with_places)
{
    write_string(w, node->key);
    if (with_places) {
        troth_write_u8(w, '@');
        write_place(w, node->key_place);
    }
    troth_write_text(w, ": ");
}

static void open(struct troth_writer *w, const struct troth_tree_node *node,
                 bool with_places)
{
    if (node->kind == TROTH_TREE_TEXT)
        write_text(w, node);
    if (with_places)
        write_places(w, node);
    if (node->kind != TROTH_TREE_TEXT)
        troth_write_u8(w, node->kind == TROTH_TREE_MAP ? '{' : '[');
}

const char *test_tree_text(const struct troth_tree_node *root, bool with_places)
{
    static uint8_t room[ROOM];
    struct troth_writer w = troth_writer_over(room, sizeof room - 1);
    const struct troth_tree_node *parents[TROTH_TREE_DEPTH_MAX + 1];
    const struct troth_tree_node *node = root;
    unsigned depth = 0;

    while (node) {
        if (depth > 0 && parents[depth - 1]->kind == TROTH_TREE_MAP)
            write_key(&w, node, with_places);
        open(&w, node, with_places);
        if (node->kind != TROTH_TREE_TEXT && node->first_child) {
            parents[depth++] = node;
            node = node->first_child;
            continue;
        }
        if (node->kind != TROTH_TREE_TEXT)
            troth_write_u8(&w, node->kind == TROTH_TREE_MAP ? '}' : ']');
        while (depth > 0 && !node->next) {
            node = parents[--depth];
            troth_write_u8(&w, node->kind == TROTH_TREE_MAP ? '}' : ']');
        }
        if (depth == 0)
            break;
        node = node->next;
        troth_write_text(&w, ", ");
    }
    room[w.len] = 0;
    return (const char *)room;
}
