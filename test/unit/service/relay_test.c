/* SPDX-License-Identifier: Apache-2.0 */
#include "service/relay.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/connection.h"
#include "os/clock.h"
#include "service/relay_session.h"
#include "test/harness.h"
#include "test/support/attested.h"

/* A relay, the program behind it, and whoever connects, all in one thread: each has its
 * turn in spin(). */
struct stage {
    struct event_base *base;
    struct troth_tls *server_tls, *client_tls;
    struct troth_relay *relay;
    struct troth_relay_options options;
    int listener, program_listener;
    char said[4096]; /* what the relay logged */
    /* The source: it answers at once unless it is late. */
    struct troth_proof_source source;
    bool is_late;
    struct troth_proof_waiter *waiter;
    struct troth_proof_request request;
    unsigned forgotten;
};

struct client {
    struct troth_connection *connection;
    int descriptor;
};

static struct attested world;

/* ---- the source ---- */

static void source_answer(struct stage *stage)
{
    struct troth_proof_waiter *waiter = stage->waiter;

    stage->waiter = NULL;
    waiter->answer(waiter, attested_prove(&world, &stage->request), TROTH_REASON_NONE);
}

static void source_ask(void *state, struct troth_proof_waiter *waiter,
                       const struct troth_proof_request *request, struct troth_span peer)
{
    struct stage *stage = state;

    CHECK_SPAN(peer, test_text("127.0.0.1"));
    stage->waiter = waiter;
    stage->request = *request;
    if (!stage->is_late)
        source_answer(stage);
}

static void source_forget(void *state, struct troth_proof_waiter *waiter)
{
    struct stage *stage = state;

    CHECK(stage->waiter == waiter);
    stage->waiter = NULL;
    stage->forgotten++;
}

static enum troth_err source_sign(void *state, uint8_t out[static 64],
                                  enum troth_role role, struct troth_span key,
                                  struct troth_span binding)
{
    (void)state;
    CHECK_SPAN(key, sim_bytes_span(world.infos[role]));
    memcpy(out, attested_sign(&world, role, binding).ptr, 64);
    return TROTH_OK;
}

/* ---- the stage ---- */

static int64_t stage_now(void *state)
{
    (void)state;
    return world.now_s;
}

static void stage_log(void *state, const char *line)
{
    struct stage *stage = state;
    size_t len = strlen(stage->said);

    (void)snprintf(stage->said + len, sizeof stage->said - len, "%s\n", line);
}

/* So that little fits in between; whoever is accepted inherits it. */
static bool has_small_buffers(int descriptor)
{
    const int size = 32768;

    return setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &size, sizeof size) == 0 &&
           setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, sizeof size) == 0;
}

static int listen_somewhere(struct troth_address *out)
{
    int listener = socket(AF_INET, SOCK_STREAM, 0);

    *out = (struct troth_address){.len = sizeof(struct sockaddr_in)};
    ((struct sockaddr_in *)&out->socket)->sin_family = AF_INET;
    ((struct sockaddr_in *)&out->socket)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (listener < 0 || !has_small_buffers(listener) ||
        bind(listener, (const struct sockaddr *)&out->socket, out->len) != 0 ||
        listen(listener, 64) != 0 ||
        getsockname(listener, (struct sockaddr *)&out->socket, &out->len) != 0 ||
        !troth_address_settle(listener))
        abort();
    return listener;
}

static struct troth_address listener_address; /* of the relay */

static void stage_begin(struct stage *stage, const struct troth_relay_limits *limits)
{
    const struct troth_tls_options server = {.role = TROTH_SERVER};
    const struct troth_tls_options client = {.role = TROTH_CLIENT};

    *stage = (struct stage){.base = event_base_new()};
    if (!stage->base || troth_tls_create(&stage->server_tls, &server) ||
        troth_tls_create(&stage->client_tls, &client))
        abort();
    stage->source = (struct troth_proof_source){stage, source_ask, source_forget,
                                                source_sign};
    stage->listener = listen_somewhere(&listener_address);
    stage->options = (struct troth_relay_options){
        .base = stage->base,
        .listener = stage->listener,
        .tls = stage->server_tls,
        .tools = &world.tools,
        .source = &stage->source,
        .gives = {false, true, true},
        .limits = *limits,
        .now_s = stage_now,
        .log = stage_log,
        .state = stage,
    };
    stage->program_listener = listen_somewhere(&stage->options.upstream);
}

