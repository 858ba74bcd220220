/* SPDX-License-Identifier: Apache-2.0 */
/* A side is shown what it, or its own machine, sent. Whoever does so has no machine; in
 * some rows he has its key. */
#include <string.h>
#include <unistd.h>

#include "test/harness.h"
#include "test/support/channel_leg.h"
#include "test/support/channel_party.h"

static struct channel_world world;

/* A connection to somebody, and what came of it so far. */
struct reach {
    struct leg leg;
    struct troth_span hello, proof; /* the peer's */
};

static void settle(struct reach *reach, struct party *party)
{
    struct troth_span frame;

    for (int turn = 0; turn < 8; turn++) {
        leg_step(&reach->leg);
        party_step(party);
        while (leg_take(&reach->leg, &frame)) {
            if (frame.ptr[0] == TROTH_FRAME_HELLO)
                reach->hello = frame;
            if (frame.ptr[0] == TROTH_FRAME_PROOF)
                reach->proof = frame;
        }
    }
}

static void reach_out(struct reach *reach, struct party *party, enum troth_role as)
{
    *reach = (struct reach){.hello = {NULL, 0}};
    leg_begin(&reach->leg, &world, as);
    party_connect(party);
    leg_open(&reach->leg, party_take_line(party));
    settle(reach, party);
}

enum thing { AS_IT_IS, AS_THE_OTHER, AS_THE_OTHER_SIGNED };

static void exchange_roles(struct troth_proof_frame *proof, const void *context)
{
    (void)context;
    proof->role = proof->role == TROTH_CLIENT ? TROTH_SERVER : TROTH_CLIENT;
}

static struct troth_span prepare(const struct leg *leg, struct party *key,
                                 struct troth_span proof, enum thing thing)
{
    static uint8_t room[TROTH_FRAME_MAX];

    if (thing == AS_IT_IS)
        return proof;
    memcpy(room, proof.ptr, proof.len);
    proof = (struct troth_span){
        room, channel_rewrite_proof(room, proof.len, sizeof room, exchange_roles, NULL)};
    return thing == AS_THE_OTHER ? proof : leg_sign_anew(leg, &key->side, proof);
}

static void begin(struct party *party, enum troth_role role, enum troth_level asks)
{
    party_begin(party, &world, role, CHANNEL_TDX);
    party->side.terms.asks = asks;
}

static void finish(struct reach *reach, struct party *party, const char *state)
{
    leg_send(&reach->leg, leg_done(&reach->leg));
    leg_send(&reach->leg, leg_data(&reach->leg, "your own words"));
    settle(reach, party);
    CHECK_TEXT(party_state(party), state);
    CHECK_TEXT(party->heard, "");
    leg_end(&reach->leg);
}

struct row {
    const char *why;
    enum troth_level level;
    bool is_same; /* it is made for the very challenge that it has to answer */
    enum thing thing;
    const char *state;
};

#define EPOCH  TROTH_LEVEL_EPOCH
#define STRICT TROTH_LEVEL_STRICT

static const struct row rows[] = {
    {"strict, as it is", STRICT, false, AS_IT_IS, "role"},
    {"strict, in the other role", STRICT, false, AS_THE_OTHER, "evidence"},
    {"strict, made for that challenge, in the other role", STRICT, true, AS_THE_OTHER,
     "evidence"},
    {"epoch, as it is", EPOCH, true, AS_IT_IS, "role"},
    {"epoch, in the other role", EPOCH, false, AS_THE_OTHER, "stale"},
    {"epoch, made for that challenge, in the other role", EPOCH, true, AS_THE_OTHER,
     "evidence"},
    {"epoch, and signed by the stolen key of the other role", EPOCH, true,
     AS_THE_OTHER_SIGNED, "evidence"},
};

/* He is the client of a server that proves, and asks for proof. */
static void reflect_to_server(const struct row *row)
{
    static const uint8_t any[TROTH_CHALLENGE_SIZE] = {0x42};
    struct reach reach, second;
    struct party server, twin;
    struct troth_span proof;

    test_case("reflection to a server: %s", row->why);
    begin(&server, TROTH_SERVER, row->level);
    begin(&twin, TROTH_SERVER, row->level); /* the same server, another connection */
    reach_out(&reach, &server, TROTH_CLIENT);
    leg_send(&reach.leg, leg_hello(&reach.leg, row->level, any));
    settle(&reach, &server);
    proof = reach.proof;
    if (row->is_same) {
        reach_out(&second, &twin, TROTH_CLIENT);
        leg_send(&second.leg,
                 leg_hello(&second.leg, row->level, reach.leg.peer.challenge.ptr));
        settle(&second, &twin);
        proof = second.proof;
        leg_end(&second.leg);
    }
    CHECK(proof.len > 0);
    leg_send(&reach.leg, prepare(&reach.leg, &server, proof, row->thing));
    finish(&reach, &server, row->state);
    party_end(&server);
    party_end(&twin);
}

