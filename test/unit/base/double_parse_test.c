/* SPDX-License-Identifier: Apache-2.0 */
#include "base/double_parts.h"
#include "base/number.h"

#include <string.h>

#include "test/harness.h"

/* clang-format off */
static const struct {
    const char *why, *text;
    uint64_t bits;
} numbers[] = {
    {"nothing but zeros", "000.000",
     UINT64_C(0x0000000000000000)},
    {"minus zero", "-0",
     UINT64_C(0x8000000000000000)},
    {"zero to any power", "0e999999999999999999999",
     UINT64_C(0x0000000000000000)},
    {"minus zero, with a fraction", "-0.0e-5",
     UINT64_C(0x8000000000000000)},
    {"one", "1",
     UINT64_C(0x3ff0000000000000)},
    {"minus one", "-1",
     UINT64_C(0xbff0000000000000)},
    {"plus one", "+1",
     UINT64_C(0x3ff0000000000000)},
    {"no digits behind the point", "1.",
     UINT64_C(0x3ff0000000000000)},
    {"none before it", ".5",
     UINT64_C(0x3fe0000000000000)},
    {"none before it, minus", "-.5",
     UINT64_C(0xbfe0000000000000)},
    {"zeros in front", "00012",
     UINT64_C(0x4028000000000000)},
    {"an exponent", "1e5",
     UINT64_C(0x40f86a0000000000)},
    {"an exponent with a sign", "1E+5",
     UINT64_C(0x40f86a0000000000)},
    {"a negative one", "1e-5",
     UINT64_C(0x3ee4f8b588e368f1)},
    {"zeros in an exponent", "1e00000005",
     UINT64_C(0x40f86a0000000000)},
    {"a tenth", "0.1",
     UINT64_C(0x3fb999999999999a)},
    {"three tenths", "0.3",
     UINT64_C(0x3fd3333333333333)},
    {"a text that is a little more than it needs", "4.3500000000000005329",
     UINT64_C(0x4011666666666667)},
    {"as many digits as 64 bits hold", "18446744073709551615",
     UINT64_C(0x43f0000000000000)},
    {"more digits than that", "123456789012345678901234567890",
     UINT64_C(0x45f8ee90ff6c373e)},
    {"2^53", "9007199254740992",
     UINT64_C(0x4340000000000000)},
    {"halfway, to even, which is below", "9007199254740993",
     UINT64_C(0x4340000000000000)},
    {"just above halfway", "9007199254740993.0000000000000000000000000000000001",
     UINT64_C(0x4340000000000001)},
    {"halfway, to even, which is above", "9007199254740995",
     UINT64_C(0x4340000000000002)},
    {"just below halfway", "9007199254740992.999999999999999999999999999999",
     UINT64_C(0x4340000000000000)},
    {"the largest exact power of ten", "1e22",
     UINT64_C(0x4480f0cf064dd592)},
    {"the first that is not", "1e23",
     UINT64_C(0x44b52d02c7e14af6)},
    {"close to halfway", "8.41e21",
     UINT64_C(0x447c7e83209e90b2)},
    {"close to halfway, 19 digits", "30078505129381147446200",
     UINT64_C(0x44997a3c7271b021)},
    {"avogadro", "6.02214076e23",
     UINT64_C(0x44dfe185ca57c517)},
    {"halfway above one, exactly", "1.00000000000000011102230246251565404236316680908203125",
     UINT64_C(0x3ff0000000000000)},
    {"a little less", "1.00000000000000011102230246251565404236316680908203124",
     UINT64_C(0x3ff0000000000000)},
    {"a little more", "1.00000000000000011102230246251565404236316680908203126",
     UINT64_C(0x3ff0000000000001)},
    {"halfway to even above", "1.00000000000000033306690738754696212708950042724609375",
     UINT64_C(0x3ff0000000000002)},
    {"62 and something, hard", "62.5364939768271845828",
     UINT64_C(0x404f44abd5aa7ca4)},
    {"hard, small", "8.10109172351e-10",
     UINT64_C(0x3e0bd5cbaef0fd0c)},
    {"point moved far to the left", "0.0000000000000000000000000000000000000012345e39",
     UINT64_C(0x3ff3c083126e978d)},
    {"point moved far to the right", "12345000000000000000000000000000000000000e-40",
     UINT64_C(0x3ff3c083126e978d)},
    {"the largest", "1.7976931348623157e308",
     UINT64_C(0x7fefffffffffffff)},
    {"rounds to the largest", "1.7976931348623158e308",
     UINT64_C(0x7fefffffffffffff)},
    {"just below halfway to infinity", "1.797693134862315807e308",
     UINT64_C(0x7fefffffffffffff)},
    {"just above", "1.797693134862315808e308",
     UINT64_C(0x7ff0000000000000)},
    {"infinity by its exponent", "1e309",
     UINT64_C(0x7ff0000000000000)},
    {"minus infinity by its exponent", "-1e309",
     UINT64_C(0xfff0000000000000)},
    {"an exponent of more than 64 bits", "1e99999999999999999999999",
     UINT64_C(0x7ff0000000000000)},
    {"the smallest", "5e-324",
     UINT64_C(0x0000000000000001)},
    {"the smallest, with its digits", "4.9406564584124654e-324",
     UINT64_C(0x0000000000000001)},
    {"below half of the smallest", "2.4703282292062327e-324",
     UINT64_C(0x0000000000000000)},
    {"above half of the smallest", "2.4703282292062328e-324",
     UINT64_C(0x0000000000000001)},
    {"below three halves", "7.4109846876186981e-324",
     UINT64_C(0x0000000000000001)},
    {"above three halves", "7.4109846876186982e-324",
     UINT64_C(0x0000000000000002)},
    {"too small", "1e-324",
     UINT64_C(0x0000000000000000)},
    {"too small, minus", "-1e-400",
     UINT64_C(0x8000000000000000)},
    {"a negative exponent of more than 64 bits", "1e-99999999999999999999999",
     UINT64_C(0x0000000000000000)},
    {"the smallest normal number", "2.2250738585072014e-308",
     UINT64_C(0x0010000000000000)},
    {"the largest below it, which hung others", "2.2250738585072011e-308",
     UINT64_C(0x000fffffffffffff)},
    {"rounds up to normal", "2.2250738585072012e-308",
     UINT64_C(0x0010000000000000)},
    {"a subnormal number", "1.2345e-310",
     UINT64_C(0x000016b9a2ec86a3)},
    {"infinity", "inf", UINT64_C(0x7ff0000000000000)},
    {"in words", "Infinity", UINT64_C(0x7ff0000000000000)},
    {"minus", "-INF", UINT64_C(0xfff0000000000000)},
    {"plus", "+infinity", UINT64_C(0x7ff0000000000000)},
    {"no number", "NaN", UINT64_C(0x7ff8000000000000)},
    {"no number, minus", "-nan", UINT64_C(0xfff8000000000000)},
};