static void stage_open(struct stage *stage)
{
    if (!CHECK_ERR(troth_relay_create(&stage->relay, &stage->options), TROTH_OK))
        abort();
}

static void stage_end(struct stage *stage)
{
    troth_relay_destroy(stage->relay);
    (void)close(stage->listener);
    if (stage->program_listener >= 0)
        (void)close(stage->program_listener);
    troth_tls_destroy(stage->server_tls);
    troth_tls_destroy(stage->client_tls);
    event_base_free(stage->base);
    world.now_s = MINTED_AT_S;
}

static void client_begin(struct stage *stage, struct client *client)
{
    const struct troth_connection_options options = {
        .tls = stage->client_tls,
        .asks = TROTH_LEVEL_EPOCH,
        .gives = {false, true, true},
        .peer = TROTH_LITERAL("127.0.0.1"),
    };

    client->descriptor = troth_address_connect(&listener_address);
    if (client->descriptor < 0 || !has_small_buffers(client->descriptor) ||
        troth_connection_create(&client->connection, client->descriptor, &options))
        abort();
}

static void client_end(struct client *client)
{
    troth_connection_destroy(client->connection);
    (void)close(client->descriptor);
}

/* Until nothing has to be done any more; the client may be NULL. */
static void spin(struct stage *stage, struct client *client)
{
    for (int i = 0; i < 20; i++) {
        (void)event_base_loop(stage->base, EVLOOP_NONBLOCK);
        if (client)
            (void)attested_step(&world, client->connection, TROTH_CLIENT);
    }
}

/* The program's end of the next connection; -1: there is none. */
static int program_accept(struct stage *stage)
{
    int made = accept(stage->program_listener, NULL, NULL);

    if (made >= 0 && !troth_address_settle(made))
        abort();
    return made;
}

static enum troth_channel_reason reason_of(const struct client *client,
                                           enum troth_channel_reason *theirs)
{
    return troth_connection_reason(client->connection, theirs);
}

static ptrdiff_t client_read(struct client *client, uint8_t *out, size_t size)
{
    return troth_connection_read(client->connection, &world.tools, world.now_s, out,
                                 size);
}

static const struct troth_relay_limits usual;

/* ---- data, both ways, and its ends ---- */

static void check_echo(struct stage *stage, struct client *client, int program)
{
    uint8_t got[16];

    CHECK_INT(troth_connection_write(client->connection, test_text("question")), 8);
    spin(stage, client);
    CHECK_INT(recv(program, got, sizeof got, 0), 8);
    CHECK(memcmp(got, "question", 8) == 0);
    CHECK_INT(send(program, "answer", 6, 0), 6);
    spin(stage, client);
    CHECK_INT(client_read(client, got, sizeof got), 6);
    CHECK(memcmp(got, "answer", 6) == 0);
}

static void test_program_ends_first(void)
{
    struct stage stage;
    struct client client;
    uint8_t got[16];

    test_case("bytes go to the program and back; it ends first");
    stage_begin(&stage, &usual);
    stage_open(&stage);
    client_begin(&stage, &client);
    spin(&stage, &client);
    CHECK_INT(client.connection->phase, TROTH_CONNECTION_OPEN);

    int program = program_accept(&stage);

    if (CHECK(program >= 0)) {
        check_echo(&stage, &client, program);
        CHECK_INT(send(program, "last", 4, 0), 4);
        CHECK_INT(shutdown(program, SHUT_WR), 0);
        spin(&stage, &client);
        CHECK_INT(client_read(&client, got, sizeof got), 4);
        CHECK_INT(client_read(&client, got, sizeof got), -1);
        CHECK_INT(client.connection->phase, TROTH_CONNECTION_OPEN);
        CHECK_INT(troth_connection_write(client.connection, test_text("more")), 4);
        spin(&stage, &client);
        CHECK_INT(recv(program, got, sizeof got, 0), 4);
        troth_connection_end(client.connection);
        spin(&stage, &client);
        CHECK_INT(recv(program, got, sizeof got, 0), 0);
        (void)close(program);
    }
    CHECK_INT(reason_of(&client, NULL), TROTH_REASON_NONE);
    CHECK_INT(troth_relay_counts(stage.relay).connections, 0);
    CHECK_INT(troth_relay_counts(stage.relay).opened, 1);
    CHECK_TEXT(stage.said, "");
    client_end(&client);
    stage_end(&stage);
}

