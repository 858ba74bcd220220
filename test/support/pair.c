/* SPDX-License-Identifier: Apache-2.0 */
#include "test/support/pair.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test/harness.h"

void pair_sockets(int out[static 2])
{
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, out) != 0)
        abort();
    for (int i = 0; i < 2; i++)
        if (fcntl(out[i], F_SETFL, O_NONBLOCK) != 0)
            abort();
}

static void begin_end(struct pair *pair, struct pair_end *end, enum troth_role role,
                      const struct pair_options *options)
{
    bool is_client = role == TROTH_CLIENT;
    struct troth_tls_options tls = is_client ? options->client : options->server;
    struct troth_connection_options connection = {
        .asks = is_client ? options->client_asks : options->server_asks,
        .peer = TROTH_LITERAL("192.0.2.1"),
        .open_by_s = options->open_by_s};

    (void)pair;
    memcpy(connection.gives, is_client ? options->client_gives : options->server_gives,
           sizeof connection.gives);
    tls.role = role;
    if (!CHECK_ERR(troth_tls_create(&end->tls, &tls), TROTH_OK))
        abort();
    connection.tls = end->tls;
    if (!CHECK_ERR(
            troth_connection_create(&end->connection, end->descriptor, &connection),
            TROTH_OK))
        abort();
}

void pair_begin(struct pair *pair, struct attested *world,
                const struct pair_options *options)
{
    int a[2], b[2] = {-1, -1};

    *pair = (struct pair){.world = world};
    pair_sockets(a);
    if (options->has_between)
        pair_sockets(b);
    pair->client.descriptor = a[0];
    pair->client.inner = options->has_between ? a[1] : -1;
    pair->server.inner = b[1];
    pair->server.descriptor = options->has_between ? b[0] : a[1];
    begin_end(pair, &pair->client, TROTH_CLIENT, options);
    begin_end(pair, &pair->server, TROTH_SERVER, options);
}

void pair_vanish(struct pair_end *end)
{
    if (end->descriptor >= 0)
        (void)close(end->descriptor);
    end->descriptor = -1;
}

static void finish_end(struct pair_end *end)
{
    troth_connection_destroy(end->connection);
    troth_tls_destroy(end->tls);
    pair_vanish(end);
    if (end->inner >= 0)
        (void)close(end->inner);
}

void pair_end(struct pair *pair)
{
    finish_end(&pair->client);
    finish_end(&pair->server);
}

/* One byte, if there is one. */
static bool move(struct pair *pair, int from, int to)
{
    uint8_t byte;

    if (from < 0 || recv(from, &byte, 1, 0) != 1)
        return false;
    (void)send(to, &byte, 1, MSG_NOSIGNAL);
    pair->between++;
    if (pair->between == pair->cut_after) {
        (void)shutdown(from, SHUT_RDWR);
        (void)shutdown(to, SHUT_RDWR);
    }
    return true;
}

void pair_run(struct pair *pair)
{
    /* A turn that moves nothing may still have done something: some in a row have not. */
    for (int idle = 0; idle < 12; idle++) {
        if (pair->client.descriptor >= 0)
            (void)attested_step(pair->world, pair->client.connection, TROTH_CLIENT);
        if (pair->server.descriptor >= 0)
            (void)attested_step(pair->world, pair->server.connection, TROTH_SERVER);

        const bool went = move(pair, pair->client.inner, pair->server.inner);
        const bool came = move(pair, pair->server.inner, pair->client.inner);

        if (went || came)
            idle = -1;
    }
}

bool pair_is_open(const struct pair *pair)
{
    return pair->client.connection->phase == TROTH_CONNECTION_OPEN &&
           pair->server.connection->phase == TROTH_CONNECTION_OPEN;
}
