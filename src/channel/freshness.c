/* SPDX-License-Identifier: Apache-2.0 */
#include "channel/freshness.h"

static int64_t add(int64_t instant_s, int64_t more_s)
{
    return instant_s > INT64_MAX - more_s ? INT64_MAX : instant_s + more_s;
}

/* A clock that is set back leaves what it saw before ahead of it, so both are held
 * against the same margin. */
static enum troth_channel_reason check(const struct troth_ages *ages, int64_t since_s)
{
    if (since_s > add(ages->now_s, TROTH_EPOCH_SKEW_S))
        return TROTH_REASON_FUTURE;
    return ages->now_s > add(since_s, ages->max_age_s) ? TROTH_REASON_STALE
                                                       : TROTH_REASON_NONE;
}

enum troth_channel_reason troth_ages_check(const struct troth_ages *ages)
{
    enum troth_channel_reason reason;

    if (ages->epoch_s > INT64_MAX)
        return TROTH_REASON_FUTURE;
    reason = check(ages, (int64_t)ages->epoch_s);
    return reason ? reason : check(ages, ages->fresh_s);
}
