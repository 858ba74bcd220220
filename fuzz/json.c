/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes through the JSON reader; what it takes is written and read again. */
#include "codec/json.h"

#include <stdlib.h>

#include "base/span.h"
#include "codec/json_writer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROOM = 1 << 16 };

static void require(bool holds)
{
    if (!holds)
        abort();
}

static bool is_within(struct troth_span inner, struct troth_span outer)
{
    return inner.len == 0 ||
           (inner.ptr >= outer.ptr && inner.ptr + inner.len <= outer.ptr + outer.len);
}

/* Decoded; with a zero behind it, so that it can be a key. Exits where a string is too
 * long for the arena, which no input of libFuzzer's is. */
static struct troth_span decode(struct troth_span raw)
{
    static uint8_t room[ROOM];
    struct troth_arena arena = {room, sizeof room - 1, 0};
    struct troth_span text;

    require(troth_json_unescape(&text, &arena, raw) == TROTH_OK);
    require(text.len < sizeof room);
    for (size_t i = 0; i < text.len; i++)
        room[i] = text.ptr[i];
    room[text.len] = 0;
    return (struct troth_span){room, text.len};
}

static bool has_zero(struct troth_span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == 0)
            return true;
    return false;
}

/* The writer takes integers only, and keys without a zero in them: where the input has
 * others, `*out_exact` says that the copy is none. */
static void copy_number(struct troth_json *r, struct troth_json_writer *w,
                        bool *out_exact)
{
    struct troth_json ahead = *r;

    (void)troth_json_uint(&ahead, "uint");
    if (!ahead.c.fault.err) {
        troth_json_write_uint(w, troth_json_uint(r, "uint"));
        return;
    }
    troth_json_write_string(w, troth_json_number(r, "number"));
    *out_exact = false;
}

static void copy_key(struct troth_json *r, struct troth_json_writer *w, bool *out_exact)
{
    const struct troth_span raw = troth_json_key(r, "key");

    if (r->c.fault.err)
        return;
    const struct troth_span key = decode(raw);
    require(has_zero(key) || troth_json_text_is(raw, (const char *)key.ptr));
    if (has_zero(key))
        *out_exact = false;
    troth_json_write_key(w, (const char *)key.ptr);
}

static void open_or_copy(struct troth_json *r, struct troth_json_writer *w,
                         bool *out_exact)
{
    switch (troth_json_peek(r)) {
    case TROTH_JSON_OBJECT:
        troth_json_enter_object(r, "object");
        troth_json_begin_object(w);
        break;
    case TROTH_JSON_ARRAY:
        troth_json_enter_array(r, "array");
        troth_json_begin_array(w);
        break;
    case TROTH_JSON_STRING: {
        const struct troth_span raw = troth_json_string(r, "string");
        if (!r->c.fault.err)
            troth_json_write_string(w, decode(raw));
        break;
    }
    case TROTH_JSON_NUMBER:
        copy_number(r, w, out_exact);
        break;
    case TROTH_JSON_BOOL:
        troth_json_write_bool(w, troth_json_bool(r, "bool"));
        break;
    case TROTH_JSON_NULL:
        troth_json_null(r, "null");
        troth_json_write_null(w);
        break;
    case TROTH_JSON_END:
        (void)troth_json_skip(r, "nothing");
    }
}

static void close_container(struct troth_json *r, struct troth_json_writer *w)
{
    const bool is_object = r->frames[r->depth].is_object;

    troth_json_leave(r, "container");
    if (is_object)
        troth_json_end_object(w);
    else
        troth_json_end_array(w);
}

/* Read all of `raw` by its types, and write it. */
static enum troth_err copy(struct troth_writer *out, struct troth_span raw, bool pretty,
                           bool *out_exact)
{
    struct troth_json_writer w = troth_json_writer_over(out, pretty);
    struct troth_json r;

    *out_exact = true;
    troth_json_init(&r, raw);
    do {
        if (r.depth && !troth_json_more(&r)) {
            close_container(&r, &w);
            continue;
        }
        if (r.frames[r.depth].is_object)
            copy_key(&r, &w, out_exact);
        open_or_copy(&r, &w, out_exact);
    } while (!r.c.fault.err && r.depth);
    return troth_json_finish(&r, NULL);
}

/* What was written is JSON, and writing what is read from it gives the same again. */
static void check_copy(struct troth_span raw, bool pretty)
{
    static uint8_t first[ROOM];
    static uint8_t second[ROOM];
    struct troth_writer w = troth_writer_over(first, sizeof first);
    struct troth_writer again = troth_writer_over(second, sizeof second);
    bool is_exact;

    require(copy(&w, raw, pretty, &is_exact) == TROTH_OK);
    if (w.full)
        return;
    const enum troth_err err = copy(&again, troth_writer_span(&w), pretty, &(bool){true});
    require(err == TROTH_OK || (!is_exact && err == TROTH_ERR_DUPLICATE));
    require(err || troth_span_equal(troth_writer_span(&w), troth_writer_span(&again)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct troth_span raw = {data, size};
    struct troth_json r;
    struct troth_fault fault;

    if (size >= ROOM / 8)
        return 0;
    troth_json_init(&r, raw);
    const struct troth_span value = troth_json_skip(&r, "value");
    require(is_within(value, raw));
    const enum troth_err err = troth_json_finish(&r, &fault);
    require(fault.err == err && fault.offset <= size);
    if (err == TROTH_OK) {
        check_copy(raw, false);
        check_copy(raw, true);
        check_copy(value, false);
    } else {
        static uint8_t room[ROOM];
        struct troth_writer w = troth_writer_over(room, sizeof room);
        require(copy(&w, raw, false, &(bool){true}) == err);
    }
    return 0;
}
