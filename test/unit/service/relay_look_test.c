/* SPDX-License-Identifier: Apache-2.0 */
/* A client's relay whose collateral is looked for by somebody else, in his own time, and
 * whose memory is short. */
#include "service/relay.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test/harness.h"
#include "test/support/channel_party.h"
#include "troth/needs.h"

static struct channel_world world;

struct stage {
    struct event_base *base;
    struct troth_tls *tls;
    struct troth_channel_tools tools;
    struct troth_known known;
    uint8_t *known_memory;
    struct troth_address address; /* of the relay */
    struct troth_relay *relay;
    int listener, server_listener, program;
    struct party server;
    int64_t now_s;
    unsigned looked, clocked, closed;
    enum troth_channel_reason reason;
};

/* Asked for at least once whenever anything happens. */
static int64_t on_clock(void *state)
{
    struct stage *stage = state;

    stage->clocked++;
    return stage->now_s;
}

static bool on_look(void *state, const struct troth_needs *needs)
{
    struct stage *stage = state;

    CHECK(needs && needs->count > 0);
    stage->looked++;
    return false;
}

static void on_closed(void *state, const struct troth_connection *connection)
{
    struct stage *stage = state;

    stage->closed++;
    stage->reason = troth_connection_reason(connection, NULL);
}

static int listen_somewhere(struct troth_address *out)
{
    struct troth_address any = {.len = sizeof(struct sockaddr_in)};
    int listener;

    any.socket.ss_family = AF_INET;
    ((struct sockaddr_in *)&any.socket)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listener = troth_address_listen(&any);
    if (listener < 0 || !troth_address_of_socket(out, listener))
        abort();
    return listener;
}

