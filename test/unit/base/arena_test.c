/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <string.h>

#include "test/harness.h"

enum { ALIGNMENT = _Alignof(max_align_t) };

static void test_alignment(void)
{
    uint8_t memory[256];

    test_case("pieces are aligned, zeroed and apart, wherever the arena starts");
    for (size_t skew = 0; skew < ALIGNMENT; skew++) {
        struct troth_arena arena = {memory + skew, sizeof memory - skew, 0};

        memset(memory, 0xa5, sizeof memory);

        uint8_t *first = troth_arena_take(&arena, 5);
        uint8_t *second = troth_arena_take(&arena, 40);

        if (!CHECK(first && second))
            return;
        CHECK_INT((uintptr_t)first % ALIGNMENT, 0);
        CHECK_INT((uintptr_t)second % ALIGNMENT, 0);
        CHECK(second >= first + 5);
        CHECK(second + 40 == arena.base + arena.used);
        for (size_t i = 0; i < 5; i++)
            CHECK_INT(first[i], 0);
        for (size_t i = 0; i < 40; i++)
            CHECK_INT(second[i], 0);
        CHECK_INT(second[40], 0xa5);
    }
}

static void test_unset(void)
{
    static _Alignas(max_align_t) uint8_t memory[64];
    struct troth_arena arena = TROTH_ARENA_OVER(memory);

    test_case("a piece that is not zeroed is aligned and bounded all the same");
    memset(memory, 0xa5, sizeof memory);
    CHECK(troth_arena_take_unset(&arena, 5, 1) == memory);
    CHECK_INT(memory[0], 0xa5);
    CHECK(troth_arena_take_unset(&arena, 1, 1) == memory + ALIGNMENT);
    CHECK(troth_arena_take_unset(&arena, sizeof memory - 2 * ALIGNMENT + 1, 1) == NULL);
    CHECK(troth_arena_take_unset(&arena, SIZE_MAX / 16 + 2, 16) == NULL);
    CHECK_INT(arena.used, ALIGNMENT + 1);
    CHECK(troth_arena_take_unset(&arena, sizeof memory - 2 * ALIGNMENT, 1) != NULL);
    CHECK_INT(arena.used, sizeof memory);
}

static _Alignas(max_align_t) uint8_t room[64];

static const struct {
    const char *why;
    size_t size, used, count, element;
    bool fits;
} takes[] = {
    {"exactly what is left", 64, 0, 64, 1, true},
    {"one more than is left", 64, 0, 65, 1, false},
    {"the padding does not fit", 15, 1, 1, 1, false},
    {"the padding fits, the piece does not", 32, 1, 17, 1, false},
    {"padding and piece fit", 32, 1, 16, 1, true},
    {"nothing, of what is left", 64, 64, 0, 1, true},
    {"nothing, of nothing large", 64, 0, 0, SIZE_MAX, true},
    {"all ones", 64, 16, SIZE_MAX, 1, false},
    {"all ones, times two", 64, 0, SIZE_MAX, 2, false},
    {"a product that wraps round to 16", 64, 0, SIZE_MAX / 16 + 2, 16, false},
    {"an arena of nothing", 0, 0, 1, 1, false},
    {"an arena overdrawn", 32, 33, 0, 1, false},
};

static void test_bounds(void)
{
    for (size_t i = 0; i < COUNT(takes); i++) {
        struct troth_arena arena = {room, takes[i].size, takes[i].used};
        void *piece = troth_arena_take_array(&arena, takes[i].count, takes[i].element);

        test_case("take: %s", takes[i].why);
        CHECK_INT(piece != NULL, takes[i].fits);
        CHECK(arena.used <= arena.size || arena.used == takes[i].used);
        if (!takes[i].fits)
            CHECK_INT(arena.used, takes[i].used);
    }

    test_case("an arena without memory gives none");
    CHECK(troth_arena_take(&(struct troth_arena){NULL, 0, 0}, 0) == NULL);
}

static void test_copy(void)
{
    struct troth_arena arena = {room, 8, 0};

    test_case("copies end in a zero that is not counted");
    memset(room, 0xa5, sizeof room);

    struct troth_span copy = troth_arena_copy(&arena, test_text("abc"));

    CHECK_SPAN(copy, test_text("abc"));
    CHECK_INT(copy.ptr[3], 0);
    CHECK_INT(arena.used, 4);

    struct troth_span empty = troth_arena_copy(&arena, (struct troth_span){NULL, 0});

    CHECK(empty.ptr == room + 4 && empty.len == 0 && room[4] == 0);

    test_case("a copy whose zero does not fit is not made");
    CHECK(troth_arena_copy(&arena, test_text("abc")).ptr == NULL);
    CHECK_INT(arena.used, 5);
    CHECK_SPAN(troth_arena_copy(&arena, test_text("ab")), test_text("ab"));
    CHECK(troth_arena_copy(&arena, (struct troth_span){room, SIZE_MAX}).ptr == NULL);
}

int main(void)
{
    test_alignment();
    test_unset();
    test_bounds();
    test_copy();
    return test_finish();
}
