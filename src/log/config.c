/* SPDX-License-Identifier: Apache-2.0 */
#include "log/config.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/memory.h"
#include "base/span.h"
#include "codec/json.h"
#include "codec/json_writer.h"
#include "tlog/key.h"

enum member { ORIGIN, KEY, WITNESSES, NEEDED, INTERVAL, POSTGRES, MEMBER_COUNT };

static const struct {
    const char *key, *field;
    bool is_required;
} members[MEMBER_COUNT] = {
    [ORIGIN] = {"origin", "log.origin", true},
    [KEY] = {"key", "log.key", true},
    [WITNESSES] = {"witnesses", "log.witnesses", false},
    [NEEDED] = {"needed", "log.needed", false},
    [INTERVAL] = {"interval_ms", "log.interval_ms", true},
    [POSTGRES] = {"postgres", "log.postgres", false},
};

/* A document being read. */
struct reading {
    struct troth_json r;
    struct troth_arena *arena;
    const struct troth_crypto *crypto;
    struct troth_log_config found;
    bool has[MEMBER_COUNT];
};

static void expect(struct reading *t, enum troth_err err, const char *field)
{
    troth_json_expect(&t->r, !err, err, field);
}

/* Not empty, without control characters, and with a zero behind it. */
static const char *read_text(struct reading *t, const char *field)
{
    const struct troth_span raw = troth_json_string(&t->r, field);
    struct troth_span text = {NULL, 0};

    if (t->r.c.fault.err)
        return NULL;
    expect(t, troth_json_unescape(&text, t->arena, raw), field);
    troth_json_expect(&t->r, text.len > 0, TROTH_ERR_VALUE, field);
    for (size_t i = 0; i < text.len; i++)
        troth_json_expect(&t->r, text.ptr[i] >= ' ' && text.ptr[i] != 0x7f,
                          TROTH_ERR_VALUE, field);
    if (t->r.c.fault.err)
        return NULL;
    text = troth_arena_copy(t->arena, text);
    expect(t, text.ptr ? TROTH_OK : TROTH_ERR_MEMORY, field);
    return (const char *)text.ptr;
}

static const char *read_key(struct reading *t, struct troth_note_key *key,
                            const char *field)
{
    const char *text = read_text(t, field);

    *key = (struct troth_note_key){0};
    if (text)
        expect(t, troth_note_key_parse(key, troth_span_of_text(text), t->crypto), field);
    return text;
}

static void read_log_key(struct reading *t)
{
    struct troth_note_key key;

    t->found.log_key = read_key(t, &key, members[KEY].field);
    if (!t->r.c.fault.err && key.type != TROTH_NOTE_ED25519)
        expect(t, TROTH_ERR_ALGORITHM, members[KEY].field);
    memcpy(t->found.public_key, key.bytes, sizeof key.bytes);
}

static void read_witness_member(struct reading *t, struct troth_log_witness *witness,
                                struct troth_span key)
{
    struct troth_note_key found;

    if (troth_json_text_is(key, "url")) {
        witness->url = read_text(t, "log.witnesses.url");
    } else if (troth_json_text_is(key, "key")) {
        witness->verifier_key = read_key(t, &found, "log.witnesses.key");
        witness->key.name = found.name;
        memcpy(witness->key.key, found.bytes, sizeof found.bytes);
    } else {
        expect(t, TROTH_ERR_UNSUPPORTED, members[WITNESSES].field);
    }
}

static bool is_among(const struct troth_log_config *config,
                     const uint8_t key[static sizeof config->public_key])
{
    for (size_t i = 0; i < config->witness_count; i++)
        if (troth_span_equal(
                (struct troth_span)TROTH_ARRAY_SPAN(config->witnesses[i].key.key),
                (struct troth_span){key, sizeof config->public_key}))
            return true;
    return false;
}

static void read_witness(struct reading *t)
{
    const char *field = members[WITNESSES].field;
    struct troth_log_witness witness = {.url = NULL};
    struct troth_span key;

    troth_json_enter_object(&t->r, field);
    while (troth_json_member(&t->r, &key, field))
        read_witness_member(t, &witness, key);
    troth_json_leave(&t->r, field);
    troth_json_expect(&t->r, witness.url && witness.verifier_key, TROTH_ERR_MISSING,
                      field);
    troth_json_expect(&t->r, t->found.witness_count < TROTH_WITNESSES_MAX,
                      TROTH_ERR_LIMIT, field);
    /* One liar with two names would be two witnesses. */
    troth_json_expect(&t->r, !is_among(&t->found, witness.key.key), TROTH_ERR_DUPLICATE,
                      field);
    if (!t->r.c.fault.err)
        t->found.witnesses[t->found.witness_count++] = witness;
}

static void read_witnesses(struct reading *t)
{
    troth_json_enter_array(&t->r, members[WITNESSES].field);
    while (troth_json_more(&t->r))
        read_witness(t);
    troth_json_leave(&t->r, members[WITNESSES].field);
}

static uint64_t read_number(struct reading *t, enum member member, uint64_t least,
                            uint64_t most)
{
    const uint64_t number = troth_json_uint(&t->r, members[member].field);

    troth_json_expect(&t->r, number >= least && number <= most, TROTH_ERR_VALUE,
                      members[member].field);
    return number;
}

