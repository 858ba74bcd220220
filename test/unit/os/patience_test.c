/* SPDX-License-Identifier: Apache-2.0 */
#include "os/patience.h"

#include <stddef.h>

#include "os/clock.h"
#include "test/harness.h"

int main(void)
{
    const struct troth_patience *real = troth_patience_real();
    int64_t before, after;

    test_case("the same clock as in seconds");
    before = troth_clock_now_s();
    after = real->now_ms(real->state) / 1000;
    CHECK(after >= before && after <= before + 2);

    test_case("waiting takes as long as it should, and none is none");
    before = real->now_ms(real->state);
    real->wait(real->state, 30, "x");
    after = real->now_ms(real->state);
    CHECK(after - before >= 29);
    real->wait(real->state, 0, "x");
    real->wait(real->state, -5, "x");
    return test_finish();
}
