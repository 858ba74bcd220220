/* SPDX-License-Identifier: Apache-2.0 */
#include "service/relay.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "net/connection.h"
#include "test/harness.h"
#include "test/support/attested.h"

/* A client's relay, a program that connects to it, and the server that it dials, all in
 * one thread: each has its turn in spin(). */
struct stage {
    struct event_base *base;
    struct troth_tls *server_tls, *client_tls;
    struct troth_relay *relay;
    struct troth_relay_options options;
    struct troth_address address; /* of the relay */
    int listener, server_listener;
    unsigned opened, closed, unreached;
    enum troth_channel_reason reason;
    char check[32]; /* which decided; "": none */
    int error;
};

/* The server's end; zeroed, there is none. */
struct server {
    struct troth_connection *connection;
    int descriptor;
};

static struct attested world;

static int64_t stage_now(void *state)
{
    (void)state;
    return world.now_s;
}

static void on_opened(void *state, const struct troth_connection *connection)
{
    struct stage *stage = state;

    stage->opened++;
    CHECK(troth_connection_standing(connection) != NULL);
}

static void on_closed(void *state, const struct troth_connection *connection)
{
    struct stage *stage = state;
    const struct troth_connection_check *check = troth_connection_check(connection);

    stage->closed++;
    stage->reason = troth_connection_reason(connection, NULL);
    if (check)
        memcpy(stage->check, check->name, strlen(check->name) + 1);
}

static void on_unreached(void *state, int error)
{
    struct stage *stage = state;

    stage->unreached++;
    stage->error = error;
}

/* So that little fits in between; whoever is accepted inherits it. */
static int listen_somewhere(struct troth_address *out)
{
    const int size = 32768;
    int listener = socket(AF_INET, SOCK_STREAM, 0);

    *out = (struct troth_address){.len = sizeof(struct sockaddr_in)};
    ((struct sockaddr_in *)&out->socket)->sin_family = AF_INET;
    ((struct sockaddr_in *)&out->socket)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (listener < 0 ||
        setsockopt(listener, SOL_SOCKET, SO_SNDBUF, &size, sizeof size) != 0 ||
        setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &size, sizeof size) != 0 ||
        bind(listener, (const struct sockaddr *)&out->socket, out->len) != 0 ||
        listen(listener, 64) != 0 ||
        getsockname(listener, (struct sockaddr *)&out->socket, &out->len) != 0 ||
        !troth_address_settle(listener))
        abort();
    return listener;
}

static void stage_begin(struct stage *stage)
{
    const struct troth_tls_options server = {.role = TROTH_SERVER};
    const struct troth_tls_options client = {.role = TROTH_CLIENT};

    *stage = (struct stage){.base = event_base_new()};
    if (!stage->base || troth_tls_create(&stage->server_tls, &server) ||
        troth_tls_create(&stage->client_tls, &client))
        abort();
    stage->listener = listen_somewhere(&stage->address);
    stage->options = (struct troth_relay_options){
        .base = stage->base,
        .listener = stage->listener,
        .tls = stage->client_tls,
        .tools = &world.tools,
        .asks = TROTH_LEVEL_EPOCH,
        .server = "server.example:1",
        .now_s = stage_now,
        .opened = on_opened,
        .closed = on_closed,
        .unreached = on_unreached,
        .state = stage,
    };
    stage->server_listener = listen_somewhere(&stage->options.upstream);
    if (!CHECK_ERR(troth_relay_create(&stage->relay, &stage->options), TROTH_OK))
        abort();
}

static void stage_end(struct stage *stage)
{
    troth_relay_destroy(stage->relay);
    (void)close(stage->listener);
    if (stage->server_listener >= 0)
        (void)close(stage->server_listener);
    troth_tls_destroy(stage->server_tls);
    troth_tls_destroy(stage->client_tls);
    event_base_free(stage->base);
    world.now_s = MINTED_AT_S;
    attested_set_policy(&world,
                        "policy: any\naccept: [nitro]\nimages: any\nmachines: any\n");
}

/* The next connection that the relay makes, if there is one. */
static void server_take(struct stage *stage, struct server *server)
{
    const struct troth_connection_options options = {
        .tls = stage->server_tls,
        .gives = {false, true, true},
        .peer = TROTH_LITERAL("127.0.0.1"),
    };

    server->descriptor = accept(stage->server_listener, NULL, NULL);
    if (server->descriptor < 0)
        return;
    if (!troth_address_settle(server->descriptor) ||
        troth_connection_create(&server->connection, server->descriptor, &options))
        abort();
}

static void server_end(struct server *server)
{
    troth_connection_destroy(server->connection);
    if (server->connection)
        (void)close(server->descriptor);
    *server = (struct server){.connection = NULL};
}

