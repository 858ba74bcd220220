/* SPDX-License-Identifier: Apache-2.0 */
#include "log/sqlite.h"

#include <errno.h>
#include <stdio.h>

#include "log/problem.h"

/* Of a commit SQLite forgets the cause: then errno has it yet. What else stands there may
 * be of long ago, and is no cause that a disk has. */
static int cause_of(sqlite3 *db)
{
    const int last = errno;
    const int known = db ? sqlite3_system_errno(db) : 0;

    if (known)
        return known;
    return last == EROFS || last == ENOSPC || last == EDQUOT ? last : EIO;
}

int troth_sqlite_errno(sqlite3 *db, int code)
{
    static const struct {
        int code, failed;
    } known[] = {
        {SQLITE_OK, 0},
        {SQLITE_ROW, 0},
        {SQLITE_DONE, 0},
        {SQLITE_FULL, ENOSPC},
        {SQLITE_BUSY, EBUSY},
        {SQLITE_LOCKED, EBUSY},
        {SQLITE_NOMEM, ENOMEM},
        {SQLITE_READONLY, EROFS},
        {SQLITE_PERM, EACCES},
        {SQLITE_AUTH, EACCES},
        {SQLITE_CORRUPT, EBADMSG},
        {SQLITE_NOTADB, EBADMSG},
        {SQLITE_CONSTRAINT, EBADMSG},
        {SQLITE_TOOBIG, EFBIG},
        {SQLITE_SCHEMA, EBADMSG},
        {SQLITE_ERROR, EBADMSG},
    };
    const int cause = cause_of(db);

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (known[i].code == (code & 0xff))
            return known[i].failed;
    return cause;
}

int troth_sqlite_failed(struct troth_log_problem *problem, sqlite3 *db, int code,
                        const char *doing)
{
    const int failed = troth_sqlite_errno(db, code);
    const char *path = db ? sqlite3_db_filename(db, "main") : NULL;

    if (!failed)
        return 0;
    /* SQLite knows more of its own errors, the system of the disk's. */
    if (failed == EBADMSG && db)
        return troth_log_problem_set(
            problem, failed, "cannot % '%': %",
            (const char *const[3]){doing, path ? path : "database", sqlite3_errmsg(db)});
    return troth_log_problem_disk(problem, failed, doing, path ? path : "database");
}

int troth_sqlite_execute(struct troth_log_problem *problem, sqlite3 *db,
                         const char *statements, const char *doing)
{
    return troth_sqlite_failed(problem, db,
                               sqlite3_exec(db, statements, NULL, NULL, NULL), doing);
}

int troth_sqlite_prepare(struct troth_log_problem *problem, sqlite3 *db,
                         sqlite3_stmt **out, const char *statement)
{
    return troth_sqlite_failed(
        problem, db,
        sqlite3_prepare_v3(db, statement, -1, SQLITE_PREPARE_PERSISTENT, out, NULL),
        "read");
}

int troth_sqlite_open(sqlite3 **out, struct troth_log_problem *problem, const char *path,
                      int flags)
{
    sqlite3 *db = NULL;
    int code = sqlite3_open_v2(path, &db, flags | SQLITE_OPEN_NOMUTEX, NULL);
    int failed;

    *out = NULL;
    if (code != SQLITE_OK) {
        failed = troth_log_problem_disk(problem, troth_sqlite_errno(db, code), "open",
                                        path);
        (void)sqlite3_close(db);
        return failed;
    }
    (void)sqlite3_extended_result_codes(db, 1);
    (void)sqlite3_busy_timeout(db, TROTH_SQLITE_BUSY_MS);
    /* A schema that somebody planted must not run anything of its own. */
    (void)sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    (void)sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    failed = troth_sqlite_execute(
        problem, db,
        "PRAGMA temp_store=MEMORY; PRAGMA secure_delete=OFF; PRAGMA cell_size_check=ON;"
        "PRAGMA cache_size=-4096; SELECT count(*) FROM sqlite_schema;",
        "read");
    if (!failed && (flags & SQLITE_OPEN_READWRITE) &&
        sqlite3_db_readonly(db, "main") != 0)
        failed = troth_log_problem_disk(problem, EROFS, "write", path);
    if (failed)
        (void)sqlite3_close(db);
    else
        *out = db;
    return failed;
}

static int read_number(struct troth_log_problem *problem, sqlite3 *db, int *out,
                       const char *statement)
{
    sqlite3_stmt *row = NULL;
    int failed = troth_sqlite_prepare(problem, db, &row, statement);

    *out = 0;
    if (!failed) {
        failed = troth_sqlite_failed(problem, db, sqlite3_step(row), "read");
        *out = sqlite3_column_int(row, 0);
    }
    (void)sqlite3_finalize(row);
    return failed;
}

static int make(struct troth_log_problem *problem, sqlite3 *db,
                const struct troth_sqlite_kind *kind)
{
    char marks[96];
    int failed;

    (void)snprintf(marks, sizeof marks,
                   "PRAGMA application_id=%d; PRAGMA user_version=%d; COMMIT;",
                   kind->application_id, kind->version);
    failed = troth_sqlite_execute(problem, db,
                                  "PRAGMA journal_mode=WAL; BEGIN IMMEDIATE;", "make");
    if (!failed)
        failed = troth_sqlite_execute(problem, db, kind->schema, "make");
    if (!failed)
        failed = troth_sqlite_execute(problem, db, marks, "make");
    return failed;
}

int troth_sqlite_check(struct troth_log_problem *problem, sqlite3 *db,
                       const struct troth_sqlite_kind *kind, bool create)
{
    const char *path = sqlite3_db_filename(db, "main");
    int id, version, tables;
    int failed = read_number(problem, db, &id, "PRAGMA application_id");

    if (!failed)
        failed = read_number(problem, db, &version, "PRAGMA user_version");
    if (!failed)
        failed = read_number(problem, db, &tables, "SELECT count(*) FROM sqlite_schema");
    if (failed)
        return failed;
    if (id == 0 && version == 0 && tables == 0 && create)
        return make(problem, db, kind);
    if (id != kind->application_id)
        return troth_log_problem_set(problem, EBADMSG,
                                     tables ? "'%' is another program's database"
                                            : "'%' is an empty database",
                                     (const char *const[3]){path, NULL, NULL});
    if (version != kind->version)
        return troth_log_problem_set(problem, EBADMSG,
                                     "'%' was written by another version of this program",
                                     (const char *const[3]){path, NULL, NULL});
    return 0;
}
