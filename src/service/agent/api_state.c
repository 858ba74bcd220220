/* SPDX-License-Identifier: Apache-2.0 */
#include "base/span.h"
#include "os/clock.h"
#include "service/agent/answer.h"
#include "service/agent/api.h"
#include "troth/version.h"

static void write_register(struct troth_answer *answer)
{
    troth_json_write_key(&answer->json, "register");
    if (answer->agent->register_claim)
        troth_json_write_text(&answer->json, answer->agent->register_claim);
    else
        troth_json_write_null(&answer->json);
}

static void write_number(struct troth_answer *answer, const char *key, uint64_t value)
{
    troth_json_write_key(&answer->json, key);
    troth_json_write_uint(&answer->json, value);
}

static void write_text(struct troth_answer *answer, const char *key, const char *text)
{
    troth_json_write_key(&answer->json, key);
    troth_json_write_text(&answer->json, text);
}

static void write_bool(struct troth_answer *answer, const char *key, bool value)
{
    troth_json_write_key(&answer->json, key);
    troth_json_write_bool(&answer->json, value);
}

void troth_api_identity(struct troth_question *question)
{
    struct troth_agent *agent = question->agent;
    struct troth_answer answer;

    troth_answer_begin(&answer, agent);
    write_text(&answer, "version", troth_version());
    write_text(&answer, "device", agent->device);
    write_text(&answer, "kind", agent->kind);
    write_register(&answer);
    troth_answer_key(&answer);
    write_number(&answer, "epoch_s", (uint64_t)agent->options.epoch_s);
    troth_answer_send(&answer, question->caller);
}

static const char *device_state(const struct troth_agent *agent, int64_t running_ms)
{
    if (running_ms > TROTH_AGENT_SLOW_MS)
        return "slow";
    if (agent->is_failing)
        return "failing";
    return running_ms ? "working" : "idle";
}

static void write_device(struct troth_answer *answer, const char *state)
{
    const struct troth_agent *agent = answer->agent;

    troth_json_write_key(&answer->json, "device");
    troth_json_begin_object(&answer->json);
    write_text(answer, "name", agent->device);
    write_text(answer, "kind", agent->kind);
    write_text(answer, "state", state);
    troth_answer_fault(answer, "last_error", &agent->last_fault);
    troth_json_end_object(&answer->json);
}

static void write_counters(struct troth_answer *answer)
{
    const struct troth_counters *counters = &answer->agent->counters;

    troth_json_write_key(&answer->json, "quotes");
    troth_json_begin_object(&answer->json);
    write_number(answer, "made", counters->made);
    write_number(answer, "failed", counters->failed);
    write_number(answer, "timed_out", counters->timed_out);
    troth_json_end_object(&answer->json);
    troth_json_write_key(&answer->json, "queue");
    troth_json_begin_object(&answer->json);
    write_number(answer, "waiting", troth_work_waiting(answer->agent->work));
    write_number(answer, "most", TROTH_WORK_QUEUE_MAX);
    write_number(answer, "refused", counters->refused);
    troth_json_end_object(&answer->json);
}

static void write_events(struct troth_answer *answer)
{
    const struct troth_events *events = &answer->agent->events;

    troth_json_write_key(&answer->json, "events");
    troth_json_begin_object(&answer->json);
    write_number(answer, "count", events->count);
    write_bool(answer, "sealed", events->is_sealed);
    write_bool(answer, "doubtful", events->is_doubtful);
    troth_json_end_object(&answer->json);
}

void troth_api_health(struct troth_question *question)
{
    struct troth_agent *agent = question->agent;
    const int64_t running_ms = troth_work_running_ms(agent->work);
    const bool is_slow = running_ms > TROTH_AGENT_SLOW_MS;
    struct troth_answer answer;

    troth_answer_begin(&answer, agent);
    write_text(&answer, "status",
               is_slow || agent->is_failing || agent->events.is_doubtful ? "degraded"
                                                                         : "ok");
    write_number(&answer, "uptime_s", (uint64_t)(troth_clock_boot_s() - agent->begun_s));
    write_device(&answer, device_state(agent, running_ms));
    write_counters(&answer);
    write_events(&answer);
    write_number(&answer, "connections",
                 agent->door ? troth_door_callers(agent->door) : 0);
    troth_answer_send(&answer, question->caller);
}

void troth_api_event_log(struct troth_question *question)
{
    struct troth_agent *agent = question->agent;
    struct troth_answer_page page = {.status = 200, .body = {agent->page, 0}};
    struct troth_event_log log;

    if (!agent->register_claim) {
        troth_answer_error(agent, question->caller, TROTH_AGENT_UNSUPPORTED, "register");
        return;
    }
    log = troth_events_log(&agent->events, agent->register_claim);
    if (troth_event_log_write(agent->page, TROTH_AGENT_PAGE_MAX, &page.body.len, &log))
        troth_answer_error(agent, question->caller, TROTH_AGENT_INTERNAL, NULL);
    else
        troth_caller_answer(question->caller, &page);
}
