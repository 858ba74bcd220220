/* SPDX-License-Identifier: Apache-2.0 */
/* What was asked, offered and answered is changed on its way. Who does it here has broken
 * TLS: both sides share one connection, and he reads and writes inside it. Whatever is
 * refused then is refused by the frames themselves. */
#include <stdio.h>
#include <string.h>

#include "channel/frame.h"
#include "test/harness.h"
#include "test/support/channel_pair.h"
#include "test/support/channel_party.h"

static struct channel_world world;
static struct channel_pair pair;

enum { NONE = TROTH_LEVEL_NONE, EPOCH = TROTH_LEVEL_EPOCH, STRICT = TROTH_LEVEL_STRICT };
enum { CLIENT = TROTH_CLIENT, SERVER = TROTH_SERVER };
/* Where they stand in HELLO's and PROOF's bodies. */
enum { VERSION = 0, ROLE = 1, ASKS = 2, FLAGS = 3, CHALLENGE = 5, LEVEL = 1, FORM = 2 };

struct row {
    const char *why;
    int client_asks, server_asks;
    int sender;   /* whose frame is changed, … */
    int type;     /* … of which type, … */
    size_t at;    /* … where, … */
    uint8_t into; /* … and what is there then */
    const char *states;
};

#define HELLO TROTH_FRAME_HELLO
#define PROOF TROTH_FRAME_PROOF
#define DONE  TROTH_FRAME_DONE

static const struct row rows[] = {
    {"the client asks strict, and is made to ask epoch", STRICT, NONE, CLIENT, HELLO,
     ASKS, EPOCH, "level, peer level"},
    {"the client asks strict, and is made to ask nothing", STRICT, NONE, CLIENT, HELLO,
     ASKS, NONE, "peer nothing, nothing"},
    {"the same where the server asks", STRICT, STRICT, CLIENT, HELLO, ASKS, NONE,
     "waits, waits"},
    {"the client asks epoch, and is made to ask nothing", EPOCH, EPOCH, CLIENT, HELLO,
     ASKS, NONE, "waits, waits"},
    {"the client asks epoch, and is made to ask strict", EPOCH, NONE, CLIENT, HELLO, ASKS,
     STRICT, "level, peer level"},
    {"the server asks strict, and is made to ask epoch", NONE, STRICT, SERVER, HELLO,
     ASKS, EPOCH, "peer level, level"},
    {"the server asks strict, and is made to ask nothing", NONE, STRICT, SERVER, HELLO,
     ASKS, NONE, "nothing, peer nothing"},
    {"the same where the client asks, strict", STRICT, STRICT, SERVER, HELLO, ASKS, NONE,
     "evidence, peer evidence"},
    {"the same where the client asks, epoch", EPOCH, STRICT, SERVER, HELLO, ASKS, EPOCH,
     "signature, peer signature"},
    {"a nonce asked for, and a checkpoint allowed", EPOCH, NONE, CLIENT, HELLO, FLAGS, 1,
     "checkpoint, peer checkpoint"},
    {"the same to a server without one", EPOCH, EPOCH, CLIENT, HELLO, FLAGS, 1,
     "signature, peer signature"},
    {"another version", EPOCH, NONE, CLIENT, HELLO, VERSION, 2,
     "peer version, version at hello.version"},
    {"another version, the server's", EPOCH, NONE, SERVER, HELLO, VERSION, 0,
     "version at hello.version, peer version"},
    {"another role", EPOCH, NONE, CLIENT, HELLO, ROLE, SERVER, "peer role, role"},
    {"the client's challenge, epoch", EPOCH, NONE, CLIENT, HELLO, CHALLENGE, 0,
     "stale, peer stale"},
    {"the client's challenge, strict", STRICT, NONE, CLIENT, HELLO, CHALLENGE, 0,
     "evidence, peer evidence"},
    {"the server's challenge, which the client does not use", EPOCH, NONE, SERVER, HELLO,
     CHALLENGE, 0, "signature, peer signature"},
    {"a proof of epoch called strict", EPOCH, NONE, SERVER, PROOF, LEVEL, STRICT,
     "frame at proof.evidence_len, peer frame"},
    {"a proof of strict called epoch", STRICT, NONE, SERVER, PROOF, LEVEL, EPOCH,
     "frame at proof.nonce_len, peer frame"},
    {"a proof of strict that names evidence", STRICT, NONE, SERVER, PROOF, FORM, 0,
     "frame at proof.form, peer frame"},
    {"the client's proof in the server's name", NONE, STRICT, CLIENT, PROOF, 0, SERVER,
     "peer role, role"},
    {"DONE in the other's name", EPOCH, NONE, SERVER, DONE, 0, CLIENT, "role, peer role"},
};

