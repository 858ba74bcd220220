/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "base/span.h"
#include "channel/commitment.h"
#include "channel/handlers.h"
#include "channel/known.h"

static struct troth_span body_of(struct troth_span frame)
{
    return troth_span_slice(frame, TROTH_FRAME_HEADER, frame.len);
}

struct troth_channel_action troth_channel_begin(struct troth_step *s)
{
    s->m->began_s = s->event->now_s;
    return troth_channel_go_on(s);
}

/* What of the peer's evidence need not be sent again. */
static void fill_offer(struct troth_step *s)
{
    struct troth_machine *m = s->m;
    const struct troth_channel_tools *tools = s->tools;

    m->takes_checkpoint = tools->witnesses != NULL;
    if (!tools->known || !tools->policy)
        return;
    const struct troth_known_question question = {
        .role = troth_channel_peer_role(m),
        .peer = m->peer,
        .policy_digest = troth_policy_digest(tools->policy),
        .now_s = s->event->now_s,
        .max_age_s = m->max_age_s,
        .generation = tools->generation,
    };
    m->offered_count = troth_known_offer(m->offered, tools->known, &question);
}

struct troth_channel_action troth_channel_give_hello(struct troth_step *s)
{
    struct troth_machine *m = s->m;
    struct troth_writer w = troth_channel_begin_frame(s, TROTH_FRAME_HEADER +
                                                             TROTH_HELLO_MAX);

    if (m->asks == TROTH_LEVEL_EPOCH)
        fill_offer(s);
    troth_hello_write(
        &w, &(struct troth_hello){
                .role = m->role,
                .asks = m->asks,
                .takes_checkpoint = m->takes_checkpoint,
                .challenge = {m->challenge, sizeof m->challenge},
                .held = {m->offered[0], m->offered_count * sizeof m->offered[0]},
            });
    return troth_channel_send(s, &w);
}

static void note_hello(struct troth_machine *m, const struct troth_hello *hello)
{
    m->peer_asks = hello->asks;
    m->peer_takes_checkpoint = hello->takes_checkpoint;
    memcpy(m->peer_challenge, hello->challenge.ptr, sizeof m->peer_challenge);
    m->peer_held_count = hello->held.len / sizeof m->peer_held[0];
    if (hello->held.len)
        memcpy(m->peer_held, hello->held.ptr, hello->held.len);
}

/* Whether the two sides have anything to do with each other. */
static enum troth_channel_reason check_hello(const struct troth_machine *m,
                                             const struct troth_hello *hello)
{
    if (hello->role != troth_channel_peer_role(m))
        return TROTH_REASON_ROLE;
    if (hello->asks == TROTH_LEVEL_NONE && m->asks == TROTH_LEVEL_NONE)
        return TROTH_REASON_NOTHING;
    if (hello->asks != TROTH_LEVEL_NONE && !m->gives[hello->asks])
        return TROTH_REASON_CANNOT;
    return TROTH_REASON_NONE;
}

/* A frame of the handshake was what it should be. */
static struct troth_channel_action take(struct troth_step *s, struct troth_span frame)
{
    if (troth_transcript_add(s->m->transcript, s->tools->crypto,
                             troth_channel_peer_role(s->m), frame))
        return troth_channel_refuse(s, TROTH_REASON_INTERNAL);
    return troth_channel_go_on(s);
}

struct troth_channel_action troth_channel_take_hello(struct troth_step *s,
                                                     struct troth_span frame)
{
    struct troth_fault fault;
    struct troth_hello hello;
    const enum troth_err err = troth_hello_parse(&hello, &fault, body_of(frame));

    if (err)
        return troth_channel_refuse_at(
            s, err == TROTH_ERR_VERSION ? TROTH_REASON_VERSION : TROTH_REASON_FRAME,
            fault);
    const enum troth_channel_reason reason = check_hello(s->m, &hello);
    if (reason)
        return troth_channel_refuse(s, reason);
    note_hello(s->m, &hello);
    return take(s, frame);
}

struct troth_channel_action troth_channel_give_done(struct troth_step *s)
{
    struct troth_writer w = troth_channel_begin_frame(s, TROTH_FRAME_HEADER + 1);

    troth_done_write(&w, s->m->role);
    return troth_channel_send(s, &w);
}

struct troth_channel_action troth_channel_take_done(struct troth_step *s,
                                                    struct troth_span frame)
{
    struct troth_fault fault;
    enum troth_role role;

    if (troth_done_parse(&role, &fault, body_of(frame)))
        return troth_channel_refuse_at(s, TROTH_REASON_FRAME, fault);
    if (role != troth_channel_peer_role(s->m))
        return troth_channel_refuse(s, TROTH_REASON_ROLE);
    return take(s, frame);
}
