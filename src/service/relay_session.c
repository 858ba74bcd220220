/* SPDX-License-Identifier: Apache-2.0 */
#include "service/relay_session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "net/connection.h"

/* How long, and how much of what it still sends, a refused peer is listened to: closing
 * at once would make its system throw away what it has not read yet, the reason too. */
enum { LINGER_S = 2, LINGER_MAX = 1024 * 1024 };

enum { INWARD = 1, OUTWARD = 2 };

/* ---- the end ---- */

static void close_inner(struct troth_session *session)
{
    troth_session_wait_for(&session->inner_event, &session->inner_for, 0);
    troth_pipe_close(session);
}

/* Answers that are still owed are for a connection that is gone then. */
static void end_connection(struct troth_session *session)
{
    const struct troth_proof_source *source = session->relay->options.source;

    if (session->is_asked)
        source->forget(source->state, &session->waiter);
    session->is_asked = session->is_looking = false;
    troth_connection_destroy(session->connection);
    session->connection = NULL;
}

static void vanish(struct troth_session *session)
{
    troth_session_wait_for(&session->outer_event, &session->outer_for, 0);
    close_inner(session);
    (void)event_del(&session->timer);
    end_connection(session);
    if (session->outer >= 0)
        (void)close(session->outer);
    troth_relay_forget(session);
}

static void linger(struct troth_session *session)
{
    const struct timeval limit = {.tv_sec = LINGER_S};

    session->phase = TROTH_SESSION_LINGERING;
    (void)shutdown(session->outer, SHUT_WR);
    close_inner(session);
    end_connection(session);
    troth_session_wait_for(&session->outer_event, &session->outer_for, EV_READ);
    (void)event_add(&session->timer, &limit);
}

static void report(const struct troth_session *session)
{
    const struct troth_relay_options *options = &session->relay->options;
    const struct troth_connection *connection = session->connection;
    enum troth_channel_reason theirs = TROTH_REASON_NONE;
    enum troth_channel_reason reason = troth_connection_reason(connection, &theirs);
    const char *detail = reason == TROTH_REASON_PEER
                             ? troth_channel_reason_text(theirs)
                             : troth_connection_detail(connection);

    if (reason == TROTH_REASON_NONE)
        return;
    if (options->closed && !session->is_blamed)
        options->closed(options->state, connection);
    if (reason == TROTH_REASON_CLOSED)
        return;
    session->relay->counts.refused++;
    troth_relay_log(session->relay, session, troth_channel_reason_text(reason), detail);
}

/* A server makes only so many proofs at once; when an epoch ends, many ask for the next
 * one's. Once some have it, it is known to the others. What was known when the server was
 * told so may have given way to that meanwhile, too. */
static bool is_for_now(const struct troth_connection *connection)
{
    enum troth_channel_reason theirs;
    const enum troth_channel_reason reason = troth_connection_reason(connection, &theirs);

    return reason == TROTH_REASON_UNKNOWN ||
           (reason == TROTH_REASON_PEER && theirs == TROTH_REASON_BUSY);
}

static bool may_try_again(const struct troth_session *session)
{
    const int64_t patience_s = session->relay->options.limits.handshake_s;

    return troth_session_is_client(session) && session->phase == TROTH_SESSION_SHAKING &&
           is_for_now(session->connection) &&
           session->now_s < session->touched_s + patience_s;
}

static void try_again(struct troth_session *session)
{
    troth_session_wait_for(&session->outer_event, &session->outer_for, 0);
    end_connection(session);
    (void)close(session->outer);
    session->outer = -1;
    session->target = 0;
    session->phase = TROTH_SESSION_CONNECTING;
    troth_session_wait(session);
}

/* The connection is closed, or there will be none: say so, and let the peer read why. */
static void conclude(struct troth_session *session)
{
    const struct troth_connection *connection = session->connection;
    enum troth_channel_reason reason = TROTH_REASON_NONE;

    if (connection && may_try_again(session)) {
        try_again(session);
        return;
    }
    if (connection) {
        reason = troth_connection_reason(connection, NULL);
        report(session);
    }
    if (!session->is_shaken)
        troth_relay_shaken(session);
    if (reason == TROTH_REASON_NONE || reason == TROTH_REASON_PEER ||
        connection->is_broken)
        vanish(session);
    else
        linger(session);
}

