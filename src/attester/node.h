/* node.h - a device's node in /dev, and calls to it that are given up in time. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_ATTESTER_NODE_H
#define TROTH_ATTESTER_NODE_H

#include "troth/attester.h"

struct troth_node;

/* How long is enough for what has no deadline of its own. */
enum { TROTH_NODE_PATIENCE_MS = 10000 };

bool troth_node_is_present(const char *path);

/* A device's state is its node, and so these are members of struct troth_device_ops, or
 * nearly. `out_state` is NULL on failure; `path` is static. */
TROTH_MUST_USE bool troth_node_open(void **out_state, struct troth_attester_fault *fault,
                                    const char *path);
void troth_node_close(void *state); /* takes NULL */

/* "/dev/nsm" */
const char *troth_node_path(const struct troth_node *node);

/* Once more after EINTR, too? Not where it may have been done already. */
enum troth_node_again { TROTH_NODE_ONLY_IF_BUSY, TROTH_NODE_IF_INTERRUPTED };

struct troth_node_request {
    const char *step; /* static; of a fault */
    unsigned long number;
    enum troth_node_again again;
};

/*
 * troth_node_call - an ioctl, a bounded number of times while the device is busy.
 *
 *   block         allocated by malloc(); the argument stands at its start, and all that
 *                 the argument points to in it. NULL where the call was left behind with
 *                 it; still the caller's otherwise, whatever is returned
 *   deadline_ms   an instant of troth_clock_monotonic_ms()
 *
 * Errors   returns false and fills `fault`; ETIMEDOUT, EBUSY
 */
TROTH_MUST_USE bool troth_node_call(struct troth_node *node,
                                    struct troth_attester_fault *fault,
                                    const struct troth_node_request *request,
                                    void **block, int64_t deadline_ms);

#endif
