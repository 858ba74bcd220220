/*
 * proof_source.h - where a server's connections get their proofs, without waiting for a
 * device.
 *
 * The agent behind it owns device and keys; this is all a connection sees of them.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_PROOF_SOURCE_H
#define TROTH_SERVICE_PROOF_SOURCE_H

#include "troth/channel.h"

/* Who waits for a proof. `answer` is called once, from the event loop, perhaps before
 * `ask` returns; spans of `proof` live until it returns. */
struct troth_proof_waiter {
    void (*answer)(struct troth_proof_waiter *waiter, const struct troth_proof *proof,
                   enum troth_channel_reason reason); /* NULL: CANNOT or BUSY */
    void *private_source;                             /* the source's own */
};

struct troth_proof_source {
    void *state;
    /* `peer` is what quotas count by: an address without its port. */
    void (*ask)(void *state, struct troth_proof_waiter *waiter,
                const struct troth_proof_request *request, struct troth_span peer);
    /* Its connection is gone: `answer` is not called any more. */
    void (*forget)(void *state, struct troth_proof_waiter *waiter);
    enum troth_err (*sign)(void *state, uint8_t out[static 64], enum troth_role role,
                           struct troth_span key, struct troth_span binding);
};

#endif
