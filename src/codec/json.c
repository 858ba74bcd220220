/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/json.h"

#include "base/span.h"
#include "codec/json_plain.h"

#define BYTE_ORDER_MARK TROTH_LITERAL("\xef\xbb\xbf")

static void fail_at(struct troth_json *r, const uint8_t *at, enum troth_err err,
                    const char *field)
{
    if (!r->c.fault.err)
        r->c.next = at;
    troth_cursor_fail(&r->c, err, field);
}

static uint8_t closing_bracket(const struct troth_json_frame *f)
{
    return f->is_object ? '}' : ']';
}

/* Has the open container no more to give? Moves over white space. */
static bool at_end(struct troth_json *r)
{
    const struct troth_json_frame *f = &r->frames[r->depth];

    troth_json_skip_space(&r->c);
    if (r->depth == 0)
        return f->started;
    return !r->after_key && troth_json_is_next(&r->c, closing_bracket(f));
}

/* To the next element or key: over the comma, if one has to be there. */
static bool to_next(struct troth_json *r, const char *field)
{
    struct troth_json_frame *f = &r->frames[r->depth];

    if (r->c.fault.err)
        return false;
    if (at_end(r)) {
        troth_cursor_fail(&r->c, TROTH_ERR_MISSING, field);
        return false;
    }
    if (f->started) {
        if (!troth_json_is_next(&r->c, ',')) {
            troth_json_fail_here(&r->c, TROTH_ERR_VALUE, field);
            return false;
        }
        r->c.next++;
        troth_json_skip_space(&r->c);
    }
    f->started = true;
    return true;
}

/* To the first byte of the next value; on success there is one. */
static bool to_value(struct troth_json *r, const char *field)
{
    if (r->after_key)
        troth_json_skip_space(&r->c);
    else if (!to_next(r, field))
        return false;
    else if (r->frames[r->depth].is_object)
        troth_cursor_fail(&r->c, TROTH_ERR_TYPE,
                          field); /* the key has to be read first */
    r->after_key = false;
    if (r->c.next == r->c.end)
        troth_cursor_fail(&r->c, TROTH_ERR_SHORT, field);
    return !r->c.fault.err;
}

/* The next value is of a type not wanted, or no value at all. */
static void refuse_value(struct troth_json *r, const char *field)
{
    const struct troth_span rest = {r->c.next, (size_t)(r->c.end - r->c.next)};
    enum troth_err err = TROTH_ERR_VALUE;

    if (troth_json_type_of(*r->c.next) != TROTH_JSON_END)
        err = TROTH_ERR_TYPE;
    else if (r->depth == 0 && troth_span_starts_with(rest, BYTE_ORDER_MARK))
        err = TROTH_ERR_TEXT;
    troth_cursor_fail(&r->c, err, field);
}

/* As to_value(), and the value is of this type. */
static bool to_value_of(struct troth_json *r, enum troth_json_type type,
                        const char *field)
{
    if (!to_value(r, field))
        return false;
    if (troth_json_type_of(*r->c.next) == type)
        return true;
    refuse_value(r, field);
    return false;
}

/* The opening quote is next. */
static struct troth_span take_string(struct troth_json *r, const char *field)
{
    const uint8_t *const start = r->c.next + 1;
    struct troth_span rest = {start, (size_t)(r->c.end - start)};
    const enum troth_err err = troth_json_text_scan(&rest);

    if (err) {
        fail_at(r, rest.ptr, err, field);
        return (struct troth_span){NULL, 0};
    }
    r->c.next = rest.ptr + 1;
    return (struct troth_span){start, (size_t)(rest.ptr - start)};
}

/* The opening bracket is next. */
static void take_opening(struct troth_json *r, const char *field)
{
    if (r->depth == TROTH_JSON_DEPTH) {
        troth_cursor_fail(&r->c, TROTH_ERR_DEPTH, field);
        return;
    }
    r->frames[++r->depth] = (struct troth_json_frame){
        .is_object = *r->c.next == '{',
        .keys_start = (uint8_t)r->key_count,
    };
    r->c.next++;
}

