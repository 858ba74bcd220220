/* SPDX-License-Identifier: Apache-2.0 */
/* What was good once is shown again: on another connection, under the same challenge or
 * another, and another day. */
#include <string.h>

#include "test/harness.h"
#include "test/support/channel_leg.h"
#include "test/support/channel_party.h"

static struct channel_world world;
static struct party client, server;

/* What he wrote down of an honest server's proof, as its client. */
static struct troth_span proof_of(enum troth_level level, const uint8_t *challenge)
{
    struct troth_span frame, proof = {NULL, 0};
    struct leg leg;

    leg_begin(&leg, &world, TROTH_CLIENT);
    party_connect(&server);
    leg_open(&leg, party_take_line(&server));
    for (int turn = 0; turn < 8; turn++) {
        leg_step(&leg);
        party_step(&server);
        if (turn == 4)
            leg_send(&leg, leg_hello(&leg, level, challenge));
        while (leg_take(&leg, &frame))
            if (frame.ptr[0] == TROTH_FRAME_PROOF)
                proof = frame;
    }
    CHECK(proof.len > 0);
    leg_end(&leg);
    return proof;
}

static void settle(struct leg *leg)
{
    for (int turn = 0; turn < 8; turn++) {
        party_step(&client);
        leg_step(leg);
    }
}

/* A server of his own, which the client reaches: he has its HELLO. */
static void lure(struct leg *leg)
{
    static const uint8_t own[TROTH_CHALLENGE_SIZE] = {0xa7};
    struct troth_span frame;

    leg_begin(leg, &world, TROTH_SERVER);
    party_connect(&client);
    leg_open(leg, party_take_line(&client));
    settle(leg);
    CHECK(leg_take(leg, &frame));
    leg_send(leg, leg_hello(leg, TROTH_LEVEL_NONE, own));
}

static void answer(struct leg *leg, struct troth_span proof)
{
    leg_send(leg, proof);
    leg_send(leg, leg_done(leg));
    leg_send(leg, leg_data(leg, "believe me"));
    settle(leg);
}

static void begin(enum troth_level asks)
{
    party_begin(&client, &world, TROTH_CLIENT, CHANNEL_TDX);
    party_begin(&server, &world, TROTH_SERVER, CHANNEL_TDX);
    client.side.terms.asks = asks;
}

static void end(void)
{
    CHECK_TEXT(client.heard, "");
    party_end(&client);
    party_end(&server);
}

enum thing { AS_IT_IS, WITH_STOLEN_KEY, AS_HELD, AS_HELD_WITH_STOLEN_KEY };

static void make_held(struct troth_proof_frame *proof, const void *context)
{
    (void)context;
    proof->proof.is_held = true;
}

static struct troth_span prepare(const struct leg *leg, struct troth_span proof,
                                 enum thing thing)
{
    static uint8_t room[TROTH_FRAME_MAX];

    if (thing == WITH_STOLEN_KEY || thing == AS_HELD_WITH_STOLEN_KEY)
        proof = leg_sign_anew(leg, &server.side, proof);
    if (thing != AS_HELD && thing != AS_HELD_WITH_STOLEN_KEY)
        return proof;
    memcpy(room, proof.ptr, proof.len);
    return (struct troth_span){
        room, channel_rewrite_proof(room, proof.len, sizeof room, make_held, NULL)};
}

static void replay(void)
{
    enum { EPOCH = TROTH_LEVEL_EPOCH, STRICT = TROTH_LEVEL_STRICT };
    static const struct {
        const char *why;
        int level;
        bool is_same; /* the challenge of the client's own connection */
        enum thing thing;
        const char *state;
    } rows[] = {
        {"strict, another challenge", STRICT, false, AS_IT_IS, "evidence"},
        {"strict, the same challenge", STRICT, true, AS_IT_IS, "evidence"},
        {"epoch, another challenge", EPOCH, false, AS_IT_IS, "stale"},
        {"epoch, the same challenge", EPOCH, true, AS_IT_IS, "signature"},
        {"epoch, another challenge, and a live key that signs anew", EPOCH, false,
         WITH_STOLEN_KEY, "stale"},
        {"epoch, named as if the client held it", EPOCH, true, AS_HELD_WITH_STOLEN_KEY,
         "unknown"},
    };
    static const uint8_t other[TROTH_CHALLENGE_SIZE] = {0x42};

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_span proof;
        struct leg leg;

        test_case("replay: %s", rows[i].why);
        begin((enum troth_level)rows[i].level);
        lure(&leg);
        CHECK_INT(leg.peer.asks, rows[i].level);
        proof = proof_of((enum troth_level)rows[i].level,
                         rows[i].is_same ? leg.peer.challenge.ptr : other);
        answer(&leg, prepare(&leg, proof, rows[i].thing));
        CHECK_TEXT(party_state(&client), rows[i].state);
        leg_end(&leg);
        end();
    }
}

