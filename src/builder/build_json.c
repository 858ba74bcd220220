/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/arena.h"
#include "builder/build_value.h"
#include "codec/json_writer.h"

/* An escape of six for each byte, and what stands around a value. */
#define BYTE_MAX  6
#define VALUE_MAX 8

/* A node that is being written, with the way to it. */
struct walk {
    const struct troth_tree_node *way[TROTH_TREE_WAY];
    bool is_map[TROTH_TREE_WAY];
    unsigned depth;
};

static size_t room_for(const struct troth_tree_node *root)
{
    struct walk walk = {.way = {root}};
    size_t room = 0;

    do {
        const struct troth_tree_node *node = walk.way[walk.depth];

        room += (node->key.len + node->text.len) * BYTE_MAX + VALUE_MAX;
    } while (troth_tree_next(walk.way, &walk.depth));
    return room;
}

static bool has_zero(struct troth_span text)
{
    return text.len > 0 && memchr(text.ptr, 0, text.len);
}

static void close_one(struct troth_json_writer *w, bool is_map)
{
    if (is_map)
        troth_json_end_object(w);
    else
        troth_json_end_array(w);
}

static void open_one(struct troth_json_writer *w, bool is_map)
{
    if (is_map)
        troth_json_begin_object(w);
    else
        troth_json_begin_array(w);
}

/* One node, all of it where it holds nothing. */
static void write_node(struct troth_json_writer *w, const struct troth_tree_node *node,
                       bool in_map)
{
    const bool is_map = node->kind == TROTH_TREE_MAP;

    /* The tree's texts are copies that end with a zero byte. */
    if (in_map)
        troth_json_write_key(w, (const char *)node->key.ptr);
    if (node->kind == TROTH_TREE_TEXT) {
        troth_json_write_string(w, node->text);
        return;
    }
    open_one(w, is_map);
    if (!node->first_child)
        close_one(w, is_map);
}

static bool write_all(struct troth_build_reading *r, struct troth_json_writer *w,
                      const struct troth_tree_node *root)
{
    struct walk walk = {.way = {root}};
    unsigned before;

    do {
        const struct troth_tree_node *node = walk.way[walk.depth];

        if (has_zero(node->text) || (walk.depth && has_zero(node->key)))
            return troth_build_object(r, node->place, "%: a zero byte is in the text",
                                      "run", node->text);
        write_node(w, node, walk.depth && walk.is_map[walk.depth - 1]);
        walk.is_map[walk.depth] = node->kind == TROTH_TREE_MAP;
        before = walk.depth;
        (void)troth_tree_next(walk.way, &walk.depth);
        for (unsigned i = before; i > walk.depth; i--)
            close_one(w, walk.is_map[i - 1]);
    } while (walk.depth > 0);
    return true;
}

bool troth_build_json(struct troth_build_reading *r, const struct troth_tree_node *node,
                      struct troth_span *out)
{
    const size_t room = room_for(node);
    uint8_t *bytes = troth_arena_take(r->arena, room);
    struct troth_writer w = troth_writer_over(bytes, bytes ? room : 0);
    struct troth_json_writer json = troth_json_writer_over(&w, false);

    if (!bytes)
        return troth_build_no_room(r);
    if (!write_all(r, &json, node))
        return false;
    return !troth_writer_finish(&w, out) || troth_build_no_room(r);
}
