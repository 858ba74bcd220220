/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/record.h"

#include <string.h>

#include "record/schema.h"
#include "test/harness.h"

static uint8_t out[TROTH_RECORD_MAX];

static struct troth_record_value text_of(enum troth_record_kind kind, const char *name,
                                         const char *text)
{
    return (struct troth_record_value){troth_record_find_field(kind, test_text(name)),
                                       test_text(text), 0};
}

static struct troth_record_mark mark_of(const char *name)
{
    return (struct troth_record_mark){.name = test_text(name)};
}

static struct troth_record decision(void)
{
    return (struct troth_record){
        .kind = TROTH_RECORD_DECISION,
        .time_ms = 5,
        .values = {text_of(TROTH_RECORD_DECISION, "outcome", "deny"),
                   text_of(TROTH_RECORD_DECISION, "principal", "p"),
                   text_of(TROTH_RECORD_DECISION, "action", "call")},
        .value_count = 3,
        .commitments = {mark_of("a"), mark_of("b")},
        .commitment_count = 2,
        .tags = {mark_of("a")},
        .tag_count = 1};
}

static void order(void)
{
    const struct troth_record record = decision();
    size_t len = 0;

    test_case("values come in the schema's order, whatever the record's");
    CHECK_ERR(troth_record_write(out, sizeof out, &len, NULL, &record), TROTH_OK);
    out[len] = 0;
    CHECK_TEXT((const char *)out,
               "{\"record\":\"troth/v1\",\"kind\":\"decision\",\"id\":"
               "\"00000000000000000000000000000000\",\"time_ms\":5,\"principal\":\"p\","
               "\"action\":\"call\",\"outcome\":\"deny\",\"commitments\":{\"a\":"
               "\"0000000000000000000000000000000000000000000000000000000000000000\","
               "\"b\":\"0000000000000000000000000000000000000000000000000000000000000000"
               "\"},\"tags\":{\"a\":\"00000000000000000000000000000000\"}}");
    test_case("and nothing is left where there is no room");
    for (size_t room = 0; room < len; room++) {
        size_t seen = 1;

        memset(out, 0xaa, sizeof out);
        CHECK_ERR(troth_record_write(out, room, &seen, NULL, &record), TROTH_ERR_LIMIT);
        CHECK(seen == 0 && (room == 0 || out[0] == 0) && out[room] == 0xaa);
    }
}

enum wrong {
    NO_KIND,
    NO_OUTCOME,
    OUTCOME_TWICE,
    OTHERS_FIELD,
    TOO_MANY,
    LATE,
    MARK_TWICE,
    MARKS_DOWN,
    MARK_PUBLIC,
    MARK_NAME,
    MARKS_MANY,
    TAG_TWICE,
    TOO_LONG
};

static void spoil(struct troth_record *record, enum wrong wrong)
{
    static const uint8_t text[129] = {'a'};

    switch (wrong) {
    case NO_KIND:
        record->kind = TROTH_RECORD_NONE;
        break;
    case NO_OUTCOME:
        record->values[0] = text_of(TROTH_RECORD_DECISION, "tool", "t");
        break;
    case OUTCOME_TWICE:
        record->values[record->value_count++] = record->values[0];
        break;
    case OTHERS_FIELD:
        record->values[record->value_count++] = text_of(TROTH_RECORD_RELEASE, "name",
                                                        "n");
        break;
    case TOO_MANY:
        record->value_count = TROTH_RECORD_FIELDS_MAX + 1;
        break;
    case LATE:
        record->time_ms = TROTH_RECORD_UINT_MAX + 1;
        break;
    case MARK_TWICE:
        record->commitments[1] = mark_of("a");
        break;
    case MARKS_DOWN:
        record->commitments[0] = mark_of("c");
        break;
    case MARK_PUBLIC:
        record->commitments[1] = mark_of("outcome");
        break;
    case MARK_NAME:
        record->commitments[0] = mark_of("A");
        break;
    case MARKS_MANY:
        record->commitment_count = TROTH_RECORD_PRIVATE_MAX + 1;
        break;
    case TAG_TWICE:
        record->tags[record->tag_count++] = mark_of("a");
        break;
    case TOO_LONG:
        record->values[1].text = (struct troth_span){text, sizeof text};
        break;
    }
}

static void refused(void)
{
    static const struct {
        const char *why;
        enum wrong wrong;
        enum troth_err wanted;
        const char *field;
    } rows[] = {
        {"no kind", NO_KIND, TROTH_ERR_UNSUPPORTED, "record.kind"},
        {"no outcome", NO_OUTCOME, TROTH_ERR_MISSING, "record.outcome"},
        {"an outcome twice", OUTCOME_TWICE, TROTH_ERR_DUPLICATE, "record.outcome"},
        {"another kind's field", OTHERS_FIELD, TROTH_ERR_UNSUPPORTED, "record.field"},
        {"more values than room", TOO_MANY, TROTH_ERR_LIMIT, "record.field"},
        {"a time too large", LATE, TROTH_ERR_LIMIT, "record.time_ms"},
        {"a commitment twice", MARK_TWICE, TROTH_ERR_DUPLICATE, "record.commitments"},
        {"commitments out of order", MARKS_DOWN, TROTH_ERR_ENCODING,
         "record.commitments"},
        {"a commitment to what is public", MARK_PUBLIC, TROTH_ERR_DUPLICATE,
         "record.commitments"},
        {"a strange name", MARK_NAME, TROTH_ERR_VALUE, "record.commitments"},
        {"more commitments than room", MARKS_MANY, TROTH_ERR_LIMIT, "record.commitments"},
        {"a tag twice", TAG_TWICE, TROTH_ERR_DUPLICATE, "record.tags"},
        {"a text too long", TOO_LONG, TROTH_ERR_LIMIT, "record.principal"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_record record = decision();
        struct troth_fault fault = {TROTH_OK, NULL, 0};
        size_t len = 1;

        test_case("not written: %s", rows[i].why);
        spoil(&record, rows[i].wrong);
        CHECK_ERR(troth_record_write(out, sizeof out, &len, &fault, &record),
                  rows[i].wanted);
        CHECK_TEXT(fault.field, rows[i].field);
        CHECK(len == 0 && out[0] == 0);
    }
}

int main(void)
{
    order();
    refused();
    return test_finish();
}
