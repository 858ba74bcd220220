/*
 * writer.h - the one who writes a log: puts entries into their order, makes tiles of
 * them, signs.
 *
 *   entry ──▶ sequence (durable; here the caller has his answer)
 *                └─ every interval ─▶ tiles (durable) ─▶ sign ─▶ sequence ─▶ witnesses ─▶
 * shown
 *
 * Two threads: one gathers entries that come while the disk is busy into one transaction;
 * one makes checkpoints. Opening takes up what a killed process left, at any point.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_LOG_WRITER_H
#define TROTH_LOG_WRITER_H

#include "log/config.h"
#include "tlog/note_write.h"

struct troth_log_writer;

/* Asks witnesses for their lines; called by the thread that makes checkpoints. NULL where
 * there are none to ask. */
struct troth_log_cosigner {
    /*
     *   note      text, empty line, the log's own line
     *   w         gets the lines that were verified, in the order of the config
     *   count     of them
     *
     * Errors    0, if too few came, too; EBADMSG: a witness has seen a larger tree than
     *           this, or one that contradicts it: nothing must be signed any more
     */
    int (*ask)(void *state, struct troth_log_problem *problem, struct troth_writer *w,
               size_t *count, const struct troth_log_tree *tree, struct troth_span note);
    void *state;
};

struct troth_log_writer_options {
    const char *folder;
    const struct troth_log_config *config;
    const struct troth_signer *signer;
    const struct troth_crypto *crypto;
    struct troth_log_cosigner cosigner;
    bool no_timer; /* checkpoints only by troth_log_publish() */
    /* Called by any thread when something fails, or fails otherwise than before, and once
     * when it is well again (problem->failed 0); may be NULL. */
    void (*tell)(void *state, const struct troth_log_problem *problem);
    void *state;
};

/*
 * troth_log_writer_open - be the one who writes.
 *
 *   out   NULL on failure; give it to troth_log_writer_close()
 *
 * Errors   EBUSY: another process is; EBADMSG: order, tiles and checkpoint contradict
 * each other (a restored copy, say), or the signer is another than the config's
 */
TROTH_MUST_USE int troth_log_writer_open(struct troth_log_writer **out,
                                         struct troth_log_problem *problem,
                                         const struct troth_log_writer_options *options);

/* Everything that was accepted is answered first; what is not signed yet will be by the
 * next one. Takes NULL. */
void troth_log_writer_close(struct troth_log_writer *writer);

/*
 * troth_log_submit - put an item into the log; the answer comes later.
 *
 *   item   copied
 *   done   called by the writer's thread: the entry's index, durable; or a problem, and
 * it may or may not be in the log
 *
 * Errors   returns 0, and `done` will be called once; else an errno, and it never will.
 *          EAGAIN: too many are waiting; EFBIG: too large; ESHUTDOWN
 */
#define TROTH_LOG_WAITING_MAX 16384
TROTH_MUST_USE int troth_log_submit(struct troth_log_writer *writer,
                                    const struct troth_log_item *item,
                                    void (*done)(void *state, uint64_t index,
                                                 const struct troth_log_problem *problem),
                                    void *state);

/* The same and wait; items stay in their order, one behind the other. */
TROTH_MUST_USE int troth_log_append(struct troth_log_writer *writer,
                                    struct troth_log_problem *problem,
                                    uint64_t *out_first,
                                    const struct troth_log_item *items, size_t count);

/* Sign what is in the order by now and show it, and wait for that. EAGAIN: too few
 * witnesses have cosigned, so what is shown stays. */
TROTH_MUST_USE int troth_log_publish(struct troth_log_writer *writer,
                                     struct troth_log_problem *problem);

/* As it stands in memory, for a page. */
struct troth_log_standing {
    uint64_t next;                    /* index of the entry to come */
    uint64_t shown;                   /* size of the tree that is shown */
    bool is_leader;                   /* signs; of PostgreSQL another process may */
    struct troth_log_problem problem; /* the last that has not gone away */
};
void troth_log_standing(struct troth_log_standing *out, struct troth_log_writer *writer);

#endif