static const struct row *row; /* of the present case */

static size_t change_byte(struct channel_pair *in, const struct channel_side *sender,
                          uint8_t *frame, size_t len, size_t room)
{
    const struct channel_side *wanted = row->sender == CLIENT ? &in->client : &in->server;

    (void)room;
    if (sender == wanted && frame[0] == row->type) {
        CHECK(frame[TROTH_FRAME_HEADER + row->at] != row->into);
        frame[TROTH_FRAME_HEADER + row->at] = row->into;
    }
    return len;
}

static void begin(int client_asks, int server_asks)
{
    channel_pair_begin(&pair, &world, CHANNEL_TDX);
    pair.client.terms.asks = (enum troth_level)client_asks;
    pair.server.terms.asks = (enum troth_level)server_asks;
}

static void check_refused(const char *states)
{
    CHECK_TEXT(channel_pair_state(&pair), states);
    CHECK(!pair.client.is_accepted && !pair.server.is_accepted);
}

static void change_bytes(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        row = &rows[i];
        test_case("downgrade: %s", row->why);
        begin(row->client_asks, row->server_asks);
        if (row->at == FLAGS && row->server_asks == NONE)
            pair.server.checkpoint = channel_world_checkpoint(&world, 3, MINTED_AT_S);
        pair.tamper = change_byte;
        channel_pair_run(&pair);
        check_refused(row->states);
        channel_pair_end(&pair);
    }
}

/* The client takes a checkpoint, and nobody tells the server. */
static size_t drop_flag(struct channel_pair *in, const struct channel_side *sender,
                        uint8_t *frame, size_t len, size_t room)
{
    (void)room;
    if (sender == &in->client && frame[0] == HELLO) {
        CHECK_INT(frame[TROTH_FRAME_HEADER + FLAGS], 1);
        frame[TROTH_FRAME_HEADER + FLAGS] = 0;
    }
    return len;
}

static size_t rewrite_held(uint8_t *frame, size_t len, size_t room,
                           struct troth_span held)
{
    uint8_t copy[TROTH_FRAME_HEADER + TROTH_HELLO_MAX];
    struct troth_writer w = troth_writer_over(frame, room);
    struct troth_hello hello;

    memcpy(copy, frame, len);
    CHECK_ERR(troth_hello_parse(&hello, NULL,
                                (struct troth_span){copy + TROTH_FRAME_HEADER,
                                                    len - TROTH_FRAME_HEADER}),
              TROTH_OK);
    hello.held = held;
    troth_hello_write(&w, &hello);
    return w.len;
}

static size_t drop_held(struct channel_pair *in, const struct channel_side *sender,
                        uint8_t *frame, size_t len, size_t room)
{
    if (sender != &in->client || frame[0] != HELLO)
        return len;
    CHECK_INT(len, TROTH_FRAME_HEADER + 5 + TROTH_CHALLENGE_SIZE + 32);
    return rewrite_held(frame, len, room, (struct troth_span){NULL, 0});
}

/* The client holds nothing, and the server is told that it does. */
static size_t add_held(struct channel_pair *in, const struct channel_side *sender,
                       uint8_t *frame, size_t len, size_t room)
{
    if (sender != &in->client || frame[0] != HELLO)
        return len;
    return rewrite_held(
        frame, len, room,
        (struct troth_span)TROTH_ARRAY_SPAN(in->server.made.evidence_sha256));
}

static void change_offers(void)
{
    struct troth_known known;
    struct troth_proof made;
    uint8_t nonce[TROTH_CHALLENGE_SIZE];

    test_case("downgrade: a checkpoint taken, and a nonce given");
    begin(EPOCH, NONE);
    pair.client.tools.witnesses = &world.witnesses;
    pair.server.checkpoint = channel_world_checkpoint(&world, 3, MINTED_AT_S);
    pair.tamper = drop_flag;
    channel_pair_run(&pair);
    check_refused("signature, peer signature");
    channel_pair_end(&pair);

    test_case("downgrade: what the client holds is kept from the server");
    begin(EPOCH, NONE);
    channel_side_remember(&pair.client, 4);
    channel_pair_run(&pair);
    CHECK_TEXT(channel_pair_state(&pair), "open, open");
    known = pair.client.known;
    made = pair.server.made;
    memcpy(nonce, pair.server.nonce, sizeof nonce);
    channel_pair_end(&pair);
    begin(EPOCH, NONE);
    pair.client.known = known;
    pair.client.tools.known = &pair.client.known;
    pair.tamper = drop_held;
    channel_pair_run(&pair);
    check_refused("signature, peer signature");
    channel_pair_end(&pair);

    test_case("downgrade: the server is told that the client holds its evidence");
    begin(EPOCH, NONE);
    pair.server.made = made;
    memcpy(pair.server.nonce, nonce, sizeof nonce);
    pair.tamper = add_held;
    channel_pair_run(&pair);
    check_refused("unknown, peer unknown");
    channel_pair_end(&pair);
}

