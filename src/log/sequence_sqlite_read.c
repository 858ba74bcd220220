/* SPDX-License-Identifier: Apache-2.0 */
#include "log/sequence_sqlite.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct troth_span column(sqlite3_stmt *row, int which)
{
    const uint8_t *bytes = sqlite3_column_blob(row, which);

    return (struct troth_span){bytes, (size_t)sqlite3_column_bytes(row, which)};
}

int troth_sqlite_read_next(struct troth_sqlite_sequence *s,
                           struct troth_log_problem *problem, sqlite3 *db)
{
    sqlite3_stmt *row = NULL;
    int failed = troth_sqlite_prepare(
        problem, db, &row,
        "SELECT max(forgotten, coalesce((SELECT max(idx) + 1 FROM pending), 0))"
        " FROM state");

    if (!failed) {
        const int code = sqlite3_step(row);

        failed = code == SQLITE_DONE
                     ? troth_log_problem_say(problem, EBADMSG,
                                             "the order's database has no state")
                     : troth_sqlite_failed(problem, db, code, "read");
        s->next = (uint64_t)sqlite3_column_int64(row, 0);
    }
    (void)sqlite3_finalize(row);
    return failed;
}

static int missing(struct troth_log_problem *problem, uint64_t index)
{
    char number[TROTH_LOG_NUMBER_ROOM];

    return troth_log_problem_set(
        problem, EBADMSG, "the order does not hold entry % any more",
        (const char *const[3]){troth_log_number(number, index), NULL, NULL});
}

static int read_state(struct troth_sqlite_sequence *s, struct troth_log_problem *problem,
                      struct troth_sequence_state *out)
{
    const int code = sqlite3_step(s->get_state);
    struct troth_span note;
    int failed = troth_sqlite_failed(problem, s->aside, code, "read");

    if (code == SQLITE_DONE)
        failed = troth_log_problem_say(problem, EBADMSG,
                                       "the order's database has no state");
    if (!failed) {
        note = column(s->get_state, 2);
        out->next = (uint64_t)sqlite3_column_int64(s->get_state, 0);
        out->signed_at = (uint64_t)sqlite3_column_int64(s->get_state, 1);
        out->checkpoint_len = note.len;
        if (note.len > sizeof out->checkpoint)
            failed = troth_log_problem_say(problem, EBADMSG,
                                           "the order's checkpoint is too large");
        else if (note.len > 0)
            memcpy(out->checkpoint, note.ptr, note.len);
    }
    (void)sqlite3_reset(s->get_state);
    return failed;
}

int troth_sqlite_state(struct troth_sequence *base, struct troth_log_problem *problem,
                       struct troth_sequence_state *out)
{
    int failed;

    *out = (struct troth_sequence_state){0};
    failed = read_state(troth_sqlite_of(base), problem, out);
    if (failed)
        *out = (struct troth_sequence_state){0};
    return failed;
}

static int give_entries(struct troth_sqlite_sequence *s,
                        struct troth_log_problem *problem, uint64_t *index,
                        int (*take)(void *state, uint64_t index, struct troth_span entry),
                        void *taker)
{
    int code;

    while ((code = sqlite3_step(s->get_entries)) == SQLITE_ROW) {
        int failed;

        if ((uint64_t)sqlite3_column_int64(s->get_entries, 0) != *index)
            return missing(problem, *index);
        failed = take(taker, *index, column(s->get_entries, 1));
        if (failed)
            return troth_log_problem_say(problem, failed,
                                         "what reads the order ended it");
        ++*index;
    }
    return troth_sqlite_failed(problem, s->aside, code, "read");
}

int troth_sqlite_read(struct troth_sequence *base, struct troth_log_problem *problem,
                      uint64_t first, uint64_t most,
                      int (*take)(void *state, uint64_t index, struct troth_span entry),
                      void *taker)
{
    struct troth_sqlite_sequence *s = troth_sqlite_of(base);
    struct troth_sequence_state now;
    uint64_t index = first, end;
    int failed = troth_sqlite_execute(problem, s->aside, "BEGIN", "read");

    if (failed)
        return failed;
    failed = read_state(s, problem, &now);
    end = failed || first >= now.next ? first
          : most < now.next - first   ? first + most
                                      : now.next;
    if (!failed && end > first) {
        (void)sqlite3_bind_int64(s->get_entries, 1, (sqlite3_int64)first);
        (void)sqlite3_bind_int64(s->get_entries, 2, (sqlite3_int64)end);
        failed = give_entries(s, problem, &index, take, taker);
        (void)sqlite3_reset(s->get_entries);
    }
    (void)sqlite3_exec(s->aside, "COMMIT", NULL, NULL, NULL);
    return !failed && index < end ? missing(problem, index) : failed;
}

int troth_sqlite_sealed(struct troth_sequence *base, struct troth_log_problem *problem,
                        uint64_t index, struct troth_file *out)
{
    struct troth_sqlite_sequence *s = troth_sqlite_of(base);
    int code, failed;

    *out = (struct troth_file){NULL, 0};
    (void)sqlite3_bind_int64(s->get_sealed, 1, (sqlite3_int64)index);
    code = sqlite3_step(s->get_sealed);
    failed = troth_sqlite_failed(problem, s->aside, code, "read");
    if (code == SQLITE_DONE)
        failed = troth_log_problem_say(problem, ENOENT, "the entry has no sealed values");
    if (!failed) {
        const struct troth_span bytes = column(s->get_sealed, 0);

        out->bytes = malloc(bytes.len + 1);
        if (!out->bytes)
            failed = troth_log_problem_say(problem, ENOMEM, "out of memory");
        else if (bytes.len > 0)
            memcpy(out->bytes, bytes.ptr, bytes.len);
        out->len = failed ? 0 : bytes.len;
    }
    (void)sqlite3_reset(s->get_sealed);
    return failed;
}
