/*
 * channel_party.h - somebody who speaks troth/1 as the library does: a real connection
 * over a socket, and behind it a machine of the simulator.
 *
 * What it asks, gives, believes and by which clock is in `side`, whose own channel is not
 * used: that of the connection is.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_CHANNEL_PARTY_H
#define TROTH_TEST_CHANNEL_PARTY_H

#include "net/connection.h"
#include "test/support/channel_pair.h"

enum { PARTY_HEARD = 256 };

struct party {
    struct channel_side side; /* the first: its habits are given its address */
    struct troth_tls_options tls_options;
    struct troth_tls *tls; /* made for the first connection, and kept */
    struct troth_connection *connection;
    int descriptor;
    int line; /* the other end of its socket, for whoever takes it; -1: somebody did */
    bool is_slow;            /* its machine and its key do not answer for now */
    char heard[PARTY_HEARD]; /* of the peer's application, as a text */
    size_t heard_len;
};

/* It gives both levels, asks for nothing, and takes any machine. */
void party_begin(struct party *party, struct channel_world *world, enum troth_role role,
                 enum channel_device device);
void party_end(struct party *party);

/* A new connection, in place of one it may have; what it heard is forgotten. */
void party_connect(struct party *party);
/* What is at the other end of its line is its caller's from now on. */
int party_take_line(struct party *party);

/* As far as it goes by itself: answers what is asked of it, reads what came. */
void party_step(struct party *party);
/* Two that are joined without anybody in between. */
void party_meet(struct party *client, struct party *server);

/* Application data; whether all of it was taken. */
bool party_say(struct party *party, const char *text);

/* "open", "handshake", or why it closed, and behind it what the peer said. */
const char *party_state(const struct party *party);
/* The same of two: "open, open". */
const char *party_states(const struct party *client, const struct party *server);

#endif
