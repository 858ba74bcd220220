/*
 * channel_child.h - the other processes of the measurement: what answers, the relay and
 * the proxies in front of it.
 *
 * A request is 16 bytes, two numbers: so many bytes follow it, so many are to come back.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BENCH_CHANNEL_CHILD_H
#define TROTH_BENCH_CHANNEL_CHILD_H

#include <sys/types.h>

#include "bench/channel_line.h"

struct bench_request {
    uint64_t follows, comes_back;
};

struct bench_child {
    const char *name;
    const char *lacks; /* why there is none; NULL: it runs */
    enum bench_line_kind kind;
    uint16_t port;
    pid_t pid;
};

/* Answers on this kind of line, one connection after the other. Exits on failure. */
void bench_child_answer(struct bench_child *out, struct bench_party *party,
                        enum bench_line_kind kind);

/* Takes any number of connections, and does nothing with them. */
void bench_child_hoard(struct bench_child *out, struct bench_party *party,
                       const struct bench_line_terms *terms);

/* In front of what answers at `port`. */
void bench_child_relay(struct bench_child *out, struct bench_party *party, uint16_t port,
                       enum troth_level asks);
void bench_child_haproxy(struct bench_child *out, const char *folder, uint16_t port);
void bench_child_stunnel(struct bench_child *out, const char *folder, uint16_t port);

void bench_child_end(struct bench_child *child);

/* Seconds of processor time it has used, all its threads together. */
double bench_child_time(const struct bench_child *child);

/* Bytes of memory it holds in RAM. */
size_t bench_child_memory(const struct bench_child *child);

#endif
