/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/channel_line.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PATIENCE_MS = 20000 };

/* ---- sockets ---- */

static struct sockaddr_in loopback(uint16_t port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons(port),
                                .sin_addr = {htonl(INADDR_LOOPBACK)}};
}

int bench_listen(uint16_t *port)
{
    struct sockaddr_in at = loopback(*port);
    socklen_t len = sizeof at;
    int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

    if (made < 0 || setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        bind(made, (struct sockaddr *)&at, sizeof at) != 0 || listen(made, 4096) != 0 ||
        getsockname(made, (struct sockaddr *)&at, &len) != 0) {
        perror("bench: cannot listen on loopback");
        exit(2);
    }
    *port = ntohs(at.sin_port);
    return made;
}

static int settle(int descriptor)
{
    static const struct linger at_once = {1, 0};
    int on = 1;

    if (descriptor >= 0 &&
        setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0 &&
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) == 0 &&
        fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0)
        return descriptor;
    if (descriptor >= 0)
        (void)close(descriptor);
    return -1;
}

int bench_connect(uint16_t port)
{
    const struct sockaddr_in to = loopback(port);
    int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (made >= 0 && connect(made, (const struct sockaddr *)&to, sizeof to) == 0)
        return settle(made);
    if (made >= 0)
        (void)close(made);
    return -1;
}

int bench_accept(int listener)
{
    return settle(accept(listener, NULL, NULL));
}

static bool await(const struct bench_line *line, unsigned wants)
{
    struct pollfd one = {.fd = line->descriptor};

    if (wants & TROTH_WANT_READ)
        one.events |= POLLIN;
    if (wants & TROTH_WANT_WRITE)
        one.events |= POLLOUT;
    return poll(&one, 1, PATIENCE_MS) > 0;
}

/* ---- beginning ---- */

static bool begin_tls(struct bench_line *line)
{
    line->session = SSL_new(line->party->plain[line->role]);
    if (!line->session || SSL_set_fd(line->session, line->descriptor) <= 0)
        return false;
    if (line->role == TROTH_SERVER)
        SSL_set_accept_state(line->session);
    else
        SSL_set_connect_state(line->session);
    return true;
}

static bool begin_troth(struct bench_line *line)
{
    bool is_client = line->role == TROTH_CLIENT;
    enum troth_level server = line->terms.server_proves;
    enum troth_level client = line->terms.client_proves;
    struct troth_connection_options options = {
        .tls = line->party->tls[line->role],
        .asks = is_client ? server : client,
        .peer = TROTH_LITERAL("127.0.0.1"),
    };

    options.gives[is_client ? client : server] = true;
    return troth_connection_create(&line->connection, line->descriptor, &options) ==
           TROTH_OK;
}

bool bench_line_begin(struct bench_line *line, struct bench_party *party,
                      enum troth_role role, const struct bench_line_terms *terms,
                      int descriptor)
{
    *line = (struct bench_line){*terms, party, role, descriptor, NULL, NULL, false};
    if (descriptor < 0)
        return false;
    switch (terms->kind) {
    case BENCH_TLS:
        return begin_tls(line);
    case BENCH_TROTH:
        return begin_troth(line);
    case BENCH_TCP:
        line->is_open = true;
        return true;
    }
    return false;
}

void bench_line_end(struct bench_line *line)
{
    SSL_free(line->session);
    troth_connection_destroy(line->connection);
    if (line->descriptor >= 0)
        (void)close(line->descriptor);
    *line = (struct bench_line){.descriptor = -1};
}

static unsigned tls_wants(const struct bench_line *line, int result)
{
    switch (SSL_get_error(line->session, result)) {
    case SSL_ERROR_WANT_READ:
        return TROTH_WANT_READ;
    case SSL_ERROR_WANT_WRITE:
        return TROTH_WANT_WRITE;
    default:
        return 0;
    }
}

