/* SPDX-License-Identifier: Apache-2.0 */
#include "base/span.h"
#include "channel/exhibit.h"
#include "channel/handlers.h"
#include "channel/standing.h"

/* A verdict holds through its last second, and for what it was made by. */
bool troth_channel_has_lapsed(const struct troth_step *s)
{
    const struct troth_machine *m = s->m;

    return m->has_standing && (s->tools->generation != m->generation ||
                               s->event->now_s > m->standing.valid_until_s);
}

struct troth_channel_action troth_channel_ask_kept(struct troth_step *s)
{
    return troth_channel_say(s, TROTH_CHANNEL_WANTS_KEPT, TROTH_ACTION_NEED_KEPT);
}

/* Is it the proof that was accepted, and no other connection's? */
static enum troth_channel_reason open_kept(struct troth_proof_frame *out,
                                           const struct troth_step *s)
{
    const struct troth_span kept = s->m->kept;
    const struct troth_span accepted = TROTH_ARRAY_SPAN(s->m->standing.evidence_sha256);
    uint8_t sha256[32];

    if (troth_proof_parse(out, NULL,
                          troth_span_slice(kept, TROTH_FRAME_HEADER, kept.len)) ||
        out->proof.level != s->m->asks ||
        troth_digest(s->tools->crypto, sha256, TROTH_SHA256, out->proof.evidence) ||
        !troth_span_equal((struct troth_span)TROTH_ARRAY_SPAN(sha256), accepted))
        return TROTH_REASON_INTERNAL;
    return TROTH_REASON_NONE;
}

static enum troth_channel_reason weigh(struct troth_opinion *opinion,
                                       struct troth_step *s)
{
    struct troth_standing *standing = &s->m->standing;
    struct troth_proof_frame frame;
    struct troth_exhibit exhibit;
    const enum troth_channel_reason reason = open_kept(&frame, s);

    *opinion = (struct troth_opinion){.reason = TROTH_REASON_NONE};
    if (reason)
        return reason;
    if (troth_exhibit_from_proof(&exhibit, s, &frame.proof))
        return TROTH_REASON_INTERNAL;
    exhibit.is_again = true;
    troth_exhibit_judge(opinion, s, &exhibit);
    if (opinion->reason)
        return opinion->reason;
    troth_standing_fill(standing, opinion->result);
    return troth_whose_decide(&standing->whose, troth_machine_rule_of(opinion->result),
                              s->m->name);
}

struct troth_channel_action troth_channel_weigh_again(struct troth_step *s)
{
    struct troth_opinion opinion;
    const enum troth_channel_reason reason = weigh(&opinion, s);

    if (reason == TROTH_REASON_UNDETERMINED && opinion.needs && !s->m->has_looked) {
        s->m->state = TROTH_CHANNEL_WANTS_NEW_COLLATERAL;
        return (struct troth_channel_action){.type = TROTH_ACTION_NEED_COLLATERAL,
                                             .needs = opinion.needs};
    }
    s->m->result = opinion.result;
    if (reason == TROTH_REASON_INTERNAL)
        return troth_channel_refuse(s, reason);
    /* What ended already and is accepted all the same would be asked for ever again. */
    if (reason || s->event->now_s > s->m->standing.valid_until_s)
        return troth_channel_refuse_at(s, TROTH_REASON_LAPSED, opinion.fault);
    s->m->result = NULL;
    s->m->kept = (struct troth_span){NULL, 0};
    s->m->generation = s->tools->generation;
    return troth_channel_open(s);
}

struct troth_channel_action troth_channel_take_kept(struct troth_step *s)
{
    s->m->kept = s->event->bytes;
    s->m->has_looked = false;
    return s->event->bytes.len ? troth_channel_weigh_again(s)
                               : troth_channel_refuse(s, TROTH_REASON_LAPSED);
}

struct troth_channel_action troth_channel_take_new_collateral(struct troth_step *s)
{
    s->m->has_looked = true;
    return troth_channel_weigh_again(s);
}
