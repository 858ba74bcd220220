/*
 * lookup.h - names looked up by threads, so that the event loop waits for none of them.
 *
 * The system's own resolver knows what the machine's owner set up, and only it; but its
 * calls block. So many of them are under way at once, and the others wait in line.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_OUTBOUND_LOOKUP_H
#define TROTH_SERVICE_OUTBOUND_LOOKUP_H

#include "service/outbound/names.h"
#include "service/outbound/resolve.h"

struct event_base;
struct troth_lookups;
struct troth_lookup;

typedef void troth_resolve_fn(struct troth_addresses *out, const char *name,
                              uint16_t port);

/*
 * troth_lookups_create - start the threads.
 *
 *   resolve   troth_resolve, or a test's; called by several threads at once
 *
 * Errors   returns 0 or an errno
 */
TROTH_MUST_USE int troth_lookups_create(struct troth_lookups **out,
                                        struct event_base *base, unsigned threads,
                                        troth_resolve_fn *resolve);

/* Takes NULL. What is asked for is forgotten. False: a call of the system is under way,
 * with what it uses in its hands; nothing is freed, and the process should end. */
bool troth_lookups_destroy(struct troth_lookups *lookups);

/*
 * troth_lookup_begin - ask for a name.
 *
 *   then   called once from the event loop, never from here; the addresses are gone when
 *          it returns, and so is the lookup
 *
 * Returns  NULL if there is no memory
 */
struct troth_lookup *troth_lookup_begin(
    struct troth_lookups *lookups, const struct troth_host_name *name, uint16_t port,
    void (*then)(void *state, const struct troth_addresses *found), void *state);

/* Nobody wants to know any more: `then` is not called. */
void troth_lookup_forget(struct troth_lookup *lookup);

#endif
