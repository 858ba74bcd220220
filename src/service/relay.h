/*
 * relay.h - attested connections in front of a program that knows nothing of them.
 *
 * Whoever connects is asked, and shown, what the options say; once both sides are
 * satisfied, bytes go to and fro between the peer and the program's own socket. Nothing
 * that comes before that reaches the program. It sees an orderly end only where the peer
 * said END; what is cut short ends in a reset (of a path's socket there is none).
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
    size_t handshakes;           /* at once [1024]; more wait */
    size_t handshakes_per_peer;  /* at once [64]; more are closed */
    int64_t handshake_s;         /* [30] */
    int64_t idle_s; /* an open connection without data; 0: as long as it likes */
};

struct troth_relay_options {
    struct event_base *base;
    int listener; /* a listening stream socket; it becomes non-blocking, and stays the
                     caller's */
    struct troth_tls *tls;                   /* of a server */
    const struct troth_channel_tools *tools; /* after changes: troth_relay_changed() */
    const struct troth_proof_source *source; /* NULL: nothing can be proven */
    enum troth_level asks;
    bool gives[TROTH_LEVEL_COUNT];
    int64_t max_age_s;
    struct troth_address upstream; /* the program's */
    struct troth_relay_limits limits;
    /* All may be NULL. */
    int64_t (*now_s)(void *state); /* else the system's clock */
    void (*log)(void *state, const char *line);
    void (*look)(void *state, const struct troth_needs *needs); /* collateral; must not
                                                                   wait for anything */
    void *state;
};

/* TROTH_ERR_VALUE, TROTH_ERR_MEMORY. `options` is copied. The process may have two
 * descriptors a connection open afterwards, if the system lets it. */
TROTH_MUST_USE enum troth_err
troth_relay_create(struct troth_relay **out, const struct troth_relay_options *options);

/* Tells every peer that it closes. Takes NULL. */
void troth_relay_destroy(struct troth_relay *relay);

/* The tools are others now: every open connection's peer is judged again, a few at a time
 * between other work. */
void troth_relay_changed(struct troth_relay *relay);

struct troth_relay_counts {
    size_t connections; /* now, those that are closing included */
    size_t handshakes;  /* of them, not open yet */
    uint64_t accepted, opened, refused;
};
struct troth_relay_counts troth_relay_counts(const struct troth_relay *relay);

#endif
