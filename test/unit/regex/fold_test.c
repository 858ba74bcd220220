/* SPDX-License-Identifier: Apache-2.0 */
#include "regex/fold.h"

#include "test/harness.h"

enum { ROOM = 1 << 14, BEYOND = 0x2200 };

static _Alignas(max_align_t) uint8_t room[ROOM];

/* clang-format off */
static const struct {
    const char *why;
    uint32_t letters[5]; /* all that are one, up to a 0 */
} families[] = {
    {"ASCII", {'a', 'A'}},
    {"ASCII", {'Z', 'z'}},
    {"Kelvin", {'k', 'K', 0x212a}},
    {"long s", {'s', 'S', 0x17f}},
    {"Latin-1", {0xe9, 0xc9}},
    {"micro and mu", {0xb5, 0x3bc, 0x39c}},
    {"Angstrom", {0xe5, 0xc5, 0x212b}},
    {"sharp s", {0xdf, 0x1e9e}},
    {"y with two dots, whose capital is far", {0xff, 0x178}},
    {"Latin Extended-A, even capital", {0x100, 0x101}},
    {"Latin Extended-A, odd capital", {0x139, 0x13a}},
    {"i without a dot", {0x131}},
    {"I with a dot", {0x130}},
    {"kra, which has no capital", {0x138}},
    {"no letters: times", {0xd7}},
    {"no letters: divided by", {0xf7}},
    {"no letters: at", {'@'}},
    {"no letters: brace", {'{'}},
    {"sigma, at a word's end too", {0x3a3, 0x3c2, 0x3c3}},
    {"theta", {0x398, 0x3b8, 0x3d1, 0x3f4}},
    {"iota", {0x345, 0x399, 0x3b9, 0x1fbe}},
    {"alpha with an accent", {0x386, 0x3ac}},
    {"Ohm", {0x3a9, 0x3c9, 0x2126}},
    {"Cyrillic", {0x416, 0x436}},
    {"Cyrillic te", {0x422, 0x442, 0x1c84, 0x1c85}},
    {"Cyrillic io", {0x401, 0x451}},
    {"Cyrillic palochka", {0x4c0, 0x4cf}},
    {"Armenian", {0x531, 0x561}},
    {"beyond what is folded", {0x10d0}},
};
/* clang-format on */

static struct troth_regex_ranges folded(uint32_t first, uint32_t last)
{
    static struct troth_arena arena;
    static struct troth_regex_machine machine;

    arena = TROTH_ARENA_OVER(room);
    machine = (struct troth_regex_machine){.arena = &arena};
    struct troth_regex_ranges set = troth_regex_ranges_begin(&machine);
    troth_regex_fold_add(&set, first, last);
    CHECK_ERR(machine.err, TROTH_OK);
    return set;
}

static bool contains(const struct troth_regex_ranges *set, uint32_t code_point)
{
    for (uint32_t i = 0; i < set->count; i++)
        if (code_point >= set->items[i].first && code_point <= set->items[i].last)
            return true;
    return false;
}

static unsigned size(const struct troth_regex_ranges *set)
{
    unsigned count = 0;

    for (uint32_t i = 0; i < set->count; i++)
        count += set->items[i].last - set->items[i].first + 1;
    return count;
}

static void test_families(void)
{
    for (size_t i = 0; i < COUNT(families); i++) {
        const uint32_t *const letters = families[i].letters;

        test_case("%s: U+%04X", families[i].why, letters[0]);
        for (size_t n = 0; letters[n]; n++) {
            const struct troth_regex_ranges set = folded(letters[n], letters[n]);
            unsigned count = 0;

            for (; letters[count]; count++)
                CHECK(contains(&set, letters[count]));
            CHECK_INT(size(&set), count);
        }
    }
}

/* What is one with a letter is one with all that are one with it. */
static void test_every_letter(void)
{
    unsigned wrong = 0;
    unsigned folding = 0;

    test_case("every letter");
    for (uint32_t a = 0; a < BEYOND; a++) {
        const struct troth_regex_ranges set = folded(a, a);
        const unsigned count = size(&set);
        uint32_t members[8];
        unsigned member_count = 0;

        folding += count > 1;
        for (uint32_t b = 0; b < BEYOND && count > 1 && count < COUNT(members); b++)
            if (contains(&set, b))
                members[member_count++] = b;
        wrong += count > 1 && member_count != count;
        for (unsigned n = 0; n < member_count; n++) {
            const struct troth_regex_ranges other = folded(members[n], members[n]);

            wrong += !contains(&other, a) || size(&other) != count;
        }
    }
    CHECK_INT(wrong, 0);
    CHECK(folding > 600);
}

/* A range is all its letters. */
static void test_ranges(void)
{
    struct test_random random = {3};

    test_case("ranges");
    for (unsigned i = 0; i < 200; i++) {
        const uint32_t first = test_random_below(&random, 0x560);
        const uint32_t last = first + test_random_below(&random, 40);
        static bool wanted[BEYOND];
        unsigned wrong = 0;

        for (uint32_t b = 0; b < BEYOND; b++)
            wanted[b] = false;
        for (uint32_t a = first; a <= last; a++) {
            const struct troth_regex_ranges set = folded(a, a);

            for (uint32_t n = 0; n < set.count; n++)
                for (uint32_t b = set.items[n].first; b <= set.items[n].last; b++)
                    wanted[b] = true;
        }
        const struct troth_regex_ranges set = folded(first, last);
        for (uint32_t b = 0; b < BEYOND; b++)
            wrong += contains(&set, b) != wanted[b];
        CHECK_INT(wrong, 0);
    }
}

int main(void)
{
    test_families();
    test_every_letter();
    test_ranges();
    return test_finish();
}
