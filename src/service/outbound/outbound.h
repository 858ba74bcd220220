/*
 * outbound.h - the one way out for a program that has no network of its own: by name, by
 * TLS to that very name, and to nothing of this house.
 *
 * It listens where the program is and connects where the machine is. The program is the
 * one that is not trusted here; the names that it may reach are.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_OUTBOUND_OUTBOUND_H
#define TROTH_SERVICE_OUTBOUND_OUTBOUND_H

#include "service/outbound/lookup.h"
#include "service/outbound/names.h"

#define TROTH_OUTBOUND_TIMEOUT_S    30
#define TROTH_OUTBOUND_IDLE_S       3600
#define TROTH_OUTBOUND_SESSIONS_MAX 4096
#define TROTH_OUTBOUND_THREADS      16
/* Two a connection, and what is no connection's: resolvers' among it. */
#define TROTH_OUTBOUND_OTHERS       ((size_t)64)
#define TROTH_OUTBOUND_DESCRIPTORS                                                       \
    (2 * (size_t)TROTH_OUTBOUND_SESSIONS_MAX + TROTH_OUTBOUND_OTHERS)

struct troth_outbound; /* one thread: its event loop's; look-ups have their own */

struct troth_outbound_options {
    struct event_base *base;
    int listener; /* a listening stream socket; it becomes non-blocking, and stays the
                     caller's */
    const struct troth_allow *allow;
    int64_t timeout_s; /* from a client's first byte, or none, to its connection */
    troth_resolve_fn *resolve;
    /* One line, without anything a client sent but names and ports. */
    void (*log)(void *state, const char *line);
    void *state;
};

/* Returns 0 or an errno. `options` is copied. The process may have
 * TROTH_OUTBOUND_DESCRIPTORS open afterwards, if the system lets it; else there are fewer
 * connections at once. */
TROTH_MUST_USE int troth_outbound_create(struct troth_outbound **out,
                                         const struct troth_outbound_options *options);

/* Takes NULL. Cuts all connections. False as troth_lookups_destroy(). */
bool troth_outbound_destroy(struct troth_outbound *outbound);

#endif
