/* SPDX-License-Identifier: Apache-2.0 */
#include "log/postgres.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "log/problem.h"
#include "os/clock.h"

/* The server gives up first, so that what became of a statement is known. */
enum { ANSWER_MS = 20000 };
static const char settings[] =
    "SET search_path = pg_catalog;"
    "SET default_transaction_isolation = 'read committed';"
    "SET row_security = off;"
    "SET client_min_messages = warning;"
    "SET lock_timeout = 5000;"
    "SET statement_timeout = 10000;"
    "SET idle_in_transaction_session_timeout = 10000;"
    "SET tcp_keepalives_idle = 3;"
    "SET tcp_keepalives_interval = 1;"
    "SET tcp_keepalives_count = 3;"
    "SELECT set_config('synchronous_commit', 'on', false)"
    " WHERE current_setting('synchronous_commit') <> 'remote_apply'";

/* clang-format off */
static const struct {
    const char *state; /* the beginning of an SQLSTATE; the first that fits */
    int failed;
} causes[] = {
    {"08",    EHOSTUNREACH},
    {"22",    EINVAL},       /* values that the database cannot hold: text, mostly */
    {"23",    EBADMSG},      /* a row is there that must not be */
    {"25006", EROFS},
    {"28",    EACCES},
    {"3D",    ENOENT},
    {"3F",    ENOENT},
    {"40",    EAGAIN},
    {"42501", EACCES},
    {"42P01", ENOENT},
    {"53100", ENOSPC},
    {"53200", ENOMEM},
    {"53",    EAGAIN},
    {"55P03", ETIMEDOUT},    /* the row is locked by somebody who does not go on */
    {"57014", ETIMEDOUT},
    {"57P",   EHOSTUNREACH},
};
/* clang-format on */

static int cause_of(const char *state)
{
    for (size_t i = 0; state && i < sizeof causes / sizeof *causes; i++)
        if (strncmp(state, causes[i].state, strlen(causes[i].state)) == 0)
            return causes[i].failed;
    return EIO;
}

/* Its first line is what matters; others repeat it for each address. */
static int fail(struct troth_log_problem *problem, int failed, const char *words)
{
    char line[TROTH_LOG_PROBLEM_ROOM];

    (void)snprintf(line, sizeof line, "%.*s", (int)strcspn(words, "\n"), words);
    return troth_log_problem_set(problem, failed, "PostgreSQL: %",
                                 (const char *const[3]){line, NULL, NULL});
}

static void ignore_notice(void *state, const PGresult *notice)
{
    (void)state;
    (void)notice;
}

/* ---- waiting ---- */

static int wait_for(PGconn *connection, short events, int64_t deadline)
{
    struct pollfd socket = {PQsocket(connection), events, 0};
    const int64_t left = deadline - troth_clock_monotonic_ms();

    if (left <= 0)
        return ETIMEDOUT;
    if (poll(&socket, 1, (int)left) < 0 && errno != EINTR)
        return errno;
    if (socket.revents & (POLLIN | POLLERR | POLLHUP))
        return PQconsumeInput(connection) ? 0 : ECONNRESET;
    return 0;
}

static int send_all(PGconn *connection, int64_t deadline)
{
    int failed = 0, left = PQflush(connection);

    while (left > 0 && !failed) {
        failed = wait_for(connection, POLLIN | POLLOUT, deadline);
        left = PQflush(connection);
    }
    return failed ? failed : left < 0 ? ECONNRESET : 0;
}

static bool is_error(const PGresult *result)
{
    const ExecStatusType status = PQresultStatus(result);

    return status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK;
}

/* Rows come before their transaction is committed, and an error may still follow them: so
 * nothing counts before there is nothing more to come. The first error is kept, or else
 * the last rows. */
static int receive_all(PGresult **out, PGconn *connection, int64_t deadline)
{
    PGresult *next;
    int failed = 0;

    *out = NULL;
    for (;;) {
        while (PQisBusy(connection) && !failed)
            failed = wait_for(connection, POLLIN, deadline);
        next = failed ? NULL : PQgetResult(connection);
        if (!next)
            return failed;
        if (*out && is_error(*out)) {
            PQclear(next);
        } else {
            PQclear(*out);
            *out = next;
        }
    }
}

/* To the end of what was sent. */
static int finish(PGresult **out, struct troth_postgres *postgres,
                  struct troth_log_problem *problem, bool was_sent)
{
    PGconn *connection = postgres->connection;
    const int64_t deadline = troth_clock_monotonic_ms() + ANSWER_MS;
    int failed = was_sent ? send_all(connection, deadline) : ECONNRESET;

    *out = NULL;
    if (!failed)
        failed = receive_all(out, connection, deadline);
    if (failed)
        (void)fail(problem, failed,
                   failed == ETIMEDOUT ? "no answer" : PQerrorMessage(connection));
    else if (!*out || is_error(*out))
        failed = fail(problem, cause_of(PQresultErrorField(*out, PG_DIAG_SQLSTATE)),
                      *out && PQresultErrorField(*out, PG_DIAG_MESSAGE_PRIMARY)
                          ? PQresultErrorField(*out, PG_DIAG_MESSAGE_PRIMARY)
                          : PQerrorMessage(connection));
    if (PQstatus(connection) != CONNECTION_OK ||
        PQtransactionStatus(connection) != PQTRANS_IDLE) {
        if (!failed)
            failed = fail(problem, ECONNRESET, PQerrorMessage(connection));
        troth_postgres_close(postgres);
    }
    if (failed) {
        PQclear(*out);
        *out = NULL;
    }
    return failed;
}

