/* SPDX-License-Identifier: Apache-2.0 */
#include "service/log/html.h"

#include "base/instant.h"
#include "base/span.h"
#include "base/utf8.h"

#define REPLACEMENT "\xef\xbf\xbd"
#define ELLIPSIS    "\xe2\x80\xa6"

/* Characters that are not what they look like: none of them is needed to read a text. */
static const struct {
    uint32_t first, last;
} hidden[] = {
    {0x00, 0x1f},       {0x7f, 0x9f},     {0xad, 0xad},       /* soft hyphen */
    {0x61c, 0x61c},     {0x180e, 0x180e}, {0x200b, 0x200f},   /* marks of direction */
    {0x2028, 0x202e},   {0x2060, 0x206f}, {0xfe00, 0xfe0f},   /* variants */
    {0xfeff, 0xfeff},   {0xfff0, 0xfffb}, {0xe0000, 0xe0fff}, /* tags */
    {0xf0000, 0x10ffff}                                       /* anybody's own */
};

static bool is_hidden(uint32_t character)
{
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
        if (character >= hidden[i].first && character <= hidden[i].last)
            return true;
    return false;
}

/* Bytes of the character that begins here; 0: none does. */
static size_t character_size(struct troth_span text)
{
    const uint8_t first = text.ptr[0];
    const size_t size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;

    return size <= text.len && troth_utf8_is_valid(troth_span_slice(text, 0, size)) ? size
                                                                                    : 0;
}

static uint32_t character_of(const uint8_t *bytes, size_t size)
{
    uint32_t character = size == 1 ? bytes[0] : bytes[0] & (0x7fU >> size);

    for (size_t i = 1; i < size; i++)
        character = character << 6 | (bytes[i] & 0x3f);
    return character;
}

static const char *entity_of(uint8_t character)
{
    switch (character) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

/* The first character; returns its bytes. */
static size_t write_one(struct troth_writer *w, struct troth_span text)
{
    const size_t size = character_size(text);
    const char *entity = entity_of(text.ptr[0]);

    if (entity)
        troth_write_text(w, entity);
    else if (!size || is_hidden(character_of(text.ptr, size)))
        troth_write_text(w, REPLACEMENT);
    else
        troth_write_bytes(w, troth_span_slice(text, 0, size));
    return size ? size : 1;
}

void troth_html_text(struct troth_writer *w, struct troth_span text)
{
    troth_html_brief(w, text, SIZE_MAX);
}

void troth_html_brief(struct troth_writer *w, struct troth_span text, size_t most)
{
    size_t at = 0;

    while (at < text.len && at < most)
        at += write_one(w, troth_span_slice(text, at, text.len));
    if (at < text.len)
        troth_write_text(w, ELLIPSIS);
}

void troth_html_count(struct troth_writer *w, uint64_t count)
{
    uint64_t unit = 1;

    while (count / unit >= 1000)
        unit *= 1000;
    troth_write_decimal(w, count / unit);
    while (unit > 1) {
        unit /= 1000;
        const uint64_t three = count / unit % 1000;

        troth_write_text(w, three < 10 ? ",00" : three < 100 ? ",0" : ",");
        troth_write_decimal(w, three);
    }
}

void troth_html_duration(struct troth_writer *w, int64_t seconds)
{
    static const struct {
        int64_t seconds;
        const char *one, *many;
    } units[] = {{86400, "1 day", " days"},
                 {3600, "1 hour", " hours"},
                 {60, "1 minute", " minutes"},
                 {1, "1 second", " seconds"}};
    size_t i = 0;

    while (i + 1 < sizeof units / sizeof *units && seconds < units[i].seconds)
        i++;
    if (seconds / units[i].seconds == 1) {
        troth_write_text(w, units[i].one);
        return;
    }
    troth_html_count(w, seconds < 0 ? 0 : (uint64_t)(seconds / units[i].seconds));
    troth_write_text(w, units[i].many);
}

void troth_html_time(struct troth_writer *w, int64_t time_s)
{
    uint8_t text[32];
    struct troth_writer instant = troth_writer_over(text, sizeof text);

    troth_write_rfc3339(&instant, time_s);
    troth_write_text(w, "<time datetime=\"");
    troth_write_bytes(w, troth_writer_span(&instant));
    troth_write_text(w, "\">");
    troth_write_bytes(w, (struct troth_span){text, 10});
    troth_write_text(w, " ");
    troth_write_bytes(
        w, troth_span_slice((struct troth_span){text, instant.len}, 11, instant.len - 1));
    troth_write_text(w, " UTC</time>");
}
