/*
 * dial.h - the client's side for any program: from a pair of descriptors to an attested
 * connection, and back.
 *
 * One connection, and whoever calls waits for it: there is no event loop here.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_DIAL_H
#define TROTH_SERVICE_DIAL_H

#include "service/address.h"
#include "service/proof_source.h"
#include "troth/connection.h"

struct troth_dial {
    struct troth_connection *connection; /* over `socket`; both stay the caller's */
    int socket;                          /* not blocking */
    const struct troth_channel_tools *tools;
    const struct troth_proof_source *source; /* answers while it is asked; NULL: nothing
                                                can be proven */
    /* All may be NULL. */
    int64_t (*now_s)(void *state); /* else the system's clock */
    void (*look)(void *state, const struct troth_needs *needs); /* for collateral; may
                                                                   wait */
    void (*heard)(void *state); /* `out` has taken all that the peer had to say */
    void *state;
};

/*
 * troth_dial_open - until both sides are satisfied.
 *
 * Returns  true: it is OPEN; false: it is CLOSED, and troth_connection_reason() says why
 */
TROTH_MUST_USE bool troth_dial_open(struct troth_dial *dial);

/*
 * troth_dial_pipe - what `in` says goes to the peer, what the peer says goes to `out`.
 *
 *   in, out   stay open, and as blocking as they are; pipes, files, terminals, sockets
 *
 * Returns  true: both sides said all they had to say; false: the connection is CLOSED
 *          before that, also because nobody takes what the peer says
 * Effects  SIGPIPE, where `out` is a pipe that nobody reads and the caller lets it come
 */
TROTH_MUST_USE bool troth_dial_pipe(struct troth_dial *dial, int in, int out);

#endif
