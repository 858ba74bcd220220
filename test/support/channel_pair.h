/*
 * channel_pair.h - two channels that talk to each other, and whoever is in between.
 *
 * A side is one channel with all that its caller would do for it: its machine makes
 * evidence, its key signs, its TLS exports. What it sends lies in its outbox until a test
 * takes it, or channel_pair_run() carries it over. TLS is a secret: sides that share it
 * are on one connection; a man in the middle has one with each.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_CHANNEL_PAIR_H
#define TROTH_TEST_CHANNEL_PAIR_H

#include "test/support/channel_world.h"

enum { CHANNEL_OUTBOX = 16, CHANNEL_DELIVERED = 256 };

struct channel_side;

/* What a test may put in the place of what a side does itself; NULL: the side's own. */
struct channel_habits {
    /* False: there is no proof, and `reason` of the side says why. */
    bool (*prove)(struct channel_side *side, struct troth_proof *out,
                  const struct troth_proof_request *request);
    void (*sign)(struct channel_side *side, uint8_t out[static 64],
                 struct troth_span binding);
    void (*export)(struct channel_side *side, uint8_t out[static 32],
                   struct troth_span context);
    /* Collateral is looked for; what is found goes into the side's tools. */
    void (*look)(struct channel_side *side, const struct troth_needs *needs);
};

struct channel_side {
    struct channel_world *world;
    struct channel_habits habits;
    struct channel_machine machine;
    uint8_t tls[32]; /* the secret of its connection */
    struct troth_channel_terms terms;
    struct troth_channel_tools tools;
    int64_t now_s;

    /* What its prover has: a key, and evidence over it that may be shown again. */
    const struct sim_key *key;
    struct sim_bytes key_info;
    uint64_t epoch_s;
    struct troth_span checkpoint; /* given out where the peer takes one; may be empty */
    struct troth_proof made;      /* the last of level EPOCH */
    uint8_t nonce[TROTH_CHALLENGE_SIZE];
    enum troth_channel_reason why_no_proof;

    struct troth_channel channel;
    struct troth_span kept;    /* what KEEP gave, a copy */
    bool loses_kept;           /* it is lost */
    uint8_t asked_binding[64]; /* the last that was signed or quoted */
    struct troth_known known;

    /* What came of it. */
    bool is_accepted, is_refused, has_ended;
    enum troth_channel_reason reason, peer_reason;
    struct troth_fault fault;
    char verdict[TRIAL_LINE]; /* of the last result that stood beside an action, or "" */
    bool has_standing;
    struct troth_standing standing;
    uint8_t delivered[CHANNEL_DELIVERED];
    size_t delivered_len;
    unsigned asked[TROTH_ACTION_REFUSED + 1]; /* how often each action came */
    struct troth_span outbox[CHANNEL_OUTBOX];
    size_t outbox_first, outbox_count;
};

/* A side with machine 0 of its device, the terms zero but for role and challenge; what is
 * in `terms`, `tools` and elsewhere may be changed until it is started. */
void channel_side_begin(struct channel_side *side, struct channel_world *world,
                        enum troth_role role, enum channel_device device);
void channel_side_end(struct channel_side *side);

/* Room for evidence that it knows; kept when the side is begun anew as `side->known` is
 * copied. Freed with the world's trial. */
void channel_side_remember(struct channel_side *side, size_t entries);

/* The first event. */
void channel_side_start(struct channel_side *side);

/* One event, and then whatever the channel asks for, until it waits or has refused. */
void channel_side_tell(struct channel_side *side, enum troth_channel_event_type type);
void channel_side_give(struct channel_side *side, struct troth_span frame);

/* The next frame it sent; false: there is none. It lives as long as the world. */
bool channel_side_take(struct channel_side *side, struct troth_span *out);

/* What it would do itself, for habits that change a little of it. */
bool channel_side_prove(struct channel_side *side, struct troth_proof *out,
                        const struct troth_proof_request *request);
void channel_side_sign(struct channel_side *side, uint8_t out[static 64],
                       struct troth_span binding);
void channel_side_export(struct channel_side *side, uint8_t out[static 32],
                         struct troth_span context);

/* "open", "waits", or the reason's name, and behind "peer " the peer's; with " at FIELD"
 * where there is a fault. Until the next call but seven. */
const char *channel_side_state(const struct channel_side *side);

struct channel_pair {
    struct channel_world *world;
    struct channel_side client, server;
    /* May change what `sender` sends, in a copy that is `room` bytes long; its new
     * length, 0: it is lost. NULL: nobody is in between. */
    size_t (*tamper)(struct channel_pair *pair, const struct channel_side *sender,
                     uint8_t *frame, size_t len, size_t room);
    const void *context; /* for `tamper` */
};

/* Both on one connection, with certificates; each takes any machine of any kind, and
 * gives both levels. Nobody asks for anything yet. */
void channel_pair_begin(struct channel_pair *pair, struct channel_world *world,
                        enum channel_device device);
void channel_pair_end(struct channel_pair *pair);

/* Start both sides, and carry frames until nothing moves. */
void channel_pair_run(struct channel_pair *pair);
/* Only carry. */
void channel_pair_carry(struct channel_pair *pair);

/* One side's application data. */
void channel_pair_say(struct channel_pair *pair, struct channel_side *from,
                      const char *text);

/* The state of both: "open, open". */
const char *channel_pair_state(const struct channel_pair *pair);

/* A PROOF's body changed in place: parsed, bent, written anew. The new length of all. */
struct troth_proof_frame;
size_t channel_rewrite_proof(uint8_t *frame, size_t len, size_t room,
                             void (*bend)(struct troth_proof_frame *proof,
                                          const void *context),
                             const void *context);

/* "policy: test\naccept: [nitro, snp, tdx]\nimages: any\nmachines: any\n" */
const struct troth_policy *channel_any_policy(void);

#endif
