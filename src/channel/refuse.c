/* SPDX-License-Identifier: Apache-2.0 */
#include "channel/handlers.h"

static struct troth_channel_action say_refused(struct troth_step *s)
{
    struct troth_machine *m = s->m;
    const struct troth_result *result = m->result;

    m->state = TROTH_CHANNEL_REFUSED;
    m->result = NULL; /* the arena is another's with the next step */
    return (struct troth_channel_action){
        .type = TROTH_ACTION_REFUSED,
        .reason = m->reason ? m->reason : TROTH_REASON_INTERNAL,
        .peer_reason = m->peer_reason,
        .fault = m->fault,
        .result = result,
    };
}

struct troth_channel_action troth_channel_refuse(struct troth_step *s,
                                                 enum troth_channel_reason reason)
{
    struct troth_machine *m = s->m;
    struct troth_writer w = troth_writer_over(m->refusal, sizeof m->refusal);

    m->reason = reason;
    m->state = TROTH_CHANNEL_REFUSING;
    troth_refuse_write(&w, reason);
    return (struct troth_channel_action){.type = TROTH_ACTION_SEND,
                                         .bytes = troth_writer_span(&w)};
}

struct troth_channel_action troth_channel_refuse_at(struct troth_step *s,
                                                    enum troth_channel_reason reason,
                                                    struct troth_fault fault)
{
    s->m->fault = fault;
    return troth_channel_refuse(s, reason);
}

struct troth_channel_action troth_channel_close(struct troth_step *s,
                                                enum troth_channel_reason reason)
{
    s->m->reason = reason;
    return say_refused(s);
}

struct troth_channel_action troth_channel_take_refuse(struct troth_step *s,
                                                      struct troth_span frame)
{
    struct troth_fault fault;

    if (troth_refuse_parse(&s->m->peer_reason, &fault, frame))
        return troth_channel_refuse_at(s, TROTH_REASON_FRAME, fault);
    return troth_channel_close(s, TROTH_REASON_PEER);
}

struct troth_channel_action troth_channel_refused(struct troth_step *s)
{
    return say_refused(s);
}

struct troth_channel_action troth_channel_closed(struct troth_step *s)
{
    return troth_channel_close(s, TROTH_REASON_CLOSED);
}

struct troth_channel_action troth_channel_slow(struct troth_step *s)
{
    return troth_channel_refuse(s, TROTH_REASON_SLOW);
}

struct troth_channel_action troth_channel_confused(struct troth_step *s)
{
    return troth_channel_refuse(s, TROTH_REASON_INTERNAL);
}
