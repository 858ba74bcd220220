/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/place.h"

#include "base/span.h"
#include "base/utf8.h"

/* What a document may not have, and what it looks like to a person. */
static const struct {
    const char *bytes, *why;
} odd[] = {
    {"\xef\xbb\xbf", "a byte order mark: save the document as UTF-8 without one"},
    {"\xc2\x85", "a line end that editors do not show (U+0085)"},
    {"\xe2\x80\xa8", "a line end that editors do not show (U+2028)"},
    {"\xe2\x80\xa9", "a line end that editors do not show (U+2029)"},
};

/* Bytes of the character there; 0: none of UTF-8. */
static size_t character_size(struct troth_span source, size_t at)
{
    for (size_t size = 1; size <= 4 && at + size <= source.len; size++)
        if (troth_utf8_is_valid(troth_span_slice(source, at, at + size)))
            return size;
    return 0;
}

static const char *control_why(struct troth_span source, size_t at)
{
    const uint8_t c = source.ptr[at];
    const bool ends_line = c == '\r' && at + 1 < source.len && source.ptr[at + 1] == '\n';

    if ((c < ' ' && c != '\t' && c != '\n' && !ends_line) || c == 0x7f)
        return "a control character";
    return NULL;
}

static const char *odd_why(struct troth_span character)
{
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++)
        if (troth_span_is_text(character, odd[i].bytes))
            return odd[i].why;
    return NULL;
}

bool troth_yaml_characters_are_plain(size_t *out_offset, const char **out_why,
                                     struct troth_span source)
{
    size_t at = 0, size;

    *out_why = NULL;
    for (; at < source.len && !*out_why; at += *out_why ? 0 : size) {
        size = character_size(source, at);
        if (size == 0)
            *out_why = "not valid UTF-8";
        else if (size == 1)
            *out_why = control_why(source, at);
        else
            *out_why = odd_why(troth_span_slice(source, at, at + size));
    }
    *out_offset = *out_why ? at : 0;
    return !*out_why;
}

/* Over one character. */
static void advance(struct troth_yaml_places *p)
{
    if (p->source.ptr[p->bytes] == '\n') {
        p->lines++;
        p->line_start = p->bytes + 1;
    }
    p->bytes++;
    while (p->bytes < p->source.len && (p->source.ptr[p->bytes] & 0xc0) == 0x80)
        p->bytes++;
    p->characters++;
}

static void rewind_places(struct troth_yaml_places *p)
{
    *p = (struct troth_yaml_places){.source = p->source};
}

static struct troth_place here(const struct troth_yaml_places *p)
{
    return (struct troth_place){p->lines + 1, (uint32_t)(p->bytes - p->line_start) + 1};
}

struct troth_place troth_yaml_place(struct troth_yaml_places *places, size_t character)
{
    if (character < places->characters)
        rewind_places(places);
    while (places->characters < character && places->bytes < places->source.len)
        advance(places);
    return here(places);
}

struct troth_place troth_yaml_place_of_byte(struct troth_yaml_places *places,
                                            size_t offset)
{
    rewind_places(places);
    while (places->bytes < offset && places->bytes < places->source.len)
        advance(places);
    return here(places);
}

uint8_t troth_yaml_character(struct troth_yaml_places *places, size_t character)
{
    (void)troth_yaml_place(places, character);
    return places->bytes < places->source.len ? places->source.ptr[places->bytes] : 0;
}

/* The line of `text` that starts at `start`, without what ends it. */
static struct troth_span line_at(struct troth_span text, size_t start)
{
    size_t end = start;

    while (end < text.len && text.ptr[end] != '\n' && text.ptr[end] != '\r')
        end++;
    return troth_span_slice(text, start, end);
}

static size_t next_line(struct troth_span text, size_t start)
{
    while (start < text.len && text.ptr[start] != '\n')
        start++;
    return start < text.len ? start + 1 : start;
}

/* Lines of the text and of the document go together, from the one after the '|' on; how
 * much further in the document's begin, shows in the first that is not empty. */
static uint32_t block_column(struct troth_span text, struct troth_span source)
{
    size_t at = 0, source_at = next_line(source, 0);

    while (at < text.len && line_at(text, at).len == 0) {
        at = next_line(text, at);
        source_at = next_line(source, source_at);
    }

    const struct troth_span line = line_at(text, at), whole = line_at(source, source_at);
    return at < text.len && whole.len >= line.len ? (uint32_t)(whole.len - line.len) + 1
                                                  : 0;
}

struct troth_place troth_yaml_text_place(struct troth_yaml_places *places,
                                         const yaml_event_t *event,
                                         struct troth_place place)
{
    const struct troth_span text = {event->data.scalar.value, event->data.scalar.length};
    const size_t quote = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    struct troth_span rest;

    (void)troth_yaml_place(places, event->start_mark.index);
    rest = troth_span_slice(places->source, places->bytes, places->source.len);
    if (event->data.scalar.style == YAML_LITERAL_SCALAR_STYLE)
        return (struct troth_place){place.line + 1, block_column(text, rest)};
    if (!troth_span_equal(troth_span_slice(rest, quote, quote + text.len), text))
        return (struct troth_place){place.line, 0};
    return (struct troth_place){place.line, place.column + (uint32_t)quote};
}
