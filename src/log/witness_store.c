/* SPDX-License-Identifier: Apache-2.0 */
#include "log/witness_store.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log/folder.h"
#include "os/lock.h"

/* "trwi", so that a file of another program is told from ours. */
#define APPLICATION_ID 1953658729

/* A size that only grows is the table's own rule, whatever this program does. */
static const char schema[] =
    "CREATE TABLE IF NOT EXISTS seen ("
    " origin BLOB PRIMARY KEY,"
    " size INTEGER NOT NULL CHECK (size >= 0),"
    " root BLOB NOT NULL CHECK (length(root) = 32),"
    " note BLOB NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TRIGGER IF NOT EXISTS only_grows BEFORE UPDATE ON seen"
    " WHEN new.size < old.size OR (new.size = old.size AND new.root <> old.root)"
    " BEGIN SELECT RAISE(ABORT, 'a tree cannot become smaller'); END;";

static const char keep[] =
    "INSERT INTO seen (origin, size, root, note) VALUES (?1, ?2, ?3, ?4)"
    " ON CONFLICT (origin) DO UPDATE SET size = excluded.size,"
    " root = excluded.root, note = excluded.note";

enum statement { LOOK, KEEP, BEGIN, COMMIT, ROLLBACK, STATEMENT_COUNT };

static const char *const texts[STATEMENT_COUNT] = {
    [LOOK] = "SELECT size, root, note FROM seen WHERE origin = ?1",
    [KEEP] = keep,
    [BEGIN] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",
};

struct troth_witness_store {
    sqlite3 *database;
    sqlite3_stmt *statements[STATEMENT_COUNT];
    int lock;
    bool is_looking; /* a transaction is open */
};

/* "WHAT" or "WHAT: WHY". */
static int fail_with(struct troth_log_problem *problem, int failed, const char *what,
                     const char *why)
{
    problem->failed = failed;
    (void)snprintf(problem->text, sizeof problem->text, "%s%s%.180s", what,
                   *why ? ": " : "", why);
    return failed;
}

static int errno_of(int code)
{
    switch (code & 0xff) {
    case SQLITE_NOMEM:
        return ENOMEM;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return EBUSY;
    case SQLITE_FULL:
        return ENOSPC;
    case SQLITE_READONLY:
        return EROFS;
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return EACCES;
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
        return EBADMSG;
    default:
        return EIO;
    }
}

static int fail(const struct troth_witness_store *store,
                struct troth_log_problem *problem, const char *what)
{
    return fail_with(problem, errno_of(sqlite3_extended_errcode(store->database)), what,
                     sqlite3_errmsg(store->database));
}

/* ---- opening ---- */

static int run(struct troth_witness_store *store, struct troth_log_problem *problem,
               const char *text)
{
    if (sqlite3_exec(store->database, text, NULL, NULL, NULL) == SQLITE_OK)
        return 0;
    return fail(store, problem, "cannot use witness.db");
}

