/* sequence_sqlite.h - the parts of the order in a database file. For sequence_sqlite*.c.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_LOG_SEQUENCE_SQLITE_H
#define TROTH_LOG_SEQUENCE_SQLITE_H

#include <pthread.h>

#include "log/problem.h"
#include "log/sqlite.h"
#include "troth/sealed.h"

/* The write-ahead log is written over and over and never made shorter than this: what is
 * written to blocks that a file has already is on the disk in half the time. */
#define TROTH_SQLITE_ROOM_PAGES 512
#define TROTH_SQLITE_PAGE_SIZE  4096

struct troth_sqlite_sequence {
    struct troth_sequence base;
    int lock;
    pthread_mutex_t turn; /* of whoever writes */
    sqlite3 *front;       /* each commit is on the disk; NULL: only reads */
    sqlite3 *aside;       /* reads, and writes that may be lost */
    sqlite3_stmt *begin, *commit, *put_entry, *put_sealed, *sign;
    sqlite3_stmt *get_state, *get_entries, *get_sealed, *forget, *mark;
    uint64_t next;
    int log_pages; /* in the write-ahead log */
    /* A write failed half way: what was said to be on the disk may be in memory alone,
     * and no later sync would say so. */
    bool is_shaken;
};

/* The functions of the table, by file. */
int troth_sqlite_append(struct troth_sequence *base, struct troth_log_problem *problem,
                        uint64_t *out_first, const struct troth_log_item *items,
                        size_t count);
int troth_sqlite_lead(struct troth_sequence *base, struct troth_log_problem *problem);
int troth_sqlite_sign(struct troth_sequence *base, struct troth_log_problem *problem,
                      uint64_t size, struct troth_span checkpoint);
int troth_sqlite_forget(struct troth_sequence *base, struct troth_log_problem *problem,
                        uint64_t size);

int troth_sqlite_read(struct troth_sequence *base, struct troth_log_problem *problem,
                      uint64_t first, uint64_t most,
                      int (*take)(void *state, uint64_t index, struct troth_span entry),
                      void *taker);
int troth_sqlite_sealed(struct troth_sequence *base, struct troth_log_problem *problem,
                        uint64_t index, struct troth_file *out);
int troth_sqlite_state(struct troth_sequence *base, struct troth_log_problem *problem,
                       struct troth_sequence_state *out);

/* Sets `next` to what the database says. */
TROTH_MUST_USE int troth_sqlite_read_next(struct troth_sqlite_sequence *s,
                                          struct troth_log_problem *problem, sqlite3 *db);

/* What another process wrote and did not sync before it died. */
TROTH_MUST_USE int troth_sqlite_settle(struct troth_sqlite_sequence *s,
                                       struct troth_log_problem *problem);

static inline struct troth_sqlite_sequence *troth_sqlite_of(struct troth_sequence *base)
{
    return (struct troth_sqlite_sequence *)(void *)base;
}

#endif
