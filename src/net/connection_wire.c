/* SPDX-License-Identifier: Apache-2.0 */
#include "net/connection.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>

/* One TLS record: what OpenSSL gives and takes at a time. */
enum { RECORD = 16 * 1024 };

/* No more than this is ever unsent: a PROOF, and the few short frames behind it. */
#define UNSENT_MAX (TROTH_FRAME_MAX + (size_t)RECORD)

void troth_wire_forget(struct troth_wire_buffer *buffer)
{
    free(buffer->bytes);
    *buffer = (struct troth_wire_buffer){0};
}

static bool grow(struct troth_wire_buffer *buffer, size_t room)
{
    uint8_t *bytes = realloc(buffer->bytes, room);

    if (!bytes)
        return false;
    buffer->bytes = bytes;
    buffer->room = room;
    return true;
}

/* After a call of OpenSSL that did not succeed: has only the socket to be waited for? If
 * not, nothing can be sent any more, and `failure` says why. */
static bool is_passing(struct troth_connection *connection, int result)
{
    int error = SSL_get_error(connection->session, result);

    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) {
        connection->blocked = error == SSL_ERROR_WANT_READ ? TROTH_WANT_READ
                                                           : TROTH_WANT_WRITE;
        return true;
    }
    connection->failure = TROTH_REASON_CLOSED;
    connection->complaint = "";
    if (error == SSL_ERROR_ZERO_RETURN)
        return false;
    connection->is_broken = true;
    if (connection->socket.is_over) {
        connection->complaint = "without TLS's own end";
    } else if (error == SSL_ERROR_SSL) {
        connection->failure = TROTH_REASON_TLS;
        connection->complaint = troth_tls_complaint(connection->session);
    }
    return false;
}

/* One record at most; 0 when the socket has to be waited for, or is broken. */
static size_t write_some(struct troth_connection *connection, const uint8_t *bytes,
                         size_t len)
{
    size_t sent = 0;

    /* OpenSSL has made a record of what it could not send, and wants the same again. */
    if (connection->trying > 0)
        len = connection->trying;
    else if (len > RECORD)
        len = RECORD;
    ERR_clear_error();

    int result = SSL_write_ex(connection->session, bytes, len, &sent);

    if (result > 0) {
        connection->trying = 0;
        return sent;
    }
    connection->trying = len;
    if (is_passing(connection, result))
        connection->write_waits = connection->blocked;
    return 0;
}

static void push(struct troth_connection *connection)
{
    struct troth_wire_buffer *unsent = &connection->outgoing;

    while (unsent->start < unsent->end && !connection->is_broken) {
        size_t sent = write_some(connection, unsent->bytes + unsent->start,
                                 unsent->end - unsent->start);

        if (sent == 0)
            return;
        unsent->start += sent;
    }
    troth_wire_forget(unsent);
}

void troth_wire_close(struct troth_connection *connection,
                      enum troth_channel_reason reason, const char *detail)
{
    if (connection->phase == TROTH_CONNECTION_CLOSED)
        return;
    connection->phase = TROTH_CONNECTION_CLOSED;
    connection->reason = reason;
    if (detail)
        (void)snprintf(connection->detail, sizeof connection->detail, "%s", detail);
    push(connection);
    /* spec: [RFC8446] 6.1 "Each party MUST send a "close_notify" alert before closing its
     * write side of the connection" */
    if (!connection->is_broken && SSL_is_init_finished(connection->session))
        (void)SSL_shutdown(connection->session);
    ERR_clear_error();
    /* What came in stays until the end: the channel may still have to say what of it made
     * it refuse. */
    troth_wire_forget(&connection->outgoing);
    connection->arrived = (struct troth_span){NULL, 0};
    connection->awaits = TROTH_ACTION_WAIT;
}

static void give_up(struct troth_connection *connection)
{
    troth_wire_close(connection, connection->failure, connection->complaint);
}

bool troth_wire_handshake(struct troth_connection *connection)
{
    ERR_clear_error();

    int result = SSL_do_handshake(connection->session);

    if (result > 0)
        return true;
    if (!is_passing(connection, result))
        give_up(connection);
    return false;
}

