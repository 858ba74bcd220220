/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ct.h"
#include "base/memory.h"
#include "base/span.h"
#include "channel/commitment.h"
#include "channel/exhibit.h"
#include "channel/freshness.h"
#include "channel/handlers.h"
#include "channel/known.h"
#include "pki/public_key.h"

/* What the peer shows: the frame it sent and, where that only names evidence, the one it
 * sent an earlier time. */
struct shown {
    struct troth_proof_frame sent;
    struct troth_proof_frame whole;
    struct troth_span whole_frame;
    const struct troth_known_item *known; /* NULL: all of it was sent */
};

static struct troth_span body_of(struct troth_span frame)
{
    return troth_span_slice(frame, TROTH_FRAME_HEADER, frame.len);
}

static struct troth_known_question question_of(const struct troth_step *s)
{
    return (struct troth_known_question){
        .role = troth_channel_peer_role(s->m),
        .peer = s->m->peer,
        .policy_digest = troth_policy_digest(s->tools->policy),
        .now_s = s->event->now_s,
        .max_age_s = s->m->max_age_s,
        .generation = s->tools->generation,
    };
}

static bool was_offered(const struct troth_machine *m, const uint8_t sha256[static 32])
{
    const struct troth_span wanted = {sha256, 32};

    for (size_t i = 0; i < m->offered_count; i++)
        if (troth_span_equal((struct troth_span)TROTH_ARRAY_SPAN(m->offered[i]), wanted))
            return true;
    return false;
}

static enum troth_channel_reason find_known(struct shown *shown, struct troth_step *s)
{
    const struct troth_channel_tools *tools = s->tools;
    const uint8_t *sha256 = shown->sent.proof.evidence_sha256;

    if (!tools->policy)
        return TROTH_REASON_INTERNAL;
    if (!tools->known || !was_offered(s->m, sha256))
        return TROTH_REASON_UNKNOWN;
    const struct troth_known_question question = question_of(s);

    shown->known = troth_known_find(tools->known, &question, sha256);
    if (!shown->known || question.now_s > shown->known->standing.valid_until_s)
        return TROTH_REASON_UNKNOWN;
    shown->whole_frame = shown->known->frame;
    return troth_proof_parse(&shown->whole, NULL, body_of(shown->whole_frame))
               ? TROTH_REASON_INTERNAL
               : TROTH_REASON_NONE;
}

/* The frame may have come some steps ago: what is known may be gone since. */
static enum troth_channel_reason open_shown(struct shown *out, struct troth_step *s)
{
    const struct troth_span frame = s->m->proof_frame;

    *out = (struct shown){.whole_frame = frame};
    if (troth_proof_parse(&out->sent, &s->m->fault, body_of(frame)))
        return TROTH_REASON_FRAME;
    out->whole = out->sent;
    return out->sent.proof.is_held ? find_known(out, s) : TROTH_REASON_NONE;
}

static enum troth_channel_reason check_digest(struct troth_step *s,
                                              const struct troth_proof *proof)
{
    const struct troth_span said = TROTH_ARRAY_SPAN(proof->evidence_sha256);
    uint8_t *seen = s->m->standing.evidence_sha256;

    if (troth_digest(s->tools->crypto, seen, TROTH_SHA256, proof->evidence))
        return TROTH_REASON_INTERNAL;
    if (proof->level == TROTH_LEVEL_STRICT ||
        troth_span_equal(said, (struct troth_span){seen, 32}))
        return TROTH_REASON_NONE;
    s->m->fault = (struct troth_fault){TROTH_ERR_VALUE, "proof.digest", 0};
    return TROTH_REASON_FRAME;
}

/* Evidence over a note was made after that note's witnesses signed it. Their clock may be
 * a little ahead of this one. */
static enum troth_channel_reason check_checkpoint(struct troth_step *s,
                                                  struct troth_span note)
{
    struct troth_standing *standing = &s->m->standing;
    struct troth_checkpoint checkpoint;

    if (!s->m->takes_checkpoint || !s->tools->witnesses)
        return TROTH_REASON_CHECKPOINT;
    const enum troth_err err = troth_checkpoint_verify(
        &checkpoint, &s->m->fault, note, s->tools->witnesses, s->tools->crypto);
    if (err)
        return err == TROTH_ERR_CRYPTO ? TROTH_REASON_INTERNAL : TROTH_REASON_CHECKPOINT;
    standing->freshness = TROTH_FRESH_CHECKPOINT;
    standing->fresh_s = checkpoint.witnessed_s;
    return TROTH_REASON_NONE;
}

