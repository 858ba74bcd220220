/* SPDX-License-Identifier: Apache-2.0 */
#include "regex/ranges.h"

#include <stdio.h>

#include "test/harness.h"

enum { ROOM = 1 << 12 };

static _Alignas(max_align_t) uint8_t room[ROOM];

/* clang-format off */
static const struct {
    const char *why;
    uint32_t added[5][2]; /* up to a first of 9 */
    const char *set, *others;
} cases[] = {
    {"nothing", {{9}}, "", "0-10ffff"},
    {"one", {{5, 5}, {9}}, "5-5", "0-4 6-10ffff"},
    {"the first", {{0, 0}, {9}}, "0-0", "1-10ffff"},
    {"the last", {{0x10ffff, 0x10ffff}, {9}}, "10ffff-10ffff", "0-10fffe"},
    {"all", {{0, 0x10ffff}, {9}}, "0-10ffff", ""},
    {"in order", {{1, 2}, {4, 5}, {7, 8}, {9}}, "1-2 4-5 7-8", "0-0 3-3 6-6 9-10ffff"},
    {"out of order", {{7, 8}, {1, 2}, {4, 5}, {9}}, "1-2 4-5 7-8", "0-0 3-3 6-6 9-10ffff"},
    {"the same twice", {{4, 5}, {4, 5}, {9}}, "4-5", "0-3 6-10ffff"},
    {"next above", {{4, 5}, {6, 7}, {9}}, "4-7", "0-3 8-10ffff"},
    {"next below", {{6, 7}, {4, 5}, {9}}, "4-7", "0-3 8-10ffff"},
    {"within", {{1, 8}, {4, 5}, {9}}, "1-8", "0-0 9-10ffff"},
    {"around", {{4, 5}, {1, 8}, {9}}, "1-8", "0-0 9-10ffff"},
    {"between two", {{1, 2}, {5, 6}, {3, 4}, {9}}, "1-6", "0-0 7-10ffff"},
    {"over three", {{1, 1}, {3, 3}, {5, 5}, {1, 4}, {9}}, "1-5", "0-0 6-10ffff"},
    {"over the first", {{2, 3}, {6, 7}, {0, 2}, {9}}, "0-3 6-7", "4-5 8-10ffff"},
    {"to the end", {{2, 3}, {6, 7}, {7, 0x10ffff}, {9}}, "2-3 6-10ffff", "0-1 4-5"},
};
/* clang-format on */

static const char *spelt(const struct troth_regex_ranges *set)
{
    static char text[200];
    size_t len = 0;

    text[0] = 0;
    for (uint32_t i = 0; i < set->count; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "%s%x-%x", i ? " " : "",
                                set->items[i].first, set->items[i].last);
    return text;
}

static void test_sets(struct troth_regex_ranges set, size_t i)
{
    for (size_t n = 0; cases[i].added[n][0] != 9; n++)
        troth_regex_ranges_add(&set, cases[i].added[n][0], cases[i].added[n][1]);
    CHECK_TEXT(spelt(&set), cases[i].set);
    troth_regex_ranges_negate(&set);
    CHECK_TEXT(spelt(&set), cases[i].others);
    troth_regex_ranges_negate(&set);
    CHECK_TEXT(spelt(&set), cases[i].set);
    if (!set.machine)
        return;
    troth_regex_ranges_end(&set);
    CHECK_INT(set.machine->err, TROTH_OK);
    CHECK_INT(set.machine->count, set.count);
    CHECK_INT(set.items[set.count - 1].op, TROTH_REGEX_LAST_RANGE);
    for (uint32_t n = 0; n < set.count; n++)
        CHECK_INT(set.items[n].next, set.count);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct troth_arena arena = TROTH_ARENA_OVER(room);
        struct troth_regex_machine machine = {.arena = &arena};
        struct troth_regex_state items[5];

        test_case("%s", cases[i].why);
        test_sets(troth_regex_ranges_begin(&machine), i);
        test_sets((struct troth_regex_ranges){.items = items, .room = COUNT(items)}, i);
    }

    test_case("no room");
    struct troth_arena arena = {room, 20, 0};
    struct troth_regex_machine machine = {.arena = &arena};
    struct troth_regex_ranges set = troth_regex_ranges_begin(&machine);
    troth_regex_ranges_add(&set, 1, 2);
    troth_regex_ranges_add(&set, 5, 6);
    CHECK_ERR(machine.err, TROTH_ERR_MEMORY);
    CHECK_TEXT(spelt(&set), "1-2");
    return test_finish();
}
