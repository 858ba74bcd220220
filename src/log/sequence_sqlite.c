/* SPDX-License-Identifier: Apache-2.0 */
#include "log/sequence_sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "os/lock.h"

#define PATH_ROOM 4096

/* clang-format off */
static const char schema[] =
    "CREATE TABLE pending(idx INTEGER PRIMARY KEY, entry BLOB NOT NULL) STRICT;"
    "CREATE TABLE sealed(idx INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;"
    "CREATE TABLE state(one INTEGER PRIMARY KEY CHECK (one = 1),"
    " forgotten INTEGER NOT NULL, signed_at INTEGER NOT NULL, checkpoint BLOB NOT NULL)"
    " STRICT;"
    "INSERT INTO state VALUES(1, 0, 0, x'');";
static const char front_words[] =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;"
    "PRAGMA journal_size_limit=67108864;";
static const char aside_words[] =
    "PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=0;"
    "PRAGMA journal_size_limit=67108864;";
/* clang-format on */

static const struct troth_sqlite_kind kind = {0x74724c67, 1, schema};

static int count_pages(void *state, sqlite3 *db, const char *name, int pages)
{
    struct troth_sqlite_sequence *s = state;

    (void)db;
    (void)name;
    s->log_pages = pages;
    return SQLITE_OK;
}

/* Readable by its owner alone, as SQLite would not make it: sealed values are in it. */
static int make_file(struct troth_log_problem *problem, const char *path)
{
    const int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                          0600);

    if (file < 0)
        return errno == EEXIST ? 0 : troth_log_problem_disk(problem, errno, "make", path);
    (void)close(file);
    return 0;
}

/* "FOLDER/lock" of the folder that the database is in. */
static int take_lock(struct troth_sqlite_sequence *s, struct troth_log_problem *problem,
                     const char *path)
{
    const char *slash = strrchr(path, '/');
    char lock[PATH_ROOM];
    const int written = snprintf(lock, sizeof lock, "%.*slock",
                                 slash ? (int)(slash - path) + 1 : 0, path);
    int failed;

    if (written < 0 || (size_t)written >= sizeof lock)
        return troth_log_problem_disk(problem, ENAMETOOLONG, "open", path);
    failed = troth_lock_take(&s->lock, lock, troth_patience_real(), 0, "");
    if (failed == EBUSY)
        return troth_log_problem_set(problem, EBUSY, "another process has the log: '%'",
                                     (const char *const[3]){lock, NULL, NULL});
    return failed ? troth_log_problem_disk(problem, failed, "lock", lock) : 0;
}

/* One large write, so that there are blocks for the small ones to come. */
static int make_room(struct troth_sqlite_sequence *s, struct troth_log_problem *problem)
{
    char statements[160];

    (void)snprintf(statements, sizeof statements,
                   "INSERT INTO pending VALUES(-1, zeroblob(%d)); DELETE FROM pending;",
                   (TROTH_SQLITE_ROOM_PAGES - 8) * TROTH_SQLITE_PAGE_SIZE);
    return troth_sqlite_execute(problem, s->front, statements, "make room in");
}

static int is_new(struct troth_sqlite_sequence *s, struct troth_log_problem *problem,
                  bool *out)
{
    sqlite3_stmt *row = NULL;
    int failed = troth_sqlite_prepare(problem, s->front, &row, "PRAGMA page_count");

    if (!failed)
        failed = troth_sqlite_failed(problem, s->front, sqlite3_step(row), "read");
    *out = !failed && sqlite3_column_int(row, 0) == 0;
    (void)sqlite3_finalize(row);
    return failed;
}

