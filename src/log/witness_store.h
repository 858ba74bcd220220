/*
 * witness_store.h - what a witness cosigned last of each log, in a database: FOLDER/
 * witness.db.
 *
 * Looking and keeping are one transaction, and what was kept is on the disk: between two
 * requests nothing is forgotten and nothing overtakes. Who loses this file has to take
 * another key, for it would cosign what contradicts what it cosigned before.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_LOG_WITNESS_STORE_H
#define TROTH_LOG_WITNESS_STORE_H

#include "log/sequence.h"

struct troth_witness_store;

/*
 * troth_witness_store_open - be this witness.
 *
 *   folder   made if it is not there, for its owner alone
 *
 * Errors   EBUSY: another process is; EBADMSG: the file is none of these, or damaged
 */
TROTH_MUST_USE int troth_witness_store_open(struct troth_witness_store **out,
                                            struct troth_log_problem *problem,
                                            const char *folder);
void troth_witness_store_close(struct troth_witness_store *store); /* takes NULL */

/* Look at what was cosigned last of a log, and let nobody change it until …_keep() or
 * …_leave(). Size 0: nothing was. */
TROTH_MUST_USE int troth_witness_store_look(struct troth_witness_store *store,
                                            struct troth_log_problem *problem,
                                            struct troth_log_tree *out,
                                            struct troth_span origin);
/* Instead of it, this; on return it is on the disk. A smaller tree is EBADMSG. */
TROTH_MUST_USE int troth_witness_store_keep(struct troth_witness_store *store,
                                            struct troth_log_problem *problem,
                                            struct troth_span origin,
                                            const struct troth_log_tree *tree,
                                            struct troth_span note);
void troth_witness_store_leave(struct troth_witness_store *store);

/* The note that was kept; ENOENT: none. For troth_file_release(). */
TROTH_MUST_USE int troth_witness_store_note(struct troth_witness_store *store,
                                            struct troth_log_problem *problem,
                                            struct troth_file *out,
                                            struct troth_log_tree *out_tree,
                                            struct troth_span origin);

#endif
