/*
 * sequence.h - the order of a log's entries: durable before anything is said of it.
 *
 * What is signed is always a prefix of this order. So two who sign, by whatever mistake,
 * cannot make two trees of one size; and whoever comes after a dead one makes the same.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_LOG_SEQUENCE_H
#define TROTH_LOG_SEQUENCE_H

#include <stdbool.h>

#include "os/file.h"
#include "troth/log.h"

#define TROTH_LOG_PROBLEM_ROOM 256

/* Why something could not be done; for people. Zeroed: nothing is wrong. */
struct troth_log_problem {
    int failed; /* an errno; EBUSY: another process has the log; ESTALE: it had to be
                   given up to another; EBADMSG: what is stored contradicts itself;
                   ENOSPC, EROFS… the disk's own */
    char text[TROTH_LOG_PROBLEM_ROOM]; /* one clause, the place in it */
};

/* What is put into the log at once: the entry, and values sealed for the auditor. */
struct troth_log_item {
    struct troth_span entry;
    struct troth_span sealed; /* empty: none; at most TROTH_SEALED_MAX */
};

/* As it stands on the disk. */
struct troth_sequence_state {
    uint64_t next;      /* index of the entry to come */
    uint64_t signed_at; /* size of the latest checkpoint that was signed; 0: none */
    uint8_t checkpoint[TROTH_CHECKPOINT_MAX]; /* that note, as its log signed it */
    size_t checkpoint_len;
};

struct troth_sequence;

/* Every function returns 0 or an errno and then has filled the problem. One thread at a
 * time uses a sequence, except that append and the others may be called from two. */
struct troth_sequence_ops {
    const char *name; /* "sqlite" */

    /* Put items behind the last, all or none; on return they are on the disk. */
    int (*append)(struct troth_sequence *sequence, struct troth_log_problem *problem,
                  uint64_t *out_first, const struct troth_log_item *items, size_t count);

    /* Entries from `first` on, at most `most` and in order, each given to `take`, whose
     * errno ends it. EBADMSG: one is missing. */
    int (*read)(struct troth_sequence *sequence, struct troth_log_problem *problem,
                uint64_t first, uint64_t most,
                int (*take)(void *state, uint64_t index, struct troth_span entry),
                void *state);

    /* The sealed values of an entry; ENOENT: it has none. For troth_file_release(). */
    int (*sealed)(struct troth_sequence *sequence, struct troth_log_problem *problem,
                  uint64_t index, struct troth_file *out);

    int (*state)(struct troth_sequence *sequence, struct troth_log_problem *problem,
                 struct troth_sequence_state *out);

    /*
     * Be the one that signs; EBUSY: another is, and lives. Whoever is gets ESTALE from
     * sign() once it is not any more. Of SQLite it is who has the log open for writing.
     */
    int (*lead)(struct troth_sequence *sequence, struct troth_log_problem *problem);

    /* Keep a checkpoint of the tree of `size`, before anybody else sees it. ESTALE; a
     * smaller size than the last is EBADMSG. */
    int (*sign)(struct troth_sequence *sequence, struct troth_log_problem *problem,
                uint64_t size, struct troth_span checkpoint);

    /* Entries below `size` are in tiles that are on the disk: they may be forgotten here,
     * where nobody else needs them. */
    int (*forget)(struct troth_sequence *sequence, struct troth_log_problem *problem,
                  uint64_t size);

    void (*close)(struct troth_sequence *sequence); /* takes NULL; gives up leading */
};

/* The first member of what each implementation keeps. */
struct troth_sequence {
    const struct troth_sequence_ops *ops;
};

/*
 * troth_sequence_open_sqlite - a database file; one process at a time.
 *
 *   path        made if `create`
 *   is_reader   only read(), sealed() and state(); the one process does not mind
 *
 * Errors   EBUSY: another process has it
 */
TROTH_MUST_USE int troth_sequence_open_sqlite(struct troth_sequence **out,
                                              struct troth_log_problem *problem,
                                              const char *path, bool create,
                                              bool is_reader);

/*
 * troth_sequence_open_postgres - tables in a schema of a database; several processes.
 *
 *   conninfo   libpq's; a password belongs in its own file (passfile), never in here
 *   origin     the log's: rows of several logs stand in the same tables
 *
 * Errors   ENOSYS: the build left it out; EHOSTUNREACH, ETIMEDOUT
 */
TROTH_MUST_USE int troth_sequence_open_postgres(struct troth_sequence **out,
                                                struct troth_log_problem *problem,
                                                const char *conninfo, const char *origin,
                                                bool create);

#endif
