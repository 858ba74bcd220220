/* SPDX-License-Identifier: Apache-2.0 */
#include "service/outbound/flow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>

/* Pieces before others have their turn. */
enum { TURN = 4 };

static bool is_passing(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

void troth_flow_take(struct troth_flow *flow, uint8_t *bytes, size_t len)
{
    flow->held = bytes;
    flow->at = 0;
    flow->len = len;
    if (len == 0)
        troth_flow_release(flow);
}

void troth_flow_release(struct troth_flow *flow)
{
    free(flow->held);
    flow->held = NULL;
    flow->at = flow->len = 0;
}

/* How many were sent; -1: it is broken. */
static ssize_t send_some(int to, const uint8_t *bytes, size_t len)
{
    const ssize_t sent = send(to, bytes, len, MSG_NOSIGNAL);

    return sent < 0 && is_passing(errno) ? 0 : sent;
}

static bool send_held(struct troth_flow *flow, size_t *moved, int to)
{
    const ssize_t sent = send_some(to, flow->held + flow->at, flow->len - flow->at);

    if (sent < 0)
        return false;
    *moved += (size_t)sent;
    flow->at += (size_t)sent;
    if (flow->at == flow->len)
        troth_flow_release(flow);
    return true;
}

static bool hold(struct troth_flow *flow, const uint8_t *bytes, size_t len)
{
    uint8_t *copy = malloc(len);

    if (!copy)
        return false;
    memcpy(copy, bytes, len);
    troth_flow_take(flow, copy, len);
    return true;
}

/* One piece; `out_more`: there may be another. */
static bool pass(struct troth_flow *flow, size_t *moved, int from, int to, uint8_t *room,
                 bool *out_more)
{
    const ssize_t got = recv(from, room, TROTH_FLOW_PIECE, 0);
    ssize_t sent;

    *out_more = false;
    if (got <= 0) {
        flow->is_over = got == 0;
        return got == 0 || is_passing(errno);
    }
    *moved += (size_t)got;
    sent = send_some(to, room, (size_t)got);
    if (sent < 0)
        return false;
    *out_more = sent == got;
    return sent == got || hold(flow, room + sent, (size_t)(got - sent));
}

bool troth_flow_move(struct troth_flow *flow, size_t *out_moved, int from, int to,
                     uint8_t *room)
{
    bool is_whole = true, has_more = true;

    *out_moved = 0;
    if (flow->held)
        is_whole = send_held(flow, out_moved, to);
    for (int i = 0; is_whole && has_more && troth_flow_wants_from(flow) && i < TURN; i++)
        is_whole = pass(flow, out_moved, from, to, room, &has_more);
    /* Nothing is read, and so no end is seen, before all that was is sent. */
    if (is_whole && flow->is_over && !flow->is_told) {
        flow->is_told = true;
        (void)shutdown(to, SHUT_WR);
    }
    return is_whole;
}

bool troth_flow_wants_from(const struct troth_flow *flow)
{
    return !flow->is_over && !flow->held;
}

bool troth_flow_wants_to(const struct troth_flow *flow)
{
    return flow->held != NULL;
}
