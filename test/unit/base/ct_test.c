/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ct.h"

#include "test/harness.h"

static const struct {
    const char *why;
    const char *a, *b;
    bool equal;
} pairs[] = {
    {"both empty", "", "", true},
    {"empty and not", "", "00", false},
    {"the same", "616263", "616263", true},
    {"last byte differs", "616263", "616264", false},
    {"first byte differs", "716263", "616263", false},
    {"two differences that cancel out", "0101", "0202", false},
    {"a prefix", "616263", "6162", false},
};

static void test_every_bit(void)
{
    uint8_t a[48] = {0};
    const uint8_t b[48] = {0};
    struct troth_span left = {a, sizeof a};
    struct troth_span right = {b, sizeof b};

    test_case("no bit is overlooked");
    for (size_t bit = 0; bit < sizeof a * 8; bit++) {
        a[bit / 8] = (uint8_t)(1U << bit % 8);
        CHECK(!troth_ct_equal(left, right));
        a[bit / 8] = 0;
        CHECK(troth_ct_equal(left, right));
    }
}

int main(void)
{
    for (size_t i = 0; i < COUNT(pairs); i++) {
        struct troth_span a = test_hex(pairs[i].a);
        struct troth_span b = test_hex(pairs[i].b);

        test_case("%s", pairs[i].why);
        CHECK_INT(troth_ct_equal(a, b), pairs[i].equal);
        CHECK_INT(troth_ct_equal(b, a), pairs[i].equal);
    }

    test_case("an empty span needs no pointer");
    CHECK(troth_ct_equal((struct troth_span){NULL, 0}, test_text("")));
    test_every_bit();
    return test_finish();
}
