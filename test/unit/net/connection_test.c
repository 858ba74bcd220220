/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/connection.h"

#include <openssl/sha.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test/harness.h"
#include "test/support/pair.h"

#define EPOCH_GIVEN                                                                      \
    {                                                                                    \
        false, true, false                                                               \
    }
#define STRICT_GIVEN                                                                     \
    {                                                                                    \
        false, false, true                                                               \
    }
#define BOTH_GIVEN                                                                       \
    {                                                                                    \
        false, true, true                                                                \
    }

static struct attested world;

/* ---- who asks whom for what ---- */

struct level_row {
    const char *why;
    struct pair_options options;
    enum troth_channel_reason client, server; /* NONE: it opens */
    unsigned minted;
};

static const struct level_row level_rows[] = {
    {"the server proves a key for an epoch",
     {TROTH_LEVEL_EPOCH, TROTH_LEVEL_NONE, .server_gives = BOTH_GIVEN},
     TROTH_REASON_NONE,
     TROTH_REASON_NONE,
     1},
    {"the server proves for this connection",
     {TROTH_LEVEL_STRICT, TROTH_LEVEL_NONE, .server_gives = BOTH_GIVEN},
     TROTH_REASON_NONE,
     TROTH_REASON_NONE,
     1},
    {"the client proves a key for an epoch",
     {TROTH_LEVEL_NONE, TROTH_LEVEL_EPOCH, .client_gives = EPOCH_GIVEN},
     TROTH_REASON_NONE,
     TROTH_REASON_NONE,
     1},
    {"the client proves for this connection",
     {TROTH_LEVEL_NONE, TROTH_LEVEL_STRICT, .client_gives = STRICT_GIVEN},
     TROTH_REASON_NONE,
     TROTH_REASON_NONE,
     1},
    {"each proves a key for an epoch",
     {TROTH_LEVEL_EPOCH, TROTH_LEVEL_EPOCH, BOTH_GIVEN, BOTH_GIVEN},
     TROTH_REASON_NONE,
     TROTH_REASON_NONE,
     2},
    {"each proves for this connection",
     {TROTH_LEVEL_STRICT, TROTH_LEVEL_STRICT, BOTH_GIVEN, BOTH_GIVEN},
     TROTH_REASON_NONE,
     TROTH_REASON_NONE,
     2},
    {"each at its own level",
     {TROTH_LEVEL_EPOCH, TROTH_LEVEL_STRICT, STRICT_GIVEN, EPOCH_GIVEN},
     TROTH_REASON_NONE,
     TROTH_REASON_NONE,
     2},
    {"one byte at a time",
     {TROTH_LEVEL_STRICT, TROTH_LEVEL_EPOCH, BOTH_GIVEN, BOTH_GIVEN, .has_between = true},
     TROTH_REASON_NONE,
     TROTH_REASON_NONE,
     2},
    {"the server asks for the client's certificate, and it has none",
     {TROTH_LEVEL_EPOCH, TROTH_LEVEL_NONE, .server_gives = BOTH_GIVEN,
      .server = {.asks_certificate = true}},
     TROTH_REASON_NONE,
     TROTH_REASON_NONE,
     1},
    {"nobody asks for anything",
     {.server_gives = BOTH_GIVEN},
     TROTH_REASON_PEER,
     TROTH_REASON_NOTHING,
     0},
    {"the server cannot prove that",
     {TROTH_LEVEL_STRICT, TROTH_LEVEL_NONE, .server_gives = EPOCH_GIVEN},
     TROTH_REASON_PEER,
     TROTH_REASON_CANNOT,
     0},
    {"the client cannot prove anything",
     {TROTH_LEVEL_EPOCH, TROTH_LEVEL_EPOCH, .server_gives = BOTH_GIVEN},
     TROTH_REASON_CANNOT,
     TROTH_REASON_PEER,
     1},
};

