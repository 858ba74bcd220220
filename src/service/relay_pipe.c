/* SPDX-License-Identifier: Apache-2.0 */
#include "service/relay_session.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#include "net/connection.h"
#include "os/cause.h"

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

    if (sent > 0)
        session->touched_s = session->now_s;
    if (sent >= 0)
        troth_connection_took(connection, (size_t)sent);
    else if (is_passing(errno))
        session->is_inner_blocked = true;
    else
        *is_broken = true;
    return sent >= 0 && !troth_connection_is_drained(connection);
}

bool troth_pipe_inward(struct troth_session *session)
{
    bool is_broken = false;
    int moved = 0;

    session->is_inner_blocked = false;
    while (moved < TURN && move_inward(session, &is_broken))
        moved++;
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

void troth_pipe_blame(struct troth_session *session, const char *what)
{
    char cause[TROTH_CAUSE_MAX];

    troth_cause_text(cause, errno);
    troth_relay_log(session->relay, session, what, cause);
    session->is_blamed = true;
    troth_connection_refuse(session->connection, TROTH_REASON_CLOSED);
}

/* ---- dialling ---- */

static void give_up(struct troth_session *session, int error)
{
    const struct troth_relay_options *options = &session->relay->options;

    session->is_unreached = true;
    if (options->unreached)
        options->unreached(options->state, error);
    errno = error;
    if (session->connection)
        troth_pipe_blame(session, "the program behind cannot be reached");
}

static void take_dialled(struct troth_session *session, int descriptor)
{
    struct event *event = troth_session_is_client(session) ? &session->outer_event
                                                           : &session->inner_event;

    *(troth_session_is_client(session) ? &session->outer : &session->inner) = descriptor;
    (void)event_assign(event, session->relay->options.base, descriptor, 0,
                       event_get_callback(event), session);
}

/* Those that are left share the time that is. */
static int64_t share_of_time(const struct troth_session *session)
{
    const struct troth_relay *relay = session->relay;
    const int64_t end_s = session->touched_s + relay->options.limits.handshake_s;
    const int64_t left = (int64_t)(relay->target_count - session->target);
    const int64_t share_s = left > 0 ? (end_s - session->now_s) / left : 0;

    return session->now_s + (share_s > 0 ? share_s : 1);
}

/* A full queue is of a program that is there: it has a while to take one more. */
static bool may_wait(const struct troth_session *session)
{
    return errno == EAGAIN &&
           session->now_s <=
               session->touched_s + session->relay->options.limits.handshake_s;
}

/* From this target on; the one before failed so. */
static void reach_on(struct troth_session *session, int error)
{
    const struct troth_relay *relay = session->relay;

    for (; session->target < relay->target_count; session->target++) {
        const int made = troth_address_connect(&relay->targets[session->target]);

        if (made >= 0) {
            take_dialled(session, made);
            session->dial_by_s = share_of_time(session);
            return;
        }
        if (may_wait(session))
            return;
        error = errno;
    }
    give_up(session, error);
}

void troth_pipe_reach(struct troth_session *session)
{
    reach_on(session, EHOSTUNREACH);
}

static int find_error(const struct troth_session *session, int descriptor, bool is_ready)
{
    int error = 0;
    socklen_t len = sizeof error;

    if (!is_ready)
        return session->now_s < session->dial_by_s ? EINPROGRESS : ETIMEDOUT;
    return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &len) == 0 ? error
                                                                           : errno;
}

static void hang_up(struct troth_session *session, int *descriptor)
{
    if (troth_session_is_client(session))
        troth_session_wait_for(&session->outer_event, &session->outer_for, 0);
    else
        troth_session_wait_for(&session->inner_event, &session->inner_for, 0);
    (void)close(*descriptor);
    *descriptor = -1;
}

bool troth_pipe_check(struct troth_session *session, bool is_ready)
{
    int *dialled = troth_session_is_client(session) ? &session->outer : &session->inner;
    const int error = find_error(session, *dialled, is_ready);

    if (error && error != EINPROGRESS) {
        hang_up(session, dialled);
        session->target++;
        reach_on(session, error);
    }
    return !error;
}

/* Has the peer's data ended before it said END? */
static bool is_cut_short(const struct troth_session *session)
{
    return !session->is_told_end &&
           (!session->connection ||
            troth_connection_reason(session->connection, NULL) != TROTH_REASON_NONE);
}

void troth_pipe_close(struct troth_session *session)
{
    /* Closed so, a socket says that it broke off. */
    const struct linger at_once = {.l_onoff = 1, .l_linger = 0};

    if (session->inner < 0)
        return;
    if (is_cut_short(session))
        (void)setsockopt(session->inner, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    (void)close(session->inner);
    session->inner = -1;
}
