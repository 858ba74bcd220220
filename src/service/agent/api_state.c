/* SPDX-License-Identifier: Apache-2.0 */
#include "base/span.h"
#include "os/clock.h"
#include "service/agent/api.h"
#include "service/agent/reply.h"
#include "service/relay.h"
#include "troth/version.h"

static void write_number(struct troth_reply *reply, const char *key, uint64_t value)
{
    troth_json_write_key(&reply->json, key);
    troth_json_write_uint(&reply->json, value);
}

static void write_text(struct troth_reply *reply, const char *key, const char *text)
{
    troth_json_write_key(&reply->json, key);
    troth_json_write_text(&reply->json, text);
}

/* NULL: there is none. */
static void write_text_or_null(struct troth_reply *reply, const char *key,
                               const char *text)
{
    troth_json_write_key(&reply->json, key);
    if (text)
        troth_json_write_text(&reply->json, text);
    else
        troth_json_write_null(&reply->json);
}

static void write_bool(struct troth_reply *reply, const char *key, bool value)
{
    troth_json_write_key(&reply->json, key);
    troth_json_write_bool(&reply->json, value);
}

void troth_api_identity(struct troth_question *question)
{
    struct troth_agent *agent = question->agent;
    struct troth_reply reply;

    troth_reply_begin(&reply, agent);
    write_text(&reply, "version", troth_version());
    write_text(&reply, "device", agent->device);
    write_text(&reply, "kind", agent->kind);
    write_text_or_null(&reply, "register", agent->register_claim);
    troth_reply_key(&reply);
    write_number(&reply, "epoch_s", (uint64_t)agent->options.epoch_s);
    troth_reply_send(&reply, question->caller);
}

static const char *device_state(const struct troth_agent *agent, int64_t running_ms)
{
    if (running_ms > TROTH_AGENT_SLOW_MS)
        return "slow";
    if (agent->is_failing)
        return "failing";
    return running_ms ? "working" : "idle";
}

static void write_device(struct troth_reply *reply, const char *state)
{
    const struct troth_agent *agent = reply->agent;

    troth_json_write_key(&reply->json, "device");
    troth_json_begin_object(&reply->json);
    write_text(reply, "name", agent->device);
    write_text(reply, "kind", agent->kind);
    write_text(reply, "state", state);
    troth_reply_fault(reply, "last_error", &agent->last_fault);
    troth_json_end_object(&reply->json);
}

static void write_counters(struct troth_reply *reply)
{
    const struct troth_counters *counters = &reply->agent->counters;

    troth_json_write_key(&reply->json, "quotes");
    troth_json_begin_object(&reply->json);
    write_number(reply, "made", counters->made);
    write_number(reply, "failed", counters->failed);
    write_number(reply, "timed_out", counters->timed_out);
    troth_json_end_object(&reply->json);
    troth_json_write_key(&reply->json, "queue");
    troth_json_begin_object(&reply->json);
    write_number(reply, "waiting", troth_work_waiting(reply->agent->work));
    write_number(reply, "most", TROTH_WORK_QUEUE_MAX);
    write_number(reply, "refused", counters->refused);
    troth_json_end_object(&reply->json);
}

static void write_events(struct troth_reply *reply)
{
    const struct troth_events *events = &reply->agent->events;

    troth_json_write_key(&reply->json, "events");
    troth_json_begin_object(&reply->json);
    write_number(reply, "count", events->count);
    write_bool(reply, "sealed", events->is_sealed);
    write_bool(reply, "doubtful", events->is_doubtful);
    troth_json_end_object(&reply->json);
}

/* Null where no channel ends here. */
static void write_channels(struct troth_reply *reply)
{
    struct troth_relay_counts counts;

    troth_json_write_key(&reply->json, "channels");
    if (!reply->agent->relay) {
        troth_json_write_null(&reply->json);
        return;
    }
    counts = troth_relay_counts(reply->agent->relay);
    troth_json_begin_object(&reply->json);
    write_number(reply, "connections", counts.connections);
    write_number(reply, "handshakes", counts.handshakes);
    write_number(reply, "accepted", counts.accepted);
    write_number(reply, "opened", counts.opened);
    write_number(reply, "refused", counts.refused);
    troth_json_end_object(&reply->json);
}

void troth_api_health(struct troth_question *question)
{
    struct troth_agent *agent = question->agent;
    const int64_t running_ms = troth_work_running_ms(agent->work);
    const bool is_slow = running_ms > TROTH_AGENT_SLOW_MS;
    struct troth_reply reply;

    troth_reply_begin(&reply, agent);
    write_text(&reply, "status",
               is_slow || agent->is_failing || agent->events.is_doubtful ? "degraded"
                                                                         : "ok");
    write_number(&reply, "uptime_s", (uint64_t)(troth_clock_boot_s() - agent->begun_s));
    write_device(&reply, device_state(agent, running_ms));
    write_counters(&reply);
    write_events(&reply);
    write_number(&reply, "connections",
                 agent->door ? troth_door_callers(agent->door) : 0);
    write_channels(&reply);
    write_text_or_null(&reply, "upstream", agent->upstream);
    troth_reply_send(&reply, question->caller);
}

void troth_api_event_log(struct troth_question *question)
{
    struct troth_agent *agent = question->agent;
    struct troth_json_page page = {.status = 200, .body = {agent->page, 0}};
    struct troth_event_log log;

    if (!agent->register_claim) {
        troth_reply_error(agent, question->caller, TROTH_AGENT_UNSUPPORTED, "register");
        return;
    }
    log = troth_events_log(&agent->events, agent->register_claim);
    if (troth_event_log_write(agent->page, TROTH_AGENT_PAGE_MAX, &page.body.len, &log))
        troth_reply_error(agent, question->caller, TROTH_AGENT_INTERNAL, NULL);
    else
        troth_caller_answer(question->caller, &page);
}
