/* SPDX-License-Identifier: Apache-2.0 */
#include "record/check.h"

#include "base/fault.h"
#include "base/span.h"
#include "base/utf8.h"
#include "record/measurements.h"
#include "record/schema.h"

static bool is_one_of(struct troth_span text, const char *const *words)
{
    if (!words)
        return true;
    for (; *words; words++)
        if (troth_span_is_text(text, *words))
            return true;
    return false;
}

/* Empty would be another way to leave it out. */
static enum troth_err check_text(const struct troth_record_field *field,
                                 struct troth_span text)
{
    if (text.len > field->most)
        return TROTH_ERR_LIMIT;
    if (!troth_utf8_is_valid(text))
        return TROTH_ERR_TEXT;
    return text.len > 0 && is_one_of(text, field->words) ? TROTH_OK : TROTH_ERR_VALUE;
}

static enum troth_err check_hex(const struct troth_record_field *field,
                                struct troth_span digits)
{
    if (digits.len > 2 * field->most)
        return TROTH_ERR_LIMIT;
    if (digits.len < 2 * field->least || !troth_record_is_lower_hex(digits))
        return TROTH_ERR_VALUE;
    return TROTH_OK;
}

static enum troth_err check_value(const struct troth_record_value *value)
{
    const struct troth_record_field *field = value->field;

    switch (field->type) {
    case TROTH_RECORD_TEXT:
        return check_text(field, value->text);
    case TROTH_RECORD_HEX:
        return check_hex(field, value->text);
    case TROTH_RECORD_UINT:
        return value->number <= TROTH_RECORD_UINT_MAX ? TROTH_OK : TROTH_ERR_LIMIT;
    case TROTH_RECORD_MEASUREMENTS:
        return value->text.len <= field->most
                   ? troth_record_measurements_check(value->text)
                   : TROTH_ERR_LIMIT;
    }
    return TROTH_ERR_TYPE;
}

static size_t count_of(const struct troth_record *record,
                       const struct troth_record_field *field)
{
    size_t count = 0;

    for (size_t i = 0; i < record->value_count; i++)
        count += record->values[i].field == field;
    return count;
}

/* Each row's value is there at most once, and at least if it is required. */
static enum troth_err check_rows(const struct troth_record *record,
                                 struct troth_fault *fault)
{
    const struct troth_record_field *row = troth_record_fields(record->kind);
    size_t known = 0;

    for (; row->name; row++) {
        const size_t count = count_of(record, row);

        known += count;
        if (count > 1)
            return troth_fault_set(fault, TROTH_ERR_DUPLICATE, row->path);
        if (count == 0 && row->is_required)
            return troth_fault_set(fault, TROTH_ERR_MISSING, row->path);
    }
    return known == record->value_count
               ? TROTH_OK
               : troth_fault_set(fault, TROTH_ERR_UNSUPPORTED, "record.field");
}

static enum troth_err check_values(const struct troth_record *record,
                                   struct troth_fault *fault)
{
    enum troth_err err = check_rows(record, fault);

    for (size_t i = 0; !err && i < record->value_count; i++) {
        err = check_value(&record->values[i]);
        if (err)
            return troth_fault_set(fault, err, record->values[i].field->path);
    }
    return err;
}

static enum troth_err check_marks(const struct troth_record_mark *marks, size_t count)
{
    if (count > TROTH_RECORD_PRIVATE_MAX)
        return TROTH_ERR_LIMIT;
    for (size_t i = 0; i < count; i++) {
        if (!troth_record_name_is_valid(marks[i].name))
            return TROTH_ERR_VALUE;

        const int order = i ? troth_span_compare(marks[i - 1].name, marks[i].name) : -1;

        if (order == 0)
            return TROTH_ERR_DUPLICATE;
        if (order > 0)
            return TROTH_ERR_ENCODING;
    }
    return TROTH_OK;
}

/* What is public cannot be committed to as well: which of the two would it be? */
static enum troth_err check_apart(const struct troth_record *record)
{
    for (size_t i = 0; i < record->commitment_count; i++)
        for (size_t k = 0; k < record->value_count; k++)
            if (troth_span_is_text(record->commitments[i].name,
                                   record->values[k].field->name))
                return TROTH_ERR_DUPLICATE;
    return TROTH_OK;
}

enum troth_err troth_record_validate(const struct troth_record *record,
                                     struct troth_fault *fault)
{
    enum troth_err err;

    if (!troth_record_fields(record->kind))
        return troth_fault_set(fault, TROTH_ERR_UNSUPPORTED, "record.kind");
    if (record->time_ms > TROTH_RECORD_UINT_MAX)
        return troth_fault_set(fault, TROTH_ERR_LIMIT, "record.time_ms");
    if (record->value_count > TROTH_RECORD_FIELDS_MAX)
        return troth_fault_set(fault, TROTH_ERR_LIMIT, "record.field");
    err = check_values(record, fault);
    if (err)
        return err;
    err = check_marks(record->commitments, record->commitment_count);
    if (!err)
        err = check_apart(record);
    if (err)
        return troth_fault_set(fault, err, "record.commitments");
    err = check_marks(record->tags, record->tag_count);
    return err ? troth_fault_set(fault, err, "record.tags") : TROTH_OK;
}