static void check_reasons(const struct pair *pair, enum troth_channel_reason client,
                          enum troth_channel_reason server)
{
    CHECK_TEXT(
        troth_channel_reason_name(troth_connection_reason(pair->client.connection, NULL)),
        troth_channel_reason_name(client));
    CHECK_TEXT(
        troth_channel_reason_name(troth_connection_reason(pair->server.connection, NULL)),
        troth_channel_reason_name(server));
}

static bool check_open(const struct pair *pair, bool wanted)
{
    CHECK_INT(pair->client.connection->phase == TROTH_CONNECTION_OPEN, wanted);
    CHECK_INT(pair->server.connection->phase == TROTH_CONNECTION_OPEN, wanted);
    if (!wanted || pair_is_open(pair))
        return true;
    FAIL(troth_connection_detail(pair->client.connection));
    FAIL(troth_connection_detail(pair->server.connection));
    return false;
}

static ptrdiff_t read_into(struct pair_end *end, uint8_t *out, size_t size)
{
    return troth_connection_read(end->connection, &world.tools, world.now_s, out, size);
}

static void check_says(struct pair *pair, struct pair_end *from, struct pair_end *to,
                       const char *text)
{
    uint8_t got[64];
    size_t len = strlen(text);

    CHECK_INT(troth_connection_write(from->connection, test_text(text)), len);
    pair_run(pair);

    ptrdiff_t read = read_into(to, got, sizeof got);

    if (CHECK_INT(read, len))
        CHECK_SPAN(((struct troth_span){got, (size_t)read}), test_text(text));
    CHECK_INT(read_into(to, got, sizeof got), 0);
}

static void check_ends(struct pair *pair)
{
    uint8_t got[8];

    troth_connection_end(pair->client.connection);
    CHECK_INT(troth_connection_write(pair->client.connection, test_text("no")), -1);
    pair_run(pair);
    CHECK_INT(read_into(&pair->server, got, sizeof got), -1);
    CHECK_INT(pair->server.connection->phase, TROTH_CONNECTION_OPEN);
    check_says(pair, &pair->server, &pair->client, "one side goes on");
    troth_connection_end(pair->server.connection);
    pair_run(pair);
    check_open(pair, false);
    CHECK_INT(read_into(&pair->client, got, sizeof got), -1);
    check_reasons(pair, TROTH_REASON_NONE, TROTH_REASON_NONE);
}

static void check_evidence(const struct pair_end *end,
                           const struct troth_standing *standing)
{
    const struct troth_span evidence = troth_connection_evidence(end->connection);
    uint8_t sha256[SHA256_DIGEST_LENGTH];

    CHECK_INT(evidence.len > 0, standing != NULL);
    if (!standing)
        return;
    (void)SHA256(evidence.ptr, evidence.len, sha256);
    CHECK_SPAN(((struct troth_span){sha256, sizeof sha256}),
               ((struct troth_span){standing->evidence_sha256, sizeof sha256}));
}

static void check_standing(const struct pair_end *end, enum troth_level asked)
{
    const struct troth_standing *standing = troth_connection_standing(end->connection);

    check_evidence(end, standing);
    CHECK_INT(standing != NULL, asked != TROTH_LEVEL_NONE);
    if (!standing)
        return;
    CHECK_INT(standing->level, asked);
    CHECK_INT(standing->whose, TROTH_WHOSE_ANYBODYS);
    CHECK(standing->simulated);
    CHECK_TEXT(standing->kind, "nitro");
    CHECK_INT(standing->freshness,
              asked == TROTH_LEVEL_STRICT ? TROTH_FRESH_CONNECTION : TROTH_FRESH_NONCE);
}

static void check_idle(const struct pair_end *end)
{
    CHECK(end->connection->incoming.bytes == NULL);
    CHECK(end->connection->outgoing.bytes == NULL);
    CHECK_INT(troth_connection_wants(end->connection), TROTH_WANT_READ);
}

