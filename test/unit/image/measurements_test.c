/* SPDX-License-Identifier: Apache-2.0 */
#include "image/measurements.h"

#include "test/harness.h"

int main(void)
{
    struct troth_measurements measurements = {.kind = "nitro"};

    test_case("rows in the order they came");
    troth_measurements_add(&measurements, "nitro.pcr0", test_hex("0102"), "all");
    troth_measurements_add(&measurements, "nitro.pcr8", (struct troth_span){NULL, 0},
                           "nobody signed it");
    CHECK_INT(measurements.count, 2);
    CHECK_INT(measurements.rows[0].len, 2);
    CHECK_SPAN(((struct troth_span){measurements.rows[0].value, 2}), test_hex("0102"));
    CHECK_TEXT(measurements.rows[0].covers, "all");

    test_case("what cannot be computed has no length");
    CHECK_INT(measurements.rows[1].len, 0);
    CHECK_TEXT(measurements.rows[1].covers, "nobody signed it");

    test_case("found by the whole name");
    CHECK(troth_measurements_find(&measurements, "nitro.pcr8") == &measurements.rows[1]);
    CHECK(troth_measurements_find(&measurements, "nitro.pcr") == NULL);
    CHECK(troth_measurements_find(&measurements, "") == NULL);

    test_case("as many as there is room for");
    while (measurements.count < TROTH_MEASUREMENTS_MAX)
        troth_measurements_add(&measurements, "last", test_hex("ff"), "");
    CHECK_INT(measurements.count, TROTH_MEASUREMENTS_MAX);
    CHECK_TEXT(troth_measurements_find(&measurements, "last")->claim, "last");
    return test_finish();
}
