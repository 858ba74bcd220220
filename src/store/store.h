/*
 * store.h - bytes under a name, in files of one folder, for several processes at once.
 *
 * A file is there whole or not at all: it is written beside its place, pushed to the
 * disk, and then given its name. What is stored is no business of the store.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_STORE_STORE_H
#define TROTH_STORE_STORE_H

#include "os/file.h"
#include "os/patience.h"
#include "store/name.h"

/* Longer paths are ENAMETOOLONG. */
#define TROTH_STORE_PATH_ROOM 4096

/* Nothing is open between calls. The folder need not be there until something is put. */
struct troth_store {
    const char *folder;
};

/* All three return 0 or an errno; EINVAL for a name that none may have. */

/* "FOLDER/NAME"; for messages, too. */
TROTH_MUST_USE int troth_store_path(char out[static TROTH_STORE_PATH_ROOM],
                                    const struct troth_store *store, const char *name);

/*
 * troth_store_get - what is under a name.
 *
 *   out   filled on success, zeroed on failure; give it to troth_file_release()
 *   max   longer content is EFBIG
 *
 * Errors   ENOENT if there is nothing; ELOOP or EISDIR for what is no file
 */
TROTH_MUST_USE int troth_store_get(struct troth_file *out,
                                   const struct troth_store *store, const char *name,
                                   size_t max);

/*
 * troth_store_lock - hold the store for reading, deciding and writing as one step.
 *
 *   out   for troth_lock_release()
 *
 * Errors   returns 0 or an errno; EBUSY
 */
TROTH_MUST_USE int troth_store_lock(int *out, const struct troth_store *store,
                                    const struct troth_patience *patience,
                                    int64_t most_ms);

/*
 * troth_store_put - put bytes under a name, instead of what is there.
 *
 *   lock   from troth_store_lock(): what a killed process left half-written is then
 *          nobody's
 *
 * Effects  makes the folders it needs, for nobody but their owner; on failure, and when
 *          the process is killed, what was there stays
 */
TROTH_MUST_USE int troth_store_put(const struct troth_store *store, int lock,
                                   const char *name, struct troth_span bytes);

/* Zeroed, it holds nothing and may be released. */
struct troth_store_names {
    char **rows;
    size_t count;
};

/* Every name that holds a file, in the order of their bytes. ENFILE: more than `max`; a
 * store that is not there is empty. */
TROTH_MUST_USE int troth_store_list(struct troth_store_names *out,
                                    const struct troth_store *store, size_t max);
void troth_store_names_release(struct troth_store_names *names);

#endif