static void test_levels(void)
{
    for (size_t i = 0; i < COUNT(level_rows); i++) {
        const struct level_row *row = &level_rows[i];
        struct pair pair;

        test_case("%s", row->why);
        world.minted = 0;
        pair_begin(&pair, &world, &row->options);
        pair_run(&pair);
        CHECK_INT(world.minted, row->minted);
        check_reasons(&pair, row->client, row->server);
        if (check_open(&pair, row->client == TROTH_REASON_NONE) && pair_is_open(&pair)) {
            check_standing(&pair.client, row->options.client_asks);
            check_standing(&pair.server, row->options.server_asks);
            check_idle(&pair.client);
            check_idle(&pair.server);
            check_says(&pair, &pair.client, &pair.server, "from client to server");
            check_says(&pair, &pair.server, &pair.client, "and back");
            check_ends(&pair);
        }
        pair_end(&pair);
    }
}

static const struct pair_options both_epoch = {TROTH_LEVEL_EPOCH, TROTH_LEVEL_EPOCH,
                                               BOTH_GIVEN, BOTH_GIVEN};

static void begin_open(struct pair *pair)
{
    pair_begin(pair, &world, &both_epoch);
    pair_run(pair);
    check_open(pair, true);
}

/* ---- the connection is cut ---- */

static void test_cuts(void)
{
    struct pair_options options = both_epoch;
    struct pair pair;
    size_t whole;

    options.has_between = true;
    test_case("how many bytes a mutual handshake has");
    pair_begin(&pair, &world, &options);
    pair_run(&pair);
    check_open(&pair, true);
    whole = pair.between;
    CHECK(whole > 1000);
    pair_end(&pair);

    test_case("cut anywhere before its end, both sides are closed and say why");
    for (size_t at = 1; at < whole; at += 131) {
        pair_begin(&pair, &world, &options);
        pair.cut_after = at;
        pair_run(&pair);
        check_open(&pair, false);
        CHECK(troth_connection_reason(pair.client.connection, NULL) != TROTH_REASON_NONE);
        CHECK(troth_connection_reason(pair.server.connection, NULL) != TROTH_REASON_NONE);
        pair_end(&pair);
    }
}

static void test_vanishing(void)
{
    for (int steps = 0; steps < 6; steps++) {
        struct pair pair;

        test_case("the client is gone after %d steps", steps);
        pair_begin(&pair, &world, &both_epoch);
        for (int i = 0; i < steps; i++) {
            (void)attested_step(&world, pair.client.connection, TROTH_CLIENT);
            (void)attested_step(&world, pair.server.connection, TROTH_SERVER);
        }
        pair_vanish(&pair.client);
        pair_run(&pair);
        CHECK_INT(pair.server.connection->phase, TROTH_CONNECTION_CLOSED);
        CHECK_INT(troth_connection_reason(pair.server.connection, NULL),
                  TROTH_REASON_CLOSED);
        CHECK_INT(troth_connection_due_s(pair.server.connection), INT64_MAX);
        pair_end(&pair);
    }
}

/* ---- refused ---- */

static const char other_image[] =
    "{policy: p, accept: [nitro], machines: any, images: {other: {nitro: {pcr0: '"
    "000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    "000000000001', pcr1: any, pcr2: any}}}}";
static const char any_image[] =
    "{policy: p, accept: [nitro], images: any, machines: any}";

