/* SPDX-License-Identifier: Apache-2.0 */
#include "service/relay.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "net/tls.h"
#include "os/cause.h"
#include "os/clock.h"
#include "os/descriptors.h"
#include "service/relay_session.h"

/* Each takes some milliseconds of cryptography, after which data has its turn. */
enum { SWEPT_AT_ONCE = 8 };

/* Connections taken from the queue before others have their turn. Few, since a client
 * sees the end of a handshake before its server does: with more of them what waits to be
 * read would count as handshakes too many of a peer that has only those it may have. */
enum { ACCEPTED_AT_ONCE = 16 };

/* Descriptors that are no connection's. */
enum { OTHERS = 256 };

/* What is out now (descriptors, memory) may be there again by then. */
static const struct timeval pause_time = {.tv_usec = 100000};
static const struct timeval at_once = {.tv_sec = 0};

int64_t troth_relay_now_s(const struct troth_relay *relay)
{
    return relay->options.now_s ? relay->options.now_s(relay->options.state)
                                : troth_clock_now_s();
}

void troth_relay_log(const struct troth_relay *relay, const struct troth_session *session,
                     const char *what, const char *detail)
{
    char line[400];

    if (!relay->options.log)
        return;
    (void)snprintf(line, sizeof line, "%s%s%s%s%s", session ? session->peer : "",
                   session ? ": " : "", what, *detail ? ": " : "", detail);
    relay->options.log(relay->options.state, line);
}

static bool is_full(const struct troth_relay *relay)
{
    return relay->counts.connections >= relay->options.limits.connections ||
           relay->counts.handshakes >= relay->options.limits.handshakes;
}

/* Who finds it full waits in the listener's queue. */
static void accept_if_not_full(struct troth_relay *relay)
{
    bool may = !is_full(relay) && !evtimer_pending(&relay->pause, NULL);

    if (may == relay->is_accepting)
        return;
    relay->is_accepting = may;
    if (may)
        (void)event_add(&relay->accepting, NULL);
    else
        (void)event_del(&relay->accepting);
}

static void link_session(struct troth_session *session)
{
    struct troth_relay *relay = session->relay;

    session->next = relay->first;
    session->next_shaking = relay->first_shaking;
    if (session->next)
        session->next->previous = session;
    if (session->next_shaking)
        session->next_shaking->previous_shaking = session;
    relay->first = relay->first_shaking = session;
    relay->counts.connections++;
    relay->counts.handshakes++;
    relay->counts.accepted++;
}

void troth_relay_shaken(struct troth_session *session)
{
    struct troth_relay *relay = session->relay;

    if (session->previous_shaking)
        session->previous_shaking->next_shaking = session->next_shaking;
    else
        relay->first_shaking = session->next_shaking;
    if (session->next_shaking)
        session->next_shaking->previous_shaking = session->previous_shaking;
    session->previous_shaking = session->next_shaking = NULL;
    session->is_shaken = true;
    relay->counts.handshakes--;
    accept_if_not_full(relay);
}

void troth_relay_forget(struct troth_session *session)
{
    struct troth_relay *relay = session->relay;

    if (relay->swept == session)
        relay->swept = session->next;
    if (session->previous)
        session->previous->next = session->next;
    else
        relay->first = session->next;
    if (session->next)
        session->next->previous = session->previous;
    relay->counts.connections--;
    free(session);
    accept_if_not_full(relay);
}

static size_t shaking_of(const struct troth_relay *relay, const char *peer)
{
    size_t count = 0;

    for (const struct troth_session *s = relay->first_shaking; s; s = s->next_shaking)
        count += strcmp(s->peer, peer) == 0;
    return count;
}

/* Nobody has more than all, so there is nothing to count until there are that many. */
static size_t all_of(const struct troth_relay *relay, const char *peer)
{
    size_t count = 0;

    if (relay->counts.connections < relay->options.limits.connections_per_peer)
        return 0;
    for (const struct troth_session *s = relay->first; s; s = s->next)
        count += strcmp(s->peer, peer) == 0;
    return count;
}

/* What this peer has too many of to be given one more; NULL: nothing. */
static const char *find_excess(const struct troth_relay *relay, const char *peer)
{
    if (shaking_of(relay, peer) >= relay->options.limits.handshakes_per_peer)
        return "has too many handshakes under way";
    if (all_of(relay, peer) >= relay->options.limits.connections_per_peer)
        return "has too many connections";
    return NULL;
}

static void welcome(struct troth_relay *relay, int descriptor,
                    const struct troth_address *from)
{
    struct troth_session *session = troth_address_settle(descriptor)
                                        ? troth_session_create(relay, descriptor, from)
                                        : NULL;

    if (!session) {
        troth_relay_log(relay, NULL, "a connection cannot be served", "out of memory");
        (void)close(descriptor);
        return;
    }

    const char *excess = find_excess(relay, session->peer);

    link_session(session);
    if (!excess) {
        troth_session_go_on(session);
        return;
    }
    relay->counts.refused++;
    troth_relay_log(relay, session, excess, "");
    troth_session_end(session, TROTH_REASON_BUSY);
}