/* The client meets the server; then it is shown what the server showed it. */
static void replay_to_the_same(void)
{
    static const char *const states[TROTH_LEVEL_COUNT] = {
        [TROTH_LEVEL_EPOCH] = "stale", [TROTH_LEVEL_STRICT] = "evidence"};

    for (int level = TROTH_LEVEL_EPOCH; level < TROTH_LEVEL_COUNT; level++) {
        struct troth_span proof;
        struct leg leg;

        test_case("replay: what this client accepted a moment ago, %s",
                  troth_level_name((enum troth_level)level));
        begin((enum troth_level)level);
        party_meet(&client, &server);
        CHECK_TEXT(party_states(&client, &server), "open, open");
        proof = trial_keep(&world.trial, client.connection->kept);
        lure(&leg);
        answer(&leg, proof);
        CHECK_TEXT(party_state(&client), states[level]);
        leg_end(&leg);
        end();
    }
}

/* The client remembers evidence and says so in its HELLO. To name it takes no machine,
 * but the key. */
static void replay_what_is_held(void)
{
    static const struct {
        const char *why;
        enum thing thing;
        const char *state, *heard;
    } rows[] = {
        {"under the signature it had", AS_HELD, "signature", ""},
        {"sent whole, under that signature", AS_IT_IS, "stale", ""},
        /* What epoch rests on. */
        {"with the stolen key: it passes", AS_HELD_WITH_STOLEN_KEY, "open", "believe me"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_span proof;
        struct leg leg;

        test_case("replay: evidence that the client holds, %s", rows[i].why);
        begin(TROTH_LEVEL_EPOCH);
        channel_side_remember(&client.side, 4);
        party_meet(&client, &server);
        proof = trial_keep(&world.trial, client.connection->kept);
        lure(&leg);
        CHECK_INT(leg.peer.held.len, 32);
        answer(&leg, prepare(&leg, proof, rows[i].thing));
        CHECK_TEXT(party_state(&client), rows[i].state);
        CHECK_TEXT(client.heard, rows[i].heard);
        leg_end(&leg);
        client.heard[0] = '\0';
        end();
    }
}

/* More evidence is known than a HELLO has room for: what was not offered in it counts for
 * nothing, whoever has its key. */
static void replay_what_was_not_offered(void)
{
    struct troth_span oldest = {NULL, 0};
    struct leg leg;

    test_case("replay: evidence that the client knows, and did not offer");
    begin(TROTH_LEVEL_EPOCH);
    channel_side_remember(&client.side, 8);
    for (int i = 0; i <= TROTH_HELD_MAX; i++) {
        server.side.made = (struct troth_proof){.level = TROTH_LEVEL_NONE};
        party_meet(&client, &server);
        CHECK_TEXT(party_state(&client), "open");
        if (i == 0)
            oldest = trial_keep(&world.trial, client.connection->kept);
    }
    lure(&leg);
    CHECK_INT(leg.peer.held.len, TROTH_HELD_MAX * 32);
    answer(&leg, prepare(&leg, oldest, AS_HELD_WITH_STOLEN_KEY));
    CHECK_TEXT(party_state(&client), "unknown");
    leg_end(&leg);
    end();
}

/* A connection of a client whose random numbers come again: a machine restored from a
 * snapshot. Its challenge is no secret and no longer fresh. */
struct restored {
    struct channel_side side; /* the first: its habit is given its address */
    struct leg *leg;          /* its TLS */
};

static void export_of_leg(struct channel_side *side, uint8_t out[static 32],
                          struct troth_span context)
{
    const struct leg *leg = ((struct restored *)side)->leg;

    CHECK_INT(SSL_export_keying_material(leg->ssl, out, 32, TROTH_EXPORTER_LABEL,
                                         strlen(TROTH_EXPORTER_LABEL), context.ptr,
                                         context.len, 1),
              1);
}

/* It asks the honest server; what that sends is given to it, or what was kept is. */
static void meet_restored(struct restored *client_side, enum troth_level asks,
                          struct troth_span *kept)
{
    struct channel_side *side = &client_side->side;
    struct troth_span frame;
    struct leg leg;

    leg_begin(&leg, &world, TROTH_CLIENT);
    party_connect(&server);
    leg_open(&leg, party_take_line(&server));
    channel_side_begin(side, &world, TROTH_CLIENT, CHANNEL_TDX);
    side->terms.asks = asks;
    side->terms.peer_certificate = (struct troth_span){server.tls->certificate,
                                                       server.tls->certificate_len};
    side->habits.export = export_of_leg;
    client_side->leg = &leg;
    for (int turn = 0; turn < 8; turn++) {
        leg_step(&leg);
        party_step(&server);
        if (turn == 4)
            channel_side_start(side);
        while (channel_side_take(side, &frame))
            leg_send(&leg, frame);
        while (leg_take(&leg, &frame)) {
            const bool is_proof = frame.ptr[0] == TROTH_FRAME_PROOF;

            if (is_proof && kept->len > 0)
                frame = *kept;
            else if (is_proof)
                *kept = frame;
            channel_side_give(side, frame);
        }
    }
    leg_end(&leg);
}

static void replay_to_a_snapshot(void)
{
    static const char *const states[TROTH_LEVEL_COUNT] = {
        [TROTH_LEVEL_EPOCH] = "signature", [TROTH_LEVEL_STRICT] = "evidence"};

    for (int level = TROTH_LEVEL_EPOCH; level < TROTH_LEVEL_COUNT; level++) {
        struct troth_span kept = {NULL, 0};
        struct restored restored;

        test_case("replay: to a client restored from a snapshot, which asks the very "
                  "same, %s",
                  troth_level_name((enum troth_level)level));
        begin((enum troth_level)level);
        meet_restored(&restored, (enum troth_level)level, &kept);
        CHECK_TEXT(channel_side_state(&restored.side), "open");
        channel_side_end(&restored.side);
        meet_restored(&restored, (enum troth_level)level, &kept);
        CHECK_TEXT(channel_side_state(&restored.side), states[level]);
        channel_side_end(&restored.side);
        end();
    }
}

/* Evidence of yesterday, and its key is still there: stolen, or the host's clock stands
 * still, so that the prover's epoch is never over. */
static void replay_yesterday(void)
{
    static const struct {
        const char *why;
        int64_t epoch_ago_s, checkpoint_ago_s; /* checkpoint 0: the client's nonce */
        const char *state;
    } rows[] = {
        {"a key of yesterday, new evidence for it", 86400, 0, "stale"},
        {"a key of yesterday, a checkpoint of today", 86400, 1, "stale"},
        {"a key that says it is of today, a checkpoint of yesterday", 0, 86400, "stale"},
        {"both of yesterday", 86400, 86400, "stale"},
        {"both of today", 60, 60, "open"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("yesterday: %s", rows[i].why);
        begin(TROTH_LEVEL_EPOCH);
        server.side.epoch_s = (uint64_t)(MINTED_AT_S - rows[i].epoch_ago_s);
        if (rows[i].checkpoint_ago_s) {
            client.side.tools.witnesses = &world.witnesses;
            server.side.checkpoint = channel_world_checkpoint(
                &world, 3, MINTED_AT_S - rows[i].checkpoint_ago_s);
        }
        party_meet(&client, &server);
        CHECK_TEXT(party_state(&client), rows[i].state);
        end();
    }
}

int main(void)
{
    channel_world_begin(&world);
    replay();
    replay_to_the_same();
    replay_what_is_held();
    replay_what_was_not_offered();
    replay_to_a_snapshot();
    replay_yesterday();
    channel_world_end(&world);
    return test_finish();
}
