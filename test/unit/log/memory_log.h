/*
 * memory_log.h - a log in memory, computed as RFC 6962 writes it down and not as the
 * product does, whose pieces can be broken.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_MEMORY_LOG_H
#define TROTH_TEST_MEMORY_LOG_H

#include "log/reader.h"

/* Of its bundle. */
#define MEMORY_FLIPPED_ENTRY 88

/* What happens to a piece on its way. */
enum memory_fault {
    MEMORY_WELL,
    MEMORY_FLIPPED, /* one bit, of entries in the one at MEMORY_FLIPPED_ENTRY */
    MEMORY_SWAPPED, /* the piece beside it */
    MEMORY_SHORT,   /* by one byte */
    MEMORY_FEWER,   /* by one hash or entry */
    MEMORY_LONG,    /* by one byte */
    MEMORY_MISSING, /* ENOENT */
    MEMORY_FAILING  /* EIO, with words of its own */
};

struct memory_log {
    const struct troth_crypto *crypto;
    uint64_t size; /* as many leaves there are at most */
    struct troth_log_hash *levels[24];
    unsigned seed; /* of entries: other logs have others */

    enum memory_fault fault;
    struct troth_tile broken; /* of any width */
    unsigned reads;           /* of pieces, so far */
};

/* Give it to memory_log_release(). */
void memory_log_make(struct memory_log *out, const struct troth_crypto *crypto,
                     uint64_t size, unsigned seed);
void memory_log_release(struct memory_log *log);

/* Its entry; lives until the next call. */
struct troth_span memory_log_entry(const struct memory_log *log, uint64_t index);

/* Its tree when it had `size` entries. */
struct troth_log_tree memory_log_tree(const struct memory_log *log, uint64_t size);

/* The bytes of a piece, without faults; false if the log has none such. */
bool memory_log_piece(struct troth_file *out, const struct memory_log *log,
                      const struct troth_tile *tile);

void memory_log_place(struct troth_log_place *out, struct memory_log *log);

#endif
