/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "regex/regex.h"
#include "test/harness.h"

enum { ROOM = 1 << 20 };

static _Alignas(max_align_t) uint8_t room[ROOM];

/* clang-format off */
/* Patterns and texts that take machines which try one way after the other for ever. */
static const struct {
    const char *pattern, *unit, *end; /* the text: `unit` again and again, and `end` */
    bool matches;
    unsigned steps; /* for each byte of the text, at most */
} weapons[] = {
    {"(a+)+$", "a", "b", false, 8},
    {"^(a+)+$", "a", "b", false, 8},
    {"^(([a-z])+.)+[A-Z]([a-z])+$", "a", "", false, 16},
    {"(a|aa)*b", "a", "", false, 12},
    {"(a|a|a|a)*b", "a", "", false, 20},
    {"^(a|aa)*$", "a", "b", false, 12},
    {"(a*)*b", "a", "", false, 12},
    {"(?:(?:(?:a*)*)*)*b", "a", "", false, 20},
    {"(?:a?){50}a{50}", "a", "", true, 200},
    {"^(?:a?){50}a{50}$", "a", "b", false, 300},
    {"x*x*x*y", "x", "", false, 16},
    {"(.*)(.*)(.*)(.*)(.*)[^a]z", "a", "", false, 40},
    {"(?:(?:a{1,6}){1,6}){1,6}b", "a", "", false, 1500},
    {"(?:a{0,20}){20}b", "a", "c", false, 2000},
    {"(.*a){20}", "a", "", true, 200},
    {"(a|b|ab)*c", "ab", "", false, 20},
    {"\\b(\\w+\\s*)+:", "ab ", "", false, 20},
    {"([a-z]+)*[0-9]", "ab", "!", false, 16},
    {"a.{100}b$", "a", "", false, 300},
    {"(?i)(k|s)*x", "kS", "", false, 20},
    {"aaaaaaaaaaaaaaab", "a", "", false, 20},
    {"(?:^|a)*(?:$|a)*b", "a", "", false, 20},
};
/* clang-format on */

/* Steps that a search takes, and what it says. */
static uint64_t steps_of(const char *pattern, struct troth_span text, bool *out_matches)
{
    struct troth_arena arena = TROTH_ARENA_OVER(room);
    struct troth_regex regex;
    uint64_t steps = UINT64_MAX;

    CHECK_ERR(troth_regex_compile(&regex, NULL, test_text(pattern), &arena), TROTH_OK);
    CHECK_ERR(troth_regex_search(out_matches, &regex, text, &steps, &arena), TROTH_OK);
    return UINT64_MAX - steps;
}

/* About `len` bytes; on the heap, so that a sanitizer sees its end. */
static struct troth_span text_of(const char *unit, const char *end, size_t len)
{
    const size_t size = strlen(unit);
    const size_t count = len / size;
    char *text = malloc(count * size + strlen(end) + 1);

    for (size_t i = 0; i < count; i++)
        memcpy(text + i * size, unit, size);
    memcpy(text + count * size, end, strlen(end) + 1);
    return (struct troth_span){(uint8_t *)text, count * size + strlen(end)};
}

static void test_weapons(void)
{
    for (size_t i = 0; i < COUNT(weapons); i++) {
        uint64_t steps[3];

        test_case("no weapon: /%s/ on %s…%s", weapons[i].pattern, weapons[i].unit,
                  weapons[i].end);
        for (size_t n = 0; n < COUNT(steps); n++) {
            const struct troth_span text = text_of(weapons[i].unit, weapons[i].end,
                                                   1200 * (n + 1));
            bool matches;

            steps[n] = steps_of(weapons[i].pattern, text, &matches);
            CHECK(matches == weapons[i].matches);
            CHECK(steps[n] <= weapons[i].steps * text.len);
            free((void *)text.ptr);
        }
        /* As much more text, as many more steps. */
        CHECK(steps[2] - steps[1] <= steps[1] - steps[0] + 1000);
    }
}

