/* channel_figures.h - what `bench channel` measures, one part of it a function. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BENCH_CHANNEL_FIGURES_H
#define TROTH_BENCH_CHANNEL_FIGURES_H

#include "bench/channel_child.h"

/* Each prints its figures and whether its goals are reached. */
void bench_handshakes(const struct bench_certificate *certificate, unsigned ms);
void bench_latency(struct bench_party *party, unsigned requests);
void bench_bulk(struct bench_party *party, const char *folder, unsigned megabytes);
void bench_memory(struct bench_party *party, const char *folder, unsigned connections);

/* "   MISSED", or nothing. */
const char *bench_mark(bool reached);

/* Seconds, of a clock that nobody sets. */
double bench_now(void);

/* A line to a child that runs; exits if there is none. */
void bench_line_to(struct bench_line *line, struct bench_party *party,
                   const struct bench_child *child, enum troth_level client_proves);

#endif
