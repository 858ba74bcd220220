/* SPDX-License-Identifier: Apache-2.0 */
#include "tlog/lines.h"

#include "base/base64.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/span.h"

enum troth_err troth_line_next(struct troth_span *out, struct troth_span *rest)
{
    struct troth_span behind = *rest;
    const struct troth_span line = troth_span_next_item(&behind, '\n');

    *out = (struct troth_span){NULL, 0};
    if (line.len == rest->len)
        return TROTH_ERR_SHORT;
    *out = line;
    *rest = behind;
    return TROTH_OK;
}

bool troth_line_take_word(struct troth_span *line, const char *word)
{
    struct troth_span rest = *line;
    const struct troth_span first = troth_span_next_item(&rest, ' ');

    if (first.len == line->len || !troth_span_is_text(first, word))
        return false;
    *line = rest;
    return true;
}

enum troth_err troth_line_number(uint64_t *out, struct troth_span line)
{
    *out = 0;
    if (line.len > 1 && line.ptr[0] == '0')
        return TROTH_ERR_ENCODING;
    return troth_uint_parse(out, line, 10);
}

enum troth_err troth_line_hash(uint8_t out[static TROTH_LOG_HASH_SIZE],
                               struct troth_span line)
{
    uint8_t bytes[48];
    size_t len = 0;
    enum troth_err err = troth_base64_parse(bytes, sizeof bytes, &len, line,
                                            TROTH_BASE64);

    if (err == TROTH_ERR_LIMIT || (!err && len != TROTH_LOG_HASH_SIZE))
        err = TROTH_ERR_VALUE;
    if (err)
        memset(out, 0, TROTH_LOG_HASH_SIZE);
    else
        memcpy(out, bytes, TROTH_LOG_HASH_SIZE);
    return err;
}

/* Piece by piece, so that no line is too long for the stack. */
enum troth_err troth_line_check_base64(struct troth_span line)
{
    uint8_t bytes[192];
    const size_t piece = sizeof bytes / 3 * 4;
    size_t len;

    while (line.len > piece) {
        const struct troth_span front = {line.ptr, piece};

        /* Padding, too, belongs to the end of the line alone. */
        if (troth_base64_parse(bytes, sizeof bytes, &len, front, TROTH_BASE64) ||
            len != sizeof bytes)
            return TROTH_ERR_VALUE;
        line = troth_span_slice(line, piece, line.len);
    }
    return troth_base64_parse(bytes, sizeof bytes, &len, line, TROTH_BASE64);
}

enum troth_err troth_lines_path(struct troth_log_path *out, struct troth_span *rest)
{
    enum troth_err err = TROTH_OK;

    memset(out, 0, sizeof *out);
    while (!err) {
        struct troth_span behind = *rest;
        struct troth_span line;

        err = troth_line_next(&line, &behind);
        if (!err && line.len == 0) {
            *rest = behind;
            return TROTH_OK;
        }
        if (!err && out->count == TROTH_LOG_PATH_MAX)
            err = TROTH_ERR_LIMIT;
        if (!err)
            err = troth_line_hash(out->hashes[out->count++].bytes, line);
        if (!err)
            *rest = behind;
    }
    memset(out, 0, sizeof *out);
    return err;
}

void troth_lines_write_path(struct troth_writer *w, const struct troth_log_path *path)
{
    for (size_t i = 0; i < path->count; i++) {
        troth_base64_write(w, (struct troth_span)TROTH_ARRAY_SPAN(path->hashes[i].bytes),
                           TROTH_BASE64);
        troth_write_u8(w, '\n');
    }
    troth_write_u8(w, '\n');
}
