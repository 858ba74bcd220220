/* SPDX-License-Identifier: Apache-2.0 */
#include "net/connection.h"

#include <stdlib.h>
#include <string.h>

struct troth_span troth_connection_arrived(struct troth_connection *connection,
                                           const struct troth_channel_tools *tools,
                                           int64_t now_s)
{
    if (connection->arrived.len == 0 && !connection->is_peer_ended)
        (void)troth_connection_step(connection, tools, now_s);
    return connection->arrived;
}

void troth_connection_took(struct troth_connection *connection, size_t len)
{
    struct troth_span *arrived = &connection->arrived;

    if (len > arrived->len)
        len = arrived->len;
    arrived->ptr += len;
    arrived->len -= len;
    /* While the channel waits for an answer, the frame is still its own. */
    if (arrived->len == 0 && len > 0 && connection->awaits == TROTH_ACTION_WAIT)
        troth_wire_drop(connection);
}

bool troth_connection_has_peer_ended(const struct troth_connection *connection)
{
    return connection->is_peer_ended && connection->arrived.len == 0;
}

bool troth_connection_is_drained(const struct troth_connection *connection)
{
    return connection->socket.is_drained && connection->arrived.len == 0 &&
           connection->incoming.start == connection->incoming.end &&
           !SSL_has_pending(connection->session);
}

ptrdiff_t troth_connection_read(struct troth_connection *connection,
                                const struct troth_channel_tools *tools, int64_t now_s,
                                uint8_t *out, size_t size)
{
    struct troth_span arrived = troth_connection_arrived(connection, tools, now_s);
    size_t len = arrived.len < size ? arrived.len : size;

    if (arrived.len == 0)
        return connection->phase == TROTH_CONNECTION_CLOSED || connection->is_peer_ended
                   ? -1
                   : 0;
    if (len > 0)
        memcpy(out, arrived.ptr, len);
    troth_connection_took(connection, len);
    return (ptrdiff_t)len;
}

/* Room for one frame of data, the header before it. */
uint8_t *troth_connection_room(struct troth_connection *connection)
{
    struct troth_wire_buffer *unsent = &connection->outgoing;

    if (connection->phase != TROTH_CONNECTION_OPEN || connection->is_ended ||
        unsent->start < unsent->end || !troth_channel_is_open(&connection->channel))
        return NULL;
    troth_wire_forget(unsent);
    unsent->bytes = malloc(TROTH_FRAME_HEADER + TROTH_DATA_MAX);
    if (!unsent->bytes) {
        troth_wire_close(connection, TROTH_REASON_INTERNAL, "out of memory");
        return NULL;
    }
    unsent->room = TROTH_FRAME_HEADER + TROTH_DATA_MAX;
    return unsent->bytes + TROTH_FRAME_HEADER;
}

void troth_connection_put(struct troth_connection *connection, size_t len)
{
    struct troth_wire_buffer *unsent = &connection->outgoing;

    if (!unsent->bytes || len == 0 || len > TROTH_DATA_MAX)
        return;
    troth_frame_data_header(unsent->bytes, len);
    unsent->end = TROTH_FRAME_HEADER + len;
    (void)troth_wire_flush(connection);
}

void troth_connection_put_back(struct troth_connection *connection)
{
    if (connection->outgoing.start == connection->outgoing.end)
        troth_wire_forget(&connection->outgoing);
}

ptrdiff_t troth_connection_write(struct troth_connection *connection,
                                 struct troth_span bytes)
{
    size_t done = 0;

    while (done < bytes.len) {
        uint8_t *room = troth_connection_room(connection);
        size_t len = bytes.len - done < TROTH_DATA_MAX ? bytes.len - done
                                                       : TROTH_DATA_MAX;

        if (!room)
            break;
        memcpy(room, bytes.ptr + done, len);
        troth_connection_put(connection, len);
        done += len;
    }
    return connection->phase == TROTH_CONNECTION_CLOSED || connection->is_ended
               ? -1
               : (ptrdiff_t)done;
}

void troth_connection_end(struct troth_connection *connection)
{
    static const uint8_t end[TROTH_FRAME_HEADER] = {TROTH_FRAME_END};

    if (connection->phase != TROTH_CONNECTION_OPEN || connection->is_ended ||
        !troth_wire_send(connection, (struct troth_span){end, sizeof end}))
        return;
    connection->is_ended = true;
    if (connection->is_peer_ended &&
        connection->outgoing.start == connection->outgoing.end)
        troth_wire_close(connection, TROTH_REASON_NONE, NULL);
}
