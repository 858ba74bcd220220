/* SPDX-License-Identifier: Apache-2.0 */
/* docs/attacks.md has a row for each test of channels, and neither there nor for logs one
 * without its test. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test/harness.h"

static char *section;

static void read_page(void)
{
    const struct troth_span file = test_file(TROTH_SOURCE_DIR "/docs/attacks.md");
    char *page = calloc(1, file.len + 1);

    if (!page || !file.ptr)
        abort();
    memcpy(page, file.ptr, file.len);
    section = strstr(page, "\n## Channels\n");
    if (!section)
        abort();
    section = strdup(section);
    free(page);
}

static void find_rows(void)
{
    static const char suffix[] = "_test.c";
    DIR *folder = opendir(TROTH_SOURCE_DIR "/test/attacks");
    const struct dirent *entry;

    if (!folder)
        abort();
    while ((entry = readdir(folder)) != NULL) {
        const size_t len = strlen(entry->d_name);
        char name[300];

        if (strncmp(entry->d_name, "channel_", 8) != 0 || len < sizeof suffix ||
            strcmp(entry->d_name + len - (sizeof suffix - 1), suffix) != 0)
            continue;
        (void)snprintf(name, sizeof name, "`%.*s`", (int)(len - (sizeof suffix - 1)),
                       entry->d_name);
        test_case("%s has a row", name);
        CHECK(strstr(section, name) != NULL);
    }
    (void)closedir(folder);
}

static const struct {
    const char *mark, *folder, *suffix;
} places[] = {
    {"` *unit*", "unit/net", ".c"},  {"` *channel*", "channel", ".py"},
    {"` *log*", "log", ".py"},       {"` *record*", "unit/record", ".c"},
    {"` *tlog*", "unit/tlog", ".c"}, {"`", "attacks", ".c"}, /* without a mark */
};

static size_t find_place(const char *mark)
{
    size_t i = 0;

    while (strncmp(mark, places[i].mark, strlen(places[i].mark)) != 0)
        i++;
    return i;
}

/* The last cell of a row: names in backticks, each perhaps with a mark behind it. */
static void find_tests(const char *cell, const char *end)
{
    const char *start = strchr(cell, '`');

    while (start && start < end) {
        const char *stop = strchr(start + 1, '`');
        const size_t place = find_place(stop);
        char path[512];

        (void)snprintf(path, sizeof path, TROTH_SOURCE_DIR "/test/%s/%.*s_test%s",
                       places[place].folder, (int)(stop - start - 1), start + 1,
                       places[place].suffix);
        if (access(path, R_OK) != 0)
            printf("# there is no %s\n", path);
        CHECK(access(path, R_OK) == 0);
        start = strchr(stop + 1, '`');
    }
}

static bool is_heading(const char *line)
{
    return strncmp(line, "\n| **", 5) == 0 || strncmp(line, "\n| attack |", 11) == 0 ||
           line[1] != '|' || line[2] != ' ';
}

static void check_rows(void)
{
    size_t rows = 0;

    test_case("every row has its test");
    for (char *line = strstr(section, "\n|---|"); line; line = strstr(line + 1, "\n| ")) {
        const char *end = strstr(line + 1, " |\n");
        const char *cell = end;

        if (!end || is_heading(line))
            continue;
        while (cell > line && strncmp(cell, "| ", 2) != 0)
            cell--;
        CHECK(memchr(cell, '`', (size_t)(end - cell)) != NULL);
        find_tests(cell, end);
        rows++;
    }
    CHECK(rows > 30);
}

int main(void)
{
    read_page();
    find_rows();
    check_rows();
    free(section);
    return test_finish();
}
