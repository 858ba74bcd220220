/* fetch.h - ask the service that answers a need, and check what it says. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_COLLATERAL_FETCH_H
#define TROTH_COLLATERAL_FETCH_H

#include "collateral/kept.h"
#include "net/retry.h"
#include "troth/verify.h"

#define TROTH_FETCH_WHY_ROOM 1024

/* Everything asking depends on. */
struct troth_fetcher {
    const struct troth_services *services;
    const struct troth_kept
        *kept;               /* its folder holds the files that keep the pace, too */
    struct troth_http *http; /* made when it is first needed; the caller's to destroy */
    const char *ca_file;     /* see net/http.h */
    long timeout_ms;         /* of one request */
    int64_t turn_ms;         /* how long to wait for others who keep the same pace */
    struct troth_retry retry;
    const struct troth_patience *patience;
    const struct troth_crypto *crypto;
    const struct troth_anchors *anchors; /* NULL: the built-in ones */
    /* What is being done now, for people who wait. */
    void *state;
    void (*tell)(void *state, const char *text);
    unsigned unreachable; /* services, one bit each, that are not asked again */
};

enum troth_fetch_result {
    TROTH_FETCH_UNAVAILABLE = 0, /* no answer, or one that says no */
    TROTH_FETCH_DONE,
    TROTH_FETCH_REFUSED /* an answer that is not what was asked for, or not genuine */
};

/*
 * troth_fetch - the answer to one need, as an entry that may be kept.
 *
 *   out      filled when DONE, else zeroed; give it to troth_entry_release()
 *   out_why  a clause unless DONE
 *   beside   collateral that the answer may rest on: of the certificate of an AMD chip
 *            its issuer
 *
 * Effects  the network; waits as the services ask for it
 */
enum troth_fetch_result
troth_fetch(struct troth_kept_entry *out, char out_why[static TROTH_FETCH_WHY_ROOM],
            struct troth_fetcher *fetcher, const struct troth_need *need,
            enum troth_update update, const struct troth_collateral *beside);

#endif
