/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/connect/door.h"

#include <stdio.h>
#include <string.h>

#include "test/harness.h"

static const struct {
    const char *text;
    bool fits, is_open_to_others;
    const char *before; /* what it is called begins so */
} rows[] = {
    {"0", true, false, "127.0.0.1:"},
    {":0", true, false, "127.0.0.1:"},
    {"localhost:0", true, false, "127.0.0.1:"},
    {"70000", false, false, ""},
    {"here", false, false, ""},
    {"", false, false, ""},
    {"127.0.0.1", false, false, ""},
    {"name.example:80", false, false, ""},
    {"/no/such/folder/x", false, false, ""},
};

static void test_rows(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_local_door door;
        struct troth_problem problem = {0};

        test_case("'%s'", rows[i].text);
        CHECK_INT(troth_local_door_open(&door, &problem, rows[i].text), rows[i].fits);
        CHECK_INT(door.is_open_to_others, rows[i].is_open_to_others);
        CHECK_INT(strncmp(door.at, rows[i].before, strlen(rows[i].before)), 0);
        if (rows[i].fits) {
            CHECK(door.port > 0);
        } else {
            CHECK(problem.name != NULL);
        }
        troth_local_door_close(&door);
    }
}

/* A port that was free a moment ago. */
static void test_everywhere(void)
{
    struct troth_local_door free_one, door;
    struct troth_problem problem = {0};
    char text[32];

    test_case("an address in full may be everybody's, and one that is taken is nobody's");
    CHECK(troth_local_door_open(&free_one, &problem, "0"));
    (void)snprintf(text, sizeof text, "%u", free_one.port);
    CHECK(!troth_local_door_open(&door, &problem, text));
    troth_local_door_close(&door);
    troth_local_door_close(&free_one);
    (void)snprintf(text, sizeof text, "0.0.0.0:%u", free_one.port);
    CHECK(troth_local_door_open(&door, &problem, text));
    CHECK(door.is_open_to_others);
    CHECK_TEXT(door.at, text);
    troth_local_door_close(&door);
}

int main(void)
{
    test_rows();
    test_everywhere();
    return test_finish();
}
