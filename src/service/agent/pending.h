/* pending.h - a request whose answer needs the device. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_AGENT_PENDING_H
#define TROTH_SERVICE_AGENT_PENDING_H

#include "service/agent/agent.h"

/* A second more than the device has, so that its own word comes first. */
#define TROTH_PENDING_GRACE_MS 1000

/* The domain, a key or a nonce, and all else in hex. */
#define TROTH_PENDING_BINDING_MAX 2400

struct troth_pending {
    struct troth_job job;
    struct troth_agent *agent;
    struct troth_caller *caller; /* NULL: it is gone, or was told that it took too long */
    struct event *late;
    /* The job's end: effects first, and the answer if there is a caller for it. */
    void (*finish)(struct troth_pending *pending);
    char binding[TROTH_PENDING_BINDING_MAX];
    bool is_for_key;
    struct troth_event event;
    size_t random_len;
};

/* Zeroed, and its caller waits; NULL: the caller was told why not. */
struct troth_pending *troth_pending_create(struct troth_agent *agent,
                                           struct troth_caller *caller,
                                           enum troth_job_kind kind);

/*
 * troth_pending_give - to the device.
 *
 * Returns  false: the queue is full; the caller was told, and `pending` is yet to be
 *          released
 */
bool troth_pending_give(struct troth_pending *pending,
                        void (*finish)(struct troth_pending *pending));
/* One that was not given. */
void troth_pending_release(struct troth_pending *pending);

#endif