/* Until nothing has to be done any more. */
static void spin(struct stage *stage, struct server *server)
{
    for (int i = 0; i < 30; i++) {
        (void)event_base_loop(stage->base, EVLOOP_NONBLOCK);
        if (!server->connection && stage->server_listener >= 0)
            server_take(stage, server);
        if (server->connection)
            (void)attested_step(&world, server->connection, TROTH_SERVER);
    }
}

static int program_connect(const struct stage *stage)
{
    int made = troth_address_connect(&stage->address);

    if (made < 0)
        abort();
    return made;
}

static ptrdiff_t server_read(struct server *server, uint8_t *out, size_t size)
{
    return troth_connection_read(server->connection, &world.tools, world.now_s, out,
                                 size);
}

static void check_reset(int program)
{
    uint8_t got[16];

    CHECK_INT(recv(program, got, sizeof got, 0), -1);
    CHECK_INT(errno, ECONNRESET);
}

static void check_echo(struct stage *stage, struct server *server, int program)
{
    uint8_t got[16];

    CHECK_INT(send(program, "question", 8, 0), 8);
    spin(stage, server);
    CHECK_INT(server_read(server, got, sizeof got), 8);
    CHECK(memcmp(got, "question", 8) == 0);
    CHECK_INT(troth_connection_write(server->connection, test_text("answer")), 6);
    spin(stage, server);
    CHECK_INT(recv(program, got, sizeof got, 0), 6);
    CHECK(memcmp(got, "answer", 6) == 0);
}

static void test_ends(void)
{
    struct stage stage;
    struct server server = {.connection = NULL};
    uint8_t got[16];

    test_case("bytes go to the server and back; each side ends in its own time");
    stage_begin(&stage);

    int program = program_connect(&stage);

    spin(&stage, &server);
    if (CHECK(server.connection != NULL)) {
        CHECK_INT(stage.opened, 1);
        check_echo(&stage, &server, program);
        CHECK_INT(shutdown(program, SHUT_WR), 0);
        spin(&stage, &server);
        CHECK_INT(server_read(&server, got, sizeof got), -1);
        CHECK_INT(troth_connection_write(server.connection, test_text("late")), 4);
        troth_connection_end(server.connection);
        spin(&stage, &server);
        CHECK_INT(recv(program, got, sizeof got, 0), 4);
        CHECK_INT(recv(program, got, sizeof got, 0), 0);
    }
    CHECK_INT(troth_relay_counts(stage.relay).connections, 0);
    CHECK_INT(troth_relay_counts(stage.relay).opened, 1);
    CHECK_INT(stage.closed + stage.unreached, 0);
    (void)close(program);
    server_end(&server);
    stage_end(&stage);
}

static void test_cut(void)
{
    struct stage stage;
    struct server server = {.connection = NULL};

    test_case("a server that is gone before it said END: the program sees no end either");
    stage_begin(&stage);

    int program = program_connect(&stage);

    spin(&stage, &server);
    if (CHECK(server.connection != NULL)) {
        check_echo(&stage, &server, program);
        server_end(&server);
        server.connection = NULL;
        (void)event_base_loop(stage.base, EVLOOP_NONBLOCK);
        check_reset(program);
        CHECK_INT(stage.closed, 1);
        CHECK_INT(stage.reason, TROTH_REASON_CLOSED);
    }
    (void)close(program);

    test_case("a program that is gone is no news of the server");
    program = program_connect(&stage);
    spin(&stage, &server);
    check_echo(&stage, &server, program);
    (void)setsockopt(program, SOL_SOCKET, SO_LINGER,
                     &(struct linger){.l_onoff = 1, .l_linger = 0},
                     sizeof(struct linger));
    (void)close(program);
    spin(&stage, &server);
    CHECK_INT(stage.closed, 1);
    CHECK_INT(server.connection->phase, TROTH_CONNECTION_CLOSED);
    server_end(&server);
    stage_end(&stage);
}

static void test_refused(void)
{
    struct stage stage;
    struct server server = {.connection = NULL};

    test_case("a server that the policy refuses: the program is reset, and told nothing");
    stage_begin(&stage);
    attested_set_policy(&world,
                        "policy: other\naccept: [nitro]\nmachines: any\nimages:\n"
                        "  release-7:\n    nitro: {pcr0: '121212121212121212121212"
                        "1212121212121212121212121212121212121212121212121212121212"
                        "12121212121212', pcr1: any, pcr2: any}\n");

    int program = program_connect(&stage);

    CHECK_INT(send(program, "secret", 6, 0), 6);
    spin(&stage, &server);
    check_reset(program);
    CHECK_INT(stage.opened, 0);
    CHECK_INT(stage.closed, 1);
    CHECK_INT(stage.reason, TROTH_REASON_EVIDENCE);
    CHECK_TEXT(stage.check, "measurement");
    CHECK_INT(server.connection->phase, TROTH_CONNECTION_CLOSED);
    (void)close(program);
    server_end(&server);
    stage_end(&stage);
}