/* Evidence of half an hour ago, and the note that it was made after: of this very key,
 * and good enough by itself. */
static struct troth_proof older;

static void show_older(struct troth_proof_frame *proof, const void *context)
{
    (void)context;
    proof->proof.evidence = older.evidence;
    proof->proof.checkpoint = older.checkpoint;
    memcpy(proof->proof.evidence_sha256, older.evidence_sha256,
           sizeof older.evidence_sha256);
}

static size_t exchange_evidence(struct channel_pair *in,
                                const struct channel_side *sender, uint8_t *frame,
                                size_t len, size_t room)
{
    return sender == &in->server && frame[0] == PROOF
               ? channel_rewrite_proof(frame, len, room, show_older, NULL)
               : len;
}

static void meet_after(int64_t ago_s, const char *states)
{
    begin(EPOCH, NONE);
    pair.client.tools.witnesses = &world.witnesses;
    pair.server.checkpoint = trial_keep(
        &world.trial, channel_world_checkpoint(&world, 3, MINTED_AT_S - ago_s));
    pair.tamper = older.evidence.len ? exchange_evidence : NULL;
    channel_pair_run(&pair);
    CHECK_TEXT(channel_pair_state(&pair), states);
    older = pair.server.made;
    channel_pair_end(&pair);
}

static void put_beside_older_evidence(void)
{
    test_case("downgrade: evidence made half an hour ago is good");
    meet_after(1800, "open, open");
    test_case("downgrade: a signature beside that evidence in place of the newer");
    meet_after(0, "signature, peer signature");
}

/* Over TLS as it is: whoever cannot do what is asked does nothing else instead. */
static void offer_less(void)
{
    static const struct {
        const char *why;
        int client_asks, server_asks;
        bool client_epoch, client_strict, server_epoch, server_strict;
        const char *states;
    } offers[] = {
        {"strict of a server that has epoch alone", STRICT, NONE, false, false, true,
         false, "peer cannot, cannot"},
        {"epoch of a server that has strict alone", EPOCH, NONE, false, false, false,
         true, "peer cannot, cannot"},
        {"anything of a server without a device", EPOCH, NONE, true, true, false, false,
         "peer cannot, cannot"},
        {"strict of a client that has epoch alone", NONE, STRICT, true, false, true, true,
         "cannot, peer cannot"},
        {"neither asks", NONE, NONE, true, true, true, true, "peer nothing, nothing"},
    };

    for (size_t i = 0; i < COUNT(offers); i++) {
        struct party client, server;

        test_case("downgrade: %s", offers[i].why);
        party_begin(&client, &world, TROTH_CLIENT, CHANNEL_TDX);
        party_begin(&server, &world, TROTH_SERVER, CHANNEL_TDX);
        client.side.terms.asks = (enum troth_level)offers[i].client_asks;
        server.side.terms.asks = (enum troth_level)offers[i].server_asks;
        client.side.terms.gives[EPOCH] = offers[i].client_epoch;
        client.side.terms.gives[STRICT] = offers[i].client_strict;
        server.side.terms.gives[EPOCH] = offers[i].server_epoch;
        server.side.terms.gives[STRICT] = offers[i].server_strict;
        party_meet(&client, &server);
        CHECK_TEXT(party_states(&client, &server), offers[i].states);
        CHECK_INT(client.side.asked[TROTH_ACTION_NEED_PROOF], 0);
        CHECK_INT(server.side.asked[TROTH_ACTION_NEED_PROOF], 0);
        party_end(&client);
        party_end(&server);
    }
}

int main(void)
{
    channel_world_begin(&world);
    change_bytes();
    change_offers();
    put_beside_older_evidence();
    offer_less();
    channel_world_end(&world);
    return test_finish();
}
