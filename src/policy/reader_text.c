/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/reader.h"

#include "base/arena.h"
#include "base/duration.h"
#include "base/hex.h"
#include "base/number.h"
#include "base/span.h"

#define NAME_MAX 128

static const struct troth_span nothing = {NULL, 0};

static void object(struct troth_reader *r, const struct troth_tree_node *node,
                   const char *text, const char *hint)
{
    troth_read_object(
        r, &(struct troth_objection){
               .node = node, .text = text, .words = {node->text}, .hint = hint});
}

static bool has_control_character(struct troth_span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < ' ' || text.ptr[i] == 0x7f)
            return true;
    return false;
}

struct troth_span troth_read_text(struct troth_reader *r,
                                  const struct troth_tree_node *node)
{
    if (node->kind != TROTH_TREE_TEXT)
        object(r, node, "one value is wanted here, no list and no map", NULL);
    else if (node->text.len == 0)
        object(r, node, "this is empty", NULL);
    else if (has_control_character(node->text))
        object(r, node, "control characters and line ends have no place here", NULL);
    return r->err ? nothing : node->text;
}

/* `text` is the node's, or its key. */
struct troth_span troth_read_name(struct troth_reader *r,
                                  const struct troth_tree_node *node,
                                  struct troth_span text)
{
    const bool is_key = text.ptr == node->key.ptr;
    const char *why = NULL;

    if (r->err)
        return nothing;
    if (text.len == 0)
        why = "the name is empty";
    else if (text.len > NAME_MAX)
        why = "the name is longer than 128 bytes";
    else if (has_control_character(text))
        why = "control characters and line ends have no place in a name";
    else if (text.ptr[0] == ' ' || text.ptr[text.len - 1] == ' ')
        why = "the name has a space at one of its ends";
    if (why)
        troth_read_object(
            r, &(struct troth_objection){.node = node, .is_key = is_key, .text = why});
    return r->err ? nothing : troth_read_copy(r, text);
}

bool troth_read_is_word(const struct troth_tree_node *node, const char *word)
{
    return node->kind == TROTH_TREE_TEXT && troth_span_is_text(node->text, word);
}

bool troth_read_is_none(const struct troth_tree_node *node)
{
    return !node || troth_read_is_word(node, "none");
}

uint64_t troth_read_number(struct troth_reader *r, const struct troth_tree_node *node,
                           uint64_t max)
{
    const struct troth_span text = troth_read_text(r, node);
    uint64_t number = 0;

    if (r->err)
        return 0;
    const enum troth_err err = troth_uint_parse(&number, text, 10);
    if (err == TROTH_ERR_VALUE)
        object(r, node, "'%' is no whole number", "numbers are decimal");
    else if (text.len > 1 && text.ptr[0] == '0')
        object(r, node, "'%' has a zero in front", "numbers are decimal");
    else if (err || number > max)
        object(r, node, "% is too large", NULL);
    return r->err ? 0 : number;
}

static struct troth_span digits_of(struct troth_reader *r, size_t number)
{
    uint8_t text[20];
    struct troth_writer w = troth_writer_over(text, sizeof text);

    troth_write_decimal(&w, number);
    return troth_read_copy(r, troth_writer_span(&w));
}

struct troth_span troth_read_hex(struct troth_reader *r,
                                 const struct troth_tree_node *node, size_t size)
{
    const struct troth_span text = troth_read_text(r, node);
    const size_t room_size = text.len / 2 + 1;
    struct troth_span bytes = nothing;
    uint8_t *room = r->err ? NULL : troth_read_take(r, room_size, 1);

    if (!room)
        return nothing;
    if (troth_hex_parse(room, room_size, &bytes.len, text))
        object(r, node, "'%' is no hex", "two digits a byte, and nothing else");
    else if (size && bytes.len != size)
        troth_read_object(r,
                          &(struct troth_objection){
                              .node = node,
                              .text = "% hex digits stand where % are wanted",
                              .words = {digits_of(r, text.len), digits_of(r, 2 * size)}});
    bytes.ptr = room;
    return r->err ? nothing : bytes;
}

int64_t troth_read_duration(struct troth_reader *r, const struct troth_tree_node *node)
{
    const struct troth_span text = troth_read_text(r, node);
    int64_t seconds = 0;

    if (!r->err && !troth_duration_parse(&seconds, text))
        object(r, node, "'%' is no length of time", "90s, 5m, 2h or 30d");
    return seconds;
}
