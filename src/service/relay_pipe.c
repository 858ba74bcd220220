/* SPDX-License-Identifier: Apache-2.0 */
#include "service/relay_session.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "net/connection.h"

/* Frames in one direction before others have their turn: 256 KiB. */
enum { TURN = 16 };

static bool is_passing(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

/* True: there may be more. */
static bool move_inward(struct troth_session *session, bool *is_broken)
{
    struct troth_connection *connection = session->connection;
    struct troth_span arrived = troth_connection_arrived(
        connection, session->relay->options.tools, session->now_s);

    if (arrived.len == 0)
        return false;

    ssize_t sent = send(session->inner, arrived.ptr, arrived.len, MSG_NOSIGNAL);

    if (sent >= 0)
        troth_connection_took(connection, (size_t)sent);
    else if (is_passing(errno))
        session->is_inner_blocked = true;
    else
        *is_broken = true;
    return sent >= 0;
}

bool troth_pipe_inward(struct troth_session *session)
{
    bool is_broken = false;
    int moved = 0;

    session->is_inner_blocked = false;
    while (moved < TURN && move_inward(session, &is_broken))
        moved++;
    if (moved > 0)
        session->touched_s = session->now_s;
    session->has_more |= moved == TURN;
    if (!is_broken && !session->is_told_end &&
        troth_connection_has_peer_ended(session->connection)) {
        session->is_told_end = true;
        (void)shutdown(session->inner, SHUT_WR);
    }
    return !is_broken;
}

/* True: there may be more. */
static bool move_outward(struct troth_session *session, bool *is_broken)
{
    struct troth_connection *connection = session->connection;
    uint8_t *room = troth_connection_room(connection);

    if (!room)
        return false;

    ssize_t got = recv(session->inner, room, TROTH_DATA_MAX, 0);

    if (got > 0) {
        session->touched_s = session->now_s;
        troth_connection_put(connection, (size_t)got);
        /* Less than there was room for: that was all. */
        return (size_t)got == TROTH_DATA_MAX;
    }
    troth_connection_put_back(connection);
    if (got == 0) {
        session->is_inner_over = true;
        troth_connection_end(connection);
    } else {
        *is_broken = !is_passing(errno);
    }
    return false;
}

bool troth_pipe_outward(struct troth_session *session)
{
    bool is_broken = false;
    int moved = 0;

    while (moved < TURN && !session->is_inner_over && move_outward(session, &is_broken))
        moved++;
    session->has_more |= moved == TURN;
    return !is_broken;
}
