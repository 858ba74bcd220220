/* SPDX-License-Identifier: Apache-2.0 */
/* TLS underneath is older, keyed anew, asked for more, or another than the proof says. */
#include <string.h>

#include "test/attacks/channel_record.h"
#include "test/harness.h"
#include "test/support/channel_party.h"

static struct channel_world world;
static struct party victim;
static struct party genuine; /* the attacker's own machine, key and prover */
static struct leg leg;

static void settle(void)
{
    for (int turn = 0; turn < 8; turn++) {
        leg_step(&leg);
        party_step(&victim);
    }
}

static void begin(enum troth_role role, enum troth_level asks)
{
    const enum troth_role other = role == TROTH_SERVER ? TROTH_CLIENT : TROTH_SERVER;

    party_begin(&victim, &world, role, CHANNEL_TDX);
    party_begin(&genuine, &world, other, CHANNEL_TDX);
    victim.side.terms.asks = asks;
    leg_begin(&leg, &world, other);
    party_connect(&victim);
}

static void open_leg(void)
{
    leg_open(&leg, party_take_line(&victim));
    settle();
}

static void end(void)
{
    leg_end(&leg);
    party_end(&victim);
    party_end(&genuine);
}

static void take_all(void)
{
    struct troth_span frame;

    while (leg_take(&leg, &frame))
        ;
}

static const uint8_t challenge[TROTH_CHALLENGE_SIZE] = {0x42};

/* Up to where the victim has a proof to judge. */
static void say_hello(void)
{
    settle();
    take_all();
    leg_send(&leg, leg_hello(&leg, TROTH_LEVEL_NONE, challenge));
    settle();
    take_all();
}

static void finish(const char *state)
{
    leg_send(&leg, leg_done(&leg));
    settle();
    take_all();
    CHECK_TEXT(party_state(&victim), state);
    leg_send(&leg, leg_data(&leg, "data"));
    settle();
    CHECK_TEXT(victim.heard, strcmp(state, "open") == 0 ? "data" : "");
}

/* ---- older versions ---- */

static void offer_old(enum troth_role role, bool has_secret, bool is_allowed)
{
    test_case("TLS 1.2 %s extended master secret, to a %s%s",
              has_secret ? "with" : "without", troth_role_name(role),
              is_allowed ? " whose TLS would take it" : "");
    begin(role, TROTH_LEVEL_EPOCH);
    (void)SSL_CTX_set_min_proto_version(leg.context, TLS1_2_VERSION);
    (void)SSL_CTX_set_max_proto_version(leg.context, TLS1_2_VERSION);
    if (!has_secret)
        (void)SSL_CTX_set_options(leg.context, SSL_OP_NO_EXTENDED_MASTER_SECRET);
    if (is_allowed)
        (void)SSL_set_min_proto_version(victim.connection->session, TLS1_2_VERSION);
    open_leg();
    CHECK_INT(SSL_is_init_finished(leg.ssl), is_allowed);
    CHECK_TEXT(party_state(&victim), "tls");
    if (is_allowed)
        CHECK_TEXT(troth_connection_detail(victim.connection), "it is not TLS 1.3");
    CHECK(!victim.connection->has_channel);
    end();
}

/* ---- another exporter ---- */

enum context { THEIRS, OURS, OF_NOBODY, NONE_AT_ALL };

/* A proof by a genuine machine, over another secret of this very connection. */
static struct troth_span prove_over(enum troth_level level, enum context context)
{
    static const uint8_t zeros[TROTH_CHALLENGE_SIZE];
    const struct troth_span theirs = leg.peer.challenge;
    struct troth_span frame;

