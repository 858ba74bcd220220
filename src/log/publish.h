/* publish.h - from the order to tiles, and to a checkpoint that is shown. For one thread.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_LOG_PUBLISH_H
#define TROTH_LOG_PUBLISH_H

#include "log/folder.h"
#include "log/writer.h"
#include "tlog/edge.h"

/* Of a note, and of all the lines that witnesses may add. */
#define TROTH_LOG_NOTE_ROOM ((size_t)64 * 1024)

struct troth_log_publisher {
    struct troth_log_writer_options options;
    struct troth_sequence *sequence;
    struct troth_log_batch *batch;
    struct troth_edge edge;  /* of what is in durable tiles */
    struct troth_edge trial; /* what it becomes, until that is so */
    uint8_t *bundle;         /* of entries, the last of the tree */
    size_t bundle_len, bundle_room;
    struct troth_log_tree known; /* the last that was signed, if its root was looked at */
    uint64_t shown, forgotten;
    bool is_leader;
    bool is_overtaken; /* another process signed more while witnesses were asked */
    struct troth_log_problem end; /* a witness has seen another tree: nothing is signed */
    struct troth_sequence_state state;
    uint8_t note[TROTH_LOG_NOTE_ROOM];
};

/*
 * troth_log_publisher_open - take up what is in the folder and in the order.
 *
 *   publisher   zeroed but for options and sequence; for troth_log_publisher_close()
 *
 * Errors   EBADMSG: they contradict each other
 */
TROTH_MUST_USE int troth_log_publisher_open(struct troth_log_publisher *publisher,
                                            struct troth_log_problem *problem);
void troth_log_publisher_close(struct troth_log_publisher *publisher);

/* Sign what is in the order, if it is this process that signs; and show what is signed.
 */
TROTH_MUST_USE int troth_log_publisher_run(struct troth_log_publisher *publisher,
                                           struct troth_log_problem *problem);

/* ---- its parts ---- */

/* Tiles of all that the order has up to `size`; then the edge is of that size. */
TROTH_MUST_USE int troth_log_build(struct troth_log_publisher *publisher,
                                   struct troth_log_problem *problem, uint64_t size);

/* The edge as of a size whose tiles are there. ENOENT: they are not. */
TROTH_MUST_USE int troth_log_rewind(struct troth_log_publisher *publisher,
                                    struct troth_log_problem *problem, uint64_t size);

/* What the edge makes. */
TROTH_MUST_USE int troth_log_tree_now(struct troth_log_publisher *publisher,
                                      struct troth_log_problem *problem,
                                      struct troth_log_tree *out);

/* A note of this log's own, and what tree it shows. EBADMSG. */
TROTH_MUST_USE int troth_log_note_read(struct troth_log_publisher *publisher,
                                       struct troth_log_problem *problem,
                                       struct troth_log_tree *out, struct troth_span note,
                                       const char *where);

/* Of the core's. */
int troth_log_crypto_failed(struct troth_log_problem *problem, enum troth_err err,
                            const char *doing);

#endif
