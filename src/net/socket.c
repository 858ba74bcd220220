/* SPDX-License-Identifier: Apache-2.0 */
#include "net/socket.h"

#include <errno.h>
#include <limits.h>
#include <sys/socket.h>
#include <sys/types.h>

static bool is_passing(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

static int read_socket(BIO *bio, char *out, int size)
{
    struct troth_socket *socket = BIO_get_data(bio);

    BIO_clear_retry_flags(bio);
    if (size <= 0)
        return 0;
    if (socket->allowance == 0) {
        BIO_set_retry_read(bio);
        return -1;
    }

    ssize_t len = recv(socket->descriptor, out, (size_t)size, 0);

    if (len > 0) {
        size_t got = (size_t)len;

        socket->allowance -= got < socket->allowance ? got : socket->allowance;
        socket->is_drained = got < (size_t)size;
        return (int)len;
    }
    if (len == 0)
        socket->is_over = true;
    else if (is_passing(errno))
        BIO_set_retry_read(bio);
    return (int)len;
}

static int write_socket(BIO *bio, const char *bytes, int len)
{
    const struct troth_socket *socket = BIO_get_data(bio);

    BIO_clear_retry_flags(bio);
    if (len <= 0)
        return 0;

    ssize_t sent = send(socket->descriptor, bytes, (size_t)len, MSG_NOSIGNAL);

    if (sent < 0 && is_passing(errno))
        BIO_set_retry_write(bio);
    return (int)sent;
}

static long control(BIO *bio, int command, long number, void *pointer)
{
    const struct troth_socket *socket = BIO_get_data(bio);

    (void)number;
    (void)pointer;
    if (command == BIO_CTRL_FLUSH)
        return 1;
    return command == BIO_CTRL_EOF && socket->is_over;
}

BIO_METHOD *troth_socket_method(void)
{
    BIO_METHOD *method = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "troth socket");

    if (method && BIO_meth_set_read(method, read_socket) > 0 &&
        BIO_meth_set_write(method, write_socket) > 0 &&
        BIO_meth_set_ctrl(method, control) > 0)
        return method;
    BIO_meth_free(method);
    return NULL;
}

BIO *troth_socket_bio(const BIO_METHOD *method, struct troth_socket *socket)
{
    BIO *bio = BIO_new(method);

    if (!bio)
        return NULL;
    BIO_set_data(bio, socket);
    BIO_set_init(bio, 1);
    return bio;
}