/* ---- connections ---- */

/* What stands in a configuration is read by more than one may think. libpq marks what is
 * a password, of a role or of a key. */
static int check_conninfo(struct troth_log_problem *problem, const char *conninfo)
{
    char *words = NULL;
    PQconninfoOption *options = PQconninfoParse(conninfo, &words);
    int failed = 0;

    if (!options)
        failed = fail(problem, words ? EINVAL : ENOMEM, words ? words : "no memory");
    for (const PQconninfoOption *row = options; row && row->keyword && !failed; row++)
        if (row->dispchar && row->dispchar[0] == '*' && row->val)
            failed = fail(problem, EINVAL,
                          "a password belongs into its own file, "
                          "which passfile names");
    PQconninfoFree(options);
    PQfreemem(words);
    return failed;
}

int troth_postgres_open(struct troth_postgres *out, struct troth_log_problem *problem,
                        const char *conninfo)
{
    /* What stands before dbname may be said otherwise there, what stands behind it not.
     */
    static const char *const keys[] = {
        "connect_timeout",  "keepalives_idle",  "keepalives_interval",
        "keepalives_count", "tcp_user_timeout", "fallback_application_name",
        "dbname",           "client_encoding",  NULL};
    const char *values[] = {"5",         "3",      "1",    "3", "10000",
                            "troth log", conninfo, "UTF8", NULL};
    int failed = check_conninfo(problem, conninfo);

    out->connection = NULL;
    if (failed)
        return failed;
    out->connection = PQconnectdbParams(keys, values, 1);
    if (!out->connection)
        return fail(problem, ENOMEM, "no memory");
    (void)PQsetNoticeReceiver(out->connection, ignore_notice, NULL);
    if (PQstatus(out->connection) != CONNECTION_OK ||
        PQsetnonblocking(out->connection, 1) != 0)
        failed = fail(problem, EHOSTUNREACH, PQerrorMessage(out->connection));
    if (!failed)
        failed = troth_postgres_say(out, problem, settings);
    if (failed)
        troth_postgres_close(out);
    return failed;
}

void troth_postgres_close(struct troth_postgres *postgres)
{
    PQfinish(postgres->connection);
    postgres->connection = NULL;
}

bool troth_postgres_is_open(struct troth_postgres *postgres)
{
    struct pollfd socket = {.events = POLLIN};

    if (!postgres->connection)
        return false;
    socket.fd = PQsocket(postgres->connection);
    /* A server that ends says so first, and only then hangs up. */
    for (int i = 0; i < 8 && poll(&socket, 1, 0) > 0; i++)
        if (!PQconsumeInput(postgres->connection) || PQisBusy(postgres->connection))
            break;
    if (PQstatus(postgres->connection) != CONNECTION_OK)
        troth_postgres_close(postgres);
    return postgres->connection != NULL;
}

/* ---- statements ---- */

int troth_postgres_say(struct troth_postgres *postgres, struct troth_log_problem *problem,
                       const char *statements)
{
    PGresult *result;
    const bool was_sent = PQsendQuery(postgres->connection, statements);
    const int failed = finish(&result, postgres, problem, was_sent);

    PQclear(result);
    return failed;
}

int troth_postgres_prepare(struct troth_postgres *postgres,
                           struct troth_log_problem *problem, const char *name,
                           const char *query)
{
    PGresult *result;
    const bool was_sent = PQsendPrepare(postgres->connection, name, query, 0, NULL);
    const int failed = finish(&result, postgres, problem, was_sent);

    PQclear(result);
    return failed;
}

int troth_postgres_ask(PGresult **out, struct troth_postgres *postgres,
                       struct troth_log_problem *problem, const char *name,
                       const struct troth_postgres_values *values)
{
    static const int binary[TROTH_POSTGRES_VALUES_MAX] = {1, 1, 1, 1};
    const bool was_sent = PQsendQueryPrepared(postgres->connection, name, values->count,
                                              values->bytes, values->lengths, binary, 1);

    return finish(out, postgres, problem, was_sent);
}

struct troth_postgres_number troth_postgres_number_of(uint64_t value)
{
    struct troth_postgres_number out;

    for (size_t i = 0; i < sizeof out.bytes; i++)
        out.bytes[i] = (char)(uint8_t)(value >> (56 - 8 * i));
    return out;
}

void troth_postgres_add_bytes(struct troth_postgres_values *values, const void *bytes,
                              size_t len)
{
    /* No pointer at all would be a null, and not the empty value. */
    values->bytes[values->count] = len > 0 ? bytes : "";
    values->lengths[values->count++] = (int)len;
}

void troth_postgres_add_number(struct troth_postgres_values *values,
                               const struct troth_postgres_number *number)
{
    troth_postgres_add_bytes(values, number->bytes, sizeof number->bytes);
}

struct troth_span troth_postgres_bytes(const PGresult *rows, int row, int column)
{
    if (row >= PQntuples(rows) || column >= PQnfields(rows))
        return (struct troth_span){NULL, 0};
    return (struct troth_span){(const uint8_t *)PQgetvalue(rows, row, column),
                               (size_t)PQgetlength(rows, row, column)};
}

uint64_t troth_postgres_number(const PGresult *rows, int row, int column)
{
    const struct troth_span bytes = troth_postgres_bytes(rows, row, column);
    uint64_t number = 0;

    if (bytes.len != sizeof number || bytes.ptr[0] & 0x80)
        return UINT64_MAX;
    for (size_t i = 0; i < sizeof number; i++)
        number = number << 8 | bytes.ptr[i];
    return number;
}
