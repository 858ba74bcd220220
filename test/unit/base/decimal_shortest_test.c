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
    {"one, whatever its sign", -1.0, "1", 1},
    {"no zeros at its end", 1200.0, "12", 4},
    {"a fraction", 0.0625, "625", -1},
    {"a tenth", 0.1, "1", 0},
    {"17 digits", 0x1.3333333333334p-2, "30000000000000004", 0},
    {"the largest integer of which there is no other near", 0x1.fffffffffffffp52,
     "9007199254740991", 16},
    {"the smallest of which there is one", 0x1p53, "9007199254740992", 16},
    {"2^54 and its neighbour below, two from it", 0x1p54, "18014398509481984", 17},
    {"the smallest", 0x1p-1074, "5", -323},
    {"the largest", 0x1.fffffffffffffp1023, "17976931348623157", 309},
    {"halfway to its neighbour, which is odd: 5e-324 * 3 / 2", 0x1p-1073, "1", -322},
    {"the end of its range, which is even's", 9e22, "9", 23},
    {"the same, and is odd's", 0x1.52d02c7e14af7p+76, "10000000000000001", 24},
    {"a power of two: the nearest of 16 digits is another number", 0x1p-44,
     "5684341886080802", -13},
};

int main(void)
{
    for (size_t i = 0; i < COUNT(numbers); i++) {
        struct troth_decimal seen;

        test_case("%s", numbers[i].why);
        troth_decimal_shortest(&seen, numbers[i].value);
        CHECK_SPAN(((struct troth_span){seen.digits, seen.count}),
                   test_text(numbers[i].digits));
        CHECK_INT(seen.point, numbers[i].point);
    }
    return test_finish();
}
