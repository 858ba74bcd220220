/* SPDX-License-Identifier: Apache-2.0 */
/* docs/build-file.md has every key of a build file, and its example is one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "builder/build_file.h"
#include "test/harness.h"

#define PAGE TROTH_SOURCE_DIR "/docs/build-file.md"

static char *read_page(void)
{
    const struct troth_span file = test_file(PAGE);
    char *text = calloc(1, file.len + 1);

    if (!text || !file.ptr)
        abort();
    memcpy(text, file.ptr, file.len);
    return text;
}

/* From `start` to `end`, which is cut off; "" if they are not there. */
static char *cut(char *text, const char *start, const char *end)
{
    char *from = strstr(text, start);
    char *to = from ? strstr(from + strlen(start), end) : NULL;

    CHECK(to != NULL);
    if (!to)
        return text + strlen(text);
    *to = '\0';
    return from + strlen(start);
}

static void table(void)
{
    test_case("a row for each key, and for no other");

    char *page = read_page();
    const char *rows = cut(page, "| key | values |", "\n\n");
    size_t count = 0, keys = 0;
    char row[64];

    for (const char *at = rows; (at = strstr(at, "\n| `")); at++)
        count++;
    for (; troth_build_file_key(keys); keys++) {
        (void)snprintf(row, sizeof row, "\n| `%s` |", troth_build_file_key(keys));
        test_check(strstr(rows, row) != NULL, row + 1, __FILE__, __LINE__);
    }
    CHECK_INT(count, keys);
    free(page);
}

static void example(void)
{
    test_case("the example is a build file");

    char *page = read_page();
    const char *yaml = cut(page, "```yaml\n", "```");
    struct troth_arena arena = {malloc(TROTH_BUILD_FILE_ARENA_SIZE),
                                TROTH_BUILD_FILE_ARENA_SIZE, 0};
    struct troth_build_problem problem;
    struct troth_build_file file;

    if (!CHECK(arena.base &&
               troth_build_file_parse(&file, &problem, test_text(yaml), &arena)))
        printf("# %s %s\n", problem.subject, problem.text);
    free(arena.base);
    free(page);
}

int main(void)
{
    table();
    example();
    return test_finish();
}