static void spin(struct stage *stage)
{
    for (int i = 0; i < 30; i++) {
        (void)event_base_loop(stage->base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
        party_step(&stage->server);
    }
}

/* Whom the relay has dialled. False: nobody yet. */
static bool server_take(struct stage *stage)
{
    const int accepted = accept(stage->server_listener, NULL, NULL);

    if (accepted < 0)
        return false;
    party_connect(&stage->server);
    if (!troth_address_settle(accepted) || dup2(accepted, stage->server.descriptor) < 0)
        abort();
    (void)close(accepted);
    return true;
}

static void connect_program(struct stage *stage)
{
    stage->program = troth_address_connect(&stage->address);
    for (int i = 0; i < 10; i++)
        (void)event_base_loop(stage->base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
    if (stage->program < 0 || !server_take(stage))
        abort();
}

static void forget_all(struct stage *stage)
{
    enum { SIZE = 2 * TROTH_KNOWN_ENTRY_SIZE };

    if (!stage->known_memory)
        stage->known_memory = malloc(SIZE);
    if (!stage->known_memory)
        abort();
    troth_known_init(&stage->known, stage->known_memory, SIZE);
    stage->tools.known = &stage->known;
}

/* The program has connected, and the server is a TDX machine. */
static void stage_begin(struct stage *stage, bool has_collateral)
{
    const struct troth_tls_options tls = {.role = TROTH_CLIENT};
    struct troth_relay_options options = {.asks = TROTH_LEVEL_EPOCH,
                                          .server = "server.example:1",
                                          .now_s = on_clock,
                                          .look = on_look,
                                          .closed = on_closed,
                                          .state = stage};

    *stage = (struct stage){.base = event_base_new(), .now_s = MINTED_AT_S};
    party_begin(&stage->server, &world, TROTH_SERVER, CHANNEL_TDX);
    stage->tools = stage->server.side.tools;
    forget_all(stage);
    if (!has_collateral)
        stage->tools.collateral = (struct troth_collateral){NULL, 0};
    if (!stage->base || troth_tls_create(&stage->tls, &tls))
        abort();
    options.base = stage->base;
    options.tls = stage->tls;
    options.tools = &stage->tools;
    options.listener = stage->listener = listen_somewhere(&stage->address);
    stage->server_listener = listen_somewhere(&options.upstream);
    if (troth_relay_create(&stage->relay, &options))
        abort();
    connect_program(stage);
    spin(stage);
}

static void stage_end(struct stage *stage)
{
    troth_relay_destroy(stage->relay);
    party_end(&stage->server);
    (void)close(stage->program);
    (void)close(stage->listener);
    (void)close(stage->server_listener);
    troth_tls_destroy(stage->tls);
    event_base_free(stage->base);
    free(stage->known_memory);
}

static void try_late(void)
{
    struct stage stage;
    uint8_t got[8];

    test_case("what is found after a handshake had its time changes nothing any more");
    stage_begin(&stage, false);
    CHECK_INT(stage.looked, 1);
    stage.now_s += 40;
    troth_relay_changed(stage.relay);
    for (int i = 0; i < 10; i++)
        (void)event_base_loop(stage.base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
    CHECK_INT(stage.reason, TROTH_REASON_SLOW);
    CHECK_INT(recv(stage.program, got, sizeof got, 0), -1);
    CHECK_INT(errno, ECONNRESET);
    /* The server has still to read why. */
    CHECK_INT(troth_relay_counts(stage.relay).connections, 1);
    troth_relay_looked(stage.relay);
    CHECK_INT(troth_relay_counts(stage.relay).connections, 1);
    CHECK_INT(stage.closed, 1);
    stage_end(&stage);
}

static void try_anew(void)
{
    struct stage stage;
    struct troth_collateral collateral;
    unsigned before;
    uint8_t got[8];

    test_case("who is judged again waits, and so does the program, without haste");
    stage_begin(&stage, true);
    CHECK_TEXT(party_state(&stage.server), "open");
    CHECK_INT(stage.looked, 0);
    collateral = stage.tools.collateral;
    stage.tools.collateral = (struct troth_collateral){NULL, 0};
    stage.tools.generation++;
    troth_relay_changed(stage.relay);
    CHECK_INT(send(stage.program, "early", 5, 0), 5);
    spin(&stage);
    CHECK_INT(stage.looked, 1);
    CHECK_TEXT(stage.server.heard, "");
    before = stage.clocked;
    spin(&stage);
    CHECK_INT(stage.clocked, before);

    test_case("and goes on");
    stage.tools.collateral = collateral;
    stage.tools.generation++;
    troth_relay_looked(stage.relay);
    spin(&stage);
    CHECK_TEXT(party_state(&stage.server), "open");
    CHECK_TEXT(stage.server.heard, "early");
    CHECK(party_say(&stage.server, "late"));
    spin(&stage);
    CHECK_INT(recv(stage.program, got, sizeof got, 0), 4);
    stage_end(&stage);
}

static void try_forgotten(void)
{
    struct stage stage;
    bool is_there = false;
    unsigned before;

    test_case("what was forgotten when the server referred to it is shown anew");
    stage_begin(&stage, true);
    CHECK_TEXT(party_state(&stage.server), "open");
    (void)close(stage.program);
    spin(&stage);
    stage.server.is_slow = true;
    connect_program(&stage);
    spin(&stage);
    before = stage.closed;
    forget_all(&stage);
    stage.server.is_slow = false;
    spin(&stage);
    CHECK_TEXT(party_state(&stage.server), "peer unknown");
    CHECK_INT(stage.closed, before);
    for (int i = 0; i < 100 && !is_there; i++) {
        (void)event_base_loop(stage.base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
        is_there = server_take(&stage);
        if (!is_there)
            (void)poll(NULL, 0, 50);
    }
    spin(&stage);
    CHECK(is_there);
    CHECK_TEXT(party_state(&stage.server), "open");
    CHECK_INT(troth_relay_counts(stage.relay).opened, 2);
    CHECK_INT(troth_relay_counts(stage.relay).refused, 0);
    stage_end(&stage);
}

int main(void)
{
    channel_world_begin(&world);
    try_late();
    try_anew();
    try_forgotten();
    channel_world_end(&world);
    return test_finish();
}
