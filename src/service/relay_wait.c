/* SPDX-License-Identifier: Apache-2.0 */
#include "net/connection.h"
#include "service/relay_session.h"

/* A clock that is set forward is noticed after so long. */
enum { LOOK_AGAIN_S = 60 };

/* When the timer rings, before any instant that it is set to. */
enum { AT_ONCE = 1 };

void troth_session_wait_for(struct event *event, short *was, short what)
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

bool troth_session_is_client(const struct troth_session *session)
{
    return session->relay->role == TROTH_CLIENT;
}

bool troth_session_is_dialling(const struct troth_session *session)
{
    return session->phase == TROTH_SESSION_CONNECTING &&
           (troth_session_is_client(session) ? session->outer : session->inner) >= 0;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t due_s(const struct troth_session *session)
{
    const int64_t idle_s = session->relay->options.limits.idle_s;
    int64_t due_s = session->now_s + LOOK_AGAIN_S;

    if (session->connection)
        due_s = earlier(due_s, troth_connection_due_s(session->connection));
    if (troth_session_is_dialling(session))
        due_s = earlier(due_s, session->dial_by_s);
    else if (session->phase == TROTH_SESSION_CONNECTING)
        due_s = session->now_s;
    if (session->phase == TROTH_SESSION_PIPING && idle_s > 0)
        due_s = earlier(due_s, session->touched_s + idle_s);
    return due_s > session->now_s ? due_s : session->now_s + 1;
}

/* One that rings too early does no harm, so it is not set anew for every piece of data.
 */
static void set_timer(struct troth_session *session)
{
    const int64_t rings_s = session->has_more ? AT_ONCE : due_s(session);
    const struct timeval left = {
        .tv_sec = session->has_more ? 0 : (time_t)(rings_s - session->now_s)};

    session->has_more = false;
    if (session->rings_s && session->rings_s <= rings_s)
        return;
    session->rings_s = rings_s;
    (void)event_add(&session->timer, &left);
}

bool troth_session_has_unsent(const struct troth_session *session)
{
    const struct troth_wire_buffer *unsent = &session->connection->outgoing;

    return unsent->start < unsent->end;
}

static short events(bool reads, bool writes)
{
    short what = 0;

    if (reads)
        what |= EV_READ;
    if (writes)
        what |= EV_WRITE;
    return what;
}

static short outer_events(const struct troth_session *session)
{
    const unsigned wants = session->connection
                               ? troth_connection_wants(session->connection)
                               : TROTH_WANT_WRITE;

    return events(wants & TROTH_WANT_READ, wants & TROTH_WANT_WRITE);
}

/* What the peer does not take yet, or may not have before it is judged again, is left
 * where it is. */
static bool reads_inner(const struct troth_session *session)
{
    return !session->is_inner_over && !session->is_looking &&
           !troth_session_has_unsent(session);
}

static short inner_events(const struct troth_session *session)
{
    switch (session->phase) {
    case TROTH_SESSION_CONNECTING:
        return troth_session_is_client(session) ? 0 : EV_WRITE;
    case TROTH_SESSION_PIPING:
        return events(reads_inner(session), session->is_inner_blocked);
    case TROTH_SESSION_SHAKING:
    case TROTH_SESSION_LINGERING:
        return 0;
    }
    return 0;
}

void troth_session_wait(struct troth_session *session)
{
    if (session->outer >= 0)
        troth_session_wait_for(&session->outer_event, &session->outer_for,
                               outer_events(session));
    if (session->inner >= 0)
        troth_session_wait_for(&session->inner_event, &session->inner_for,
                               inner_events(session));
    set_timer(session);
}
