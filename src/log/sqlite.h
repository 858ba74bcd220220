/* sqlite.h - a database of the log's own: opened the same way by all, and its errors in
 * the system's words. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_LOG_SQLITE_H
#define TROTH_LOG_SQLITE_H

#include <sqlite3.h>

#include "log/sequence.h"

/* How long another connection may hold a lock: one that recovers after a crash, or a
 * person who looks. */
#define TROTH_SQLITE_BUSY_MS 10000

/* What a database is known by: PRAGMA application_id, user_version. */
struct troth_sqlite_kind {
    int application_id, version;
    const char *schema; /* makes a new one */
};

/* An errno for what SQLite answered; 0 for SQLITE_OK, SQLITE_ROW, SQLITE_DONE. */
int troth_sqlite_errno(sqlite3 *db, int code);

/* The same, and the problem filled: "cannot DOING 'PATH': …". */
int troth_sqlite_failed(struct troth_log_problem *problem, sqlite3 *db, int code,
                        const char *doing);

TROTH_MUST_USE int troth_sqlite_execute(struct troth_log_problem *problem, sqlite3 *db,
                                        const char *statements, const char *doing);

/* Takes a pointer to NULL too, and leaves it so. */
TROTH_MUST_USE int troth_sqlite_prepare(struct troth_log_problem *problem, sqlite3 *db,
                                        sqlite3_stmt **out, const char *statement);

/*
 * troth_sqlite_open - one connection, for one thread at a time.
 *
 *   out      NULL on failure; for sqlite3_close()
 *   flags    SQLITE_OPEN_READONLY or SQLITE_OPEN_READWRITE; the file has to be there
 *
 * Errors   EBADMSG: no database, or damaged; EROFS: it can only be read
 */
TROTH_MUST_USE int troth_sqlite_open(sqlite3 **out, struct troth_log_problem *problem,
                                     const char *path, int flags);

/*
 * troth_sqlite_check - is it a database of this kind?
 *
 *   create   make one of an empty file
 *
 * Errors   EBADMSG: it is another program's, or a later version's, or empty
 */
TROTH_MUST_USE int troth_sqlite_check(struct troth_log_problem *problem, sqlite3 *db,
                                      const struct troth_sqlite_kind *kind, bool create);

#endif