/* Has what is known of it been judged by what counts today? */
static bool still_counts(const struct troth_step *s, const struct troth_known_item *known)
{
    return known && known->generation == s->tools->generation;
}

/* Since when this evidence can be there at all. */
static enum troth_channel_reason check_freshness(struct troth_step *s,
                                                 const struct shown *shown)
{
    const struct troth_proof *proof = &shown->whole.proof;
    struct troth_standing *standing = &s->m->standing;

    if (shown->known && (proof->nonce.len || still_counts(s, shown->known))) {
        standing->freshness = shown->known->standing.freshness;
        standing->fresh_s = shown->known->standing.fresh_s;
        return TROTH_REASON_NONE;
    }
    if (proof->checkpoint.len)
        return check_checkpoint(s, proof->checkpoint);
    standing->freshness = TROTH_FRESH_NONCE;
    standing->fresh_s = s->m->began_s;
    return troth_ct_equal(proof->nonce,
                          (struct troth_span)TROTH_ARRAY_SPAN(s->m->challenge))
               ? TROTH_REASON_NONE
               : TROTH_REASON_STALE;
}

static enum troth_channel_reason check_epoch(struct troth_step *s,
                                             const struct shown *shown)
{
    struct troth_public_key key;

    if (troth_spki_p256_parse(&key, shown->whole.proof.key))
        return TROTH_REASON_KEY;

    const enum troth_channel_reason reason = check_freshness(s, shown);
    const struct troth_ages ages = {
        .now_s = s->event->now_s,
        .max_age_s = s->m->max_age_s,
        .epoch_s = shown->whole.proof.epoch_s,
        .fresh_s = s->m->standing.fresh_s,
    };

    return reason ? reason : troth_ages_check(&ages);
}

/* All that can be said before the connection's secret and the evidence are looked at. */
static enum troth_channel_reason check_shown(struct troth_step *s)
{
    struct troth_standing *standing = &s->m->standing;
    struct shown shown;
    enum troth_channel_reason reason = open_shown(&shown, s);

    if (reason)
        return reason;
    if (shown.sent.role != troth_channel_peer_role(s->m))
        return TROTH_REASON_ROLE;
    if (shown.sent.proof.level != s->m->asks)
        return TROTH_REASON_LEVEL;
    *standing = (struct troth_standing){.level = s->m->asks,
                                        .freshness = TROTH_FRESH_CONNECTION,
                                        .fresh_s = s->m->began_s};
    if (shown.known)
        memcpy(standing->evidence_sha256, shown.known->standing.evidence_sha256,
               sizeof standing->evidence_sha256);
    else
        reason = check_digest(s, &shown.whole.proof);
    if (reason || s->m->asks == TROTH_LEVEL_STRICT)
        return reason;
    return check_epoch(s, &shown);
}

struct troth_channel_action troth_channel_take_proof(struct troth_step *s,
                                                     struct troth_span frame)
{
    struct troth_machine *m = s->m;

    m->proof_frame = frame;
    memcpy(m->peer_frames, m->transcript, sizeof m->peer_frames);

    const enum troth_channel_reason reason = check_shown(s);
    if (reason)
        return troth_channel_refuse(s, reason);
    if (troth_transcript_add(m->transcript, s->tools->crypto, troth_channel_peer_role(m),
                             frame))
        return troth_channel_refuse(s, TROTH_REASON_INTERNAL);
    return troth_channel_ask_exporter(s);
}

struct troth_channel_action troth_channel_ask_exporter(struct troth_step *s)
{
    s->m->state = TROTH_CHANNEL_WANTS_EXPORTER;
    return (struct troth_channel_action){.type = TROTH_ACTION_NEED_EXPORTER,
                                         .bytes = TROTH_ARRAY_SPAN(s->m->challenge)};
}

struct troth_channel_action troth_channel_take_exporter(struct troth_step *s)
{
    const struct troth_span exporter = s->event->bytes;

    if (exporter.len != TROTH_EXPORTER_SIZE)
        return troth_channel_refuse(s, TROTH_REASON_INTERNAL);
    memcpy(s->m->peer_exporter, exporter.ptr, exporter.len);
    s->m->has_looked = false;
    return troth_channel_weigh(s);
}

