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
    return test_finish();
}
