/* audit.h - a log filled, and read from end to end, each by a process of its own. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BENCH_LOG_AUDIT_H
#define TROTH_BENCH_LOG_AUDIT_H

#include <stdbool.h>

#include "troth/log.h"

/* What became of it, and the most memory that its process had. */
struct bench_walk {
    double seconds, mebibytes;
    struct troth_log_tree tree;
};

/* Put so many entries in, a few thousand at once, all published. Exits if that fails. */
void bench_fill(struct bench_walk *out, const char *folder, uint64_t count);

/* Every entry hashed up to the root that the log has signed; `is_cold`: its files have to
 * come from the disk. */
void bench_audit(struct bench_walk *out, const char *folder, bool is_cold);

/* The same hashing, and nothing else. */
double bench_audit_floor(const struct troth_crypto *crypto, uint64_t count);

#endif
