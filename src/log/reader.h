/*
 * reader.h - a log as others see it: tiles from wherever they are, proofs made of them,
 * every hash checked up to a signed root.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_LOG_READER_H
#define TROTH_LOG_READER_H

#include "log/folder.h"
#include "tlog/edge.h"

/* Where tiles and checkpoints come from: a folder, or HTTP (service/log/remote.h). */
struct troth_log_place {
    /* 0 or an errno. ENOENT: no such thing there. For troth_file_release(). */
    int (*tile)(void *state, struct troth_log_problem *problem, struct troth_file *out,
                const struct troth_tile *tile);
    int (*checkpoint)(void *state, struct troth_log_problem *problem,
                      struct troth_file *out);
    void *state;
};

/* Borrows `folder`, which is its state. */
void troth_log_place_folder(struct troth_log_place *out, const char *folder);

/* A place, and a tree there whose root is known from a checkpoint. A few tiles are kept.
 */
struct troth_log_reader;
TROTH_MUST_USE int troth_log_reader_create(struct troth_log_reader **out,
                                           const struct troth_log_place *place,
                                           const struct troth_crypto *crypto);
void troth_log_reader_destroy(struct troth_log_reader *reader); /* takes NULL */

/* Proofs, checked before they are given: EBADMSG: the place's tiles do not make the root
 * that was signed. EINVAL: no such index or size; else the place's own. */
TROTH_MUST_USE int troth_log_reader_inclusion(struct troth_log_reader *reader,
                                              struct troth_log_problem *problem,
                                              struct troth_log_path *out, uint64_t index,
                                              const struct troth_log_tree *tree);
TROTH_MUST_USE int troth_log_reader_consistency(struct troth_log_reader *reader,
                                                struct troth_log_problem *problem,
                                                struct troth_log_path *out,
                                                const struct troth_log_tree *older,
                                                const struct troth_log_tree *newer);

/* One entry, checked against its leaf's inclusion. */
TROTH_MUST_USE int troth_log_reader_entry(struct troth_log_reader *reader,
                                          struct troth_log_problem *problem,
                                          struct troth_file *out, uint64_t index,
                                          const struct troth_log_tree *tree);

/*
 * troth_log_reader_walk - every entry from `first` to the end of a tree, in order; at the
 * end all of them make the tree's root together with what stands before them.
 *
 *   edge    of the tree of size `first`, as of then; moved on, or left as it was if
 *           anything fails. Zeroed for 0
 *   take    an errno ends it; must leave the reader alone. NULL: nothing is to be done
 *           with them
 *
 * Shape    entries reach `take` before the root could be checked, so what they cause must
 *          wait for the end
 * Errors   EBADMSG: they do not make that root
 * Effects  memory for one bundle of entries
 */
TROTH_MUST_USE int
troth_log_reader_walk(struct troth_log_reader *reader, struct troth_log_problem *problem,
                      struct troth_edge *edge, const struct troth_log_tree *tree,
                      int (*take)(void *state, uint64_t index, struct troth_span entry),
                      void *state);

#endif