static void test_refused(void)
{
    struct pair_options options = {TROTH_LEVEL_STRICT, .server_gives = BOTH_GIVEN};
    enum troth_channel_reason theirs = TROTH_REASON_NONE;
    unsigned minted;
    struct pair pair;

    test_case("the policy names another image: both hear why");
    attested_set_policy(&world, other_image);
    pair_begin(&pair, &world, &options);
    pair_run(&pair);
    check_open(&pair, false);
    check_reasons(&pair, TROTH_REASON_EVIDENCE, TROTH_REASON_PEER);
    (void)troth_connection_reason(pair.server.connection, &theirs);
    CHECK_INT(theirs, TROTH_REASON_EVIDENCE);
    CHECK(strlen(troth_connection_detail(pair.client.connection)) > 0);
    CHECK(troth_connection_standing(pair.client.connection) == NULL);
    pair_end(&pair);
    minted = world.minted;

    test_case("a peer that is gone by then does not take the reason with it");
    pair_begin(&pair, &world, &options);
    while (pair.server.connection->phase == TROTH_CONNECTION_HANDSHAKE &&
           world.minted == minted) {
        (void)attested_step(&world, pair.client.connection, TROTH_CLIENT);
        (void)attested_step(&world, pair.server.connection, TROTH_SERVER);
    }
    pair_vanish(&pair.server);
    (void)attested_step(&world, pair.client.connection, TROTH_CLIENT);
    CHECK_INT(troth_connection_reason(pair.client.connection, NULL),
              TROTH_REASON_EVIDENCE);
    CHECK(strlen(troth_connection_detail(pair.client.connection)) > 0);
    pair_end(&pair);
    attested_set_policy(&world, any_image);

    test_case("the device gives nothing");
    world.gives_none = true;
    pair_begin(&pair, &world, &options);
    pair_run(&pair);
    check_reasons(&pair, TROTH_REASON_PEER, TROTH_REASON_CANNOT);
    pair_end(&pair);
    world.gives_none = false;

    test_case("this side refuses while open, with its own reason");
    begin_open(&pair);
    troth_connection_refuse(pair.server.connection, TROTH_REASON_BUSY);
    pair_run(&pair);
    check_open(&pair, false);
    check_reasons(&pair, TROTH_REASON_PEER, TROTH_REASON_BUSY);
    (void)troth_connection_reason(pair.client.connection, &theirs);
    CHECK_INT(theirs, TROTH_REASON_BUSY);
    pair_end(&pair);
}

static void test_slow(void)
{
    struct pair_options options = both_epoch;
    struct pair pair;

    options.open_by_s = world.now_s + 10;
    test_case("TLS takes too long");
    pair_begin(&pair, &world, &options);
    (void)attested_step(&world, pair.server.connection, TROTH_SERVER);
    CHECK_INT(troth_connection_due_s(pair.server.connection), options.open_by_s);
    world.now_s += 10;
    (void)attested_step(&world, pair.server.connection, TROTH_SERVER);
    CHECK_INT(troth_connection_reason(pair.server.connection, NULL), TROTH_REASON_SLOW);
    world.now_s -= 10;
    pair_end(&pair);

    test_case("a proof takes too long: the peer hears it");
    pair_begin(&pair, &world, &options);
    world.sends_none = true;
    pair_run(&pair);
    CHECK_INT(troth_connection_wants(pair.server.connection), TROTH_WANT_PROOF);
    world.now_s += 10;
    (void)attested_step(&world, pair.server.connection, TROTH_SERVER);
    world.now_s -= 10;
    pair_run(&pair);
    check_reasons(&pair, TROTH_REASON_PEER, TROTH_REASON_SLOW);
    world.sends_none = false;
    pair_end(&pair);

    test_case("once open, the limit means nothing");
    pair_begin(&pair, &world, &options);
    pair_run(&pair);
    world.now_s += 10;
    pair_run(&pair);
    check_open(&pair, true);
    world.now_s -= 10;
    pair_end(&pair);
}

static void test_lapses(void)
{
    struct pair pair;

    test_case("another policy refuses: the open connection is closed, and the peer told");
    begin_open(&pair);
    attested_set_policy(&world, other_image);
    (void)attested_step(&world, pair.server.connection, TROTH_SERVER);
    attested_set_policy(&world, any_image);
    pair_run(&pair);
    check_open(&pair, false);
    check_reasons(&pair, TROTH_REASON_PEER, TROTH_REASON_LAPSED);
    pair_end(&pair);

    test_case("another policy accepts: nothing happens");
    begin_open(&pair);
    attested_set_policy(&world, any_image);
    pair_run(&pair);
    check_open(&pair, true);
    check_says(&pair, &pair.client, &pair.server, "still there");
    pair_end(&pair);

    test_case("the evidence lapses by the clock, while data waits to be taken");
    begin_open(&pair);
    CHECK_INT(troth_connection_write(pair.client.connection, test_text("unread")), 6);
    (void)attested_step(&world, pair.server.connection, TROTH_SERVER);
    CHECK(pair.server.connection->arrived.len == 6);

    int64_t due_s = troth_connection_due_s(pair.server.connection);

    CHECK(due_s < INT64_MAX);
    world.now_s = due_s;
    (void)attested_step(&world, pair.server.connection, TROTH_SERVER);
    CHECK_INT(troth_connection_reason(pair.server.connection, NULL), TROTH_REASON_LAPSED);
    world.now_s = MINTED_AT_S;
    pair_end(&pair);
}

