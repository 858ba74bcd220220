/* SPDX-License-Identifier: Apache-2.0 */
#include "channel/exhibit.h"

#include "base/arena.h"
#include "base/memory.h"

struct troth_commitment troth_peer_commitment(const struct troth_machine *m)
{
    const bool is_client = m->role == TROTH_CLIENT;
    const struct troth_span own = troth_leaf_span(&m->own_leaf);
    const struct troth_span peer = troth_leaf_span(&m->peer_leaf);
    struct troth_commitment commitment = {
        .role = troth_channel_peer_role(m),
        .level = m->asks,
        .client_certificate = is_client ? own : peer,
        .server_certificate = is_client ? peer : own,
    };

    memcpy(commitment.frames, m->peer_frames, sizeof commitment.frames);
    memcpy(commitment.exporter, m->peer_exporter, sizeof commitment.exporter);
    if (m->asks == TROTH_LEVEL_EPOCH)
        commitment.evidence = (struct troth_span)TROTH_ARRAY_SPAN(
            m->standing.evidence_sha256);
    return commitment;
}

/* STRICT: the evidence is over the connection. EPOCH: it is over the key. */
static enum troth_err write_binding(struct troth_writer *w, const struct troth_step *s,
                                    const struct troth_proof *proof)
{
    if (s->m->asks == TROTH_LEVEL_EPOCH)
        return troth_key_commitment_write(w, s->tools->crypto,
                                          troth_channel_peer_role(s->m), proof);
    const struct troth_commitment commitment = troth_peer_commitment(s->m);

    troth_commitment_write(w, &commitment);
    return TROTH_OK;
}

enum troth_err troth_exhibit_from_proof(struct troth_exhibit *out,
                                        const struct troth_step *s,
                                        const struct troth_proof *proof)
{
    uint8_t *room = troth_arena_take_unset(s->tools->arena, TROTH_COMMITMENT_TEXT_MAX, 1);
    struct troth_writer w = troth_writer_over(room, room ? TROTH_COMMITMENT_TEXT_MAX : 0);
    enum troth_err err = room ? write_binding(&w, s, proof) : TROTH_ERR_MEMORY;

    *out = (struct troth_exhibit){
        .evidence = proof->evidence,
        .collateral = proof->collateral,
        .fresh_s = s->m->standing.fresh_s,
    };
    if (!err)
        err = troth_writer_finish(&w, &out->binding);
    if (err)
        *out = (struct troth_exhibit){.fresh_s = 0};
    return err;
}
