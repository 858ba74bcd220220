/* SPDX-License-Identifier: Apache-2.0 */
#include "channel/freshness.h"

static int64_t add(int64_t instant_s, int64_t more_s)
{
    return instant_s > INT64_MAX - more_s ? INT64_MAX : instant_s + more_s;
}

/* A clock that is set back leaves what it saw before ahead of it, so both are held
 * against the same margin. */
static bool is_ahead(const struct troth_ages *ages, int64_t since_s)
{
    return since_s > add(ages->now_s, TROTH_EPOCH_SKEW_S);
}

static bool is_old(const struct troth_ages *ages, int64_t since_s)
{
    return ages->now_s > add(since_s, ages->max_age_s);
}

enum troth_channel_reason troth_ages_check(const struct troth_ages *ages)
{
    const int64_t epoch_s = ages->epoch_s > INT64_MAX ? INT64_MAX
                                                      : (int64_t)ages->epoch_s;

    if (is_ahead(ages, epoch_s) || is_ahead(ages, ages->fresh_s))
        return TROTH_REASON_FUTURE;
    if (is_old(ages, epoch_s) || is_old(ages, ages->fresh_s))
        return TROTH_REASON_STALE;
    return TROTH_REASON_NONE;
}