void troth_session_end(struct troth_session *session, enum troth_channel_reason reason)
{
    if (session->connection)
        troth_connection_refuse(session->connection, reason);
    if (!session->is_shaken)
        troth_relay_shaken(session);
    vanish(session);
}

static void drain(struct troth_session *session)
{
    uint8_t unwanted[4096];
    ssize_t got = recv(session->outer, unwanted, sizeof unwanted, 0);

    if (got > 0)
        session->lingered += (size_t)got;
    if (got == 0 || session->lingered > LINGER_MAX ||
        (got < 0 && errno != EAGAIN && errno != EINTR))
        vanish(session);
}

/* ---- its way ---- */

static void open_up(struct troth_session *session)
{
    const struct troth_relay_options *options = &session->relay->options;

    troth_relay_shaken(session);
    session->relay->counts.opened++;
    session->phase = troth_session_is_client(session) ? TROTH_SESSION_PIPING
                                                      : TROTH_SESSION_CONNECTING;
    session->touched_s = session->now_s;
    if (options->opened)
        options->opened(options->state, session->connection);
}

/* Something came in while something else was done. */
static bool has_arrived(const struct troth_session *session)
{
    return !session->is_inner_blocked &&
           (session->connection->arrived.len > 0 ||
            (session->connection->is_peer_ended && !session->is_told_end));
}

static bool is_idle(const struct troth_session *session)
{
    const int64_t idle_s = session->relay->options.limits.idle_s;

    return session->phase == TROTH_SESSION_PIPING && idle_s > 0 &&
           session->now_s >= session->touched_s + idle_s;
}

/* The peer is to be judged again, and gets nothing before that. */
static bool has_lapsed(const struct troth_session *session)
{
    return session->connection->generation != session->relay->options.tools->generation ||
           session->now_s >= troth_connection_due_s(session->connection);
}

static void pipe_data(struct troth_session *session, unsigned ways)
{
    if (has_lapsed(session))
        troth_session_settle(session);
    if ((((ways & INWARD) || has_arrived(session)) && !troth_pipe_inward(session)) ||
        ((ways & OUTWARD) && !troth_pipe_outward(session))) {
        troth_pipe_blame(session, "the program behind broke off");
    } else if (is_idle(session)) {
        troth_connection_refuse(session->connection, TROTH_REASON_SLOW);
    } else if (troth_connection_wants(session->connection) & TROTH_WANT_COLLATERAL) {
        /* The peer is judged again; data may have waited for that. */
        troth_session_settle(session);
        session->has_more = !session->is_looking;
    }
}

/* Over a descriptor that is connected. */
static enum troth_err make_connection(struct troth_session *session)
{
    const struct troth_relay_options *options = &session->relay->options;
    struct troth_connection_options wanted = {
        .tls = options->tls, .asks = options->asks, .max_age_s = options->max_age_s};

    memcpy(wanted.gives, options->gives, sizeof wanted.gives);
    wanted.peer = (struct troth_span){(const uint8_t *)session->peer,
                                      strlen(session->peer)};
    /* The second that has begun counts as a whole one. */
    wanted.open_by_s = session->now_s + options->limits.handshake_s + 1;
    return troth_connection_create(&session->connection, session->outer, &wanted);
}

static void connect_on(struct troth_session *session, bool is_ready)
{
    if (!troth_session_is_dialling(session)) {
        troth_pipe_reach(session);
    } else if (troth_pipe_check(session, is_ready)) {
        session->phase = troth_session_is_client(session) ? TROTH_SESSION_SHAKING
                                                          : TROTH_SESSION_PIPING;
        if (troth_session_is_client(session) && make_connection(session))
            session->is_unreached = true;
        else if (troth_session_is_client(session))
            troth_session_settle(session);
    }
}

static bool is_over(const struct troth_session *session)
{
    return session->connection ? session->connection->phase == TROTH_CONNECTION_CLOSED
                               : session->is_unreached;
}

