/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/pem.h"

#include "base/arena.h"
#include "base/base64.h"
#include "base/memory.h"
#include "base/span.h"
#include "base/word.h"

#define BEGIN  TROTH_LITERAL("-----BEGIN ")
#define END    TROTH_LITERAL("-----END ")
#define DASHES TROTH_LITERAL("-----")

/*
 * The quick way: what has a line end behind 64 letters is taken for a line, as nearly all
 * are that long. Where it was several lines, what was taken for letters is no base64, and
 * the block is read again without haste.
 */
enum { FULL_LINE = 64 };

static bool is_full_line(struct troth_span text)
{
    return text.len > FULL_LINE && text.ptr[FULL_LINE] == '\n';
}

/* Where a block stands in the text. */
struct outline {
    struct troth_span label;
    struct troth_span body; /* lines between BEGIN and END, their ends included */
};

/* Does it begin so? Lines that do not are passed over by their first byte. */
static bool begins(struct troth_span text, struct troth_span mark)
{
    return text.len > 0 && text.ptr[0] == mark.ptr[0] &&
           troth_span_starts_with(text, mark);
}

static struct troth_span rest_after(struct troth_span text, size_t len)
{
    return (struct troth_span){text.ptr + len, text.len - len};
}

/* Bytes before the first of these, or all. */
static size_t len_before(struct troth_span text, uint8_t byte)
{
    size_t at = 0;

    for (; text.len - at >= TROTH_WORD_SIZE; at += TROTH_WORD_SIZE) {
        uint64_t marks = troth_word_equal(troth_word_at(text.ptr + at), byte);

        if (marks)
            return at + troth_word_first(marks);
    }
    while (at < text.len && text.ptr[at] != byte)
        at++;
    return at;
}

/* Cut the first line off; the line is without its LF or CRLF. */
static struct troth_span take_line(struct troth_span *text)
{
    struct troth_span line = {text->ptr, len_before(*text, '\n')};

    *text = rest_after(*text, line.len + (line.len < text->len ? 1 : 0));
    if (line.len && line.ptr[line.len - 1] == '\r')
        line.len--;
    return line;
}

/* Printable words with one space or hyphen between them. [RFC7468] 3 "label" */
static bool is_label(struct troth_span text)
{
    bool in_word = false;

    for (size_t i = 0; i < text.len; i++) {
        bool separates = text.ptr[i] == ' ' || text.ptr[i] == '-';

        if (text.ptr[i] < 0x20 || text.ptr[i] > 0x7e || (separates && !in_word))
            return false;
        in_word = !separates;
    }
    return in_word;
}

/* "-----BEGIN label-----" to label; {NULL, 0} if it is something else. */
static struct troth_span label_of(struct troth_span line, struct troth_span start)
{
    size_t end = line.len - DASHES.len;

    if (line.len < start.len + DASHES.len || !troth_span_starts_with(line, start) ||
        !troth_span_equal(rest_after(line, end), DASHES))
        return (struct troth_span){NULL, 0};

    struct troth_span label = troth_span_slice(line, start.len, end);

    return is_label(label) ? label : (struct troth_span){NULL, 0};
}

/* Move `*text` to the first line that starts with BEGIN, or to its end. */
static void seek_begin(struct troth_span *text)
{
    while (text->len && !begins(*text, BEGIN))
        take_line(text);
}

/* Bytes before END's first hyphen; no letter of a body is one. */
static size_t body_len(struct troth_span text, bool is_quick)
{
    size_t at = 0;

    while (is_quick && is_full_line(rest_after(text, at)))
        at += FULL_LINE + 1;
    return at + len_before(rest_after(text, at), '-');
}

/* `*text` is at a BEGIN line, and on success behind the matching END line. */
static enum troth_err trace(struct outline *out, struct troth_span *text, bool is_quick)
{
    struct troth_span label = label_of(take_line(text), BEGIN);

    *out = (struct outline){label, {text->ptr, body_len(*text, is_quick)}};
    if (!label.len)
        return TROTH_ERR_VALUE;
    if (out->body.len == text->len)
        return TROTH_ERR_SHORT;
    if (out->body.len && out->body.ptr[out->body.len - 1] != '\n')
        return TROTH_ERR_VALUE;
    *text = rest_after(*text, out->body.len);
    if (!troth_span_equal(label_of(take_line(text), END), label))
        return TROTH_ERR_VALUE;
    return out->body.len ? TROTH_OK : TROTH_ERR_SHORT;
}

/* All lines put together, decoded where they then stand. */
static enum troth_err decode_lines(uint8_t *out, size_t *out_len, struct troth_span body,
                                   bool is_quick)
{
    struct troth_span joined = {out, 0};

    *out_len = 0;
    while (body.len) {
        if (is_quick && is_full_line(body)) {
            memcpy(out + joined.len, body.ptr, FULL_LINE);
            joined.len += FULL_LINE;
            body = rest_after(body, FULL_LINE + 1);
            continue;
        }
        struct troth_span line = take_line(&body);

        if (line.len == 0)
            return TROTH_ERR_VALUE;
        memcpy(out + joined.len, line.ptr, line.len);
        joined.len += line.len;
    }
    return troth_base64_parse(out, joined.len, out_len, joined, TROTH_BASE64);
}

static enum troth_err decode(struct troth_pem_block *out, const struct outline *outline,
                             struct troth_arena *arena, bool is_quick)
{
    uint8_t *bytes = troth_arena_take_unset(arena, outline->body.len, 1);
    size_t len;

    if (!bytes)
        return TROTH_ERR_MEMORY;

    enum troth_err err = decode_lines(bytes, &len, outline->body, is_quick);

    if (err)
        return err;
    arena->used -= outline->body.len - len;
    *out = (struct troth_pem_block){outline->label, {bytes, len}};
    return TROTH_OK;
}

/* `*text` is at a BEGIN line, and on success behind the block. */
static enum troth_err read_block(struct troth_pem_block *out, struct troth_span *text,
                                 struct troth_arena *arena, bool is_quick)
{
    struct troth_span left = *text;
    struct outline outline;
    size_t used = arena->used;
    enum troth_err err = trace(&outline, &left, is_quick);

    if (!err)
        err = decode(out, &outline, arena, is_quick);
    if (err)
        arena->used = used;
    else
        *text = left;
    return err;
}

bool troth_pem_recognise(struct troth_span text)
{
    seek_begin(&text);
    return text.len != 0;
}

enum troth_err troth_pem_next(struct troth_pem_block *out, struct troth_span *text,
                              struct troth_arena *arena)
{
    struct troth_span left = *text;

    *out = (struct troth_pem_block){0};
    seek_begin(&left);
    if (left.len == 0)
        return TROTH_ERR_MISSING;

    enum troth_err err = read_block(out, &left, arena, true);

    if (err)
        err = read_block(out, &left, arena, false);
    if (!err)
        *text = left;
    return err;
}
