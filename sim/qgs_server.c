/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/qgs_server.h"

#include <errno.h>
#include <linux/vm_sockets.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sim/tdx_device.h"

enum { PORT = 4050, MESSAGE_MAX = 0x8000, WAITING_MAX = 16 };

struct server {
    struct sim_intel *doc;
    int socket;
};

/* A message behind its length, 4 bytes, big-endian; 0: there is none. */
static size_t receive(int connection, uint8_t *out)
{
    uint8_t prefix[4];

    if (recv(connection, prefix, sizeof prefix, MSG_WAITALL) != (ssize_t)sizeof prefix)
        return 0;
    const size_t len = (size_t)prefix[0] << 24 | (size_t)prefix[1] << 16 |
                       (size_t)prefix[2] << 8 | prefix[3];

    if (len > MESSAGE_MAX || recv(connection, out, len, MSG_WAITALL) != (ssize_t)len)
        return 0;
    return len;
}

static void send_all(int connection, struct troth_span bytes)
{
    while (bytes.len > 0) {
        const ssize_t count = send(connection, bytes.ptr, bytes.len, MSG_NOSIGNAL);

        if (count <= 0)
            return;
        bytes = (struct troth_span){bytes.ptr + count, bytes.len - (size_t)count};
    }
}

static void answer(struct server *server, int connection)
{
    static uint8_t message[MESSAGE_MAX];
    const size_t len = receive(connection, message);

    if (len == 0)
        return;
    struct sim_bytes said = sim_qgs_answer(server->doc,
                                           (struct troth_span){message, len});
    struct sim_bytes out = {0};

    for (unsigned left = 4; left > 0; left--)
        sim_bytes_append_byte(&out, (uint8_t)(said.len >> 8 * (left - 1)));
    sim_bytes_take(&out, said);
    send_all(connection, sim_bytes_span(out));
    sim_bytes_free(&out);
}

static void *loop(void *given)
{
    struct server *server = given;

    for (;;) {
        const int connection = accept(server->socket, NULL, NULL);

        if (connection < 0 && errno != EINTR && errno != ECONNABORTED)
            return NULL;
        if (connection < 0)
            continue;
        answer(server, connection);
        (void)close(connection);
    }
}

int sim_qgs_serve(struct sim_intel *doc)
{
    const struct sockaddr_vm here = {
        .svm_family = AF_VSOCK, .svm_cid = VMADDR_CID_ANY, .svm_port = PORT};
    struct server *server = calloc(1, sizeof *server);
    pthread_t thread;
    int error = 0;

    if (!server)
        return ENOMEM;
    server->doc = doc;
    server->socket = socket(AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (server->socket < 0 ||
        bind(server->socket, (const struct sockaddr *)&here, sizeof here) != 0 ||
        listen(server->socket, WAITING_MAX) != 0)
        error = errno;
    if (!error)
        error = pthread_create(&thread, NULL, loop, server);
    if (!error)
        return pthread_detach(thread);
    if (server->socket >= 0)
        (void)close(server->socket);
    free(server);
    return error;
}