/* Room for more of the frame that `incoming` starts with. A frame's buffer grows with
 * what has come in, not with what the peer says will. */
static bool make_room(struct troth_wire_buffer *in, size_t frame_len)
{
    if (!in->bytes)
        return grow(in, RECORD);
    if (in->start > 0 && in->start + frame_len > in->room) {
        memmove(in->bytes, in->bytes + in->start, in->end - in->start);
        in->end -= in->start;
        in->start = 0;
    }
    if (in->end < in->room)
        return true;
    return grow(in, 2 * in->room < frame_len ? 2 * in->room : frame_len);
}

/* The length of the frame that `in` starts with, as far as is known: at least a header.
 * False: no frame begins so. */
static bool measure(const struct troth_wire_buffer *in, size_t *out)
{
    *out = TROTH_FRAME_HEADER;
    if (in->end - in->start < TROTH_FRAME_HEADER)
        return true;
    return troth_frame_length(out, in->bytes + in->start) == TROTH_OK;
}

/* True: a frame is there, its length in frame_len; or what cannot become one. */
static bool has_frame(struct troth_connection *connection)
{
    const struct troth_wire_buffer *in = &connection->incoming;

    if (!measure(in, &connection->frame_len)) {
        connection->frame_len = TROTH_FRAME_HEADER;
        return true;
    }
    return in->end - in->start >= TROTH_FRAME_HEADER &&
           in->end - in->start >= connection->frame_len;
}

static bool read_more(struct troth_connection *connection)
{
    struct troth_wire_buffer *in = &connection->incoming;
    size_t got = 0;

    if (!make_room(in, connection->frame_len)) {
        troth_wire_close(connection, TROTH_REASON_INTERNAL, "out of memory");
        return false;
    }
    ERR_clear_error();

    int result = SSL_read_ex(connection->session, in->bytes + in->end, in->room - in->end,
                             &got);

    if (result > 0) {
        in->end += got;
        connection->read_waits = TROTH_WANT_READ;
        return true;
    }
    if (is_passing(connection, result))
        connection->read_waits = connection->blocked;
    else
        give_up(connection);
    return false;
}

bool troth_wire_receive(struct troth_connection *connection, struct troth_span *out)
{
    struct troth_wire_buffer *in = &connection->incoming;

    *out = (struct troth_span){NULL, 0};
    while (!has_frame(connection))
        if (!read_more(connection)) {
            if (in->start == in->end)
                troth_wire_forget(in);
            return false;
        }
    *out = (struct troth_span){in->bytes + in->start, connection->frame_len};
    connection->holds_frame = true;
    return true;
}

void troth_wire_drop(struct troth_connection *connection)
{
    struct troth_wire_buffer *in = &connection->incoming;

    in->start += connection->frame_len;
    connection->frame_len = 0;
    connection->holds_frame = false;
    if (in->start >= in->end)
        troth_wire_forget(in);
}

bool troth_wire_flush(struct troth_connection *connection)
{
    push(connection);
    if (connection->is_broken)
        give_up(connection);
    return connection->phase != TROTH_CONNECTION_CLOSED;
}

static bool keep_unsent(struct troth_connection *connection, struct troth_span bytes)
{
    struct troth_wire_buffer *unsent = &connection->outgoing;

    if (bytes.len > UNSENT_MAX - unsent->end ||
        (unsent->end + bytes.len > unsent->room &&
         !grow(unsent, unsent->end + bytes.len))) {
        troth_wire_close(connection, TROTH_REASON_INTERNAL, "too much is unsent");
        return false;
    }
    memcpy(unsent->bytes + unsent->end, bytes.ptr, bytes.len);
    unsent->end += bytes.len;
    return true;
}

bool troth_wire_send(struct troth_connection *connection, struct troth_span bytes)
{
    bool is_free = connection->outgoing.start == connection->outgoing.end;

    while (is_free && bytes.len > 0) {
        size_t sent = write_some(connection, bytes.ptr, bytes.len);

        if (sent == 0)
            break;
        bytes.ptr += sent;
        bytes.len -= sent;
    }
    if (connection->is_broken) {
        give_up(connection);
        return false;
    }
    return bytes.len == 0 || keep_unsent(connection, bytes);
}