bool bench_line_step(struct bench_line *line)
{
    if (line->is_open)
        return true;
    if (line->session) {
        int result = SSL_do_handshake(line->session);

        line->is_open = result > 0;
        return line->is_open || tls_wants(line, result) != 0;
    }

    enum troth_connection_phase phase = bench_party_step(line->party, line->connection,
                                                         line->role);

    line->is_open = phase == TROTH_CONNECTION_OPEN;
    return phase != TROTH_CONNECTION_CLOSED;
}

bool bench_line_open(struct bench_line *line)
{
    while (bench_line_step(line)) {
        if (line->is_open)
            return true;
        if (!await(line, line->session ? TROTH_WANT_READ
                                       : troth_connection_wants(line->connection)))
            break;
    }
    if (line->connection)
        fprintf(
            stderr, "bench: handshake: %s %s\n",
            troth_channel_reason_name(troth_connection_reason(line->connection, NULL)),
            troth_connection_detail(line->connection));
    return false;
}

/* ---- bytes ---- */

/* How many went; 0 and what to wait for, or 0 and nothing: it is over. */
static size_t write_some(struct bench_line *line, const uint8_t *bytes, size_t len,
                         unsigned *out_wants)
{
    size_t done = 0;

    *out_wants = TROTH_WANT_WRITE;
    if (line->connection) {
        ptrdiff_t sent = troth_connection_write(line->connection,
                                                (struct troth_span){bytes, len});

        *out_wants = sent < 0 ? 0 : TROTH_WANT_WRITE;
        return sent < 0 ? 0 : (size_t)sent;
    }
    if (line->session) {
        int result = SSL_write_ex(line->session, bytes, len, &done);

        *out_wants = result > 0 ? 0 : tls_wants(line, result);
        return result > 0 ? done : 0;
    }

    ssize_t sent = send(line->descriptor, bytes, len, MSG_NOSIGNAL);

    return sent < 0 ? 0 : (size_t)sent;
}

/* What troth_connection_write() took may still wait for the socket. */
static bool flush(struct bench_line *line)
{
    while (line->connection &&
           troth_connection_wants(line->connection) & TROTH_WANT_WRITE) {
        if (!await(line, TROTH_WANT_WRITE))
            return false;
        (void)bench_party_step(line->party, line->connection, line->role);
    }
    return true;
}

bool bench_line_write(struct bench_line *line, const uint8_t *bytes, size_t len)
{
    while (len > 0) {
        unsigned wants;
        size_t done = write_some(line, bytes, len, &wants);

        bytes += done;
        len -= done;
        if (done == 0 && (wants == 0 || !await(line, wants)))
            return false;
        if (done == 0 && line->connection)
            (void)bench_party_step(line->party, line->connection, line->role);
    }
    return flush(line);
}

static size_t read_some(struct bench_line *line, uint8_t *out, size_t size,
                        unsigned *out_wants)
{
    size_t got = 0;

    *out_wants = TROTH_WANT_READ;
    if (line->connection) {
        ptrdiff_t len = troth_connection_read(line->connection, &line->party->world.tools,
                                              line->party->world.now_s, out, size);

        *out_wants = len < 0 ? 0 : TROTH_WANT_READ;
        return len < 0 ? 0 : (size_t)len;
    }
    if (line->session) {
        int result = SSL_read_ex(line->session, out, size, &got);

        *out_wants = result > 0 ? 0 : tls_wants(line, result);
        return result > 0 ? got : 0;
    }

    ssize_t len = recv(line->descriptor, out, size, 0);

    if (len == 0)
        *out_wants = 0;
    return len < 0 ? 0 : (size_t)len;
}

size_t bench_line_read(struct bench_line *line, uint8_t *out, size_t size)
{
    for (;;) {
        unsigned wants;
        size_t got = read_some(line, out, size, &wants);

        if (got > 0 || wants == 0 || !await(line, wants))
            return got;
    }
}

bool bench_line_read_all(struct bench_line *line, uint8_t *out, size_t len)
{
    while (len > 0) {
        size_t got = bench_line_read(line, out, len);

        if (got == 0)
            return false;
        out += got;
        len -= got;
    }
    return true;
}