static const char *const no_numbers[] = {
    "", "+", "-", ".", "-.", "e5", ".e5", "1e", "1e+", "1e-", "1e5.0", "1e5e5", "1.2.3", "--1",
    "+-1", " 1", "1 ", "1_000", "1,5", "0x10", "0x1p3", "1f", "1u", "in", "infinit", "infinityy",
    "nan(1)", "na", "Infinity1", "1/2", "1:", "\xc2\xb2",
};
/* clang-format on */

enum { LONG = 2000 };

/* 2^53 + 1 lies halfway. What follows is far behind what is read, but decides. */
static void test_long(void)
{
    char text[LONG + 1] = "9007199254740993.";
    double seen = 0;

    memset(text + 17, '0', LONG - 17);
    test_case("halfway, and %d zeros", LONG - 17);
    CHECK_ERR(troth_double_parse(&seen, test_text(text)), TROTH_OK);
    CHECK(troth_double_bits(seen) == troth_double_bits(9007199254740992.0));

    test_case("and a one behind them");
    text[LONG - 1] = '1';
    CHECK_ERR(troth_double_parse(&seen, test_text(text)), TROTH_OK);
    CHECK(troth_double_bits(seen) == troth_double_bits(9007199254740994.0));

    test_case("a number of %d digits is infinite", LONG);
    memset(text, '7', LONG);
    CHECK_ERR(troth_double_parse(&seen, test_text(text)), TROTH_OK);
    CHECK(troth_double_bits(seen) == TROTH_DOUBLE_INFINITY);

    test_case("but not times 10^-1999");
    memcpy(text + LONG - 6, "e-1993", 6);
    CHECK_ERR(troth_double_parse(&seen, test_text(text)), TROTH_OK);
    CHECK(troth_double_bits(seen) == troth_double_bits(7.777777777777778));

    test_case("a fraction that begins behind %d zeros", LONG - 8);
    memset(text, '0', LONG);
    memcpy(text + LONG - 7, "25e1992", 7);
    text[1] = '.';
    CHECK_ERR(troth_double_parse(&seen, test_text(text)), TROTH_OK);
    CHECK(troth_double_bits(seen) == troth_double_bits(2.5));
}

int main(void)
{
    for (size_t i = 0; i < COUNT(numbers); i++) {
        double seen = 1;

        test_case("%s: %s", numbers[i].why, numbers[i].text);
        CHECK_ERR(troth_double_parse(&seen, test_text(numbers[i].text)), TROTH_OK);
        CHECK(troth_double_bits(seen) == numbers[i].bits);
    }
    for (size_t i = 0; i < COUNT(no_numbers); i++) {
        double seen = 1;

        test_case("no number: '%s'", no_numbers[i]);
        CHECK_ERR(troth_double_parse(&seen, test_text(no_numbers[i])), TROTH_ERR_VALUE);
        CHECK(troth_double_bits(seen) == 0);
    }
    test_long();
    return test_finish();
}