static void test_client_ends_first(void)
{
    struct stage stage;
    struct client client;
    uint8_t got[16];

    test_case("the client ends first, and reads on");
    stage_begin(&stage, &usual);
    stage_open(&stage);
    client_begin(&stage, &client);
    spin(&stage, &client);

    int program = program_accept(&stage);

    if (CHECK(program >= 0)) {
        troth_connection_end(client.connection);
        spin(&stage, &client);
        CHECK_INT(recv(program, got, sizeof got, 0), 0);
        CHECK_INT(send(program, "late", 4, 0), 4);
        spin(&stage, &client);
        CHECK_INT(client_read(&client, got, sizeof got), 4);
        (void)close(program);
        spin(&stage, &client);
    }
    CHECK_INT(client_read(&client, got, sizeof got), -1);
    CHECK_INT(reason_of(&client, NULL), TROTH_REASON_NONE);
    CHECK_INT(troth_relay_counts(stage.relay).connections, 0);
    client_end(&client);
    stage_end(&stage);
}

static void test_cut_short(void)
{
    struct stage stage;
    struct client client;
    uint8_t got[16];

    test_case("a client that is gone before it said END: the program sees no end either");
    stage_begin(&stage, &usual);
    stage_open(&stage);
    client_begin(&stage, &client);
    spin(&stage, &client);

    int program = program_accept(&stage);

    if (CHECK(program >= 0)) {
        check_echo(&stage, &client, program);
        CHECK_INT(troth_connection_write(client.connection, test_text("half")), 4);
        spin(&stage, &client);
        client_end(&client);
        spin(&stage, NULL);
        CHECK_INT(recv(program, got, sizeof got, 0), 4);
        CHECK_INT(recv(program, got, sizeof got, 0), -1);
        CHECK_INT(errno, ECONNRESET);
        (void)close(program);
    }
    CHECK_INT(troth_relay_counts(stage.relay).connections, 0);

    test_case("nor where this side stops");
    client_begin(&stage, &client);
    spin(&stage, &client);
    program = program_accept(&stage);
    CHECK(program >= 0);
    stage_end(&stage);
    CHECK_INT(recv(program, got, sizeof got, 0), -1);
    (void)close(program);
    client_end(&client);
}

/* ---- where one side is slow ---- */

/* Turns during which the slow side does nothing; and for how long it may then take. The
 * system opens a window that was closed when it likes: turns are no measure of that. */
enum { MUCH = 6000001, PATIENCE = 2000, LONG_MS = 60000 };

static void fill(uint8_t *out, size_t len)
{
    struct test_random random = {11};

    for (size_t i = 0; i < len; i++)
        out[i] = (uint8_t)test_random_below(&random, 256);
}

