/* appends.h - how often a second an entry can be put in so that no crash takes it back.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BENCH_LOG_APPENDS_H
#define TROTH_BENCH_LOG_APPENDS_H

#include <stddef.h>

/* Each is the rate over some seconds, with so many waiting for their answers all the
 * time; the state is its own. */

/* 4 KiB and fdatasync(), over bytes that the file has (`in_flight` 0) or behind them. */
void *bench_disk_open(const char *folder);
double bench_disk_run(void *state, size_t is_growing, double seconds);

/* Through the library. */
void *bench_library_open(const char *folder);
double bench_library_run(void *state, size_t in_flight, double seconds);
void bench_library_close(void *state);

/* POST /append at `troth log serve`, a connection for each that waits. */
void *bench_http_open(const char *folder);
double bench_http_run(void *state, size_t in_flight, double seconds);
void bench_http_close(void *state);

#endif
