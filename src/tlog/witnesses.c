/* SPDX-License-Identifier: Apache-2.0 */
#include "tlog/witnesses.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/memory.h"
#include "base/span.h"
#include "codec/json.h"
#include "tlog/key.h"

#define KEYS_FIELD "witnesses.witnesses"

static bool is_same_key(const uint8_t a[static 32], const uint8_t b[static 32])
{
    return troth_span_equal((struct troth_span){a, 32}, (struct troth_span){b, 32});
}

bool troth_witnesses_have_log(const struct troth_witnesses *witnesses)
{
    for (size_t i = 0; i < witnesses->count; i++)
        if (is_same_key(witnesses->rows[i].key, witnesses->log_key))
            return true;
    return false;
}

/* One liar with two names would be two witnesses. */
static bool has_twins(const struct troth_witnesses *witnesses)
{
    for (size_t i = 0; i < witnesses->count; i++)
        for (size_t k = 0; k < i; k++)
            if (is_same_key(witnesses->rows[i].key, witnesses->rows[k].key))
                return true;
    return false;
}

enum troth_err troth_witnesses_check(struct troth_fault *fault,
                                     const struct troth_witnesses *witnesses,
                                     size_t least)
{
    if (witnesses->origin.len == 0)
        return troth_fault_set(fault, TROTH_ERR_VALUE, "witnesses.origin");
    if (witnesses->count > TROTH_WITNESSES_MAX)
        return troth_fault_set(fault, TROTH_ERR_LIMIT, KEYS_FIELD);
    if (witnesses->needed < least || witnesses->needed > witnesses->count)
        return troth_fault_set(fault, TROTH_ERR_VALUE, "witnesses.needed");
    return has_twins(witnesses) || troth_witnesses_have_log(witnesses)
               ? troth_fault_set(fault, TROTH_ERR_DUPLICATE, KEYS_FIELD)
               : TROTH_OK;
}

/* A document being read. */
struct reading {
    struct troth_json r;
    struct troth_arena *arena;
    const struct troth_crypto *crypto;
    struct troth_witnesses found;
    struct troth_witness *rows; /* TROTH_WITNESSES_MAX */
    bool has_origin, has_log, has_witnesses, has_needed;
};

static void fail(struct reading *t, enum troth_err err, const char *field)
{
    troth_json_expect(&t->r, !err, err, field);
}

static struct troth_span read_text(struct reading *t, const char *field)
{
    struct troth_span text = {NULL, 0};
    const struct troth_span raw = troth_json_string(&t->r, field);

    if (!t->r.c.fault.err)
        fail(t, troth_json_unescape(&text, t->arena, raw), field);
    return text;
}

static struct troth_note_key read_key(struct reading *t, const char *field)
{
    struct troth_note_key key = {0};
    const struct troth_span text = read_text(t, field);

    if (!t->r.c.fault.err)
        fail(t, troth_note_key_parse(&key, text, t->crypto), field);
    return key;
}

static void read_origin(struct reading *t)
{
    t->found.origin = read_text(t, "witnesses.origin");
    t->has_origin = true;
}

static void read_log(struct reading *t)
{
    static const char field[] = "witnesses.log";
    const struct troth_note_key key = read_key(t, field);

    if (!t->r.c.fault.err && key.type != TROTH_NOTE_ED25519)
        fail(t, TROTH_ERR_ALGORITHM, field);
    t->found.log_name = key.name;
    memcpy(t->found.log_key, key.bytes, sizeof key.bytes);
    t->has_log = true;
}

/* Some publish a witness's key under type 0x01: the key is the same, and a cosignature is
 * what it must have made. */
static void read_witnesses(struct reading *t)
{
    t->has_witnesses = true;
    troth_json_enter_array(&t->r, KEYS_FIELD);
    while (troth_json_more(&t->r)) {
        const struct troth_note_key key = read_key(t, KEYS_FIELD);

        if (t->found.count == TROTH_WITNESSES_MAX) {
            fail(t, TROTH_ERR_LIMIT, KEYS_FIELD);
            return;
        }
        t->rows[t->found.count].name = key.name;
        memcpy(t->rows[t->found.count++].key, key.bytes, sizeof key.bytes);
    }
    troth_json_leave(&t->r, KEYS_FIELD);
}

static void read_needed(struct reading *t)
{
    const uint64_t needed = troth_json_uint(&t->r, "witnesses.needed");

    t->has_needed = true;
    /* More than there can be is one too many. */
    t->found.needed = needed > TROTH_WITNESSES_MAX ? TROTH_WITNESSES_MAX + 1
                                                   : (size_t)needed;
}

static void read_member(struct reading *t, struct troth_span key)
{
    static const struct {
        const char *key;
        void (*read)(struct reading *t);
    } members[] = {{"origin", read_origin},
                   {"log", read_log},
                   {"witnesses", read_witnesses},
                   {"needed", read_needed}};

    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        if (troth_json_text_is(key, members[i].key)) {
            members[i].read(t);
            return;
        }
    fail(t, TROTH_ERR_UNSUPPORTED, "witnesses");
}

static void read_document(struct reading *t)
{
    struct troth_span key;

    troth_json_enter_object(&t->r, "witnesses");
    while (troth_json_member(&t->r, &key, "witnesses"))
        read_member(t, key);
    troth_json_leave(&t->r, "witnesses");
}

static const char *find_missing(const struct reading *t)
{
    if (!t->has_log)
        return "witnesses.log";
    if (!t->has_witnesses)
        return KEYS_FIELD;
    return t->has_needed ? NULL : "witnesses.needed";
}

static enum troth_err finish(struct reading *t, struct troth_fault *fault)
{
    enum troth_err err = troth_json_finish(&t->r, fault);
    const char *missing = err ? NULL : find_missing(t);

    if (err)
        return troth_fault_name(fault, err, "witnesses");
    if (missing)
        return troth_fault_set(fault, TROTH_ERR_MISSING, missing);
    if (!t->has_origin)
        t->found.origin = t->found.log_name;
    t->found.rows = t->rows;
    return troth_witnesses_check(fault, &t->found, 1);
}

enum troth_err troth_witnesses_from_json(struct troth_witnesses *out,
                                         struct troth_fault *fault,
                                         struct troth_span text,
                                         const struct troth_crypto *crypto,
                                         struct troth_arena *arena)
{
    struct reading t = {.arena = arena, .crypto = crypto};
    enum troth_err err;

    *out = (struct troth_witnesses){0};
    if (fault)
        *fault = (struct troth_fault){TROTH_OK, NULL, 0};
    t.rows = troth_arena_take_array(arena, TROTH_WITNESSES_MAX, sizeof *t.rows);
    if (!t.rows)
        return troth_fault_set(fault, TROTH_ERR_MEMORY, "witnesses");
    troth_json_init(&t.r, text);
    read_document(&t);
    err = finish(&t, fault);
    if (!err)
        *out = t.found;
    return err;
}
