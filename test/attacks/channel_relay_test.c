/* SPDX-License-Identifier: Apache-2.0 */
/* A man in the middle passes an honest machine's proof off as his own. He ends TLS on
 * both sides; what he has stolen he really uses. */
#include <string.h>

#include "test/harness.h"
#include "test/support/channel_middle.h"

static struct channel_world world;
static struct party client, server;
static struct middle middle;

typedef struct troth_span turn(struct middle *m, const struct leg *from,
                               struct troth_span frame);

static struct channel_side *prover_of(const struct leg *from)
{
    return from == &middle.back ? &server.side : &client.side;
}

static bool is_proof(struct troth_span frame, enum troth_level level)
{
    return frame.ptr[0] == TROTH_FRAME_PROOF &&
           frame.ptr[TROTH_FRAME_HEADER + 1] == (uint8_t)level;
}

/* The prover's attestation key signs for the connection that he has with the verifier. */
static struct troth_span sign_by_stolen_key(struct middle *m, const struct leg *from,
                                            struct troth_span frame)
{
    const struct leg *to = from == &m->back ? &m->front : &m->back;

    return is_proof(frame, TROTH_LEVEL_EPOCH) ? leg_sign_anew(to, prover_of(from), frame)
                                              : frame;
}

/* Strict was asked. He has the prover vouch for its key instead, and signs with it. */
static struct troth_span ask_for_less(struct middle *m, const struct leg *from,
                                      struct troth_span frame)
{
    static uint8_t hello[TROTH_FRAME_HEADER + TROTH_HELLO_MAX];

    if (frame.ptr[0] == TROTH_FRAME_HELLO &&
        frame.ptr[TROTH_FRAME_HEADER + 2] == TROTH_LEVEL_STRICT) {
        memcpy(hello, frame.ptr, frame.len);
        hello[TROTH_FRAME_HEADER + 2] = TROTH_LEVEL_EPOCH;
        frame.ptr = hello;
    }
    return sign_by_stolen_key(m, from, frame);
}

static void show_as_strict(struct troth_proof_frame *proof, const void *context)
{
    (void)context;
    proof->proof.level = TROTH_LEVEL_STRICT;
    proof->signature.len = 0;
}

/* And that evidence he shows as if it were of the connection. */
static struct troth_span dress_up(struct middle *m, const struct leg *from,
                                  struct troth_span frame)
{
    static uint8_t room[TROTH_FRAME_MAX];

    frame = ask_for_less(m, from, frame);
    if (!is_proof(frame, TROTH_LEVEL_EPOCH))
        return frame;
    memcpy(room, frame.ptr, frame.len);
    return (struct troth_span){
        room, channel_rewrite_proof(room, frame.len, sizeof room, show_as_strict, NULL)};
}

static void begin(enum troth_level client_asks, enum troth_level server_asks)
{
    party_begin(&client, &world, TROTH_CLIENT, CHANNEL_TDX);
    party_begin(&server, &world, TROTH_SERVER, CHANNEL_TDX);
    client.side.terms.asks = client_asks;
    server.side.terms.asks = server_asks;
}

static void end(void)
{
    middle_end(&middle);
    party_end(&client);
    party_end(&server);
}

static bool overhears(const char *text)
{
    return middle.overheard.len == strlen(text) &&
           memcmp(middle.overheard.ptr, text, middle.overheard.len) == 0;
}

/* What one side says reaches the other only where both are open. */
static void check_data(bool is_open)
{
    CHECK_INT(party_say(&client, "a secret"), is_open);
    CHECK_INT(party_say(&server, "another"), is_open);
    middle_run(&middle);
    CHECK_TEXT(server.heard, is_open ? "a secret" : "");
    CHECK_TEXT(client.heard, is_open ? "another" : "");
    CHECK_INT(overhears("another"), is_open);
}

