/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "builder/lock_fields.h"
#include "codec/json_writer.h"

/* The longest line: a path and a target of a thousand bytes each, every one an escape. */
#define LINE_ROOM ((size_t)48 * 1024)

/* A text that grows up to TROTH_LOCK_SIZE_MAX. */
struct growing {
    uint8_t *bytes;
    size_t len, room;
};

static bool append(struct growing *to, struct troth_span bytes)
{
    size_t room = to->room ? to->room : LINE_ROOM;
    uint8_t *grown;

    if (bytes.len > TROTH_LOCK_SIZE_MAX - to->len)
        return false;
    while (room - to->len < bytes.len)
        room *= 2;
    if (room > to->room) {
        grown = realloc(to->bytes, room);
        if (!grown)
            return false;
        to->bytes = grown;
        to->room = room;
    }
    memcpy(to->bytes + to->len, bytes.ptr, bytes.len);
    to->len += bytes.len;
    return true;
}

static void write_digest(struct troth_json_writer *w, const struct troth_input *input)
{
    char text[8 + 64] = "sha256:";
    struct troth_writer hex = troth_writer_over((uint8_t *)text + 7, 64);

    troth_write_hex(&hex, (struct troth_span)TROTH_ARRAY_SPAN(input->sha256));
    troth_json_write_string(w, (struct troth_span){(const uint8_t *)text, 7 + hex.len});
}

static void write_mode(struct troth_json_writer *w, const struct troth_input *input)
{
    char text[16];

    (void)snprintf(text, sizeof text, "%04o", (unsigned)input->mode);
    troth_json_write_text(w, text);
}

static void write_field(struct troth_json_writer *w, struct troth_input *input,
                        enum troth_lock_field field)
{
    const char **text = troth_lock_text_of(input, field);

    troth_json_write_key(w, troth_lock_field_name(field));
    if (text)
        troth_json_write_text(w, *text);
    else if (field == TROTH_LOCK_FIELD_KIND)
        troth_json_write_text(w, troth_lock_kind_name(input->kind));
    else if (field == TROTH_LOCK_FIELD_MODE)
        write_mode(w, input);
    else if (field == TROTH_LOCK_FIELD_DIGEST)
        write_digest(w, input);
    else if (field == TROTH_LOCK_FIELD_SHA256)
        troth_json_write_hex(w, (struct troth_span)TROTH_ARRAY_SPAN(input->sha256));
    else
        troth_json_write_uint(w, input->size);
}

static bool write_input(struct growing *to, const struct troth_input *from, bool is_last,
                        uint8_t *line)
{
    struct troth_writer w = troth_writer_over(line, LINE_ROOM);
    struct troth_json_writer json = troth_json_writer_over(&w, false);
    struct troth_input input = *from;
    struct troth_span bytes;

    troth_json_begin_object(&json);
    for (unsigned i = 0; i < TROTH_LOCK_FIELD_COUNT; i++)
        if (troth_lock_fields_of(input.kind) >> i & 1U)
            write_field(&json, &input, (enum troth_lock_field)i);
    troth_json_end_object(&json);
    troth_write_text(&w, is_last ? "\n" : ",\n");
    return !troth_writer_finish(&w, &bytes) && append(to, bytes);
}

static bool write_all(struct growing *to, struct troth_build_problem *problem,
                      const struct troth_inputs_list *list, uint8_t *line)
{
    if (!append(to, TROTH_LITERAL("{\"troth_lock\":1,\"inputs\":[\n")))
        return troth_build_fail(problem, "", "out of memory");
    for (size_t i = 0; i < list->count; i++) {
        const struct troth_input *input = &list->rows[i];

        if (!troth_lock_check(input, problem))
            return false;
        if (i > 0 && troth_lock_order(input - 1, input) >= 0)
            return troth_build_fail(problem, input->name, "is not in its order");
        if (!write_input(to, input, i + 1 == list->count, line))
            return troth_build_fail(problem, input->name, "does not fit into a lock");
    }
    return append(to, TROTH_LITERAL("]}\n")) ||
           troth_build_fail(problem, "", "the lock is too long");
}

bool troth_lock_write(uint8_t **out, size_t *out_len, struct troth_build_problem *problem,
                      const struct troth_inputs_list *list)
{
    struct growing text = {NULL, 0, 0};
    uint8_t *line = malloc(LINE_ROOM);
    bool is_written;

    *out = NULL;
    *out_len = 0;
    is_written = line ? write_all(&text, problem, list, line)
                      : troth_build_fail(problem, "", "out of memory");
    free(line);
    if (!is_written) {
        free(text.bytes);
        return false;
    }
    *out = text.bytes;
    *out_len = text.len;
    return true;
}