static void test_slow_program(void)
{
    static uint8_t sent[MUCH], got[MUCH];
    size_t sent_len = 0, got_len = 0;
    bool is_held = false;
    struct stage stage;
    struct client client;

    test_case("a program that does not read holds the client back, and loses nothing");
    fill(sent, sizeof sent);
    stage_begin(&stage, &usual);
    stage_open(&stage);
    client_begin(&stage, &client);
    spin(&stage, &client);

    int program = program_accept(&stage);

    const int64_t late_ms = troth_clock_monotonic_ms() + LONG_MS;

    for (int turn = 0;
         program >= 0 && got_len < sizeof got && troth_clock_monotonic_ms() < late_ms;
         turn++) {
        ptrdiff_t n = troth_connection_write(
            client.connection,
            (struct troth_span){sent + sent_len, sizeof sent - sent_len});

        if (!CHECK(n >= 0))
            break;
        sent_len += (size_t)n;
        is_held = turn == PATIENCE ? sent_len < sizeof sent : is_held;
        (void)event_base_loop(stage.base, EVLOOP_NONBLOCK);
        (void)attested_step(&world, client.connection, TROTH_CLIENT);
        if (turn <= PATIENCE)
            continue;
        ssize_t read = recv(program, got + got_len, 30000, 0);
        got_len += read > 0 ? (size_t)read : 0;
    }
    CHECK(is_held);
    CHECK_SPAN(((struct troth_span){got, got_len}), ((struct troth_span){sent, MUCH}));
    CHECK_TEXT(stage.said, "");
    (void)close(program);
    client_end(&client);
    stage_end(&stage);
}

static void test_slow_client(void)
{
    static uint8_t sent[MUCH], got[MUCH];
    size_t sent_len = 0, got_len = 0;
    bool is_held = false;
    struct stage stage;
    struct client client;

    test_case("a client that does not read holds the program back, and loses nothing");
    fill(sent, sizeof sent);
    stage_begin(&stage, &usual);
    stage_open(&stage);
    client_begin(&stage, &client);
    spin(&stage, &client);

    int program = program_accept(&stage);

    const int64_t late_ms = troth_clock_monotonic_ms() + LONG_MS;

    for (int turn = 0;
         program >= 0 && got_len < sizeof got && troth_clock_monotonic_ms() < late_ms;
         turn++) {
        ssize_t n = sent_len < sizeof sent
                        ? send(program, sent + sent_len, sizeof sent - sent_len, 0)
                        : 0;

        sent_len += n > 0 ? (size_t)n : 0;
        is_held = turn == PATIENCE ? sent_len < sizeof sent : is_held;
        (void)event_base_loop(stage.base, EVLOOP_NONBLOCK);
        if (turn <= PATIENCE)
            continue;
        ptrdiff_t read = client_read(&client, got + got_len, sizeof got - got_len);
        if (!CHECK(read >= 0))
            break;
        got_len += (size_t)read;
    }
    CHECK(is_held);
    CHECK_SPAN(((struct troth_span){got, got_len}), ((struct troth_span){sent, MUCH}));
    (void)close(program);
    client_end(&client);
    stage_end(&stage);
}

/* ---- proofs that come later ---- */

static void test_late_proof(void)
{
    struct stage stage;
    struct client client;

    test_case("the proof comes later");
    stage_begin(&stage, &usual);
    stage.is_late = true;
    stage_open(&stage);
    client_begin(&stage, &client);
    spin(&stage, &client);
    CHECK_INT(client.connection->phase, TROTH_CONNECTION_HANDSHAKE);
    if (CHECK(stage.waiter != NULL))
        source_answer(&stage);
    spin(&stage, &client);
    CHECK_INT(client.connection->phase, TROTH_CONNECTION_OPEN);
    client_end(&client);
    spin(&stage, NULL);
    CHECK_INT(troth_relay_counts(stage.relay).connections, 0);

    test_case("nobody waits for it any more: its source is told so");
    client_begin(&stage, &client);
    spin(&stage, &client);
    CHECK(stage.waiter != NULL);
    world.now_s += 31;
    troth_relay_changed(stage.relay);
    spin(&stage, &client);
    CHECK_INT(stage.forgotten, 1);
    CHECK(stage.waiter == NULL);
    client_end(&client);
    stage_end(&stage);

    test_case("it cannot be made");
    stage_begin(&stage, &usual);
    stage.options.source = NULL;
    stage_open(&stage);
    client_begin(&stage, &client);
    spin(&stage, &client);

    enum troth_channel_reason theirs = TROTH_REASON_NONE;

    CHECK_INT(reason_of(&client, &theirs), TROTH_REASON_PEER);
    CHECK_INT(theirs, TROTH_REASON_CANNOT);
    client_end(&client);
    stage_end(&stage);
}

