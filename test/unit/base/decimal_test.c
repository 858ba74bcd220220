/* SPDX-License-Identifier: Apache-2.0 */
#include "base/decimal.h"

#include "test/harness.h"

static const struct {
    const char *why;
    double value;
    const char *digits;
    int point;
} numbers[] = {
    {"nothing", 0.0, "", 0},
    {"one", -1.0, "1", 1},
    {"zeros at its end", 1200.0, "1200", 4},
    {"a fraction alone", 0.0625, "625", -1},
    {"both", 10.5, "105", 2},
    {"not quite a tenth", 0.1, "1000000000000000055511151231257827021181583404541015625",
     0},
    {"2^64", 0x1p64, "18446744073709551616", 20},
};

static const struct {
    const char *why;
    double value;
    int keep;
    const char *digits;
    int point;
} rounded[] = {
    {"as many as there are", 10.5, 3, "105", 2},
    {"more than there are", 10.5, 9, "105", 2},
    {"halfway, to even below", 10.5, 2, "10", 2},
    {"halfway, to even above", 11.5, 2, "12", 2},
    {"above halfway", 10.53125, 2, "11", 2},
    {"halfway by the digit, above by zeros and a one", 32.5000152587890625, 2, "33", 2},
    {"a carry", 129.75, 3, "13", 3},
    {"a carry through all", 99.75, 2, "1", 3},
    {"none, down", 4.0, 0, "", 0},
    {"none, halfway, to even", 5.0, 0, "", 0},
    {"none, up", 6.0, 0, "1", 2},
    {"fewer than none", 9.0, -1, "", 0},
    {"fewer than none of nothing", 0.0, -1, "", 0},
};

static void check_digits(const struct troth_decimal *seen, const char *digits, int point)
{
    CHECK_SPAN(((struct troth_span){seen->digits, seen->count}), test_text(digits));
    CHECK_INT(seen->point, point);
}

int main(void)
{
    struct troth_decimal decimal;

    for (size_t i = 0; i < COUNT(numbers); i++) {
        test_case("all digits: %s", numbers[i].why);
        troth_decimal_expand(&decimal, numbers[i].value);
        check_digits(&decimal, numbers[i].digits, numbers[i].point);
    }
    for (size_t i = 0; i < COUNT(rounded); i++) {
        test_case("%d digits: %s", rounded[i].keep, rounded[i].why);
        troth_decimal_expand(&decimal, rounded[i].value);
        troth_decimal_round(&decimal, rounded[i].keep);
        check_digits(&decimal, rounded[i].digits, rounded[i].point);
    }

    test_case("as many digits as there can be");
    troth_decimal_expand(&decimal, 0x1.fffffffffffffp-1022);
    CHECK_INT(decimal.count, 767);
    CHECK_INT(decimal.point, -307);
    troth_decimal_expand(&decimal, 0x1.fffffffffffffp1023);
    CHECK_INT(decimal.count, 309);
    CHECK_INT(decimal.point, 309);

    test_case("digits before the first and after the last");
    troth_decimal_expand(&decimal, 0.0625);
    CHECK(troth_decimal_digit(&decimal, -1) == '0' &&
          troth_decimal_digit(&decimal, 0) == '6' &&
          troth_decimal_digit(&decimal, 2) == '5' &&
          troth_decimal_digit(&decimal, 3) == '0');
    return test_finish();
}
