/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/sealed.h"

#include "base/arena.h"
#include "base/base64.h"
#include "base/fault.h"
#include "base/memory.h"
#include "base/span.h"
#include "base/wipe.h"
#include "codec/json.h"
#include "record/schema.h"
#include "record/seal_key.h"

enum { AROUND = TROTH_AEAD_NONCE_SIZE + TROTH_RECORD_SALT_SIZE + TROTH_AEAD_TAG_SIZE };

/* The sealed values of a record, as they are written. */
struct sealed {
    struct troth_span wrapped; /* base64, here and below */
    struct troth_span names[TROTH_RECORD_PRIVATE_MAX];
    struct troth_span values[TROTH_RECORD_PRIVATE_MAX];
    size_t count;
};

/* Nothing in it has space or control characters, so nothing may stand around it. */
static enum troth_err check_form(struct troth_fault *fault, struct troth_span text)
{
    if (text.len > TROTH_SEALED_MAX)
        return troth_fault_set(fault, TROTH_ERR_LIMIT, "sealed");
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] <= ' ')
            return troth_fault_set(fault, TROTH_ERR_ENCODING, "sealed");
    return TROTH_OK;
}

static void expect_key(struct troth_json *json, const char *name, const char *field)
{
    struct troth_span key;
    const bool is_there = troth_json_member(json, &key, field);

    troth_json_expect(json, is_there && troth_span_is_text(key, name), TROTH_ERR_MISSING,
                      field);
}

static void read_fields(struct troth_json *json, struct sealed *out)
{
    static const char field[] = "sealed.fields";
    struct troth_span name;

    troth_json_enter_object(json, field);
    while (troth_json_member(json, &name, field)) {
        const size_t i = out->count;
        const bool has_room = i < TROTH_RECORD_PRIVATE_MAX;

        troth_json_expect(json, has_room, TROTH_ERR_LIMIT, field);
        troth_json_expect(json, troth_record_name_is_valid(name), TROTH_ERR_VALUE, field);
        troth_json_expect(
            json, i == 0 || !has_room || troth_span_compare(out->names[i - 1], name) < 0,
            TROTH_ERR_ENCODING, field);
        if (!has_room)
            return;
        out->names[i] = name;
        out->values[i] = troth_json_string(json, field);
        out->count++;
    }
    troth_json_expect(json, out->count > 0, TROTH_ERR_MISSING, field);
    troth_json_leave(json, field);
}

static enum troth_err read_sealed(struct sealed *out, struct troth_fault *fault,
                                  struct troth_span text)
{
    struct troth_json json;
    enum troth_err err = check_form(fault, text);

    *out = (struct sealed){.count = 0};
    if (err)
        return err;
    troth_json_init(&json, text);
    troth_json_enter_object(&json, "sealed");
    expect_key(&json, "sealed", "sealed.sealed");
    troth_json_expect(&json,
                      troth_span_is_text(troth_json_string(&json, "sealed.sealed"),
                                         TROTH_SEALED_VERSION),
                      TROTH_ERR_UNSUPPORTED, "sealed.sealed");
    expect_key(&json, "wrapped", "sealed.wrapped");
    out->wrapped = troth_json_string(&json, "sealed.wrapped");
    expect_key(&json, "fields", "sealed.fields");
    read_fields(&json, out);
    troth_json_leave(&json, "sealed");
    return troth_fault_name(fault, troth_json_finish(&json, fault), "sealed");
}

enum troth_err troth_record_sealed_wrapped(uint8_t out[static TROTH_SEAL_WRAPPED_SIZE],
                                           struct troth_fault *fault,
                                           struct troth_span sealed,
                                           struct troth_arena *arena)
{
    struct sealed parts;
    size_t len = 0;
    enum troth_err err = read_sealed(&parts, fault, sealed);

    (void)arena;
    memset(out, 0, TROTH_SEAL_WRAPPED_SIZE);
    if (err)
        return err;
    err = troth_base64_parse(out, TROTH_SEAL_WRAPPED_SIZE, &len, parts.wrapped,
                             TROTH_BASE64);
    if (!err && len != TROTH_SEAL_WRAPPED_SIZE)
        err = TROTH_ERR_VALUE;
    if (!err)
        return TROTH_OK;
    memset(out, 0, TROTH_SEAL_WRAPPED_SIZE);
    return troth_fault_set(fault, err, "sealed.wrapped");
}

