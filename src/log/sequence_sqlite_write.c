/* SPDX-License-Identifier: Apache-2.0 */
#include "log/sequence_sqlite.h"

#include <errno.h>

/* When it is time to carry pages over into the database, and when it is high time. */
#define TIDY_PAGES   (TROTH_SQLITE_ROOM_PAGES * 7 / 8)
#define FULL_PAGES   (TROTH_SQLITE_ROOM_PAGES * 32)
/* How long others may keep that from being done; the next time is soon. */
#define TIDY_BUSY_MS 50
/* Entries forgotten at once, while an append waits. */
#define FORGET_STEP  1024

/* One that answers no rows. */
static int run(sqlite3_stmt *statement)
{
    const int code = sqlite3_step(statement);
    const int reset = sqlite3_reset(statement);

    return code == SQLITE_DONE || code == SQLITE_ROW ? reset : code;
}

static int bind_bytes(sqlite3_stmt *statement, int which, struct troth_span bytes)
{
    if (bytes.len == 0)
        return sqlite3_bind_zeroblob(statement, which, 0);
    return sqlite3_bind_blob64(statement, which, bytes.ptr, bytes.len, SQLITE_STATIC);
}

/* ---- mending ---- */

/* What another connection waits for is not a failure of the disk, and a full one says so
 * before anything was written. */
static void note_failure(struct troth_sqlite_sequence *s, int code)
{
    const int primary = code & 0xff;

    if (primary != SQLITE_BUSY && primary != SQLITE_FULL && primary != SQLITE_NOMEM)
        s->is_shaken = true;
}

/* Carry everything over into the database itself, by writes that are new: then a sync
 * speaks of them all. */
static int mend(struct troth_sqlite_sequence *s, struct troth_log_problem *problem)
{
    int failed;

    if (!s->is_shaken)
        return 0;
    failed = troth_sqlite_failed(
        problem, s->front,
        sqlite3_wal_checkpoint_v2(s->front, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL),
        "write");
    if (!failed)
        failed = troth_sqlite_read_next(s, problem, s->front);
    s->is_shaken = failed != 0;
    return failed;
}

int troth_sqlite_settle(struct troth_sqlite_sequence *s,
                        struct troth_log_problem *problem)
{
    /* A commit syncs the whole write-ahead log, and so what was in it before. */
    int failed = troth_sqlite_execute(problem, s->front,
                                      "UPDATE state SET forgotten = forgotten", "write");

    if (!failed)
        (void)sqlite3_wal_checkpoint_v2(s->front, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL,
                                        NULL);
    return failed ? failed : troth_sqlite_read_next(s, problem, s->front);
}

/* ---- append ---- */

static int put(struct troth_sqlite_sequence *s, uint64_t index,
               const struct troth_log_item *item)
{
    int code = sqlite3_bind_int64(s->put_entry, 1, (sqlite3_int64)index);

    if (!code)
        code = bind_bytes(s->put_entry, 2, item->entry);
    if (!code)
        code = run(s->put_entry);
    if (code || item->sealed.len == 0)
        return code;
    code = sqlite3_bind_int64(s->put_sealed, 1, (sqlite3_int64)index);
    if (!code)
        code = bind_bytes(s->put_sealed, 2, item->sealed);
    return code ? code : run(s->put_sealed);
}

static int finish(struct troth_sqlite_sequence *s, struct troth_log_problem *problem,
                  int code, const char *doing)
{
    int failed;

    if (!code) {
        errno = 0; /* troth_sqlite_errno() looks at it */
        code = run(s->commit);
    }
    if (!code)
        return 0;
    failed = troth_sqlite_failed(problem, s->front, code, doing);
    note_failure(s, code);
    if (!sqlite3_get_autocommit(s->front))
        (void)sqlite3_exec(s->front, "ROLLBACK", NULL, NULL, NULL);
    return failed;
}

static int append_now(struct troth_sqlite_sequence *s, struct troth_log_problem *problem,
                      const struct troth_log_item *items, size_t count)
{
    int failed = mend(s, problem);
    int code;

    if (failed)
        return failed;
    code = run(s->begin);
    for (size_t i = 0; i < count && !code; i++)
        code = put(s, s->next + i, &items[i]);
    failed = finish(s, problem, code, "append to");
    if (!failed && s->log_pages > FULL_PAGES)
        (void)sqlite3_wal_checkpoint_v2(s->front, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL,
                                        NULL);
    return failed;
}

static int check_items(struct troth_log_problem *problem,
                       const struct troth_log_item *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (items[i].entry.len > TROTH_LOG_ENTRY_MAX)
            return troth_log_problem_say(problem, EFBIG, "an entry is too large");
        if (items[i].sealed.len > TROTH_SEALED_MAX)
            return troth_log_problem_say(problem, EFBIG, "sealed values are too large");
    }
    return 0;
}

static int refuse_reader(struct troth_log_problem *problem)
{
    return troth_log_problem_say(problem, EROFS, "the order is open for reading only");
}

