/* SPDX-License-Identifier: Apache-2.0 */
#include "service/agent/pending.h"

#include <event2/event.h>
#include <stdlib.h>

#include "base/wipe.h"
#include "os/clock.h"
#include "service/agent/reply.h"

static void forget(void *waiting)
{
    struct troth_pending *pending = waiting;

    pending->caller = NULL;
}

/* The device goes on; whoever asked need not wait for it. */
static void on_late(int unused, short what, void *given)
{
    static const char field[] = "device";
    struct troth_pending *pending = given;
    struct troth_caller *caller = pending->caller;

    (void)unused;
    (void)what;
    pending->caller = NULL;
    if (caller)
        troth_reply_error(pending->agent, caller, TROTH_AGENT_TIMEOUT, field);
}

static void on_done(struct troth_job *job)
{
    struct troth_pending *pending = (struct troth_pending *)job;

    troth_agent_note(pending->agent, job);
    pending->finish(pending);
    troth_pending_release(pending);
}

static bool set_timer(struct troth_pending *pending)
{
    const int64_t ms = pending->agent->options.timeout_ms + TROTH_PENDING_GRACE_MS;
    const struct timeval later = {(time_t)(ms / 1000), (suseconds_t)(ms % 1000) * 1000};

    pending->late = event_new(pending->agent->options.base, -1, 0, on_late, pending);
    return pending->late && event_add(pending->late, &later) == 0;
}

struct troth_pending *troth_pending_create(struct troth_agent *agent,
                                           struct troth_caller *caller,
                                           enum troth_job_kind kind)
{
    struct troth_pending *pending = calloc(1, sizeof *pending);

    if (!pending) {
        troth_reply_error(agent, caller, TROTH_AGENT_INTERNAL, NULL);
        return NULL;
    }
    pending->agent = agent;
    pending->caller = caller;
    pending->job.kind = kind;
    pending->job.done = on_done;
    pending->job.deadline_ms = troth_clock_monotonic_ms() + agent->options.timeout_ms;
    return pending;
}

bool troth_pending_give(struct troth_pending *pending,
                        void (*finish)(struct troth_pending *pending))
{
    struct troth_agent *agent = pending->agent;

    pending->finish = finish;
    if (!set_timer(pending)) {
        troth_reply_error(agent, pending->caller, TROTH_AGENT_INTERNAL, NULL);
        return false;
    }
    if (!troth_work_give(agent->work, &pending->job)) {
        agent->counters.refused++;
        troth_reply_error(agent, pending->caller, TROTH_AGENT_BUSY, "queue");
        return false;
    }
    troth_caller_wait(pending->caller, pending, forget);
    return true;
}

void troth_pending_release(struct troth_pending *pending)
{
    if (pending->late)
        event_free(pending->late);
    troth_quote_release(&pending->job.quote);
    troth_wipe(pending, sizeof *pending);
    free(pending);
}
