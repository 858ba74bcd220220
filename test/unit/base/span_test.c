/* SPDX-License-Identifier: Apache-2.0 */
#include "base/span.h"

#include "test/harness.h"

static const struct {
    const char *why;
    const char *a, *b;
    int order; /* of a against b */
    bool a_starts_with_b;
} pairs[] = {
    {"both empty", "", "", 0, true},
    {"empty and not", "", "00", -1, false},
    {"the same", "616263", "616263", 0, true},
    {"last byte differs", "616263", "616264", -1, false},
    {"first byte differs", "716263", "616263", 1, false},
    {"bytes are not signed", "80", "7f", 1, false},
    {"longer than its prefix", "616263", "6162", 1, true},
    {"anything starts with nothing", "61", "", 1, true},
    {"shorter but greater", "62", "6163", 1, false},
};

static int sign(int number)
{
    return (number > 0) - (number < 0);
}

static void test_pairs(void)
{
    for (size_t i = 0; i < COUNT(pairs); i++) {
        struct troth_span a = test_hex(pairs[i].a);
        struct troth_span b = test_hex(pairs[i].b);

        test_case("pair: %s", pairs[i].why);
        CHECK_INT(sign(troth_span_compare(a, b)), pairs[i].order);
        CHECK_INT(sign(troth_span_compare(b, a)), -pairs[i].order);
        CHECK_INT(troth_span_equal(a, b), pairs[i].order == 0);
        CHECK_INT(troth_span_starts_with(a, b), pairs[i].a_starts_with_b);
    }

    test_case("empty spans without a pointer are equal");
    CHECK(troth_span_equal((struct troth_span){NULL, 0}, test_text("")));
    CHECK_INT(troth_span_compare((struct troth_span){NULL, 0}, test_text("")), 0);
    CHECK(troth_span_starts_with((struct troth_span){NULL, 0},
                                 (struct troth_span){NULL, 0}));
}

static void test_zeros(void)
{
    uint8_t bytes[48] = {0};
    struct troth_span span = {bytes, sizeof bytes};

    test_case("a span is zero if no bit is set, and an empty one is");
    CHECK(troth_span_is_zero(span));
    CHECK(troth_span_is_zero((struct troth_span){NULL, 0}));
    for (size_t bit = 0; bit < sizeof bytes * 8; bit++) {
        bytes[bit / 8] = (uint8_t)(1U << bit % 8);
        CHECK(!troth_span_is_zero(span));
        bytes[bit / 8] = 0;
    }
}

static const struct {
    const char *why;
    struct troth_span span;
    const char *text;
    bool is;
} texts[] = {
    {"the same", {(const uint8_t *)"abc", 3}, "abc", true},
    {"both empty", {NULL, 0}, "", true},
    {"empty and not", {NULL, 0}, "a", false},
    {"a text that goes on", {(const uint8_t *)"abc", 2}, "abc", false},
    {"a span that goes on", {(const uint8_t *)"abc", 3}, "ab", false},
    {"a span that goes on with a zero", {(const uint8_t *)"ab", 3}, "ab", false},
    {"a zero is no byte of a text", {(const uint8_t *)"a\0b", 3}, "a", false},
    {"another last byte", {(const uint8_t *)"abd", 3}, "abc", false},
    {"bytes above 127", {(const uint8_t *)"\xc3\xa9", 2}, "\xc3\xa9", true},
};

static void test_texts(void)
{
    for (size_t i = 0; i < COUNT(texts); i++) {
        test_case("text: %s", texts[i].why);
        CHECK_INT(troth_span_is_text(texts[i].span, texts[i].text), texts[i].is);
    }
}

static const struct {
    const char *why;
    size_t start, end, len;
} slices[] = {
    {"middle", 1, 3, 2},
    {"all", 0, 4, 4},
    {"nothing", 2, 2, 0},
    {"out of order", 3, 1, 0},
    {"past the end", 2, 5, 0},
    {"beyond the end", 5, 6, 0},
    {"all ones", SIZE_MAX - 1, SIZE_MAX, 0},
};

static void test_slices(void)
{
    struct troth_span all = test_text("abcd");

    for (size_t i = 0; i < COUNT(slices); i++) {
        struct troth_span part = troth_span_slice(all, slices[i].start, slices[i].end);

        test_case("slice: %s", slices[i].why);
        CHECK_INT(part.len, slices[i].len);
        CHECK(part.ptr == (slices[i].len ? all.ptr + slices[i].start : NULL));
    }
}

static void test_items(void)
{
    static const struct {
        const char *list, *first, *rest;
    } rows[] = {
        {"a,b,c", "a", "b,c"}, {"ab", "ab", ""}, {"", "", ""},
        {",b", "", "b"},       {"a,", "a", ""},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_span rest = test_text(rows[i].list);
        struct troth_span first = troth_span_next_item(&rest, ',');

        test_case("the first item of '%s'", rows[i].list);
        CHECK(troth_span_is_text(first, rows[i].first));
        CHECK(troth_span_is_text(rest, rows[i].rest));
    }
}

int main(void)
{
    test_pairs();
    test_zeros();
    test_texts();
    test_slices();
    test_items();

    test_case("letters of either case");
    CHECK(troth_span_equal_ignoring_case(test_text("aZ09-"), test_text("Az09-")));
    CHECK(troth_span_equal_ignoring_case(test_text(""), test_text("")));
    CHECK(!troth_span_equal_ignoring_case(test_text("ab"), test_text("abc")));
    CHECK(!troth_span_equal_ignoring_case(test_text("@"), test_text("`")));
    CHECK(!troth_span_equal_ignoring_case(test_text("["), test_text("{")));

    test_case("a text's span leaves out its zero");
    CHECK_SPAN(troth_span_of_text("abc"), test_hex("616263"));
    CHECK_INT(troth_span_of_text("").len, 0);
    return test_finish();
}
