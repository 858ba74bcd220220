/* machine.h - what is inside a channel, and what its parts hand each other. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CHANNEL_MACHINE_H
#define TROTH_CHANNEL_MACHINE_H

#include "base/writer.h"
#include "troth/channel.h"

/* What it waits for. The zeroed machine has refused. */
enum troth_channel_state {
    TROTH_CHANNEL_REFUSED = 0,
    TROTH_CHANNEL_NEW,
    TROTH_CHANNEL_SAID, /* something that is answered by GO_ON: to the next stage */
    TROTH_CHANNEL_WANTS_HELLO,
    TROTH_CHANNEL_WANTS_PROOF,
    TROTH_CHANNEL_WANTS_DONE,
    /* For this side's proof. */
    TROTH_CHANNEL_WANTS_OWN_EXPORTER,
    TROTH_CHANNEL_WANTS_OWN_PROOF,
    TROTH_CHANNEL_WANTS_OWN_SIGNATURE,
    /* For the peer's. */
    TROTH_CHANNEL_WANTS_EXPORTER,
    TROTH_CHANNEL_WANTS_COLLATERAL,
    TROTH_CHANNEL_OPEN,
    /* Open, and the peer is judged again. */
    TROTH_CHANNEL_WANTS_KEPT,
    TROTH_CHANNEL_WANTS_NEW_COLLATERAL,
    TROTH_CHANNEL_REFUSING, /* the REFUSE frame is on its way */
    TROTH_CHANNEL_STATE_COUNT
};

/* SHA-256 of a leaf certificate; len 0: there is none. */
struct troth_leaf {
    uint8_t sha256[32];
    size_t len;
};

/*
 * What a struct troth_channel holds. The compiler is told that it is the same memory by
 * another name.
 */
struct __attribute__((may_alias)) troth_machine {
    enum troth_channel_state state;
    size_t stage; /* of the order of this side's role */

    /* The terms. */
    enum troth_role role;
    enum troth_level asks;
    bool gives[TROTH_LEVEL_COUNT];
    enum troth_name_backing name;
    int64_t max_age_s;
    uint8_t peer[32], challenge[TROTH_CHALLENGE_SIZE];
    struct troth_leaf own_leaf, peer_leaf;

    int64_t began_s;        /* the challenge was not answered earlier */
    uint8_t transcript[32]; /* of the frames so far, both sides' */

    /* What this side's HELLO said. */
    bool takes_checkpoint;
    uint8_t offered[TROTH_HELD_MAX][32];
    size_t offered_count;

    /* What the peer's said. */
    enum troth_level peer_asks;
    bool peer_takes_checkpoint;
    uint8_t peer_challenge[TROTH_CHALLENGE_SIZE];
    uint8_t peer_held[TROTH_HELD_MAX][32];
    size_t peer_held_count;

    /* This side's proof, on its way. */
    struct troth_proof proof;
    uint8_t binding[TROTH_BINDING_SIZE];

    /* The peer's: the frame it came in, which the caller lends, and what its commitment
     * is made of. */
    struct troth_span proof_frame;
    uint8_t peer_frames[32], peer_exporter[TROTH_EXPORTER_SIZE];
    bool has_looked; /* for collateral */

    /* What was found of the peer, and by which policy, anchors and collateral. */
    bool has_standing;
    struct troth_standing standing;
    uint64_t generation;

    /* Once open. */
    bool is_accepted;          /* the caller was told */
    bool has_ended;            /* the peer has: no more DATA */
    struct troth_span waiting; /* a frame that came while the verdict had lapsed */
    struct troth_span kept;    /* what KEPT lent */

    /* Once refused. */
    enum troth_channel_reason reason, peer_reason;
    struct troth_fault fault;
    const struct troth_result *result; /* until it is told */
    uint8_t refusal[TROTH_FRAME_HEADER + 1];
};

/* One call of troth_channel_step(). */
struct troth_step {
    struct troth_machine *m;
    const struct troth_channel_tools *tools;
    const struct troth_channel_event *event;
};

/* What answers an event in a state. */
typedef struct troth_channel_action troth_channel_handler(struct troth_step *s);

static inline enum troth_role troth_channel_peer_role(const struct troth_machine *m)
{
    return m->role == TROTH_CLIENT ? TROTH_SERVER : TROTH_CLIENT;
}

static inline struct troth_span troth_leaf_span(const struct troth_leaf *leaf)
{
    return (struct troth_span){leaf->sha256, leaf->len};
}

/* To a state, with an action that needs no more than its type. */
static inline struct troth_channel_action
troth_channel_say(struct troth_step *s, enum troth_channel_state state,
                  enum troth_channel_action_type type)
{
    s->m->state = state;
    return (struct troth_channel_action){.type = type};
}

#endif