static void pause_accepting(struct troth_relay *relay)
{
    char cause[TROTH_CAUSE_MAX];

    troth_cause_text(cause, errno);
    troth_relay_log(relay, NULL, "cannot accept connections for now", cause);
    (void)evtimer_add(&relay->pause, &pause_time);
    accept_if_not_full(relay);
}

static bool is_of_one_connection(int error)
{
    return error == ECONNABORTED || error == EINTR || error == EPROTO;
}

static void on_listener(evutil_socket_t descriptor, short what, void *state)
{
    struct troth_relay *relay = state;

    (void)what;
    for (int i = 0; i < ACCEPTED_AT_ONCE && relay->is_accepting; i++) {
        struct troth_address from = {.len = sizeof from.socket};
        int accepted = accept(descriptor, (struct sockaddr *)&from.socket, &from.len);

        if (accepted >= 0) {
            welcome(relay, accepted, &from);
            accept_if_not_full(relay);
        } else if (!is_of_one_connection(errno)) {
            if (errno != EAGAIN && errno != EWOULDBLOCK)
                pause_accepting(relay);
            return;
        }
    }
}

static void on_pause_over(evutil_socket_t descriptor, short what, void *state)
{
    (void)descriptor;
    (void)what;
    accept_if_not_full(state);
}

static void on_sweep(evutil_socket_t descriptor, short what, void *state)
{
    struct troth_relay *relay = state;

    (void)descriptor;
    (void)what;
    for (int i = 0; i < SWEPT_AT_ONCE && relay->swept; i++) {
        struct troth_session *session = relay->swept;

        relay->swept = session->next;
        troth_session_go_on(session);
    }
    if (relay->swept)
        (void)evtimer_add(&relay->sweep, &at_once);
}

void troth_relay_looked(struct troth_relay *relay)
{
    struct troth_session *next;

    for (struct troth_session *session = relay->first; session; session = next) {
        next = session->next;
        troth_session_looked(session);
    }
}

void troth_relay_aim(struct troth_relay *relay, const struct troth_address *targets,
                     size_t count)
{
    relay->target_count = 0;
    while (relay->target_count < TROTH_RELAY_TARGETS_MAX && relay->target_count < count) {
        relay->targets[relay->target_count] = targets[relay->target_count];
        relay->target_count++;
    }
}

void troth_relay_changed(struct troth_relay *relay)
{
    relay->swept = relay->first;
    (void)evtimer_add(&relay->sweep, &at_once);
}

static void set_default(size_t *limit, size_t usual)
{
    if (*limit == 0)
        *limit = usual;
}

/* One that is accepted and has no way to the program would only take another's place. */
static void bound_by_descriptors(size_t *connections)
{
    const size_t all = troth_descriptors_raise(2 * *connections + OTHERS);
    const size_t served = all > OTHERS + 2 ? (all - OTHERS) / 2 : 1;

    if (*connections > served)
        *connections = served;
}

static void set_limits(struct troth_relay_limits *limits, enum troth_role role)
{
    const bool is_client = role == TROTH_CLIENT;

    set_default(&limits->connections, 20000);
    bound_by_descriptors(&limits->connections);
    set_default(&limits->connections_per_peer,
                is_client ? limits->connections : (limits->connections + 1) / 2);
    /* Half of what a server grants one peer. */
    set_default(&limits->handshakes, is_client ? 32 : 1024);
    set_default(&limits->handshakes_per_peer, 64);
    if (limits->handshake_s == 0)
        limits->handshake_s = 30;
}

enum troth_err troth_relay_create(struct troth_relay **out,
                                  const struct troth_relay_options *options)
{
    *out = NULL;
    if (!options->base || options->listener < 0 || !options->tls || !options->tools ||
        options->upstream.len == 0 || !troth_address_settle(options->listener))
        return TROTH_ERR_VALUE;

    struct troth_relay *relay = calloc(1, sizeof *relay);

    if (!relay)
        return TROTH_ERR_MEMORY;
    relay->options = *options;
    relay->role = options->tls->role;
    troth_relay_aim(relay, &options->upstream, 1);
    set_limits(&relay->options.limits, relay->role);
    (void)event_assign(&relay->accepting, options->base, options->listener,
                       EV_READ | EV_PERSIST, on_listener, relay);
    (void)evtimer_assign(&relay->pause, options->base, on_pause_over, relay);
    (void)evtimer_assign(&relay->sweep, options->base, on_sweep, relay);
    accept_if_not_full(relay);
    *out = relay;
    return TROTH_OK;
}

void troth_relay_destroy(struct troth_relay *relay)
{
    if (!relay)
        return;
    while (relay->first)
        troth_session_end(relay->first, TROTH_REASON_CLOSED);
    (void)event_del(&relay->accepting);
    (void)event_del(&relay->pause);
    (void)event_del(&relay->sweep);
    free(relay);
}

struct troth_relay_counts troth_relay_counts(const struct troth_relay *relay)
{
    return relay->counts;
}
