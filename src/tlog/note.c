/* SPDX-License-Identifier: Apache-2.0 */
#include "tlog/note.h"

#include "base/base64.h"
#include "base/memory.h"
#include "base/span.h"
#include "base/utf8.h"
#include "tlog/lines.h"

/* An em dash (U+2014) and a space begin a signature line. */
static const uint8_t dash[] = {0xe2, 0x80, 0x94, ' '};

static enum troth_err fail(struct troth_fault *fault, enum troth_err err,
                           const char *field, size_t offset)
{
    if (fault)
        *fault = (struct troth_fault){err, field, offset};
    return err;
}

/* Unicode's property White_Space. */
static bool is_space(uint32_t code_point)
{
    static const uint32_t ranges[][2] = {
        {0x09, 0x0d},     {0x20, 0x20},     {0x85, 0x85},     {0xa0, 0xa0},
        {0x1680, 0x1680}, {0x2000, 0x200a}, {0x2028, 0x2029}, {0x202f, 0x202f},
        {0x205f, 0x205f}, {0x3000, 0x3000}};

    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        if (code_point >= ranges[i][0] && code_point <= ranges[i][1])
            return true;
    return false;
}

/* Of valid UTF-8, the code point that begins at `*at`; moves behind it. */
static uint32_t next_code_point(struct troth_span text, size_t *at)
{
    const uint8_t first = text.ptr[(*at)++];
    uint32_t value = first;

    if (first >= 0xc0)
        value = first & (first >= 0xf0 ? 0x07U : first >= 0xe0 ? 0x0fU : 0x1fU);
    while (*at < text.len && (text.ptr[*at] & 0xc0) == 0x80)
        value = value << 6 | (text.ptr[(*at)++] & 0x3f);
    return value;
}

bool troth_note_name_is_valid(struct troth_span name)
{
    size_t at = 0;

    while (at < name.len) {
        const uint32_t code_point = next_code_point(name, &at);

        if (code_point == '+' || is_space(code_point))
            return false;
    }
    return name.len > 0;
}

/* The place of a character below U+0020 that is no newline; else the length. */
static size_t find_control(struct troth_span text)
{
    size_t at = 0;

    while (at < text.len && (text.ptr[at] >= 0x20 || text.ptr[at] == '\n'))
        at++;
    return at;
}

enum troth_err troth_note_text_check(struct troth_span text)
{
    if (text.len > TROTH_NOTE_TEXT_MAX)
        return TROTH_ERR_LIMIT;
    if (!troth_utf8_is_valid(text))
        return TROTH_ERR_TEXT;
    if (text.len == 0 || text.ptr[text.len - 1] != '\n' || find_control(text) < text.len)
        return TROTH_ERR_VALUE;
    return TROTH_OK;
}

static enum troth_err check_characters(struct troth_fault *fault, struct troth_span note)
{
    static const char field[] = "checkpoint.note";

    if (note.len > TROTH_NOTE_MAX)
        return fail(fault, TROTH_ERR_LIMIT, field, 0);
    if (!troth_utf8_is_valid(note))
        return fail(fault, TROTH_ERR_TEXT, field, 0);

    const size_t at = find_control(note);

    return at < note.len ? fail(fault, TROTH_ERR_VALUE, field, at) : TROTH_OK;
}

/* Where the signatures begin, behind the last empty line; 0: there is none. */
static size_t find_signatures(struct troth_span note)
{
    for (size_t i = note.len; i >= 2; i--)
        if (note.ptr[i - 1] == '\n' && note.ptr[i - 2] == '\n')
            return i;
    return 0;
}

static enum troth_err parse_line(struct troth_note_signature *out, struct troth_span line)
{
    const struct troth_span start = {dash, sizeof dash};
    uint8_t decoded[6]; /* of a line's first eight characters */
    struct troth_span rest;
    size_t len;

    if (!troth_span_starts_with(line, start))
        return TROTH_ERR_VALUE;
    rest = troth_span_slice(line, start.len, line.len);
    out->name = troth_span_next_item(&rest, ' ');
    out->encoded = rest;
    if (!troth_note_name_is_valid(out->name))
        return TROTH_ERR_VALUE;

    enum troth_err err = troth_line_check_base64(rest);
    if (!err && rest.len < 8)
        err = TROTH_ERR_VALUE;
    if (!err)
        err = troth_base64_parse(decoded, sizeof decoded, &len,
                                 troth_span_slice(rest, 0, 8), TROTH_BASE64);
    if (!err && len <= TROTH_NOTE_KEY_ID_SIZE)
        err = TROTH_ERR_VALUE;
    if (!err)
        memcpy(out->key_id, decoded, TROTH_NOTE_KEY_ID_SIZE);
    return err;
}

static enum troth_err parse_lines(struct troth_note *out, struct troth_fault *fault,
                                  struct troth_span note, size_t start)
{
    static const char field[] = "checkpoint.signatures";
    struct troth_span rest = troth_span_slice(note, start, note.len);

    while (rest.len > 0) {
        const size_t at = note.len - rest.len;
        const struct troth_span line = troth_span_next_item(&rest, '\n');

        if (out->count == TROTH_NOTE_SIGNATURES_MAX)
            return fail(fault, TROTH_ERR_LIMIT, field, at);

        struct troth_note_signature *row = &out->rows[out->count++];
        const enum troth_err err = parse_line(row, line);

        row->line = troth_span_slice(note, at, at + line.len + 1);
        if (err)
            return fail(fault, err, field, at);
    }
    return out->count > 0 ? TROTH_OK : fail(fault, TROTH_ERR_MISSING, field, start);
}

enum troth_err troth_note_parse(struct troth_note *out, struct troth_fault *fault,
                                struct troth_span note)
{
    enum troth_err err = check_characters(fault, note);
    const size_t start = err ? 0 : find_signatures(note);

    memset(out, 0, sizeof *out);
    if (err)
        return err;
    if (start < 2 || note.ptr[note.len - 1] != '\n')
        return fail(fault, TROTH_ERR_VALUE, "checkpoint.note", note.len);
    out->text = troth_span_slice(note, 0, start - 1);
    if (out->text.len > TROTH_NOTE_TEXT_MAX)
        err = fail(fault, TROTH_ERR_LIMIT, "checkpoint.note", TROTH_NOTE_TEXT_MAX);
    if (!err)
        err = parse_lines(out, fault, note, start);
    if (err)
        memset(out, 0, sizeof *out);
    return err;
}

enum troth_err troth_note_signature_read(uint8_t *out, size_t size,
                                         const struct troth_note_signature *row)
{
    uint8_t decoded[TROTH_NOTE_KEY_ID_SIZE + TROTH_NOTE_SIGNATURE_MAX];
    size_t len;

    memset(out, 0, size);
    /* It was well-formed when the note was parsed: what does not fit is too long. */
    if (troth_base64_parse(decoded, sizeof decoded, &len, row->encoded, TROTH_BASE64) ||
        len != TROTH_NOTE_KEY_ID_SIZE + size)
        return TROTH_ERR_SIGNATURE;
    memcpy(out, decoded + TROTH_NOTE_KEY_ID_SIZE, size);
    return TROTH_OK;
}

void troth_note_write_cosigned(struct troth_writer *w, uint64_t time_s,
                               struct troth_span text)
{
    troth_write_text(w, "cosignature/v1\ntime ");
    troth_write_decimal(w, time_s);
    troth_write_u8(w, '\n');
    troth_write_bytes(w, text);
}
