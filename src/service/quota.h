/*
 * quota.h - how often a peer may have the device asked on its behalf.
 *
 * A bucket of tokens a peer, filled again with time. The memory is the caller's and
 * bounded, and so is what all peers together can ask for: where every bucket is in use, a
 * stranger is told to wait.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_QUOTA_H
#define TROTH_SERVICE_QUOTA_H

#include <stdbool.h>

#include "troth/span.h"

/* An address as text; a longer peer counts by its beginning. */
#define TROTH_QUOTA_PEER_MAX 64

struct troth_quota_row {
    uint8_t peer[TROTH_QUOTA_PEER_MAX];
    size_t peer_len;
    int64_t full_ms; /* when the bucket is full again; 0: nobody's */
};

struct troth_quota {
    struct troth_quota_row *rows;
    size_t count;
    int64_t burst;    /* tokens of a full bucket */
    int64_t token_ms; /* one more after so long */
};

/*
 * troth_quota_init - every bucket full.
 *
 *   burst      at least 1
 *   token_ms   at least 1
 */
void troth_quota_init(struct troth_quota *out, struct troth_quota_row *rows, size_t count,
                      int64_t burst, int64_t token_ms);

/*
 * troth_quota_take - one token of this peer's, if it has one.
 *
 *   now_ms   above 0, of a clock that does not go back
 *
 * Returns  false: not now. Nothing is taken then.
 */
bool troth_quota_take(struct troth_quota *quota, struct troth_span peer, int64_t now_ms);

#endif
