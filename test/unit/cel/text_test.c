/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/text.h"

#include <string.h>

#include "base/span.h"
#include "test/harness.h"

enum { MEMORY = 1 << 16, STEPS = 1 << 20 };

static void test_code_points(void)
{
    static const uint8_t mixed[] = "aπ☺\U0001F431";
    const struct troth_span text = {mixed, sizeof mixed - 1};
    const size_t offsets[] = {0, 1, 3, 6, 10};

    test_case("code points of one to four bytes");
    CHECK_INT(troth_cel_text_count(text), 4);
    for (size_t i = 0; i < COUNT(offsets); i++)
        CHECK_INT(troth_cel_text_offset(text, (int64_t)i), offsets[i]);
    CHECK(troth_cel_text_offset(text, 5) == SIZE_MAX);
    CHECK(troth_cel_text_offset(text, INT64_MAX) == SIZE_MAX);
    CHECK(troth_cel_text_offset(text, -1) == SIZE_MAX);

    test_case("a text that ends within a character");
    const struct troth_span torn = {mixed, sizeof mixed - 2};
    CHECK_INT(troth_cel_text_offset(torn, 3), 6);
    CHECK(troth_cel_text_offset(torn, 4) == SIZE_MAX);
}

/* Where it is, by looking everywhere. */
static size_t find_slowly(struct troth_span text, struct troth_span needle, size_t from,
                          bool wants_last)
{
    size_t found = SIZE_MAX;

    for (size_t at = from; at + needle.len <= text.len; at++)
        if (!needle.len || memcmp(text.ptr + at, needle.ptr, needle.len) == 0) {
            found = at;
            if (!wants_last)
                break;
        }
    return found;
}

/* Texts of two letters have many places that are nearly the right one. */
static void test_find(void)
{
    static uint8_t memory[MEMORY];
    struct test_random random = {1};
    uint8_t bytes[200];

    test_case("a text is found as by looking everywhere");
    for (size_t round = 0; round < 4000; round++) {
        struct troth_arena arena = TROTH_ARENA_OVER(memory);
        struct troth_cel_call call = {.arena = &arena, .steps = STEPS};
        const size_t len = test_random_below(&random, sizeof bytes);
        const size_t needle_len = test_random_below(&random, round % 2 ? 6 : 100);
        const size_t start = test_random_below(&random, 100);
        const size_t edge = test_random_below(&random, sizeof bytes);
        const struct troth_span text = {bytes, len};
        const struct troth_span needle = {bytes + start, needle_len};

        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = (uint8_t)('a' + test_random_below(&random, 8) / 7);
        CHECK(troth_cel_text_find(&call, text, needle, edge) ==
              find_slowly(text, needle, edge, false));
        if (edge <= len)
            CHECK(troth_cel_text_find_last(&call, text, needle, edge) ==
                  find_slowly(
                      troth_span_slice(text, 0,
                                       edge + needle_len < len ? edge + needle_len : len),
                      needle, 0, true));
        CHECK_INT(arena.used, 0);
    }
}

static void test_find_is_charged(void)
{
    static uint8_t bytes[1600];
    struct troth_arena arena = {0};
    struct troth_cel_call call = {.arena = &arena, .steps = 100};
    const struct troth_span text = TROTH_ARRAY_SPAN(bytes);

    test_case("looking through a text costs a step for each 16 bytes");
    CHECK(troth_cel_text_find(&call, text, TROTH_LITERAL("a"), 0) == SIZE_MAX);
    CHECK_INT(call.steps, 0);
    CHECK(!call.out_of_steps);

    test_case("without steps nothing is found");
    CHECK(troth_cel_text_find(&call, text, TROTH_LITERAL("\0"), 0) == SIZE_MAX);
    CHECK(call.out_of_steps);

    test_case("a long needle needs memory");
    call = (struct troth_cel_call){.arena = &arena, .steps = 100};
    CHECK(troth_cel_text_find(&call, text, (struct troth_span){bytes, 65}, 0) ==
          SIZE_MAX);
    CHECK(call.out_of_memory);
}

static void test_making(void)
{
    static uint8_t memory[MEMORY];
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_cel_call call = {.arena = &arena, .steps = STEPS};
    struct troth_cel_text text = troth_cel_text_begin(&call);

    test_case("a text grows where it is and leaves no room behind");
    for (unsigned i = 0; i < 1000; i++)
        troth_cel_text_add(&text, TROTH_LITERAL("0123456789"));

    struct troth_cel_value value = troth_cel_text_finish(&text, TROTH_CEL_STRING);

    CHECK_INT(value.kind, TROTH_CEL_STRING);
    CHECK_INT(value.as.text.len, 10000);
    CHECK(value.as.text.ptr[9999] == '9');
    CHECK(arena.used < 10000 + 64);

    test_case("a text moves when something stands behind it");
    text = troth_cel_text_begin(&call);
    troth_cel_text_add(&text, TROTH_LITERAL("first "));
    CHECK(troth_cel_take(&call, 1, 1) != NULL);
    for (unsigned i = 0; i < 20; i++)
        troth_cel_text_add(&text, TROTH_LITERAL("and again "));
    value = troth_cel_text_finish(&text, TROTH_CEL_BYTES);
    CHECK_INT(value.kind, TROTH_CEL_BYTES);
    CHECK_INT(value.as.text.len, 206);
    CHECK(troth_span_starts_with(value.as.text, TROTH_LITERAL("first and again and")));

    test_case("a text of nothing");
    text = troth_cel_text_begin(&call);
    value = troth_cel_text_finish(&text, TROTH_CEL_STRING);
    CHECK_INT(value.kind, TROTH_CEL_STRING);
    CHECK_INT(value.as.text.len, 0);
}

static void test_ends(void)
{
    static uint8_t memory[256];
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_cel_call call = {.arena = &arena, .steps = STEPS};
    struct troth_cel_text text = troth_cel_text_begin(&call);

    test_case("no memory for more text ends the evaluation");
    for (unsigned i = 0; i < 100; i++)
        troth_cel_text_add(&text, TROTH_LITERAL("0123456789"));
    CHECK(call.out_of_memory);
    CHECK_INT(troth_cel_text_finish(&text, TROTH_CEL_STRING).kind, TROTH_CEL_ERROR);

    test_case("room beyond counting ends the evaluation");
    call = (struct troth_cel_call){.arena = &arena, .steps = UINT64_MAX};
    text = troth_cel_text_begin(&call);
    CHECK(!troth_cel_text_reserve(&text, SIZE_MAX));
    CHECK(call.out_of_memory);

    test_case("no steps for more text end the evaluation");
    call = (struct troth_cel_call){.arena = &arena, .steps = 1};
    arena.used = 0;
    text = troth_cel_text_begin(&call);
    CHECK(!troth_cel_text_reserve(&text, 32));
    CHECK(call.out_of_steps);
}

int main(void)
{
    test_code_points();
    test_find();
    test_find_is_charged();
    test_making();
    test_ends();
    return test_finish();
}
