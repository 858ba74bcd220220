/* SPDX-License-Identifier: Apache-2.0 */
#include "service/relay_session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "net/connection.h"

/* How long, and how much of what it still sends, a refused peer is listened to: closing
 * at once would make its system throw away what it has not read yet, the reason too. */
enum { LINGER_S = 2, LINGER_MAX = 1024 * 1024 };

/* A clock that is set forward is noticed after so long. */
enum { LOOK_AGAIN_S = 60 };

enum { INWARD = 1, OUTWARD = 2 };

/* ---- waiting ---- */

static void wait_for(struct event *event, short *was, short what)
{
    if (*was == what)
        return;
    (void)event_del(event);
    *was = what;
    if (!what)
        return;
    (void)event_assign(event, event_get_base(event), event_get_fd(event),
                       (short)(what | EV_PERSIST), event_get_callback(event),
                       event_get_callback_arg(event));
    (void)event_add(event, NULL);
}

static int64_t due_in_s(const struct troth_session *session)
{
    const int64_t idle_s = session->relay->options.limits.idle_s;
    int64_t due_s = troth_connection_due_s(session->connection);

    if (session->has_more)
        return 0;
    if (session->phase == TROTH_SESSION_CONNECTING && session->inner < 0)
        return 1;
    if (session->phase == TROTH_SESSION_PIPING && idle_s > 0 &&
        session->touched_s + idle_s < due_s)
        due_s = session->touched_s + idle_s;
    if (due_s <= session->now_s)
        return 1;
    return due_s - session->now_s < LOOK_AGAIN_S ? due_s - session->now_s : LOOK_AGAIN_S;
}

static bool has_unsent(const struct troth_session *session)
{
    const struct troth_wire_buffer *unsent = &session->connection->outgoing;

    return unsent->start < unsent->end;
}

static void wait(struct troth_session *session)
{
    unsigned wants = troth_connection_wants(session->connection);
    struct timeval due = {.tv_sec = (time_t)due_in_s(session)};
    const bool has_inner = session->inner >= 0;
    short outer = 0;
    short inner = 0;

    if (wants & TROTH_WANT_READ)
        outer |= EV_READ;
    if (wants & TROTH_WANT_WRITE)
        outer |= EV_WRITE;
    if (has_inner &&
        (session->phase == TROTH_SESSION_CONNECTING || session->is_inner_blocked))
        inner |= EV_WRITE;
    /* What the peer does not take yet is left where it is. */
    if (session->phase == TROTH_SESSION_PIPING && !session->is_inner_over &&
        !has_unsent(session))
        inner |= EV_READ;
    wait_for(&session->outer_event, &session->outer_for, outer);
    wait_for(&session->inner_event, &session->inner_for, inner);
    (void)event_add(&session->timer, &due);
    session->has_more = false;
}

/* ---- the end ---- */

static void close_inner(struct troth_session *session)
{
    wait_for(&session->inner_event, &session->inner_for, 0);
    troth_pipe_close(session);
}

static void forget_source(struct troth_session *session)
{
    const struct troth_proof_source *source = session->relay->options.source;

    if (session->is_asked)
        source->forget(source->state, &session->waiter);
    session->is_asked = false;
}

static void vanish(struct troth_session *session)
{
    wait_for(&session->outer_event, &session->outer_for, 0);
    close_inner(session);
    (void)event_del(&session->timer);
    forget_source(session);
    troth_connection_destroy(session->connection);
    (void)close(session->outer);
    troth_relay_forget(session);
}

static void linger(struct troth_session *session)
{
    const struct timeval limit = {.tv_sec = LINGER_S};

    session->phase = TROTH_SESSION_LINGERING;
    (void)shutdown(session->outer, SHUT_WR);
    close_inner(session);
    forget_source(session);
    troth_connection_destroy(session->connection);
    session->connection = NULL;
    wait_for(&session->outer_event, &session->outer_for, EV_READ);
    (void)event_add(&session->timer, &limit);
}

/* The connection is closed: say so, and let the peer read why. */
static void conclude(struct troth_session *session)
{
    enum troth_channel_reason theirs = TROTH_REASON_NONE;
    enum troth_channel_reason reason = troth_connection_reason(session->connection,
                                                               &theirs);
    const char *text = troth_channel_reason_text(reason);

    const char *detail = reason == TROTH_REASON_PEER
                             ? troth_channel_reason_text(theirs)
                             : troth_connection_detail(session->connection);

    if (session->phase == TROTH_SESSION_SHAKING)
        troth_relay_shaken(session);
    if (reason != TROTH_REASON_NONE && reason != TROTH_REASON_CLOSED) {
        session->relay->counts.refused++;
        troth_relay_log(session->relay, session, text, detail);
    }
    if (reason == TROTH_REASON_NONE || reason == TROTH_REASON_PEER ||
        session->connection->is_broken)
        vanish(session);
    else
        linger(session);
}

