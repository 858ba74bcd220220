/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log/log_disclosed.h"

#include <string.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/fault.h"
#include "base/hex.h"
#include "base/span.h"
#include "cli/log/log_page.h"
#include "codec/json.h"

#define FORMAT "troth-disclosure/1"

/* clang-format off */
#define MEMBERS(X)                            \
    X(FORMAT_NAME, "format", "disclosure.format") \
    X(ORIGIN,      "origin", "disclosure.origin") \
    X(NAME,        "name",   "disclosure.name")   \
    X(SALT,        "salt",   "disclosure.salt")   \
    X(VALUE,       "value",  "disclosure.value")  \
    X(BUNDLE,      "bundle", "disclosure.bundle")
/* clang-format on */

enum member {
#define X(id, key, field) MEMBER_##id,
    MEMBERS(X)
#undef X
        MEMBER_COUNT
};

static const struct {
    const char *key, *field;
} members[MEMBER_COUNT] = {
#define X(id, key, field) [MEMBER_##id] = {key, field},
    MEMBERS(X)
#undef X
};

static void write_text(struct troth_json_writer *w, enum member member,
                       struct troth_span text)
{
    troth_json_write_key(w, members[member].key);
    troth_json_write_string(w, text);
}

void troth_log_disclosed_write(struct troth_writer *w,
                               const struct troth_log_disclosed *disclosed)
{
    struct troth_json_writer json = troth_json_writer_over(w, true);

    troth_json_begin_object(&json);
    write_text(&json, MEMBER_FORMAT_NAME, TROTH_LITERAL(FORMAT));
    write_text(&json, MEMBER_ORIGIN, disclosed->origin);
    write_text(&json, MEMBER_NAME, disclosed->name);
    troth_json_write_key(&json, members[MEMBER_SALT].key);
    troth_json_write_hex(&json, (struct troth_span)TROTH_ARRAY_SPAN(disclosed->salt));
    troth_log_json_base64(&json, members[MEMBER_VALUE].key, disclosed->value);
    write_text(&json, MEMBER_BUNDLE, disclosed->bundle);
    troth_json_end_object(&json);
    troth_write_u8(w, '\n');
}

/* What the members say, unescaped. */
struct reading {
    struct troth_json json;
    struct troth_arena *arena;
    struct troth_span texts[MEMBER_COUNT];
    bool seen[MEMBER_COUNT];
};

static void read_member(struct reading *r, struct troth_span key)
{
    size_t i = 0;

    while (i < MEMBER_COUNT && !troth_json_text_is(key, members[i].key))
        i++;
    if (i == MEMBER_COUNT) {
        troth_json_expect(&r->json, false, TROTH_ERR_UNSUPPORTED, "disclosure");
        return;
    }

    const struct troth_span raw = troth_json_string(&r->json, members[i].field);

    troth_json_expect(&r->json,
                      troth_json_unescape(&r->texts[i], r->arena, raw) == TROTH_OK,
                      TROTH_ERR_MEMORY, members[i].field);
    r->seen[i] = true;
}

static enum troth_err read_members(struct reading *r, struct troth_fault *fault,
                                   struct troth_span text)
{
    struct troth_span key;

    troth_json_init(&r->json, text);
    troth_json_enter_object(&r->json, "disclosure");
    while (troth_json_member(&r->json, &key, "disclosure"))
        read_member(r, key);
    for (size_t i = 0; i < MEMBER_COUNT; i++)
        troth_json_expect(&r->json, r->seen[i], TROTH_ERR_MISSING, members[i].field);
    troth_json_leave(&r->json, "disclosure");
    return troth_json_finish(&r->json, fault);
}

static enum troth_err read_salt(struct troth_log_disclosed *out, struct reading *r,
                                struct troth_fault *fault)
{
    size_t len = 0;
    enum troth_err err = troth_hex_parse(out->salt, sizeof out->salt, &len,
                                         r->texts[MEMBER_SALT]);

    if (!err && len != sizeof out->salt)
        err = TROTH_ERR_VALUE;
    return err ? troth_fault_set(fault, err, members[MEMBER_SALT].field) : TROTH_OK;
}

static enum troth_err read_value(struct troth_log_disclosed *out, struct reading *r,
                                 struct troth_fault *fault)
{
    const struct troth_span text = r->texts[MEMBER_VALUE];
    uint8_t *bytes = troth_arena_take_unset(r->arena, text.len + 1, 1);
    size_t len = 0;
    const enum troth_err err = bytes ? troth_base64_parse(bytes, text.len, &len, text,
                                                          TROTH_BASE64)
                                     : TROTH_ERR_MEMORY;

    out->value = (struct troth_span){bytes, len};
    return err ? troth_fault_set(fault, err, members[MEMBER_VALUE].field) : TROTH_OK;
}

enum troth_err troth_log_disclosed_parse(struct troth_log_disclosed *out,
                                         struct troth_fault *fault,
                                         struct troth_span text,
                                         struct troth_arena *arena)
{
    struct reading r = {.arena = arena};
    enum troth_err err = read_members(&r, fault, text);

    memset(out, 0, sizeof *out);
    if (!err && !troth_span_is_text(r.texts[MEMBER_FORMAT_NAME], FORMAT))
        err = troth_fault_set(fault, TROTH_ERR_VERSION, "disclosure.format");
    if (!err)
        err = read_salt(out, &r, fault);
    if (!err)
        err = read_value(out, &r, fault);
    if (err) {
        memset(out, 0, sizeof *out);
        return err;
    }
    out->origin = r.texts[MEMBER_ORIGIN];
    out->name = r.texts[MEMBER_NAME];
    out->bundle = r.texts[MEMBER_BUNDLE];
    return TROTH_OK;
}