/* He is the server of a client that asks, and proves. It proves nothing to him before he
 * has; what he shows is from another connection of its machine. */
static void reflect_to_client(const struct row *row)
{
    static const uint8_t any[TROTH_CHALLENGE_SIZE] = {0x42};
    struct reach reach, second;
    struct party client, twin;

    test_case("reflection to a client: %s", row->why);
    begin(&client, TROTH_CLIENT, row->level);
    begin(&twin, TROTH_CLIENT, TROTH_LEVEL_NONE);
    reach_out(&reach, &client, TROTH_SERVER);
    reach_out(&second, &twin, TROTH_SERVER);
    leg_send(&second.leg, leg_hello(&second.leg, row->level,
                                    row->is_same ? reach.leg.peer.challenge.ptr : any));
    settle(&second, &twin);
    CHECK(second.proof.len > 0);
    /* Both challenges alike: then both ends export the same value for either proof. */
    leg_send(&reach.leg, leg_hello(&reach.leg, row->level, reach.leg.peer.challenge.ptr));
    settle(&reach, &client);
    CHECK_INT(reach.proof.len, 0);
    leg_send(&reach.leg, prepare(&reach.leg, &client, second.proof, row->thing));
    finish(&reach, &client, row->state);
    CHECK_INT(reach.proof.len, 0);
    leg_end(&second.leg);
    party_end(&client);
    party_end(&twin);
}

static void reflect_hellos(void)
{
    static const uint8_t any[TROTH_CHALLENGE_SIZE] = {0x42};
    struct party party;
    struct reach reach;

    test_case("reflection: a client's HELLO");
    begin(&party, TROTH_CLIENT, STRICT);
    reach_out(&reach, &party, TROTH_SERVER);
    leg_send(&reach.leg, reach.hello);
    settle(&reach, &party);
    finish(&reach, &party, "role");
    party_end(&party);

    test_case("reflection: a server's HELLO, where its client's proof is due");
    begin(&party, TROTH_SERVER, STRICT);
    reach_out(&reach, &party, TROTH_CLIENT);
    leg_send(&reach.leg, leg_hello(&reach.leg, TROTH_LEVEL_NONE, any));
    settle(&reach, &party);
    leg_send(&reach.leg, reach.hello);
    settle(&reach, &party);
    finish(&reach, &party, "order");
    party_end(&party);
}

/* The bytes go back as they came, TLS and all. */
static void reflect_records(void)
{
    static const enum troth_role roles[] = {TROTH_CLIENT, TROTH_SERVER};
    char bytes[4096];

    for (size_t i = 0; i < COUNT(roles); i++) {
        struct party party;
        ssize_t len;
        int line;

        test_case("reflection: every byte, to a %s", troth_role_name(roles[i]));
        begin(&party, roles[i], STRICT);
        party_connect(&party);
        line = party_take_line(&party);
        if (roles[i] == TROTH_SERVER)
            CHECK(write(line, "\x16\x03\x01", 3) == 3); /* it does not begin by itself */
        for (int turn = 0; turn < 8; turn++) {
            party_step(&party);
            len = read(line, bytes, sizeof bytes);
            if (len > 0)
                CHECK(write(line, bytes, (size_t)len) == len);
        }
        CHECK(strcmp(party_state(&party), "open") != 0);
        if (roles[i] == TROTH_CLIENT)
            CHECK_TEXT(party_state(&party), "tls");
        (void)close(line);
        party_step(&party);
        CHECK_TEXT(party_state(&party), roles[i] == TROTH_CLIENT ? "tls" : "closed");
        party_end(&party);
    }
}

int main(void)
{
    channel_world_begin(&world);
    for (size_t i = 0; i < COUNT(rows); i++) {
        reflect_to_server(&rows[i]);
        reflect_to_client(&rows[i]);
    }
    reflect_hellos();
    reflect_records();
    channel_world_end(&world);
    return test_finish();
}
