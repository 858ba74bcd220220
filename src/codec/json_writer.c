/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/json_writer.h"

#include "base/span.h"
#include "base/utf8.h"

/* U+FFFD, the replacement character. */
#define REPLACEMENT TROTH_LITERAL("\xef\xbf\xbd")

struct troth_json_writer troth_json_writer_over(struct troth_writer *out, bool pretty)
{
    return (struct troth_json_writer){.out = out, .pretty = pretty};
}

static void new_line(struct troth_json_writer *w)
{
    if (!w->pretty)
        return;
    troth_write_u8(w->out, '\n');
    for (unsigned i = 0; i < w->depth; i++)
        troth_write_text(w->out, "  ");
}

/* What stands between the last thing written and a value or key. */
static void separate(struct troth_json_writer *w)
{
    if (w->after_key || w->depth == 0) {
        w->after_key = false;
        return;
    }
    if (w->has_member[w->depth])
        troth_write_u8(w->out, ',');
    w->has_member[w->depth] = true;
    new_line(w);
}

static void begin(struct troth_json_writer *w, uint8_t bracket)
{
    separate(w);
    troth_write_u8(w->out, bracket);
    if (w->depth == TROTH_JSON_WRITER_DEPTH) {
        w->out->full = true;
        return;
    }
    w->has_member[++w->depth] = false;
}

static void end(struct troth_json_writer *w, uint8_t bracket)
{
    if (w->depth == 0 || w->after_key) {
        w->out->full = true;
        return;
    }
    const bool has_member = w->has_member[w->depth--];
    if (has_member)
        new_line(w);
    troth_write_u8(w->out, bracket);
}

void troth_json_begin_object(struct troth_json_writer *w)
{
    begin(w, '{');
}

void troth_json_end_object(struct troth_json_writer *w)
{
    end(w, '}');
}

void troth_json_begin_array(struct troth_json_writer *w)
{
    begin(w, '[');
}

void troth_json_end_array(struct troth_json_writer *w)
{
    end(w, ']');
}

static bool is_plain(uint8_t c)
{
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

static void write_escape(struct troth_writer *w, uint8_t c)
{
    static const struct {
        uint8_t byte;
        const char *escape;
    } short_forms[] = {{'"', "\\\""}, {'\\', "\\\\"}, {'\b', "\\b"}, {'\f', "\\f"},
                       {'\n', "\\n"}, {'\r', "\\r"},  {'\t', "\\t"}};

    for (size_t i = 0; i < sizeof short_forms / sizeof short_forms[0]; i++) {
        if (short_forms[i].byte == c) {
            troth_write_text(w, short_forms[i].escape);
            return;
        }
    }
    troth_write_text(w, "\\u00");
    troth_write_hex(w, (struct troth_span){&c, 1});
}

/* One character that is not ASCII, or the replacement for one byte that is no part of
 * any. Returns how many bytes that was. */
static size_t write_beyond_ascii(struct troth_writer *w, struct troth_span rest)
{
    const uint8_t lead = rest.ptr[0];
    const size_t width = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    const struct troth_span sequence = {rest.ptr, width};

    if (width > rest.len || !troth_utf8_is_valid(sequence)) {
        troth_write_bytes(w, REPLACEMENT);
        return 1;
    }
    troth_write_bytes(w, sequence);
    return width;
}

static void write_quoted(struct troth_writer *w, struct troth_span text)
{
    troth_write_u8(w, '"');
    for (size_t i = 0; i < text.len;) {
        size_t run = 0;
        while (i + run < text.len && is_plain(text.ptr[i + run]))
            run++;
        if (run) {
            troth_write_bytes(w, (struct troth_span){text.ptr + i, run});
            i += run;
        } else if (text.ptr[i] < 0x80) {
            write_escape(w, text.ptr[i++]);
        } else {
            i += write_beyond_ascii(w, troth_span_slice(text, i, text.len));
        }
    }
    troth_write_u8(w, '"');
}

void troth_json_write_key(struct troth_json_writer *w, const char *key)
{
    separate(w);
    write_quoted(w->out, troth_span_of_text(key));
    troth_write_text(w->out, w->pretty ? ": " : ":");
    w->after_key = true;
}

void troth_json_write_string(struct troth_json_writer *w, struct troth_span text)
{
    separate(w);
    write_quoted(w->out, text);
}

void troth_json_write_text(struct troth_json_writer *w, const char *text)
{
    troth_json_write_string(w, troth_span_of_text(text));
}

void troth_json_write_hex(struct troth_json_writer *w, struct troth_span bytes)
{
    separate(w);
    troth_write_u8(w->out, '"');
    troth_write_hex(w->out, bytes);
    troth_write_u8(w->out, '"');
}

void troth_json_write_uint(struct troth_json_writer *w, uint64_t value)
{
    separate(w);
    troth_write_decimal(w->out, value);
}

void troth_json_write_bool(struct troth_json_writer *w, bool value)
{
    separate(w);
    troth_write_text(w->out, value ? "true" : "false");
}

void troth_json_write_null(struct troth_json_writer *w)
{
    separate(w);
    troth_write_text(w->out, "null");
}