/* The first number of what a statement yields; -1: none. */
static int number(struct troth_witness_store *store, const char *text)
{
    sqlite3_stmt *statement = NULL;
    int value = -1;

    if (sqlite3_prepare_v2(store->database, text, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        value = sqlite3_column_int(statement, 0);
    (void)sqlite3_finalize(statement);
    return value;
}

/* Ours, or new and empty. */
static int check_kind(struct troth_witness_store *store,
                      struct troth_log_problem *problem)
{
    const int id = number(store, "PRAGMA application_id");
    const int tables = number(store, "SELECT count(*) FROM sqlite_schema");

    if (id < 0 || tables < 0)
        return fail(store, problem, "cannot read witness.db");
    if (id == APPLICATION_ID || (id == 0 && tables == 0))
        return 0;
    return fail_with(problem, EBADMSG, "witness.db is no witness's", "");
}

/* The name of a new file is on the disk once its folder is. */
static int sync_folder(struct troth_log_problem *problem, const char *folder)
{
    const int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int failed = descriptor < 0 || fsync(descriptor) != 0 ? errno : 0;

    if (descriptor >= 0)
        (void)close(descriptor);
    return failed ? fail_with(problem, failed, "cannot sync the folder", folder) : 0;
}

static int open_database(struct troth_witness_store *store,
                         struct troth_log_problem *problem, const char *folder)
{
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX |
                      SQLITE_OPEN_NOFOLLOW;
    char path[TROTH_LOG_PATH_ROOM];
    int failed = troth_log_path(path, folder, "witness.db");

    if (failed)
        return fail_with(problem, failed, "cannot open", folder);
    if (sqlite3_open_v2(path, &store->database, flags, NULL) != SQLITE_OK)
        return store->database ? fail(store, problem, "cannot open witness.db")
                               : fail_with(problem, ENOMEM, "no memory", "");
    (void)sqlite3_extended_result_codes(store->database, 1);
    failed = check_kind(store, problem);
    if (!failed)
        failed = run(store, problem,
                     "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                     "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
                     "PRAGMA application_id = 1953658729;");
    if (!failed)
        failed = run(store, problem, schema);
    for (int i = 0; i < STATEMENT_COUNT && !failed; i++)
        if (sqlite3_prepare_v2(store->database, texts[i], -1, &store->statements[i],
                               NULL) != SQLITE_OK)
            failed = fail(store, problem, "cannot use witness.db");
    return failed ? failed : sync_folder(problem, folder);
}

static int take_folder(struct troth_witness_store *store,
                       struct troth_log_problem *problem, const char *folder)
{
    char path[TROTH_LOG_PATH_ROOM];
    int failed;

    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return fail_with(problem, errno, "cannot make the folder", folder);
    /* Its own name, too; who may not list the folder above has no sync of it. */
    failed = troth_log_path(path, folder, "..");
    if (!failed)
        failed = sync_folder(problem, path);
    if (failed && failed != EACCES)
        return fail_with(problem, failed, "cannot sync the folder above", folder);
    failed = troth_log_path(path, folder, "lock");
    if (!failed)
        failed = troth_lock_take(&store->lock, path, troth_patience_real(), 0,
                                 "another witness");
    if (failed == EBUSY)
        return fail_with(problem, failed, "another process is this witness", folder);
    return failed ? fail_with(problem, failed, "cannot lock", folder) : 0;
}

int troth_witness_store_open(struct troth_witness_store **out,
                             struct troth_log_problem *problem, const char *folder)
{
    struct troth_witness_store *store = calloc(1, sizeof *store);
    int failed;

    *out = NULL;
    *problem = (struct troth_log_problem){0};
    if (!store)
        return fail_with(problem, ENOMEM, "no memory", "");
    store->lock = -1;
    failed = take_folder(store, problem, folder);
    if (!failed)
        failed = open_database(store, problem, folder);
    if (failed)
        troth_witness_store_close(store);
    else
        *out = store;
    return failed;
}

void troth_witness_store_close(struct troth_witness_store *store)
{
    if (!store)
        return;
    troth_witness_store_leave(store);
    for (int i = 0; i < STATEMENT_COUNT; i++)
        (void)sqlite3_finalize(store->statements[i]);
    (void)sqlite3_close(store->database);
    troth_lock_release(store->lock);
    free(store);
}

/* ---- rows ---- */

static void rewind_statement(sqlite3_stmt *statement)
{
    (void)sqlite3_reset(statement);
    (void)sqlite3_clear_bindings(statement);
}

static bool step(struct troth_witness_store *store, enum statement which)
{
    const bool done = sqlite3_step(store->statements[which]) == SQLITE_DONE;

    rewind_statement(store->statements[which]);
    return done;
}

static bool bind_bytes(sqlite3_stmt *statement, int at, struct troth_span bytes)
{
    return sqlite3_bind_blob64(statement, at,
                               bytes.len > 0 ? (const void *)bytes.ptr : "", bytes.len,
                               SQLITE_STATIC) == SQLITE_OK;
}

/* The row of a log; the size 0 and no note if there is none. */
static int read_row(struct troth_witness_store *store, struct troth_log_problem *problem,
                    struct troth_log_tree *out, struct troth_file *out_note,
                    struct troth_span origin)
{
    sqlite3_stmt *row = store->statements[LOOK];
    int failed = 0, code = SQLITE_ERROR;

    *out = (struct troth_log_tree){0};
    if (bind_bytes(row, 1, origin))
        code = sqlite3_step(row);
    if (code == SQLITE_ROW && sqlite3_column_bytes(row, 1) == TROTH_LOG_HASH_SIZE &&
        sqlite3_column_int64(row, 0) >= 0) {
        const struct troth_span note = {sqlite3_column_blob(row, 2),
                                        (size_t)sqlite3_column_bytes(row, 2)};

        out->size = (uint64_t)sqlite3_column_int64(row, 0);
        memcpy(out->root.bytes, sqlite3_column_blob(row, 1), TROTH_LOG_HASH_SIZE);
        if (out_note && !(out_note->bytes = malloc(note.len + 1)))
            failed = fail_with(problem, ENOMEM, "no memory for a note", "");
        else if (out_note && note.len > 0)
            memcpy(out_note->bytes, note.ptr, note.len);
        if (out_note && !failed)
            out_note->len = note.len;
    } else if (code != SQLITE_DONE) {
        failed = code == SQLITE_ROW
                     ? fail_with(problem, EBADMSG, "witness.db is damaged", "")
                     : fail(store, problem, "cannot read witness.db");
    }
    rewind_statement(row);
    return failed;
}

int troth_witness_store_look(struct troth_witness_store *store,
                             struct troth_log_problem *problem,
                             struct troth_log_tree *out, struct troth_span origin)
{
    int failed;

    *out = (struct troth_log_tree){0};
    *problem = (struct troth_log_problem){0};
    troth_witness_store_leave(store);
    if (!step(store, BEGIN))
        return fail(store, problem, "cannot read witness.db");
    store->is_looking = true;
    failed = read_row(store, problem, out, NULL, origin);
    if (failed)
        troth_witness_store_leave(store);
    return failed;
}

int troth_witness_store_keep(struct troth_witness_store *store,
                             struct troth_log_problem *problem, struct troth_span origin,
                             const struct troth_log_tree *tree, struct troth_span note)
{
    sqlite3_stmt *row = store->statements[KEEP];
    const struct troth_span root = {tree->root.bytes, sizeof tree->root.bytes};
    int failed = 0;

    *problem = (struct troth_log_problem){0};
    if (!store->is_looking || tree->size > INT64_MAX)
        return fail_with(problem, EINVAL, "nothing was looked at", "");
    if (!bind_bytes(row, 1, origin) || !bind_bytes(row, 3, root) ||
        !bind_bytes(row, 4, note) ||
        sqlite3_bind_int64(row, 2, (sqlite3_int64)tree->size) != SQLITE_OK ||
        !step(store, KEEP) || !step(store, COMMIT))
        failed = fail(store, problem, "cannot keep what is cosigned");
    else
        store->is_looking = false;
    troth_witness_store_leave(store);
    return failed;
}

void troth_witness_store_leave(struct troth_witness_store *store)
{
    if (store->is_looking)
        (void)step(store, ROLLBACK);
    store->is_looking = false;
}

int troth_witness_store_note(struct troth_witness_store *store,
                             struct troth_log_problem *problem, struct troth_file *out,
                             struct troth_log_tree *out_tree, struct troth_span origin)
{
    int failed;

    *out = (struct troth_file){NULL, 0};
    *problem = (struct troth_log_problem){0};
    failed = read_row(store, problem, out_tree, out, origin);
    if (!failed && !out->bytes)
        failed = fail_with(problem, ENOENT, "nothing was cosigned of that log", "");
    return failed;
}
