/*
 * folder.h - a log's folder:
 *
 *   log.json        config.h
 *   key.pem         the log's private key, unless it is kept elsewhere
 *   lock            held by who writes
 *   sequence.db     the order (SQLite), and sealed values
 *   public/         what any web server may serve as it is:
 *     checkpoint      the latest that may be seen
 *     tile/…          tiles and bundles of entries, each written once
 *
 * A public file is there whole or not at all, and on the disk before anything signed
 * depends on it.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_LOG_FOLDER_H
#define TROTH_LOG_FOLDER_H

#include "log/sequence.h"
#include "tlog/tile.h"

#define TROTH_LOG_PATH_ROOM 4096

/* "FOLDER/NAME". ENAMETOOLONG. */
TROTH_MUST_USE int troth_log_path(char out[static TROTH_LOG_PATH_ROOM],
                                  const char *folder, const char *name);

/* A folder for a log, and the public one in it; what is there stays. On return its name
 * is on the disk. */
TROTH_MUST_USE int troth_log_folder_make(const char *folder);

/* Files that are written together: named, and pushed to the disk by
 * troth_log_batch_finish() in one go; only then do they count. It may be used again then.
 */
struct troth_log_batch;
TROTH_MUST_USE int troth_log_batch_open(struct troth_log_batch **out,
                                        struct troth_log_problem *problem,
                                        const char *folder);
/* One that is there already stays; other bytes there are EBADMSG. */
TROTH_MUST_USE int troth_log_batch_put(struct troth_log_batch *batch,
                                       struct troth_log_problem *problem,
                                       const struct troth_tile *tile,
                                       struct troth_span bytes);
TROTH_MUST_USE int troth_log_batch_finish(struct troth_log_batch *batch,
                                          struct troth_log_problem *problem);
/* After either has failed nothing of it is pending any more; drop does so at any time. */
void troth_log_batch_drop(struct troth_log_batch *batch);
void troth_log_batch_close(struct troth_log_batch *batch); /* takes NULL */

/* A tile, or instead of a partial one that is gone the beginning of the full one. ENOENT;
 * EBADMSG: not of a length that such a tile has. For troth_file_release(). */
TROTH_MUST_USE int troth_log_tile_read(struct troth_file *out,
                                       struct troth_log_problem *problem,
                                       const char *folder, const struct troth_tile *tile);

/* The checkpoint that is shown; ENOENT: none yet. Put: over the one before, synced. */
TROTH_MUST_USE int troth_log_checkpoint_read(struct troth_file *out,
                                             struct troth_log_problem *problem,
                                             const char *folder);
TROTH_MUST_USE int troth_log_checkpoint_put(struct troth_log_problem *problem,
                                            const char *folder, struct troth_span note);

/* Partial tiles of what is full by now. Errors only matter to who counts files. */
TROTH_MUST_USE int troth_log_partials_remove(struct troth_log_problem *problem,
                                             const char *folder, uint64_t from,
                                             uint64_t size);

#endif