static void relay(void)
{
    enum {
        NONE = TROTH_LEVEL_NONE,
        EPOCH = TROTH_LEVEL_EPOCH,
        STRICT = TROTH_LEVEL_STRICT
    };
    static const struct {
        const char *why;
        int client_asks, server_asks;
        turn *turn;
        bool steals_certificate; /* and the key of the server's TLS */
        const char *states;
    } rows[] = {
        {"strict, passed on", STRICT, NONE, NULL, false, "evidence, peer evidence"},
        {"strict, with the server's TLS key as well", STRICT, NONE, NULL, true,
         "evidence, peer evidence"},
        {"strict, with the stolen key: a proof of epoch", STRICT, NONE, ask_for_less,
         true, "level, peer level"},
        {"strict, with the stolen key: that proof's evidence alone", STRICT, NONE,
         dress_up, true, "evidence, peer evidence"},
        {"strict, the client's proof", NONE, STRICT, NULL, false,
         "peer evidence, evidence"},
        {"strict, the client's proof and its stolen key", NONE, STRICT, dress_up, false,
         "peer evidence, evidence"},
        {"strict, both prove", STRICT, STRICT, NULL, true, "evidence, peer evidence"},
        {"epoch, passed on", EPOCH, NONE, NULL, false, "signature, peer signature"},
        {"epoch, with the server's TLS key", EPOCH, NONE, NULL, true,
         "signature, peer signature"},
        {"epoch, the client's proof", NONE, EPOCH, NULL, false,
         "peer signature, signature"},
        {"epoch, both prove, and one key is stolen", EPOCH, STRICT, sign_by_stolen_key,
         true, "peer evidence, evidence"},
        /* What epoch rests on: that the key has not left the machine. */
        {"epoch, with the stolen key: it passes", EPOCH, NONE, sign_by_stolen_key, false,
         "open, open"},
        {"epoch, with the client's stolen key: it passes", NONE, EPOCH,
         sign_by_stolen_key, false, "open, open"},
        {"epoch, with both stolen keys: it passes", EPOCH, EPOCH, sign_by_stolen_key,
         false, "open, open"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("relay: %s", rows[i].why);
        begin((enum troth_level)rows[i].client_asks,
              (enum troth_level)rows[i].server_asks);
        middle_begin(&middle, &client, &server);
        middle.turn = rows[i].turn;
        if (rows[i].steals_certificate)
            leg_steal_certificate(&middle.front, server.tls->context);
        middle_run(&middle);
        CHECK_TEXT(party_states(&client, &server), rows[i].states);
        check_data(strcmp(rows[i].states, "open, open") == 0);
        end();
    }
}

/* A pin says whose TLS it is; a thief of that key passes it, and is refused all the same.
 */
static void relay_past_a_pin(void)
{
    uint8_t pin[32];

    test_case("relay: strict, a pinned certificate, and he has its key");
    begin(TROTH_LEVEL_STRICT, TROTH_LEVEL_NONE);
    party_connect(&server);
    CHECK_ERR(troth_digest(&world.trial.crypto, pin, TROTH_SHA256,
                           (struct troth_span){server.tls->certificate,
                                               server.tls->certificate_len}),
              TROTH_OK);
    client.tls_options.pinned_sha256 = (struct troth_span)TROTH_ARRAY_SPAN(pin);
    middle_begin(&middle, &client, &server);
    leg_steal_certificate(&middle.front, server.tls->context);
    middle_run(&middle);
    CHECK_TEXT(party_states(&client, &server), "evidence, peer evidence");
    end();

    test_case("relay: a pinned certificate, and he has another");
    begin(TROTH_LEVEL_EPOCH, TROTH_LEVEL_NONE);
    client.tls_options.pinned_sha256 = (struct troth_span)TROTH_ARRAY_SPAN(pin);
    middle_begin(&middle, &client, &server);
    middle.turn = sign_by_stolen_key;
    middle_run(&middle);
    CHECK_TEXT(party_state(&client), "tls");
    CHECK_INT(middle.front.peer.challenge.len, 0); /* not one frame was sent to him */
    end();
}

/* The machine has a new key, and he the old one. */
static const struct sim_key *stolen;

static struct troth_span sign_by_old_key(struct middle *m, const struct leg *from,
                                         struct troth_span frame)
{
    struct channel_side thief = {.key = stolen};

    (void)from;
    return is_proof(frame, TROTH_LEVEL_EPOCH) ? leg_sign_anew(&m->front, &thief, frame)
                                              : frame;
}

static struct troth_span recorded;

/* He answers with evidence that he kept, and the key that it vouches for. */
static struct troth_span show_old_evidence(struct middle *m, const struct leg *from,
                                           struct troth_span frame)
{
    struct channel_side thief = {.key = stolen};

    (void)from;
    return is_proof(frame, TROTH_LEVEL_EPOCH) ? leg_sign_anew(&m->front, &thief, recorded)
                                              : frame;
}

static struct troth_span record(struct middle *m, const struct leg *from,
                                struct troth_span frame)
{
    if (is_proof(frame, TROTH_LEVEL_EPOCH))
        recorded = frame;
    return sign_by_stolen_key(m, from, frame);
}

static void outlive_the_epoch(void)
{
    static const struct {
        const char *why;
        int64_t later_s;
        turn *turn;
        bool has_new_key;
        const char *state;
    } rows[] = {
        {"the epoch's last second", 3500, show_old_evidence, false, "open"},
        {"a second later", 3501, show_old_evidence, false, "stale"},
        {"a day later", 86400, show_old_evidence, true, "stale"},
        {"the machine's new evidence, and the old key", 3600, sign_by_old_key, true,
         "signature"},
    };
    const struct troth_span note = channel_world_checkpoint(&world, 2, MINTED_AT_S);

    test_case("stolen key: evidence after a checkpoint passes, and is recorded");
    begin(TROTH_LEVEL_EPOCH, TROTH_LEVEL_NONE);
    client.side.tools.witnesses = &world.witnesses;
    server.side.checkpoint = note;
    stolen = server.side.key;
    middle_begin(&middle, &client, &server);
    middle.turn = record;
    middle_run(&middle);
    CHECK_TEXT(party_states(&client, &server), "open, open");
    end();

    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("stolen key: %s", rows[i].why);
        begin(TROTH_LEVEL_EPOCH, TROTH_LEVEL_NONE);
        client.side.tools.witnesses = &world.witnesses;
        client.side.now_s += rows[i].later_s;
        if (rows[i].has_new_key) {
            sim_bytes_free(&server.side.key_info);
            server.side.key = sim_keyring_key(world.ring, SIM_KEY_P256, "new");
            server.side.key_info = sim_key_info(server.side.key);
            server.side.epoch_s = (uint64_t)client.side.now_s;
        }
        middle_begin(&middle, &client, &server);
        middle.turn = rows[i].turn;
        middle_run(&middle);
        CHECK_TEXT(party_state(&client), rows[i].state);
        end();
    }
}

int main(void)
{
    channel_world_begin(&world);
    relay();
    relay_past_a_pin();
    outlive_the_epoch();
    channel_world_end(&world);
    return test_finish();
}
