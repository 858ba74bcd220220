/* SPDX-License-Identifier: Apache-2.0 */
#include "regex/machine.h"

#include <stdio.h>
#include <string.h>

#include "regex/regex.h"
#include "test/harness.h"

enum { ROOM = 1 << 20 };

static _Alignas(max_align_t) uint8_t room[ROOM];

/* clang-format off */
/* A fragment of two states, repeated: b and e are the beginning and end of text (any
 * state would do), s is a split, j a jump; behind each where it leads. */
static const struct {
    const char *why;
    uint32_t min, max;
    const char *states;
} cases[] = {
    {"once", 1, 1, "b1 e2"},
    {"never", 0, 0, ""},
    {"one or none", 0, 1, "s1,3 b2 e3"},
    {"any number", 0, TROTH_REGEX_UNBOUNDED, "s1,4 b2 e3 j0"},
    {"at least one", 1, TROTH_REGEX_UNBOUNDED, "b1 e2 s0,3"},
    {"at least two", 2, TROTH_REGEX_UNBOUNDED, "b1 e2 b3 e4 s2,5"},
    {"three", 3, 3, "b1 e2 b3 e4 b5 e6"},
    {"one or two", 1, 2, "b1 e2 s3,5 b4 e5"},
    {"up to two", 0, 2, "s1,6 b2 e3 s4,6 b5 e6"},
};
/* clang-format on */

static const char *spelt(const struct troth_regex_machine *m)
{
    static char text[200];
    size_t len = 0;

    text[0] = 0;
    for (uint32_t i = 0; i < m->count; i++) {
        const struct troth_regex_state *const s = &m->states[i];
        const char op = s->op == TROTH_REGEX_BEGIN_TEXT ? 'b'
                        : s->op == TROTH_REGEX_END_TEXT ? 'e'
                        : s->op == TROTH_REGEX_SPLIT    ? 's'
                                                        : 'j';

        len += (size_t)snprintf(text + len, sizeof text - len, "%s%c%u", i ? " " : "", op,
                                s->next);
        if (op == 's')
            len += (size_t)snprintf(text + len, sizeof text - len, ",%u", s->other);
    }
    return text;
}

static void test_repeats(void)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct troth_arena arena = TROTH_ARENA_OVER(room);
        struct troth_regex_machine m = {.arena = &arena};

        test_case("%s", cases[i].why);
        troth_regex_append(&m, TROTH_REGEX_BEGIN_TEXT);
        troth_regex_append(&m, TROTH_REGEX_END_TEXT);
        troth_regex_repeat(&m, 0, cases[i].min, cases[i].max);
        CHECK_TEXT(spelt(&m), cases[i].states);
        CHECK_INT(m.err, TROTH_OK);
        CHECK_INT(arena.used, m.count * sizeof *m.states);
    }
}

static void test_links(void)
{
    struct troth_arena arena = TROTH_ARENA_OVER(room);
    struct troth_regex_machine m = {.arena = &arena};

    test_case("a repeat of a loop, behind something else");
    troth_regex_append(&m, TROTH_REGEX_END_TEXT);
    troth_regex_append(&m, TROTH_REGEX_BEGIN_TEXT);
    troth_regex_repeat(&m, 1, 0, TROTH_REGEX_UNBOUNDED);
    CHECK_TEXT(spelt(&m), "e1 s2,4 b3 j1");
    troth_regex_repeat(&m, 1, 2, 2);
    CHECK_TEXT(spelt(&m), "e1 s2,4 b3 j1 s5,7 b6 j4");

    test_case("a repeat of nothing");
    troth_regex_repeat(&m, 7, 0, TROTH_REGEX_UNBOUNDED);
    CHECK_INT(m.count, 7);

    test_case("links go past jumps");
    troth_regex_append(&m, TROTH_REGEX_MATCH);
    troth_regex_thread_jumps(&m);
    m.count--;
    CHECK_TEXT(spelt(&m), "e1 s2,4 b1 j1 s5,7 b4 j4");
}

static void test_limits(void)
{
    struct troth_arena arena = TROTH_ARENA_OVER(room);
    struct troth_regex_machine m = {.arena = &arena};

    test_case("as many states as there may be");
    CHECK(troth_regex_extend(&m, TROTH_REGEX_STATES_MAX));
    troth_regex_append(&m, TROTH_REGEX_JUMP);
    CHECK_INT(m.err, TROTH_ERR_LIMIT);
    CHECK_INT(m.count, TROTH_REGEX_STATES_MAX);
    troth_regex_cut(&m, 1);
    CHECK_INT(arena.used, sizeof *m.states);
    troth_regex_append(&m, TROTH_REGEX_JUMP); /* what failed has failed */
    CHECK_INT(m.count, 1);

    test_case("no more room");
    arena = (struct troth_arena){room, 40, 0};
    m = (struct troth_regex_machine){.arena = &arena};
    troth_regex_append(&m, TROTH_REGEX_JUMP);
    troth_regex_append(&m, TROTH_REGEX_JUMP);
    troth_regex_insert_split(&m, 0, 2);
    CHECK_INT(m.err, TROTH_ERR_MEMORY);
    CHECK_TEXT(spelt(&m), "j1 j2");
}

int main(void)
{
    test_repeats();
    test_links();
    test_limits();
    return test_finish();
}