/* One step too few is too few, at every number of steps. */
static void test_budget(void)
{
    static const struct {
        const char *pattern, *text;
        bool matches;
    } cases[] = {
        {"^v[0-9]+\\.[0-9]+$", "v1.25", true},
        {"^v[0-9]+\\.[0-9]+$", "v1.25-", false},
        {"(a|b)*c", "abab", false},
        {"[abx-z\xc3\xa9]+$", "\xc3\xa9\xc3\xa9", true},
        {"main", "refs/heads/mail, refs/heads/main", true},
        {"main", "refs/heads/mail, refs/heads/mai", false},
        {"", "", true},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct troth_arena arena = TROTH_ARENA_OVER(room);
        const struct troth_span text = test_text(cases[i].text);
        struct troth_regex regex;
        bool matches;

        test_case("steps, counted: /%s/ on %s", cases[i].pattern, cases[i].text);
        const uint64_t whole = steps_of(cases[i].pattern, text, &matches);
        CHECK(matches == cases[i].matches && whole > 0 && whole < 200);
        CHECK_ERR(troth_regex_compile(&regex, NULL, test_text(cases[i].pattern), &arena),
                  0);

        const size_t used = arena.used;
        for (uint64_t allowed = 0; allowed < whole + 2; allowed++) {
            uint64_t left = allowed;

            matches = true;
            const enum troth_err err = troth_regex_search(&matches, &regex, text, &left,
                                                          &arena);
            CHECK_ERR(err, allowed < whole ? TROTH_ERR_LIMIT : TROTH_OK);
            CHECK_INT(left, allowed < whole ? 0 : allowed - whole);
            CHECK(matches == (err == TROTH_OK && cases[i].matches));
            CHECK(arena.used == used);
        }
    }
}

static void test_passing_over(void)
{
    const struct troth_span text = text_of("abcdefgh", "main", 1 << 20);
    bool matches;

    test_case("what does not begin as the pattern does is passed over");
    CHECK(steps_of("main", text, &matches) < (1 << 20) / 15);
    CHECK(matches);
    CHECK(steps_of("main$", text, &matches) < (1 << 20) / 15);
    CHECK(matches);
    CHECK(steps_of("mainz", text, &matches) < (1 << 20) / 15);
    CHECK(!matches);
    CHECK(steps_of("^main", text, &matches) < 10);
    CHECK(!matches);
    free((void *)text.ptr);

    test_case("at every distance");
    for (size_t distance = 0; distance < 40; distance++) {
        const struct troth_span at = text_of("-", "m\xc3\xa9!", distance);

        (void)steps_of("m\xc3\xa9!", at, &matches);
        CHECK(matches);
        (void)steps_of("m\xc3\xa9.", at, &matches);
        CHECK(matches);
        (void)steps_of("m\xc3\xa8", at, &matches);
        CHECK(!matches);
        (void)steps_of("m\xc3\xa9!$", (struct troth_span){at.ptr, at.len - 1}, &matches);
        CHECK(!matches);
        free((void *)at.ptr);
    }
}

/* Callers check that a text is UTF-8; if one should not, nothing is read outside it. */
static void test_broken_text(void)
{
    static const char *const patterns[] = {".*x", "^\xc3\xa9$", "\\b.\\b", "(?m)^.$",
                                           "a"};
    struct test_random random = {1};

    test_case("text that is not UTF-8 is read no further than it goes");
    for (unsigned i = 0; i < 2000; i++) {
        const size_t len = test_random_below(&random, 6);
        uint8_t *text = malloc(len + !len);
        bool matches;

        for (size_t n = 0; n < len; n++)
            text[n] = (uint8_t)(0x80 + test_random_below(&random, 0x80));
        (void)steps_of(patterns[i % COUNT(patterns)], (struct troth_span){text, len},
                       &matches);
        free(text);
    }
}

static void test_memory(void)
{
    struct troth_arena arena = TROTH_ARENA_OVER(room);
    struct troth_regex regex;
    uint64_t steps = 100;
    bool matches = true;

    test_case("no room for the sets of states");
    CHECK_ERR(troth_regex_compile(&regex, NULL, TROTH_LITERAL("a+b"), &arena), TROTH_OK);
    arena.size = arena.used + 8;
    CHECK_ERR(troth_regex_search(&matches, &regex, TROTH_LITERAL("ab"), &steps, &arena),
              TROTH_ERR_MEMORY);
    CHECK(!matches && arena.used == arena.size - 8);
    CHECK_INT(steps, 100);
}

int main(void)
{
    test_weapons();
    test_budget();
    test_passing_over();
    test_broken_text();
    test_memory();
    return test_finish();
}