static void test_targets(void)
{
    struct stage stage;
    struct server server = {.connection = NULL};
    struct troth_address targets[3];

    test_case("an address that takes no connection gives way to the next");
    stage_begin(&stage);
    (void)close(listen_somewhere(&targets[0]));
    (void)close(listen_somewhere(&targets[1]));
    targets[2] = stage.options.upstream;
    troth_relay_aim(stage.relay, targets, 3);

    int program = program_connect(&stage);

    spin(&stage, &server);
    if (CHECK(server.connection != NULL))
        check_echo(&stage, &server, program);
    CHECK_INT(stage.unreached, 0);
    (void)close(program);
    server_end(&server);

    test_case("where none does, that is told, and the program is reset");
    troth_relay_aim(stage.relay, targets, 2);
    program = program_connect(&stage);
    spin(&stage, &server);
    CHECK_INT(stage.unreached, 1);
    CHECK_INT(stage.error, ECONNREFUSED);
    check_reset(program);
    CHECK_INT(troth_relay_counts(stage.relay).handshakes, 0);
    (void)close(program);

    test_case("and one that is there again is reached again");
    troth_relay_aim(stage.relay, targets + 2, 1);
    program = program_connect(&stage);
    spin(&stage, &server);
    if (CHECK(server.connection != NULL))
        check_echo(&stage, &server, program);
    (void)close(program);
    server_end(&server);
    stage_end(&stage);
}

static void test_silent_server(void)
{
    struct stage stage;
    struct server none = {.connection = NULL};
    uint8_t got[16];

    test_case("a server that says nothing has its time, and no more");
    stage_begin(&stage);

    int program = program_connect(&stage);
    int silent;

    for (int i = 0; i < 20; i++)
        (void)event_base_loop(stage.base, EVLOOP_NONBLOCK);
    silent = accept(stage.server_listener, NULL, NULL);
    CHECK(silent >= 0);
    CHECK_INT(troth_relay_counts(stage.relay).handshakes, 1);
    CHECK_INT(recv(program, got, sizeof got, 0), -1);
    CHECK_INT(errno, EAGAIN);
    world.now_s += 40;
    troth_relay_changed(stage.relay);
    for (int i = 0; i < 20; i++)
        (void)event_base_loop(stage.base, EVLOOP_NONBLOCK);
    check_reset(program);
    CHECK_INT(stage.reason, TROTH_REASON_SLOW);
    CHECK_INT(troth_relay_counts(stage.relay).handshakes, 0);
    (void)close(program);
    (void)close(silent);
    server_end(&none);
    stage_end(&stage);
}

/* Turns during which the slow side does nothing. */
enum { MUCH = 4000001, PATIENCE = 1000 };

static void test_slow_program(void)
{
    static uint8_t sent[MUCH], got[MUCH];
    struct test_random random = {7};
    struct server server = {.connection = NULL};
    struct stage stage;
    size_t sent_len = 0, got_len = 0;
    bool is_held = false;

    test_case("a program that does not read holds the server back, and loses nothing");
    for (size_t i = 0; i < sizeof sent; i++)
        sent[i] = (uint8_t)test_random_below(&random, 256);
    stage_begin(&stage);

    int program = program_connect(&stage);

    spin(&stage, &server);
    for (int turn = 0; server.connection && turn < 100000 && got_len < MUCH; turn++) {
        ptrdiff_t n = troth_connection_write(
            server.connection,
            (struct troth_span){sent + sent_len, sizeof sent - sent_len});

        if (!CHECK(n >= 0))
            break;
        sent_len += (size_t)n;
        is_held = turn == PATIENCE ? sent_len < sizeof sent : is_held;
        (void)event_base_loop(stage.base, EVLOOP_NONBLOCK);
        (void)attested_step(&world, server.connection, TROTH_SERVER);
        if (turn <= PATIENCE)
            continue;
        ssize_t read = recv(program, got + got_len, 30000, 0);
        got_len += read > 0 ? (size_t)read : 0;
    }
    CHECK(is_held);
    CHECK_SPAN(((struct troth_span){got, got_len}), ((struct troth_span){sent, MUCH}));
    (void)close(program);
    server_end(&server);
    stage_end(&stage);
}

int main(void)
{
    attested_begin(&world);
    test_ends();
    test_cut();
    test_refused();
    test_targets();
    test_silent_server();
    test_slow_program();
    attested_end(&world);
    return test_finish();
}