int troth_sqlite_append(struct troth_sequence *base, struct troth_log_problem *problem,
                        uint64_t *out_first, const struct troth_log_item *items,
                        size_t count)
{
    struct troth_sqlite_sequence *s = troth_sqlite_of(base);
    int failed = s->front ? check_items(problem, items, count) : refuse_reader(problem);

    *out_first = 0;
    if (failed)
        return failed;
    (void)pthread_mutex_lock(&s->turn);
    failed = append_now(s, problem, items, count);
    if (!failed) {
        *out_first = s->next;
        s->next += count;
    }
    (void)pthread_mutex_unlock(&s->turn);
    return failed;
}

/* ---- sign and forget ---- */

/* Whoever has the lock is the one that signs. */
int troth_sqlite_lead(struct troth_sequence *base, struct troth_log_problem *problem)
{
    return troth_sqlite_of(base)->front ? 0 : refuse_reader(problem);
}

static int sign_now(struct troth_sqlite_sequence *s, struct troth_log_problem *problem,
                    uint64_t size, struct troth_span checkpoint)
{
    int failed = mend(s, problem);
    int code;

    if (!failed && size > s->next)
        failed = troth_log_problem_say(problem, EBADMSG,
                                       "more is signed than the order has");
    if (failed)
        return failed;
    code = run(s->begin);
    if (!code)
        code = sqlite3_bind_int64(s->sign, 1, (sqlite3_int64)size);
    if (!code)
        code = bind_bytes(s->sign, 2, checkpoint);
    if (!code)
        code = run(s->sign);
    if (!code && sqlite3_changes(s->front) != 1) {
        (void)sqlite3_exec(s->front, "ROLLBACK", NULL, NULL, NULL);
        return troth_log_problem_say(problem, EBADMSG,
                                     "a larger tree than this was signed already");
    }
    return finish(s, problem, code, "write");
}

int troth_sqlite_sign(struct troth_sequence *base, struct troth_log_problem *problem,
                      uint64_t size, struct troth_span checkpoint)
{
    struct troth_sqlite_sequence *s = troth_sqlite_of(base);
    int failed;

    if (!s->front)
        return refuse_reader(problem);
    if (checkpoint.len > TROTH_CHECKPOINT_MAX)
        return troth_log_problem_say(problem, EFBIG, "a checkpoint is too large");
    (void)pthread_mutex_lock(&s->turn);
    failed = sign_now(s, problem, size, checkpoint);
    (void)pthread_mutex_unlock(&s->turn);
    return failed;
}

/* ---- forget ---- */

/* Appends go on meanwhile but for the very end, when the write-ahead log begins anew. */
static int tidy(struct troth_sqlite_sequence *s, struct troth_log_problem *problem)
{
    int code = sqlite3_wal_checkpoint_v2(s->aside, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL,
                                         NULL);

    (void)pthread_mutex_lock(&s->turn);
    if (!code) {
        (void)sqlite3_busy_timeout(s->aside, TIDY_BUSY_MS);
        code = sqlite3_wal_checkpoint_v2(s->aside, NULL, SQLITE_CHECKPOINT_RESTART, NULL,
                                         NULL);
        (void)sqlite3_busy_timeout(s->aside, TROTH_SQLITE_BUSY_MS);
    }
    if (code)
        note_failure(s, code);
    (void)pthread_mutex_unlock(&s->turn);
    return (code & 0xff) == SQLITE_BUSY
               ? 0
               : troth_sqlite_failed(problem, s->aside, code, "write");
}

/* Up to so many, with the turn held. */
static int forget_step(struct troth_sqlite_sequence *s, struct troth_log_problem *problem,
                       uint64_t size, int *gone)
{
    int failed = mend(s, problem);
    int code;

    *gone = 0;
    if (failed)
        return failed;
    code = sqlite3_exec(s->aside, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    /* With the first of them: were the last entry gone, and no word of it, indices would
     * begin anew. */
    if (!code)
        code = sqlite3_bind_int64(s->mark, 1, (sqlite3_int64)size);
    if (!code)
        code = run(s->mark);
    if (!code)
        code = sqlite3_bind_int64(s->forget, 1, (sqlite3_int64)size);
    if (!code)
        code = run(s->forget);
    *gone = code ? 0 : sqlite3_changes(s->aside);
    if (!code)
        code = sqlite3_exec(s->aside, "COMMIT", NULL, NULL, NULL);
    if (!code)
        return 0;
    failed = troth_sqlite_failed(problem, s->aside, code, "write");
    note_failure(s, code);
    if (!sqlite3_get_autocommit(s->aside))
        (void)sqlite3_exec(s->aside, "ROLLBACK", NULL, NULL, NULL);
    return failed;
}

int troth_sqlite_forget(struct troth_sequence *base, struct troth_log_problem *problem,
                        uint64_t size)
{
    struct troth_sqlite_sequence *s = troth_sqlite_of(base);
    bool is_untidy = false;
    int gone = FORGET_STEP, failed = s->front ? 0 : refuse_reader(problem);

    while (!failed && gone == FORGET_STEP) {
        (void)pthread_mutex_lock(&s->turn);
        failed = size > s->next ? troth_log_problem_say(problem, EINVAL,
                                                        "entries that are not there yet")
                                : forget_step(s, problem, size, &gone);
        is_untidy = s->log_pages > TIDY_PAGES;
        (void)pthread_mutex_unlock(&s->turn);
    }
    return !failed && is_untidy ? tidy(s, problem) : failed;
}
