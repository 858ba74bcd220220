/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/json.h"
#include "codec/tree_builder.h"

#include "base/memory.h"
#include "base/span.h"

struct reader {
    struct troth_json json;
    struct troth_tree_builder b;
    struct troth_span source;
    /* The place of a byte: asked for in the document's order, so that lines are counted
     * once. */
    struct troth_place line_start; /* its column is 1 */
    size_t line_offset, counted;
};

/* What people are told of the reader's errors. */
static const struct {
    enum troth_err err;
    const char *text;
} sentences[] = {
    {TROTH_ERR_SHORT, "the document ends too early"},
    {TROTH_ERR_TRAILING, "something follows the end of the document"},
    {TROTH_ERR_VALUE, "this is not JSON"},
    {TROTH_ERR_MISSING, "a value is missing"},
    {TROTH_ERR_DUPLICATE, "the key '%' is there twice"},
    {TROTH_ERR_TEXT, "this is not valid UTF-8, or a byte order mark"},
    {TROTH_ERR_DEPTH, "more than 16 maps and lists stand in one another"},
    {TROTH_ERR_LIMIT, "a map and those around it have more than 128 keys"},
};

static const char *sentence(enum troth_err err)
{
    for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++)
        if (sentences[i].err == err)
            return sentences[i].text;
    return troth_err_text(err);
}

static struct troth_place place_of(struct reader *r, size_t offset)
{
    for (; r->counted < offset && r->counted < r->source.len; r->counted++) {
        if (r->source.ptr[r->counted] != '\n')
            continue;
        r->line_start.line++;
        r->line_offset = r->counted + 1;
    }
    return (struct troth_place){r->line_start.line,
                                (uint32_t)(offset - r->line_offset) + 1};
}

static struct troth_place place_at(struct reader *r, const uint8_t *at)
{
    return place_of(r, (size_t)(at - r->source.ptr));
}

/* A string from between its quotes. */
static struct troth_span decode(struct reader *r, struct troth_span raw)
{
    struct troth_span text;

    if (troth_json_unescape(&text, r->b.arena, raw))
        r->b.err = TROTH_ERR_MEMORY;
    return text;
}

static void read_key(struct reader *r)
{
    const struct troth_span raw = troth_json_key(&r->json, NULL);

    if (!r->json.c.fault.err)
        troth_tree_key(&r->b, decode(r, raw), place_at(r, raw.ptr - 1));
}

static void read_string(struct reader *r)
{
    const struct troth_span raw = troth_json_string(&r->json, NULL);
    struct troth_tree_node value = {.kind = TROTH_TREE_TEXT, .is_quoted = true};

    if (r->json.c.fault.err)
        return;
    value.text = decode(r, raw);
    value.place = place_at(r, raw.ptr - 1);
    value.text_place = value.place;
    value.text_place.column = value.text.len == raw.len ? value.place.column + 1 : 0;
    troth_tree_add(&r->b, &value);
}

static void read_word(struct reader *r)
{
    struct troth_tree_node value = {.kind = TROTH_TREE_TEXT};

    value.text = troth_json_skip(&r->json, NULL);
    if (r->json.c.fault.err)
        return;
    value.place = place_at(r, value.text.ptr);
    value.text_place = value.place;
    if (troth_span_is_text(value.text, "null"))
        troth_tree_fail(&r->b, TROTH_ERR_TYPE, value.place,
                        "null is no value: leave the key out",
                        (struct troth_span){NULL, 0});
    troth_tree_add(&r->b, &value);
}

static void open(struct reader *r, enum troth_tree_kind kind)
{
    struct troth_tree_node value = {.kind = kind};

    if (kind == TROTH_TREE_MAP)
        troth_json_enter_object(&r->json, NULL);
    else
        troth_json_enter_array(&r->json, NULL);
    if (r->json.c.fault.err)
        return;
    value.place = place_at(r, r->json.c.next - 1);
    troth_tree_add(&r->b, &value);
}

static void read_value(struct reader *r)
{
    switch (troth_json_peek(&r->json)) {
    case TROTH_JSON_OBJECT:
        open(r, TROTH_TREE_MAP);
        break;
    case TROTH_JSON_ARRAY:
        open(r, TROTH_TREE_LIST);
        break;
    case TROTH_JSON_STRING:
        read_string(r);
        break;
    case TROTH_JSON_NUMBER:
    case TROTH_JSON_BOOL:
    case TROTH_JSON_NULL:
    case TROTH_JSON_END:
        read_word(r);
        break;
    }
}

static void read_next(struct reader *r)
{
    if (r->json.depth > 0 && !troth_json_more(&r->json)) {
        troth_json_leave(&r->json, NULL);
        if (!r->json.c.fault.err)
            troth_tree_close(&r->b);
        return;
    }
    if (troth_tree_wants_key(&r->b))
        read_key(r);
    if (!r->json.c.fault.err && !r->b.err)
        read_value(r);
}

/* The key that begins with the quote there. */
static struct troth_span key_at(struct troth_span source, size_t offset)
{
    size_t end = offset + 1;

    while (end < source.len && source.ptr[end] != '"')
        end++;
    return troth_span_slice(source, offset + 1, end);
}

static void check_end(struct reader *r)
{
    struct troth_fault fault;
    const enum troth_err err = troth_json_finish(&r->json, &fault);

    if (err && !r->b.err)
        troth_tree_fail(&r->b, err, place_of(r, fault.offset), sentence(err),
                        key_at(r->source, fault.offset));
}

enum troth_err troth_tree_from_json(const struct troth_tree_node **out,
                                    struct troth_tree_issue *issue,
                                    struct troth_span text, struct troth_arena *arena)
{
    struct reader r = {.b = troth_tree_builder_over(arena), .source = text};

    r.line_start.line = 1;
    if (text.len > TROTH_TREE_SOURCE_MAX)
        troth_tree_fail(&r.b, TROTH_ERR_LIMIT, (struct troth_place){1, 1},
                        "the document is larger than 256 KiB",
                        (struct troth_span){NULL, 0});
    troth_json_init(&r.json, text);
    while (!r.b.err && !r.json.c.fault.err) {
        read_next(&r);
        if (r.json.depth == 0)
            break;
    }
    check_end(&r);
    return troth_tree_finish(out, issue, &r.b);
}
