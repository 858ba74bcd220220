/* flow.h - bytes in one direction between two sockets, and the end of them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_OUTBOUND_FLOW_H
#define TROTH_SERVICE_OUTBOUND_FLOW_H

#include <stdbool.h>

#include "troth/error.h"
#include "troth/span.h"

#define TROTH_FLOW_PIECE ((size_t)64 * 1024)

/* Zeroed, it has moved nothing. Only what one side sent and the other does not take yet
 * is in memory: one piece at most. */
struct troth_flow {
    uint8_t *held;
    size_t at, len;
    bool is_over; /* the side that sends has ended */
    bool is_told; /* the side that takes knows */
};

/* Begin with bytes that came before there was anywhere to send them; it takes the memory,
 * which malloc() gave. */
void troth_flow_take(struct troth_flow *flow, uint8_t *bytes, size_t len);

/*
 * troth_flow_move - as much as both sockets allow, for one turn.
 *
 *   room       TROTH_FLOW_PIECE bytes, of no worth before and after
 *   out_moved  bytes read or sent, for who watches for silence
 *
 * Returns  false: one of them is broken
 */
TROTH_MUST_USE bool troth_flow_move(struct troth_flow *flow, size_t *out_moved, int from,
                                    int to, uint8_t *room);

/* What is to be waited for before it can move on. */
bool troth_flow_wants_from(const struct troth_flow *flow);
bool troth_flow_wants_to(const struct troth_flow *flow);

void troth_flow_release(struct troth_flow *flow);

#endif
