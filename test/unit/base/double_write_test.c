/* SPDX-License-Identifier: Apache-2.0 */
#include "base/number.h"

#include <math.h>

#include "test/harness.h"

static const struct {
    double value;
    const char *text;
} shortest[] = {
    {0.0, "0"},
    {-0.0, "-0"},
    {1.0, "1"},
    {-1.5, "-1.5"},
    {0.1, "0.1"},
    {0.3, "0.3"},
    {0.1 + 0.2, "0.30000000000000004"},
    {100, "100"},
    {123456789, "123456789"},
    {1e20, "100000000000000000000"},
    {123456789012345680000.0, "123456789012345680000"},
    {999999999999999900000.0, "999999999999999900000"},
    {1e21, "1e+21"},
    {1.5e21, "1.5e+21"},
    {1e22, "1e+22"},
    {1e23, "1e+23"},
    {9.99999999999999e22, "9.99999999999999e+22"},
    {0.001, "0.001"},
    {0.000001, "0.000001"},
    {0.00000123, "0.00000123"},
    {0.0000001, "1e-7"},
    {-1.25e-7, "-1.25e-7"},
    {4503599627370495.5, "4503599627370495.5"},
    {9007199254740991.0, "9007199254740991"},
    {9007199254740992.0, "9007199254740992"},
    {9007199254740994.0, "9007199254740994"},
    {18014398509481984.0, "18014398509481984"},
    {9223372036854775807.0, "9223372036854776000"},
    {18446744073709551615.0, "18446744073709552000"},
    {5e-324, "5e-324"},
    {1e-323, "1e-323"},
    {2.225073858507201e-308, "2.225073858507201e-308"},
    {2.2250738585072014e-308, "2.2250738585072014e-308"},
    {1.7976931348623157e308, "1.7976931348623157e+308"},
    /* Powers of two, whose neighbour below is nearer; at the first, the 16 digits that
     * are nearest are another number's. */
    {0x1p-44, "5.684341886080802e-14"},
    {0x1p-1022, "2.2250738585072014e-308"},
    {0x1p-24, "5.960464477539063e-8"},
    {0x1p60, "1152921504606847000"},
    {0x1p1023, "8.98846567431158e+307"},
    {2.0e-3 / 3, "0.0006666666666666666"},
    {3.14, "3.14"},
    {INFINITY, "Infinity"},
    {-INFINITY, "-Infinity"},
    {NAN, "NaN"},
    {-NAN, "NaN"},
};

static const struct {
    double value;
    unsigned precision;
    const char *fixed, *scientific;
} exact[] = {
    {0.0, 0, "0", "0e+00"},
    {-0.0, 2, "-0.00", "-0.00e+00"},
    {1.0, 0, "1", "1e+00"},
    {1.2345, 3, "1.234", "1.234e+00"},
    {0.5, 0, "0", "5e-01"},
    {1.5, 0, "2", "2e+00"},
    {2.5, 0, "2", "2e+00"},
    {3.5, 0, "4", "4e+00"},
    {0.50000000000000011, 0, "1", "5e-01"},
    {0.25, 1, "0.2", "2.5e-01"},
    {0.35, 1, "0.3", "3.5e-01"},
    {0.06, 1, "0.1", "6.0e-02"},
    {0.05, 1, "0.1", "5.0e-02"},
    {0.004, 1, "0.0", "4.0e-03"},
    {-0.004, 1, "-0.0", "-4.0e-03"},
    {9.99, 1, "10.0", "1.0e+01"},
    {99.5, 0, "100", "1e+02"},
    {0.999, 2, "1.00", "9.99e-01"},
    {1052.032911275, 6, "1052.032911", "1.052033e+03"},
    {-123.4999, 3, "-123.500", "-1.235e+02"},
    {1e21, 1, "1000000000000000000000.0", "1.0e+21"},
    {1e23, 0, "99999999999999991611392", "1e+23"},
    {0.1, 20, "0.10000000000000000555", "1.00000000000000005551e-01"},
    {0.1, 60, "0.100000000000000005551115123125782702118158340454101562500000",
     "1.000000000000000055511151231257827021181583404541015625000000e-01"},
    {5e-324, 3, "0.000", "4.941e-324"},
    {1e100, 0,
     "10000000000000000159028911097599180468360808563945281389781327557747838772170381060"
     "813469985856815104",
     "1e+100"},
    {INFINITY, 2, "Infinity", "Infinity"},
    {-INFINITY, 2, "-Infinity", "-Infinity"},
    {NAN, 2, "NaN", "NaN"},
};

static void test_precision(void)
{
    uint8_t text[1500];
    struct troth_writer w = troth_writer_over(text, sizeof text);

    test_case("all digits of the smallest, and no more than a thousand places");
    troth_write_double_scientific(&w, 5e-324, 5000);
    CHECK_INT(w.len, 1 + 1 + 1000 + 5);
    CHECK(text[751] != '0' && text[752] == '0' && text[1001] == '0');
    CHECK_SPAN(((struct troth_span){text + 1002, 5}), test_text("e-324"));

    test_case("the largest, with a thousand places");
    w = troth_writer_over(text, sizeof text);
    troth_write_double_fixed(&w, -1.7976931348623157e308, 1000);
    CHECK_INT(w.len, 1 + 309 + 1 + 1000);
    CHECK(!w.full);

    test_case("what does not fit, says so");
    w = troth_writer_over(text, 2);
    troth_write_double(&w, 0.1);
    CHECK(w.full);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(shortest); i++) {
        uint8_t text[32];
        struct troth_writer w = troth_writer_over(text, sizeof text);

        test_case("shortest: %s", shortest[i].text);
        troth_write_double(&w, shortest[i].value);
        CHECK_SPAN(troth_writer_span(&w), test_text(shortest[i].text));
    }
    for (size_t i = 0; i < COUNT(exact); i++) {
        uint8_t text[512];
        struct troth_writer w = troth_writer_over(text, sizeof text);

        test_case("%u places: %s", exact[i].precision, exact[i].fixed);
        troth_write_double_fixed(&w, exact[i].value, exact[i].precision);
        CHECK_SPAN(troth_writer_span(&w), test_text(exact[i].fixed));
        w.len = 0;
        troth_write_double_scientific(&w, exact[i].value, exact[i].precision);
        CHECK_SPAN(troth_writer_span(&w), test_text(exact[i].scientific));
    }
    test_precision();
    return test_finish();
}
