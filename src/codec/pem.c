/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/pem.h"

#include "base/arena.h"
#include "base/base64.h"
#include "base/memory.h"
#include "base/span.h"

#define BEGIN  TROTH_LITERAL("-----BEGIN ")
#define END    TROTH_LITERAL("-----END ")
#define DASHES TROTH_LITERAL("-----")

/* Where a block stands in the text. */
struct outline {
    struct troth_span label;
    struct troth_span body; /* lines between BEGIN and END, their ends included */
    size_t characters;      /* the same without the line ends */
};

static struct troth_span rest_after(struct troth_span text, size_t len)
{
    return (struct troth_span){text.ptr + len, text.len - len};
}

/* Cut the first line off; the line is without its LF or CRLF. */
static struct troth_span take_line(struct troth_span *text)
{
    struct troth_span line = {text->ptr, 0};

    while (line.len < text->len && line.ptr[line.len] != '\n')
        line.len++;
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
    while (text->len && !troth_span_starts_with(*text, BEGIN))
        take_line(text);
}

/* `*text` is at a BEGIN line, and on success behind the matching END line. */
static enum troth_err trace(struct outline *out, struct troth_span *text)
{
    *out = (struct outline){.label = label_of(take_line(text), BEGIN), .body = *text};
    if (!out->label.len)
        return TROTH_ERR_VALUE;

    while (text->len && !troth_span_starts_with(*text, END)) {
        struct troth_span line = take_line(text);

        if (line.len == 0)
            return TROTH_ERR_VALUE;
        out->characters += line.len;
    }
    if (text->len == 0 || out->characters == 0)
        return TROTH_ERR_SHORT;
    out->body.len -= text->len;
    return troth_span_equal(label_of(take_line(text), END), out->label) ? TROTH_OK
                                                                        : TROTH_ERR_VALUE;
}

static enum troth_err decode(struct troth_pem_block *out, const struct outline *outline,
                             struct troth_arena *arena)
{
    uint8_t *bytes = troth_arena_take(arena, outline->characters);
    struct troth_span body = outline->body;
    struct troth_span joined = {bytes, 0};

    if (!bytes)
        return TROTH_ERR_MEMORY;
    while (body.len) {
        struct troth_span line = take_line(&body);

        memcpy(bytes + joined.len, line.ptr, line.len);
        joined.len += line.len;
    }

    size_t len;
    enum troth_err err = troth_base64_parse(bytes, joined.len, &len, joined,
                                            TROTH_BASE64);

    if (err)
        return err;
    arena->used -= joined.len - len;
    *out = (struct troth_pem_block){outline->label, {bytes, len}};
    return TROTH_OK;
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
    struct outline outline;
    size_t used = arena->used;

    *out = (struct troth_pem_block){0};
    seek_begin(&left);
    if (left.len == 0)
        return TROTH_ERR_MISSING;

    enum troth_err err = trace(&outline, &left);

    if (!err)
        err = decode(out, &outline, arena);
    if (err)
        arena->used = used;
    else
        *text = left;
    return err;
}
