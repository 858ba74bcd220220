/*
 * Many connections that are open and say nothing, through one relay. Usually a few
 * hundred; with an argument as many as it says, if there may be so many descriptors.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "service/relay.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/descriptors.h"
#include "test/harness.h"
#include "test/support/attested.h"

/* Beside the two of each connection, in either process. */
enum { OTHERS = 300, USUAL = 300 };

/* What a connection may cost the relay, in all. */
enum { COST_MAX = 64 * 1024 };

static struct attested world;

/* ---- the clients, and the program: a process of their own ---- */

struct crowd {
    struct troth_address relay;
    int listener; /* the program's */
    size_t count;
    struct troth_connection **clients;
    int *sockets, *accepted;
    struct troth_tls *tls;
};

static bool wait_until_open(struct crowd *crowd, size_t i)
{
    struct pollfd ready = {crowd->sockets[i], POLLIN, 0};

    for (int turn = 0; turn < 1000; turn++) {
        switch (attested_step(&world, crowd->clients[i], TROTH_CLIENT)) {
        case TROTH_CONNECTION_OPEN:
            return true;
        case TROTH_CONNECTION_CLOSED:
            return false;
        case TROTH_CONNECTION_HANDSHAKE:
            (void)poll(&ready, 1, 100);
        }
    }
    return false;
}

static bool join(struct crowd *crowd, size_t i)
{
    const struct troth_connection_options options = {
        .tls = crowd->tls, .asks = TROTH_LEVEL_EPOCH, .peer = TROTH_LITERAL("relay")};

    crowd->sockets[i] = troth_address_connect(&crowd->relay);
    if (crowd->sockets[i] < 0 ||
        troth_connection_create(&crowd->clients[i], crowd->sockets[i], &options) ||
        !wait_until_open(crowd, i))
        return false;
    crowd->accepted[i] = accept(crowd->listener, NULL, NULL);
    return crowd->accepted[i] >= 0;
}

/* The relay connects in the order in which clients were satisfied: one by one. */
static bool still_works(struct crowd *crowd, size_t i)
{
    struct pollfd ready = {crowd->sockets[i], POLLIN, 0};
    uint8_t got[8] = "";
    ptrdiff_t len = 0;

    if (send(crowd->accepted[i], "awake", 5, 0) != 5)
        return false;
    for (int turn = 0; turn < 1000 && len == 0; turn++) {
        (void)poll(&ready, 1, 100);
        len = troth_connection_read(crowd->clients[i], &world.tools, world.now_s, got,
                                    sizeof got);
    }
    return len == 5 && memcmp(got, "awake", 5) == 0;
}

static int run_crowd(struct crowd *crowd)
{
    const struct troth_tls_options tls = {.role = TROTH_CLIENT};
    static uint8_t memory[4 * TROTH_KNOWN_ENTRY_SIZE];
    struct troth_known known;

    (void)troth_descriptors_raise(2 * crowd->count + OTHERS);
    troth_known_init(&known, memory, sizeof memory);
    world.tools.known = &known;
    crowd->clients = calloc(crowd->count, sizeof(struct troth_connection *));
    crowd->sockets = calloc(crowd->count, sizeof(int));
    crowd->accepted = calloc(crowd->count, sizeof(int));
    if (!crowd->clients || !crowd->sockets || !crowd->accepted ||
        troth_tls_create(&crowd->tls, &tls))
        return 2;
    for (size_t i = 0; i < crowd->count; i++)
        if (!join(crowd, i))
            return 3;
    for (size_t i = 0; i < crowd->count; i += 1 + crowd->count / 100)
        if (!still_works(crowd, i))
            return 4;
    return 0;
}

/* ---- the relay ---- */

static void ask(void *state, struct troth_proof_waiter *waiter,
                const struct troth_proof_request *request, struct troth_span peer)
{
    (void)state;
    (void)peer;
    waiter->answer(waiter, attested_prove(&world, request), TROTH_REASON_NONE);
}

static void forget(void *state, struct troth_proof_waiter *waiter)
{
    (void)state;
    (void)waiter;
}

