/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "base/span.h"
#include "channel/commitment.h"
#include "channel/handlers.h"

enum { SIGNATURE_SIZE = 64 };

static struct troth_span digest_of(const struct troth_proof *proof)
{
    return (struct troth_span)TROTH_ARRAY_SPAN(proof->evidence_sha256);
}

/* STRICT: evidence is made over the connection. EPOCH: the connection is signed by a key
 * that evidence is there for already. */
struct troth_channel_action troth_channel_give_proof(struct troth_step *s)
{
    return s->m->peer_asks == TROTH_LEVEL_STRICT ? troth_channel_ask_own_exporter(s)
                                                 : troth_channel_ask_own_proof(s);
}

struct troth_channel_action troth_channel_ask_own_exporter(struct troth_step *s)
{
    s->m->state = TROTH_CHANNEL_WANTS_OWN_EXPORTER;
    return (struct troth_channel_action){
        .type = TROTH_ACTION_NEED_EXPORTER,
        .bytes = {s->m->peer_challenge, sizeof s->m->peer_challenge}};
}

static enum troth_err compute_binding(struct troth_step *s, struct troth_span exporter)
{
    struct troth_machine *m = s->m;
    const bool is_client = m->role == TROTH_CLIENT;
    const struct troth_span own = troth_leaf_span(&m->own_leaf);
    const struct troth_span peer = troth_leaf_span(&m->peer_leaf);
    struct troth_commitment commitment = {
        .role = m->role,
        .level = m->peer_asks,
        .client_certificate = is_client ? own : peer,
        .server_certificate = is_client ? peer : own,
    };

    memcpy(commitment.frames, m->transcript, sizeof commitment.frames);
    memcpy(commitment.exporter, exporter.ptr, sizeof commitment.exporter);
    if (m->peer_asks == TROTH_LEVEL_EPOCH)
        commitment.evidence = digest_of(&m->proof);
    return troth_commitment_compute(m->binding, s->tools->crypto, &commitment);
}

struct troth_channel_action troth_channel_take_own_exporter(struct troth_step *s)
{
    if (s->event->bytes.len != TROTH_EXPORTER_SIZE || compute_binding(s, s->event->bytes))
        return troth_channel_refuse(s, TROTH_REASON_INTERNAL);
    return s->m->peer_asks == TROTH_LEVEL_STRICT ? troth_channel_ask_own_proof(s)
                                                 : troth_channel_ask_own_signature(s);
}

struct troth_channel_action troth_channel_ask_own_proof(struct troth_step *s)
{
    struct troth_machine *m = s->m;
    struct troth_proof_request request = {.role = m->role, .level = m->peer_asks};

    if (m->peer_asks == TROTH_LEVEL_STRICT) {
        request.binding = (struct troth_span)TROTH_ARRAY_SPAN(m->binding);
    } else {
        request.challenge = (struct troth_span)TROTH_ARRAY_SPAN(m->peer_challenge);
        request.takes_checkpoint = m->peer_takes_checkpoint;
        request.held = (struct troth_span){m->peer_held[0],
                                           m->peer_held_count * sizeof m->peer_held[0]};
    }
    m->state = TROTH_CHANNEL_WANTS_OWN_PROOF;
    return (struct troth_channel_action){.type = TROTH_ACTION_NEED_PROOF,
                                         .request = request};
}

static bool is_held_by_peer(const struct troth_machine *m,
                            const struct troth_proof *proof)
{
    for (size_t i = 0; i < m->peer_held_count; i++)
        if (troth_span_equal((struct troth_span)TROTH_ARRAY_SPAN(m->peer_held[i]),
                             digest_of(proof)))
            return true;
    return false;
}

/* Is it what was asked for? The peer would refuse it; then this side has failed. */
static bool answers_request(const struct troth_machine *m,
                            const struct troth_proof *proof)
{
    const struct troth_span challenge = TROTH_ARRAY_SPAN(m->peer_challenge);

    if (proof->level != m->peer_asks)
        return false;
    if (proof->level == TROTH_LEVEL_STRICT)
        return !proof->is_held;
    if (proof->is_held)
        return is_held_by_peer(m, proof);
    return proof->nonce.len ? troth_span_equal(proof->nonce, challenge)
                            : m->peer_takes_checkpoint;
}

/* The frame, once all of it is known. */
static struct troth_channel_action send_proof(struct troth_step *s,
                                              struct troth_span signature)
{
    struct troth_writer w = troth_channel_begin_frame(s, TROTH_FRAME_MAX);

    troth_proof_write(&w, &(struct troth_proof_frame){.role = s->m->role,
                                                      .proof = s->m->proof,
                                                      .signature = signature});
    s->m->proof = (struct troth_proof){0};
    return troth_channel_send(s, &w);
}

/* Why there is none; nobody has other reasons for that. */
static enum troth_channel_reason why_none(const struct troth_channel_event *event)
{
    return event->reason == TROTH_REASON_BUSY ? TROTH_REASON_BUSY : TROTH_REASON_CANNOT;
}

struct troth_channel_action troth_channel_take_own_proof(struct troth_step *s)
{
    const struct troth_proof *proof = s->event->proof;

    if (!proof)
        return troth_channel_refuse(s, why_none(s->event));
    if (!answers_request(s->m, proof))
        return troth_channel_refuse(s, TROTH_REASON_INTERNAL);
    s->m->proof = *proof;
    return proof->level == TROTH_LEVEL_STRICT
               ? send_proof(s, (struct troth_span){NULL, 0})
               : troth_channel_ask_own_exporter(s);
}

struct troth_channel_action troth_channel_ask_own_signature(struct troth_step *s)
{
    s->m->state = TROTH_CHANNEL_WANTS_OWN_SIGNATURE;
    return (struct troth_channel_action){.type = TROTH_ACTION_NEED_SIGNATURE,
                                         .bytes = TROTH_ARRAY_SPAN(s->m->binding)};
}

struct troth_channel_action troth_channel_take_own_signature(struct troth_step *s)
{
    const struct troth_span signature = s->event->bytes;

    if (!signature.len)
        return troth_channel_refuse(s, why_none(s->event));
    if (signature.len != SIGNATURE_SIZE)
        return troth_channel_refuse(s, TROTH_REASON_INTERNAL);
    return send_proof(s, signature);
}
