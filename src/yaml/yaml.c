/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/yaml.h"

#include <stdio.h>
#include <yaml.h>

#include "base/arena.h"
#include "base/span.h"
#include "codec/tree_builder.h"
#include "yaml/place.h"

struct reader {
    yaml_parser_t parser;
    struct troth_tree_builder b;
    struct troth_yaml_places places;
    bool has_document, is_done;
};

static const struct troth_span no_word = {NULL, 0};

static struct troth_place start_of(struct reader *r, const yaml_event_t *event)
{
    return troth_yaml_place(&r->places, event->start_mark.index);
}

static void refuse(struct reader *r, const yaml_event_t *event, const char *text)
{
    troth_tree_fail(&r->b, TROTH_ERR_UNSUPPORTED, start_of(r, event), text, no_word);
}

/* Anchors and tags change what is meant without being seen where it is used. */
static void refuse_marks(struct reader *r, const yaml_event_t *event, const void *anchor,
                         const void *tag)
{
    if (anchor)
        refuse(r, event, "anchors are not supported: write the value out");
    if (tag)
        refuse(r, event, "tags are not supported: every value is a text");
}

static void open(struct reader *r, const yaml_event_t *event, enum troth_tree_kind kind)
{
    struct troth_tree_node value = {.kind = kind};

    if (troth_tree_wants_key(&r->b))
        refuse(r, event, "a key has to be a text");
    value.place = start_of(r, event);
    troth_tree_add(&r->b, &value);
}

static void open_map(struct reader *r, const yaml_event_t *event)
{
    refuse_marks(r, event, event->data.mapping_start.anchor,
                 event->data.mapping_start.tag);
    open(r, event, TROTH_TREE_MAP);
}

static void open_list(struct reader *r, const yaml_event_t *event)
{
    refuse_marks(r, event, event->data.sequence_start.anchor,
                 event->data.sequence_start.tag);
    open(r, event, TROTH_TREE_LIST);
}

static void refuse_nothing(struct reader *r, struct troth_place place)
{
    if (r->b.depth == 0)
        troth_tree_fail(&r->b, TROTH_ERR_VALUE, (struct troth_place){1, 1},
                        "the document is empty", no_word);
    else if (troth_tree_wants_key(&r->b))
        troth_tree_fail(&r->b, TROTH_ERR_VALUE, place, "the key is missing", no_word);
    else if (r->b.has_key)
        troth_tree_fail(&r->b, TROTH_ERR_VALUE, r->b.key_place, "'%' has no value",
                        r->b.key);
    else
        troth_tree_fail(&r->b, TROTH_ERR_VALUE, place, "there is no value", no_word);
}

static void add_text(struct reader *r, const yaml_event_t *event,
                     const struct troth_tree_node *value)
{
    const bool is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;

    if (is_plain && value->text.len == 0)
        refuse_nothing(r, value->place);
    if (!troth_tree_wants_key(&r->b)) {
        troth_tree_add(&r->b, value);
        return;
    }
    if (is_plain && troth_span_is_text(value->text, "<<"))
        refuse(r, event, "merge keys are not supported: write the values out");
    troth_tree_key(&r->b, value->text, value->place);
}

static void read_text(struct reader *r, const yaml_event_t *event)
{
    const struct troth_span text = {event->data.scalar.value, event->data.scalar.length};
    const yaml_scalar_style_t style = event->data.scalar.style;
    struct troth_tree_node value = {.kind = TROTH_TREE_TEXT};

    refuse_marks(r, event, event->data.scalar.anchor, event->data.scalar.tag);
    value.text = troth_arena_copy(r->b.arena, text);
    value.is_quoted = style == YAML_SINGLE_QUOTED_SCALAR_STYLE ||
                      style == YAML_DOUBLE_QUOTED_SCALAR_STYLE;
    value.is_block = style == YAML_LITERAL_SCALAR_STYLE;
    value.is_folded = !value.is_block && event->end_mark.line > event->start_mark.line;
    value.place = start_of(r, event);
    value.text_place = troth_yaml_text_place(&r->places, event, value.place);
    if (!value.text.ptr && !r->b.err)
        r->b.err = TROTH_ERR_MEMORY;
    add_text(r, event, &value);
}

