/* public.h - what lies in a log's public folder, reached without following any link: who
 * may write there for a web server's sake must not lead the log elsewhere. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_LOG_PUBLIC_H
#define TROTH_LOG_PUBLIC_H

#include "log/folder.h"

/* Of "tile/0/067" or "checkpoint", and of the folder it is in. */
#define TROTH_PUBLIC_PATH_ROOM TROTH_TILE_PATH_ROOM

/* All return 0 or an errno; descriptors are -1 on failure, and for close(). */

/* A folder that may be reached by links: the log's own. */
TROTH_MUST_USE int troth_public_root(int *out, const char *folder);

/* A folder in an open one: "public", "new"; made if `create`. */
TROTH_MUST_USE int troth_public_folder(int *out, int at, const char *name, bool create);

/* The folder that the last part of a path is in; each part of it is made if `create`. */
TROTH_MUST_USE int troth_public_enter(int *out, int at, const char *path, bool create);

/* The last part. */
const char *troth_public_name(const char *path);

/* A regular file. EINVAL: it is none; ELOOP: a link. */
TROTH_MUST_USE int troth_public_read(struct troth_file *out, int at, const char *name,
                                     size_t max);

/* A new file with these bytes, not yet synced. */
TROTH_MUST_USE int troth_public_make(int *out, int at, const char *name,
                                     struct troth_span bytes);

/* "FOLDER/public/PATH", cut if it is longer. */
void troth_public_path(char out[static TROTH_LOG_PATH_ROOM], const char *folder,
                       const char *path);

/* The same in a problem: "cannot DOING '…': …". */
int troth_public_failed(struct troth_log_problem *problem, int failed, const char *doing,
                        const char *folder, const char *path);

#endif