struct opening {
    const struct troth_record *record;
    const struct troth_crypto *crypto;
    const uint8_t *epoch_key;
    struct troth_seal_place place;
    struct troth_arena *arena;
};

/* Decoded into the arena. */
static enum troth_err decode(const struct opening *o, struct troth_span text,
                             uint8_t **out, size_t *out_len)
{
    const size_t room = text.len / 4 * 3 + 3; /* some too much: never none */

    *out_len = 0;
    if (room > AROUND + TROTH_RECORD_VALUE_MAX + 5)
        return TROTH_ERR_LIMIT;
    *out = troth_arena_take_unset(o->arena, room, 1);
    if (!*out)
        return TROTH_ERR_MEMORY;

    const enum troth_err err = troth_base64_parse(*out, room, out_len, text,
                                                  TROTH_BASE64);

    if (err)
        return err;
    return *out_len >= AROUND ? TROTH_OK : TROTH_ERR_SHORT;
}

/* Opened where it is; what was sealed begins behind the nonce. */
static enum troth_err open_bytes(const struct opening *o, uint8_t *bytes, size_t len)
{
    uint8_t *const sealed = bytes + TROTH_AEAD_NONCE_SIZE;
    uint8_t key[TROTH_AEAD_KEY_SIZE];
    struct troth_bound bound;
    enum troth_err err = troth_seal_key_derive(key, o->crypto, o->epoch_key, &o->place);

    if (err)
        return err;
    troth_seal_bind(&bound, &o->place);
    err = o->crypto->ops->open(
        o->crypto->state, sealed,
        &(struct troth_aead_lock){key, bytes, troth_bound_parts(&bound)},
        (struct troth_span){sealed, len - TROTH_AEAD_NONCE_SIZE});
    troth_wipe(key, sizeof key);
    return err;
}

static enum troth_err open_value(struct troth_record_secret *out, const struct opening *o,
                                 struct troth_span text)
{
    uint8_t *bytes;
    size_t len;
    enum troth_err err = decode(o, text, &bytes, &len);

    if (!err)
        err = open_bytes(o, bytes, len);
    if (err)
        return err;
    memcpy(out->id, o->record->id, sizeof out->id);
    memcpy(out->salt, bytes + TROTH_AEAD_NONCE_SIZE, sizeof out->salt);
    out->origin = o->place.origin;
    out->name = o->place.name;
    out->value = (struct troth_span){bytes + TROTH_AEAD_NONCE_SIZE + sizeof out->salt,
                                     len - AROUND};
    err = troth_record_check(o->record, o->crypto, out);
    if (err)
        troth_wipe(bytes, len);
    return err;
}

static bool find_value(struct troth_span *out, const struct sealed *parts,
                       struct troth_span name)
{
    for (size_t i = 0; i < parts->count; i++) {
        if (troth_span_equal(parts->names[i], name)) {
            *out = parts->values[i];
            return true;
        }
    }
    return false;
}

/* A value has a place, and a key. */
enum troth_err /* NOLINTNEXTLINE(readability-function-size) */
troth_record_open(struct troth_record_secret *out, struct troth_fault *fault,
                  const struct troth_record *record, struct troth_span origin,
                  struct troth_span name, struct troth_span sealed,
                  const uint8_t epoch_key[static TROTH_SEAL_KEY_SIZE],
                  const struct troth_crypto *crypto, struct troth_arena *arena)
{
    const struct opening o = {
        record, crypto, epoch_key, {origin, TROTH_ARRAY_SPAN(record->id), name}, arena};
    struct troth_span text;
    struct sealed parts;
    enum troth_err err = read_sealed(&parts, fault, sealed);

    *out = (struct troth_record_secret){.value = {NULL, 0}};
    if (err)
        return err;
    if (!find_value(&text, &parts, name))
        return troth_fault_set(fault, TROTH_ERR_MISSING, "sealed.fields");
    err = open_value(out, &o, text);
    if (!err)
        return TROTH_OK;
    troth_wipe(out, sizeof *out);
    return troth_fault_set(fault, err, "sealed.fields");
}