/* ---- frames that do not belong ---- */

struct frame_row {
    const char *why;
    const char *hex;
    enum troth_channel_reason reason;
};

static const struct frame_row first_frames[] = {
    {"an unknown type", "63 000000", TROTH_REASON_FRAME},
    {"a header that claims 16 MiB", "02 ffffff", TROTH_REASON_FRAME},
    {"a HELLO longer than one can be", "01 010000", TROTH_REASON_FRAME},
    {"data before anything", "05 000001 00", TROTH_REASON_EARLY},
    {"the end before anything", "06 000000", TROTH_REASON_EARLY},
    {"DONE before a HELLO", "03 000001 01", TROTH_REASON_ORDER},
    {"a refusal", "04 000001 09", TROTH_REASON_PEER},
    {"HTTP", "474554202f20485454502f312e310d0a", TROTH_REASON_FRAME},
};

/* TLS without a channel on top of it. */
static bool raw_handshake(struct pair *pair)
{
    for (int i = 0; i < 8; i++) {
        (void)troth_wire_handshake(pair->client.connection);
        (void)attested_step(&world, pair->server.connection, TROTH_SERVER);
        pair->client.connection->socket.allowance = TROTH_SOCKET_ALLOWANCE;
    }
    return CHECK(SSL_is_init_finished(pair->client.connection->session)) &&
           CHECK(pair->server.connection->has_channel);
}

static void test_first_frames(void)
{
    for (size_t i = 0; i < COUNT(first_frames); i++) {
        const struct frame_row *row = &first_frames[i];
        struct troth_span bytes = test_hex(row->hex);
        struct pair pair;

        test_case("%s", row->why);
        pair_begin(&pair, &world, &both_epoch);
        if (raw_handshake(&pair)) {
            CHECK(SSL_write(pair.client.connection->session, bytes.ptr, (int)bytes.len) >
                  0);
            (void)attested_step(&world, pair.server.connection, TROTH_SERVER);
            CHECK_INT(pair.server.connection->phase, TROTH_CONNECTION_CLOSED);
            CHECK_TEXT(troth_channel_reason_name(
                           troth_connection_reason(pair.server.connection, NULL)),
                       troth_channel_reason_name(row->reason));
        }
        pair_end(&pair);
    }
}

static void test_long_promise(void)
{
    const struct troth_span header = test_hex("02 020000");
    struct pair pair;

    test_case("a frame's buffer grows with what came, not with what was announced");
    pair_begin(&pair, &world, &both_epoch);
    if (raw_handshake(&pair)) {
        CHECK(SSL_write(pair.client.connection->session, header.ptr, (int)header.len) >
              0);
        (void)attested_step(&world, pair.server.connection, TROTH_SERVER);
        CHECK_INT(pair.server.connection->phase, TROTH_CONNECTION_HANDSHAKE);
        CHECK(pair.server.connection->incoming.room <= (size_t)16 * 1024);
    }
    pair_end(&pair);
}