/* ---- a program that is not there ---- */

static void test_no_program(void)
{
    enum troth_channel_reason theirs = TROTH_REASON_NONE;
    struct stage stage;
    struct client client;

    test_case("the program is down: the client hears that it closes, the log why");
    stage_begin(&stage, &usual);
    (void)close(stage.program_listener);
    stage.program_listener = -1;
    stage_open(&stage);
    client_begin(&stage, &client);
    for (int i = 0; i < 20; i++) {
        spin(&stage, &client);
        if (client.connection->phase == TROTH_CONNECTION_OPEN)
            (void)troth_connection_write(client.connection, test_text("unread"));
    }
    CHECK_INT(reason_of(&client, &theirs), TROTH_REASON_PEER);
    CHECK_INT(theirs, TROTH_REASON_CLOSED);
    CHECK(strstr(stage.said, "127.0.0.1: the program behind cannot be reached: ") !=
          NULL);
    client_end(&client);
    spin(&stage, NULL);
    CHECK_INT(troth_relay_counts(stage.relay).connections, 0);
    stage_end(&stage);
}

/* A path nobody accepts at, with its queue full. */
static int listen_at_path(struct troth_address *out, const char *path, int *filler)
{
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);

    (void)unlink(path);
    if (listener < 0 || troth_address_parse(out, path) ||
        bind(listener, (const struct sockaddr *)&out->socket, out->len) != 0 ||
        listen(listener, 0) != 0 || !troth_address_settle(listener))
        abort();
    *filler = troth_address_connect(out);
    if (*filler < 0)
        abort();
    return listener;
}

static void test_full_queue(void)
{
    struct stage stage;
    struct client client;
    char path[64];
    int filler;

    test_case("the program's queue is full for a while, and data flows when it is not");
    stage_begin(&stage, &usual);
    (void)close(stage.program_listener);
    (void)snprintf(path, sizeof path, "/tmp/troth-relay-test-%ld", (long)getpid());
    stage.program_listener = listen_at_path(&stage.options.upstream, path, &filler);
    stage_open(&stage);
    client_begin(&stage, &client);
    spin(&stage, &client);
    CHECK_INT(client.connection->phase, TROTH_CONNECTION_OPEN);
    (void)close(program_accept(&stage));
    world.now_s += 1;
    troth_relay_changed(stage.relay);
    spin(&stage, &client);

    int program = program_accept(&stage);

    if (CHECK(program >= 0)) {
        check_echo(&stage, &client, program);
        (void)close(program);
    }
    (void)unlink(path);
    (void)close(filler);
    client_end(&client);
    stage_end(&stage);
}

/* ---- those who take their time ---- */

