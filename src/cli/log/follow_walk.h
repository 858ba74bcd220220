/* follow_walk.h - entries that are hashed, and trees that are held against each other. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_LOG_FOLLOW_WALK_H
#define TROTH_CLI_LOG_FOLLOW_WALK_H

#include <stdio.h>

#include "cli/log/follow.h"

/* Entries that somebody has to be told of, once their tree is known to be the signed one:
 * in a file without a name, so that memory does not grow with them. */
struct troth_follow_spool {
    FILE *file;
    size_t count;
};
/* Returns 0 or an errno; `beside` is a path in a folder that can be written. */
TROTH_MUST_USE int troth_follow_spool_put(struct troth_follow_spool *spool,
                                          const char *beside,
                                          const struct troth_follow_event *event);
/* From the first on; then each of them. ENODATA: no more. `entry` has room for any. */
TROTH_MUST_USE int troth_follow_spool_rewind(struct troth_follow_spool *spool);
TROTH_MUST_USE int troth_follow_spool_next(struct troth_follow_spool *spool,
                                           struct troth_follow_event *event,
                                           uint8_t entry[static TROTH_LOG_ENTRY_MAX]);
void troth_follow_spool_forget(struct troth_follow_spool *spool);

/* All entries behind `edge`, up to a tree. */
struct troth_follow_walk {
    const struct troth_follow_options *options;
    struct troth_log_reader *reader;
    struct troth_edge *edge;
    uint64_t first_new;                 /* entries before it are not filtered */
    const struct troth_log_tree *older; /* is it the beginning? NULL: nobody asks */
    struct troth_follow_spool *spool;   /* NULL: nothing is filtered */
    uint64_t size;                      /* of the tree it goes to; set by the walk */
    /* What came of it. */
    bool is_beginning; /* `older` is */
    bool is_stopped;   /* by progress(); then the walk fails with ECANCELED */
};

/* Returns 0 or an errno, as troth_log_reader_walk(). */
TROTH_MUST_USE int troth_follow_walk(struct troth_follow_walk *walk,
                                     struct troth_log_problem *problem,
                                     const struct troth_log_tree *tree);

/* What two signed trees are to each other. */
enum troth_follow_verdict {
    TROTH_FOLLOW_FITS = 1,
    TROTH_FOLLOW_SPLIT, /* shown beyond doubt: each hash of the newer one was made anew */
    TROTH_FOLLOW_BROKEN, /* the entries, or the tiles, do not make the newer one's root */
    TROTH_FOLLOW_UNKNOWN /* could not be read; the problem says why */
};

/* Of two signed trees, from a proof, or if there is none from every entry; `edge` is
 * room. Larger trees come second. */
enum troth_follow_verdict troth_follow_judge(struct troth_follow_walk *walk,
                                             struct troth_log_problem *problem,
                                             const struct troth_log_tree *older,
                                             const struct troth_log_tree *newer);

/* The same from every entry alone. */
enum troth_follow_verdict troth_follow_audit(struct troth_follow_walk *walk,
                                             struct troth_log_problem *problem,
                                             const struct troth_log_tree *older,
                                             const struct troth_log_tree *newer);

#endif
