/* freshness.h - is a proof of level EPOCH young enough, by this side's clock alone? */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CHANNEL_FRESHNESS_H
#define TROTH_CHANNEL_FRESHNESS_H

#include "troth/channel.h"

struct troth_ages {
    int64_t now_s;
    int64_t max_age_s;
    uint64_t epoch_s; /* when the key's epoch began, by the peer's clock */
    int64_t fresh_s;  /* the evidence was made no earlier, by clocks that count */
};

/* FUTURE, STALE or NONE. */
enum troth_channel_reason troth_ages_check(const struct troth_ages *ages);

#endif