static void test_loris(void)
{
    const struct troth_relay_limits limits = {.handshakes_per_peer = 3,
                                              .handshake_s = 10};
    enum troth_channel_reason theirs = TROTH_REASON_NONE;
    struct client silent[3], client;
    struct stage stage;
    uint8_t byte;

    test_case("connections that say nothing, or hardly anything, are closed in time");
    stage_begin(&stage, &limits);
    stage_open(&stage);
    for (size_t i = 0; i < COUNT(silent); i++)
        client_begin(&stage, &silent[i]);
    CHECK_INT(send(silent[1].descriptor, "\x16\x03\x01", 3, 0), 3);
    spin(&stage, NULL);
    CHECK_INT(troth_relay_counts(stage.relay).handshakes, 3);

    client_begin(&stage, &client);
    spin(&stage, &client);
    CHECK_INT(client.connection->phase, TROTH_CONNECTION_CLOSED);
    CHECK(strstr(stage.said, "127.0.0.1: has too many handshakes under way") != NULL);
    client_end(&client);

    CHECK_INT(send(silent[2].descriptor, "\x16", 1, 0), 1);
    world.now_s += 11;
    troth_relay_changed(stage.relay);
    spin(&stage, NULL);
    CHECK_INT(troth_relay_counts(stage.relay).handshakes, 0);
    for (size_t i = 0; i < COUNT(silent); i++) {
        CHECK_INT(recv(silent[i].descriptor, &byte, 1, 0), 0);
        client_end(&silent[i]);
    }
    spin(&stage, NULL);
    CHECK_INT(troth_relay_counts(stage.relay).connections, 0);

    test_case("then others have their turn");
    client_begin(&stage, &client);
    spin(&stage, &client);
    CHECK_INT(client.connection->phase, TROTH_CONNECTION_OPEN);
    client_end(&client);
    stage_end(&stage);

    test_case("an open connection without data, where there is a limit to that");
    stage_begin(&stage, &(struct troth_relay_limits){.idle_s = 60});
    stage_open(&stage);
    client_begin(&stage, &client);
    spin(&stage, &client);
    world.now_s += 59;
    troth_relay_changed(stage.relay);
    spin(&stage, &client);
    CHECK_INT(client.connection->phase, TROTH_CONNECTION_OPEN);
    world.now_s += 1;
    troth_relay_changed(stage.relay);
    spin(&stage, &client);
    CHECK_INT(reason_of(&client, &theirs), TROTH_REASON_PEER);
    CHECK_INT(theirs, TROTH_REASON_SLOW);
    client_end(&client);
    stage_end(&stage);
}

static void test_full(void)
{
    const struct troth_relay_limits limits = {.connections = 1};
    struct client first, second;
    struct stage stage;

    test_case("one more than there may be waits until another goes");
    stage_begin(&stage, &limits);
    stage_open(&stage);
    client_begin(&stage, &first);
    spin(&stage, &first);
    CHECK_INT(first.connection->phase, TROTH_CONNECTION_OPEN);
    client_begin(&stage, &second);
    spin(&stage, &second);
    CHECK_INT(second.connection->phase, TROTH_CONNECTION_HANDSHAKE);
    CHECK_INT(troth_relay_counts(stage.relay).accepted, 1);
    client_end(&first);
    spin(&stage, &second);
    CHECK_INT(second.connection->phase, TROTH_CONNECTION_OPEN);
    client_end(&second);
    stage_end(&stage);
}

static void test_one_takes_all(void)
{
    const struct troth_relay_limits limits = {.connections = 4};
    struct client clients[3];
    struct stage stage;

    test_case("nobody may have more than half of all connections open");
    stage_begin(&stage, &limits);
    stage_open(&stage);
    for (size_t i = 0; i < COUNT(clients); i++) {
        client_begin(&stage, &clients[i]);
        spin(&stage, &clients[i]);
        CHECK_INT(clients[i].connection->phase,
                  i < 2 ? TROTH_CONNECTION_OPEN : TROTH_CONNECTION_CLOSED);
    }
    CHECK(strstr(stage.said, "127.0.0.1: has too many connections") != NULL);
    CHECK_INT(troth_relay_counts(stage.relay).connections, 2);
    CHECK_INT(troth_relay_counts(stage.relay).refused, 1);
    client_end(&clients[0]);
    client_end(&clients[2]);
    spin(&stage, NULL);

    test_case("until one of them has gone");
    client_begin(&stage, &clients[2]);
    spin(&stage, &clients[2]);
    CHECK_INT(clients[2].connection->phase, TROTH_CONNECTION_OPEN);
    client_end(&clients[1]);
    client_end(&clients[2]);
    stage_end(&stage);
}

/* As nobody, who cannot raise a limit. */
static int serve_with_few(void)
{
    const struct rlimit few = {.rlim_cur = 300, .rlim_max = 300};
    struct stage stage;

    if (setrlimit(RLIMIT_NOFILE, &few) != 0 || (geteuid() == 0 && setuid(65534) != 0))
        return 1;
    stage_begin(&stage, &usual);
    stage_open(&stage);
    return stage.relay->options.limits.connections == 22 ? 0 : 2;
}