static void test_garbage(void)
{
    static const char http[] = "GET / HTTP/1.1\r\n\r\n";
    struct pair pair;

    test_case("no TLS at all");
    pair_begin(&pair, &world, &both_epoch);
    CHECK(send(pair.client.descriptor, http, strlen(http), 0) > 0);
    (void)attested_step(&world, pair.server.connection, TROTH_SERVER);
    CHECK_INT(troth_connection_reason(pair.server.connection, NULL), TROTH_REASON_TLS);
    CHECK(strlen(troth_connection_detail(pair.server.connection)) > 0);
    pair_end(&pair);

    test_case("no TLS once open");
    begin_open(&pair);
    CHECK(send(pair.client.descriptor, http, strlen(http), 0) > 0);
    (void)attested_step(&world, pair.server.connection, TROTH_SERVER);
    CHECK_INT(troth_connection_reason(pair.server.connection, NULL), TROTH_REASON_TLS);
    pair_end(&pair);
}

/* ---- new keys for TLS ---- */

static void check_new_keys(struct pair *pair, struct pair_end *end, int type)
{
    CHECK(SSL_key_update(end->connection->session, type) > 0);
    CHECK(SSL_do_handshake(end->connection->session) > 0);
    pair_run(pair);
}

static void test_key_update(void)
{
    struct pair pair;

    test_case("TLS changes its keys between the handshake and the proofs");
    pair_begin(&pair, &world, &both_epoch);
    world.sends_none = true;
    pair_run(&pair);
    CHECK(pair.client.connection->has_channel && pair.server.connection->has_channel);
    check_new_keys(&pair, &pair.client, SSL_KEY_UPDATE_REQUESTED);
    check_new_keys(&pair, &pair.server, SSL_KEY_UPDATE_NOT_REQUESTED);
    world.sends_none = false;
    pair_run(&pair);
    check_open(&pair, true);

    test_case("and once open, from either side");
    check_new_keys(&pair, &pair.client, SSL_KEY_UPDATE_REQUESTED);
    check_new_keys(&pair, &pair.server, SSL_KEY_UPDATE_REQUESTED);
    check_open(&pair, true);
    check_says(&pair, &pair.client, &pair.server, "under new keys");
    check_says(&pair, &pair.server, &pair.client, "here too");
    pair_end(&pair);
}

/* Is there nothing to do for who waits as it wants? Else it would never rest. */
static bool can_rest(const struct pair_end *end)
{
    const unsigned wants = troth_connection_wants(end->connection);
    struct pollfd socket = {.fd = end->descriptor};

    socket.events = (short)((wants & TROTH_WANT_READ ? POLLIN : 0) |
                            (wants & TROTH_WANT_WRITE ? POLLOUT : 0));
    return poll(&socket, 1, 0) == 0;
}

static void test_key_update_flood(void)
{
    const int size = 4608;
    uint8_t unread[4096];
    struct pair pair;
    SSL *flood;
    int result = 1;

    test_case("who asks for new keys for ever, and reads no answer, keeps nobody busy");
    begin_open(&pair);
    flood = pair.client.connection->session;
    CHECK(setsockopt(pair.client.descriptor, SOL_SOCKET, SO_SNDBUF, &size, sizeof size) ==
              0 &&
          setsockopt(pair.server.descriptor, SOL_SOCKET, SO_SNDBUF, &size, sizeof size) ==
              0);
    for (int i = 0; i < 100000 && result > 0; i++) {
        CHECK(SSL_key_update(flood, SSL_KEY_UPDATE_REQUESTED) > 0);
        result = SSL_do_handshake(flood);
        (void)attested_step(&world, pair.server.connection, TROTH_SERVER);
    }
    CHECK_INT(SSL_get_error(flood, result), SSL_ERROR_WANT_WRITE);
    (void)attested_step(&world, pair.server.connection, TROTH_SERVER);
    CHECK_INT(pair.server.connection->phase, TROTH_CONNECTION_OPEN);
    CHECK(can_rest(&pair.server));
    for (int i = 0; i < 10000; i++) {
        (void)recv(pair.client.descriptor, unread, sizeof unread, 0);
        (void)attested_step(&world, pair.server.connection, TROTH_SERVER);
    }
    CHECK_INT(pair.server.connection->phase, TROTH_CONNECTION_OPEN);
    CHECK_INT(troth_connection_wants(pair.server.connection), TROTH_WANT_READ);
    pair_end(&pair);
}