static void read_member(struct reading *t, enum member member)
{
    t->has[member] = true;
    switch (member) {
    case ORIGIN:
        t->found.origin = read_text(t, members[ORIGIN].field);
        return;
    case KEY:
        read_log_key(t);
        return;
    case WITNESSES:
        read_witnesses(t);
        return;
    case NEEDED:
        t->found.needed = (size_t)read_number(t, NEEDED, 0, TROTH_WITNESSES_MAX);
        return;
    case INTERVAL:
        t->found.interval_ms = (int64_t)read_number(t, INTERVAL, 1,
                                                    TROTH_LOG_INTERVAL_MAX);
        return;
    case POSTGRES:
        t->found.postgres = read_text(t, members[POSTGRES].field);
        return;
    case MEMBER_COUNT:
        return;
    }
}

static void read_document(struct reading *t)
{
    struct troth_span key;

    troth_json_enter_object(&t->r, "log");
    while (troth_json_member(&t->r, &key, "log")) {
        size_t which = 0;

        while (which < MEMBER_COUNT && !troth_json_text_is(key, members[which].key))
            which++;
        if (which == MEMBER_COUNT)
            expect(t, TROTH_ERR_UNSUPPORTED, "log");
        else
            read_member(t, (enum member)which);
    }
    troth_json_leave(&t->r, "log");
}

static enum troth_err finish(struct reading *t, struct troth_fault *fault)
{
    const enum troth_err err = troth_json_finish(&t->r, fault);

    if (err)
        return troth_fault_name(fault, err, "log");
    for (size_t i = 0; i < MEMBER_COUNT; i++)
        if (members[i].is_required && !t->has[i])
            return troth_fault_set(fault, TROTH_ERR_MISSING, members[i].field);
    /* A log that vouches for itself. */
    if (is_among(&t->found, t->found.public_key))
        return troth_fault_set(fault, TROTH_ERR_DUPLICATE, members[WITNESSES].field);
    if (t->found.needed > t->found.witness_count)
        return troth_fault_set(fault, TROTH_ERR_VALUE, members[NEEDED].field);
    return TROTH_OK;
}

enum troth_err troth_log_config_read(struct troth_log_config *out,
                                     struct troth_fault *fault, struct troth_span text,
                                     const struct troth_crypto *crypto,
                                     struct troth_arena *arena)
{
    struct reading t = {.arena = arena, .crypto = crypto};
    enum troth_err err;

    *out = (struct troth_log_config){0};
    if (fault)
        *fault = (struct troth_fault){TROTH_OK, NULL, 0};
    if (text.len > TROTH_LOG_CONFIG_MAX)
        return troth_fault_set(fault, TROTH_ERR_LIMIT, "log");
    troth_json_init(&t.r, text);
    read_document(&t);
    err = finish(&t, fault);
    if (!err)
        *out = t.found;
    return err;
}

static void write_member(struct troth_json_writer *w, const char *key, const char *text)
{
    troth_json_write_key(w, key);
    troth_json_write_text(w, text);
}

static void write_witnesses(struct troth_json_writer *w,
                            const struct troth_log_config *config)
{
    troth_json_write_key(w, members[WITNESSES].key);
    troth_json_begin_array(w);
    for (size_t i = 0; i < config->witness_count; i++) {
        troth_json_begin_object(w);
        write_member(w, "key", config->witnesses[i].verifier_key);
        write_member(w, "url", config->witnesses[i].url);
        troth_json_end_object(w);
    }
    troth_json_end_array(w);
}

enum troth_err troth_log_config_write(uint8_t *out, size_t room, size_t *out_len,
                                      const struct troth_log_config *config)
{
    struct troth_writer text = troth_writer_over(out, room);
    struct troth_json_writer w = troth_json_writer_over(&text, true);
    struct troth_span written;
    enum troth_err err;

    *out_len = 0;
    troth_json_begin_object(&w);
    write_member(&w, members[ORIGIN].key, config->origin);
    write_member(&w, members[KEY].key, config->log_key);
    write_witnesses(&w, config);
    troth_json_write_key(&w, members[NEEDED].key);
    troth_json_write_uint(&w, config->needed);
    troth_json_write_key(&w, members[INTERVAL].key);
    troth_json_write_uint(&w, (uint64_t)config->interval_ms);
    if (config->postgres)
        write_member(&w, members[POSTGRES].key, config->postgres);
    troth_json_end_object(&w);
    troth_write_text(&text, "\n");
    err = troth_writer_finish(&text, &written);
    if (!err)
        *out_len = written.len;
    return err;
}

void troth_log_config_witnesses(struct troth_witnesses *out,
                                struct troth_witness rows[static TROTH_WITNESSES_MAX],
                                const struct troth_log_config *config)
{
    struct troth_span rest = troth_span_of_text(config->log_key);

    *out = (struct troth_witnesses){
        .origin = troth_span_of_text(config->origin),
        .log_name = troth_span_next_item(&rest, '+'),
        .rows = rows,
        .count = config->witness_count,
        .needed = config->needed,
    };
    memcpy(out->log_key, config->public_key, sizeof out->log_key);
    for (size_t i = 0; i < config->witness_count; i++)
        rows[i] = config->witnesses[i].key;
}
