/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/record.h"

#include "base/fault.h"
#include "base/memory.h"
#include "base/writer.h"
#include "record/check.h"
#include "record/schema.h"

/* Quotes, backslashes and control characters alone, each in its shortest form: the text
 * is valid. spec: [RFC8785] 3.2.2.2 */
static void write_character(struct troth_writer *w, uint8_t c)
{
    static const char letters[32] = {
        ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};
    const bool is_control = c < 0x20;

    if (is_control && !letters[c]) {
        troth_write_text(w, "\\u00");
        troth_write_hex(w, (struct troth_span){&c, 1});
        return;
    }
    if (is_control || c == '"' || c == '\\')
        troth_write_u8(w, '\\');
    troth_write_u8(w, is_control ? (uint8_t)letters[c] : c);
}

static void write_string(struct troth_writer *w, struct troth_span text)
{
    troth_write_u8(w, '"');
    for (size_t i = 0; i < text.len; i++)
        write_character(w, text.ptr[i]);
    troth_write_u8(w, '"');
}

/* Names need no escapes, here and below. */
static void write_name(struct troth_writer *w, const char *name)
{
    troth_write_text(w, ",\"");
    troth_write_text(w, name);
    troth_write_text(w, "\":");
}

static void write_value(struct troth_writer *w, const struct troth_record_value *value)
{
    write_name(w, value->field->name);
    switch (value->field->type) {
    case TROTH_RECORD_TEXT:
    case TROTH_RECORD_HEX:
        write_string(w, value->text);
        break;
    case TROTH_RECORD_UINT:
        troth_write_decimal(w, value->number);
        break;
    case TROTH_RECORD_MEASUREMENTS:
        troth_write_bytes(w, value->text);
        break;
    }
}

static void write_values(struct troth_writer *w, const struct troth_record *record)
{
    const struct troth_record_field *row = troth_record_fields(record->kind);

    for (; row->name; row++)
        for (size_t i = 0; i < record->value_count; i++)
            if (record->values[i].field == row)
                write_value(w, &record->values[i]);
}

struct marks {
    const char *name;
    const struct troth_record_mark *marks;
    size_t count;
    size_t size; /* bytes of each */
};

static void write_marks(struct troth_writer *w, const struct marks *marks)
{
    if (marks->count == 0)
        return;
    write_name(w, marks->name);
    for (size_t i = 0; i < marks->count; i++) {
        troth_write_text(w, i ? ",\"" : "{\"");
        troth_write_bytes(w, marks->marks[i].name);
        troth_write_text(w, "\":\"");
        troth_write_hex(w, (struct troth_span){marks->marks[i].bytes, marks->size});
        troth_write_u8(w, '"');
    }
    troth_write_u8(w, '}');
}

static void write_head(struct troth_writer *w, const struct troth_record *record)
{
    troth_write_text(w, "{\"record\":\"" TROTH_RECORD_VERSION "\",\"kind\":\"");
    troth_write_text(w, troth_record_kind_name(record->kind));
    troth_write_text(w, "\",\"id\":\"");
    troth_write_hex(w, (struct troth_span)TROTH_ARRAY_SPAN(record->id));
    troth_write_text(w, "\",\"time_ms\":");
    troth_write_decimal(w, record->time_ms);
}

enum troth_err troth_record_write(uint8_t *out, size_t room, size_t *out_len,
                                  struct troth_fault *fault,
                                  const struct troth_record *record)
{
    const size_t most = room < TROTH_RECORD_MAX ? room : TROTH_RECORD_MAX;
    struct troth_writer w = troth_writer_over(out, most);
    struct troth_span written;
    enum troth_err err = troth_record_validate(record, fault);

    *out_len = 0;
    if (err) {
        memset(out, 0, room);
        return err;
    }
    write_head(&w, record);
    write_values(&w, record);
    write_marks(&w,
                &(struct marks){"commitments", record->commitments,
                                record->commitment_count, TROTH_RECORD_COMMITMENT_SIZE});
    write_marks(&w, &(struct marks){"tags", record->tags, record->tag_count,
                                    TROTH_RECORD_TAG_SIZE});
    troth_write_u8(&w, '}');
    err = troth_writer_finish(&w, &written);
    if (err) {
        memset(out, 0, room);
        return troth_fault_set(fault, err, "record");
    }
    *out_len = written.len;
    return TROTH_OK;
}