    if (level == TROTH_LEVEL_STRICT) {
        if (context == OURS)
            leg.peer.challenge = (struct troth_span)TROTH_ARRAY_SPAN(leg.challenge);
        else if (context == OF_NOBODY)
            leg.peer.challenge = (struct troth_span)TROTH_ARRAY_SPAN(zeros);
        else if (context == NONE_AT_ALL)
            leg.peer.challenge = (struct troth_span){NULL, 0};
        frame = leg_proof(&leg, &genuine.side, level);
    } else {
        frame = leg_proof(&leg, &genuine.side, level);
        if (context == OURS)
            leg.peer.challenge = (struct troth_span)TROTH_ARRAY_SPAN(leg.challenge);
        else if (context == OF_NOBODY)
            leg.peer.challenge = (struct troth_span)TROTH_ARRAY_SPAN(zeros);
        else if (context == NONE_AT_ALL)
            leg.peer.challenge = (struct troth_span){NULL, 0};
        frame = leg_sign_anew(&leg, &genuine.side, frame);
    }
    leg.peer.challenge = theirs;
    return frame;
}

static void export_another(void)
{
    static const struct {
        const char *why, *label;
        enum context context;
        const char *strict, *epoch;
    } rows[] = {
        {"as it should be", TROTH_EXPORTER_LABEL, THEIRS, "open", "open"},
        {"another label", "EXPORTER-troth/2", THEIRS, "evidence", "signature"},
        {"the label of exported authenticators",
         "EXPORTER-client authenticator handshake context", THEIRS, "evidence",
         "signature"},
        {"the label of channel bindings", "EXPORTER-Channel-Binding", NONE_AT_ALL,
         "evidence", "signature"},
        {"the prover's challenge as context", TROTH_EXPORTER_LABEL, OURS, "evidence",
         "signature"},
        {"nobody's challenge as context", TROTH_EXPORTER_LABEL, OF_NOBODY, "evidence",
         "signature"},
        {"no context", TROTH_EXPORTER_LABEL, NONE_AT_ALL, "evidence", "signature"},
    };

    for (size_t i = 0; i < COUNT(rows); i++)
        for (int level = TROTH_LEVEL_EPOCH; level < TROTH_LEVEL_COUNT; level++) {
            test_case("exporter, %s: %s", troth_level_name((enum troth_level)level),
                      rows[i].why);
            begin(TROTH_SERVER, (enum troth_level)level);
            leg.label = rows[i].label;
            open_leg();
            say_hello();
            leg_send(&leg, prove_over((enum troth_level)level, rows[i].context));
            finish(level == TROTH_LEVEL_STRICT ? rows[i].strict : rows[i].epoch);
            end();
        }
}

/* ---- new keys ---- */

static void update_keys(int type)
{
    CHECK(SSL_key_update(leg.ssl, type) > 0);
    CHECK(SSL_do_handshake(leg.ssl) > 0);
}

enum { BEFORE_HELLO = 1, BEFORE_PROOF = 2, BEFORE_DONE = 4, ALWAYS = 7 };

/* It is the same connection still: its exporter is of its handshake. */
static void change_keys(enum troth_role role, enum troth_level level, int when)
{
    test_case("key updates %d, to a %s, %s", when, troth_role_name(role),
              troth_level_name(level));
    begin(role, level);
    open_leg();
    if (when & BEFORE_HELLO)
        update_keys(SSL_KEY_UPDATE_REQUESTED);
    say_hello();
    if (when & BEFORE_PROOF)
        update_keys(SSL_KEY_UPDATE_NOT_REQUESTED);
    leg_send(&leg, leg_proof(&leg, &genuine.side, level));
    if (when & BEFORE_DONE)
        update_keys(SSL_KEY_UPDATE_REQUESTED);
    finish("open");
    update_keys(SSL_KEY_UPDATE_REQUESTED);
    settle();
    CHECK(party_say(&victim, "back"));
    settle();
    CHECK(leg.len == TROTH_FRAME_HEADER + 4);
    end();
}

/* ---- messages that do not belong behind a handshake ---- */

struct message {
    const char *why;
    const char *hex;
    bool to_client, to_server;
};

