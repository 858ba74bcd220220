/* Which entries somebody is told of, records and others. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log/follow_filter.h"

#include <string.h>

#include "test/harness.h"

/* An entry of a decision, written by the product: fields of all types it has. */
static struct troth_span decision(bool has_marks)
{
    static uint8_t bytes[4096];
    struct troth_record record = {.kind = TROTH_RECORD_DECISION, .time_ms = 1700};
    const struct troth_record_field *field = troth_record_fields(record.kind);
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    size_t len = 0;

    for (; field->name; field++) {
        struct troth_record_value *value = &record.values[record.value_count];

        if (!field->is_required)
            continue;
        value->field = field;
        value->number = 3;
        value->text = field->type == TROTH_RECORD_HEX ? test_text("ab") : test_text("x");
        if (field->type == TROTH_RECORD_TEXT && field->words)
            value->text = test_text(field->words[0]);
        if (field->type == TROTH_RECORD_MEASUREMENTS)
            value->text = test_text("{\"nitro\":{\"pcr0\":\"ab\",\"pcr1\":\"cd\"}}");
        record.value_count++;
    }
    record.id[15] = 7;
    if (has_marks) {
        record.commitments[0].name = test_text("who");
        memset(record.commitments[0].bytes, 0xaa, 32);
        record.tags[0].name = test_text("who");
        memset(record.tags[0].bytes, 0xbb, 16);
        record.commitment_count = record.tag_count = 1;
    }
    CHECK_ERR(troth_record_write(bytes, sizeof bytes, &len, &fault, &record), TROTH_OK);
    return (struct troth_span){bytes, len};
}

static const struct {
    const char *why, *filter;
    enum troth_follow_answer plain, record; /* of "hello", and of the decision */
} rows[] = {
    {"always", "true", TROTH_FOLLOW_YES, TROTH_FOLLOW_YES},
    {"its place", "index == 7", TROTH_FOLLOW_YES, TROTH_FOLLOW_YES},
    {"its bytes", "entry == b'hello'", TROTH_FOLLOW_YES, TROTH_FOLLOW_NO},
    {"its kind", "kind == 'decision'", TROTH_FOLLOW_NO, TROTH_FOLLOW_YES},
    {"no record", "kind == '' && id == '' && time_ms == 0 && size(record) == 0",
     TROTH_FOLLOW_YES, TROTH_FOLLOW_NO},
    {"its id", "id == '00000000000000000000000000000007'", TROTH_FOLLOW_NO,
     TROTH_FOLLOW_YES},
    {"its time", "time_ms == 1700", TROTH_FOLLOW_NO, TROTH_FOLLOW_YES},
    {"a field that may not be there", "has(record.nothing)", TROTH_FOLLOW_NO,
     TROTH_FOLLOW_NO},
    {"a field that is not there", "record.nothing == 'x'", TROTH_FOLLOW_UNJUDGED,
     TROTH_FOLLOW_UNJUDGED},
    {"a commitment", "has(record.commitments) && 'who' in record.commitments",
     TROTH_FOLLOW_NO, TROTH_FOLLOW_YES},
    {"a tag", "has(record.tags) && record.tags.who == 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb'",
     TROTH_FOLLOW_NO, TROTH_FOLLOW_YES},
    {"a division by zero", "1 / size(record) == 1", TROTH_FOLLOW_UNJUDGED,
     TROTH_FOLLOW_NO},
    {"more steps than it may",
     "[1,2,3,4,5,6,7,8,9,0].all(a, [1,2,3,4,5,6,7,8,9,0].all(b, "
     "[1,2,3,4,5,6,7,8,9,0].all(c, [1,2,3,4,5,6,7,8,9,0].all(d, "
     "[1,2,3,4,5,6,7,8,9,0].all(e, [1,2,3,4,5,6,7,8,9,0].all(f, "
     "[1,2,3,4,5,6,7,8,9,0].all(g, [1,2,3,4,5,6,7,8,9,0].all(h, a + b + c + d + e + f + "
     "g + h >= 0))))))))",
     TROTH_FOLLOW_UNJUDGED, TROTH_FOLLOW_UNJUDGED},
};

static void test_rows(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_follow_filter *filter = NULL;
        struct troth_problem problem = {.name = NULL};
        const char *why;

        test_case("%s", rows[i].why);
        CHECK(troth_follow_filter_create(&filter, &problem, rows[i].filter));
        if (!filter)
            continue;
        CHECK_INT(troth_follow_filter_ask(filter, &why, 7, test_text("hello")),
                  rows[i].plain);
        CHECK((why != NULL) == (rows[i].plain == TROTH_FOLLOW_UNJUDGED));
        CHECK_INT(troth_follow_filter_ask(filter, &why, 7, decision(true)),
                  rows[i].record);
        CHECK((why != NULL) == (rows[i].record == TROTH_FOLLOW_UNJUDGED));
        troth_follow_filter_destroy(filter);
    }
    troth_follow_filter_destroy(NULL);
}

static void test_wrong(void)
{
    static const char *const wrong[] = {"", "index ==", "nothing", "index", "kind == 1"};

    for (size_t i = 0; i < COUNT(wrong); i++) {
        struct troth_follow_filter *filter;
        struct troth_problem problem = {.name = NULL};

        test_case("no filter: '%s'", wrong[i]);
        CHECK(!troth_follow_filter_create(&filter, &problem, wrong[i]));
        CHECK(!filter && problem.name && strstr(problem.text, "--filter: 1:"));
    }
}

int main(void)
{
    test_rows();
    test_wrong();
    return test_finish();
}
