/* SPDX-License-Identifier: Apache-2.0 */
#include "base/double_parts.h"

#include "test/harness.h"

#define DIGITS_MAX ((UINT64_C(1) << 53) - 1)

/* A double and its parts, which put together are the double again. */
static const struct {
    const char *why;
    double value;
    struct troth_double_parts parts;
} wholes[] = {
    {"one", 1.0, {UINT64_C(1) << 52, -52, false}},
    {"minus one and a half", -1.5, {UINT64_C(3) << 51, -52, true}},
    {"the largest", 0x1.fffffffffffffp1023, {DIGITS_MAX, 971, false}},
    {"the smallest normal number", 0x1p-1022, {UINT64_C(1) << 52, -1074, false}},
    {"the largest that is subnormal",
     0x0.fffffffffffffp-1022,
     {(UINT64_C(1) << 52) - 1, -1074, false}},
    {"the smallest", 0x1p-1074, {1, -1074, false}},
    {"zero", 0.0, {0, -1074, false}},
    {"minus zero", -0.0, {0, -1074, true}},
};

/* What has to be rounded. */
static const struct {
    const char *why;
    struct troth_double_parts parts;
    bool more;
    double nearest;
} rounded[] = {
    {"few digits", {5, 0, false}, false, 5.0},
    {"64 bits, down", {UINT64_MAX - 1024, 0, false}, false, 0x1.fffffffffffffp63},
    {"64 bits, halfway, to even", {UINT64_MAX - 1023, 0, false}, false, 0x1p64},
    {"halfway, to even below", {(UINT64_C(1) << 63) + 1024, 0, false}, false, 0x1p63},
    {"and a little more",
     {(UINT64_C(1) << 63) + 1024, 0, false},
     true,
     0x1.0000000000001p63},
    {"less than half and a little more",
     {(UINT64_C(1) << 63) + 1023, 0, false},
     true,
     0x1p63},
    {"halfway by 54 bits, and more", {DIGITS_MAX * 2 + 1, 0, true}, true, -0x1p54},
    {"a subnormal number, halfway to even", {3, -1075, false}, false, 0x1p-1073},
    {"half of the smallest, to even", {1, -1075, false}, false, 0.0},
    {"and a little more", {UINT64_C(1) << 63, -1138, false}, true, 0x1p-1074},
    {"half of half of it", {UINT64_MAX, -1140, true}, true, -0.0},
    {"rounded up to a normal number", {UINT64_MAX, -1086, false}, true, 0x1p-1022},
    {"far too small", {UINT64_MAX, -5000, false}, true, 0.0},
    {"rounded up to infinity", {UINT64_MAX, 960, false}, false, 1e300 * 1e300},
    {"the largest, and nearly half",
     {UINT64_MAX - 1024, 960, false},
     true,
     0x1.fffffffffffffp1023},
    {"far too large", {1, 5000, true}, false, -1e300 * 1e300},
};

int main(void)
{
    for (size_t i = 0; i < COUNT(wholes); i++) {
        const struct troth_double_parts want = wholes[i].parts;
        const struct troth_double_parts seen = troth_double_take_apart(wholes[i].value);

        test_case("taken apart, and put together: %s", wholes[i].why);
        CHECK(seen.digits == want.digits && seen.is_negative == want.is_negative);
        CHECK_INT(seen.shift, want.shift);
        CHECK(troth_double_bits(troth_double_nearest(seen, false)) ==
              troth_double_bits(wholes[i].value));
    }
    for (size_t i = 0; i < COUNT(rounded); i++) {
        test_case("rounded: %s", rounded[i].why);
        CHECK(
            troth_double_bits(troth_double_nearest(rounded[i].parts, rounded[i].more)) ==
            troth_double_bits(rounded[i].nearest));
    }
    test_case("bits of whole numbers");
    CHECK_INT(troth_bit_count(0), 0);
    for (int i = 0; i < 64; i++) {
        CHECK_INT(troth_bit_count(UINT64_C(1) << i), i + 1);
        CHECK_INT(troth_bit_count(UINT64_MAX >> i), 64 - i);
    }
    return test_finish();
}
