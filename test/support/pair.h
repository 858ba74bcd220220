/* pair.h - a client's and a server's connection, and what is between them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_PAIR_H
#define TROTH_TEST_PAIR_H

#include "net/connection.h"
#include "test/support/attested.h"

struct pair_end {
    struct troth_tls *tls;
    struct troth_connection *connection;
    int descriptor;
    int inner; /* the other end of its socket, held by who is between; -1: nobody is */
};

struct pair {
    struct attested *world;
    struct pair_end client, server;
    size_t between;   /* bytes that have been moved so far */
    size_t cut_after; /* then both sides see the end; 0: never */
};

struct pair_options {
    enum troth_level client_asks, server_asks;
    bool client_gives[TROTH_LEVEL_COUNT], server_gives[TROTH_LEVEL_COUNT];
    struct troth_tls_options client, server; /* but for the role */
    int64_t open_by_s;
    bool has_between; /* a man in the middle moves one byte at a time */
};

/* Two non-blocking sockets joined to each other; ends the program on failure. */
void pair_sockets(int out[static 2]);

void pair_begin(struct pair *pair, struct attested *world,
                const struct pair_options *options);
void pair_end(struct pair *pair);

/* Until neither side has anything to do. */
void pair_run(struct pair *pair);

bool pair_is_open(const struct pair *pair); /* both sides */

/* Hang up: the descriptor of one end is closed. */
void pair_vanish(struct pair_end *end);

#endif
