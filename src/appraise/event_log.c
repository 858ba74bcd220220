/* SPDX-License-Identifier: Apache-2.0 */
#include "appraise/appraise.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/memory.h"
#include "base/span.h"
#include "base/value.h"

#define REGISTER_SIZE 48

/* One log before the register that it is said to be of. */
struct inquiry {
    struct troth_judgement *j;
    struct troth_fault *fault;
    const struct troth_format *format;
    const struct troth_claims *claims;
    struct troth_event_log log;
    struct troth_check row;
};

/* The log as it stands; a second boundary leaves it empty, and the row says so. */
static enum troth_err read_log(struct inquiry *q)
{
    const struct troth_verify_input *in = q->j->input;
    struct troth_fault fault;
    enum troth_err err = troth_event_log_parse(&q->log, &fault, in->event_log, in->arena);

    if (err == TROTH_ERR_DUPLICATE &&
        troth_span_is_text(troth_span_of_text(fault.field), "event_log.boundary")) {
        q->row.why = "the boundary is there twice";
        return TROTH_OK;
    }
    if (err && q->fault)
        *q->fault = fault;
    return err;
}

/* The register that this family's evidence carries; NULL, and why, if it is another. */
static const struct troth_value *find_register(struct inquiry *q)
{
    const char *wanted = q->format->event_claim;
    const struct troth_claim *claim;

    if (!wanted) {
        q->row.why = "evidence of this kind carries no register of events";
        return NULL;
    }
    q->row.subject = wanted;
    if (!troth_span_is_text(q->log.target, wanted)) {
        q->row.why = "the log is of another register";
        q->row.seen = troth_value_text_span(q->log.target);
        q->row.wanted = troth_value_text(wanted);
        return NULL;
    }
    claim = troth_claims_find(q->claims, q->log.target);
    if (claim && claim->value.type == TROTH_VALUE_BYTES)
        return &claim->value;
    q->row.why = "the evidence does not say";
    return NULL;
}

/* Every event is replayed, also those that do not count: the register has them all. */
static enum troth_err judge_replay(struct inquiry *q, const struct troth_value *carried)
{
    const struct troth_verify_input *in = q->j->input;
    uint8_t *made = troth_arena_take(in->arena, REGISTER_SIZE);
    enum troth_err err;

    if (!made)
        return TROTH_ERR_MEMORY;
    err = troth_event_log_replay(made, in->crypto, &q->log);
    if (err)
        return err;
    if (!troth_span_equal(carried->bytes, (struct troth_span){made, REGISTER_SIZE})) {
        q->row.why = "the events make another value";
        q->row.seen = *carried;
        q->row.wanted = troth_value_bytes((struct troth_span){made, REGISTER_SIZE});
    } else if (!q->log.is_sealed) {
        q->row.why = "no boundary says which events count";
    } else {
        q->row.outcome = TROTH_PASSED;
    }
    return TROTH_OK;
}

static enum troth_err judge_log(struct inquiry *q)
{
    const struct troth_value *carried;
    enum troth_err err = read_log(q);

    if (err || q->row.why)
        return err;
    carried = find_register(q);
    return carried ? judge_replay(q, carried) : TROTH_OK;
}

/* Once among those that count; what stands behind the boundary anybody may have added. */
static void find_event(struct troth_check *row, const struct troth_event_log *log,
                       const struct troth_event *wanted)
{
    const struct troth_event *found = NULL;
    size_t count = 0;

    for (size_t i = 0; i < log->counted; i++)
        if (troth_span_equal(log->events[i].name, wanted->name)) {
            found = &log->events[i];
            count++;
        }
    if (count != 1) {
        row->why = found ? "more than one event of this name counts"
                         : "no event of this name counts";
        return;
    }
    row->seen = troth_value_bytes(found->data);
    row->wanted = troth_value_bytes(wanted->data);
    if (troth_span_equal(found->data, wanted->data))
        row->outcome = TROTH_PASSED;
    else
        row->why = "the event has other data";
}

/* Of a log that does not hold, no event is looked at: it has failed already. */
static enum troth_err judge_wanted(const struct inquiry *q)
{
    const struct troth_verify_input *in = q->j->input;

    for (size_t i = 0; i < in->wanted_event_count; i++) {
        const struct troth_event *wanted = &in->wanted_events[i];
        struct troth_check row = {.id = TROTH_CHECK_EVENT_LOG, .outcome = TROTH_FAILED};

        row.subject = (const char *)troth_arena_copy(in->arena, wanted->name).ptr;
        if (!row.subject)
            return TROTH_ERR_MEMORY;
        find_event(&row, &q->log, wanted);
        troth_judge(q->j, row);
    }
    return TROTH_OK;
}

enum troth_err troth_appraise_events(struct troth_event_log *out,
                                     struct troth_judgement *j, struct troth_fault *fault,
                                     const struct troth_format *format,
                                     const struct troth_claims *claims)
{
    struct inquiry q = {
        .j = j,
        .fault = fault,
        .format = format,
        .claims = claims,
        .row = {.id = TROTH_CHECK_EVENT_LOG, .outcome = TROTH_FAILED},
    };
    enum troth_err err = TROTH_OK;

    *out = (struct troth_event_log){0};
    if (j->input->event_log.len == 0 && j->input->wanted_event_count == 0)
        return TROTH_OK;
    if (j->input->event_log.len == 0)
        q.row.why = "an event is asked for, and no log was given";
    else
        err = judge_log(&q);
    if (err)
        return err;
    troth_judge(j, q.row);
    if (q.row.outcome != TROTH_PASSED)
        return TROTH_OK;
    *out = q.log;
    return judge_wanted(&q);
}
