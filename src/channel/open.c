/* SPDX-License-Identifier: Apache-2.0 */
#include "base/span.h"
#include "channel/handlers.h"

/* Also where the peer was judged again: what waited for that comes next. */
struct troth_channel_action troth_channel_open(struct troth_step *s)
{
    struct troth_machine *m = s->m;
    const struct troth_span waiting = m->waiting;

    if (troth_channel_has_lapsed(s))
        return troth_channel_ask_kept(s);
    m->state = TROTH_CHANNEL_OPEN;
    m->waiting = (struct troth_span){NULL, 0};
    if (!m->is_accepted) {
        m->is_accepted = true;
        return (struct troth_channel_action){.type = TROTH_ACTION_ACCEPTED,
                                             .standing = m->has_standing ? &m->standing
                                                                         : NULL};
    }
    return waiting.len ? troth_channel_take_bytes(s, waiting)
                       : (struct troth_channel_action){.type = TROTH_ACTION_WAIT};
}

/* Nothing is delivered while the verdict on who sent it has lapsed. */
struct troth_channel_action troth_channel_take_open_frame(struct troth_step *s)
{
    if (!troth_channel_has_lapsed(s))
        return troth_channel_take_bytes(s, s->event->bytes);
    s->m->waiting = s->event->bytes;
    return troth_channel_ask_kept(s);
}

static struct troth_channel_action deliver(struct troth_span bytes)
{
    return (struct troth_channel_action){.type = TROTH_ACTION_DELIVER, .bytes = bytes};
}

struct troth_channel_action troth_channel_take_data(struct troth_step *s,
                                                    struct troth_span frame)
{
    if (s->m->has_ended)
        return troth_channel_refuse(s, TROTH_REASON_ORDER);
    return deliver(troth_span_slice(frame, TROTH_FRAME_HEADER, frame.len));
}

struct troth_channel_action troth_channel_take_end(struct troth_step *s,
                                                   struct troth_span frame)
{
    (void)frame;
    if (s->m->has_ended)
        return troth_channel_refuse(s, TROTH_REASON_ORDER);
    s->m->has_ended = true;
    return deliver((struct troth_span){NULL, 0});
}
