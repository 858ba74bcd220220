/*
 * relay.h - attested connections for programs that know nothing of them, at either end.
 *
 * A server's relay accepts attested connections and dials the program behind it; a
 * client's accepts plain ones and dials the server. Both sides of the attested one are
 * asked, and shown, what the options say; once they are satisfied, bytes go to and fro
 * between it and the plain one. Nothing that comes before that reaches the program. It
 * sees an orderly end only where the peer said END; what is cut short, or refused, ends
 * in a reset (of a path's socket there is none).
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_RELAY_H
#define TROTH_SERVICE_RELAY_H

#include <event2/event.h>

#include "service/address.h"
#include "service/proof_source.h"
#include "troth/connection.h"

struct troth_relay; /* one thread: its event loop's */

/* 0: the number in brackets. */
struct troth_relay_limits {
    size_t connections; /* at once [20000], or as many as there are descriptors for, two
                           each; more wait in the listener's queue */
    size_t connections_per_peer; /* at once [half of all]; more are closed */
    size_t handshakes;           /* at once [1024; a client's: 32]; more wait */
    size_t handshakes_per_peer;  /* at once [64]; more are closed */
    int64_t handshake_s;         /* [30]; connecting has as long */
    int64_t idle_s; /* an open connection without data; 0: as long as it likes */
};

struct troth_relay_options {
    struct event_base *base;
    int listener; /* a listening stream socket; it becomes non-blocking, and stays the
                     caller's */
    struct troth_tls *tls;                   /* its role is the relay's */
    const struct troth_channel_tools *tools; /* after changes: troth_relay_changed() */
    const struct troth_proof_source *source; /* NULL: nothing can be proven */
    enum troth_level asks;
    bool gives[TROTH_LEVEL_COUNT];
    int64_t max_age_s;
    struct troth_address upstream; /* what is dialled: the program's, or the server's */
    const char *server; /* a client's: under which its evidence is remembered, and what
                           lines of the log begin with */
    struct troth_relay_limits limits;
    /* All may be NULL. */
    int64_t (*now_s)(void *state); /* else the system's clock */
    void (*log)(void *state, const char *line);
    /* For collateral; must not wait for anything. True: it was looked for. False: it
     * will have been when troth_relay_looked() is called. */
    bool (*look)(void *state, const struct troth_needs *needs);
    /* Both sides are satisfied. */
    void (*opened)(void *state, const struct troth_connection *connection);
    /* It is CLOSED; the reason is not NONE, and the plain side is not to blame. */
    void (*closed)(void *state, const struct troth_connection *connection);
    /* None of the addresses takes a connection: the last one's errno. */
    void (*unreached)(void *state, int error);
    void *state;
};

/* TROTH_ERR_VALUE, TROTH_ERR_MEMORY. `options` is copied. The process may have two
 * descriptors a connection open afterwards, if the system lets it. */
TROTH_MUST_USE enum troth_err
troth_relay_create(struct troth_relay **out, const struct troth_relay_options *options);

/* Tells every peer that it closes; `closed` is not called. Takes NULL. */
void troth_relay_destroy(struct troth_relay *relay);

/* The tools are others now: every open connection's peer is judged again, a few at a time
 * between other work. */
void troth_relay_changed(struct troth_relay *relay);

/* What was looked for is there, or is not to be had. */
void troth_relay_looked(struct troth_relay *relay);

/* Dial these from now on, one after the other until one takes it; one at least. More than
 * TROTH_RELAY_TARGETS_MAX are left out. */
#define TROTH_RELAY_TARGETS_MAX 8
void troth_relay_aim(struct troth_relay *relay, const struct troth_address *targets,
                     size_t count);

struct troth_relay_counts {
    size_t connections; /* now, those that are closing included */
    size_t handshakes;  /* of them, not open yet */
    uint64_t accepted, opened, refused;
};
struct troth_relay_counts troth_relay_counts(const struct troth_relay *relay);

#endif
