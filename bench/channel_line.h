/* channel_line.h - a connection to measure: TCP, TLS in it, or an attested channel. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BENCH_CHANNEL_LINE_H
#define TROTH_BENCH_CHANNEL_LINE_H

#include "bench/channel_party.h"

enum bench_line_kind { BENCH_TCP, BENCH_TLS, BENCH_TROTH };

/* How a line is made: what the server proves, and the client. */
struct bench_line_terms {
    enum bench_line_kind kind;
    enum troth_level server_proves, client_proves;
};

struct bench_line {
    struct bench_line_terms terms;
    struct bench_party *party;
    enum troth_role role;
    int descriptor;
    SSL *session;
    struct troth_connection *connection;
    bool is_open;
};

/* Over a connected socket, which is the line's from now on. False: it cannot be made. */
bool bench_line_begin(struct bench_line *line, struct bench_party *party,
                      enum troth_role role, const struct bench_line_terms *terms,
                      int descriptor);
/* Without a word to the other side. */
void bench_line_end(struct bench_line *line);

/* Go on with the handshake as far as it goes; false: it failed. */
bool bench_line_step(struct bench_line *line);

/* The same until it is open. */
bool bench_line_open(struct bench_line *line);

/* All of these bytes, however long it takes. */
bool bench_line_write(struct bench_line *line, const uint8_t *bytes, size_t len);
/* Some, at least one. 0: it is over. */
size_t bench_line_read(struct bench_line *line, uint8_t *out, size_t size);
bool bench_line_read_all(struct bench_line *line, uint8_t *out, size_t len);

/* A TCP listener on loopback, at a port that is free, or at this one. */
int bench_listen(uint16_t *port);
/* A connection to it; no delay before short writes, no waiting when it is closed. */
int bench_connect(uint16_t port);
int bench_accept(int listener);

#endif