static int open_front(struct troth_sqlite_sequence *s, struct troth_log_problem *problem,
                      const char *path, bool create)
{
    bool was_empty = false;
    int keep = 1;
    int failed = take_lock(s, problem, path);

    if (!failed && create)
        failed = make_file(problem, path);
    if (!failed)
        failed = troth_sqlite_open(&s->front, problem, path, SQLITE_OPEN_READWRITE);
    if (!failed)
        failed = is_new(s, problem, &was_empty);
    if (!failed)
        failed = troth_sqlite_check(problem, s->front, &kind, create);
    if (failed)
        return failed;
    (void)sqlite3_file_control(s->front, "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
    failed = troth_sqlite_execute(problem, s->front, front_words, "open");
    if (!failed && was_empty)
        failed = make_room(s, problem);
    return failed;
}

static int open_aside(struct troth_sqlite_sequence *s, struct troth_log_problem *problem,
                      const char *path)
{
    int failed = troth_sqlite_open(&s->aside, problem, path,
                                   s->front ? SQLITE_OPEN_READWRITE
                                            : SQLITE_OPEN_READONLY);

    if (!failed && !s->front)
        return troth_sqlite_check(problem, s->aside, &kind, false);
    return failed ? failed : troth_sqlite_execute(problem, s->aside, aside_words, "open");
}

static int prepare(struct troth_sqlite_sequence *s, struct troth_log_problem *problem)
{
    /* clang-format off */
    const struct {
        sqlite3 *db;
        sqlite3_stmt **statement;
        const char *words;
    } rows[] = {
        {s->front, &s->begin, "BEGIN IMMEDIATE"},
        {s->front, &s->commit, "COMMIT"},
        {s->front, &s->put_entry, "INSERT INTO pending VALUES(?, ?)"},
        {s->front, &s->put_sealed, "INSERT INTO sealed VALUES(?, ?)"},
        {s->front, &s->sign,
         "UPDATE state SET signed_at = ?1, checkpoint = ?2 WHERE signed_at <= ?1"},
        {s->aside, &s->get_state,
         "SELECT max(forgotten, coalesce((SELECT max(idx) + 1 FROM pending), 0)),"
         " signed_at, checkpoint FROM state"},
        {s->aside, &s->get_entries,
         "SELECT idx, entry FROM pending WHERE idx >= ? AND idx < ? ORDER BY idx"},
        {s->aside, &s->get_sealed, "SELECT bytes FROM sealed WHERE idx = ?"},
        {s->aside, &s->forget,
         "DELETE FROM pending WHERE idx IN"
         " (SELECT idx FROM pending WHERE idx < ? ORDER BY idx LIMIT 1024)"},
        {s->aside, &s->mark, "UPDATE state SET forgotten = max(forgotten, ?)"},
    };
    /* clang-format on */
    int failed = 0;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0] && !failed; i++)
        if (s->front || i >= 5)
            failed = troth_sqlite_prepare(problem, rows[i].db, rows[i].statement,
                                          rows[i].words);
    return failed;
}

static void close_sequence(struct troth_sequence *base)
{
    struct troth_sqlite_sequence *s = troth_sqlite_of(base);

    if (!s)
        return;

    sqlite3_stmt *const statements[] = {
        s->begin,     s->commit,      s->put_entry,  s->put_sealed, s->sign,
        s->get_state, s->get_entries, s->get_sealed, s->forget,     s->mark};

    for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++)
        (void)sqlite3_finalize(statements[i]);
    (void)sqlite3_close(s->aside);
    (void)sqlite3_close(s->front);
    (void)pthread_mutex_destroy(&s->turn);
    troth_lock_release(s->lock);
    free(s);
}

static const struct troth_sequence_ops ops = {
    .name = "sqlite",
    .append = troth_sqlite_append,
    .read = troth_sqlite_read,
    .sealed = troth_sqlite_sealed,
    .state = troth_sqlite_state,
    .lead = troth_sqlite_lead,
    .sign = troth_sqlite_sign,
    .forget = troth_sqlite_forget,
    .close = close_sequence,
};

int troth_sequence_open_sqlite(struct troth_sequence **out,
                               struct troth_log_problem *problem, const char *path,
                               bool create, bool is_reader)
{
    struct troth_sqlite_sequence *s = calloc(1, sizeof *s);
    int failed;

    *out = NULL;
    if (!s)
        return troth_log_problem_say(problem, ENOMEM, "out of memory");
    s->base.ops = &ops;
    s->lock = -1;
    (void)pthread_mutex_init(&s->turn, NULL);
    failed = is_reader ? 0 : open_front(s, problem, path, create);
    if (!failed)
        failed = open_aside(s, problem, path);
    if (!failed)
        failed = prepare(s, problem);
    if (!failed && s->front)
        failed = troth_sqlite_settle(s, problem);
    if (failed) {
        close_sequence(&s->base);
        return failed;
    }
    if (s->front) {
        (void)sqlite3_wal_hook(s->front, count_pages, s);
        (void)sqlite3_wal_hook(s->aside, count_pages, s);
    }
    *out = &s->base;
    return 0;
}
