/* SPDX-License-Identifier: Apache-2.0 */
#include "channel/freshness.h"

#include "test/harness.h"

#define NOW INT64_C(1767225600)

int main(void)
{
    static const struct {
        const char *why;
        struct troth_ages ages;
        enum troth_channel_reason reason;
    } rows[] = {
        {"both now", {NOW, 3600, NOW, NOW}, TROTH_REASON_NONE},
        {"an epoch at the margin", {NOW, 3600, NOW + 60, NOW}, TROTH_REASON_NONE},
        {"an epoch behind it", {NOW, 3600, NOW + 61, NOW}, TROTH_REASON_FUTURE},
        {"evidence at the margin", {NOW, 3600, NOW, NOW + 60}, TROTH_REASON_NONE},
        {"evidence behind it", {NOW, 3600, NOW, NOW + 61}, TROTH_REASON_FUTURE},
        {"an epoch as old as may be", {NOW, 3600, NOW - 3600, NOW}, TROTH_REASON_NONE},
        {"a second older", {NOW, 3600, NOW - 3601, NOW}, TROTH_REASON_STALE},
        {"evidence as old as may be", {NOW, 3600, NOW, NOW - 3600}, TROTH_REASON_NONE},
        {"evidence a second older", {NOW, 3600, NOW, NOW - 3601}, TROTH_REASON_STALE},
        {"old and ahead: ahead counts",
         {NOW, 3600, NOW - 3601, NOW + 61},
         TROTH_REASON_FUTURE},
        {"a number no clock has", {NOW, 3600, UINT64_MAX, NOW}, TROTH_REASON_FUTURE},
        {"the largest that a clock has",
         {NOW, 3600, (uint64_t)INT64_MAX, NOW},
         TROTH_REASON_FUTURE},
        {"the last second there is",
         {INT64_MAX, 3600, (uint64_t)INT64_MAX, INT64_MAX},
         TROTH_REASON_NONE},
        {"a number no clock has, then",
         {INT64_MAX, 3600, UINT64_MAX, INT64_MAX},
         TROTH_REASON_NONE},
        {"an age without end", {NOW, INT64_MAX, 0, 0}, TROTH_REASON_NONE},
        {"a clock before 1970", {-5, 3600, 0, -5}, TROTH_REASON_NONE},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("ages: %s", rows[i].why);
        CHECK_INT(troth_ages_check(&rows[i].ages), rows[i].reason);
    }
    return test_finish();
}