static enum troth_err sign(void *state, uint8_t out[static 64], enum troth_role role,
                           struct troth_span key, struct troth_span binding)
{
    (void)state;
    (void)key;
    memcpy(out, attested_sign(&world, role, binding).ptr, 64);
    return TROTH_OK;
}

static int64_t world_now(void *state)
{
    (void)state;
    return world.now_s;
}

static int listen_somewhere(struct troth_address *out)
{
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in here = {.sin_family = AF_INET,
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

    *out = (struct troth_address){.len = sizeof here};
    if (listener < 0 || bind(listener, (struct sockaddr *)&here, sizeof here) != 0 ||
        listen(listener, 128) != 0 ||
        getsockname(listener, (struct sockaddr *)&out->socket, &out->len) != 0)
        abort();
    return listener;
}

static size_t resident_bytes(void)
{
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");

    if (!file || fscanf(file, "%*u %lu", &pages) != 1)
        abort();
    (void)fclose(file);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

static void on_tick(evutil_socket_t descriptor, short what, void *state)
{
    (void)descriptor;
    (void)what;
    (void)state;
}

/* Until the crowd is done; its exit status. The most connections there were at once. */
static int serve(struct event_base *base, const struct troth_relay *relay, pid_t crowd,
                 size_t *out_most)
{
    const struct timeval often = {.tv_usec = 20000};
    struct event *tick = event_new(base, -1, EV_PERSIST, on_tick, NULL);
    int status = -1;

    (void)event_add(tick, &often);
    while (waitpid(crowd, &status, WNOHANG) == 0) {
        size_t now = troth_relay_counts(relay).connections;

        *out_most = now > *out_most ? now : *out_most;
        (void)event_base_loop(base, EVLOOP_ONCE);
    }
    event_free(tick);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void check_cost(size_t before, size_t count)
{
#ifdef __SANITIZE_ADDRESS__
    (void)before;
    (void)count;
#else
    size_t each = (resident_bytes() - before) / count;

    printf("# %zu bytes a connection\n", each);
    CHECK(each <= COST_MAX);
#endif
}

static void test_idle(size_t count)
{
    const struct troth_tls_options tls = {.role = TROTH_SERVER};
    const struct troth_proof_source source = {NULL, ask, forget, sign};
    struct crowd crowd = {.count = count};
    struct troth_relay_options options = {
        .base = event_base_new(),
        .listener = listen_somewhere(&crowd.relay),
        .tools = &world.tools,
        .source = &source,
        .gives = {false, true, true},
        .limits = {.connections = count + 1, .connections_per_peer = count + 1},
        .now_s = world_now,
    };
    struct troth_tls *made;
    struct troth_relay *relay;
    size_t most = 0;

    test_case("%zu idle connections at once: all are there, and work", count);
    crowd.listener = listen_somewhere(&options.upstream);
    (void)fflush(stdout);

    pid_t child = fork();

    if (child == 0)
        _exit(run_crowd(&crowd));
    if (!CHECK_ERR(troth_tls_create(&made, &tls), TROTH_OK))
        return;
    options.tls = made;
    if (!CHECK_ERR(troth_relay_create(&relay, &options), TROTH_OK))
        return;

    size_t before = resident_bytes();

    CHECK_INT(serve(options.base, relay, child, &most), 0);
    CHECK_INT(most, count);
    CHECK_INT(troth_relay_counts(relay).opened, count);
    check_cost(before, count);
    troth_relay_destroy(relay);
    troth_tls_destroy(made);
    event_base_free(options.base);
    (void)close(options.listener);
    (void)close(crowd.listener);
}

int main(int argc, char **argv)
{
    size_t count = argc > 1 ? strtoul(argv[1], NULL, 10) : USUAL;
    size_t most = troth_descriptors_raise(2 * count + OTHERS);

    if (most < 2 * count + OTHERS)
        count = (most - OTHERS) / 2;
    attested_begin(&world);
    test_idle(count);
    attested_end(&world);
    return test_finish();
}
