/*
 * pace.h - one request at a time, and not too soon after the one before, in all
 * processes.
 *
 * Some services shut out an address that asks too often. A file says when one was asked
 * last, and whoever holds it may ask.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_NET_PACE_H
#define TROTH_NET_PACE_H

#include "os/patience.h"
#include "troth/error.h"

struct troth_pace {
    const char *path; /* of the file; made where it is missing */
    const char *host; /* for people */
    int64_t interval_ms;
    int64_t longest_ms; /* to wait for other processes */
    const struct troth_patience *patience;
};

/*
 * troth_pace_begin - wait for one's turn.
 *
 *   out_turn   for troth_pace_end(); -1 on failure
 *
 * Errors   returns 0 or an errno; EBUSY: others asked all the time
 */
TROTH_MUST_USE int troth_pace_begin(int *out_turn, const struct troth_pace *pace);

/* The answer is there: the interval starts. Takes -1, too. */
void troth_pace_end(int turn, const struct troth_pace *pace);

#endif
