/* SPDX-License-Identifier: Apache-2.0 */
#include "service/quota.h"

#include <string.h>

#include "base/span.h"

void troth_quota_init(struct troth_quota *out, struct troth_quota_row *rows, size_t count,
                      int64_t burst, int64_t token_ms)
{
    if (count > 0)
        memset(rows, 0, count * sizeof *rows);
    *out = (struct troth_quota){rows, count, burst, token_ms};
}

/* The peer's own row; else one whose bucket is full, which says nothing of anybody. */
static struct troth_quota_row *find(struct troth_quota *quota, struct troth_span peer,
                                    int64_t now_ms)
{
    struct troth_quota_row *idle = NULL;

    for (size_t i = 0; i < quota->count; i++) {
        struct troth_quota_row *row = &quota->rows[i];

        if (row->full_ms > now_ms &&
            troth_span_equal((struct troth_span){row->peer, row->peer_len}, peer))
            return row;
        if (row->full_ms <= now_ms)
            idle = row;
    }
    return idle;
}

bool troth_quota_take(struct troth_quota *quota, struct troth_span peer, int64_t now_ms)
{
    if (peer.len > TROTH_QUOTA_PEER_MAX)
        peer.len = TROTH_QUOTA_PEER_MAX;

    struct troth_quota_row *row = find(quota, peer, now_ms);

    if (!row)
        return false;

    /* A bucket that is full in n tokens' time lacks n tokens, the last one not whole. */
    int64_t full_ms = row->full_ms > now_ms ? row->full_ms : now_ms;

    if (full_ms - now_ms > (quota->burst - 1) * quota->token_ms)
        return false;
    if (peer.len > 0)
        memcpy(row->peer, peer.ptr, peer.len);
    row->peer_len = peer.len;
    row->full_ms = full_ms + quota->token_ms;
    return true;
}