/* NONE: the evidence is good, and the standing says what it amounts to. */
static enum troth_channel_reason weigh_evidence(struct troth_opinion *opinion,
                                                enum troth_machine_rule *out_rule,
                                                struct troth_step *s,
                                                const struct shown *shown)
{
    struct troth_standing *standing = &s->m->standing;
    struct troth_exhibit exhibit;

    *opinion = (struct troth_opinion){.reason = TROTH_REASON_NONE};
    if (still_counts(s, shown->known)) {
        *standing = shown->known->standing;
        *out_rule = shown->known->rule;
        return TROTH_REASON_NONE;
    }
    if (troth_exhibit_from_proof(&exhibit, s, &shown->whole.proof))
        return TROTH_REASON_INTERNAL;
    troth_exhibit_judge(opinion, s, &exhibit);
    if (opinion->reason)
        return opinion->reason;
    *out_rule = troth_machine_rule_of(opinion->result);
    troth_standing_fill(standing, opinion->result);
    return TROTH_REASON_NONE;
}

static enum troth_channel_reason reason_of(enum troth_err err)
{
    if (err == TROTH_ERR_SIGNATURE)
        return TROTH_REASON_SIGNATURE;
    if (err == TROTH_ERR_KEY)
        return TROTH_REASON_KEY;
    return err ? TROTH_REASON_INTERNAL : TROTH_REASON_NONE;
}

/* Did the key that the evidence vouches for sign this very connection? */
static enum troth_channel_reason check_signature(struct troth_step *s,
                                                 const struct shown *shown)
{
    const struct troth_crypto *crypto = s->tools->crypto;
    const struct troth_commitment commitment = troth_peer_commitment(s->m);
    struct troth_public_key key;
    uint8_t binding[TROTH_BINDING_SIZE];
    struct troth_span message = TROTH_ARRAY_SPAN(binding);

    if (s->m->asks == TROTH_LEVEL_STRICT)
        return TROTH_REASON_NONE;
    if (troth_spki_p256_parse(&key, shown->whole.proof.key))
        return TROTH_REASON_KEY;
    if (troth_commitment_compute(binding, crypto, &commitment))
        return TROTH_REASON_INTERNAL;
    return reason_of(crypto->ops->verify(crypto->state, TROTH_ECDSA_P256_SHA256, &key,
                                         (struct troth_parts){&message, 1},
                                         shown->sent.signature));
}

/* For the next connection. What lapses is judged by the standing's own end. */
static void remember(const struct troth_step *s, const struct shown *shown,
                     enum troth_machine_rule rule)
{
    const struct troth_known_question question = question_of(s);

    if (!s->tools->known || s->m->asks != TROTH_LEVEL_EPOCH ||
        still_counts(s, shown->known))
        return;
    troth_known_put(s->tools->known, &question,
                    &(struct troth_known_item){.standing = s->m->standing,
                                               .rule = rule,
                                               .generation = s->tools->generation,
                                               .epoch_s = shown->whole.proof.epoch_s,
                                               .frame = shown->whole_frame});
}

static struct troth_channel_action accept(struct troth_step *s, const struct shown *shown,
                                          const struct troth_opinion *opinion,
                                          enum troth_machine_rule rule)
{
    struct troth_machine *m = s->m;

    remember(s, shown, rule);
    m->has_standing = true;
    m->generation = s->tools->generation;
    m->proof_frame = (struct troth_span){NULL, 0};
    m->state = TROTH_CHANNEL_SAID;
    return (struct troth_channel_action){.type = TROTH_ACTION_KEEP,
                                         .bytes = shown->whole_frame,
                                         .standing = &m->standing,
                                         .result = opinion->result};
}

static struct troth_channel_action ask_collateral(struct troth_step *s,
                                                  const struct troth_needs *needs)
{
    s->m->state = TROTH_CHANNEL_WANTS_COLLATERAL;
    return (struct troth_channel_action){.type = TROTH_ACTION_NEED_COLLATERAL,
                                         .needs = needs};
}

struct troth_channel_action troth_channel_weigh(struct troth_step *s)
{
    struct troth_opinion opinion = {.reason = TROTH_REASON_NONE};
    enum troth_machine_rule rule = TROTH_MACHINE_UNSAID;
    struct shown shown;
    enum troth_channel_reason reason = open_shown(&shown, s);

    if (!reason)
        reason = weigh_evidence(&opinion, &rule, s, &shown);
    if (reason == TROTH_REASON_UNDETERMINED && opinion.needs && !s->m->has_looked)
        return ask_collateral(s, opinion.needs);
    if (!reason)
        reason = check_signature(s, &shown);
    if (!reason)
        reason = troth_whose_decide(&s->m->standing.whose, rule, s->m->name);
    if (!reason)
        return accept(s, &shown, &opinion, rule);
    s->m->result = opinion.result;
    return troth_channel_refuse_at(s, reason, opinion.fault);
}

struct troth_channel_action troth_channel_take_collateral(struct troth_step *s)
{
    s->m->has_looked = true;
    return troth_channel_weigh(s);
}