/* After whatever happened: on from there, and wait. */
static void follow(struct troth_session *session, unsigned ways)
{
    if (session->phase == TROTH_SESSION_CONNECTING && !is_over(session))
        connect_on(session, false);
    if (session->connection && session->connection->phase == TROTH_CONNECTION_OPEN) {
        if (session->phase == TROTH_SESSION_SHAKING)
            open_up(session);
        if (session->phase == TROTH_SESSION_CONNECTING && session->inner < 0)
            troth_pipe_reach(session);
        if (session->phase == TROTH_SESSION_PIPING)
            pipe_data(session, ways);
    }
    if (is_over(session))
        conclude(session);
    else
        troth_session_wait(session);
}

void troth_session_go_on(struct troth_session *session)
{
    if (session->phase == TROTH_SESSION_LINGERING)
        return;
    session->now_s = troth_relay_now_s(session->relay);
    if (session->connection)
        troth_session_settle(session);
    follow(session, INWARD | OUTWARD);
}

void troth_session_looked(struct troth_session *session)
{
    if (!session->is_looking)
        return;
    session->is_looking = false;
    troth_connection_looked(session->connection);
    troth_session_go_on(session);
}

/* The proof lives until this returns; by then it is signed and sent, or copied. */
static void take_proof(struct troth_proof_waiter *waiter, const struct troth_proof *proof,
                       enum troth_channel_reason reason)
{
    struct troth_session *session =
        (struct troth_session *)(void *)((char *)waiter -
                                         offsetof(struct troth_session, waiter));
    const bool is_within = session->is_settling;

    session->is_asked = false;
    session->key = proof ? proof->key : (struct troth_span){NULL, 0};
    troth_connection_prove(session->connection, proof, reason);
    troth_session_settle(session);
    session->is_settling = is_within;
    if (!is_within)
        follow(session, INWARD | OUTWARD);
}

static void on_outer(evutil_socket_t descriptor, short what, void *state)
{
    struct troth_session *session = state;
    const unsigned ways = (what & EV_READ ? INWARD : 0U) |
                          (what & EV_WRITE ? OUTWARD : 0U);

    (void)descriptor;
    session->now_s = troth_relay_now_s(session->relay);
    if (session->phase == TROTH_SESSION_LINGERING) {
        drain(session);
        return;
    }
    if (!session->connection)
        connect_on(session, true);
    else if (session->phase != TROTH_SESSION_PIPING || what & EV_WRITE ||
             troth_session_has_unsent(session))
        troth_session_settle(session);
    follow(session, ways);
}

static void on_inner(evutil_socket_t descriptor, short what, void *state)
{
    struct troth_session *session = state;
    const unsigned ways = (what & EV_READ ? OUTWARD : 0U) |
                          (what & EV_WRITE ? INWARD : 0U);

    (void)descriptor;
    session->now_s = troth_relay_now_s(session->relay);
    if (session->phase == TROTH_SESSION_CONNECTING)
        connect_on(session, true);
    follow(session, ways);
}

static void on_timer(evutil_socket_t descriptor, short what, void *state)
{
    struct troth_session *session = state;

    (void)descriptor;
    (void)what;
    session->rings_s = 0;
    if (session->phase == TROTH_SESSION_LINGERING)
        vanish(session);
    else
        troth_session_go_on(session);
}

static void name_peer(struct troth_session *session, const struct troth_address *from)
{
    const char *server = session->relay->options.server;

    if (troth_session_is_client(session) && server)
        (void)snprintf(session->peer, sizeof session->peer, "%s", server);
    else
        troth_address_peer(session->peer, from);
}

struct troth_session *troth_session_create(struct troth_relay *relay, int descriptor,
                                           const struct troth_address *from)
{
    struct event_base *base = relay->options.base;
    struct troth_session *made = calloc(1, sizeof *made);

    if (!made)
        return NULL;
    *made = (struct troth_session){.relay = relay, .outer = -1, .inner = -1};
    made->waiter.answer = take_proof;
    made->now_s = made->touched_s = troth_relay_now_s(relay);
    name_peer(made, from);
    *(troth_session_is_client(made) ? &made->inner : &made->outer) = descriptor;
    if (troth_session_is_client(made))
        made->phase = TROTH_SESSION_CONNECTING;
    if (!troth_session_is_client(made) && make_connection(made)) {
        free(made);
        return NULL;
    }
    (void)event_assign(&made->outer_event, base, made->outer, 0, on_outer, made);
    (void)event_assign(&made->inner_event, base, made->inner, 0, on_inner, made);
    (void)evtimer_assign(&made->timer, base, on_timer, made);
    return made;
}
