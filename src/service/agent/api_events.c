/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "base/span.h"
#include "service/agent/api.h"
#include "service/agent/pending.h"
#include "service/agent/reply.h"

enum { DIGEST = 48 };

/* The log as the register now has it, and onto the disk where that was asked for. */
static bool note_event(struct troth_pending *pending)
{
    struct troth_agent *agent = pending->agent;
    const char *path = agent->options.events_path;

    if (!pending->job.is_extended) {
        /* A device that did not answer may have done it all the same. */
        agent->events.is_doubtful |= pending->job.fault.error == ETIMEDOUT;
        troth_events_drop(&agent->events, &pending->event);
        return true;
    }
    if (pending->event.name.len)
        troth_events_keep(&agent->events, &pending->event);
    return !path || troth_events_save(&agent->events, path, agent->register_claim) == 0;
}

static void write_events(struct troth_pending *pending)
{
    const struct troth_agent *agent = pending->agent;
    struct troth_reply reply;

    troth_reply_begin(&reply, pending->agent);
    troth_json_write_key(&reply.json, "register");
    troth_json_write_text(&reply.json, agent->register_claim);
    troth_json_write_key(&reply.json, "digest");
    troth_json_write_hex(&reply.json, (struct troth_span){pending->job.bytes, DIGEST});
    troth_json_write_key(&reply.json, "events");
    troth_json_write_uint(&reply.json, agent->events.count);
    troth_json_write_key(&reply.json, "sealed");
    troth_json_write_bool(&reply.json, agent->events.is_sealed);
    troth_reply_send(&reply, pending->caller);
}

static void finish(struct troth_pending *pending)
{
    struct troth_agent *agent = pending->agent;
    const bool is_saved = note_event(pending);

    agent->events.is_doubtful |= !is_saved;
    if (pending->job.kind == TROTH_JOB_SEAL) {
        agent->events.is_sealing = false;
        agent->events.is_final = pending->job.is_done;
    }
    if (!pending->caller)
        return;
    if (!pending->job.is_done)
        troth_reply_device(agent, pending->caller, &pending->job.fault);
    else if (!is_saved)
        troth_reply_error(agent, pending->caller, TROTH_AGENT_INTERNAL, "event-log");
    else
        write_events(pending);
}

/* Promise the event a row and work out its digest. If not, the caller was told. */
static bool prepare(struct troth_pending *pending, const struct troth_event *event)
{
    struct troth_agent *agent = pending->agent;
    struct troth_fault fault = {TROTH_OK, "name", 0};

    fault.err = troth_events_promise(&agent->events, &pending->event, event);
    if (!fault.err)
        fault.err = troth_event_digest(pending->job.bytes, agent->options.crypto, event);
    if (fault.err)
        troth_reply_body_fault(agent, pending->caller, &fault);
    return fault.err == TROTH_OK;
}

/* The boundary may be there from a first try at which the device then failed. */
static bool prepare_boundary(struct troth_pending *pending)
{
    const struct troth_event boundary = {TROTH_LITERAL(TROTH_EVENT_BOUNDARY), {NULL, 0}};
    const struct troth_agent *agent = pending->agent;

    if (!agent->events.is_sealed)
        return prepare(pending, &boundary);
    pending->job.is_extended = true;
    if (!troth_event_digest(pending->job.bytes, agent->options.crypto, &boundary))
        return true;
    troth_reply_error(pending->agent, pending->caller, TROTH_AGENT_INTERNAL, NULL);
    return false;
}

static bool give(struct troth_pending *pending)
{
    return troth_pending_give(pending, finish);
}

/* One that was not given. */
static void drop(struct troth_pending *pending)
{
    troth_events_drop(&pending->agent->events, &pending->event);
    troth_pending_release(pending);
}

/* One that extends the register; NULL: the caller was told why not. */
static struct troth_pending *create(struct troth_question *question,
                                    enum troth_job_kind kind)
{
    if (question->agent->register_claim)
        return troth_pending_create(question->agent, question->caller, kind);
    troth_reply_error(question->agent, question->caller, TROTH_AGENT_UNSUPPORTED,
                      "register");
    return NULL;
}

void troth_api_extend(struct troth_question *question)
{
    const struct troth_event event = {question->values[TROTH_ASKED_NAME].bytes,
                                      question->values[TROTH_ASKED_DATA].bytes};
    const struct troth_fault reserved = {TROTH_ERR_VALUE, "name", 0};
    struct troth_pending *pending;

    if (troth_span_is_text(event.name, TROTH_EVENT_BOUNDARY)) {
        troth_reply_body_fault(question->agent, question->caller, &reserved);
        return;
    }
    pending = create(question, TROTH_JOB_EXTEND);
    if (!pending)
        return;
    if (!prepare(pending, &event) || !give(pending))
        drop(pending);
}

void troth_api_seal(struct troth_question *question)
{
    struct troth_agent *agent = question->agent;
    struct troth_pending *pending;

    if (agent->events.is_final || agent->events.is_sealing) {
        troth_reply_error(agent, question->caller, TROTH_AGENT_SEALED, NULL);
        return;
    }
    pending = create(question, TROTH_JOB_SEAL);
    if (!pending)
        return;
    agent->events.is_sealing = true;
    if (prepare_boundary(pending) && give(pending))
        return;
    agent->events.is_sealing = false;
    drop(pending);
}
