/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/record.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/hex.h"
#include "base/memory.h"
#include "base/span.h"
#include "codec/json.h"
#include "record/schema.h"

struct reader {
    struct troth_json json;
    struct troth_arena *arena;
    struct troth_record *record;
};

/* The members that every record begins with. */
static const char *const head[] = {"record", "kind", "id", "time_ms"};

enum { HEAD_COUNT = sizeof head / sizeof head[0] };

static bool is_head(struct troth_span key)
{
    for (size_t i = 0; i < HEAD_COUNT; i++)
        if (troth_span_is_text(key, head[i]))
            return true;
    return false;
}

static void expect_key(struct reader *r, const char *name, const char *field)
{
    struct troth_span key;

    if (!troth_json_member(&r->json, &key, field)) {
        troth_json_expect(&r->json, false, TROTH_ERR_MISSING, field);
        return;
    }
    troth_json_expect(&r->json, is_head(key), TROTH_ERR_MISSING, field);
    troth_json_expect(&r->json, troth_span_is_text(key, name), TROTH_ERR_ENCODING, field);
}

static void read_bytes(struct reader *r, uint8_t *out, size_t size, const char *field)
{
    const struct troth_span text = troth_json_string(&r->json, field);
    size_t len = 0;
    const bool holds = troth_record_is_lower_hex(text) && text.len == 2 * size &&
                       troth_hex_parse(out, size, &len, text) == TROTH_OK;

    troth_json_expect(&r->json, holds, TROTH_ERR_VALUE, field);
}

static void read_head(struct reader *r)
{
    expect_key(r, "record", "record.record");
    troth_json_expect(&r->json,
                      troth_span_is_text(troth_json_string(&r->json, "record.record"),
                                         TROTH_RECORD_VERSION),
                      TROTH_ERR_UNSUPPORTED, "record.record");
    expect_key(r, "kind", "record.kind");
    r->record->kind = troth_record_kind_of(troth_json_string(&r->json, "record.kind"));
    troth_json_expect(&r->json, r->record->kind != TROTH_RECORD_NONE,
                      TROTH_ERR_UNSUPPORTED, "record.kind");
    expect_key(r, "id", "record.id");
    read_bytes(r, r->record->id, sizeof r->record->id, "record.id");
    expect_key(r, "time_ms", "record.time_ms");
    r->record->time_ms = troth_json_uint(&r->json, "record.time_ms");
}

static void read_text(struct reader *r, struct troth_span *out, const char *field)
{
    const struct troth_span raw = troth_json_string(&r->json, field);
    const enum troth_err err = troth_json_unescape(out, r->arena, raw);

    troth_json_expect(&r->json, !err, err, field);
}

static void read_value(struct reader *r, const struct troth_record_field *field)
{
    struct troth_record *record = r->record;
    struct troth_record_value value = {.field = field};

    /* A kind has no more fields than there is room, and the reader refuses duplicates. */
    if (record->value_count == TROTH_RECORD_FIELDS_MAX)
        return;
    switch (field->type) {
    case TROTH_RECORD_TEXT:
    case TROTH_RECORD_HEX:
        read_text(r, &value.text, field->path);
        break;
    case TROTH_RECORD_UINT:
        value.number = troth_json_uint(&r->json, field->path);
        break;
    case TROTH_RECORD_MEASUREMENTS:
        troth_json_expect(&r->json, troth_json_peek(&r->json) == TROTH_JSON_OBJECT,
                          TROTH_ERR_TYPE, field->path);
        value.text = troth_json_skip(&r->json, field->path);
        break;
    }
    record->values[record->value_count++] = value;
}

struct marks {
    struct troth_record_mark *marks;
    size_t *count;
    size_t size; /* bytes of each */
    const char *field;
};

static void read_marks(struct reader *r, const struct marks *marks)
{
    struct troth_span name;

    troth_json_enter_object(&r->json, marks->field);
    /* None is written as none at all. */
    troth_json_expect(&r->json, troth_json_more(&r->json), TROTH_ERR_ENCODING,
                      marks->field);
    while (troth_json_member(&r->json, &name, marks->field)) {
        troth_json_expect(&r->json, *marks->count < TROTH_RECORD_PRIVATE_MAX,
                          TROTH_ERR_LIMIT, marks->field);
        if (r->json.c.fault.err)
            return;

        struct troth_record_mark *mark = &marks->marks[(*marks->count)++];

        mark->name = name;
        read_bytes(r, mark->bytes, marks->size, marks->field);
    }
    troth_json_leave(&r->json, marks->field);
}

/* Anything but a field of the kind. */
static void read_other(struct reader *r, struct troth_span key)
{
    struct troth_record *record = r->record;
    const struct marks commitments = {record->commitments, &record->commitment_count,
                                      TROTH_RECORD_COMMITMENT_SIZE, "record.commitments"};
    const struct marks tags = {record->tags, &record->tag_count, TROTH_RECORD_TAG_SIZE,
                               "record.tags"};

    if (troth_span_is_text(key, "commitments"))
        read_marks(r, &commitments);
    else if (troth_span_is_text(key, "tags"))
        read_marks(r, &tags);
    else
        troth_json_expect(&r->json, false, TROTH_ERR_UNSUPPORTED, "record.field");
}

static enum troth_err read_record(struct reader *r, struct troth_fault *fault,
                                  struct troth_span entry)
{
    struct troth_span key;

    troth_json_init(&r->json, entry);
    troth_json_enter_object(&r->json, "record");
    read_head(r);
    while (troth_json_member(&r->json, &key, "record.field")) {
        const struct troth_record_field *field = troth_record_find_field(r->record->kind,
                                                                         key);

        if (field)
            read_value(r, field);
        else
            read_other(r, key);
    }
    troth_json_leave(&r->json, "record");
    return troth_json_finish(&r->json, fault);
}

/* Written again, is it the same? */
static enum troth_err check_form(const struct troth_record *record,
                                 struct troth_fault *fault, struct troth_span entry,
                                 struct troth_arena *arena)
{
    const size_t used = arena->used;
    uint8_t *again = troth_arena_take_unset(arena, entry.len, 1);
    size_t len = 0;

    if (!again)
        return troth_fault_set(fault, TROTH_ERR_MEMORY, "record");

    enum troth_err err = troth_record_write(again, entry.len, &len, fault, record);

    if (!err && !troth_span_equal((struct troth_span){again, len}, entry))
        err = troth_fault_set(fault, TROTH_ERR_ENCODING, "record");
    arena->used = used;
    return err;
}

enum troth_err troth_record_parse(struct troth_record *out, struct troth_fault *fault,
                                  struct troth_span entry, struct troth_arena *arena)
{
    struct reader r = {.arena = arena, .record = out};
    enum troth_err err;

    *out = (struct troth_record){0};
    if (entry.len > TROTH_RECORD_MAX)
        return troth_fault_set(fault, TROTH_ERR_LIMIT, "record");
    err = troth_fault_name(fault, read_record(&r, fault, entry), "record");
    if (!err)
        err = check_form(out, fault, entry, arena);
    if (err)
        *out = (struct troth_record){0};
    return err;
}
