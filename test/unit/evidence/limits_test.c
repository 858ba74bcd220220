/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/limits.h"

#include <ctype.h>
#include <string.h>

#include "test/harness.h"

static void list_sets(void)
{
    static const struct {
        const char *why;
        enum troth_limit_id added[4];
        size_t added_count;
        const char *names[4]; /* in the table's order */
    } rows[] = {
        {"none", {0}, 0, {NULL}},
        {"the first", {TROTH_LIMIT_VENDOR}, 1, {"vendor"}},
        {"the last", {TROTH_LIMIT_ALLOWED}, 1, {"allowed"}},
        {"twice the same", {TROTH_LIMIT_CODE, TROTH_LIMIT_CODE}, 2, {"code"}},
        {"in the table's order, not in the order of adding",
         {TROTH_LIMIT_ACPI, TROTH_LIMIT_CODE, TROTH_LIMIT_PHYSICAL},
         3,
         {"physical", "code", "acpi"}},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct troth_limit *listed[TROTH_LIMIT_COUNT];
        struct troth_limits limits = {0};
        size_t count, wanted = 0;

        test_case("%s", rows[i].why);
        for (size_t k = 0; k < rows[i].added_count; k++)
            troth_limits_add(&limits, rows[i].added[k]);
        count = troth_limits_list(listed, limits);
        while (wanted < 4 && rows[i].names[wanted])
            wanted++;
        CHECK_INT(count, wanted);
        for (size_t k = 0; k < count && k < wanted; k++)
            CHECK_TEXT(listed[k]->name, rows[i].names[k]);
    }
}

/* All of them at once: names that scripts can use, and a sentence each. */
static void list_all(void)
{
    const struct troth_limit *listed[TROTH_LIMIT_COUNT];
    struct troth_limits limits = {0};

    test_case("all");
    for (int id = 0; id < TROTH_LIMIT_COUNT; id++)
        troth_limits_add(&limits, (enum troth_limit_id)id);
    CHECK_INT(troth_limits_list(listed, limits), TROTH_LIMIT_COUNT);
    for (size_t i = 0; i < TROTH_LIMIT_COUNT; i++) {
        for (const char *c = listed[i]->name; *c; c++)
            CHECK(islower((unsigned char)*c) || *c == '_');
        CHECK(strlen(listed[i]->text) > 20);
        for (size_t k = 0; k < i; k++)
            CHECK(strcmp(listed[i]->name, listed[k]->name) != 0);
    }
}

int main(void)
{
    list_sets();
    list_all();
    return test_finish();
}
