/* SPDX-License-Identifier: Apache-2.0 */
#include "log/sequence_postgres.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "log/problem.h"

/* All of them name their schema, and none is made of what anybody has sent. */
static const char schema[] =
    "DO $$ BEGIN"
    " PERFORM pg_advisory_xact_lock(7814991217353220207);" /* two who make it at once */
    " IF to_regclass('troth.log_entry') IS NULL THEN"
    "  CREATE SCHEMA IF NOT EXISTS troth;"
    "  CREATE TABLE troth.log_state ("
    "   id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
    "   origin text COLLATE \"C\" NOT NULL UNIQUE,"
    "   next bigint NOT NULL DEFAULT 0,"
    "   signed_at bigint NOT NULL DEFAULT 0,"
    "   checkpoint bytea NOT NULL DEFAULT '',"
    "   epoch bigint NOT NULL DEFAULT 0,"
    "   CHECK (0 <= signed_at AND signed_at <= next)"
    "  ) WITH (fillfactor = 50);" /* each append writes this row anew */
    "  CREATE TABLE troth.log_entry ("
    "   log bigint NOT NULL, idx bigint NOT NULL,"
    "   entry bytea NOT NULL, sealed bytea,"
    "   PRIMARY KEY (log, idx)"
    "  );"
    " END IF;"
    "END $$";

/* The row of the state is locked from here to the commit: so indices are given in the
 * order in which transactions commit, and there are no gaps. */
#define APPEND                                                                           \
    "WITH place AS ("                                                                    \
    " UPDATE troth.log_state SET next = next + $2::bigint WHERE id = $1::bigint"         \
    " RETURNING next - $2::bigint AS first"                                              \
    "), put AS ("                                                                        \
    " INSERT INTO troth.log_entry (log, idx, entry, sealed)"                             \
    " SELECT $1::bigint, place.first + item.number - 1, item.entry, item.sealed"         \
    " FROM place, unnest($3::bytea[], $4::bytea[])"                                      \
    "  WITH ORDINALITY AS item(entry, sealed, number)"                                   \
    " RETURNING 1"                                                                       \
    ") SELECT place.first, (SELECT count(*) FROM put) FROM place"

/* clang-format off */
static const struct {
    const char *name, *text;
} statements[] = {
    {"make",   "INSERT INTO troth.log_state (origin) VALUES ($1::text) ON CONFLICT (origin) DO NOTHING"},
    {"find",   "SELECT id, (current_setting('fsync') = 'on')::int::bigint"
               " FROM troth.log_state WHERE origin = $1::text"},
    {"append", APPEND},
    {"read",   "SELECT idx, entry FROM troth.log_entry"
               " WHERE log = $1::bigint AND idx >= $2::bigint ORDER BY idx LIMIT $3::bigint"},
    {"sealed", "SELECT sealed FROM troth.log_entry WHERE log = $1::bigint AND idx = $2::bigint"
               " AND sealed IS NOT NULL"},
    {"state",  "SELECT next, signed_at, checkpoint, epoch FROM troth.log_state WHERE id = $1::bigint"},
    {"lock",   "SELECT pg_try_advisory_lock(('x' || encode(substr(sha256(convert_to("
               "'troth log ' || $1::text, 'UTF8')), 1, 8), 'hex'))::bit(64)::bigint)::int::bigint"},
    {"lead",   "UPDATE troth.log_state SET epoch = epoch + 1 WHERE id = $1::bigint RETURNING epoch"},
    {"sign",   "UPDATE troth.log_state SET signed_at = $2::bigint, checkpoint = $3::bytea"
               " WHERE id = $1::bigint AND epoch = $4::bigint"
               " AND signed_at <= $2::bigint AND $2::bigint <= next RETURNING epoch"},
};
/* clang-format on */

/* ---- connections ---- */

static int find_log(struct troth_postgres_line *line, struct troth_log_problem *problem,
                    const struct troth_postgres_values *origin)
{
    PGresult *rows;
    int failed = troth_postgres_ask(&rows, &line->postgres, problem, "find", origin);

    if (failed)
        return failed;
    line->id = troth_postgres_number(rows, 0, 0);
    if (PQntuples(rows) != 1 || line->id == UINT64_MAX)
        failed = troth_log_problem_say(problem, ENOENT,
                                       "the database has no log of this origin");
    else if (troth_postgres_number(rows, 0, 1) != 1)
        failed = troth_log_problem_say(problem, EINVAL,
                                       "the database server does not sync what it "
                                       "writes (fsync is off)");
    PQclear(rows);
    return failed;
}

