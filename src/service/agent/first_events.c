/* SPDX-License-Identifier: Apache-2.0 */
#include "service/agent/first_events.h"

#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>

#include "base/span.h"
#include "os/clock.h"

/* One event on its way to the register. */
struct errand {
    struct troth_job job;
    struct troth_agent *agent;
    struct troth_event copy; /* empty: the log has it already */
    int save_error;
    bool is_back, is_late;
    bool is_left; /* nobody waits for it any more */
};

static int save(const struct troth_agent *agent)
{
    const char *path = agent->options.events_path;

    return path ? troth_events_save(&agent->events, path, agent->register_claim) : 0;
}

/* Also where nobody waits: what the register has is in the log of the next process. */
static void on_done(struct troth_job *job)
{
    struct errand *errand = (struct errand *)job;
    struct troth_agent *agent = errand->agent;

    troth_agent_note(agent, job);
    if (!job->is_extended) {
        troth_events_drop(&agent->events, &errand->copy);
    } else if (errand->copy.name.len) {
        troth_events_keep(&agent->events, &errand->copy);
        errand->save_error = save(agent);
    }
    if (job->kind == TROTH_JOB_SEAL)
        agent->events.is_final = job->is_done;
    errand->is_back = true;
    if (errand->is_left)
        free(errand);
}

static void on_late(int unused, short what, void *given)
{
    struct errand *errand = given;

    (void)unused;
    (void)what;
    errand->is_late = true;
}

/* Until it is back or late. False: somebody broke the loop. */
static bool await(struct errand *errand)
{
    const int64_t ms = errand->agent->options.timeout_ms;
    const struct timeval later = {(time_t)(ms / 1000), (suseconds_t)(ms % 1000) * 1000};
    struct event_base *base = errand->agent->options.base;
    struct event *timer = event_new(base, -1, 0, on_late, errand);
    bool is_broken = false;

    errand->is_late = !timer || event_add(timer, &later) != 0;
    while (!errand->is_back && !errand->is_late && !is_broken) {
        errand->is_late |= event_base_loop(base, EVLOOP_ONCE) < 0;
        is_broken = event_base_got_break(base);
    }
    if (timer)
        event_free(timer);
    return !is_broken;
}

static enum troth_first outcome(const struct errand *errand,
                                struct troth_attester_fault *fault)
{
    if (errand->is_back && !errand->job.is_done) {
        *fault = errand->job.fault;
        return TROTH_FIRST_DEVICE;
    }
    if (!errand->is_back) {
        *fault = (struct troth_attester_fault){.error = ETIMEDOUT,
                                               .step = "extend the register"};
        return TROTH_FIRST_DEVICE;
    }
    fault->error = errand->save_error;
    return errand->save_error ? TROTH_FIRST_LOG : TROTH_FIRST_DONE;
}

/* NULL: no memory. */
static struct errand *create(struct troth_agent *agent, enum troth_job_kind kind,
                             const struct troth_event *event)
{
    struct errand *errand = calloc(1, sizeof *errand);

    if (!errand)
        return NULL;
    errand->agent = agent;
    errand->job.kind = kind;
    errand->job.done = on_done;
    errand->job.deadline_ms = troth_clock_monotonic_ms() + agent->options.timeout_ms;
    /* A boundary that an earlier process recorded may still have to be made final. */
    errand->job.is_extended = kind == TROTH_JOB_SEAL && agent->events.is_sealed;
    if ((errand->job.is_extended ||
         troth_events_promise(&agent->events, &errand->copy, event) == TROTH_OK) &&
        troth_event_digest(errand->job.bytes, agent->options.crypto, event) == TROTH_OK &&
        troth_work_give(agent->work, &errand->job))
        return errand;
    troth_events_drop(&agent->events, &errand->copy);
    free(errand);
    return NULL;
}

static enum troth_first record(struct troth_agent *agent,
                               struct troth_attester_fault *fault,
                               enum troth_job_kind kind, const struct troth_event *event)
{
    struct errand *errand = create(agent, kind, event);
    enum troth_first first;

    if (!errand)
        return TROTH_FIRST_MEMORY;
    first = await(errand) ? outcome(errand, fault) : TROTH_FIRST_ENDED;
    errand->is_left = !errand->is_back;
    if (errand->is_back)
        free(errand);
    return first;
}

static struct troth_event boundary(void)
{
    return (struct troth_event){TROTH_LITERAL(TROTH_EVENT_BOUNDARY), {NULL, 0}};
}

static bool is_same(const struct troth_event *a, const struct troth_event *b)
{
    return troth_span_equal(a->name, b->name) && troth_span_equal(a->data, b->data);
}

/* How many of these the log begins with, the boundary behind them counted as one more.
 * False: it begins otherwise. */
static bool find_begun(const struct troth_events *log, size_t *out,
                       const struct troth_event *events, size_t count)
{
    const struct troth_event last = boundary();

    for (*out = 0; *out <= count && *out < log->count; ++*out)
        if (!is_same(*out < count ? &events[*out] : &last, &log->rows[*out]))
            return false;
    return true;
}

enum troth_first troth_first_events_record(struct troth_agent *agent,
                                           struct troth_attester_fault *fault,
                                           const struct troth_event *events, size_t count)
{
    const struct troth_event last = boundary();
    enum troth_first first = TROTH_FIRST_DONE;
    size_t begun;

    *fault = (struct troth_attester_fault){.error = 0};
    if (count == 0)
        return TROTH_FIRST_DONE;
    if (!agent->register_claim)
        return TROTH_FIRST_NO_REGISTER;
    if (!find_begun(&agent->events, &begun, events, count))
        return TROTH_FIRST_OTHERS;
    /* Where it cannot be kept that has to be known before the register has the first. */
    if (begun <= count)
        fault->error = save(agent);
    if (fault->error)
        return TROTH_FIRST_LOG;
    for (; begun < count && first == TROTH_FIRST_DONE; begun++)
        first = record(agent, fault, TROTH_JOB_EXTEND, &events[begun]);
    return first == TROTH_FIRST_DONE ? record(agent, fault, TROTH_JOB_SEAL, &last)
                                     : first;
}
