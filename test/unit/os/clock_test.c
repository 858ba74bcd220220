/* SPDX-License-Identifier: Apache-2.0 */
#include "os/clock.h"

#include "test/harness.h"

int main(void)
{
    int64_t first_s = troth_clock_now_s();

    test_case("later than this test was written, in this era, and never backwards");
    CHECK(first_s > 1755506509);
    CHECK(first_s < 253402300800);
    CHECK(troth_clock_now_s() >= first_s);

    int64_t first_ms = troth_clock_monotonic_ms();

    test_case("a clock that nobody sets");
    CHECK(first_ms >= 0);
    CHECK(troth_clock_monotonic_ms() >= first_ms);

    test_case("the other clock only ever goes forwards, by seconds since the start");
    first_s = troth_clock_boot_s();
    CHECK(first_s > 0 && first_s < 1000000000);
    CHECK(troth_clock_boot_s() >= first_s);
    return test_finish();
}
