/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/connect/first.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/status.h"
#include "os/cause.h"
#include "os/clock.h"
#include "os/patience.h"

enum {
    CONNECT_MS = 15000, /* all addresses share it */
    HANDSHAKE_S = 60,   /* fetching is part of it */
    TRIES = 3,       /* what is fetched can bring up new needs; no family's go further */
    BUSY_TRIES = 10, /* while a server makes proofs for others */
    BUSY_MS = 1000,
};

/* ---- the socket ---- */

/* 0 or an errno. */
static int await_connected(int descriptor, int64_t patience_ms)
{
    struct pollfd ready = {.fd = descriptor, .events = POLLOUT};
    int error = 0;
    socklen_t len = sizeof error;
    int count;

    do
        count = poll(&ready, 1, (int)patience_ms);
    while (count < 0 && errno == EINTR);
    if (count <= 0)
        return count == 0 ? ETIMEDOUT : errno;
    return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &len) == 0 ? error
                                                                           : errno;
}

/* A descriptor, or -1 and the errno of the last address. */
static int dial_any(const struct troth_target *target, int *out_error)
{
    for (size_t i = 0; i < target->count; i++) {
        const int made = troth_address_connect(&target->rows[i]);

        *out_error = made < 0
                         ? errno
                         : await_connected(made, CONNECT_MS / (int64_t)target->count);
        if (made >= 0 && !*out_error)
            return made;
        if (made >= 0)
            (void)close(made);
    }
    return -1;
}

/* ---- collateral ---- */

static void tell_piece(const char *about, const char *state, const char *why)
{
    char text[TROTH_FETCH_WHY_ROOM + 256];

    (void)snprintf(text, sizeof text, "%s: %s: %s", about, state, why);
    troth_say("note", text);
}

static void look(void *state, const struct troth_needs *needs)
{
    struct troth_first *first = state;
    struct troth_pieces wanted = {NULL, 0};

    troth_stock_note(&wanted, needs);
    troth_stock_fetch(&first->side->stock, &wanted, false);
    if (!troth_stock_take(&first->side->stock, &wanted, tell_piece))
        return;
    first->has_found = true;
    troth_side_renew(first->side);
}

/* ---- one try ---- */

static bool make_connection(struct troth_first *first)
{
    const struct troth_connect_order *order = first->side->order;
    const struct troth_connection_options options = {
        .tls = first->side->tls,
        .asks = order->asks,
        .max_age_s = order->max_age_s,
        .peer = {(const uint8_t *)order->address, strlen(order->address)},
        .open_by_s = troth_clock_now_s() + HANDSHAKE_S,
    };

    return !troth_connection_create(&first->dial.connection, first->dial.socket,
                                    &options);
}

/* NULL, or why there is no connection. */
static const char *connect_once(struct troth_first *first, char *cause)
{
    int error = EHOSTUNREACH;
    const char *unknown = troth_target_look_up(&first->side->target);

    if (unknown)
        return unknown;
    first->dial.socket = dial_any(&first->side->target, &error);
    if (first->dial.socket < 0) {
        troth_cause_text(cause, error);
        return cause;
    }
    return make_connection(first) ? NULL : "out of memory";
}

/* Somebody judged, and said no; or could not be reached. */
static enum troth_first_result result_of(const struct troth_connection *connection)
{
    enum troth_channel_reason theirs;

    switch ((int)troth_connection_reason(connection, &theirs)) {
    case TROTH_REASON_CLOSED:
    case TROTH_REASON_SLOW:
    case TROTH_REASON_BUSY:
    case TROTH_REASON_UNDETERMINED:
    case TROTH_REASON_INTERNAL:
        return TROTH_FIRST_UNREACHED;
    case TROTH_REASON_PEER:
        return theirs == TROTH_REASON_BUSY || theirs == TROTH_REASON_SLOW ||
                       theirs == TROTH_REASON_CLOSED ||
                       theirs == TROTH_REASON_UNDETERMINED ||
                       theirs == TROTH_REASON_INTERNAL
                   ? TROTH_FIRST_UNREACHED
                   : TROTH_FIRST_REFUSED;
    default:
        return TROTH_FIRST_REFUSED;
    }
}

/* What was found may have come too late for the server, or not be all; and a server that
 * is busy will not be for long. */
static bool may_try_again(const struct troth_first *first, int tries)
{
    const struct troth_patience *real = troth_patience_real();
    enum troth_channel_reason theirs;

    if (first->has_found)
        return tries < TRIES;
    if (troth_connection_reason(first->dial.connection, &theirs) != TROTH_REASON_PEER ||
        theirs != TROTH_REASON_BUSY || tries >= BUSY_TRIES)
        return false;
    real->wait(real->state, BUSY_MS, "the server is busy");
    return true;
}

enum troth_first_result troth_first_prove(struct troth_first *first,
                                          struct troth_side *side,
                                          struct troth_teller *teller)
{
    char cause[TROTH_CAUSE_MAX];

    for (int tries = 1;; tries++) {
        const char *failed;

        *first = (struct troth_first){
            .side = side,
            .dial = {.socket = -1, .tools = &side->tools, .look = look, .state = first}};
        failed = connect_once(first, cause);
        if (failed) {
            troth_tell_unreached(teller, failed);
            return TROTH_FIRST_UNREACHED;
        }
        if (troth_dial_open(&first->dial)) {
            troth_tell_proven(teller, first->dial.connection);
            return TROTH_FIRST_PROVEN;
        }
        if (!may_try_again(first, tries))
            break;
        troth_first_end(first);
    }
    troth_tell_refused(teller, first->dial.connection);
    return result_of(first->dial.connection);
}

void troth_first_end(struct troth_first *first)
{
    if (!first->side)
        return;
    troth_connection_destroy(first->dial.connection);
    if (first->dial.socket >= 0)
        (void)close(first->dial.socket);
    *first = (struct troth_first){.side = NULL};
}
