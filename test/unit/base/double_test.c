/* SPDX-License-Identifier: Apache-2.0 */
#include "base/number.h"

#include <math.h>
#include <string.h>

#include "test/harness.h"

static const struct {
    double value;
    bool is_exact;
    int64_t whole;
} ints[] = {
    {0.0, true, 0},
    {-0.0, true, 0},
    {1.0, true, 1},
    {-1.0, true, -1},
    {0.5, false, 0},
    {-0.5, false, 0},
    {1.9, false, 1},
    {-7.9, false, -7},
    {5e-324, false, 0},
    {4503599627370495.5, false, INT64_C(4503599627370495)},
    {9007199254740991.0, true, INT64_C(9007199254740991)},
    {0x1p62, true, INT64_C(1) << 62},
    {0x1.fffffffffffffp62, true, INT64_MAX - 1023},
    {0x1p63, false, 0},
    {-0x1p63, true, INT64_MIN},
    {-0x1.0000000000001p63, false, 0},
    {0x1p64, false, 0},
    {1e300, false, 0},
    {INFINITY, false, 0},
    {-INFINITY, false, 0},
    {NAN, false, 0},
};

static const struct {
    double value;
    bool is_exact;
    uint64_t whole;
} uints[] = {
    {0.0, true, 0},
    {-0.0, true, 0},
    {-0.5, false, 0},
    {-1.0, false, 0},
    {25.5, false, 25},
    {0x1p63, true, UINT64_C(1) << 63},
    {0x1.fffffffffffffp63, true, UINT64_MAX - 2047},
    {0x1p64, false, 0},
    {-0x1p70, false, 0},
    {INFINITY, false, 0},
    {NAN, false, 0},
};

static const struct {
    double value, floor, ceil, trunc, round;
} integers[] = {
    {0.0, 0.0, 0.0, 0.0, 0.0},
    {-0.0, -0.0, -0.0, -0.0, -0.0},
    {0.25, 0.0, 1.0, 0.0, 0.0},
    {-0.25, -1.0, -0.0, -0.0, -0.0},
    {0.49999999999999994, 0.0, 1.0, 0.0, 0.0},
    {0.5, 0.0, 1.0, 0.0, 1.0},
    {-0.5, -1.0, -0.0, -0.0, -1.0},
    {0.75, 0.0, 1.0, 0.0, 1.0},
    {1.0, 1.0, 1.0, 1.0, 1.0},
    {1.5, 1.0, 2.0, 1.0, 2.0},
    {2.5, 2.0, 3.0, 2.0, 3.0},
    {-2.5, -3.0, -2.0, -2.0, -3.0},
    {1.9999999999999998, 1.0, 2.0, 1.0, 2.0},
    {-3.75, -4.0, -3.0, -3.0, -4.0},
    {5e-324, 0.0, 1.0, 0.0, 0.0},
    {-5e-324, -1.0, -0.0, -0.0, -0.0},
    {4503599627370495.5, 4503599627370495, 4503599627370496, 4503599627370495,
     4503599627370496},
    {4503599627370497.0, 4503599627370497, 4503599627370497, 4503599627370497,
     4503599627370497},
    {-1e300, -1e300, -1e300, -1e300, -1e300},
    {INFINITY, INFINITY, INFINITY, INFINITY, INFINITY},
    {-INFINITY, -INFINITY, -INFINITY, -INFINITY, -INFINITY},
    {NAN, NAN, NAN, NAN, NAN},
};

static const struct {
    double value, root;
} roots[] = {
    {0.0, 0.0},
    {-0.0, -0.0},
    {1.0, 1.0},
    {4.0, 2.0},
    {2.0, 0x1.6a09e667f3bcdp+0},
    {3.0, 0x1.bb67ae8584caap+0},
    {0.25, 0.5},
    {0.1, 0x1.43d136248490fp-2},
    {1e100, 1e50},
    {0x1.fffffffffffffp1023, 0x1.fffffffffffffp511},
    {0x1.fffffffffffffp-1, 0x1.fffffffffffffp-1},
    {0x1.0000000000001p0, 1.0},
    {5e-324, 0x1p-537},
    {0x1p-1073, 0x1.6a09e667f3bcdp-537},
    {0x1p-1022, 0x1p-511},
    {9007199136250225.0, 94906265.0},
    {INFINITY, INFINITY},
    {-INFINITY, NAN},
    {-1.0, NAN},
    {-5e-324, NAN},
    {NAN, NAN},
};

/* Zeros of different signs are different; any NaN is any other. */
static bool is_same(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0 ||
           (troth_double_is_nan(a) && troth_double_is_nan(b));
}

static void test_conversions(void)
{
    for (size_t i = 0; i < COUNT(ints); i++) {
        int64_t seen = 1;

        test_case("to int: %a", ints[i].value);
        CHECK(troth_double_to_int(&seen, ints[i].value) == ints[i].is_exact);
        CHECK_INT(seen, ints[i].whole);
    }
    for (size_t i = 0; i < COUNT(uints); i++) {
        uint64_t seen = 1;

        test_case("to uint: %a", uints[i].value);
        CHECK(troth_double_to_uint(&seen, uints[i].value) == uints[i].is_exact);
        CHECK(seen == uints[i].whole);
    }
}

static void test_predicates(void)
{
    test_case("what is a number, and has an end");
    CHECK(troth_double_is_nan(NAN) && troth_double_is_nan(-NAN));
    CHECK(!troth_double_is_nan(INFINITY) && !troth_double_is_nan(-1.0));
    CHECK(troth_double_is_finite(0.0) && troth_double_is_finite(-0x1.fffffffffffffp1023));
    CHECK(!troth_double_is_finite(INFINITY) && !troth_double_is_finite(-INFINITY));
    CHECK(!troth_double_is_finite(NAN));
}

int main(void)
{
    test_conversions();
    test_predicates();
    for (size_t i = 0; i < COUNT(integers); i++) {
        double value = integers[i].value;

        test_case("to an integer: %a", value);
        CHECK(is_same(troth_double_floor(value), integers[i].floor));
        CHECK(is_same(troth_double_ceil(value), integers[i].ceil));
        CHECK(is_same(troth_double_trunc(value), integers[i].trunc));
        CHECK(is_same(troth_double_round(value), integers[i].round));
    }
    for (size_t i = 0; i < COUNT(roots); i++) {
        test_case("square root: %a", roots[i].value);
        CHECK(is_same(troth_double_sqrt(roots[i].value), roots[i].root));
    }
    return test_finish();
}
