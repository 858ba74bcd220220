/* SPDX-License-Identifier: Apache-2.0 */
#include "record/schema.h"

#include <stdio.h>
#include <string.h>

#include "test/harness.h"

static const char *const reserved[] = {"record",  "kind",        "id",
                                       "time_ms", "commitments", "tags"};

static void check_row(const struct troth_record_field *rows, size_t i)
{
    const struct troth_record_field *row = &rows[i];
    char path[64];

    CHECK(troth_record_name_is_valid(test_text(row->name)));
    for (size_t k = 0; k < COUNT(reserved); k++)
        CHECK(strcmp(row->name, reserved[k]) != 0);
    for (size_t k = 0; k < i; k++)
        CHECK(strcmp(row->name, rows[k].name) != 0);
    (void)snprintf(path, sizeof path, "record.%s", row->name);
    CHECK_TEXT(row->path, path);
    CHECK(row->meaning && row->meaning[0] != '\0');
    CHECK(row->least <= row->most);
    CHECK(row->most > 0 || row->type == TROTH_RECORD_UINT);
    CHECK(!row->words || row->type == TROTH_RECORD_TEXT);
}

static void kinds(void)
{
#define X(id, name, meaning) name,
    static const char *const names[] = {TROTH_RECORD_KINDS(X)};
#undef X

    for (unsigned i = 0; i < COUNT(names); i++) {
        const enum troth_record_kind kind = (enum troth_record_kind)(i + 1);
        const struct troth_record_field *rows = troth_record_fields(kind);
        size_t count = 0;

        test_case("a schema for %s", names[i]);
        CHECK_TEXT(troth_record_kind_name(kind), names[i]);
        CHECK_INT(troth_record_kind_of(test_text(names[i])), kind);
        CHECK(rows != NULL);
        if (!rows)
            continue;
        for (; rows[count].name; count++) {
            check_row(rows, count);
            CHECK(troth_record_find_field(kind, test_text(rows[count].name)) ==
                  &rows[count]);
        }
        CHECK(count > 0 && count <= TROTH_RECORD_FIELDS_MAX);
        CHECK(!troth_record_find_field(kind, test_text("nothing")));
    }
}

static void no_kind(void)
{
    test_case("what is no kind has no schema");
    CHECK(!troth_record_kind_name(TROTH_RECORD_NONE));
    CHECK(!troth_record_fields(TROTH_RECORD_NONE));
    CHECK(!troth_record_fields((enum troth_record_kind)99));
    CHECK(!troth_record_kind_name((enum troth_record_kind)99));
    CHECK(!troth_record_find_field(TROTH_RECORD_NONE, test_text("name")));
    CHECK_INT(troth_record_kind_of(test_text("Release")), TROTH_RECORD_NONE);
    CHECK_INT(troth_record_kind_of(test_text("")), TROTH_RECORD_NONE);
}

static void names(void)
{
    static const struct {
        const char *name;
        bool is_valid;
    } rows[] = {{"a", true},
                {"a_9", true},
                {"", false},
                {"A", false},
                {"a-b", false},
                {"a.b", false},
                {"a\"", false},
                {"\xc3\xa9", false},
                {"abcdefghijklmnopqrstuvwxyz012345", true},
                {"abcdefghijklmnopqrstuvwxyz0123456", false}};

    test_case("names of private fields");
    for (size_t i = 0; i < COUNT(rows); i++)
        if (troth_record_name_is_valid(test_text(rows[i].name)) != rows[i].is_valid)
            FAIL(rows[i].name);
}

int main(void)
{
    kinds();
    no_kind();
    names();
    return test_finish();
}