static void begin_document(struct reader *r, const yaml_event_t *event)
{
    if (r->has_document)
        refuse(r, event, "a second document begins here");
    if (event->data.document_start.version_directive ||
        event->data.document_start.tag_directives.start !=
            event->data.document_start.tag_directives.end)
        refuse(r, event, "directives are not supported");
    r->has_document = true;
}

static void end_stream(struct reader *r)
{
    if (!r->has_document)
        refuse_nothing(r, (struct troth_place){1, 1});
    r->is_done = true;
}

static void take(struct reader *r, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        begin_document(r, event);
        break;
    case YAML_ALIAS_EVENT:
        refuse(r, event, "aliases are not supported: write the value out");
        break;
    case YAML_SCALAR_EVENT:
        read_text(r, event);
        break;
    case YAML_SEQUENCE_START_EVENT:
        open_list(r, event);
        break;
    case YAML_MAPPING_START_EVENT:
        open_map(r, event);
        break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        troth_tree_close(&r->b);
        break;
    case YAML_STREAM_END_EVENT:
        end_stream(r);
        break;
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_END_EVENT:
    case YAML_NO_EVENT:
        break;
    }
}

/* libyaml's own words; it does not say what is wrong about a tab. */
static void explain(struct reader *r)
{
    const yaml_parser_t *const p = &r->parser;
    const size_t at = p->problem_mark.index;
    char text[160] = "a tab: YAML is indented with spaces";

    if (p->error == YAML_MEMORY_ERROR) {
        r->b.err = TROTH_ERR_MEMORY;
        return;
    }
    if (troth_yaml_character(&r->places, at) != '\t')
        (void)snprintf(text, sizeof text, "%s%s%s", p->problem ? p->problem : "no YAML",
                       p->context ? " " : "", p->context ? p->context : "");
    troth_tree_fail(&r->b, TROTH_ERR_VALUE, troth_yaml_place(&r->places, at), "%",
                    troth_span_of_text(text));
}

static void read_events(struct reader *r)
{
    yaml_event_t event;

    yaml_parser_set_encoding(&r->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r->parser, r->places.source.ptr, r->places.source.len);
    while (!r->b.err && !r->is_done) {
        if (!yaml_parser_parse(&r->parser, &event)) {
            explain(r);
            break;
        }
        take(r, &event);
        yaml_event_delete(&event);
    }
}

/* Before libyaml sees a byte: it takes UTF-16, and more kinds of line ends than editors
 * show. */
static void check_characters(struct reader *r)
{
    const char *why;
    size_t offset;

    if (r->places.source.len > TROTH_TREE_SOURCE_MAX)
        troth_tree_fail(&r->b, TROTH_ERR_LIMIT, (struct troth_place){1, 1},
                        "the document is larger than 256 KiB", no_word);
    else if (!troth_yaml_characters_are_plain(&offset, &why, r->places.source))
        troth_tree_fail(&r->b, TROTH_ERR_TEXT,
                        troth_yaml_place_of_byte(&r->places, offset), why, no_word);
}

enum troth_err troth_tree_from_yaml(const struct troth_tree_node **out,
                                    struct troth_tree_issue *issue,
                                    struct troth_span text, struct troth_arena *arena)
{
    struct reader r = {.b = troth_tree_builder_over(arena)};

    r.places.source = text;
    check_characters(&r);
    if (!r.b.err && !yaml_parser_initialize(&r.parser))
        r.b.err = TROTH_ERR_MEMORY;
    else if (!r.b.err) {
        read_events(&r);
        yaml_parser_delete(&r.parser);
    }
    return troth_tree_finish(out, issue, &r.b);
}