void troth_json_init(struct troth_json *r, struct troth_span input)
{
    /* Not all of it: keys[] is large, and is read only where it was written. */
    r->c = troth_cursor_over(input);
    r->after_key = false;
    r->depth = 0;
    r->key_count = 0;
    r->frames[0] = (struct troth_json_frame){0};
}

enum troth_json_type troth_json_peek(struct troth_json *r)
{
    if (r->c.fault.err || at_end(r))
        return TROTH_JSON_END;

    struct troth_cursor ahead = r->c;
    if (r->frames[r->depth].started && !r->after_key && troth_json_is_next(&ahead, ',')) {
        ahead.next++;
        troth_json_skip_space(&ahead);
    }
    return ahead.next == ahead.end ? TROTH_JSON_END : troth_json_type_of(*ahead.next);
}

void troth_json_enter_object(struct troth_json *r, const char *field)
{
    if (!troth_json_plain_open(r, '{') && to_value_of(r, TROTH_JSON_OBJECT, field))
        take_opening(r, field);
}

void troth_json_enter_array(struct troth_json *r, const char *field)
{
    if (!troth_json_plain_open(r, '[') && to_value_of(r, TROTH_JSON_ARRAY, field))
        take_opening(r, field);
}

bool troth_json_more(struct troth_json *r)
{
    return !r->c.fault.err && !at_end(r);
}

void troth_json_leave(struct troth_json *r, const char *field)
{
    const struct troth_json_frame *f = &r->frames[r->depth];

    if (troth_json_plain_close(r) || r->c.fault.err || r->depth == 0)
        return;
    if (!at_end(r)) {
        const bool has_more = !f->started || troth_json_is_next(&r->c, ',') ||
                              r->after_key;
        troth_json_fail_here(&r->c, has_more ? TROTH_ERR_TRAILING : TROTH_ERR_VALUE,
                             field);
        return;
    }
    r->c.next++;
    r->key_count = f->keys_start;
    r->depth--;
}

/* The key at which the reader is, and over the colon behind it. */
static struct troth_span take_key(struct troth_json *r, const char *field)
{
    const struct troth_span none = {NULL, 0};

    if (!troth_json_is_next(&r->c, '"')) {
        troth_json_fail_here(&r->c, TROTH_ERR_VALUE, field);
        return none;
    }

    const uint8_t *const start = r->c.next;
    const struct troth_span key = take_string(r, field);
    if (r->c.fault.err)
        return none;
    const enum troth_err err = troth_json_key_add(r, key);
    if (err) {
        fail_at(r, start, err, field);
        return none;
    }
    troth_json_skip_space(&r->c);
    if (!troth_json_is_next(&r->c, ':')) {
        troth_json_fail_here(&r->c, TROTH_ERR_VALUE, field);
        return none;
    }
    r->c.next++;
    r->after_key = true;
    return key;
}

static void expect_place_for_key(struct troth_json *r, const char *field)
{
    const bool has_place = r->frames[r->depth].is_object && !r->after_key;

    troth_cursor_expect(&r->c, has_place, TROTH_ERR_TYPE, field);
}

struct troth_span troth_json_key(struct troth_json *r, const char *field)
{
    struct troth_span key;

    if (troth_json_plain_key(r, &key))
        return key;
    expect_place_for_key(r, field);
    if (!to_next(r, field))
        return (struct troth_span){NULL, 0};
    return take_key(r, field);
}

bool troth_json_member(struct troth_json *r, struct troth_span *out_key,
                       const char *field)
{
    if (troth_json_plain_key(r, out_key))
        return true;
    *out_key = (struct troth_span){NULL, 0};
    expect_place_for_key(r, field);
    if (!troth_json_more(r))
        return false;
    *out_key = troth_json_key(r, field);
    return !r->c.fault.err;
}

