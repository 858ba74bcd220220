/* place.h - where the benchmark keeps its logs, and how it makes and opens them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BENCH_LOG_PLACE_H
#define TROTH_BENCH_LOG_PLACE_H

#include "cli/log/log_home.h"
#include "log/writer.h"

/* Bytes of every entry that is put in. */
#define BENCH_ENTRY_SIZE 200

/* Ends the program, saying what could not be done, unless `holds`. */
void bench_need(bool holds, const char *what);

/* Zeroed memory; exits if there is none. */
void *bench_keep(size_t size);

/* Seconds, of a clock that nobody sets. */
double bench_now(void);

/* A program, to its end; exits if it fails. What it says is lost, but for complaints. */
void bench_run(const char *const *words);

/* A folder that is removed at the end, with all that is in it. */
const char *bench_place_make(void);
void bench_place_remove(void);

/* A log of this name there, made by `troth log init`; conninfo NULL: SQLite. Returns its
 * folder, which is not given back. */
const char *bench_log_make(const char *name, const char *conninfo);

/* What its log.json says; exits if that is nothing. */
void bench_log_read(struct troth_log_home *out, const struct troth_crypto *crypto,
                    const char *folder);

/* A log that this process writes. */
struct bench_log {
    struct troth_crypto crypto;
    struct troth_log_home home;
    struct troth_signer signer;
    struct troth_log_writer *writer;
};
void bench_log_open(struct bench_log *out, const char *folder, bool no_timer);
void bench_log_close(struct bench_log *log);
void bench_log_publish(struct bench_log *log);

/* Another one each time. */
struct bench_entry {
    uint8_t bytes[BENCH_ENTRY_SIZE];
};
void bench_entry_fill(struct bench_entry *out, uint64_t number);

#endif