static const struct message messages[] = {
    {"a request for the client's certificate",
     "0d 00000d 01 aa 000a 000d 0006 0004 0403 0804", true, true},
    {"the certificate that nobody asked for", "0b 000004 00 000000", true, true},
    {"TLS 1.2's call for a new handshake", "00 000000", true, true},
    {"a ClientHello",
     "01 00002b 0303 0000000000000000000000000000000000000000000000000000000000000000 00 "
     "0002 1301 0100 0000",
     true, true},
    {"a ServerHello",
     "02 000028 0303 0000000000000000000000000000000000000000000000000000000000000000 00 "
     "1301 00 0000",
     true, true},
    {"another Finished",
     "14 000020 0000000000000000000000000000000000000000000000000000000000000000", true,
     true},
    {"the end of early data", "05 000000", true, true},
    {"a ticket, by the client", "04 000012 00001c20 00000000 01 00 0005 0102030405 0000",
     false, true},
    {"a message that nobody knows", "63 000000", true, true},
};

static void send_message(const struct message *message, enum troth_role role,
                         bool is_open)
{
    test_case("behind the handshake, to a %s, %s: %s", troth_role_name(role),
              is_open ? "open" : "before HELLO", message->why);
    begin(role, TROTH_LEVEL_STRICT);
    record_listen(&leg);
    open_leg();
    if (is_open) {
        say_hello();
        leg_send(&leg, leg_proof(&leg, &genuine.side, TROTH_LEVEL_STRICT));
        finish("open");
    }
    CHECK_TEXT(party_state(&victim), is_open ? "open" : "handshake");
    record_send_handshake(&leg, test_hex(message->hex));
    party_step(&victim);
    CHECK_TEXT(party_state(&victim), "tls");
    CHECK(!party_say(&victim, "data"));
    end();
}

/* The record maker is no use if every record is refused: a key update is taken. */
static void send_by_hand(void)
{
    static const enum troth_role roles[] = {TROTH_CLIENT, TROTH_SERVER};

    for (size_t i = 0; i < COUNT(roles); i++) {
        test_case("a record made by hand, to a %s: a key update is taken",
                  troth_role_name(roles[i]));
        begin(roles[i], TROTH_LEVEL_STRICT);
        record_listen(&leg);
        open_leg();
        record_send_handshake(&leg, test_hex("18 000001 00"));
        party_step(&victim);
        CHECK_TEXT(party_state(&victim), "handshake");
        end();
    }
}

/* OpenSSL's own way to ask for a certificate: a client of ours says it has none to give
 * behind the handshake. */
static void ask_by_openssl(void)
{
    test_case("a server that asks for a certificate behind the handshake");
    begin(TROTH_CLIENT, TROTH_LEVEL_STRICT);
    open_leg();
    SSL_set_verify(leg.ssl, SSL_VERIFY_PEER, NULL);
    CHECK_INT(SSL_verify_client_post_handshake(leg.ssl), 0);
    say_hello();
    leg_send(&leg, leg_proof(&leg, &genuine.side, TROTH_LEVEL_STRICT));
    finish("open");
    end();
}

int main(void)
{
    channel_world_begin(&world);
    for (int i = 0; i < 8; i++)
        offer_old(i & 4 ? TROTH_SERVER : TROTH_CLIENT, i & 2, i & 1);
    export_another();
    for (int when = BEFORE_HELLO; when <= ALWAYS; when++)
        for (int level = TROTH_LEVEL_EPOCH; level < TROTH_LEVEL_COUNT; level++) {
            change_keys(TROTH_CLIENT, (enum troth_level)level, when);
            change_keys(TROTH_SERVER, (enum troth_level)level, when);
        }
    send_by_hand();
    for (size_t i = 0; i < COUNT(messages); i++)
        for (int is_open = 0; is_open < 2; is_open++) {
            if (messages[i].to_client)
                send_message(&messages[i], TROTH_CLIENT, is_open);
            if (messages[i].to_server)
                send_message(&messages[i], TROTH_SERVER, is_open);
        }
    ask_by_openssl();
    channel_world_end(&world);
    return test_finish();
}