static int make_log(struct troth_postgres_line *line, struct troth_log_problem *problem,
                    const struct troth_postgres_values *origin)
{
    PGresult *rows;
    const int failed = troth_postgres_ask(&rows, &line->postgres, problem, "make",
                                          origin);

    PQclear(rows);
    return failed;
}

static int open_line(struct troth_postgres_sequence *sequence,
                     struct troth_postgres_line *line, struct troth_log_problem *problem,
                     bool create)
{
    struct troth_postgres *postgres = &line->postgres;
    struct troth_postgres_values origin = {.count = 0};
    int failed = troth_postgres_open(postgres, problem, sequence->conninfo);

    troth_postgres_add_bytes(&origin, sequence->origin, strlen(sequence->origin));
    if (!failed && create)
        failed = troth_postgres_say(postgres, problem, schema);
    for (size_t i = 0; i < sizeof statements / sizeof *statements && !failed; i++)
        failed = troth_postgres_prepare(postgres, problem, statements[i].name,
                                        statements[i].text);
    if (!failed && create)
        failed = make_log(line, problem, &origin);
    if (!failed)
        failed = find_log(line, problem, &origin);
    if (failed)
        troth_postgres_close(postgres);
    return failed;
}

/* Who has lost the connection does not lead any more, and whoever asks finds another. */
int troth_postgres_use_line(struct troth_postgres_sequence *sequence,
                            struct troth_postgres_line *line,
                            struct troth_log_problem *problem)
{
    if (troth_postgres_is_open(&line->postgres))
        return 0;
    if (line == &sequence->others)
        sequence->is_leading = false;
    return open_line(sequence, line, problem, false);
}

int troth_postgres_ask_others(PGresult **out, struct troth_postgres_sequence *sequence,
                              struct troth_log_problem *problem, const char *name,
                              const struct troth_postgres_values *values)
{
    const int failed = troth_postgres_ask(out, &sequence->others.postgres, problem, name,
                                          values);

    if (!sequence->others.postgres.connection)
        sequence->is_leading = false;
    return failed;
}

/* ---- leading ---- */

static int give_up_leading(struct troth_postgres_sequence *sequence,
                           struct troth_log_problem *problem, const char *why)
{
    sequence->is_leading = false;
    troth_postgres_close(&sequence->others.postgres); /* and with it the lock */
    return troth_log_problem_say(problem, ESTALE, why);
}

/* The lock says that others are gone; the epoch tells those who come back. */
static int take_lock(struct troth_postgres_sequence *sequence,
                     struct troth_log_problem *problem)
{
    struct troth_postgres_values origin = {.count = 0};
    PGresult *rows;
    int failed;

    troth_postgres_add_bytes(&origin, sequence->origin, strlen(sequence->origin));
    failed = troth_postgres_ask_others(&rows, sequence, problem, "lock", &origin);
    if (!failed && troth_postgres_number(rows, 0, 0) != 1)
        failed = troth_log_problem_say(problem, EBUSY, "another process signs this log");
    PQclear(rows);
    return failed;
}

static int begin_epoch(struct troth_postgres_sequence *sequence,
                       struct troth_log_problem *problem)
{
    const struct troth_postgres_number id = troth_postgres_number_of(sequence->others.id);
    struct troth_postgres_values values = {.count = 0};
    PGresult *rows;
    int failed;

    troth_postgres_add_number(&values, &id);
    failed = troth_postgres_ask_others(&rows, sequence, problem, "lead", &values);
    if (!failed)
        sequence->epoch = troth_postgres_number(rows, 0, 0);
    if (!failed && (PQntuples(rows) != 1 || sequence->epoch == UINT64_MAX))
        failed = troth_log_problem_say(problem, EBADMSG,
                                       "the log is gone from its database");
    PQclear(rows);
    return failed;
}