/* ---- much data ---- */

static void test_backpressure(void)
{
    static uint8_t sent[700001], got[sizeof sent];
    struct test_random random = {7};
    size_t sent_len = 0, got_len = 0;
    bool was_blocked = false;
    struct pair pair;

    test_case("a reader that is slower than the writer gets every byte");
    for (size_t i = 0; i < sizeof sent; i++)
        sent[i] = (uint8_t)test_random_below(&random, 256);
    begin_open(&pair);
    for (int turn = 0; turn < 100000 && got_len < sizeof got; turn++) {
        size_t most = 1 + test_random_below(&random, 50000);
        size_t left = sizeof sent - sent_len;
        ptrdiff_t n = troth_connection_write(
            pair.client.connection,
            (struct troth_span){sent + sent_len, most < left ? most : left});

        if (!CHECK(n >= 0))
            break;
        was_blocked |= (troth_connection_wants(pair.client.connection) &
                        TROTH_WANT_WRITE) != 0;
        sent_len += (size_t)n;
        n = read_into(&pair.server, got + got_len, 1 + test_random_below(&random, 20000));
        if (!CHECK(n >= 0))
            break;
        got_len += (size_t)n;
        (void)attested_step(&world, pair.client.connection, TROTH_CLIENT);
    }
    CHECK(was_blocked);
    CHECK_SPAN(((struct troth_span){got, got_len}),
               ((struct troth_span){sent, sizeof sent}));
    check_idle(&pair.client);
    check_ends(&pair);
    pair_end(&pair);
}

/* ---- evidence that is held ---- */

static void test_known(void)
{
    static uint8_t memory[2][4 * TROTH_KNOWN_ENTRY_SIZE];
    struct troth_known known;

    troth_known_init(&known, memory[0], sizeof memory[0]);
    world.tools.known = &known;
    for (int i = 0; i < 2; i++) {
        struct pair_options options = {TROTH_LEVEL_EPOCH, .server_gives = BOTH_GIVEN};
        struct pair pair;

        test_case(i == 0 ? "evidence is sent the first time"
                         : "and only named the second time");
        world.minted = 0;
        pair_begin(&pair, &world, &options);
        pair_run(&pair);
        check_open(&pair, true);
        CHECK_INT(world.minted, i == 0);
        check_says(&pair, &pair.client, &pair.server, "hello");
        pair_end(&pair);
    }
    world.tools.known = NULL;
}

static void test_options(void)
{
    struct troth_tls_options tls_options = {.role = TROTH_CLIENT};
    struct troth_connection *made;
    struct troth_tls *tls;

    test_case("options that make no sense");
    if (!CHECK_ERR(troth_tls_create(&tls, &tls_options), TROTH_OK))
        return;

    struct troth_connection_options options = {.tls = tls, .asks = TROTH_LEVEL_EPOCH};

    CHECK_ERR(troth_connection_create(&made, -1, &options), TROTH_ERR_VALUE);
    CHECK(made == NULL);
    options.asks = TROTH_LEVEL_COUNT;
    CHECK_ERR(troth_connection_create(&made, 0, &options), TROTH_ERR_VALUE);
    options = (struct troth_connection_options){.asks = TROTH_LEVEL_EPOCH};
    CHECK_ERR(troth_connection_create(&made, 0, &options), TROTH_ERR_VALUE);
    troth_connection_destroy(NULL);
    troth_tls_destroy(tls);
}

int main(void)
{
    attested_begin(&world);
    test_options();
    test_levels();
    test_cuts();
    test_vanishing();
    test_refused();
    test_slow();
    test_lapses();
    test_first_frames();
    test_long_promise();
    test_garbage();
    test_key_update();
    test_key_update_flood();
    test_backpressure();
    test_known();
    attested_end(&world);
    return test_finish();
}