void troth_session_end(struct troth_session *session, enum troth_channel_reason reason)
{
    if (session->connection) {
        troth_connection_refuse(session->connection, reason);
        if (session->phase == TROTH_SESSION_SHAKING)
            troth_relay_shaken(session);
    }
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

/* ---- what the connection asks for ---- */

static void sign(struct troth_session *session)
{
    const struct troth_proof_source *source = session->relay->options.source;
    uint8_t signature[64];
    enum troth_err err = source->sign(source->state, signature, TROTH_SERVER,
                                      session->key,
                                      troth_connection_to_sign(session->connection));

    troth_connection_signed(session->connection,
                            (struct troth_span){signature, err ? 0 : sizeof signature});
}

static void ask(struct troth_session *session)
{
    const struct troth_proof_source *source = session->relay->options.source;
    const struct troth_span peer = {(const uint8_t *)session->peer,
                                    strlen(session->peer)};

    if (!source) {
        troth_connection_prove(session->connection, NULL, TROTH_REASON_CANNOT);
        return;
    }
    session->is_asked = true;
    source->ask(source->state, &session->waiter,
                troth_connection_request(session->connection), peer);
}

static void look(struct troth_session *session)
{
    const struct troth_relay_options *options = &session->relay->options;

    if (options->look)
        options->look(options->state, troth_connection_needs(session->connection));
    troth_connection_looked(session->connection);
}

/* Until the connection wants only its socket, or an answer that its source still owes.
 * The source may give it while it is asked: then the same goes on below it. */
static void settle(struct troth_session *session)
{
    session->is_settling = true;
    for (;;) {
        unsigned wants;

        (void)troth_connection_step(session->connection, session->relay->options.tools,
                                    session->now_s);
        wants = troth_connection_wants(session->connection);
        if (wants & TROTH_WANT_SIGNATURE)
            sign(session);
        else if (wants & TROTH_WANT_COLLATERAL)
            look(session);
        else if (wants & TROTH_WANT_PROOF && !session->is_asked)
            ask(session);
        else
            break;
    }
    session->is_settling = false;
}

static void open_up(struct troth_session *session)
{
    troth_relay_shaken(session);
    session->relay->counts.opened++;
    session->phase = TROTH_SESSION_CONNECTING;
    session->touched_s = session->now_s;
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

static void pipe_data(struct troth_session *session, unsigned ways)
{
    if ((((ways & INWARD) || has_arrived(session)) && !troth_pipe_inward(session)) ||
        ((ways & OUTWARD) && !troth_pipe_outward(session))) {
        troth_pipe_blame(session, "the program behind broke off");
    } else if (is_idle(session)) {
        troth_connection_refuse(session->connection, TROTH_REASON_SLOW);
    } else if (troth_connection_wants(session->connection) & TROTH_WANT_COLLATERAL) {
        /* The peer is judged again; data may have waited for that. */
        settle(session);
        session->has_more = true;
    }
}

/* After whatever happened: on from there, and wait. */
static void follow(struct troth_session *session, unsigned ways)
{
    const struct troth_connection *connection = session->connection;

    if (connection->phase == TROTH_CONNECTION_OPEN) {
        if (session->phase == TROTH_SESSION_SHAKING)
            open_up(session);
        if (session->phase == TROTH_SESSION_PIPING)
            pipe_data(session, ways);
        else if (session->inner < 0)
            troth_pipe_reach(session);
    }
    if (connection->phase == TROTH_CONNECTION_CLOSED)
        conclude(session);
    else
        wait(session);
}

void troth_session_go_on(struct troth_session *session)
{
    if (session->phase == TROTH_SESSION_LINGERING)
        return;
    session->now_s = troth_relay_now_s(session->relay);
    settle(session);
    follow(session, INWARD | OUTWARD);
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
    settle(session);
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
    if (session->phase != TROTH_SESSION_PIPING || what & EV_WRITE || has_unsent(session))
        settle(session);
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
        troth_pipe_check(session);
    follow(session, ways);
}

static void on_timer(evutil_socket_t descriptor, short what, void *state)
{
    struct troth_session *session = state;

    (void)descriptor;
    (void)what;
    if (session->phase == TROTH_SESSION_LINGERING)
        vanish(session);
    else
        troth_session_go_on(session);
}

struct troth_session *troth_session_create(struct troth_relay *relay, int descriptor,
                                           const struct troth_address *from)
{
    const struct troth_relay_options *options = &relay->options;
    struct troth_session *made = calloc(1, sizeof *made);
    struct troth_connection_options wanted = {
        .tls = options->tls, .asks = options->asks, .max_age_s = options->max_age_s};

    if (!made)
        return NULL;
    *made = (struct troth_session){.relay = relay, .outer = descriptor, .inner = -1};
    made->waiter.answer = take_proof;
    made->now_s = troth_relay_now_s(relay);
    troth_address_peer(made->peer, from);
    memcpy(wanted.gives, options->gives, sizeof wanted.gives);
    wanted.peer = (struct troth_span){(const uint8_t *)made->peer, strlen(made->peer)};
    /* The second that has begun counts as a whole one. */
    wanted.open_by_s = made->now_s + options->limits.handshake_s + 1;
    if (troth_connection_create(&made->connection, descriptor, &wanted)) {
        free(made);
        return NULL;
    }
    (void)event_assign(&made->outer_event, options->base, descriptor, 0, on_outer, made);
    (void)event_assign(&made->inner_event, options->base, -1, 0, on_inner, made);
    (void)evtimer_assign(&made->timer, options->base, on_timer, made);
    return made;
}