static int lead(struct troth_sequence *base, struct troth_log_problem *problem)
{
    struct troth_postgres_sequence *sequence = troth_postgres_of(base);
    int failed = troth_postgres_use_line(sequence, &sequence->others, problem);

    if (failed || sequence->is_leading)
        return failed;
    failed = take_lock(sequence, problem);
    if (failed)
        return failed;
    failed = begin_epoch(sequence, problem);
    if (failed)
        troth_postgres_close(&sequence->others.postgres); /* and with it the lock */
    else
        sequence->is_leading = true;
    return failed;
}

/* Nothing was written: the row is not as it has to be. */
static int why_not_signed(struct troth_postgres_sequence *sequence,
                          struct troth_log_problem *problem, uint64_t size)
{
    struct troth_postgres_state now;
    const int failed = troth_postgres_read_state(&now, sequence, problem);

    if (failed)
        return failed;
    if (now.epoch != sequence->epoch)
        return give_up_leading(sequence, problem, "another process signs this log now");
    return troth_log_problem_say(problem, EBADMSG,
                                 size > now.is.next
                                     ? "more is signed than the order has"
                                     : "a larger tree than this was signed already");
}

static int sign(struct troth_sequence *base, struct troth_log_problem *problem,
                uint64_t size, struct troth_span checkpoint)
{
    struct troth_postgres_sequence *sequence = troth_postgres_of(base);
    struct troth_postgres_values values = {.count = 0};
    const struct troth_postgres_number id = troth_postgres_number_of(sequence->others.id),
                                       at = troth_postgres_number_of(size),
                                       epoch = troth_postgres_number_of(sequence->epoch);
    PGresult *rows;
    int failed;

    if (checkpoint.len > TROTH_CHECKPOINT_MAX)
        return troth_log_problem_say(problem, EFBIG, "a checkpoint is too large");
    if (!sequence->is_leading || !troth_postgres_is_open(&sequence->others.postgres))
        return give_up_leading(sequence, problem, "this process does not sign any more");
    troth_postgres_add_number(&values, &id);
    troth_postgres_add_number(&values, &at);
    troth_postgres_add_bytes(&values, checkpoint.ptr, checkpoint.len);
    troth_postgres_add_number(&values, &epoch);
    failed = troth_postgres_ask_others(&rows, sequence, problem, "sign", &values);
    if (failed && !sequence->is_leading)
        return give_up_leading(sequence, problem,
                               "the connection broke by which this process signs");
    if (!failed && PQntuples(rows) != 1)
        failed = why_not_signed(sequence, problem, size);
    PQclear(rows);
    return failed;
}

/* A node whose folder is empty builds it from here. */
static int forget(struct troth_sequence *base, struct troth_log_problem *problem,
                  uint64_t size)
{
    (void)base;
    (void)problem;
    (void)size;
    return 0;
}

static void close_sequence(struct troth_sequence *base)
{
    struct troth_postgres_sequence *sequence = base ? troth_postgres_of(base) : NULL;

    if (!sequence)
        return;
    troth_postgres_close(&sequence->appending.postgres);
    troth_postgres_close(&sequence->others.postgres);
    free(sequence->conninfo);
    free(sequence->origin);
    free(sequence);
}

static const struct troth_sequence_ops postgres_ops = {"postgres",
                                                       troth_postgres_append,
                                                       troth_postgres_read,
                                                       troth_postgres_sealed,
                                                       troth_postgres_state,
                                                       lead,
                                                       sign,
                                                       forget,
                                                       close_sequence};

int troth_sequence_open_postgres(struct troth_sequence **out,
                                 struct troth_log_problem *problem, const char *conninfo,
                                 const char *origin, bool create)
{
    struct troth_postgres_sequence *sequence = calloc(1, sizeof *sequence);
    int failed;

    *out = NULL;
    if (!sequence)
        return troth_log_problem_say(problem, ENOMEM, "no memory to open the order");
    sequence->base.ops = &postgres_ops;
    sequence->conninfo = strdup(conninfo);
    sequence->origin = strdup(origin);
    if (sequence->conninfo && sequence->origin)
        failed = open_line(sequence, &sequence->others, problem, create);
    else
        failed = troth_log_problem_say(problem, ENOMEM, "no memory to open the order");
    if (failed)
        close_sequence(&sequence->base);
    else
        *out = &sequence->base;
    return failed;
}
