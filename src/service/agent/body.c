/* SPDX-License-Identifier: Apache-2.0 */
#include "service/agent/body.h"

#include "base/arena.h"
#include "base/base64.h"
#include "base/hex.h"
#include "codec/json.h"

/* A body being read. */
struct reading {
    struct troth_json json;
    const struct troth_member *member;
    struct troth_arena *arena;
};

static struct troth_span take_text(struct reading *r)
{
    struct troth_span text = troth_json_string(&r->json, r->member->name);
    const enum troth_err err = troth_json_unescape(&text, r->arena, text);

    troth_json_expect(&r->json, !err, err, r->member->name);
    return text;
}

static void check_length(struct reading *r, size_t len)
{
    troth_json_expect(&r->json, len <= r->member->most, TROTH_ERR_LIMIT, r->member->name);
}

static void take_hex(struct reading *r, struct troth_member_value *out)
{
    const struct troth_span text = take_text(r);
    uint8_t *bytes = troth_arena_take_unset(r->arena, text.len / 2 + 1, 1);
    size_t len = 0;
    enum troth_err err = bytes ? troth_hex_parse(bytes, text.len / 2, &len, text)
                               : TROTH_ERR_MEMORY;

    troth_json_expect(&r->json, !err, err, r->member->name);
    check_length(r, len);
    out->bytes = (struct troth_span){bytes, len};
}

static void take_base64(struct reading *r, struct troth_member_value *out)
{
    const struct troth_span text = take_text(r);
    const size_t room = text.len / 4 * 3 + 3;
    uint8_t *bytes = troth_arena_take_unset(r->arena, room, 1);
    size_t len = 0;
    enum troth_err err = bytes ? troth_base64_parse(bytes, room, &len, text, TROTH_BASE64)
                               : TROTH_ERR_MEMORY;

    troth_json_expect(&r->json, !err, err, r->member->name);
    check_length(r, len);
    out->bytes = (struct troth_span){bytes, len};
}

static void take_plain(struct reading *r, struct troth_member_value *out)
{
    out->bytes = take_text(r);
    check_length(r, out->bytes.len);
}

static void take_uint(struct reading *r, struct troth_member_value *out)
{
    out->number = troth_json_uint(&r->json, r->member->name);
    troth_json_expect(&r->json, out->number > 0, TROTH_ERR_VALUE, r->member->name);
    troth_json_expect(&r->json, out->number <= r->member->most, TROTH_ERR_LIMIT,
                      r->member->name);
}

static void take_bool(struct reading *r, struct troth_member_value *out)
{
    out->flag = troth_json_bool(&r->json, r->member->name);
}

static void (*const types[TROTH_MEMBER_TYPE_COUNT])(struct reading *r,
                                                    struct troth_member_value *out) = {
    [TROTH_MEMBER_HEX] = take_hex,    [TROTH_MEMBER_BASE64] = take_base64,
    [TROTH_MEMBER_TEXT] = take_plain, [TROTH_MEMBER_UINT] = take_uint,
    [TROTH_MEMBER_BOOL] = take_bool,
};

static void take_member(struct reading *r, struct troth_member_value *out,
                        const struct troth_member *table, size_t count,
                        struct troth_span key)
{
    size_t i = 0;

    while (i < count && !troth_json_text_is(key, table[i].name))
        i++;
    if (i == count) {
        troth_cursor_fail(&r->json.c, TROTH_ERR_UNSUPPORTED, "body");
        return;
    }
    r->member = &table[i];
    types[table[i].type](r, &out[i]);
    out[i].is_given = true;
}

enum troth_err
troth_body_read(struct troth_member_value out[static TROTH_BODY_MEMBERS_MAX],
                struct troth_fault *fault, const struct troth_member *table, size_t count,
                struct troth_span text, struct troth_arena *arena)
{
    struct reading r = {.arena = arena};
    struct troth_span key;
    enum troth_err err;

    for (size_t i = 0; i < TROTH_BODY_MEMBERS_MAX; i++)
        out[i] = (struct troth_member_value){.is_given = false};
    troth_json_init(&r.json, text);
    troth_json_enter_object(&r.json, "body");
    while (troth_json_member(&r.json, &key, "body"))
        take_member(&r, out, table, count, key);
    troth_json_leave(&r.json, "body");
    for (size_t i = 0; i < count; i++)
        troth_json_expect(&r.json, out[i].is_given || !table[i].is_required,
                          TROTH_ERR_MISSING, table[i].name);
    err = troth_json_finish(&r.json, fault);
    for (size_t i = 0; err && i < TROTH_BODY_MEMBERS_MAX; i++)
        out[i] = (struct troth_member_value){.is_given = false};
    return err;
}
