/* SPDX-License-Identifier: Apache-2.0 */
/* docs/records.md has every kind and field as the tables have them; its example is one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/unit/record/example.h"

#define PAGE TROTH_SOURCE_DIR "/docs/records.md"

static char page[64 * 1024];

static void read_page(void)
{
    const struct troth_span file = test_file(PAGE);

    if (!file.ptr || file.len >= sizeof page)
        abort();
    memcpy(page, file.ptr, file.len);
    page[file.len] = '\0';
}

struct text {
    char chars[1024];
    size_t len;
};

static void add(struct text *text, const char *more)
{
    const size_t len = strlen(more);

    if (text->len + len >= sizeof text->chars)
        abort();
    memcpy(text->chars + text->len, more, len + 1);
    text->len += len;
}

static void add_words(struct text *row, const char *const *words)
{
    for (; *words; words++) {
        add(row, "`");
        add(row, *words);
        add(row, words[1] ? "` " : "`");
    }
}

static void add_values(struct text *row, const struct troth_record_field *field)
{
    char values[64] = "measurements";

    if (field->words) {
        add_words(row, field->words);
        return;
    }
    if (field->type == TROTH_RECORD_TEXT)
        (void)snprintf(values, sizeof values, "text, %zu", field->most);
    if (field->type == TROTH_RECORD_HEX && field->least == field->most)
        (void)snprintf(values, sizeof values, "hex, %zu", field->most);
    if (field->type == TROTH_RECORD_HEX && field->least < field->most)
        (void)snprintf(values, sizeof values, "hex, %zu to %zu", field->least,
                       field->most);
    if (field->type == TROTH_RECORD_UINT)
        (void)snprintf(values, sizeof values, "number");
    add(row, values);
}

static struct text row_of(const struct troth_record_field *field)
{
    struct text row = {.len = 0};

    add(&row, "| `");
    add(&row, field->name);
    add(&row, "` | ");
    add_values(&row, field);
    add(&row, field->is_required ? " | yes | " : " | | ");
    add(&row, field->meaning);
    add(&row, " |\n");
    return row;
}

static void check_kind(enum troth_record_kind kind, const char *meaning)
{
    const struct troth_record_field *field = troth_record_fields(kind);
    const char *rows, *at;
    char heading[64];

    (void)snprintf(heading, sizeof heading, "\n### %s\n", troth_record_kind_name(kind));
    rows = strstr(page, heading);
    CHECK(rows != NULL);
    if (!rows)
        return;
    /* The meaning is a sentence of the page: "This …" */
    CHECK(strncmp(rows + strlen(heading) + 2, meaning + 1, strlen(meaning) - 1) == 0);
    at = strstr(rows, "|---|---|---|---|\n");
    CHECK(at != NULL);
    if (!at)
        return;
    at += strlen("|---|---|---|---|\n");
    for (; field->name; field++) {
        const struct text row = row_of(field);

        if (strncmp(at, row.chars, row.len) != 0) {
            FAIL(row.chars);
            return;
        }
        at += row.len;
    }
    CHECK(*at == '\n');
}

static void kinds(void)
{
    /* clang-format off */
#define X(id, name, meaning) {TROTH_RECORD_##id, meaning},
    static const struct {
        enum troth_record_kind kind;
        const char *meaning;
    } rows[] = {TROTH_RECORD_KINDS(X)};
#undef X
    /* clang-format on */
    size_t count = 0;

    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("the page has %s", troth_record_kind_name(rows[i].kind));
        check_kind(rows[i].kind, rows[i].meaning);
    }
    test_case("and no other kind");
    for (const char *at = page; (at = strstr(at, "| field | values | must |")); at++)
        count++;
    CHECK_INT(count, COUNT(rows));
}

static void example(void)
{
    static uint8_t memory[2 * TROTH_RECORD_MAX];
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_record record;
    const char *from = strstr(page, "```json\n");
    const char *to = from ? strstr(from, "\n```\n") : NULL;

    test_case("the example is a record, of which the numbers are known");
    CHECK(to != NULL);
    if (!to)
        return;
    from += strlen("```json\n");
    const struct troth_span entry = {(const uint8_t *)from, (size_t)(to - from)};
    CHECK_ERR(troth_record_parse(&record, NULL, entry, &arena), TROTH_OK);
    CHECK_SPAN(entry, test_text(EXAMPLE_ENTRY));
}

int main(void)
{
    read_page();
    kinds();
    example();
    return test_finish();
}
