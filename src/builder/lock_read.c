/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "base/span.h"
#include "builder/lock_fields.h"
#include "codec/json.h"

/* Room for one text: longer than any path, and its zero. */
#define TEXT_ROOM 4608

/* An input that is being read, and where its texts are. */
struct reading {
    struct troth_json json;
    struct troth_input input;
    unsigned seen; /* bits of fields */
    uint8_t texts[TROTH_LOCK_FIELD_COUNT][TEXT_ROOM];
};

/* The next string, decoded and ended with its only zero byte; "" after a failure. */
static const char *take_text(struct reading *r, enum troth_lock_field field)
{
    const char *name = troth_lock_field_name(field);
    const struct troth_span raw = troth_json_string(&r->json, name);
    uint8_t *room = r->texts[field];
    struct troth_arena arena = {room, TEXT_ROOM - 1, 0};
    struct troth_span text = {NULL, 0};

    room[0] = '\0';
    if (troth_json_unescape(&text, &arena, raw) || text.len >= TEXT_ROOM) {
        troth_json_expect(&r->json, false, TROTH_ERR_LIMIT, name);
        return "";
    }
    if (text.len > 0)
        memmove(room, text.ptr, text.len);
    room[text.len] = '\0';
    troth_json_expect(&r->json, strlen((const char *)room) == text.len, TROTH_ERR_VALUE,
                      name);
    return (const char *)room;
}

static void take_kind(struct reading *r)
{
    const char *text = take_text(r, TROTH_LOCK_FIELD_KIND);

    for (unsigned i = 0; i < TROTH_INPUT_KINDS_COUNT; i++)
        if (strcmp(text, troth_lock_kind_name((enum troth_input_kind)i)) == 0) {
            r->input.kind = (enum troth_input_kind)i;
            return;
        }
    troth_json_expect(&r->json, false, TROTH_ERR_VALUE, "kind");
}

/* Lower case alone: the same digest is the same text. */
static void take_digest(struct reading *r, enum troth_lock_field field,
                        const char *prefix)
{
    const char *text = take_text(r, field);
    const size_t len = strlen(prefix);
    const bool is_prefixed = strncmp(text, prefix, len) == 0;
    size_t out_len = 0;

    troth_json_expect(&r->json,
                      is_prefixed && strpbrk(text, "ABCDEF") == NULL &&
                          !troth_hex_parse(r->input.sha256, sizeof r->input.sha256,
                                           &out_len, troth_span_of_text(text + len)) &&
                          out_len == sizeof r->input.sha256,
                      TROTH_ERR_VALUE, troth_lock_field_name(field));
}

static void take_mode(struct reading *r)
{
    const char *text = take_text(r, TROTH_LOCK_FIELD_MODE);

    r->input.mode = strcmp(text, "0755") == 0 ? 0755 : 0644;
    troth_json_expect(&r->json, r->input.mode == 0755 || strcmp(text, "0644") == 0,
                      TROTH_ERR_VALUE, "mode");
}

static void take_field(struct reading *r, enum troth_lock_field field)
{
    const char **text = troth_lock_text_of(&r->input, field);

    if (text)
        *text = take_text(r, field);
    else if (field == TROTH_LOCK_FIELD_KIND)
        take_kind(r);
    else if (field == TROTH_LOCK_FIELD_MODE)
        take_mode(r);
    else if (field == TROTH_LOCK_FIELD_DIGEST)
        take_digest(r, field, "sha256:");
    else if (field == TROTH_LOCK_FIELD_SHA256)
        take_digest(r, field, "");
    else
        r->input.size = troth_json_uint(&r->json, "size");
}

static void take_member(struct reading *r, struct troth_span key)
{
    for (unsigned i = 0; i < TROTH_LOCK_FIELD_COUNT; i++)
        if (troth_json_text_is(key, troth_lock_field_name((enum troth_lock_field)i))) {
            r->seen |= 1U << i;
            take_field(r, (enum troth_lock_field)i);
            return;
        }
    troth_json_expect(&r->json, false, TROTH_ERR_UNSUPPORTED, "input");
}

static void take_input(struct reading *r)
{
    struct troth_span key;

    r->input = (struct troth_input){.name = NULL};
    r->seen = 0;
    troth_json_enter_object(&r->json, "input");
    while (troth_json_member(&r->json, &key, "input"))
        take_member(r, key);
    troth_json_leave(&r->json, "input");
    troth_json_expect(&r->json, r->seen == troth_lock_fields_of(r->input.kind),
                      TROTH_ERR_MISSING, "input");
}

static bool take_inputs(struct reading *r, struct troth_inputs_list *out,
                        struct troth_build_problem *problem)
{
    troth_json_enter_array(&r->json, "inputs");
    while (troth_json_more(&r->json)) {
        take_input(r);
        if (r->json.c.fault.err)
            return true;
        if (!troth_lock_check(&r->input, problem) ||
            !troth_inputs_add(out, problem, &r->input))
            return false;
    }
    troth_json_leave(&r->json, "inputs");
    return true;
}

static bool take_all(struct reading *r, struct troth_inputs_list *out,
                     struct troth_build_problem *problem)
{
    struct troth_span key;
    struct troth_fault fault;

    troth_json_enter_object(&r->json, "lock");
    troth_json_expect(&r->json,
                      troth_json_member(&r->json, &key, "troth_lock") &&
                          troth_json_text_is(key, "troth_lock"),
                      TROTH_ERR_MISSING, "troth_lock");
    troth_json_expect(&r->json,
                      troth_json_uint(&r->json, "troth_lock") == TROTH_LOCK_FORMAT,
                      TROTH_ERR_VERSION, "troth_lock");
    troth_json_expect(&r->json,
                      troth_json_member(&r->json, &key, "inputs") &&
                          troth_json_text_is(key, "inputs"),
                      TROTH_ERR_MISSING, "inputs");
    if (!take_inputs(r, out, problem))
        return false;
    troth_json_leave(&r->json, "lock");
    if (!troth_json_finish(&r->json, &fault))
        return troth_inputs_sort(out, problem);
    return troth_build_fail(problem, "", "byte %zu: %s: %s", fault.offset + 1,
                            fault.field ? fault.field : "lock",
                            troth_err_text(fault.err));
}

bool troth_lock_read(struct troth_inputs_list *out, struct troth_build_problem *problem,
                     struct troth_span text)
{
    struct reading *r;
    bool is_read;

    *out = (struct troth_inputs_list){NULL, 0, 0};
    if (text.len > TROTH_LOCK_SIZE_MAX)
        return troth_build_fail(problem, "", "the lock is too long");
    r = malloc(sizeof *r);
    if (!r)
        return troth_build_fail(problem, "", "out of memory");
    troth_json_init(&r->json, text);
    is_read = take_all(r, out, problem);
    free(r);
    if (!is_read)
        troth_inputs_list_release(out);
    return is_read;
}
