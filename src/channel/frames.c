/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "channel/commitment.h"
#include "channel/handlers.h"

/* The one place where each frame may come. */
struct place {
    enum troth_channel_state state;
    enum troth_frame_type type;
    struct troth_channel_action (*take)(struct troth_step *s, struct troth_span frame);
};

static const struct place places[] = {
    {TROTH_CHANNEL_WANTS_HELLO, TROTH_FRAME_HELLO, troth_channel_take_hello},
    {TROTH_CHANNEL_WANTS_PROOF, TROTH_FRAME_PROOF, troth_channel_take_proof},
    {TROTH_CHANNEL_WANTS_DONE, TROTH_FRAME_DONE, troth_channel_take_done},
    {TROTH_CHANNEL_OPEN, TROTH_FRAME_DATA, troth_channel_take_data},
    {TROTH_CHANNEL_OPEN, TROTH_FRAME_END, troth_channel_take_end},
};

static enum troth_channel_reason why_not_here(const struct troth_machine *m,
                                              enum troth_frame_type type)
{
    const bool is_data = type == TROTH_FRAME_DATA || type == TROTH_FRAME_END;

    return is_data && m->state != TROTH_CHANNEL_OPEN ? TROTH_REASON_EARLY
                                                     : TROTH_REASON_ORDER;
}

struct troth_channel_action troth_channel_take_bytes(struct troth_step *s,
                                                     struct troth_span frame)
{
    struct troth_fault fault;
    struct troth_frame whole;

    if (troth_frame_parse(&whole, &fault, frame))
        return troth_channel_refuse_at(s, TROTH_REASON_FRAME, fault);
    if (whole.type == TROTH_FRAME_REFUSE)
        return troth_channel_take_refuse(s, whole.body);
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        if (places[i].state == s->m->state && places[i].type == whole.type)
            return places[i].take(s, frame);
    return troth_channel_refuse(s, why_not_here(s->m, whole.type));
}

struct troth_channel_action troth_channel_take_frame(struct troth_step *s)
{
    return troth_channel_take_bytes(s, s->event->bytes);
}

struct troth_writer troth_channel_begin_frame(struct troth_step *s, size_t size)
{
    uint8_t *room = troth_arena_take_unset(s->tools->arena, size, 1);

    return troth_writer_over(room, room ? size : 0);
}

struct troth_channel_action troth_channel_send(struct troth_step *s,
                                               const struct troth_writer *w)
{
    struct troth_machine *m = s->m;
    struct troth_span frame;

    if (troth_writer_finish(w, &frame) ||
        troth_transcript_add(m->transcript, s->tools->crypto, m->role, frame))
        return troth_channel_refuse(s, TROTH_REASON_INTERNAL);
    m->state = TROTH_CHANNEL_SAID;
    return (struct troth_channel_action){.type = TROTH_ACTION_SEND, .bytes = frame};
}