bool troth_json_member_is(struct troth_json *r, struct troth_span quoted)
{
    const uint8_t *const p = troth_json_plain_member(r);

    if (!p || (size_t)(r->c.end - p) < quoted.len ||
        !troth_word_same(p, quoted.ptr, quoted.len))
        return false;
    return troth_json_plain_key_done(r, (struct troth_span){p + 1, quoted.len - 3},
                                     p + quoted.len);
}

bool troth_json_leave_at_end(struct troth_json *r)
{
    return troth_json_plain_close(r);
}

struct troth_span troth_json_string(struct troth_json *r, const char *field)
{
    struct troth_span text;

    if (troth_json_plain_string(r, &text))
        return text;
    if (!to_value_of(r, TROTH_JSON_STRING, field))
        return (struct troth_span){NULL, 0};
    return take_string(r, field);
}

struct troth_span troth_json_number(struct troth_json *r, const char *field)
{
    if (!to_value_of(r, TROTH_JSON_NUMBER, field))
        return (struct troth_span){NULL, 0};
    return troth_json_take_number(&r->c, field);
}

uint64_t troth_json_uint(struct troth_json *r, const char *field)
{
    uint64_t value = 0;

    if (troth_json_plain_uint(r, &value))
        return value;

    const struct troth_span text = troth_json_number(r, field);

    value = 0;
    for (size_t i = 0; i < text.len; i++) {
        const uint8_t digit = (uint8_t)(text.ptr[i] - '0');
        enum troth_err err = TROTH_OK;
        if (digit > 9)
            err = TROTH_ERR_VALUE;
        else if (value > (UINT64_MAX - digit) / 10)
            err = TROTH_ERR_LIMIT;
        if (err) {
            fail_at(r, text.ptr, err, field);
            return 0;
        }
        value = value * 10 + digit;
    }
    return value;
}

bool troth_json_bool(struct troth_json *r, const char *field)
{
    if (!to_value_of(r, TROTH_JSON_BOOL, field))
        return false;
    const bool value = *r->c.next == 't';
    troth_json_take_word(&r->c, field);
    return value && !r->c.fault.err;
}

void troth_json_null(struct troth_json *r, const char *field)
{
    if (to_value_of(r, TROTH_JSON_NULL, field))
        troth_json_take_word(&r->c, field);
}

/* One value, as far as its opening bracket if it is a container. */
static void skip_head(struct troth_json *r, const char *field)
{
    switch (troth_json_type_of(*r->c.next)) {
    case TROTH_JSON_OBJECT:
    case TROTH_JSON_ARRAY:
        take_opening(r, field);
        break;
    case TROTH_JSON_STRING:
        take_string(r, field);
        break;
    case TROTH_JSON_NUMBER:
        troth_json_take_number(&r->c, field);
        break;
    case TROTH_JSON_BOOL:
    case TROTH_JSON_NULL:
        troth_json_take_word(&r->c, field);
        break;
    case TROTH_JSON_END:
        refuse_value(r, field);
    }
}

struct troth_span troth_json_skip(struct troth_json *r, const char *field)
{
    const unsigned depth = r->depth;
    struct troth_span text;

    if (troth_json_plain_string(r, &text))
        return (struct troth_span){text.ptr - 1, text.len + 2};
    if (!to_value(r, field))
        return (struct troth_span){NULL, 0};
    const uint8_t *const start = r->c.next;
    skip_head(r, field);
    while (!r->c.fault.err && r->depth > depth) {
        if (!troth_json_more(r)) {
            troth_json_leave(r, field);
            continue;
        }
        if (r->frames[r->depth].is_object)
            troth_json_key(r, field);
        if (to_value(r, field))
            skip_head(r, field);
    }
    if (r->c.fault.err)
        return (struct troth_span){NULL, 0};
    return (struct troth_span){start, (size_t)(r->c.next - start)};
}

enum troth_err troth_json_finish(struct troth_json *r, struct troth_fault *out_fault)
{
    const bool is_whole = r->depth == 0 && r->frames[0].started;

    troth_json_skip_space(&r->c);
    if (!is_whole)
        troth_json_fail_here(&r->c, TROTH_ERR_TRAILING, NULL);
    return troth_cursor_finish(&r->c, out_fault);
}