static void test_few_descriptors(void)
{
    int status = -1;

    test_case("no more connections than there are descriptors for, at both ends");
    (void)fflush(NULL);

    pid_t child = fork();

    if (child == 0)
        _exit(serve_with_few());
    CHECK(child > 0 && waitpid(child, &status, 0) == child);
    CHECK_INT(status, 0);
}

static void test_no_descriptors(void)
{
    struct rlimit before, few;
    int spare[200];
    size_t count = 0;
    struct stage stage;
    struct client client;

    test_case("no descriptor is left: it says so, waits, and goes on");
    stage_begin(&stage, &usual);
    stage_open(&stage);
    spin(&stage, NULL);
    client_begin(&stage, &client);
    CHECK_INT(getrlimit(RLIMIT_NOFILE, &before), 0);
    few = (struct rlimit){.rlim_cur = COUNT(spare), .rlim_max = before.rlim_max};
    CHECK_INT(setrlimit(RLIMIT_NOFILE, &few), 0);
    while (count < COUNT(spare) && (spare[count] = dup(stage.listener)) >= 0)
        count++;
    spin(&stage, &client);
    CHECK_INT(troth_relay_counts(stage.relay).accepted, 0);
    CHECK(strstr(stage.said, "cannot accept connections for now: ") != NULL);
    while (count > 0)
        (void)close(spare[--count]);
    CHECK_INT(setrlimit(RLIMIT_NOFILE, &before), 0);
    for (int i = 0; i < 200 && client.connection->phase != TROTH_CONNECTION_OPEN; i++) {
        (void)usleep(10000);
        spin(&stage, &client);
    }
    CHECK_INT(client.connection->phase, TROTH_CONNECTION_OPEN);
    client_end(&client);
    stage_end(&stage);
}

/* ---- what is judged again ---- */

static const char other_image[] =
    "{policy: p, accept: [nitro], machines: any, images: {other: {nitro: {pcr0: '"
    "000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    "000000000001', pcr1: any, pcr2: any}}}}";
static const char any_image[] =
    "{policy: p, accept: [nitro], images: any, machines: any}";

static void test_changed(void)
{
    struct client clients[20];
    struct stage stage;
    size_t closed = 0;

    test_case("the tools change: every open connection's peer is judged again");
    stage_begin(&stage, &usual);
    stage.options.asks = TROTH_LEVEL_EPOCH;
    stage_open(&stage);
    for (size_t i = 0; i < COUNT(clients); i++) {
        client_begin(&stage, &clients[i]);
        spin(&stage, &clients[i]);
        CHECK_INT(clients[i].connection->phase, TROTH_CONNECTION_OPEN);
    }
    attested_set_policy(&world, any_image);
    troth_relay_changed(stage.relay);
    spin(&stage, NULL);
    CHECK_INT(troth_relay_counts(stage.relay).connections, COUNT(clients));
    attested_set_policy(&world, other_image);
    troth_relay_changed(stage.relay);
    spin(&stage, NULL);
    attested_set_policy(&world, any_image);
    for (size_t i = 0; i < COUNT(clients); i++) {
        enum troth_channel_reason theirs = TROTH_REASON_NONE;

        spin(&stage, &clients[i]);
        closed += reason_of(&clients[i], &theirs) == TROTH_REASON_PEER &&
                  theirs == TROTH_REASON_LAPSED;
        client_end(&clients[i]);
    }
    CHECK_INT(closed, COUNT(clients));
    spin(&stage, NULL);
    CHECK_INT(troth_relay_counts(stage.relay).connections, 0);
    CHECK(strstr(stage.said, "127.0.0.1: what was accepted no longer is") != NULL);
    stage_end(&stage);
}

int main(void)
{
    attested_begin(&world);
    test_program_ends_first();
    test_client_ends_first();
    test_cut_short();
    test_slow_program();
    test_slow_client();
    test_late_proof();
    test_no_program();
    test_full_queue();
    test_loris();
    test_full();
    test_one_takes_all();
    test_few_descriptors();
    test_no_descriptors();
    test_changed();
    attested_end(&world);
    return test_finish();
}
